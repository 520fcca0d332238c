"""The rows an import refused, as a workbook that can be corrected and imported."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from yiyu.registry.files import file_name, write_atomic
from yiyu.registry.workbooks.rows import RejectedRow
from yiyu.registry.workbooks.text import presentable
from yiyu.registry.workbooks.writing import WorksheetPage, WrittenColumn, workbook_bytes

_WHERE = WrittenColumn("where", "原表位置", 20)
_WHAT = WrittenColumn("what", "问题说明", 40)
"""Two columns for the person who corrects; no field has these headings, so reading leaves them out."""
_LONGEST_STEM = 150
"""Bytes; a name may have 255, and the source's alone may be that long."""


def problems_path(folder: Path, source: Path, now: str) -> Path:
    """Where the refused rows of ``source`` go: a name that never covers one that a clerk may be correcting."""
    stem = Path(file_name(source)).stem.encode()[:_LONGEST_STEM].decode(errors="ignore")
    stamp = dt.datetime.fromisoformat(now).strftime("%Y%m%d-%H%M%S")
    return folder / f"{stem}_待改_{stamp}.xlsx"


def write_rejected(
    path: Path, title: str, columns: Mapping[str, WrittenColumn], rejected: Sequence[RejectedRow]
) -> None:
    """Write rejected rows of any table, given the columns by field name in the order to write them.

    Rows of tables with different columns go to sheets of their own, so that no row gains a blank column it never had.
    """
    by_columns: dict[tuple[str, ...], list[RejectedRow]] = {}
    for row in rejected:
        by_columns.setdefault(tuple(name for name in columns if name in row.texts), []).append(row)
    pages = [
        _page(f"待改{number}", f"{title}（待改正，改好后可再次导入）", [columns[name] for name in names], rows)
        for number, (names, rows) in enumerate(by_columns.items() or [(tuple(columns), [])], start=1)
    ]
    write_atomic(path, workbook_bytes(pages))


def _page(name: str, title: str, columns: Sequence[WrittenColumn], rows: Sequence[RejectedRow]) -> WorksheetPage:
    names = {column.key for column in columns}
    cells = [
        {
            **row.texts,
            "where": presentable(f"{row.sheet} 第{row.row}行".strip()),
            "what": "；".join(p.message for p in row.problems),
        }
        for row in rows
    ]
    notes: dict[tuple[int, str], str] = {}
    for at, row in enumerate(rows):
        for problem in row.problems:
            key = at, problem.field if problem.field in names else _WHAT.key
            notes[key] = f"{notes[key]}；{problem.message}" if key in notes else problem.message
    return WorksheetPage(name, title, [*columns, _WHERE, _WHAT], cells, notes)
