"""The rows an import refused, as a workbook that can be corrected and imported."""

from collections.abc import Sequence
from pathlib import Path

from yiyu.registry.files import write_atomic
from yiyu.registry.model import KIND_LABEL, Kind, Problem
from yiyu.registry.sheets.fields import FIELDS
from yiyu.registry.sheets.roster import RejectedRow, Roster
from yiyu.registry.sheets.writing import Column, Page, workbook_bytes

_WHERE = Column("where", "原表位置", 20)
_WHAT = Column("what", "问题说明", 40)
"""Two columns for the person who corrects; no field has these headings, so reading leaves them out."""


def write_problems(path: Path, roster: Roster) -> None:
    """Write the rejected rows under our own headings, 旗区 filled in, each faulty cell yellow with its comment.

    Rows of tables with different columns go to sheets of their own, so that no row gains a blank column it never had.
    """
    by_columns: dict[tuple[str, ...], list[RejectedRow]] = {}
    for row in roster.rejected:
        by_columns.setdefault(tuple(name for name in FIELDS if name in row.texts), []).append(row)
    pages = [
        _page(f"待改{number}", roster.kind, names, rows)
        for number, (names, rows) in enumerate(by_columns.items() or [(tuple(FIELDS), [])], start=1)
    ]
    write_atomic(path, workbook_bytes(pages))


def _page(name: str, kind: Kind, names: Sequence[str], rows: Sequence[RejectedRow]) -> Page:
    columns = [*(Column(one, FIELDS[one].heading, FIELDS[one].width) for one in names), _WHERE, _WHAT]
    cells = [
        {**row.texts, "where": f"{row.sheet} 第{row.row}行".strip(), "what": "；".join(p.message for p in row.problems)}
        for row in rows
    ]
    notes: dict[tuple[int, str], str] = {}
    for at, row in enumerate(rows):
        for problem in row.problems:
            key = at, _column(problem, names)
            notes[key] = f"{notes[key]}；{problem.message}" if key in notes else problem.message
    return Page(name, f"{KIND_LABEL[kind]}名册（待改正，改好后可再次导入）", columns, cells, notes)


def _column(problem: Problem, names: Sequence[str]) -> str:
    return problem.field if problem.field in names else _WHAT.key
