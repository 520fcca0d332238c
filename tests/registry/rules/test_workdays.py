import datetime as dt
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.rules.workdays import (
    Count,
    CountedDay,
    Workday,
    YearTable,
    is_published,
    is_working_day,
    next_working_day,
    previous_working_day,
    start_by,
    working_days_between,
)

D = dt.date
NONE = ()
UNKNOWN = next(year for year in count(2027) if not is_published(year))
DAYS = st.dates(D(2023, 1, 1), D(UNKNOWN + 1, 12, 31))

# The notice for 2026, as domain.md#working-days has it.
OFF_2026 = [("01-01", "01-03"), ("02-15", "02-23"), ("04-04", "04-06"), ("05-01", "05-05"), ("06-19", "06-21"),
            ("09-25", "09-27"), ("10-01", "10-07")]  # fmt: skip
WORKING_2026 = {"01-04", "02-14", "02-28", "05-09", "09-20", "10-10"}


def spans(year: int, *pairs: tuple[str, str]) -> frozenset[dt.date]:
    found = set()
    for first, last in pairs:
        day = D.fromisoformat(f"{year}-{first}")
        while day <= D.fromisoformat(f"{year}-{last}"):
            found.add(day)
            day += dt.timedelta(days=1)
    return frozenset(found)


def test_every_day_of_2026_is_as_the_notice_says() -> None:
    off = spans(2026, *OFF_2026)
    assert len(off) == 33
    for day in spans(2026, ("01-01", "12-31")):
        working = f"{day:%m-%d}" in WORKING_2026 or (day.weekday() < 5 and day not in off)
        assert is_working_day(day, NONE) == Workday(working, known=True), day


# The whole table of domain.md#notice-days: the day, where a reminder moves, where the law moves
ACTS = [
    ("2025-09-14", "2025-09-12", "2025-09-15"),
    ("2026-09-20", "2026-09-20", "2026-09-20"),
    ("2026-10-04", "2026-09-30", "2026-10-08"),
    ("2026-02-14", "2026-02-14", "2026-02-14"),
    ("2026-02-18", "2026-02-14", "2026-02-24"),
    ("2026-01-03", "2025-12-31", "2026-01-04"),
]


@pytest.mark.parametrize(("day", "earlier", "later"), ACTS)
def test_an_act_moves_earlier_to_remind_and_later_by_law(day: str, earlier: str, later: str) -> None:
    due = D.fromisoformat(day)
    assert previous_working_day(due, NONE) == CountedDay(D.fromisoformat(earlier), known=True)
    assert next_working_day(due, NONE) == CountedDay(D.fromisoformat(later), known=True)


def test_an_unpublished_year_has_weekends_and_fixed_holidays_and_says_so() -> None:
    for day in spans(UNKNOWN, ("01-01", "12-31")):
        fixed = f"{day:%m-%d}" in ("01-01", "05-01", "05-02", "10-01", "10-02", "10-03")
        assert is_working_day(day, NONE) == Workday(day.weekday() < 5 and not fixed, known=False)


def test_a_count_that_looks_into_an_unpublished_year_says_so() -> None:
    last, first = D(UNKNOWN - 1, 12, 31), D(UNKNOWN, 1, 1)
    assert previous_working_day(last, NONE).known
    assert not previous_working_day(first, NONE).known
    assert not working_days_between(last, first, NONE).known
    assert not start_by(D(UNKNOWN, 1, 15), 15, NONE).known
    assert start_by(last, 15, NONE).known
    later = (YearTable(UNKNOWN + 1, off=frozenset({D(UNKNOWN + 1, 1, 1)}), working=frozenset()),)
    assert start_by(D(UNKNOWN + 1, 1, 20), 5, later).known
    assert not start_by(D(UNKNOWN + 1, 1, 20), 30, later).known


def test_the_offices_own_table_makes_a_year_known() -> None:
    sunday = next(day for day in sorted(spans(UNKNOWN, ("02-01", "02-28"))) if day.weekday() == 6)
    week = frozenset(sunday + dt.timedelta(days=n) for n in range(8, 13))
    table = (YearTable(UNKNOWN, off=week, working=frozenset({sunday})),)
    assert is_working_day(sunday, table) == Workday(working=True, known=True)
    assert is_working_day(min(week), table) == Workday(working=False, known=True)
    assert is_working_day(max(week) + dt.timedelta(days=3), table) == Workday(working=True, known=True)
    assert previous_working_day(max(week), table) == CountedDay(sunday + dt.timedelta(days=5), known=True)


def test_the_offices_own_table_overrides_a_published_year_only_where_it_speaks() -> None:
    naadam = frozenset({D(2026, 7, 13)})
    table = (YearTable(2026, off=naadam, working=frozenset({D(2026, 10, 5)})),)
    assert is_working_day(D(2026, 7, 13), table) == Workday(working=False, known=True)
    assert is_working_day(D(2026, 10, 5), table) == Workday(working=True, known=True)
    assert is_working_day(D(2026, 9, 20), table) == Workday(working=True, known=True)


def test_a_notice_speaks_of_the_december_before_and_the_later_notice_wins() -> None:
    day = D(2026, 12, 27)
    ruled = YearTable(2027, off=frozenset(), working=frozenset({day}))
    assert is_working_day(day, (ruled,)) == Workday(working=True, known=True)
    assert is_working_day(day, (YearTable(2026, frozenset({day}), frozenset()), ruled)).working


@given(DAYS)
def test_the_nearest_working_days_are_working_with_none_between(day: dt.date) -> None:
    before, after = previous_working_day(day, NONE).day, next_working_day(day, NONE).day
    assert before <= day <= after
    assert is_working_day(before, NONE).working
    assert is_working_day(after, NONE).working
    assert working_days_between(before, after, NONE).days == (1 if before == after else 2)


@given(DAYS, st.integers(1, 40))
def test_starting_by_a_day_leaves_just_so_many_working_days(deadline: dt.date, days: int) -> None:
    first = start_by(deadline, days, NONE).day
    assert is_working_day(first, NONE).working
    assert working_days_between(first, deadline, NONE).days == days


def test_the_days_before_spring_festival_2026_are_counted_with_the_saturday_worked() -> None:
    assert start_by(D(2026, 2, 23), 10, NONE) == CountedDay(D(2026, 2, 3), known=True)
    assert working_days_between(D(2026, 2, 9), D(2026, 2, 28), NONE) == Count(11, known=True)


def test_days_in_the_wrong_order_hold_none_between() -> None:
    assert working_days_between(D(2026, 3, 2), D(2026, 3, 1), NONE).days == 0


def test_starting_with_no_day_left_is_refused() -> None:
    with pytest.raises(ValueError, match="一个工作日"):
        start_by(D(2026, 3, 2), 0, NONE)
