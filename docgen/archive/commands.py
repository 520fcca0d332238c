"""yiyu archive … : the group; its commands are in modules of their own."""

from pathlib import Path

import click

from yiyu.docgen.pdf.merge import merge as merge_files
from yiyu.registry.commands.options import READABLE, dry_run
from yiyu.registry.commands.outputs import PDF
from yiyu.registry.commands.show import say


@click.command("merge")
@click.argument("files", nargs=-1, required=True, type=READABLE, metavar="FILE…")
@click.option("-o", "--out", type=PDF, required=True, metavar="OUT.pdf", help="合并到这个文件")
@dry_run
def merge(files: tuple[Path, ...], out: Path, dry_run: bool) -> None:
    """把多个 PDF 合成一个，每个文件一条书签；有一个读不了就不合并。"""
    merged = merge_files(files, out, dry_run=dry_run)
    told = "可以合并" if dry_run else "已合并"
    say(f"{told} {len(files)} 个文件，共 {merged.pages} 页，{'将' if dry_run else ''}保存为 {out}")
