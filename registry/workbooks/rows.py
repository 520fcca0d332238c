"""The rows of a roster's table: 旗区 carried down, 同上 resolved, each cell read or its fault noted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from yiyu.registry.institutions.categories import category_of_name, normal_category
from yiyu.registry.model import Institution, Kind, Problem, Severity
from yiyu.registry.rules.codes import DISTRICTS, district_code, district_name
from yiyu.registry.workbooks.fields import EXPORTED, FIELDS
from yiyu.registry.workbooks.grid import TallMerges
from yiyu.registry.workbooks.layout import SourceTable, data_rows
from yiyu.registry.workbooks.text import Cell, column_letter, discreet, presentable, written
from yiyu.registry.workbooks.values import NUMBERS, CellFault, holds_id_number, read_value

_SAME = frozenset({"同上", "〃", "″", "同前"})
PERSONAL = frozenset({"contact", "phone", "legal_person", "people"})
"""Fields of all tables that speak of a person."""
_WEAK = frozenset({"district", "town", "remark", EXPORTED})
"""Fields that alone do not make a row a record."""


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
        """Note a problem of a field, with its column's letter where the table has one; whose value it was stays unsaid."""
        message = discreet(presentable(message), of_person=name in PERSONAL)
        column = self.table.columns.get(name)
        letter = "" if column is None else column_letter(column)
        self.problems.append(Problem(self.table.grid.sheet, self.row, letter, name, severity, code, message))


def read_rows(table: SourceTable, kind: Kind) -> Iterator[ReadRow]:
    """Read every record of a table. Values refused are left out of ``values`` and stand in ``problems``."""
    merges = TallMerges(table.grid.merges)
    place = district_of(table.titles)
    before: dict[str, Cell] = {}
    for index in data_rows(table):
        heading = district_heading(table, index)
        if heading:
            place = heading
            continue
        cells = row_cells(table, index, merges, before)
        place = written(cells["district"]) if cells.get("district") is not None else place
        if all(cells[name] is None for name in cells.keys() - _WEAK):
            continue
        before = cells
        yield _read(table, index, kind, {**cells, "district": place})


def institution(kind: Kind, values: Mapping[str, Any]) -> Institution:
    """Build the institution of a row's values; blanks take the model's defaults."""
    known = {name: value for name, value in values.items() if value is not None}
    return Institution(kind=kind, **known)


def row_cells(table: SourceTable, index: int, merges: TallMerges, before: Mapping[str, Cell]) -> dict[str, Cell]:
    """The cells of a row by field: merged ones and 同上 resolved, blanks None."""
    cells: dict[str, Cell] = {}
    for name, column in table.columns.items():
        cell = table.grid.cell(index, column)
        if name not in NUMBERS:
            if cell is None:
                cell = table.grid.cell(merges.top(index, column), column)
            if isinstance(cell, str) and cell.strip() in _SAME:
                cell = before.get(name)
        cells[name] = None if isinstance(cell, str) and not cell.strip() else cell
    return cells


def _read(table: SourceTable, index: int, kind: Kind, cells: Mapping[str, Cell]) -> ReadRow:
    row = ReadRow(table, index + 1)
    if EXPORTED in cells:
        row.texts[EXPORTED] = presentable(written(cells[EXPORTED]))
    for name in FIELDS:
        if name not in cells:
            continue
        cell = cells[name]
        row.texts[name] = presentable(written(cell))
        row.given.add(name)
        if name != "code" and holds_id_number(cell):
            row.note(name, Severity.WARNING, "privacy", "单元格中有身份证号码，本系统不收个人证件信息，这一格未导入")
            row.texts[name] = ""
            row.given.discard(name)
            cell = None
        try:
            row.values[name] = read_value(name, cell, date1904=table.grid.date1904)
        except CellFault as fault:
            row.note(name, Severity.ERROR, fault.code, str(fault))
    _complete(row, kind)
    _compare(row)
    note_overflow(row, index)
    return row


def _complete(row: ReadRow, kind: Kind) -> None:
    """Fill in what other columns say: a 备案 date means 备案; the district's own name; the model's 类别."""
    values = row.values
    if "filed" not in row.given and values.get("filed_on"):
        values["filed"] = True
        row.given.add("filed")
    if values.get("filed") is None:
        values.pop("filed", None)
        row.given.discard("filed")
    if "district" in values:
        row.texts["district"] = district_name(str(values["district"]))
    if kind is Kind.MEDICAL and "category" in values:
        values["category"] = normal_category(str(values["category"]))
    elif kind is Kind.MEDICAL and "name" in values:
        values["category"] = category_of_name(str(values["name"]))


def _compare(row: ReadRow) -> None:
    places, enrolled = row.values.get("places"), row.values.get("enrolled")
    if isinstance(places, int) and isinstance(enrolled, int) and enrolled > places:
        message = f"在托数 {enrolled} 大于托位数 {places}，请核对（本行已导入）"
        row.note("enrolled", Severity.WARNING, "number-out-of-range", message)


def note_overflow(row: ReadRow, index: int) -> None:
    """In CSV a comma inside an unquoted text pushes the rest of the row to the right."""
    grid, width = row.table.grid, max(row.table.headings) + 1
    if not grid.sheet and any(str(cell).strip() for cell in grid.rows[index][width:]):
        row.note("", Severity.ERROR, "row-shape", "这一行的格数比表头多，可能有内容含逗号而未加引号，请核对")


def district_heading(table: SourceTable, index: int) -> str:
    """A row that holds nothing but a 旗区, heading the rows under it."""
    cells = [cell for cell in table.grid.rows[index] if cell not in (None, "")]
    return written(cells[0]) if len(cells) == 1 and district_code(written(cells[0])) else ""


def district_of(titles: tuple[str, ...]) -> str:
    """The 旗区 that the sheet's name is, or that sheet name and titles mention; "" when none or several."""
    if district_code(titles[0]):
        return titles[0]
    named = {name for code, name in DISTRICTS.items() if code > "150600" for title in titles if name in title}
    return named.pop() if len(named) == 1 else ""
