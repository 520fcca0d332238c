"""Every agreement as it stands, kept between two questions: after a write only what it may have moved is read again."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import attrgetter

from yiyu.registry.agreements.listing import found_by, in_scope
from yiyu.registry.rules.search import Keyed, keyed
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.bulk import gc_paused
from yiyu.registry.store.changed_since import Position, changed_agreements, position
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.standings import AgreementStatus, standings


@dataclass(frozen=True, slots=True, eq=False)
class KeptAgreement:
    """Where it stands on the day, and what a search finds it by."""

    standing: AgreementStatus
    found_by: Keyed

    @property
    def number(self) -> str:
        return self.standing.agreement.number


@dataclass(frozen=True, slots=True, eq=False)
class KeptAgreements:
    """Those of the session's day and scope, by number; ``position``: how far the registry had come."""

    position: Position
    all: tuple[KeptAgreement, ...]


def keep_agreements(office: OfficeSession, kept: KeptAgreements | None = None) -> KeptAgreements:
    """All of them, read from ``kept`` of the same day and scope but for what was recorded since, where that is little."""
    now = position(office.db)
    changed = None if kept is None else changed_agreements(office.db, kept.position)
    with gc_paused():
        if kept is None or changed is None:
            return KeptAgreements(now, tuple(_read(office, None)))
        if not changed:
            return KeptAgreements(now, kept.all)
        stale = changed | _renewed_by(kept, changed)
        same = [one for one in kept.all if one.standing.agreement.id not in stale]
        return KeptAgreements(now, tuple(sorted([*same, *_read(office, stale)], key=attrgetter("number"))))


def _renewed_by(kept: KeptAgreements, changed: Collection[int]) -> set[int]:
    """What the changed ones renewed when the list was made: a number taken back names no predecessor any more."""
    numbers = {one.number for one in kept.all if one.standing.agreement.id in changed}
    return {
        one.standing.agreement.id
        for one in kept.all
        if one.standing.renewed_by in numbers or one.standing.renewal_draft in numbers
    }


def _read(office: OfficeSession, ids: Collection[int] | None) -> Iterator[KeptAgreement]:
    found = in_scope(office, standings(office.db, office.today, ids))
    sides = None if ids is None else {party.institution_id for one in found for party in one.agreement.parties}
    known = {one.id: one for one in all_institutions(office.db, office.today, sides)}
    return (KeptAgreement(one, keyed(found_by(one, known))) for one in found)
