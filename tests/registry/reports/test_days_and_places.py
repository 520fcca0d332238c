"""Figures by the day and the place they concern: what is learned later, what has moved, what has not begun."""

import datetime as dt
from dataclasses import replace

import pytest

from yiyu.registry.activities.adding import add
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.reminding import remind
from yiyu.registry.agreements.steps import ALL_PARTIES, correct_event, history, record_step
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.institutions.editing import edit_institution, show_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Institution, Kind, Variant
from yiyu.registry.reports.rate_tables import RateRow
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.rules.activities import Activity, Finding
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.institutions import rebuilt
from yiyu.registry.store.moments import as_known_on
from yiyu.registry.store.opening import changing

D = dt.date
CLINIC, MOTHERS, CHILD, UNFILED = (
    "东胜区兴胜社区卫生服务中心",
    "东胜区妇幼保健院",
    "东胜区甲托育中心",
    "东胜区丙托育中心",
)


def at(session: OfficeSession, day: str) -> OfficeSession:
    return replace(session, today=D.fromisoformat(day), now=f"{day}T09:00:00+08:00")


@pytest.fixture
def agreed(session: OfficeSession) -> OfficeSession:
    """Since the first of January 甲托育中心 and 丙托育中心, which is not 备案, have an agreement with 兴胜."""
    session.db.execute("UPDATE institution_facts SET recorded_at = '2025-12-01T09:00:00+08:00'")
    sign(session, (CLINIC, CHILD, Variant.JC), (CLINIC, UNFILED, Variant.JC))
    return session


def sign(session: OfficeSession, *pairs: tuple[str, str, Variant], third: str = "") -> list[str]:
    start, known = at(session, "2026-01-01"), directory(session)
    other = known.find(third) if third else None
    made = draft_agreements(
        start,
        [DraftRequest(known.find(m), known.find(c), v, start.today, 12, third=other) for m, c, v in pairs],
    ).made
    record_step(start, [one.number for one in made], "signed", on=start.today, party=ALL_PARTIES)
    return [one.number for one in made]


def rates(session: OfficeSession, day: str, *, period: str | None = None, by: str = "district") -> dict[str, RateRow]:
    return {row.group: row for row in report_rates(at(session, day), by=by, period=period)[0]}


def whole(session: OfficeSession, day: str, indicator: str, period: str | None = None) -> str:
    rate = rates(session, day, period=period)["合计"].rates[indicator]
    return f"{rate.numerator}/{rate.denominator}"


def test_a_filing_learned_later_counts_from_its_own_day(agreed: OfficeSession) -> None:
    before = whole(agreed, "2026-06-30", "filed"), whole(agreed, "2026-06-30", "visits")
    edit_institution(at(agreed, "2026-10-10"), UNFILED, {"filed": True, "filed_on": D(2026, 3, 1)})
    assert before == ("3/4", "0/1")
    assert (whole(agreed, "2026-06-30", "filed"), whole(agreed, "2026-06-30", "visits")) == ("4/4", "0/2")
    assert whole(agreed, "2026-02-28", "filed") == "3/4"
    assert show_institution(at(agreed, "2026-06-30"), UNFILED).filed_on == D(2026, 3, 1)
    with as_known_on(agreed.db, D(2026, 10, 9)):
        assert whole(agreed, "2026-06-30", "filed") == "3/4"


def test_a_closing_learned_later_counts_from_its_own_day(agreed: OfficeSession) -> None:
    edit_institution(at(agreed, "2026-10-10"), CHILD, {"closed_on": D(2026, 3, 1)})
    found = [whole(agreed, day, "signed_all") for day in ("2026-02-28", "2026-03-01", "2026-11-22")]
    assert found == ["2/4", "1/3", "1/3"]


def test_a_filing_that_was_lost_before_it_was_learned_again_begins_when_it_was_learned(agreed: OfficeSession) -> None:
    edit_institution(at(agreed, "2026-05-01"), CHILD, {"filed": False})
    edit_institution(at(agreed, "2026-10-10"), CHILD, {"filed": True, "filed_on": D(2026, 3, 1)})
    days = ("2026-04-30", "2026-05-01", "2026-10-09", "2026-10-10")
    assert [whole(agreed, day, "filed") for day in days] == ["3/4", "2/4", "2/4", "3/4"]


def test_what_events_rebuild_is_what_tables_answer(agreed: OfficeSession) -> None:
    edit_institution(at(agreed, "2026-10-10"), UNFILED, {"filed": True, "filed_on": D(2026, 3, 1)})
    edit_institution(at(agreed, "2026-10-11"), UNFILED, {"closed_on": D(2026, 8, 1)})
    for day in ("2026-02-28", "2026-06-30", "2026-08-01", "2026-10-10", "2026-10-11"):
        asked = at(agreed, day)
        one = show_institution(asked, UNFILED)
        assert rebuilt(agreed.db, [one.id])[one.id].on(asked.today) == one


def test_a_filing_corrected_to_another_day_is_not_dated_by_the_wrong_one(agreed: OfficeSession) -> None:
    edit_institution(at(agreed, "2026-01-02"), UNFILED, {"filed": True, "filed_on": D(2025, 5, 1)}, correct=True)
    edit_institution(at(agreed, "2026-10-10"), UNFILED, {"filed": True}, from_day=D(2026, 4, 1), correct=True)
    for asked in ("2026-03-31", "2026-11-22"):
        assert whole(agreed, asked, "visits", "2026Q1") == "0/1"
    assert whole(agreed, "2026-06-30", "visits") == "0/2"


