"""yiyu template …"""

from pathlib import Path

import click

from yiyu.docgen.fill.files import fill_file
from yiyu.registry.commands.options import FILE, READABLE
from yiyu.registry.commands.show import say


@click.group()
def template() -> None:
    """模板：填写任意 docxtpl 模板。"""


@template.command("fill")
@click.argument("source", type=READABLE, metavar="TEMPLATE.docx")
@click.argument("data", type=READABLE, metavar="DATA.json")
@click.option("-o", "--out", type=FILE, required=True, metavar="OUT.docx", help="结果存到这里")
def fill(source: Path, data: Path, out: Path) -> None:
    """用 JSON 数据填写一份 Word 模板。"""
    fill_file(source, data, out)
    say(f"已保存 {out}")
