import datetime as dt
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.lifecycle import AgreementState
from yiyu.registry.model import Agreement, Institution, Kind, Party, Variant
from yiyu.registry.rules.reminders import Planner, Reminder, Settings, dated
from yiyu.registry.rules.workdays import YearTable, is_published, is_working_day, working_days_between
from yiyu.registry.store.standings import AgreementStatus

D = dt.date
UNKNOWN = next(year for year in count(2027) if not is_published(year))
DRAFTED = D(2025, 1, 1)
STEPS = (90, 60, 30, 7)
PARTIES = (
    Party("甲", 1, Institution(Kind.MEDICAL, "东胜区妇幼保健院")),
    Party("乙", 2, Institution(Kind.CHILDCARE, "东胜区甲托育中心")),
)


def standing(
    day: dt.date,
    ends_on: dt.date,
    *,
    signed: str = "甲乙",
    sealed: str = "甲乙",
    filing: str = "received",
    renewed_by: str = "",
    **facts: object,
) -> AgreementStatus:
    """One agreement of a year ending on ``ends_on`` as it stands on ``day``: signed on its first day, sealed, filed."""
    starts_on = ends_on - dt.timedelta(days=364)
    one = Agreement(
        1, "150602-2025-FY-0001", Variant.FY, "ordos", "150602", starts_on, ends_on, 12, "visit", "negotiate", 30, 4, 1,
        "", PARTIES, (),
    )  # fmt: skip
    one = replace(one, **facts)  # type: ignore[arg-type]
    on = one.starts_on
    state = AgreementState(
        ("甲", "乙"), exists=True, signed=dict.fromkeys(signed, on), sealed=dict.fromkeys(sealed, on), filing=filing
    )
    force = state.force(one.starts_on, one.ends_on, day, renewed=bool(renewed_by))
    return AgreementStatus(one, state, force, (one.ends_on - day).days, renewed_by)


def plan(
    day: dt.date, *found: AgreementStatus, drafted: dt.date = DRAFTED, tables: tuple[YearTable, ...] = ()
) -> list[Reminder]:
    return Planner(day, tables, {one.agreement.id: drafted for one in found}).plan(found)


def due(day: dt.date, ends_on: dt.date, **facts: object) -> list[str]:
    return [one.step for one in plan(day, standing(day, ends_on, **facts)) if one.on <= day]  # type: ignore[arg-type]


def one_of(found: list[Reminder], step: str) -> Reminder:
    (one,) = [one for one in found if one.step == step]
    return one


def test_a_notice_due_on_a_sunday_is_to_be_given_the_friday_before() -> None:
    found = one_of(plan(D(2025, 9, 1), standing(D(2025, 9, 1), D(2025, 10, 14))), "notice")
    assert (found.deadline, found.act_by.day) == (D(2025, 9, 14), D(2025, 9, 12))
    assert found.statutory is not None
    assert found.statutory.day == D(2025, 9, 15)
    assert "2025-09-15" in found.detail
    assert found.on == found.start_by.day == D(2025, 9, 1)


def test_a_notice_due_on_a_sunday_that_is_worked_stays() -> None:
    found = one_of(plan(D(2026, 9, 1), standing(D(2026, 9, 1), D(2026, 10, 20))), "notice")
    assert found.act_by.day == found.deadline == D(2026, 9, 20)
    assert found.statutory is None


def test_the_window_for_notice_closes_after_the_laws_last_day() -> None:
    seen = [day for day in range(1, 31) if "notice" in due(D(2025, 9, day), D(2025, 10, 14))]
    assert seen == list(range(1, 16))


def test_a_term_that_ends_by_itself_has_no_notice() -> None:
    assert due(D(2025, 9, 10), D(2025, 10, 14), renewal="none") == ["expiring-60"]


@pytest.mark.parametrize("renewal", ["auto", "auto_once"])
def test_an_automatic_extension_asks_for_the_objection(renewal: str) -> None:
    found = plan(D(2025, 9, 10), standing(D(2025, 9, 10), D(2025, 10, 14), renewal=renewal))
    assert "异议" in one_of(found, "notice").detail
    assert "自动顺延" in one_of(found, "expiring-30").detail


def test_the_turn_of_the_year_2025_goes_from_expiring_to_expired() -> None:
    end = D(2025, 12, 31)
    assert due(D(2025, 9, 29), end) == []
    assert due(D(2025, 9, 30), end) == ["expiring-90"]  # 90 days before is 2 October, in the National Day break
    assert due(D(2025, 12, 23), end) == ["expiring-30"]
    assert due(D(2025, 12, 24), end) == ["expiring-7"]
    assert due(D(2025, 12, 31), end) == ["expiring-7"]
    assert due(D(2026, 1, 1), end) == ["expired"]


