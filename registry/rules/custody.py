"""Where a 件 is and whether it may be destroyed: loans and holds, from their events. Pure.

Source: 机关档案管理规定（国家档案局令第13号）, lending is registered and urged back, appraisal comes before destruction;
DA/T 22-2015 for the 件.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yiyu.registry.lifecycle import Event

LOAN_STEPS = ("lent", "brought_back")
HOLD_STEPS = ("held", "hold_ended")


@dataclass(frozen=True, slots=True)
class ItemEvent:
    """An event of one 件, of which ``number`` is the agreement and ``archive_no`` the 档号."""

    number: str
    archive_no: str
    event: Event


@dataclass(frozen=True, slots=True)
class Loan:
    """A 件 that somebody took; ``purpose`` in words, ``returned_on`` None while it is out."""

    archive_no: str
    number: str
    borrower: str
    lent_on: dt.date
    due_on: dt.date
    purpose: str
    returned_on: dt.date | None = None

    def overdue_on(self, day: dt.date) -> bool:
        return self.due_on < (self.returned_on or day)


@dataclass(frozen=True, slots=True)
class Hold:
    """A 件 that may not be destroyed, whatever its term, and why; ``ended_on`` None while that stands."""

    archive_no: str
    number: str
    reason: str
    since: dt.date
    ended_on: dt.date | None = None


def loans(events: Iterable[ItemEvent], day: dt.date) -> list[Loan]:
    """Every loan up to ``day``, as it stood then, in the order they were recorded."""
    found = []
    for lent, ended_on in _spans(events, LOAN_STEPS, day):
        data = lent.event.data
        due_on = dt.date.fromisoformat(str(data["due_on"]))
        told = (lent.archive_no, lent.number, str(data["borrower"]), lent.event.on, due_on, lent.event.note)
        found.append(Loan(*told, ended_on))
    return found


def holds(events: Iterable[ItemEvent], day: dt.date) -> list[Hold]:
    """Every hold up to ``day``, as it stood then, in the order they were recorded."""
    return [
        Hold(held.archive_no, held.number, held.event.note, held.event.on, ended_on)
        for held, ended_on in _spans(events, HOLD_STEPS, day)
    ]


def _spans(
    events: Iterable[ItemEvent], steps: tuple[str, str], day: dt.date
) -> Iterator[tuple[ItemEvent, dt.date | None]]:
    """Each event of the first kind, and the day of the next of the second kind of the same 件."""
    begins, ends = steps
    spans: list[tuple[ItemEvent, dt.date | None]] = []
    open_: dict[str, int] = {}
    for one in sorted((one for one in events if one.event.on <= day), key=lambda one: one.event.id):
        if one.event.kind == begins:
            open_[one.archive_no] = len(spans)
            spans.append((one, None))
        elif one.event.kind == ends and one.archive_no in open_:
            at = open_.pop(one.archive_no)
            spans[at] = spans[at][0], one.event.on
    return iter(spans)
