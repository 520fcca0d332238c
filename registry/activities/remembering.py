"""What the next visit most likely is like: read from the last ones under the same agreements, and of whoever records it."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yiyu.registry.activities.matching import Items
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import Agreement
from yiyu.registry.rules.activities import Activity, Person
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.activity_marks import newest_activities
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.duties import same_childcare
from yiyu.registry.store.standings import AgreementStatus, standings

_LAST, _OFFERED = 12, 12
"""So many visits are looked at, so many people offered."""


@dataclass(frozen=True, slots=True)
class LikelyVisit:
    """``last``: the newest visit under these agreements, or None. ``people`` went then; ``others`` went before, or with this clerk.

    ``items``: code and name of what the agreements list. ``beside``: other agreements in force with the same 托育机构.
    """

    agreements: tuple[Agreement, ...]
    last: Activity | None
    people: tuple[Person, ...]
    others: tuple[Person, ...]
    items: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[AgreementStatus, ...] = ()


def likely_visit(office: OfficeSession, numbers: Sequence[str]) -> LikelyVisit:
    """What to offer for a visit under agreements. Raises NotFound for an unknown number."""
    ids = [*numbers_to_ids(office, numbers).values()]
    agreements = tuple(load_agreements(office.db, ids))
    own = _newest(office, newest_activities(office.db, _LAST, agreement_ids=ids))
    mine = _newest(office, newest_activities(office.db, _LAST, actor=office.actor))
    people = _each(own[0].people) if own else ()
    known = {one.name for one in people}
    others = _each(itertools.chain.from_iterable(one.people for one in (*own[1:], *mine)))
    names = Items(office).names(dict.fromkeys(one.pack for one in agreements))
    listed = dict.fromkeys(item.code for one in agreements for item in one.items)
    return LikelyVisit(
        agreements,
        own[0] if own else None,
        people,
        tuple(one for one in others if one.name not in known)[:_OFFERED],
        {code: names.get(code, code) for code in listed},
        _beside(office, agreements),
    )


def _newest(office: OfficeSession, ids: Sequence[int]) -> list[Activity]:
    return load_activities(office.db, ids=ids, last=office.today)[::-1] if ids else []


def _each(people: Iterable[Person]) -> tuple[Person, ...]:
    """Each once, as last written, without the hours of that day."""
    found: dict[str, Person] = {}
    for one in people:
        found.setdefault(one.name, replace(one, arrives=None, leaves=None))
    return tuple(found.values())


def _beside(office: OfficeSession, agreements: Sequence[Agreement]) -> tuple[AgreementStatus, ...]:
    own = {one.id for one in agreements}
    ids = same_childcare(office.db, own) - own
    return tuple(one for one in standings(office.db, office.today, ids) if one.in_force) if ids else ()