def test_an_end_on_29_february_is_counted_back_to_the_day() -> None:
    found = plan(D(2023, 11, 1), standing(D(2023, 11, 1), D(2024, 2, 29)))
    begins = {one.step: str(one.on) for one in found}
    # 60 days before is 31 December 2023, a Sunday in a break that began on Saturday
    assert begins == {
        "expiring-90": "2023-12-01",
        "expiring-60": "2023-12-29",
        "expiring-30": "2024-01-30",
        "expiring-7": "2024-02-22",
        "notice": "2024-01-17",
    }


def test_an_end_in_spring_festival_is_acted_on_by_the_saturday_worked_before_it() -> None:
    day = D(2026, 2, 1)
    last = one_of(plan(day, standing(day, D(2026, 2, 23))), "expiring-7")
    assert last.deadline == D(2026, 2, 23)
    assert last.act_by.day == D(2026, 2, 14)
    assert last.start_by.day == D(2026, 2, 3)
    assert last.on == D(2026, 2, 14)
    assert last.statutory is None  # 民法典 203 is for counted periods, not for a printed day


def test_an_unpublished_year_is_said_beside_each_date() -> None:
    day = D(UNKNOWN, 1, 5)
    found = plan(day, standing(day, D(UNKNOWN, 3, 31)))
    assert found
    assert not any(one.known for one in found)
    assert all("仅按周末推算" in dated(one.act_by) for one in found)
    assert all(one.known for one in plan(D(2026, 1, 5), standing(D(2026, 1, 5), D(2026, 3, 31))))


def test_the_offices_own_table_moves_the_dates_of_an_unpublished_year() -> None:
    end = next(day for n in range(1, 8) if (day := D(UNKNOWN, 3, n)).weekday() == 4)
    table = YearTable(UNKNOWN, off=frozenset({end}), working=frozenset())
    day = end - dt.timedelta(days=20)
    found = one_of(plan(day, standing(day, end), tables=(table,)), "expiring-7")
    assert (found.act_by.day, found.known) == (end - dt.timedelta(days=1), True)


def test_the_unsigned_are_chased_after_two_weeks_without_a_signature() -> None:
    end, drafted = D(2027, 2, 28), D(2026, 3, 2)

    def days(signed: str, since: dt.date) -> list[int]:
        asked = [since + dt.timedelta(days=n) for n in range(20)]
        return [
            (day - since).days
            for day in asked
            for one in plan(day, standing(day, end, signed=signed), drafted=drafted)
            if one.on <= day and one.step == "unsigned"
        ]

    assert days("", drafted) == [14, 15, 16, 17, 18, 19]
    signed_on = standing(drafted, end).agreement.starts_on
    assert days("甲", max(drafted, signed_on)) == [14, 15, 16, 17, 18, 19]


def test_a_signature_begins_the_two_weeks_anew_and_the_other_party_is_named() -> None:
    day = D(2026, 3, 31)
    half = standing(day, D(2027, 2, 28))
    half.state.signed = {"甲": D(2026, 3, 25)}
    found = one_of(plan(day, half, drafted=D(2026, 3, 2)), "unsigned")
    assert found.on == D(2026, 4, 8)
    assert "还差乙方" in found.detail
    assert "甲方" not in found.detail


def test_an_unsigned_one_that_has_run_out_is_still_only_unsigned() -> None:
    assert due(D(2026, 6, 1), D(2026, 3, 31), signed="甲") == ["unsigned"]


def test_an_extension_moves_every_date_and_once_is_once() -> None:
    day, printed, extended = D(2026, 4, 20), D(2026, 3, 31), D(2026, 12, 31)
    one = standing(day, printed, renewal="auto_once")
    assert "请登记" in one_of(plan(day, one), "expired").detail
    one.state.extended_to, one.state.extensions = extended, 1
    found = plan(day, one)
    assert {one.step for one in found} == {f"expiring-{days}" for days in STEPS}
    assert {one.deadline for one in found} == {extended}
    assert not any("自动顺延" in one.detail for one in found)
    again = standing(day, printed, renewal="auto")
    again.state.extended_to, again.state.extensions = extended, 1
    assert "异议" in one_of(plan(day, again), "notice").detail


def test_a_step_before_the_beginning_is_none() -> None:
    day, start, end = D(2026, 3, 2), D(2026, 3, 1), D(2026, 3, 31)
    found = plan(day, standing(day, end, starts_on=start))
    assert {one.step for one in found} == {"expiring-30", "expiring-7", "notice"}
    assert all(one.on >= start for one in found)


def test_a_notice_before_the_beginning_is_none() -> None:
    day = D(2026, 3, 2)
    assert "notice" in due(day, D(2026, 3, 31), starts_on=D(2026, 3, 1))
    assert "notice" not in due(day, D(2026, 3, 31), starts_on=D(2026, 3, 2))


