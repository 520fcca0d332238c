"""What lists and reminders name on a day: the recount's own reading of design.md#meanings and domain.md#notice-days."""

import datetime as dt
from collections.abc import Iterator
from functools import cache

import chinese_calendar
from recount.facts import DAY, Known, Standing

STEPS, UNSIGNED, EVIDENCE, LEAD, NOTICE = (90, 60, 30, 7), 14, 30, 10, 30
_FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
Reminder = tuple[str, str, dt.date, dt.date, dt.date]
"""Agreement, what, first day it is told, last day to act, day to begin."""


class Lists:
    """Agreements as they stand on ``day``."""

    def __init__(self, known: Known, day: dt.date) -> None:
        self._known, self._day = known, day
        self.all = [found for one in known.agreements.values() if (found := one.on(day))]
        self._next = {one.one.data["renews"] for one in self.all if one.signed_on and not one.voided}
        """Those whose next one all have signed: a draft is not a renewal."""

    def renewed(self, one: Standing) -> bool:
        return one.one.key in self._next

    def unsigned(self) -> set[str]:
        """Some party has not signed; nothing that is void or terminated."""
        return {one.one.key for one in self.all if one.signed_on is None and not one.over}

    def expiring(self, days: int) -> set[str]:
        """In force with at most so many days left, not renewed."""
        left = self._day + days * DAY
        return {one.one.key for one in self.all if one.in_force and one.ends <= left and not self.renewed(one)}

    def expired(self) -> set[str]:
        """Signed, begun and over by its day, not renewed."""
        return {one.one.key for one in self._past() if not self.renewed(one)}

    def _past(self) -> Iterator[Standing]:
        yield from (one for one in self.all if one.signed_on and not one.over and one.ends < self._day)

    def ending(self) -> dict[str, tuple[int, int]]:
        """By month, of what is signed and not over: how many end in it from the day on, and how many of these are renewed."""
        found: dict[str, tuple[int, int]] = {}
        for one in self.all:
            if one.signed_on and not one.over and one.ends >= self._day:
                ending, renewed = found.get(month := f"{one.ends:%Y-%m}", (0, 0))
                found[month] = (ending + 1, renewed + self.renewed(one))
        return found

    def reminders(self) -> set[Reminder]:
        """What has begun to be told by the day."""
        return {
            (one.one.key, what, on, back(deadline), begin(deadline))
            for one in self.all
            if not one.over and not self.renewed(one)
            for what, on, deadline in self._of(one)
            if on <= self._day
        }

    def _of(self, one: Standing) -> Iterator[tuple[str, dt.date, dt.date]]:
        starts = one.one.data["starts"]
        if one.signed_on is None:
            since = max(one.signed.values(), default=one.one.written)
            yield "unsigned", back(since + UNSIGNED * DAY), starts
            return
        if len(one.sealed) < len(one.one.roles) or not one.filing:
            deadline = one.signed_on + EVIDENCE * DAY
            yield "evidence", back(deadline), deadline
        if one.ends < self._day:
            yield "expired", one.ends + DAY, one.ends
            return
        begun = {days: max(back(one.ends - days * DAY), starts) for days in STEPS if one.ends - days * DAY >= starts}
        current = [days for days, on in begun.items() if on <= self._day]
        if current:
            yield f"expiring-{min(current)}", begun[min(current)], one.ends
        notice = one.ends - NOTICE * DAY
        asked = self._clause(one) == "auto" or (self._clause(one) != "none" and self._renewable(one))
        if asked and notice >= starts and self._day <= forth(notice):
            yield "notice", max(begin(notice), starts), notice

    def _renewable(self, one: Standing) -> bool:
        """Nobody is asked to agree on the renewal of what cannot be renewed: a side that is 停办 signs no more."""
        sides = (one.one.childcare, *one.one.medical)
        return all(self._known.institutions[key].open(self._day) for key in sides)

    def _clause(self, one: Standing) -> str:
        """What the paper says of its renewal; once is used up by an extension (domain.md#renewal)."""
        said = str(one.one.data["renewal"])
        if said == "auto_once":
            return "none" if one.extended else "auto"
        return said


@cache
def works(day: dt.date) -> bool:
    """A working day: as published, else by weekends and the days no notice moves (domain.md#working-days)."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5 and (day.month, day.day) not in _FIXED


def back(day: dt.date) -> dt.date:
    while not works(day):
        day -= DAY
    return day


def forth(day: dt.date) -> dt.date:
    while not works(day):
        day += DAY
    return day


def begin(deadline: dt.date) -> dt.date:
    """So that LEAD working days are left, the first and the last counted."""
    day = back(deadline)
    for _ in range(LEAD - 1):
        day = back(day - DAY)
    return day
