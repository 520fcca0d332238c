"""The child process: a workbook on stdin, an :class:`Answer` in JSON on stdout. Run with ``-m``; may be killed."""

import datetime as dt
import io
import math
import sys

import msgspec
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from yiyu.registry.errors import FileFault
from yiyu.registry.package_check import OLE
from yiyu.registry.workbooks.opendocument import is_opendocument, opendocument_precheck
from yiyu.registry.workbooks.part_scan import SheetFacts
from yiyu.registry.workbooks.precheck import SAVE_AGAIN, BookFacts, check_extent, workbook_precheck
from yiyu.registry.workbooks.wire import NOT_CALCULATED, SECONDS, WireCell, WireSheet, WorkbookAnswer

if sys.platform != "win32":
    import resource

MEMORY = 1024 * 1024 * 1024
"""Bytes of address space the parser may take; a roster takes a tenth of it."""
_DAYS_1904 = dt.timedelta(days=1462)
"""From the first day of the system that counts from 1900 to that of the one from 1904."""


def main() -> None:
    _limit()
    sys.stdout.buffer.write(msgspec.json.encode(answer(sys.stdin.buffer.read())))


def answer(data: bytes) -> WorkbookAnswer:
    """Parse a workbook; a file that cannot be read becomes the reason in words."""
    old = data.startswith(OLE)
    try:
        # The old format has no directory to look into: its sheets are small by themselves, and memory is limited.
        check = opendocument_precheck if is_opendocument(data) else workbook_precheck
        facts = BookFacts() if old else check(data)
        return WorkbookAnswer(sheets=_sheets(data, facts), date1904=facts.date1904, blind=old)
    except FileFault as fault:
        return WorkbookAnswer(what=fault.what, remedy=fault.remedy)
    except CalamineError:
        if old:
            return WorkbookAnswer(what="这是旧格式的文件（.xls、.et 或 .doc），里面读不出表格", remedy=SAVE_AGAIN)
        return WorkbookAnswer(what="工作簿已损坏，无法读取", remedy="请在 WPS 或 Excel 中打开，另存为 .xlsx 后再试")


def _sheets(data: bytes, facts: BookFacts) -> list[WireSheet]:
    shift = (_DAYS_1904 if facts.date1904 else -_DAYS_1904) if facts.misread_1904 else dt.timedelta()
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        return [
            _sheet(
                book.get_sheet_by_name(one.name),
                facts.sheets.get(one.name, SheetFacts()),
                shift,
                hidden=one.visible != SheetVisibleEnum.Visible,
            )
            for one in book.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet
        ]


def _sheet(sheet: CalamineSheet, facts: SheetFacts, shift: dt.timedelta, *, hidden: bool) -> WireSheet:
    check_extent(sheet.total_height, sheet.total_width, sheet.name)
    rows = [[_cell(value, shift) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), shown in facts.faults.items():
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = shown or NOT_CALCULATED
    return WireSheet(
        sheet.name,
        rows,
        [*facts.merges, *((*first, *last) for first, last in sheet.merged_cell_ranges or ())],
        hidden,
        facts.hidden_rows,
        facts.hidden_columns,
        facts.filtered,
        sorted(facts.struck),
    )


def _cell(value: object, shift: dt.timedelta) -> WireCell:
    match value:
        case str() | bool() | int():
            return value
        case float() if not math.isfinite(value):
            return "#NUM!"  # JSON would make it a blank
        case float():
            return int(value) if value.is_integer() and abs(value) < 10**15 else value
        case dt.date():  # a datetime is one too
            return [(value + shift).isoformat()[:10]]
        case dt.time() | dt.timedelta():
            return str(value)
    return None


def _limit() -> None:
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(
            resource.RLIMIT_CPU, (SECONDS if soft == resource.RLIM_INFINITY else min(soft, SECONDS), hard)
        )


if __name__ == "__main__":
    main()