def test_visits_are_counted_where_the_institution_is(agreed: OfficeSession) -> None:
    moved = {"district": "150603", "town": "哈巴格希街道"}
    edit_institution(at(agreed, "2026-05-01"), CHILD, moved, from_day=D(2026, 5, 1))
    before, after = rates(agreed, "2026-03-31"), rates(agreed, "2026-06-30")
    assert before["东胜区"].visits_due == 1
    assert "康巴什区" not in before
    assert (after["东胜区"].visits_due, after["康巴什区"].visits_due, after["康巴什区"].signed) == (0, 1, 1)
    for day, code, listed in (("2026-03-31", "150602", 2), ("2026-06-30", "150602", 1), ("2026-06-30", "150603", 1)):
        place = replace(at(agreed, day), scope=Scope(code))
        assert len(list_agreements(place, AgreementFilter())) == listed
        assert len(list_agreements(at(agreed, day), AgreementFilter(district=code))) == listed
        assert len(remind(place, Settings()).due) == listed  # the paper that lacks, of each
    towns = rates(agreed, "2026-06-30", by="town")
    assert [group for group, row in towns.items() if row.visits_due] == ["康巴什区 哈巴格希街道", "合计"]


def test_what_has_not_begun_is_not_yet_owed(agreed: OfficeSession) -> None:
    found = [whole(agreed, day, "visits", "2026") for day in ("2026-03-31", "2026-06-30", "2026-09-30", "2026-10-01")]
    assert found == ["0/1", "0/2", "0/3", "0/4"]


def test_an_institution_is_trained_once_by_whoever_trains_it(agreed: OfficeSession) -> None:
    by_three = sign(agreed, (CLINIC, CHILD, Variant.SF), third=MOTHERS)
    by_two = sign(agreed, (MOTHERS, CHILD, Variant.FY))
    assert whole(agreed, "2026-06-30", "training") == "0/1"
    add(at(agreed, "2026-06-01"), Activity("", D(2026, 6, 1), "培训讲座", tuple(by_two), ("E01",)))
    assert whole(agreed, "2026-06-30", "training") == "1/1"
    assert by_three


def test_guidance_in_traditional_medicine_is_neither_visit_nor_training_of_the_notice(agreed: OfficeSession) -> None:
    hospital = Institution(Kind.MEDICAL, "东胜区中医院", category="中医院", district="150602")
    with changing(agreed.db):
        add_institution(agreed.db, hospital, recorded_at=agreed.now, source="测试")
    sign(agreed, ("东胜区中医院", UNFILED, Variant.ZY))
    assert (whole(agreed, "2026-12-31", "visits", "2026"), whole(agreed, "2026-12-31", "training")) == ("0/4", "0/0")


def test_what_was_found_before_an_agreement_was_made_counts_in_its_quarter(agreed: OfficeSession) -> None:
    late, known = at(agreed, "2026-08-03"), directory(agreed)
    request = DraftRequest(known.find(MOTHERS), known.find(CHILD), Variant.FY, D(2026, 6, 1), 12)
    (made,) = draft_agreements(late, [request]).made
    record_step(late, [made.number], "signed", on=late.today, party=ALL_PARTIES)
    found = (Finding("消毒记录不全", due_on=D(2026, 7, 1)),)
    add(late, Activity("", D(2026, 6, 10), "上门指导", (made.number,), ("F04",), findings=found))
    assert whole(agreed, "2026-06-30", "rectified") == "0/1"
    assert rates(agreed, "2026-06-30")["东胜区"].rates["rectified"].denominator == 1


def test_an_unsigned_agreement_is_chased_from_its_draft_whatever_was_recorded_wrongly(agreed: OfficeSession) -> None:
    drafted, known = at(agreed, "2026-06-01"), directory(agreed)
    request = DraftRequest(known.find(MOTHERS), known.find(CHILD), Variant.FY, D(2026, 6, 15), 12)
    (made,) = draft_agreements(drafted, [request]).made
    record_step(drafted, [made.number], "signed", on=D(2026, 3, 1), party="甲")
    (wrong,) = [one for one in history(drafted, made.number) if one.kind == "signed"]
    correct_event(drafted, made.number, wrong.id, note="录错")
    told = {one.step: one.on for one in remind(at(agreed, "2026-06-15"), Settings()).due if one.agreement.id == made.id}
    assert told == {"unsigned": D(2026, 6, 15)}


def test_an_institution_is_not_filed_before_the_day_of_its_filing(agreed: OfficeSession) -> None:
    known = Institution(Kind.CHILDCARE, "东胜区戊托育中心", district="150602", filed=True, filed_on=D(2026, 6, 3))
    with changing(agreed.db):
        add_institution(agreed.db, known, recorded_at=agreed.now, source="测试")
    days = ("2026-03-31", "2026-06-02", "2026-06-03", "2026-09-30")
    assert [whole(agreed, day, "signed") for day in days] == ["1/3", "1/3", "1/4", "1/4"]
    sign(agreed, (CLINIC, "东胜区戊托育中心", Variant.JC))
    states = [(row.period, row.state) for row in duty_rows(at(agreed, "2026-03-31")) if row.institution == known.name]
    assert {state for period, state in states if "Q" in period} == {"exempt"}
