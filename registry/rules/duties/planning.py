"""One duty in one period as a row; and which trip on which day: as many in time as can be, one town together.

A trip fits any working day from the one it may begin to its last; a provider makes so many a day. Taking each day the
trips that end soonest meets the most (Glover 1967, matching in a convex bipartite graph); another trip is preferred for
its town only where as many remain possible without it.
"""

import datetime as dt
from bisect import insort
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from yiyu.registry.model import Variant

STATE_LABEL = {
    "not_yet": "未到期",
    "due": "应做",
    "done": "已完成",
    "late": "逾期完成",
    "missed": "未完成",
    "waived": "免除",
    "exempt": "不计",
}
"""The states of a duty. ``waived`` and ``exempt`` leave the denominator of every rate."""


@dataclass(slots=True)
class DutyRow:
    """One duty, one period. What the institution itself owes (provider TY) has neither number nor variant.

    ``duty`` is the pack's key, or the item's code where only the agreement's own list asks for it. ``district`` is the
    six-digit code; ``activity`` the number of the activity that completes it, or the last that counted so far;
    ``source`` the place in the notice. Not frozen: of a large office there are hundreds of thousands, and freezing would
    take a third of the time.
    """

    duty: str
    title: str
    institution: str
    institution_id: int
    provider: str
    provider_id: int
    number: str
    district: str
    variant: Variant | None
    period: str
    due_by: dt.date
    state: str
    done_on: dt.date | None
    activity: str
    reason: str
    items: tuple[str, ...]
    forms: tuple[str, ...]
    needed: int
    done: int
    source: str
    opens_on: dt.date
    """From when it is owed."""
    activities: tuple[str, ...] = ()
    """Every activity that counts, in the order of days."""


@dataclass(frozen=True, slots=True)
class Trip:
    """One journey of a provider to an institution, for all of ``rows`` that it can settle. Both days belong to it."""

    provider_id: int
    town: str
    opens: dt.date
    last: dt.date
    rows: tuple[DutyRow, ...] = ()


def plan_trips(trips: Sequence[Trip], days: Sequence[dt.date], per_day: int) -> list[dt.date | None]:
    """The day of each of ``trips``, None where there is none in time. ``days``: the working days left, in order."""
    found: list[dt.date | None] = [None] * len(trips)
    of_provider: dict[int, list[int]] = {}
    for index, trip in enumerate(trips):
        of_provider.setdefault(trip.provider_id, []).append(index)
    for members in of_provider.values():
        left = dict.fromkeys(sorted(members, key=lambda index: (trips[index].last, trips[index].opens, index)))
        for place, day in enumerate(days):
            later, towns = days[place + 1 :], set[str]()
            for free in range(per_day - 1, -1, -1):
                chosen = _choose(
                    trips, left, day, towns, [day] * free + [each for each in later for _ in range(per_day)]
                )
                if chosen is None:
                    break
                found[chosen] = day
                towns.add(trips[chosen].town)
                del left[chosen]
    return found


def _choose(
    trips: Sequence[Trip], left: Collection[int], day: dt.date, towns: Collection[str], rest: Sequence[dt.date]
) -> int | None:
    """The next trip of ``day``: ``left`` in the order of their last days, ``towns`` gone to already, ``rest`` the slots after."""
    ready = [index for index in left if trips[index].opens <= day <= trips[index].last]
    if not ready:
        return None
    pressing = [index for index in ready if trips[index].last == trips[ready[0]].last]
    together = Counter(trips[index].town for index in ready)
    first = max(pressing, key=lambda index: (trips[index].town in towns, together[trips[index].town]))
    near = next((index for index in ready if trips[index].town in towns), first)
    if near == first:
        return first
    possible = [_most([trips[one] for one in left if one != index], rest) for index in (near, first)]
    return near if possible[0] == possible[1] else first


def _most(trips: Sequence[Trip], slots: Sequence[dt.date]) -> int:
    """How many of ``trips`` can be met in ``slots``, one each; the slots in order."""
    waiting = sorted(trips, key=lambda trip: trip.opens, reverse=True)
    open_: list[dt.date] = []
    met = 0
    for slot in slots:
        while waiting and waiting[-1].opens <= slot:
            insort(open_, waiting.pop().last)
        open_ = [last for last in open_ if last >= slot]
        met += bool(open_)
        open_ = open_[1:]
    return met
