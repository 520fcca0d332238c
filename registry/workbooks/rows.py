"""The rows of a table of any subject: merged cells and 同上 resolved, each cell read or its fault noted."""

import contextlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from yiyu.registry.model import Problem, Severity
from yiyu.registry.rules.cleaning import clean
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.dates import says_nothing
from yiyu.registry.rules.districts import district_code, places_in_use
from yiyu.registry.rules.row_words import group_district
from yiyu.registry.workbooks.cells import CellFault, holds_id_number, without_parking
from yiyu.registry.workbooks.columns import Column
from yiyu.registry.workbooks.grid import TallMerges
from yiyu.registry.workbooks.layout import HINTS, SourceTable
from yiyu.registry.workbooks.text import Cell, column_letter, discreet, presentable, written

_ONE_VALUE = frozenset({"code", "count", "day", "yes_no"})
"""Kinds of cells of which an institution has one, whatever words head them."""
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
        message = presentable(message)
        if not name.endswith(
            "code"
        ):  # what is told of a code is no number of a person, and a suggestion must be legible
            message = discreet(message, of_person=name in PERSONAL)
        column = self.table.columns.get(name)
        letter = "" if column is None else column_letter(column)
        self.problems.append(Problem(self.table.grid.sheet, self.row, letter, name, severity, code, message))


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row with an error, as written: ``texts`` by field, ``others`` what no field holds, by heading, both in order.

    ``title``: what its sheet is to be called when it is given back, "" for the usual. ``origin``: what stood above the table.
    """

    sheet: str
    row: int
    texts: Mapping[str, str]
    problems: tuple[Problem, ...]
    title: str = ""
    origin: str = ""
    others: Mapping[str, str] = field(default_factory=dict)


def rejected_row(row: ReadRow, texts: Mapping[str, str] | None = None, *, title: str = "") -> RejectedRow:
    """The row given back for the faults noted on it, with other ``texts`` where they are given."""
    table = row.table
    return RejectedRow(
        table.grid.sheet,
        row.row,
        {**row.texts, **(texts or {})},
        tuple(row.problems),
        title,
        origin_of(table, row.row - 1),
        _others(table, row.row - 1),
    )


def origin_of(table: SourceTable, index: int) -> str:
    """What stood above the table; of a row that was given back before, what stood above it then."""
    column = next((at for at, text in table.headings.items() if text == HINTS[-1]), None)
    told = written(table.grid.cell(index, column)) if column is not None else ""
    return presentable(told or "；".join(dict.fromkeys(title for title in table.titles if title)))


def free_cells(table: SourceTable, index: int) -> dict[str, str]:
    """What stands under headings of no field, or under a second heading of one and says otherwise; no blanks.

    Serials, hints of a problems workbook and ID numbers stay behind.
    """
    free = {*table.free, *(column for columns in table.more.values() for column in columns)}
    firsts = {at: table.columns[name] for name, columns in table.more.items() for at in columns}
    merges, found = TallMerges(table.grid.merges), dict[str, str]()
    for column in sorted(free):
        cell = table.grid.cell(merges.top(index, column), column)
        text = presentable(written(cell))
        said = written(table.grid.cell(index, firsts[column])) if column in firsts else ""
        if text.strip() and not holds_id_number(cell) and text != said:
            heading = presentable(table.headings[column])
            found[heading if heading not in found else f"{heading}（{column_letter(column)}列）"] = text
    return found


def _others(table: SourceTable, index: int) -> dict[str, str]:
    """The cells of the columns that no field takes, or takes second; ID numbers stay behind."""
    merges, found = TallMerges(table.grid.merges), dict[str, str]()
    doubled = {column for name, more in table.more.items() for column in (table.columns[name], *more)}
    taken = {*table.columns.values()} - doubled
    for column, heading in table.headings.items():
        if column in taken or heading in HINTS:
            continue
        cell = table.grid.cell(merges.top(index, column), column)
        # Under its own words a column that was joined would be joined again.
        name = f"原{column_letter(column)}列 {heading}" if column in doubled or heading in found else heading
        found[presentable(name)] = "" if holds_id_number(cell) else presentable(written(cell))
    return found


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
            row.values[name] = read(name, _cleaned(row, name, column, cell))
        except CellFault as fault:
            _fall_back(row, index, name, fault, read)
        if table.more.get(name):
            _join(row, index, name, column, read)
    note_overflow(row, index)
    return row


def _fall_back(row: ReadRow, index: int, name: str, fault: CellFault, read: Callable[[str, Cell], object]) -> None:
    """Take what other columns of the field say where the first cannot be read, and note the fault either way."""
    table, found, bad = row.table, dict[int, object](), dict[int, CellFault]()
    for at in (table.columns[name], *table.more[name]) if table.more.get(name) else ():
        cell = table.grid.cell(index, at)
        try:
            value = None if holds_id_number(cell) and name != "code" else read(name, cell)
        except CellFault as other:
            bad[at] = other
            continue
        if value not in (None, "", ()):
            found[at] = value
    if not found:
        row.note(name, fault.severity, fault.code, str(fault))
        return
    values = [str(value) for value in found.values()] if name == "phone" else []
    row.values[name] = "、".join(dict.fromkeys(values)) if values else next(iter(found.values()))
    letters = "、".join(column_letter(at) for at in (found if values else list(found)[:1]))
    for at, one in bad.items():
        row.note(name, Severity.WARNING, one.code, f"{without_parking(one)}；已按{letters}列登记")
        row.problems[-1] = replace(row.problems[-1], column=column_letter(at))


def _join(row: ReadRow, index: int, name: str, column: Column, read: Callable[[str, Cell], object]) -> None:
    """Note where further columns say otherwise: under the same heading neither value is taken, else the first.

    Of a field of free words only the same heading means the same: 注册地址 and 服务地址 may differ.
    """
    table, cells = row.table, {}
    alike = [at for at in table.more[name] if same_heading(table, name, at)]
    for at in (table.columns[name], *(table.more[name] if column.cell in _ONE_VALUE else alike)):
        if (cell := table.grid.cell(index, at)) is not None:
            cells[at] = cell
    told: dict[int, object] = {}
    for at, cell in cells.items():
        with contextlib.suppress(CellFault):
            told[at] = read(name, cell)
    told = {at: value for at, value in told.items() if value not in (None, "", ())}
    if len(set(map(repr, told.values()))) < 2 or column.cell == "phone":
        return
    both = "，".join(f"{column_letter(at)}列为“{written(cells[at])}”" for at in told)
    if column.cell != "code" and not told.keys() & {*alike}:
        message = f"两列都说“{column.heading}”，内容不同：{both}；按{column_letter(next(iter(told)))}列登记，请核对"
        row.note(name, Severity.WARNING, "columns-differ", message)
        return
    severity = Severity.ERROR if column.cell in ("name", "code") else Severity.WARNING
    row.note(name, severity, "columns-differ", f"两列都是“{column.heading}”，内容不同：{both}；这一格未导入，请核对")
    row.texts[name] = ""
    row.values.pop(name, None)
    row.given.discard(name)


def same_heading(table: SourceTable, name: str, column: int) -> bool:
    """Whether a further column of a field stands under the very words of the first."""
    first, other = (fold(table.headings[at].rpartition("/")[2]) for at in (table.columns[name], column))
    return first == other


def _cleaned(row: ReadRow, name: str, column: Column, cell: Cell) -> Cell:
    """The cell as it is to be read; what cleaning it changes, and what in it may be printed otherwise, is noted."""
    if not isinstance(cell, str) or column.cell == "kept":
        return cell
    found = clean(cell, column.cell)
    if found.notes:
        row.note(name, Severity.WARNING, "cleaned", "；".join(found.notes))
    if found.doubt:
        row.note(name, Severity.WARNING, "private-use", found.doubt)
    return found.text if column.cell == "own" else cell


def row_cells(
    table: SourceTable, index: int, merges: TallMerges, before: Mapping[str, Cell], alone: Collection[str] = ()
) -> dict[str, Cell]:
    """The cells of a row by field: merged ones and 同上 resolved, blanks None, further columns joined.

    Of several columns of a field the first that is filled counts; telephones of all of them are kept. ``alone``:
    fields in which a merged cell, or 同上, does not count again.
    """
    cells: dict[str, Cell] = {}
    for name, first in table.columns.items():
        found: list[Cell] = []
        for column in (first, *table.more.get(name, ())):
            cell = table.grid.cell(index, column)
            if name not in alone:
                if cell is None:
                    cell = table.grid.cell(merges.top(index, column), column)
                if isinstance(cell, str) and cell.strip() in _SAME:
                    cell = before.get(name)
            if cell is not None and written(cell).strip():
                found.append(cell)
        if len(found) > 1:
            found = [cell for cell in found if not says_nothing(written(cell))] or found[:1]
        several = name == "phone" and len(found) > 1
        cells[name] = "、".join(dict.fromkeys(map(written, found))) if several else next(iter(found), None)
    return cells


def note_overflow(row: ReadRow, index: int) -> None:
    """In CSV a comma inside an unquoted text pushes the rest of the row to the right."""
    grid, width = row.table.grid, max(row.table.headings) + 1
    if not grid.sheet and any(str(cell).strip() for cell in grid.rows[index][width:]):
        row.note("", Severity.ERROR, "row-shape", "这一行的格数比表头多，可能有内容含逗号而未加引号，请核对")


def district_heading(table: SourceTable, index: int) -> str:
    """A row that holds nothing but a 旗区, heading the rows under it."""
    cells = [cell for cell in table.grid.rows[index] if cell not in (None, "")]
    return group_district(written(cells[0])) if len(cells) == 1 else ""


def district_of(titles: tuple[str, ...]) -> str:
    """The 旗区 that the sheet's name is, or that sheet name and titles mention; "" when none or several."""
    return titles[0] if district_code(titles[0]) else places_in_use().mentioned(titles)
