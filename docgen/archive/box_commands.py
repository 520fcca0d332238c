"""yiyu archive box-note, spines: the 备考表 and the back of archive boxes.

JSON of ``box-note``: ``{"box", "year", "term", "office", "items", "pages", "note", "arranged_by", "arranged_on", "checked_by",
"checked_on"}``; ``spines``: ``{"boxes": [the same], "pages"}``.
"""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.archive.numbering_commands import TERM, YEAR
from yiyu.docgen.archive.spine_labels import THICKNESS, write_spines
from yiyu.registry.archive.boxes import Box, boxes, note_box
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DATE, TEXT, dry_run, json_only
from yiyu.registry.commands.outputs import PDF
from yiyu.registry.commands.show import say, write_json
from yiyu.registry.rules.archive_codes import TERM_LABEL

OF_YEAR = click.option("--year", type=YEAR, metavar="Y", help="哪一年度的盒")


@click.command("box-note")
@click.argument("box", type=TEXT, metavar="盒号")
@OF_YEAR
@TERM
@click.option("--note", type=TEXT, help="盒内文件情况说明：缺损、修改、补充、移出、销毁等")
@click.option("--arranged-by", type=TEXT, metavar="姓名", help="整理人")
@click.option("--arranged-on", type=DATE, metavar="DATE", help="整理日期")
@click.option("--checked-by", type=TEXT, metavar="姓名", help="检查人")
@click.option("--checked-on", type=DATE, metavar="DATE", help="检查日期")
@dry_run
@json_only
@pass_invocation
def box_note(
    invocation: Invocation, /, box: str, year: int | None, term: str | None, as_json: bool, dry_run: bool, **said: Any
) -> None:
    """登记一盒的情况说明、整理人、检查人，印进备考表（archive catalog --docx）。没写的项保持原样。"""
    given = {name: _text(value) for name, value in said.items() if value is not None}
    with invocation.office() as office:
        noted = note_box(office, box, given, year=year, term=term, dry_run=dry_run)
    if as_json:
        write_json(_box(noted))
    say(
        f"{'试算，没有写入：' if dry_run else '已登记'}第 {box} 盒（{noted.year}年度，{TERM_LABEL[noted.term]}）的备考表"
    )


@click.command("spines")
@click.option("-o", "--out", type=PDF, required=True, metavar="OUT.pdf", help="存到这个文件")
@OF_YEAR
@TERM
@click.option("--box", "number", type=TEXT, default="", metavar="盒号", help="只要这一盒的")
@click.option("--thickness", type=click.Choice(THICKNESS), default=30, show_default=True, help="盒脊厚度，毫米")
@dry_run
@json_only
@pass_invocation
def spines(invocation: Invocation, /, out: Path, thickness: int, dry_run: bool, as_json: bool, **wanted: Any) -> None:
    """打印盒脊标签：全宗号、年度、保管期限、机构、起止件号、盒号；按实际大小打印，裁下贴在盒脊上。"""
    with invocation.office() as office:
        found = boxes(office, **wanted)
        pages = write_spines(office, found, out, thickness=thickness, dry_run=dry_run)
    if as_json:
        write_json({"boxes": [_box(one) for one in found], "pages": pages})
    say(f"{'将保存' if dry_run else '已保存'} {len(found)} 个盒脊，共 {pages} 页，{out}")


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _box(one: Box) -> dict[str, object]:
    pages = sum(item.pages for item in one.items)
    place = {"box": one.number, "year": one.year, "term": one.term, "office": one.office}
    return place | {"items": len(one.items), "pages": pages} | asdict(one.note)
