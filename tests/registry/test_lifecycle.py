import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.lifecycle import Event, replay
from yiyu.registry.rules.steps import refusal

ROLES = ("甲", "乙")
START, END = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def event(key: int, kind: str, on: str, party: str = "", corrects: int | None = None) -> Event:
    return Event(key, kind, party, dt.date.fromisoformat(on), "", "王某某", "", corrects)


HISTORY = [
    event(1, "drafted", "2025-12-01"),
    event(2, "issued", "2025-12-02"),
    event(3, "signed", "2025-12-20", "甲"),
    event(4, "signed", "2026-01-10", "乙"),
    event(5, "sealed", "2026-01-10", "甲"),
    event(6, "sealed", "2026-01-12", "乙"),
]

# day, exists, signing, sealing, force
STATES = [
    ("2025-11-30", False, "draft", "none", "not_in_force"),
    ("2025-12-01", True, "draft", "none", "not_in_force"),
    ("2025-12-02", True, "awaiting", "none", "not_in_force"),
    ("2025-12-20", True, "one_signed", "none", "not_in_force"),
    ("2026-01-05", True, "one_signed", "none", "not_in_force"),
    ("2026-01-10", True, "signed", "one_sealed", "in_force"),
    ("2026-12-31", True, "signed", "sealed", "in_force"),
    ("2027-01-01", True, "signed", "sealed", "expired"),
]


@pytest.mark.parametrize(("day", "exists", "signing", "sealing", "force"), STATES)
def test_any_day_can_be_replayed(day: str, exists: bool, signing: str, sealing: str, force: str) -> None:
    on = dt.date.fromisoformat(day)
    state = replay(HISTORY, ROLES, on)
    assert (state.exists, state.signing, state.sealing) == (exists, signing, sealing)
    assert state.force(START, END, on, renewed=False) == force


def test_the_day_of_signing_is_the_later_of_the_two() -> None:
    assert replay(HISTORY, ROLES, END).signed_on == dt.date(2026, 1, 10)
    assert replay(HISTORY[:3], ROLES, END).signed_on is None


def test_a_signed_agreement_is_not_in_force_before_it_starts() -> None:
    early = [event(1, "drafted", "2025-11-01"), *(event(n, "signed", "2025-11-02", r) for n, r in enumerate("甲乙", 2))]
    day = dt.date(2025, 12, 31)
    assert replay(early, ROLES, day).force(START, END, day, renewed=False) == "not_in_force"


def test_a_renewed_one_is_in_force_to_its_end_and_renewed_after() -> None:
    state = replay(HISTORY, ROLES, dt.date(2027, 2, 1))
    assert state.force(START, END, END, renewed=True) == "in_force"
    assert state.force(START, END, dt.date(2027, 2, 1), renewed=True) == "renewed"


@pytest.mark.parametrize(("kind", "force"), [("terminated", "terminated"), ("voided", "void")])
def test_what_is_over_stays_over(kind: str, force: str) -> None:
    state = replay([*HISTORY, event(7, kind, "2026-06-01")], ROLES, dt.date(2026, 6, 1))
    assert state.force(START, END, dt.date(2026, 6, 1), renewed=True) == force


def test_a_corrected_event_counts_no_more() -> None:
    corrected = [*HISTORY, event(7, "corrected", "2026-02-01", "乙", corrects=4)]
    assert replay(corrected, ROLES, dt.date(2026, 3, 1)).signing == "one_signed"


REFUSALS = [
    (HISTORY, "signed", "甲", "甲方已于 2025-12-20 签字"),
    (HISTORY, "sealed", "乙", "乙方已于 2026-01-12 盖章"),
    (HISTORY, "signed", "丙", "协议没有丙方（只有甲、乙方）"),
    (HISTORY, "voided", "", "协议已由各方签署，不能作废"),
    (HISTORY[:3], "terminated", "", "解除之前必须先双方已签；现在是单方已签"),
    ([*HISTORY, event(7, "terminated", "2026-02-01")], "signed", "甲", "协议已于 2026-02-01 解除"),
    ([*HISTORY[:2], event(7, "voided", "2026-02-01")], "sealed", "甲", "协议已于 2026-02-01 作废"),
    (HISTORY[:2], "signed", "甲", ""),
    (HISTORY[:2], "sealed", "乙", ""),
    (HISTORY[:2], "voided", "", ""),
    (HISTORY, "terminated", "", ""),
]


@pytest.mark.parametrize(("events", "step", "party", "reason"), REFUSALS)
def test_each_step_is_allowed_or_refused_with_its_sentence(
    events: list[Event], step: str, party: str, reason: str
) -> None:
    assert refusal(replay(events, ROLES, dt.date(2027, 1, 1)), step, party) == reason


@given(st.permutations(HISTORY), st.dates(dt.date(2025, 11, 1), dt.date(2026, 3, 1)))
def test_the_state_does_not_depend_on_the_order_of_entry(events: list[Event], day: dt.date) -> None:
    assert replay(events, ROLES, day) == replay(HISTORY, ROLES, day)
