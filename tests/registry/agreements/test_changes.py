"""Extension, supplements, originals, conflicts and flags."""

import datetime as dt
from dataclasses import replace

import msgspec
import pytest

from yiyu.registry.agreements.changes import extend, move_copies, supplement, where_copies_are
from yiyu.registry.agreements.conflicts import Conflict, find_conflicts
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements, show_agreement
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.session import OfficeSession

START = dt.date(2025, 12, 1)
"""Ends 2026-11-30; today is 2026-11-22; notice may be given up to 2026-10-31."""


def signed(
    desk: OfficeSession, renewal: str = "auto", start: dt.date = START, childcare: str = "东胜区甲托育中心"
) -> str:
    workspace = msgspec.structs.replace(
        desk.workspace, config=msgspec.structs.replace(desk.workspace.config, renewal=renewal)
    )
    known = directory(desk)
    request = DraftRequest(known.find("东胜区妇幼保健院"), known.find(childcare), Variant.FY, start, 12)
    number = draft_agreements(replace(desk, workspace=workspace), [request]).made[0].number
    record_step(desk, [number], "signed", on=min(start, desk.today), party="all")
    return number


def test_an_extension_is_a_dated_event_with_the_next_term(desk: OfficeSession) -> None:
    number = signed(desk)
    done = extend(desk, number, on=desk.today)
    assert done.ends_on == dt.date(2027, 11, 30)
    shown = show_agreement(desk, number)
    assert (shown.standing.ends_on, shown.agreement.ends_on) == (dt.date(2027, 11, 30), dt.date(2026, 11, 30))
    before = show_agreement(replace(desk, today=dt.date(2026, 11, 21)), number)
    assert before.standing.ends_on == dt.date(2026, 11, 30)
    assert list_agreements(desk, AgreementFilter(expiring=90)) == []


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
    desk: OfficeSession, renewal: str, times: int, on: str, reason: str
) -> None:
    number = signed(desk, renewal)
    for _ in range(times):
        extend(desk, number, on=desk.today)
    with pytest.raises(StepNotAllowed, match=reason):
        extend(desk, number, on=dt.date.fromisoformat(on))


def test_a_supplement_has_its_own_number_and_says_what_holds_now(desk: OfficeSession) -> None:
    number = signed(desk)
    assert supplement(desk, number, on=desk.today, text="增加坐诊", ends_on=None) == f"{number}-补1"
    assert supplement(desk, number, on=desk.today, text="延长半年", ends_on=dt.date(2027, 5, 31)) == f"{number}-补2"
    shown = show_agreement(desk, number)
    assert [event.note for event in shown.supplements] == ["增加坐诊", "延长半年"]
    assert shown.standing.ends_on == dt.date(2027, 5, 31)
    with pytest.raises(BadInput, match="早于生效日期"):
        supplement(desk, number, on=desk.today, text="错", ends_on=dt.date(2025, 1, 1))


def test_originals_move_and_never_more_than_there_are(desk: OfficeSession) -> None:
    number = signed(desk)
    assert where_copies_are(desk, number)["unprinted"] == 4
    move_copies(desk, number, 4, "unprinted", "printed", on=desk.today)
    places = move_copies(desk, number, 1, "printed", "甲", on=desk.today)
    assert (places["printed"], places["甲"]) == (3, 1)
    with pytest.raises(StepNotAllowed, match="只有 3 份"):
        move_copies(desk, number, 4, "printed", "box", on=desk.today)
    with pytest.raises(StepNotAllowed, match="没有丙方"):
        move_copies(desk, number, 1, "printed", "丙", on=desk.today)


def test_a_dry_run_moves_nothing(desk: OfficeSession) -> None:
    number = signed(desk)
    move_copies(desk, number, 4, "unprinted", "printed", on=desk.today, dry_run=True)
    assert where_copies_are(desk, number)["unprinted"] == 4


def test_overlap_gap_and_double_signing_are_named_with_their_days(desk: OfficeSession) -> None:
    first = signed(desk)  # 2025-12-01 to 2026-11-30
    second = signed(desk, start=dt.date(2026, 12, 11))  # ten days later
    assert find_conflicts(desk) == [Conflict("gap", first, second, dt.date(2026, 12, 1), dt.date(2026, 12, 10), 10)]
    extend(desk, first, on=desk.today)  # now to 2027-11-30
    assert find_conflicts(desk) == [
        Conflict("double", first, second, dt.date(2026, 12, 11), dt.date(2027, 11, 30), 355)
    ]


def test_terms_that_follow_each_other_are_no_conflict(desk: OfficeSession) -> None:
    signed(desk)
    signed(desk, start=dt.date(2026, 12, 1))
    assert find_conflicts(desk) == []


def test_an_institution_that_closes_or_loses_its_filing_flags_its_agreements(desk: OfficeSession) -> None:
    number = signed(desk)
    edit_institution(desk, "东胜区甲托育中心", {"filed": False, "closed_on": desk.today})
    assert show_agreement(desk, number).standing.flags == ("unfiled", "closed")
    yesterday = replace(desk, today=desk.today - dt.timedelta(days=1))
    assert show_agreement(yesterday, number).standing.flags == ()


def test_three_parties_stand_in_one_agreement(desk: OfficeSession) -> None:
    known = directory(desk)
    sides = [known.find(n) for n in ("东胜区兴胜社区卫生服务中心", "东胜区甲托育中心", "东胜区妇幼保健院")]
    request = DraftRequest(sides[0], sides[1], Variant.SF, START, 12, third=sides[2])
    one = draft_agreements(desk, [request]).made[0]
    assert [(p.role, p.facts.name) for p in one.parties] == list(zip("甲乙丙", (s.name for s in sides), strict=True))
    record_step(desk, [one.number], "signed", on=desk.today, party="all")
    assert show_agreement(desk, one.number).standing.state.signing == "signed"
    with pytest.raises(BadInput, match="三方型"):
        draft_agreements(desk, [replace(request, third=None)])
