"""Why a row of an issued report is otherwise now: what was recorded since about its agreements and its institution."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from yiyu.registry.lifecycle import Event
from yiyu.registry.reports.rolling import ask
from yiyu.registry.rules.issued import UnitDifference, causes, why
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import OfficeSession, PartOfRegion, Question
from yiyu.registry.store.events import LaterEvent, event_at, later_events
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
    """Each difference with its later records, up to the day of the report, which is that of the session.

    Of an office below later is what its packages brought that were received after the report went out.
    """
    if not found:
        return []
    known = {} if office.below is None else office.below.known_at(office, report.recorded_at)

    def own(part: OfficeSession) -> list[tuple[Event, ...]]:
        here = part.db is office.db
        moment = _known_until(known, part.workspace.config.region, report.recorded_at)
        return _explained(part, report.as_of, report.event_id if here else event_at(part.db, moment), found)

    def join(
        _office: OfficeSession, answers: Iterable[tuple[PartOfRegion, list[tuple[Event, ...]]]]
    ) -> list[tuple[Event, ...]]:
        every = zip(*(answer for _, answer in answers), strict=True)
        return [next(filter(None, those), ()) for those in every]

    explained = ask(office, Question("since", {}, own, join))
    return [Since(one, events) for one, events in zip(found, explained, strict=True)]


def _explained(
    office: OfficeSession, as_of: dt.date, after: int, found: Sequence[UnitDifference]
) -> list[tuple[Event, ...]]:
    """Of each difference the events later than ``after`` that can have made it so."""
    known = _Known(office)
    wanted = [known.meant(one) for one in found]
    agreements = {key for those, _ in wanted for key in those}
    institutions = {key for _, those in wanted for key in those}
    later = [
        one
        for one in later_events(office.db, after, agreements, institutions)
        if one.concerns <= as_of or one.event.kind in _OF_ANOTHER_DAY
    ]
    return [tuple(causes(one, _of(later, *subject))) for one, subject in zip(found, wanted, strict=True)]


def _known_until(known: Mapping[str, str], region: str, otherwise: str) -> str:
    """Up to when the facts of a region were known; of one within a city's package as those of the city."""
    return next((known[code] for code in sorted(known, reverse=True) if region.startswith(code.rstrip("0"))), otherwise)


def as_called_now(office: OfficeSession, units: Iterable[Unit]) -> Iterator[Unit]:
    """The same rows, institutions under the names they have by now on that day: a new name makes no other row of one."""
    called, former = ask(office, Question("names", {}, _names, _all_names))
    names, once = set(called.values()), defaultdict[str, set[tuple[str, int]]](set)
    for key, name in former:
        once[name].add(key)
    for unit in units:
        keys = set() if unit.institution in names else once[unit.institution] & called.keys()
        yield replace(unit, institution=called[keys.pop()]) if len(keys) == 1 else unit


_Names = tuple[dict[tuple[str, int], str], list[tuple[tuple[str, int], str]]]
"""What each institution is called on the day, by region of its office and id, and every name it had before."""


def _names(office: OfficeSession) -> _Names:
    region = office.workspace.config.region
    called = {(region, side.id): side.name for side in side_rows(office.db, office.today).values()}
    return called, [((region, key), name) for key, name in former_names(office.db)]


def _all_names(_office: OfficeSession, answers: Iterable[tuple[PartOfRegion, _Names]]) -> _Names:
    called: dict[tuple[str, int], str] = {}
    former: list[tuple[tuple[str, int], str]] = []
    for _, (names, earlier) in answers:
        called |= names
        former += earlier
    return called, former


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
