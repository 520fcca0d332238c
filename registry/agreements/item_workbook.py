"""The service list of one agreement as a workbook: written, ticked and typed into, and read back."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

from yiyu.registry.agreements.items import EditedItems, ItemEdit, edit_items, listed_items
from yiyu.registry.errors import BadInput
from yiyu.registry.files import file_name, write_atomic
from yiyu.registry.model import Agreement
from yiyu.registry.rules.frequencies import read_frequency
from yiyu.registry.rules.item_changes import EDITABLE, item_text
from yiyu.registry.session import OfficeSession
from yiyu.registry.workbooks.previews import Fate, PreviewLine
from yiyu.registry.workbooks.tables import TableRow, read_table
from yiyu.registry.workbooks.writing import WorksheetPage, WrittenColumn, workbook_bytes

_MARK = WrittenColumn("mark", "清单校验（请勿改动）", 4, hidden=True)
_COLUMNS = (
    WrittenColumn("seq", "序号", 6),
    WrittenColumn("code", "代码", 8),
    WrittenColumn("group", "类别", 14),
    WrittenColumn("name", "项目", 24),
    WrittenColumn("content", "内容及要求", 40),
    WrittenColumn("selected", EDITABLE["selected"], 8, ("是", "否"), editable=True),
    WrittenColumn("frequency", EDITABLE["frequency"], 12, editable=True),
    WrittenColumn("department", EDITABLE["department"], 14, editable=True),
    WrittenColumn("remark", EDITABLE["remark"], 20, editable=True),
    _MARK,
)
_HEADINGS = {
    column.key: (column.heading,) for column in _COLUMNS if column.key not in ("seq", "group", "content", "name")
}
_TICKED = {"是": True, "√": True, "☑": True, "否": False, "": False, "☐": False}


def write_items(path: Path, one: Agreement) -> None:
    """Write the list; only 勾选, 频次, 责任科室 and 备注 can be typed into. Raises FileFault."""
    rows = [
        {name: getattr(item, name) for name in ("seq", "code", "group", "name", "content")}
        | {field: item_text(item, field) for field in EDITABLE}
        | {"mark": f"{one.number}@{one.list_version}"}
        for item in one.items
    ]
    title = f"{one.number} 服务项目清单（改后用 agreement items --apply-from 读回）"
    write_atomic(path, workbook_bytes([WorksheetPage("服务项目清单", title, _COLUMNS, rows, protected=True)]))


def read_items(path: Path, one: Agreement) -> tuple[ItemEdit, int]:
    """What the workbook says of the list, and the version it was written from.

    Raises FileFault; BadInput for another agreement's, for one that is not ours, or at a cell that nobody can read.
    """
    rows = read_table(path, _HEADINGS)
    marks = {row.values.get("mark", "") for row in rows}
    number, _, version = (marks.pop() if len(marks) == 1 else "").partition("@")
    if number != one.number or not version.isdecimal():
        raise BadInput(
            f"这不是协议 {one.number} 的清单表",
            where=file_name(path),
            remedy=f"请用 agreement items {one.number} --xlsx 存表",
        )
    ticks = {row.values["code"]: _ticked(path, row) for row in rows}
    frequency = {row.values["code"]: _frequency(path, row) for row in rows if row.values.get("frequency")}
    texts = {(row.values["code"], name): row.values[name] for row in rows for name in ("department", "remark")}
    tick = [code for code, ticked in ticks.items() if ticked]
    return ItemEdit(tick, [code for code in ticks if code not in tick], frequency, texts), int(version)


def asked_items(
    office: OfficeSession,
    number: str,
    edit: ItemEdit,
    *,
    apply_from: Path | None = None,
    from_day: dt.date | None = None,
    note: str = "",
    dry_run: bool = False,
) -> EditedItems:
    """The list after ``edit`` or what the workbook ``apply_from`` says; where nothing is asked for, as it stands.

    Raises BadInput for both, and as :func:`read_items` and :func:`edit_items` do.
    """
    base = None
    if apply_from is not None:
        if edit:
            raise BadInput("按表变更时不能另写勾选、取消、频次", where=file_name(apply_from), remedy="两样只用一样")
        edit, base = read_items(apply_from, listed_items(office, number))
    elif not edit:
        one = listed_items(office, number, from_day)
        return EditedItems(one, from_day or max(office.today, one.starts_on), (), (), signed=False)
    return edit_items(office, number, edit, from_day=from_day, base=base, note=note, dry_run=dry_run)


def item_lines(done: EditedItems) -> Iterator[PreviewLine]:
    """What an edit changes, as every preview tells it."""
    for one in done.changes:
        heading = f"{one.name}：{EDITABLE[one.field]}"
        yield PreviewLine(
            Fate.CHANGED,
            row=one.seq,
            code=one.code,
            name=one.name,
            field=one.field,
            heading=heading,
            old=one.old,
            new=one.new,
        )


def _ticked(path: Path, row: TableRow) -> bool:
    text = row.values.get("selected", "")
    if text not in _TICKED:
        raise BadInput(f"“勾选”列的“{text[:20]}”看不懂", where=_place(path, row, "selected"), remedy="请填 是 或 否")
    return _TICKED[text]


def _frequency(path: Path, row: TableRow) -> tuple[int | None, str]:
    try:
        return read_frequency(row.values["frequency"])
    except ValueError as error:
        raise BadInput(str(error), where=_place(path, row, "frequency"), remedy="改好后再读回") from error


def _place(path: Path, row: TableRow, name: str) -> str:
    columns: Mapping[str, str] = row.columns
    return f"{file_name(path)} {row.sheet} {columns.get(name, '')}{row.row}"
