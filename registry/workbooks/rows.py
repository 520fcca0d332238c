"""The rows of a table of any subject: merged cells and 同上 resolved, each cell read or its fault noted."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from yiyu.registry.model import Problem, Severity
from yiyu.registry.rules.districts import district_code, places_in_use
from yiyu.registry.workbooks.cells import CellFault, holds_id_number
from yiyu.registry.workbooks.columns import Column
from yiyu.registry.workbooks.grid import TallMerges
from yiyu.registry.workbooks.layout import SourceTable
from yiyu.registry.workbooks.text import Cell, column_letter, discreet, presentable, written

_SAME = frozenset({"同上", "〃", "″", "同前"})
PERSONAL = frozenset({"contact", "phone", "legal_person", "people"})
"""Fields of all tables that speak of a person."""


@dataclass(slots=True)
class ReadRow:
    """``row`` as Excel counts. ``values`` holds the fields read, ``texts`` the cells as written."""

    table: SourceTable
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)

    @property
    def rejected(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def note(self, name: str, severity: Severity, code: str, message: str) -> None:
        """Note a problem of a field, with its column's letter where the table has one. Names of people are left out."""
        message = discreet(presentable(message), of_person=name in PERSONAL)
        column = self.table.columns.get(name)
        letter = "" if column is None else column_letter(column)
        self.problems.append(Problem(self.table.grid.sheet, self.row, letter, name, severity, code, message))


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row with an error, as written: ``texts`` by column in the order of the file."""

    sheet: str
    row: int
    texts: Mapping[str, str]
    problems: tuple[Problem, ...]


def rejected_row(row: ReadRow, texts: Mapping[str, str] | None = None) -> RejectedRow:
    """The row given back for the faults noted on it, with other ``texts`` where they are given."""
    return RejectedRow(row.table.grid.sheet, row.row, {**row.texts, **(texts or {})}, tuple(row.problems))


def read_row(
    table: SourceTable,
    index: int,
    cells: Mapping[str, Cell],
    columns: Mapping[str, Column],
    read: Callable[[str, Cell], object],
    *,
    may_look_like_ids: Collection[str] = (),
) -> ReadRow:
    """Read one record by its columns: each value by ``read``, or its fault noted. ``shown`` columns are not read."""
    row = ReadRow(table, index + 1)
    for name, column in columns.items():
        if name not in cells:
            continue
        cell = cells[name]
        row.texts[name] = presentable(written(cell))
        row.given.add(name)
        if column.shown:
            continue
        if name not in may_look_like_ids and holds_id_number(cell):
            row.note(name, Severity.WARNING, "privacy", "单元格中有身份证号码，本系统不收个人证件信息，这一格未导入")
            row.texts[name] = ""
            cell = None
        try:
            row.values[name] = read(name, cell)
        except CellFault as fault:
            row.note(name, fault.severity, fault.code, str(fault))
    note_overflow(row, index)
    return row


def row_cells(
    table: SourceTable, index: int, merges: TallMerges, before: Mapping[str, Cell], alone: Collection[str] = ()
) -> dict[str, Cell]:
    """The cells of a row by column: merged ones and 同上 resolved, blanks None.

    ``alone``: columns in which a merged cell, or 同上, does not count again.
    """
    cells: dict[str, Cell] = {}
    for name, column in table.columns.items():
        cell = table.grid.cell(index, column)
        if name not in alone:
            if cell is None:
                cell = table.grid.cell(merges.top(index, column), column)
            if isinstance(cell, str) and cell.strip() in _SAME:
                cell = before.get(name)
        cells[name] = None if isinstance(cell, str) and not cell.strip() else cell
    return cells


def note_overflow(row: ReadRow, index: int) -> None:
    """In CSV a comma inside an unquoted text pushes the rest of the row to the right."""
    grid, width = row.table.grid, max(row.table.headings) + 1
    if not grid.sheet and any(str(cell).strip() for cell in grid.rows[index][width:]):
        row.note("", Severity.ERROR, "row-shape", "这一行的格数比表头多，可能有内容含逗号而未加引号，请核对")


def district_heading(table: SourceTable, index: int) -> str:
    """A row that holds nothing but a 旗区, heading the rows under it."""
    cells = [cell for cell in table.grid.rows[index] if cell not in (None, "")]
    return written(cells[0]) if len(cells) == 1 and places_in_use().find(written(cells[0])) else ""


def district_of(titles: tuple[str, ...]) -> str:
    """The 旗区 that the sheet's name is, or that sheet name and titles mention; "" when none or several."""
    return titles[0] if district_code(titles[0]) else places_in_use().mentioned(titles)