def test_the_steps_asked_for_are_those_given() -> None:
    day = D(2026, 3, 2)
    planner = Planner(day, (), {}, Settings(steps=(45,)))
    assert {one.step for one in planner.plan([standing(day, D(2026, 12, 31))])} == {"expiring-45", "notice"}


def last_working_day(day: dt.date) -> dt.date:
    while not is_working_day(day, ()).working:
        day -= dt.timedelta(days=1)
    return day


ENDS = st.dates(D(2024, 1, 1), D(UNKNOWN + 1, 12, 31))


@given(ENDS, st.integers(-120, 400))
def test_every_day_has_the_step_a_count_by_hand_gives(end: dt.date, before: int) -> None:
    day = end - dt.timedelta(days=before)
    begun = [n for n in STEPS if last_working_day(end - dt.timedelta(days=n)) <= day]
    expected = ["expired"] if day > end else [f"expiring-{min(begun)}"] if begun else []
    assert [step for step in due(day, end) if step != "notice"] == expected


@given(ENDS, st.integers(0, 200), st.integers(1, 30), st.sampled_from(["none", "negotiate", "auto"]))
def test_from_one_day_to_another_a_reminder_changes_in_nothing(
    end: dt.date, before: int, later: int, renewal: str
) -> None:
    day = end - dt.timedelta(days=before)
    after = day + dt.timedelta(days=later)
    first = {one.step: one for one in plan(day, standing(day, end, renewal=renewal))}
    second = {one.step: one for one in plan(after, standing(after, end, renewal=renewal))}
    assert all(first[step] == one for step, one in second.items() if step in first)
    assert second.keys() <= first.keys() | {"expired"}


STANDINGS = st.builds(
    lambda end, before, signed, renewed, ended, renewal: (
        end - dt.timedelta(days=before),
        end,
        signed,
        renewed,
        ended,
        renewal,
    ),
    ENDS,
    st.integers(-60, 300),
    st.sampled_from(["", "甲", "乙", "甲乙"]),
    st.booleans(),
    st.sampled_from(["", "terminated_on", "voided_on"]),
    st.sampled_from(["none", "negotiate", "auto_once", "auto"]),
)


@given(STANDINGS)
def test_renewed_terminated_and_void_are_silent_and_the_rest_have_one_line_for_a_step(
    case: tuple[dt.date, dt.date, str, bool, str, str],
) -> None:
    day, end, signed, renewed, ended, renewal = case
    one = standing(day, end, signed=signed, renewed_by="150602-2026-FY-0009" if renewed else "", renewal=renewal)
    if ended:
        setattr(one.state, ended, day)
    found = plan(day, one)
    steps = [reminder.step for reminder in found]
    assert len(steps) == len(set(steps))
    if renewed or ended:
        assert steps == []
    else:
        assert sum(r.on <= day and r.step != "notice" for r in found) <= 1
    for reminder in found:
        assert is_working_day(reminder.act_by.day, ()).working
        assert reminder.act_by.day <= reminder.deadline
        assert working_days_between(reminder.start_by.day, reminder.act_by.day, ()).days == Settings().lead


@given(st.lists(ENDS, max_size=8), st.dates(D(2026, 1, 1), D(2026, 12, 31)))
def test_a_plan_up_to_a_day_is_the_whole_plan_without_what_begins_later(ends: list[dt.date], day: dt.date) -> None:
    found = [standing(day, end, id=n, number=f"N{n}") for n, end in enumerate(ends)]
    planner = Planner(day, (), {})
    whole = planner.plan(reversed(found))
    assert planner.plan(found, until=day) == [one for one in whole if one.on <= day]
    assert [one.act_by.day for one in whole] == sorted(one.act_by.day for one in whole)


@pytest.mark.parametrize(
    ("sealed", "filing", "missing"),
    [("甲乙", "none", "原件归档"), ("甲", "none", "乙方盖章、原件归档"), ("甲", "received", "乙方盖章")],
)
def test_a_signed_one_without_seal_or_original_is_chased_after_thirty_days(
    sealed: str, filing: str, missing: str
) -> None:
    ends_on = dt.date(2026, 8, 31)  # signed on 2025-09-01; 30 days later is 2025-10-01, in the holiday: from 09-30
    day = dt.date(2025, 9, 29)
    one = standing(day, ends_on, sealed=sealed, filing=filing)
    found = one_of(plan(day, one), "evidence")
    assert (found.on, found.detail) == (dt.date(2025, 9, 30), f"2025-09-01 已签齐，还缺{missing}")


def test_a_complete_one_is_silent_about_evidence() -> None:
    day = dt.date(2026, 3, 1)
    assert "evidence" not in [r.step for r in plan(day, standing(day, dt.date(2026, 8, 31)))]
