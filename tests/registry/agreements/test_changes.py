"""Extension, supplements, originals, conflicts and flags."""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest

from yiyu.registry.agreements.changes import extend, move_copies, supplement, where_copies_are
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.listing import AgreementFilter, Conflict, find_conflicts, list_agreements, show_agreement
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.session import OfficeSession

START = dt.date(2025, 12, 1)
"""Ends 2026-11-30; today is 2026-11-22; notice may be given up to 2026-10-31."""


def signed(
    session: OfficeSession, renewal: str = "auto", start: dt.date = START, childcare: str = "东胜区甲托育中心"
) -> str:
    workspace = msgspec.structs.replace(
        session.workspace, config=msgspec.structs.replace(session.workspace.config, renewal=renewal)
    )
    known = directory(session)
    request = DraftRequest(known.find("东胜区妇幼保健院"), known.find(childcare), Variant.FY, start, 12)
    number = draft_agreements(replace(session, workspace=workspace), [request]).made[0].number
    record_step(session, [number], "signed", on=min(start, session.today), party="all")
    return number


def test_an_extension_is_a_dated_event_with_the_next_term(session: OfficeSession) -> None:
    number = signed(session)
    done = extend(session, number, on=session.today)
    assert done.ends_on == dt.date(2027, 11, 30)
    shown = show_agreement(session, number)
    assert (shown.standing.ends_on, shown.agreement.ends_on) == (dt.date(2027, 11, 30), dt.date(2026, 11, 30))
    before = show_agreement(replace(session, today=dt.date(2026, 11, 21)), number)
    assert before.standing.ends_on == dt.date(2026, 11, 30)
    assert list_agreements(session, AgreementFilter(expiring=90)) == []


@pytest.mark.parametrize(
    ("renewal", "times", "on", "reason"),
    [
        ("negotiate", 0, "2026-11-22", "协商续签"),
        ("none", 0, "2026-11-22", "期满终止"),
        ("auto_once", 1, "2026-11-22", "只约定顺延一次"),
        ("auto", 0, "2026-10-31", "还可以提出异议"),
    ],
)
def test_an_extension_the_clause_does_not_give_is_refused(
    session: OfficeSession, renewal: str, times: int, on: str, reason: str
) -> None:
    number = signed(session, renewal)
    for _ in range(times):
        extend(session, number, on=session.today)
    with pytest.raises(StepNotAllowed, match=reason):
        extend(session, number, on=dt.date.fromisoformat(on))


def test_a_supplement_has_its_own_number_and_says_what_holds_now(session: OfficeSession) -> None:
    number = signed(session)
    assert supplement(session, number, on=session.today, text="增加坐诊", ends_on=None) == f"{number}-补1"
    assert (
        supplement(session, number, on=session.today, text="延长半年", ends_on=dt.date(2027, 5, 31)) == f"{number}-补2"
    )
    shown = show_agreement(session, number)
    assert [event.note for event in shown.supplements] == ["增加坐诊", "延长半年"]
    assert shown.standing.ends_on == dt.date(2027, 5, 31)
    with pytest.raises(BadInput, match="早于生效日期"):
        supplement(session, number, on=session.today, text="错", ends_on=dt.date(2025, 1, 1))


def test_originals_move_and_never_more_than_there_are(session: OfficeSession) -> None:
    number = signed(session)
    assert where_copies_are(session, number)["unprinted"] == 4
    move_copies(session, number, 4, "unprinted", "printed", on=session.today)
    places = move_copies(session, number, 1, "printed", "甲", on=session.today)
    assert (places["printed"], places["甲"]) == (3, 1)
    with pytest.raises(StepNotAllowed, match="只有 3 份"):
        move_copies(session, number, 4, "printed", "box", on=session.today)
    with pytest.raises(StepNotAllowed, match="没有丙方"):
        move_copies(session, number, 1, "printed", "丙", on=session.today)


def test_a_dry_run_moves_nothing(session: OfficeSession) -> None:
    number = signed(session)
    move_copies(session, number, 4, "unprinted", "printed", on=session.today, dry_run=True)
    assert where_copies_are(session, number)["unprinted"] == 4


def test_overlap_gap_and_double_signing_are_named_with_their_days(session: OfficeSession) -> None:
    first = signed(session)  # 2025-12-01 to 2026-11-30
    second = signed(session, start=dt.date(2026, 12, 11))  # ten days later
    assert find_conflicts(session) == [Conflict("gap", first, second, dt.date(2026, 12, 1), dt.date(2026, 12, 10), 10)]
    extend(session, first, on=session.today)  # now to 2027-11-30
    assert find_conflicts(session) == [
        Conflict("double", first, second, dt.date(2026, 12, 11), dt.date(2027, 11, 30), 355)
    ]


def test_terms_that_follow_each_other_are_no_conflict(session: OfficeSession) -> None:
    signed(session)
    signed(session, start=dt.date(2026, 12, 1))
    assert find_conflicts(session) == []


def test_an_institution_that_closes_or_loses_its_filing_flags_its_agreements(session: OfficeSession) -> None:
    number = signed(session)
    edit_institution(session, "东胜区甲托育中心", {"filed": False, "closed_on": session.today})
    assert show_agreement(session, number).standing.flags == ("unfiled", "closed")
    yesterday = replace(session, today=session.today - dt.timedelta(days=1))
    assert show_agreement(yesterday, number).standing.flags == ()


def test_three_parties_stand_in_one_agreement(session: OfficeSession) -> None:
    known = directory(session)
    sides = [known.find(n) for n in ("东胜区兴胜社区卫生服务中心", "东胜区甲托育中心", "东胜区妇幼保健院")]
    request = DraftRequest(sides[0], sides[1], Variant.SF, START, 12, third=sides[2])
    one = draft_agreements(session, [request]).made[0]
    assert [(p.role, p.facts.name) for p in one.parties] == list(zip("甲乙丙", (s.name for s in sides), strict=True))
    record_step(session, [one.number], "signed", on=session.today, party="all")
    assert show_agreement(session, one.number).standing.state.signing == "signed"
    with pytest.raises(BadInput, match="三方型"):
        draft_agreements(session, [replace(request, third=None)])
