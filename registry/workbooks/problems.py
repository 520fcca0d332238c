"""The rows an import refused, as a workbook that can be corrected and imported."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from yiyu.registry.files import file_name, write_atomic
from yiyu.registry.workbooks.layout import HINTS
from yiyu.registry.workbooks.rows import RejectedRow
from yiyu.registry.workbooks.text import presentable
from yiyu.registry.workbooks.writing import WorksheetPage, WrittenColumn, workbook_bytes

_WHERE, _WHAT, _ORIGIN = (
    WrittenColumn(f"hint {heading}", heading, width) for heading, width in zip(HINTS, (20, 40, 24), strict=True)
)
"""Columns for the person who corrects, which reading leaves out."""
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

    Rows of different titles or columns go to sheets of their own, so that each sheet says again what its table was, and
    no row gains a blank column it never had.
    """
    groups: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[RejectedRow]] = {}
    for row in rejected:
        names = tuple(name for name in columns if name in row.texts)
        groups.setdefault((row.title or title, names, tuple(row.others)), []).append(row)
    pages = [
        _page(f"待改{number}", f"{title}（待改正，改好后可再次导入）", [columns[name] for name in names], others, rows)
        for number, ((title, names, others), rows) in enumerate(
            groups.items() or [((title, tuple(columns), ()), [])], start=1
        )
    ]
    write_atomic(path, workbook_bytes(pages))


def _page(
    name: str, title: str, columns: Sequence[WrittenColumn], others: Sequence[str], rows: Sequence[RejectedRow]
) -> WorksheetPage:
    names = {column.key for column in columns}
    cells = [
        {
            **row.texts,
            **{f"other {heading}": text for heading, text in row.others.items()},
            _WHERE.key: presentable(f"{row.sheet} 第{row.row}行".strip()),
            _ORIGIN.key: row.origin,
            _WHAT.key: "；".join(p.message for p in row.problems),
        }
        for row in rows
    ]
    notes: dict[tuple[int, str], str] = {}
    for at, row in enumerate(rows):
        for problem in row.problems:
            key = at, problem.field if problem.field in names else _WHAT.key
            notes[key] = f"{notes[key]}；{problem.message}" if key in notes else problem.message
    kept = [WrittenColumn(f"other {heading}", heading, 14) for heading in others]
    return WorksheetPage(name, title, [*columns, *kept, _WHERE, _WHAT, _ORIGIN], cells, notes)
