"""The rows of a roster's table: 旗区 carried down, each cell read, what other columns say filled in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from yiyu.registry.institutions.columns import COLUMNS, EXPORTED, is_family, normal_category
from yiyu.registry.institutions.kinds import of_other_kind
from yiyu.registry.model import Institution, Kind, Severity
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.dates import read_month
from yiyu.registry.rules.districts import district_name, places_in_use
from yiyu.registry.rules.row_words import doubtful_name, is_institutional, name_fault
from yiyu.registry.rules.yes_no import read_yes_no
from yiyu.registry.workbooks.cells import CellFault, parked, read_cell
from yiyu.registry.workbooks.grid import TallMerges
from yiyu.registry.workbooks.layout import SourceTable
from yiyu.registry.workbooks.records import LeftOut, record_rows
from yiyu.registry.workbooks.rows import ReadRow, district_heading, district_of, read_row, row_cells
from yiyu.registry.workbooks.text import Cell, presentable, written

NUMBERS = frozenset(name for name, column in COLUMNS.items() if column.cell == "count")
_PLACE = re.compile("所在地$")
_NEEDED = frozenset({"name", "code", "district"})
"""Where one of these is damaged nobody knows of whom the row speaks; every other cell can wait."""
_OTHER_NUMBERS = frozenset({"code-registration", "code-organisation", "code-words"})
"""No damage: the office has not got the new code yet."""
_WEAK = frozenset({"district", "town", "remark", EXPORTED})
"""Columns that alone do not make a row a record."""


def read_rows(tables: Iterable[tuple[SourceTable, Kind]], left: LeftOut) -> Iterator[tuple[Kind, ReadRow]]:
    """Read every record of a file's tables. Values refused are left out of ``values`` and stand in ``problems``.

    ``left`` takes the rows that are no record, and those that wait.
    """
    place = ""
    for table, kind in tables:
        told = district_of(("", *table.titles[1:]) if table.continues else table.titles)
        place = told or (place if table.continues else "")
        merges = TallMerges(table.grid.merges)
        before: dict[str, Cell] = {}
        for index in record_rows(table, left, "name"):
            heading = district_heading(table, index)
            if heading:
                place = heading
                continue
            cells = row_cells(table, index, merges, before, alone=NUMBERS)
            if _PLACE.search(table.headings.get(table.columns.get("district", -1), "")):
                _part_place(cells)
            place = written(cells["district"]) if cells.get("district") is not None else place
            if all(cells[name] is None for name in cells.keys() - _WEAK):
                left.skip(table, index, "空行", "")
                continue
            before = cells
            if left.waits(table, index, ("name",)):
                continue
            row = _read(table, index, kind, {**cells, "district": place})
            if sum(cell not in (None, "") for cell in table.grid.rows[index]) + (cells.get("district") is not None) < 2:
                _doubt_lonely(row)
            yield kind, row


def _part_place(cells: dict[str, Cell]) -> None:
    """Take what stands under 所在地 for an address where it is no 旗区."""
    text = written(cells.get("district"))
    if text and not places_in_use().find(text) and cells.get("address") is None:
        cells["address"], cells["district"] = text, None


def _read(table: SourceTable, index: int, kind: Kind, cells: Mapping[str, Cell]) -> ReadRow:
    def read(name: str, cell: Cell) -> object:
        try:
            return read_cell(COLUMNS[name], cell, date1904=table.grid.date1904)
        except CellFault as fault:
            waits = parked(_of_month(fault, written(cell)) if name == "filed_on" else fault)
            raise fault if name in _NEEDED and fault.code not in _OTHER_NUMBERS else waits from fault

    row = read_row(table, index, cells, COLUMNS, read, may_look_like_ids=("code",))
    row.given &= row.values.keys() - {problem.field for problem in row.problems if problem.code == "privacy"}
    if EXPORTED in cells:
        row.texts[EXPORTED] = presentable(written(cells[EXPORTED]))
    _doubt(row, kind)
    _complete(row, kind)
    if "district" in row.values and not row.values.get("town"):
        _take_town(row, written(cells["district"]))
    _compare(row)
    return row


def _doubt(row: ReadRow, kind: Kind) -> None:
    name = str(row.values.get("name", ""))
    if not name or row.texts.get(EXPORTED):
        return
    if told := of_other_kind(name, kind):
        row.note("name", Severity.WARNING, "kind-doubtful", told)
    if fault := name_fault(name) or (not row.values.get("code") and doubtful_name(name)):
        row.note("name", Severity.ERROR, "name-doubtful", fault)


def _doubt_lonely(row: ReadRow) -> None:
    """Doubt a row of which nothing but the name is said, unless the name leaves no doubt."""
    if not row.rejected and not is_institutional(str(row.values.get("name", ""))):
        message = "这一行除名称外没有别的内容，看不出是不是机构，请核对；是机构请补填一项，不是请删去这一行"
        row.note("name", Severity.ERROR, "name-doubtful", message)


def _complete(row: ReadRow, kind: Kind) -> None:
    """Fill in what other columns say: a 备案 date means 备案; the district's own name; the model's 类别."""
    values = row.values
    if values.get("filed") and not values.get("filed_on") and "filed_on" not in {one.field for one in row.problems}:
        _take_filing_date(row)
    if "filed" not in row.given and values.get("filed_on"):
        values["filed"] = True
        row.given.add("filed")
    if values.get("filed") is None:
        values.pop("filed", None)
        row.given.discard("filed")
    if "district" in values:
        row.texts["district"] = district_name(str(values["district"]))
    if kind is Kind.MEDICAL:
        _tell_category(row)


def _take_filing_date(row: ReadRow) -> None:
    """The date that stands in the cell of 是否备案, as in 已备案（2025年3月5日）; a year or a month is parked."""
    _, text = read_yes_no(fold(row.texts.get("filed", "")))
    if not text:
        return
    row.texts["filed_on"] = text
    row.given.add("filed_on")
    try:
        row.values["filed_on"] = read_cell(COLUMNS["filed_on"], text)
    except CellFault as fault:
        shown = parked(_of_month(fault, text))
        row.note("filed", shown.severity, shown.code, str(shown))
        row.problems[-1] = replace(row.problems[-1], field="filed_on")


def _of_month(fault: CellFault, text: str) -> CellFault:
    """The fault of a 备案时间, which says what is known where the cell tells the month."""
    if not read_month(text):
        return fault
    return CellFault(fault.code, f"“{text}”只写到月：按季、按半年算的照此计，具体哪一天请补填")


def _tell_category(row: ReadRow) -> None:
    given, name = str(row.values.get("category") or ""), str(row.values.get("name") or "")
    row.values["category"] = normal_category(given, name)
    if given and row.values["category"] not in (given, normal_category(given)):
        kind = "是一类机构的统称" if is_family(given) else "不是机构类别"
        message = f"“{given[:20]}”{kind}，按机构名称记为“{row.values['category']}”"
        row.note("category", Severity.WARNING, "cleaned", message)
    elif given and is_family(str(row.values["category"])):
        message = f"“{given[:20]}”是一类机构的统称，从名称也看不出是哪一种，请补填机构类别"
        row.note("category", Severity.WARNING, "category-unknown", message)


def _take_town(row: ReadRow, district: str) -> None:
    """The town that stands in the cell of the 旗区, as in 准格尔旗（薛家湾镇）."""
    if town := places_in_use().place(district).town:
        row.values["town"] = town
        row.given.add("town")


def _compare(row: ReadRow) -> None:
    places, enrolled = row.values.get("places"), row.values.get("enrolled")
    if isinstance(places, int) and isinstance(enrolled, int) and enrolled > places:
        message = f"在托数 {enrolled} 大于托位数 {places}，请核对（本行已导入）"
        row.note("enrolled", Severity.WARNING, "number-out-of-range", message)


def institution(kind: Kind, values: Mapping[str, Any]) -> Institution:
    """Build the institution of a row's values; blanks take the model's defaults."""
    given = {name: value for name, value in values.items() if value is not None}
    return Institution(kind=kind, **given)
