"""What differs between two lists of rows accounts for the whole difference of their figures."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.lifecycle import Event
from yiyu.registry.rules.issued import UnitDifference, causes, counted_why, differences, why
from yiyu.registry.rules.rates import Unit, rates

UNITS = st.lists(
    st.builds(
        Unit,
        indicator=st.sampled_from(["signed", "visits", "archived", "rectified"]),
        district=st.sampled_from(["150602", "150603"]),
        town=st.just(""),
        provider=st.just(""),
        institution=st.sampled_from(["甲托育中心", "乙托育中心"]),
        number=st.sampled_from(["", "JC-1", "JC-2"]),
        counts=st.booleans(),
        note=st.sampled_from(["", "上门 2026Q3"]),
    ),
    max_size=12,
)


@given(UNITS, UNITS)
def test_the_rows_that_differ_make_up_the_difference_of_every_figure(then: list[Unit], now: list[Unit]) -> None:
    found = differences(then, now)
    before, after = rates(then, "district"), rates(now, "district")
    gone = rates((one.then for one in found if one.then), "district")
    come = rates((one.now for one in found if one.now), "district")
    for district in ("", "150602", "150603"):
        for indicator in before[""]:
            pairs = [
                (rate.numerator, rate.denominator) if (rate := group.get(district, {}).get(indicator)) else (0, 0)
                for group in (before, gone, come, after)
            ]
            (a, b), (c, d), (e, f), (g, h) = pairs
            assert (a - c + e, b - d + f) == (g, h)


@given(UNITS, st.randoms(use_true_random=False))
def test_rows_in_another_order_or_said_otherwise_differ_in_nothing(units: list[Unit], random: object) -> None:
    other = [Unit(**{name: getattr(one, name) for name in Unit.__slots__}) for one in units]
    random.shuffle(other)  # type: ignore[attr-defined]
    for one in other:
        one.reason, one.responsible = "另一种说法", "另一家"
    assert differences(units, other) == []


def event(key: int, kind: str) -> Event:
    return Event(key, kind, "", dt.date(2026, 9, 2), "", "", "", None)


def test_a_visit_is_told_by_what_speaks_of_visits_and_else_by_anything() -> None:
    visit = UnitDifference(None, Unit("visits", "150602", "", "", "甲托育中心", "JC-1", counts=True, note="上门"))
    sealed, served = event(1, "sealed"), event(2, "served")
    assert causes(visit, [sealed, served]) == [served]
    assert causes(visit, [sealed]) == [sealed]
    told = ([], [served], [served, event(3, "unserved")], [event(4, "corrected")], [event(5, "activity_edited")])
    assert [why(found) for found in told] == ["unknown", "added", "voided", "corrected", "corrected"]


def test_a_signature_is_told_by_no_service_and_a_move_by_what_moved_the_institution() -> None:
    served, sealed, moved = event(1, "served"), event(2, "sealed"), event(3, "institution_changed")
    then, now = (
        Unit("signed", district, "", "", "甲托育中心", "JC-1", counts=True, note="")
        for district in ("150602", "150603")
    )
    assert causes(UnitDifference(then, None), [served, sealed, moved]) == [sealed, moved]
    assert causes(UnitDifference(then, now), [served, sealed, moved]) == [moved]


def test_one_record_behind_several_rows_is_counted_once() -> None:
    one, other = event(1, "served"), event(2, "unserved")
    assert counted_why([[one], [one], [other], []]) == "更正 3 条（作废 1，补录 1，没有找到记录 1）"
