"""活动登记册 in and out: any office's own with its titles, merged headings and sheets by quarter, and ours."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.activities.privacy import refuse_children, refused_heading
from yiyu.registry.activities.register_columns import COUNT_FIELDS, FIELDS
from yiyu.registry.activities.register_values import read_cell, year_named
from yiyu.registry.errors import BadInput
from yiyu.registry.files import file_name, write_atomic
from yiyu.registry.institutions.roster import RejectedRow
from yiyu.registry.model import Severity
from yiyu.registry.workbooks.fields import Headings
from yiyu.registry.workbooks.grid import Grid, TallMerges
from yiyu.registry.workbooks.layout import SourceTable, data_rows, find_tables
from yiyu.registry.workbooks.loading import load_grids
from yiyu.registry.workbooks.problems import write_rejected
from yiyu.registry.workbooks.rows import ReadRow, note_overflow, row_cells
from yiyu.registry.workbooks.text import Cell, presentable, written
from yiyu.registry.workbooks.values import CellFault, holds_id_number
from yiyu.registry.workbooks.writing import Column, WorksheetPage, workbook_bytes

_TITLE = "活动登记册"
_DAYS, _WHOM = ("on", "when"), ("agreements", "childcare")
_OWN = frozenset({"takers", "minutes", "signed_in", *COUNT_FIELDS})
"""A merged cell of these, or 同上, does not count again."""


@dataclass(frozen=True, slots=True)
class Register:
    """``rows``: every record, those with faults included, their values as :func:`read_cell` gives them by field."""

    file: str
    rows: tuple[ReadRow, ...]
    unread: tuple[str, ...]
    """Sheets without a table and columns not taken, in words."""


def read_register(path: Path, today: dt.date, *, sheet: str | None = None) -> Register:
    """Read xlsx or CSV. Faults of rows are their ``problems``, never exceptions.

    Raises FileFault for a file that cannot be read, BadInput where it holds no 登记册, or data of single children.
    """
    headings = Headings({name: (one.heading, *one.aliases.split()) for name, one in FIELDS.items()})
    grids = load_grids(path, headings, sheet=sheet)
    tables = [table for grid in grids for table in _tables(grid, headings)]
    refuse_children(grids, tables, today)
    tables = [one for one in tables if any(name in one.columns for name in _WHOM)]
    if not tables:
        raise BadInput(
            "没有找到活动登记册的表头",
            where=str(path),
            remedy="表头至少要有“日期”，以及“协议编号”或“乙方”；其余如“甲方、形式、主题、服务人员、参加人数”",
        )
    with_table = {table.grid.sheet for table in tables}
    unread = [f"工作表“{grid.sheet}”" for grid in grids if grid.rows and grid.sheet not in with_table]
    unread += dict.fromkeys(f"列“{text}”" for table in tables for text in table.unread)
    return Register(file_name(path), tuple(row for table in tables for row in _rows(table)), tuple(unread))


def write_register(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write values by field name, one activity a row; reading it again gives them back. Raises as write_table does."""
    columns = [Column("serial", "序号", 6), *(_column(name) for name, one in FIELDS.items() if one.width)]
    lines = [{"serial": at, **row} for at, row in enumerate(rows, start=1)]
    write_atomic(path, workbook_bytes([WorksheetPage(_TITLE, _TITLE, columns, lines, pinned=2)]))


def write_register_problems(path: Path, rows: Sequence[ReadRow]) -> None:
    """Write the rows with faults to be corrected and imported again."""
    rejected = [RejectedRow(row.table.grid.sheet, row.row, row.texts, tuple(row.problems)) for row in rows]
    write_rejected(path, _TITLE, {name: _column(name) for name in FIELDS}, rejected)


def _column(name: str) -> Column:
    return Column(name, FIELDS[name].heading, FIELDS[name].width or 16)


def _tables(grid: Grid, headings: Headings) -> list[SourceTable]:
    """The tables that say on which day; a row of data may name other columns, as the form 筛查 does."""
    try:
        return next(filter(None, (find_tables(grid, headings, required=(day,)) for day in _DAYS)), [])
    except BadInput as error:
        raise refused_heading(grid) if error.code == "privacy" else error from None


def _rows(table: SourceTable) -> Iterator[ReadRow]:
    merges = TallMerges(table.grid.merges)
    year = year_named(table.titles)
    before: dict[str, Cell] = {}
    for index in data_rows(table):
        cells = row_cells(table, index, merges, before)
        cells |= {name: table.grid.cell(index, table.columns[name]) for name in _OWN & cells.keys()}
        filled = [cell for cell in table.grid.rows[index] if cell not in (None, "")]
        if len(filled) < 2 or all(cells.get(name) is None for name in (*_DAYS, *_WHOM, "form", "number")):
            continue  # a line of its own, such as 第一季度
        before = cells
        yield _read(table, index, cells, year)


def _read(table: SourceTable, index: int, cells: Mapping[str, Cell], year: int | None) -> ReadRow:
    row = ReadRow(table, index + 1)
    for name, one in FIELDS.items():
        if name not in cells:
            continue
        cell = cells[name]
        row.texts[name] = presentable(written(cell))
        row.given.add(name)
        if one.shown or (cell is None and name != "form"):
            continue
        if name not in ("number", "agreements") and holds_id_number(cell):
            row.note(name, Severity.WARNING, "privacy", "单元格中有身份证号码，本系统不收个人证件信息，这一格未导入")
            row.texts[name] = ""
            cell = None
        try:
            row.values[name] = read_cell(name, cell, year=year, date1904=table.grid.date1904)
        except CellFault as fault:
            row.note(name, Severity.ERROR, fault.code, str(fault))
    note_overflow(row, index)
    return row
