"""Cells of a roster that were left blank because they could not be read: kept, and settled once the field has a value."""

from collections.abc import Iterable, Iterator, Mapping

from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.institutions.roster import RosterRow
from yiyu.registry.model import Severity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.parked import ParkedCell, park, settle

_NEVER = frozenset({"privacy"})
"""Codes of problems whose text must not be kept."""


def park_cells(office: OfficeSession, file: str, rows: Iterable[tuple[RosterRow, int]]) -> None:
    """Keep what the rows, each with the id of its institution, could not give. Call inside ``changing``."""
    cells = [cell for row, key in rows for cell in _cells(row, key, file)]
    if cells:
        park(office.db, cells, recorded_at=office.now, actor=office.actor)


def settle_cells(office: OfficeSession, key: int, changes: Mapping[str, object]) -> None:
    """Settle what was parked for the fields that got a value. Call inside ``changing``."""
    given = [(key, field) for field, value in changes.items() if value not in ("", None)]
    settle(office.db, given, on=office.today)


def _cells(row: RosterRow, key: int, file: str) -> Iterator[ParkedCell]:
    read = row.read
    for problem in read.problems:
        left = problem.severity is Severity.WARNING and read.values.get(problem.field) in ("", None)
        if left and problem.field in COLUMNS and problem.code not in _NEVER:
            text = read.texts.get(problem.field, "")
            place = problem.message, file, problem.sheet, problem.row, problem.column
            yield ParkedCell(key, problem.field, text, *place)
