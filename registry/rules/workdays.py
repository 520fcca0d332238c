"""Working days with 调休. Pure: chinesecalendar, then the office's own year tables, else weekends, and it says so.

The State Council publishes one year at a time, in about November; a later year is only guessed at
(domain.md#working-days).
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import chinese_calendar

FIXED_HOLIDAYS = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Month and day of the holidays that no notice can move (全国年节及纪念日放假办法, 2024 version, art. 2)."""

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class YearTable:
    """One year's notice as the office entered it: days off, weekend days worked. What it lists wins over the rest.

    A notice may name days of the December before (2018-12-29 was worked for the New Year of 2019).
    """

    year: int
    off: frozenset[dt.date]
    working: frozenset[dt.date]


Tables = tuple[YearTable, ...]
"""In the order of years."""


class Workday(NamedTuple):
    """``known`` is false when nobody has published that year: then only weekends and fixed holidays are off."""

    working: bool
    known: bool


class CountedDay(NamedTuple):
    """A day reached by counting working days; ``known`` only if every day looked at on the way is."""

    day: dt.date
    known: bool


class Count(NamedTuple):
    days: int
    known: bool


def is_working_day(day: dt.date, tables: Tables) -> Workday:
    """Whether offices work on ``day``; of two tables that name it the later one wins."""
    for table in reversed(tables):
        if day in table.off or day in table.working:
            return Workday(day in table.working, known=True)
    published = _published(day)
    if published is not None:
        return Workday(published, known=True)
    working = day.weekday() < 5 and (day.month, day.day) not in FIXED_HOLIDAYS
    return Workday(working, known=any(table.year == day.year for table in tables))


def is_published(year: int) -> bool:
    """Whether chinesecalendar has the notice of ``year``."""
    return _published(dt.date(year, 10, 1)) is not None


def previous_working_day(day: dt.date, tables: Tables) -> CountedDay:
    """The last working day not after ``day``: where a reminder to act moves (domain.md#notice-days)."""
    return _first_working_day(day, -_DAY, tables)


def next_working_day(day: dt.date, tables: Tables) -> CountedDay:
    """The first working day not before ``day``: where a period that ends on a day of rest ends by law (民法典 203)."""
    return _first_working_day(day, _DAY, tables)


def working_days_between(first: dt.date, last: dt.date, tables: Tables) -> Count:
    """How many working days there are from ``first`` to ``last``, both counted; 0 when they are in the wrong order."""
    answers = [is_working_day(first + index * _DAY, tables) for index in range((last - first).days + 1)]
    return Count(sum(answer.working for answer in answers), all(answer.known for answer in answers))


@lru_cache(maxsize=10_000)
def start_by(deadline: dt.date, working_days: int, tables: Tables) -> CountedDay:
    """The latest day from which ``working_days`` working days are left, itself and the deadline's counted.

    Raises ValueError below one.
    """
    if working_days < 1:
        raise ValueError("至少留一个工作日")
    found = previous_working_day(deadline, tables)
    for _ in range(working_days - 1):
        earlier = previous_working_day(found.day - _DAY, tables)
        found = CountedDay(earlier.day, known=found.known and earlier.known)
    return found


@lru_cache(maxsize=10_000)
def _first_working_day(day: dt.date, step: dt.timedelta, tables: Tables) -> CountedDay:
    known = True
    while True:
        answer = is_working_day(day, tables)
        known = known and answer.known
        if answer.working:
            return CountedDay(day, known)
        day += step


@lru_cache(maxsize=10_000)
def _published(day: dt.date) -> bool | None:
    """What chinesecalendar says, None outside its years; kept, as it searches its whole table for each day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
