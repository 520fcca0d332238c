"""yiyu activity notice: 限期整改通知书."""

import datetime as dt
from pathlib import Path

import click

from yiyu.docgen.reports.rectification_notices import make_notice
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DATE, TEXT, dry_run
from yiyu.registry.commands.outputs import DOCX
from yiyu.registry.commands.show import near, say


@click.command("notice")
@click.argument("number", type=TEXT, metavar="NUMBER")
@click.option("-o", "--out", type=DOCX, required=True, metavar="FILE.docx", help="写到这个 Word 文件")
@click.option("--recheck-on", type=DATE, metavar="DATE", help="复查日期（默认最后一项期限以后的第一个工作日）")
@dry_run
@pass_invocation
def notice_(invocation: Invocation, number: str, out: Path, recheck_on: dt.date | None, dry_run: bool) -> None:
    """为一次活动中待整改的问题写限期整改通知书，附回执。"""
    with invocation.office() as office:
        made = make_notice(office, number, out, recheck_on=recheck_on, dry_run=dry_run)
    for one in made.findings:
        say(f"  {one.problem}" + (f"（期限 {one.due_on}）" if one.due_on else "（没有期限，请在纸上填写）"))
    recheck = f"{made.recheck_on} 复查" if made.recheck_on else "复查日期请在纸上填写"
    say(
        f"{'将写' if dry_run else '已写'} {near(out)}：{made.listed.childcare}，问题 {len(made.findings)} 条，{recheck}"
    )
