"""The plan against every plan there is, on cases small enough to try them all."""

import datetime as dt
import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiyu.registry.rules.duties.planning import Trip, plan_trips

DAYS = [dt.date(2026, 11, 23) + dt.timedelta(days=count) for count in range(5)]
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = DAYS

trips = st.builds(
    lambda town, days: Trip(1, town, min(days), max(days)),
    st.sampled_from("甲乙丙"),
    st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)),
)


def most(wanted: list[Trip], days: list[dt.date], per_day: int) -> int:
    """The largest number of trips that some choice of a day, or of none, for each trip makes without overload."""
    best = 0
    for choice in itertools.product([None, *days], repeat=len(wanted)):
        load = Counter(day for day in choice if day)
        fits = all(day is None or trip.opens <= day <= trip.last for trip, day in zip(wanted, choice, strict=True))
        if fits and all(count <= per_day for count in load.values()):
            best = max(best, load.total())
    return best


@settings(max_examples=150)
@given(st.lists(trips, max_size=6), st.lists(st.sampled_from(DAYS), max_size=4, unique=True), st.integers(1, 2))
def test_no_plan_meets_more(wanted: list[Trip], days: list[dt.date], per_day: int) -> None:
    days = sorted(days)
    planned = plan_trips(wanted, days, per_day)
    load = Counter(day for day in planned if day)
    assert all(day in days and trip.opens <= day <= trip.last for trip, day in zip(wanted, planned, strict=True) if day)
    assert all(count <= per_day for count in load.values())
    assert load.total() == most(wanted, days, per_day)


def test_each_provider_has_days_of_its_own() -> None:
    wanted = [Trip(provider, "", MONDAY, MONDAY) for provider in (1, 1, 2, 2, 2)]
    assert plan_trips(wanted, [MONDAY], 2) == [MONDAY, MONDAY, MONDAY, MONDAY, None]


@pytest.mark.parametrize(
    ("towns", "expected"),
    [("甲乙乙甲", {"甲": 1, "乙": 1}), ("甲乙乙", {"甲": 1, "乙": 1}), ("甲甲乙乙丙丙", {"甲": 1, "乙": 1, "丙": 1})],
)
def test_one_town_is_gone_to_on_one_day_where_nothing_presses(towns: str, expected: dict[str, int]) -> None:
    wanted = [Trip(1, town, MONDAY, FRIDAY) for town in towns]
    planned = plan_trips(wanted, DAYS, 2)
    assert None not in planned
    assert Counter(town for town, _ in set(zip(towns, planned, strict=True))) == expected


def test_a_trip_of_the_same_town_never_costs_another_its_deadline() -> None:
    wanted = [Trip(1, "甲", MONDAY, MONDAY), Trip(1, "甲", MONDAY, FRIDAY), Trip(1, "乙", MONDAY, MONDAY)]
    assert plan_trips(wanted, DAYS, 2) == [MONDAY, TUESDAY, MONDAY]


def test_a_later_trip_goes_along_where_the_rest_still_fits() -> None:
    wanted = [Trip(1, "甲", MONDAY, MONDAY), Trip(1, "乙", MONDAY, TUESDAY), Trip(1, "甲", MONDAY, FRIDAY)]
    assert plan_trips(wanted, DAYS, 2) == [MONDAY, TUESDAY, MONDAY]
