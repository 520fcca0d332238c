"""Why a row of an issued report is otherwise now: what was recorded since about its agreements and its institution."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from yiyu.registry.lifecycle import Event
from yiyu.registry.rules.issued import UnitDifference, causes, why
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import LaterEvent, later_events
from yiyu.registry.store.institutions import former_names
from yiyu.registry.store.issued_reports import IssuedReport
from yiyu.registry.store.sides import side_rows
from yiyu.registry.store.standings import standings

_OF_ANOTHER_DAY = frozenset({
    "unserved", "waived", "import_undone", "institution_restored",
    "institution_merged", "institution_unmerged", "merged", "unmerged",
})  # fmt: skip
"""Kinds dated by the day on which they were entered, though they concern an earlier one."""


@dataclass(frozen=True, slots=True)
class Since:
    """One row that is otherwise than when the report went out, and the later records that can have made it so."""

    difference: UnitDifference
    events: tuple[Event, ...]

    @property
    def why(self) -> str:
        return why(self.events)


def since(office: OfficeSession, report: IssuedReport, found: Sequence[UnitDifference]) -> list[Since]:
    """Each difference with its later records, up to the day of the report, which is that of the session."""
    if not found:
        return []
    known = _Known(office)
    wanted = [known.meant(one) for one in found]
    agreements = {key for those, _ in wanted for key in those}
    institutions = {key for _, those in wanted for key in those}
    later = [
        one
        for one in later_events(office.db, report.event_id, agreements, institutions)
        if one.concerns <= report.as_of or one.event.kind in _OF_ANOTHER_DAY
    ]
    return [Since(one, tuple(causes(one, _of(later, *subject)))) for one, subject in zip(found, wanted, strict=True)]


def as_called_now(office: OfficeSession, units: Iterable[Unit]) -> Iterator[Unit]:
    """The same rows, institutions under the names they have by now on that day: a new name makes no other row of one."""
    called = {side.id: side.name for side in side_rows(office.db, office.today).values()}
    names, once = set(called.values()), defaultdict[str, set[int]](set)
    for key, name in former_names(office.db):
        once[name].add(key)
    for unit in units:
        keys = set() if unit.institution in names else once[unit.institution] & called.keys()
        yield replace(unit, institution=called[keys.pop()]) if len(keys) == 1 else unit


def _of(later: Sequence[LaterEvent], agreements: set[int], institutions: set[int]) -> list[Event]:
    return [one.event for one in later if one.agreement_id in agreements or one.institution_id in institutions]


class _Known:
    """Agreements and institutions of the day by what a row calls them."""

    def __init__(self, office: OfficeSession) -> None:
        self._called = defaultdict[str, set[int]](set)
        for side in side_rows(office.db, office.today).values():
            self._called[side.name].add(side.id)
        self._ids: dict[str, int] = {}
        self._of = defaultdict[int, set[int]](set)
        for one in standings(office.db, office.today):
            self._ids[one.agreement.number] = one.agreement.id
            for party in one.agreement.parties:
                self._of[party.institution_id].add(one.agreement.id)

    def meant(self, one: UnitDifference) -> tuple[set[int], set[int]]:
        """Agreements and institutions a row speaks of; of a row that is an institution, all agreements it has."""
        institutions = self._called.get(one.unit.institution, set())
        numbers = {unit.number for unit in (one.then, one.now) if unit is not None and unit.number}
        agreements = {self._ids[number] for number in numbers if number in self._ids}
        if not one.unit.note:
            agreements |= set().union(*(self._of[key] for key in institutions))
        return agreements, institutions
