"""Generated histories in both times: replaying any day equals a walk over every day; chains leave nothing unsaid."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.lifecycle import FILING, Event, replay
from yiyu.registry.rules.copies import propose_end
from yiyu.registry.rules.steps import refusal

ROLES = ("甲", "乙")
FIRST = dt.date(2025, 11, 1)
KINDS = ("submitted", "approved", "issued", "signed", "sealed", *FILING[1:], "terminated", "voided", "corrected")


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Only steps that were allowed when entered, on days that need not be in order, and recorded later and later."""
    events = [Event(1, "drafted", "", FIRST, str(FIRST), "", "", None)]
    moment = FIRST
    for _ in range(draw(st.integers(0, 14))):
        moment += dt.timedelta(days=draw(st.integers(0, 30)))
        kind, party = draw(st.sampled_from(KINDS)), draw(st.sampled_from(ROLES))
        on = FIRST + dt.timedelta(days=draw(st.integers(0, 120)))
        key = len(events) + 1
        if kind == "corrected":
            wrong = draw(st.sampled_from(events))
            if wrong.kind not in ("drafted", "corrected") and all(e.corrects != wrong.id for e in events):
                events.append(Event(key, kind, wrong.party, on, str(moment), "", "", wrong.id))
            continue
        party = party if kind in ("signed", "sealed") else ""
        if not refusal(replay(events, ROLES, dt.date.max), kind, party):
            events.append(Event(key, kind, party, on, str(moment), "", "", None))
    return events


def known(events: list[Event], known_on: dt.date) -> list[Event]:
    return [event for event in events if event.recorded_at <= str(known_on)]


def walked(events: list[Event], day: dt.date, known_on: dt.date) -> tuple[str, str, str, bool]:
    """Walk from the first day, each morning rebuilding the books from what is known by ``known_on`` of the days so far."""
    books = [e for e in events if e.recorded_at <= str(known_on)]
    struck = {e.corrects for e in books}
    signing = sealing = filing = "none"
    over = False
    today = FIRST
    while today <= day:
        left = [e for e in books if e.on <= today and e.id not in struck]
        signed, sealed = ({e.party for e in left if e.kind == kind} for kind in ("signed", "sealed"))
        review = [e for e in sorted(left, key=lambda e: (e.on, e.id)) if e.kind in ("submitted", "approved")]
        if len(signed) == 2:
            signing = "signed"
        elif signed:
            signing = "one_signed"
        elif review and review[-1].kind == "submitted":
            signing = "review"
        else:
            signing = "awaiting" if any(e.kind == "issued" for e in left) else "draft"
        sealing = ("none", "one_sealed", "sealed")[len(sealed)]
        filing = FILING[max((FILING.index(e.kind) for e in left if e.kind in FILING), default=0)]
        over = any(e.kind in ("terminated", "voided") for e in left)
        today += dt.timedelta(days=1)
    return signing, sealing, filing, over


@given(histories(), st.integers(0, 140), st.integers(0, 440))
def test_replaying_a_day_equals_walking_there(events: list[Event], days: int, since: int) -> None:
    day, known_on = FIRST + dt.timedelta(days=days), FIRST + dt.timedelta(days=since)
    state = replay(known(events, known_on), ROLES, day)
    if state.exists:
        assert (state.signing, state.sealing, state.filing, state.ended) == walked(events, day, known_on)


@given(histories(), st.integers(0, 140), st.data())
def test_a_correction_takes_back_what_it_corrects_on_every_day_and_what_was_known_before_stays(
    events: list[Event], days: int, data: st.DataObject
) -> None:
    day = FIRST + dt.timedelta(days=days)
    wrong = data.draw(st.sampled_from([e for e in events if e.kind != "corrected"]))
    last = dt.date.fromisoformat(events[-1].recorded_at)
    later = last + dt.timedelta(days=1)
    after = [*events, Event(99, "corrected", wrong.party, later, str(later), "", "", wrong.id)]
    assert replay(known(after, last), ROLES, day) == replay(events, ROLES, day)
    without = replay([event for event in events if event.id != wrong.id], ROLES, day)
    took_back = replay(after, ROLES, day)
    assert (took_back.signed, took_back.sealed, took_back.filing) == (without.signed, without.sealed, without.filing)


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_a_chain_of_terms_has_neither_gap_nor_overlap(start: dt.date, terms: list[int]) -> None:
    covered = 0
    for months in terms:
        end = propose_end(start, months)
        assert end >= start
        covered += (end - start).days + 1
        start = end + dt.timedelta(days=1)
    assert covered > 0
