"""Workbooks out: one look for every listing, nothing in them that a spreadsheet could take for a formula."""

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from yiyu.registry.errors import BadInput
from yiyu.registry.workbooks.columns import Column
from yiyu.registry.workbooks.text import column_letter, text_fault

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_CREATED = dt.datetime(2024, 1, 1)  # noqa: DTZ001 - written into every workbook: the same rows give the same bytes
_A4 = 9
_FIRST_ROW = 2
_ROWS_TO_ADD = 500
"""Rows below the last one that get its drop-downs."""
_SHEETS_WIDE = 3
"""Printed sheets side by side for a page with pinned columns; on one its text would be too small to read."""
_UNFIT_FOR_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True, slots=True)
class WrittenColumn:
    """One column of a listing; ``width`` in characters of ordinary size, a Chinese one counting two."""

    key: str
    heading: str
    width: float = 12
    choices: Sequence[str] = ()
    """Offered as a drop-down."""
    editable: bool = False
    """Open on a protected page."""
    hidden: bool = False


def written_column(key: str, column: Column, *, hidden: bool = False) -> WrittenColumn:
    """A column as it is written: choices as a drop-down; one we only read gets a width at which it can be corrected."""
    choices = tuple(column.labels.values()) if column.cell == "choice" else ()
    if column.cell == "yes_no" and column.editable:
        choices = ("是", "否")
    return WrittenColumn(key, column.heading, column.width or 16, choices, editable=column.editable, hidden=hidden)


@dataclass(frozen=True, slots=True)
class WorksheetPage:
    """One sheet: title, headings, rows by column key. ``notes``: comments for cells by row index and key.

    On a ``protected`` page (no password) only editable columns and the rows below the last one can be typed into.
    ``pinned``: leading columns of a wide page that stay in view and are printed on each of its sheets.
    """

    name: str
    title: str
    columns: Sequence[WrittenColumn]
    rows: Sequence[Mapping[str, object]]
    notes: Mapping[tuple[int, str], str] = field(default_factory=dict)
    protected: bool = False
    pinned: int = 0
    fills: Mapping[int, str] = field(default_factory=dict)
    """Background of whole rows, by row index, as ``#RRGGBB``."""


def workbook_bytes(pages: Sequence[WorksheetPage]) -> bytes:
    """Build a workbook that prints on A4 landscape, headings frozen and repeated; the same input gives the same bytes.

    Texts are written as text, numbers as numbers, dates as 2024-10-15, truth as 是 and 否. Raises BadInput for a text
    with control characters or beyond 32,767 characters, which no workbook can hold.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        looks = _Looks(book)
        for page in pages:
            _write(book.add_worksheet(_UNFIT_FOR_NAME.sub(" ", page.name)[:31]), page, looks)
    return buffer.getvalue()


class _Looks:
    """Cell formats. Every cell is text ("@"), so that a code typed over a wrong one stays whole."""

    def __init__(self, book: "Workbook") -> None:
        cell = {"border": 1, "valign": "vcenter", "text_wrap": True, "num_format": "@"}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.heading = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#D9E2F3"})
        self.text = book.add_format(cell)
        self.number = book.add_format({**cell, "num_format": "0"})
        self.faulty = book.add_format({**cell, "bg_color": "#FFFF00"})
        self.open_text = book.add_format({**cell, "locked": False})
        self.open_number = book.add_format({**cell, "num_format": "0", "locked": False})
        self.blank = book.add_format({"num_format": "@", "locked": False})
        self._book, self._cell, self._filled = book, cell, dict[tuple[str, str, bool], "Format"]()

    def filled(self, colour: str, *, number: bool, editable: bool) -> "Format":
        """The format of a cell in a row of that background."""
        look = "0" if number else "@"
        if (colour, look, editable) not in self._filled:
            properties = {**self._cell, "num_format": look, "bg_color": colour, "locked": not editable}
            self._filled[colour, look, editable] = self._book.add_format(properties)
        return self._filled[colour, look, editable]


def _write(sheet: "Worksheet", page: WorksheetPage, looks: _Looks) -> None:
    last = len(page.columns) - 1
    sheet.write_string(0, 0, page.title, looks.title)
    if last:
        sheet.merge_range(0, 0, 0, last, page.title, looks.title)
    sheet.set_row(0, 30)
    for index, column in enumerate(page.columns):
        sheet.set_column(index, index, column.width, looks.blank, {"hidden": column.hidden})
        sheet.write_string(1, index, column.heading, looks.heading)
        for at, row in enumerate(page.rows):
            note = page.notes.get((at, column.key), "")
            look = _Look(note, page.fills.get(at, ""), column.editable)
            _write_cell(sheet, at, index, row.get(column.key), looks, look)
        if column.choices:
            below = _FIRST_ROW + len(page.rows) + _ROWS_TO_ADD
            sheet.data_validation(_FIRST_ROW, index, below, index, {"validate": "list", "source": [*column.choices]})
    if page.protected:
        sheet.protect("", {"format_columns": True, "format_rows": True})
    sheet.freeze_panes(_FIRST_ROW, page.pinned)
    sheet.repeat_rows(1)
    if page.pinned:
        sheet.repeat_columns(0, page.pinned - 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(_SHEETS_WIDE if page.pinned else 1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&C第 &P 页，共 &N 页")


class _Look(NamedTuple):
    note: str
    fill: str
    editable: bool


def _write_cell(sheet: "Worksheet", at: int, column: int, value: object, looks: _Looks, look: _Look) -> None:
    row, note = at + _FIRST_ROW, look.note
    number, words = (looks.open_number, looks.open_text) if look.editable else (looks.number, looks.text)
    if look.fill:
        number, words = (looks.filled(look.fill, number=one, editable=look.editable) for one in (True, False))
    if isinstance(value, int | float) and not isinstance(value, bool):
        sheet.write_number(row, column, value, looks.faulty if note else number)
    else:
        text = _text(value)
        if fault := text_fault(text):
            place = f"第{row + 1}行{column_letter(column)}列"
            raise BadInput(f"{fault}，不能写入表格", where=place, remedy="请先改正这一项内容")
        sheet.write_string(row, column, text, looks.faulty if note else words)
    if note:
        sheet.write_comment(row, column, note, {"author": "yiyu", "x_scale": 2})


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case dt.datetime():
            return value.date().isoformat()
        case dt.date():
            return value.isoformat()
    return str(value)
