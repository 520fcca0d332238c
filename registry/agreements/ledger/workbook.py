"""签约台账 in and out: any office's own, and ours, which knows when it comes back what it said when it was written."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from yiyu.registry.agreements.ledger.columns import COLUMNS, SIDES, Use
from yiyu.registry.agreements.ledger.spans import split_span, take_span
from yiyu.registry.agreements.ledger.values import fingerprint, read_value, text_of
from yiyu.registry.errors import BadInput
from yiyu.registry.files import file_name, write_atomic
from yiyu.registry.workbooks.books import open_book, unread_columns
from yiyu.registry.workbooks.grid import TallMerges
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.layout import SourceTable, find_tables, headings_seen
from yiyu.registry.workbooks.problems import write_rejected
from yiyu.registry.workbooks.records import LeftOut, LeftRow, record_rows
from yiyu.registry.workbooks.rows import ReadRow, district_heading, district_of, read_row, rejected_row, row_cells
from yiyu.registry.workbooks.text import Cell
from yiyu.registry.workbooks.writing import WorksheetPage, WrittenColumn, workbook_bytes, written_column

_TITLE = "签约台账"
_NEEDED = ("medical", "childcare")
_ALONE_NOTHING = frozenset({"district", "remark"})
_MAY_LOOK_LIKE_IDS = frozenset({"number", "fingerprint", *(f"{side}_code" for side in SIDES.values())})


@dataclass(frozen=True, slots=True)
class Ledger:
    """``rows``: every record, those with faults included, their values as :func:`read_value` gives them by field."""

    file: str
    rows: tuple[ReadRow, ...]
    unread: tuple[str, ...]
    """Sheets without a table and columns not taken, in words."""
    skipped: tuple[LeftRow, ...]
    waiting: tuple[LeftRow, ...]
    """Rows and sheets that a reader does not see, which wait for ``--accept``."""
    notes: tuple[str, ...]

    @property
    def exported(self) -> bool:
        """Whether we wrote it: a row remembers what it said."""
        return any(exported_texts(row) is not None for row in self.rows)


def read_ledger(path: Path, *, sheet: str | None = None, accept: Collection[str] = ()) -> Ledger:
    """Read a workbook or CSV in any layout a roster may have. Faults of rows are their ``problems``, never exceptions.

    Raises FileFault for a file that cannot be read, BadInput where it holds no ledger or children's data.
    """
    headings = Headings({name: column.headings for name, column in COLUMNS.items()})
    book = open_book(
        path,
        headings,
        lambda grid: find_tables(grid, headings, required=_NEEDED),
        sheet=sheet,
        accept=accept,
        own=("fingerprint",),
    )
    if not book.tables and not book.left.waiting:
        seen = headings_seen(book.grids, headings)
        raise BadInput(
            "没有找到签约台账的表头" + (f"，只看到：{seen}" if seen else ""),
            where=str(path),
            remedy="表头至少要有“甲方名称”和“乙方名称”；其余如“协议编号、协议类型、签订日期、生效日期、截止日期”",
        )
    rows = tuple(row for table in book.tables for row in _rows(table, book.left))
    return Ledger(
        file_name(path),
        rows,
        (*book.unread, *dict.fromkeys(text for table in book.tables for text in _not_taken(table))),
        tuple(book.left.skipped),
        tuple(book.left.waiting),
        tuple(book.notes),
    )


def exported_texts(row: ReadRow) -> Mapping[str, str] | None:
    """What the row said when we wrote it, by field; None for a row that somebody else wrote."""
    return cast("Mapping[str, str] | None", row.values.get("fingerprint"))


def text_in(row: ReadRow, name: str) -> str:
    """What a row says of a field now, in the form :func:`exported_texts` has it."""
    return text_of(name, row.values.get(name))


def date_in(row: ReadRow, name: str) -> dt.date | None:
    return cast("dt.date | None", row.values.get(name))


def count_in(row: ReadRow, name: str) -> int | None:
    return cast("int | None", row.values.get(name))


def write_ledger(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write values by field name (of :data:`COLUMNS`), one agreement a row; columns of 丙方 where there is one.

    Every row keeps, hidden, what it says, so that a change can be told from a registry that has moved on. Locked
    without a password but for what may come back changed. Raises as write_table does.
    """
    names = [
        name
        for name, column in COLUMNS.items()
        if column.width and ("third" not in name or any(row["third"] for row in rows))
    ]
    written_rows: list[dict[str, object]] = []
    for at, row in enumerate(rows, start=1):
        texts = {name: text_of(name, row[name]) for name in names if name != "fingerprint"}
        numbers = {name: row[name] for name in texts if COLUMNS[name].cell in ("quantity", "months")}
        written_rows.append({"serial": at, **texts, **numbers, "fingerprint": fingerprint(texts)})
    columns = [WrittenColumn("serial", "序号", 6), *(_column(name) for name in names)]
    write_atomic(path, workbook_bytes([WorksheetPage(_TITLE, _TITLE, columns, written_rows, protected=True, pinned=2)]))


def write_ledger_problems(path: Path, rows: Sequence[ReadRow]) -> None:
    """Write the rows with faults to be corrected and imported again."""
    rejected = [rejected_row(row) for row in rows]
    write_rejected(path, _TITLE, {name: _column(name) for name in COLUMNS}, rejected)


def _column(name: str) -> WrittenColumn:
    return written_column(name, COLUMNS[name], hidden=name == "fingerprint")


def _rows(table: SourceTable, left: LeftOut) -> Iterator[ReadRow]:
    def read(name: str, cell: Cell) -> object:
        return read_value(name, cell, date1904=table.grid.date1904)

    merges = TallMerges(table.grid.merges)
    place = district_of(table.titles)
    before: dict[str, Cell] = {}
    for index in record_rows(table, left, *_NEEDED):
        if heading := district_heading(table, index):
            place = heading
            continue
        cells = row_cells(table, index, merges, before)
        if all(cells[name] is None for name in cells.keys() - _ALONE_NOTHING):
            left.skip(table, index, "空行", "")
            continue
        before = cells
        if left.waits(table, index, _NEEDED):
            continue
        row = read_row(table, index, _as_span(cells), COLUMNS, read, may_look_like_ids=_MAY_LOOK_LIKE_IDS)
        take_span(row, table.grid.date1904)
        row.values["district"] = row.values.get("district") or place
        yield row


def _as_span(cells: dict[str, Cell]) -> dict[str, Cell]:
    """A column 有效期 holds a term in months or from day to day; the latter is read as 起止时间."""
    months = cells.get("months")
    if isinstance(months, str) and cells.get("term") is None and split_span(months):
        return {**cells, "term": months, "months": None}
    return cells


def _not_taken(table: SourceTable) -> Iterator[str]:
    """Headings nobody knows and, in a ledger we did not write, columns that only we can fill."""
    yield from unread_columns(table)
    if "fingerprint" not in table.columns:
        shown = [name for name in table.columns if COLUMNS[name].use is Use.SHOWN and name != "district"]
        yield from (f"列“{table.headings[table.columns[name]]}”" for name in shown)
