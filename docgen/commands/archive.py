"""yiyu archive …"""

from pathlib import Path

import click

from yiyu.docgen.pdf.merge import merge as merge_files
from yiyu.registry.commands.options import FILE, READABLE
from yiyu.registry.commands.show import say


@click.group()
def archive() -> None:
    """归档：合并签署扫描件。"""


@archive.command("merge")
@click.argument("files", nargs=-1, required=True, type=READABLE, metavar="FILE…")
@click.option("-o", "--out", type=FILE, required=True, metavar="OUT.pdf", help="合并到这个文件")
def merge(files: tuple[Path, ...], out: Path) -> None:
    """把多个 PDF 合成一个，每个文件一条书签；有一个读不了就不合并。"""
    merged = merge_files(files, out)
    say(f"已合并 {len(files)} 个文件，共 {merged.pages} 页，保存为 {out}")
