"""What a raw input is, and the few words all of the recount and the office it counts have in common. Plain data."""

import calendar
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

FIRST, LAST = dt.date(2024, 11, 4), dt.date(2026, 11, 16)
"""The office is at work between these Mondays; every fourth Monday it writes down what has come in."""
DISTRICTS = ("150602", "150603", "150621", "150622", "150623", "150624", "150625", "150626", "150627")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing written down: ``on`` is the day it concerns, ``recorded`` that of writing, ``key`` what others name it by."""

    recorded: dt.date
    what: str
    key: str
    on: dt.date
    data: dict[str, Any] = field(default_factory=dict)


def monday(day: dt.date) -> dt.date:
    """The first day of writing that is not before ``day``."""
    return max(FIRST, day + dt.timedelta(days=(FIRST - day).days % 28))


def code_of(key: str) -> str:
    """A code to find the institution by, whatever it is called."""
    return f"911506{key:0>12}"


def term_end(start: dt.date, months: int) -> dt.date:
    """The day before the corresponding day; a month without that day ends on its last (domain.md#term-end)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return (
        dt.date(year, month + 1, last)
        if start.day > last
        else dt.date(year, month + 1, start.day) - dt.timedelta(days=1)
    )
