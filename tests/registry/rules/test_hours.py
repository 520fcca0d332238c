import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.rules.hours import REASONS, Stay, person_hours

DAY = dt.date(2026, 3, 10)


def stay(**more: object) -> Stay:
    base: dict[str, object] = {
        "person": "王某某", "unit": "东胜区妇幼保健院", "department": "儿童保健科", "title": "主治医师",
        "activity": "HD-2026-0001", "on": DAY, "starts": dt.time(9), "ends": dt.time(11, 30), "minutes": None,
        "place": "甲托育中心", "district": "150602", "in_term": True, "evidence": True,
    }  # fmt: skip
    return Stay(**(base | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "more"),
    [
        ("no-hours", {"starts": None, "ends": None}),
        ("too-long", {"starts": dt.time(6), "ends": dt.time(18, 1)}),
        ("outside-term", {"in_term": False}),
        ("no-evidence", {"evidence": False}),
        ("department", {"department": "外科"}),
    ],
)
def test_what_cannot_be_certified_is_left_out_with_its_reason(reason: str, more: dict[str, object]) -> None:
    rows = person_hours([stay(), stay(activity="HD-2026-0002", on=dt.date(2026, 3, 11), **more)], ["儿童保健", "儿保"])
    assert sum(one.hours for one in rows) == 2.5
    assert [stay.excluded for one in rows for stay in one.stays] == ["", reason]
    assert REASONS[reason]


def test_nobody_is_in_two_places_at_once() -> None:
    stays = [stay(), stay(activity="HD-2026-0002", starts=dt.time(11), ends=dt.time(12), place="乙托育中心")]
    (person,) = person_hours(stays, [])
    assert [one.excluded for one in person.stays] == ["overlap", "overlap"]
    after = [stay(), stay(activity="HD-2026-0002", starts=dt.time(11, 30), ends=dt.time(12), place="乙托育中心")]
    (person,) = person_hours(after, [])
    assert (person.hours, person.visits, person.places) == (3.0, 2, 2)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40),
            st.integers(1, 20),
            st.sampled_from("甲乙丙"),
            st.sampled_from((DAY, dt.date(2026, 3, 11))),
        ),
        max_size=12,
    )
)
def test_who_is_in_two_places_is_found_as_by_holding_each_stay_against_each_other(
    given: list[tuple[int, int, str, dt.date]],
) -> None:
    def clock(quarter: int) -> dt.time:
        return dt.time(quarter // 4, quarter % 4 * 15)

    stays = [
        stay(activity=f"HD-2026-{at:04}", on=on, starts=clock(first), ends=clock(first + long), place=place)
        for at, (first, long, place, on) in enumerate(given)
    ]
    overlapping = {
        one.activity
        for one, other in itertools.permutations(stays, 2)
        if one.on == other.on and one.place != other.place
        and one.starts < other.ends and other.starts < one.ends  # type: ignore[operator]
    }  # fmt: skip
    found = {one.activity for person in person_hours(stays, []) for one in person.stays if one.excluded == "overlap"}
    assert found == overlapping


def test_one_visit_written_down_for_two_agreements_counts_once() -> None:
    (person,) = person_hours([stay(), stay(activity="HD-2026-0002", starts=dt.time(10), ends=dt.time(12))], [])
    assert (person.hours, person.visits) == (3.0, 1)


def test_only_a_length_counts_where_no_hours_are_known() -> None:
    (person,) = person_hours([stay(starts=None, ends=None, minutes=90)], [])
    assert person.hours == 1.5


def test_hours_are_told_to_a_hundredth() -> None:
    (person,) = person_hours([stay(starts=None, ends=None, minutes=100)], [])
    assert person.hours == 1.67


def test_two_units_of_one_name_are_two_people() -> None:
    assert len(person_hours([stay(), stay(unit="准格尔旗妇幼保健院")], [])) == 2


def test_two_of_one_name_in_one_hospital_are_told_apart_by_their_department() -> None:
    elsewhere = stay(activity="HD-2026-0002", place="乙托育中心", department="儿科", ends=dt.time(10))
    rows = person_hours([stay(), elsewhere], [])
    assert [(one.department, one.hours) for one in rows] == [("儿童保健科", 2.5), ("儿科", 1.0)]


@pytest.mark.parametrize("written", ["", "儿保科", "儿保门诊", "儿童 保健科", "儿童保健"])
def test_one_department_however_it_is_written_is_one_person(written: str) -> None:
    (one,) = person_hours([stay(), stay(activity="HD-2026-0002", on=dt.date(2026, 3, 11), department=written)], [])
    assert (one.hours, one.department) == (5.0, written or "儿童保健科")


hours = st.tuples(st.integers(6, 20), st.integers(0, 59))
generated = st.lists(
    st.builds(
        stay,
        person=st.sampled_from(["王某某", "李某某"]),
        on=st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 4)),
        starts=hours.map(lambda pair: dt.time(*pair)),
        ends=hours.map(lambda pair: dt.time(*pair)),
        place=st.sampled_from(["甲", "乙", "丙"]),
        evidence=st.booleans(),
        in_term=st.booleans(),
    ),
    max_size=12,
)


@given(generated)
def test_totals_are_what_a_minute_by_minute_count_gives(stays: list[Stay]) -> None:
    """An oracle that walks every minute: where a person is in two places, no stay of that moment counts at all."""
    expected = 0
    for who, day in itertools.product(("王某某", "李某某"), sorted({one.on for one in stays})):
        own = [one for one in stays if (one.person, one.on) == (who, day) and one.length > 0]
        minutes = {id(one): set(range(_at(one.starts), _at(one.ends))) for one in own}
        clean = [
            one
            for one in own
            if one.in_term and one.evidence and one.length <= 720
            and not any(minutes[id(one)] & minutes[id(other)] for other in own if other.place != one.place)
        ]  # fmt: skip
        for place in ("甲", "乙", "丙"):
            expected += len(set().union(*(minutes[id(one)] for one in clean if one.place == place), set()))
    assert sum(person.minutes for person in person_hours(stays, [])) == expected


@given(generated, st.randoms())
def test_the_order_of_the_records_changes_nothing(stays: list[Stay], random: object) -> None:
    shuffled = list(stays)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    totals = [{(p.person, p.minutes, p.visits) for p in person_hours(rows, [])} for rows in (stays, shuffled)]
    assert totals[0] == totals[1]


def _at(time: dt.time | None) -> int:
    assert time is not None
    return time.hour * 60 + time.minute
