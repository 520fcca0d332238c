"""活动登记册 in and out: any office's own with its titles, merged headings and sheets by quarter, and ours."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.activities.privacy import refuse_children, refused_heading
from yiyu.registry.activities.register_columns import COLUMNS, COUNT_FIELDS, OTHER
from yiyu.registry.activities.register_values import read_value, year_named
from yiyu.registry.errors import BadInput
from yiyu.registry.files import file_name, write_atomic
from yiyu.registry.workbooks.books import open_book, unread_columns
from yiyu.registry.workbooks.grid import Grid, TallMerges
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.layout import SourceTable, find_tables, headings_seen
from yiyu.registry.workbooks.problems import write_rejected
from yiyu.registry.workbooks.records import LeftOut, LeftRow, record_rows
from yiyu.registry.workbooks.rows import ReadRow, read_row, rejected_row, row_cells
from yiyu.registry.workbooks.text import Cell
from yiyu.registry.workbooks.writing import WorksheetPage, WrittenColumn, workbook_bytes, written_column

_TITLE = "活动登记册"
_DAYS, _WHOM = ("on", "when"), ("agreements", "childcare")
_OWN = frozenset({"takers", "minutes", "signed_in", *COUNT_FIELDS})
"""A merged cell of these, or 同上, does not count again."""


@dataclass(frozen=True, slots=True)
class Register:
    """``rows``: every record, those with faults included, their values as :func:`read_value` gives them by field."""

    file: str
    rows: tuple[ReadRow, ...]
    unread: tuple[str, ...]
    """Sheets without a table, in words."""
    skipped: tuple[LeftRow, ...]
    waiting: tuple[LeftRow, ...]
    """Rows and sheets that a reader does not see, which wait for ``--accept``."""
    notes: tuple[str, ...]


def read_register(path: Path, today: dt.date, *, sheet: str | None = None, accept: Collection[str] = ()) -> Register:
    """Read a workbook or CSV. Faults of rows are their ``problems``, never exceptions.

    Raises FileFault for a file that cannot be read, BadInput where it holds no 登记册, or data of single children.
    """
    headings = Headings({name: column.headings for name, column in COLUMNS.items()})
    book = open_book(path, headings, lambda grid: _tables(grid, headings), sheet=sheet, accept=accept)
    refuse_children(book.grids, book.tables, today)
    tables = [one for one in book.tables if any(name in one.columns for name in _WHOM)]
    if not tables and not book.left.waiting:
        seen = headings_seen(book.grids, headings)
        raise BadInput(
            "没有找到活动登记册的表头" + (f"，只看到：{seen}" if seen else ""),
            where=str(path),
            remedy="表头至少要有“日期”，以及“协议编号”或“乙方”；其余如“甲方、形式、主题、服务人员、参加人数”",
        )
    rows = tuple(row for table in tables for row in _rows(table, book.left))
    without = {table.grid.sheet: f"工作表“{table.grid.sheet}”" for table in book.tables if table not in tables}
    unread = [*book.unread, *without.values()]
    kept = dict.fromkeys(text for table in tables for text in unread_columns(table))
    notes = (*book.notes, *(f"{text}没有对应的项目，按原样存入各次活动的其他内容" for text in kept))
    return Register(file_name(path), rows, tuple(unread), tuple(book.left.skipped), tuple(book.left.waiting), notes)


def write_register(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write values by field name, one activity a row; reading it again gives them back. Raises as write_table does."""
    columns = [WrittenColumn("serial", "序号", 6), *(_column(name) for name, one in COLUMNS.items() if one.width)]
    others = dict.fromkeys(key for row in rows for key in row if key.startswith(OTHER))
    columns += [WrittenColumn(key, key.removeprefix(OTHER), 16) for key in others]
    lines = [{"serial": at, **row} for at, row in enumerate(rows, start=1)]
    write_atomic(path, workbook_bytes([WorksheetPage(_TITLE, _TITLE, columns, lines, pinned=2)]))


def write_register_problems(path: Path, rows: Sequence[ReadRow]) -> None:
    """Write the rows with faults to be corrected and imported again."""
    rejected = [rejected_row(row, title=_titled(row)) for row in rows]
    write_rejected(path, _TITLE, {name: _column(name) for name in COLUMNS}, rejected)


def _titled(row: ReadRow) -> str:
    """The title, with the year that days without one take from it."""
    year = year_named(row.table.titles)
    return f"{year}年{_TITLE}" if year else _TITLE


def _column(name: str) -> WrittenColumn:
    return written_column(name, COLUMNS[name])


def _tables(grid: Grid, headings: Headings) -> list[SourceTable]:
    """The tables that say on which day; a row of data may name other columns, as the form 筛查 does."""
    try:
        return next(filter(None, (find_tables(grid, headings, required=(day,)) for day in _DAYS)), [])
    except BadInput as error:
        raise refused_heading(grid) if error.code == "privacy" else error from None


def _rows(table: SourceTable, left: LeftOut) -> Iterator[ReadRow]:
    year = year_named(table.titles)

    def read(name: str, cell: Cell) -> object:
        return read_value(name, cell, year=year, date1904=table.grid.date1904)

    merges = TallMerges(table.grid.merges)
    before: dict[str, Cell] = {}
    for index in record_rows(table, left):
        cells = row_cells(table, index, merges, before, alone=_OWN)
        filled = [cell for cell in table.grid.rows[index] if cell not in (None, "")]
        if len(filled) < 2 or all(cells.get(name) is None for name in (*_DAYS, *_WHOM, "form", "number")):
            left.skip(table, index, "分组标题" if filled else "空行", str(filled[0]) if filled else "")
            continue  # a line of its own, such as 第一季度
        before = cells
        if left.waits(table, index, (*_DAYS, *_WHOM)):
            continue
        known = {name: cell for name, cell in cells.items() if cell is not None or name == "form"}
        row = read_row(table, index, known, COLUMNS, read, may_look_like_ids=("number", "agreements"))
        row.texts |= dict.fromkeys(cells.keys() - known.keys(), "")
        row.given |= cells.keys()
        yield row
