"""归档文件目录 as a workbook: nine columns, A4 landscape, headings on every page (DA/T 22-2015; domain.md#archive-rules)."""

import datetime as dt
import io
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from yiyu.registry.errors import BadInput
from yiyu.registry.files import write_atomic
from yiyu.registry.rules.archive_codes import TERM_LABEL
from yiyu.registry.store.archive_items import ArchiveItem, CatalogPart
from yiyu.registry.workbooks.text import text_fault

if TYPE_CHECKING:
    from xlsxwriter import Workbook

TITLE = "归档文件目录"
_COLUMNS = (
    ("序号", 5, True),
    ("档号", 26, True),
    ("文号", 20, True),
    ("责任者", 25, False),
    ("题名", 36, False),
    ("日期", 9.5, True),
    ("密级", 5.5, True),
    ("页数", 5.5, True),
    ("备注", 17, False),
)
"""Heading, width in digits, whether it stands in the middle. Together 150: A4 landscape at 10.5 points, one page wide."""
_HEAD = 3
"""Rows above the first 件: title, what the catalogue is of, headings; all three are printed on each page."""
_LINE = 13.5
"""Points, of a line of 10.5."""
_A4 = 9
_CREATED = dt.datetime(2024, 1, 1)  # noqa: DTZ001 - the same rows give the same bytes


def write_catalog(path: Path, parts: Sequence[CatalogPart], fonds_name: str, chained: str) -> None:
    """Write a sheet for each part, ``chained`` at the foot of each page. Raises BadInput for a text no workbook can hold, FileFault where it cannot be written."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED, "title": TITLE})
        for part in parts:
            _write(book, part, fonds_name, chained)
        if not parts:
            _write(book, CatalogPart(0, "", "", ()), fonds_name, chained)
    write_atomic(path, buffer.getvalue())


def _write(book: "Workbook", part: CatalogPart, fonds_name: str, chained: str) -> None:
    cell = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", "text_wrap": True, "num_format": "@"}
    head = book.add_format({**cell, "border": 1, "bold": True, "align": "center"})
    looks = [book.add_format({**cell, "border": 1, **({"align": "center"} if mid else {})}) for _, _, mid in _COLUMNS]
    title = book.add_format(
        {"font_name": "宋体", "font_size": 18, "bold": True, "align": "center", "valign": "vcenter"}
    )
    facts = book.add_format({**cell, "text_wrap": False, "align": "center"})
    sheet = book.add_worksheet(_sheet_name(book, part))
    last = len(_COLUMNS) - 1
    of = (("全宗名称", fonds_name), ("年度", part.year or ""), ("保管期限", TERM_LABEL.get(part.term, "")))
    told = "　　".join(f"{label}：{value}" for label, value in (*of, ("机构（问题）", part.office)))
    sheet.merge_range(0, 0, 0, last, TITLE, title)
    sheet.merge_range(1, 0, 1, last, _checked(told, part), facts)
    sheet.set_row(0, 32)
    sheet.set_row(1, 22)
    for column, (heading, width, _) in enumerate(_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(_HEAD - 1, column, heading, head)
    for order, item in enumerate(part.items, start=1):
        texts = _row(order, item)
        # Said outright: not every program makes a row of wrapped text as high as it needs.
        sheet.set_row(order + _HEAD - 1, _LINE * max(map(_lines, texts, (width for _, width, _ in _COLUMNS))) + 5)
        for column, text in enumerate(texts):
            sheet.write_string(order + _HEAD - 1, column, _checked(text, part), looks[column])
    sheet.freeze_panes(_HEAD, 0)
    sheet.repeat_rows(0, _HEAD - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    # 订口 at the left: the pages are bound into one catalogue.
    sheet.set_margins(left=0.98, right=0.5, top=0.7, bottom=0.9)
    sheet.set_footer(f"&C第 &P 页，共 &N 页\n&9{chained}")


def _row(order: int, item: ArchiveItem) -> tuple[str, ...]:
    """The nine cells; 文号 is the agreement's number, and records have none."""
    return (
        str(order),
        item.code,
        item.number if item.unit == "agreement" else "",
        item.responsible,
        item.title,
        f"{item.document_date:%Y%m%d}",
        item.secrecy,
        str(item.pages or ""),
        item.remark,
    )


def _lines(text: str, width: float) -> int:
    """How many lines a text takes in a column of ``width`` digits, a Chinese sign being two wide."""
    lines, room = 1, width - 1.5
    left = room
    for sign in text:
        wide = 2 if unicodedata.east_asian_width(sign) in "WF" else 1.1
        if wide > left:
            lines, left = lines + 1, room
        left -= wide
    return lines


def _sheet_name(book: "Workbook", part: CatalogPart) -> str:
    """Its year, term and office, as far as a sheet's name can say them, no two alike."""
    name = "-".join(str(text) for text in (part.year, part.term, part.office) if text) or TITLE
    name = "".join(" " if sign in "[]:*?/\\'" else sign for sign in name)[:28]
    taken = {sheet.get_name().lower() for sheet in book.worksheets()}
    return next(one for one in (name, *(f"{name}-{n}" for n in range(2, 99))) if one.lower() not in taken)


def _checked(text: str, part: CatalogPart) -> str:
    if fault := text_fault(text):
        where = f"{part.year} 年度目录"
        raise BadInput(f"{fault}，不能写入表格", where=where, remedy="请先改正这一项内容")
    return text
