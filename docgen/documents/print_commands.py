"""yiyu print."""

from pathlib import Path
from typing import Any

import click

from yiyu.docgen.documents.printing import print_agreements
from yiyu.docgen.documents.unshown_commands import tell_of_replaced_faces, warn_of_unshown
from yiyu.registry.commands.completion import complete_number
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DOC_KIND, TEXT, dry_run
from yiyu.registry.commands.outputs import PDF
from yiyu.registry.commands.show import progress, say
from yiyu.registry.model import DocKind


@click.command("print")
@click.argument("numbers", type=TEXT, nargs=-1, required=True, metavar="NUMBER…", shell_complete=complete_number)
@click.option("-o", "--out", type=PDF, required=True, metavar="FILE.pdf", help="存到这个文件")
@click.option("--kind", "kinds", type=DOC_KIND, multiple=True, help="只打印这种文书（可写多次）")
@click.option("--copies", type=click.IntRange(1, 20), default=1, metavar="N", help="一式几份")
@click.option("--duplex", is_flag=True, help="双面打印：每份文书从正面开始")
@dry_run
@pass_invocation
def print_(
    invocation: Invocation, /, numbers: tuple[str, ...], out: Path, kinds: tuple[str, ...], **options: Any
) -> None:
    """生成可直接打印的 PDF；每页印有识别码，签好扫描后能自动归位。"""
    wanted = [DocKind(kind) for kind in kinds]
    with invocation.office() as office, progress("转换") as bar:
        printed = print_agreements(office, numbers, out, kinds=wanted, progress=bar, **options)
    warn_of_unshown(printed.unshown)
    tell_of_replaced_faces()
    if options["dry_run"]:
        say(f"试算，没有写入：将把 {printed.documents} 份文书存为 {out}，一式 {options['copies']} 份")
    else:
        say(f"已保存 {out}：{printed.documents} 份文书，共 {printed.pages} 页")
