"""What does not fit together between the terms of one pair and variant: overlap, gap, double signing."""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from yiyu.registry.session import OfficeSession
from yiyu.registry.store.standings import AgreementStatus, standings

CONFLICT_LABEL = {"overlap": "期限重叠", "gap": "期限中断", "double": "重复签署"}


@dataclass(frozen=True, slots=True)
class Conflict:
    """``days`` is how long; a double signing is an overlap of two that are both signed."""

    kind: str
    earlier: str
    later: str
    from_day: dt.date
    to_day: dt.date
    days: int


def find_conflicts(office: OfficeSession) -> list[Conflict]:
    """Overlaps and gaps between agreements that are neither void nor terminated, by number."""
    seats: dict[tuple[object, ...], list[AgreementStatus]] = {}
    for one in standings(office.db, office.today):
        if not one.state.ended:
            sides = tuple(party.institution_id for party in one.agreement.parties)
            seats.setdefault((*sides, one.agreement.variant), []).append(one)
    return [conflict for terms in seats.values() for conflict in _between(terms)]


def _between(terms: list[AgreementStatus]) -> Iterator[Conflict]:
    terms = sorted(terms, key=lambda s: (s.agreement.starts_on, s.agreement.number))
    for earlier, later in itertools.combinations(terms, 2):
        first, last = later.agreement.starts_on, min(earlier.ends_on, later.ends_on)
        if first <= last:
            both = earlier.state.signing == later.state.signing == "signed"
            yield _conflict("double" if both else "overlap", earlier, later, first, last)
    reached = terms[0]
    for later in terms[1:]:
        first, last = reached.ends_on + dt.timedelta(days=1), later.agreement.starts_on - dt.timedelta(days=1)
        if first <= last:
            yield _conflict("gap", reached, later, first, last)
        reached = max(reached, later, key=lambda s: s.ends_on)


def _conflict(kind: str, earlier: AgreementStatus, later: AgreementStatus, first: dt.date, last: dt.date) -> Conflict:
    numbers = earlier.agreement.number, later.agreement.number
    return Conflict(kind, *numbers, first, last, (last - first).days + 1)
