"""Two times: the day a fact concerns, and the moment it was recorded (docs/decisions/0015)."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from yiyu.registry.activities.adding import add, void
from yiyu.registry.activities.findings import findings, recheck
from yiyu.registry.activities.listing import ActivityFilter, list_activities
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.reminding import remind
from yiyu.registry.agreements.steps import correct_event, history, record_step
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.duties.planning import waive
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.reports.manual_figures import assess, enter_figure, loops
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.rules.activities import Activity, Finding
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.moments import as_known_on

D = dt.date
CHILD = "东胜区甲托育中心"


def at(session: OfficeSession, day: str) -> OfficeSession:
    """Somebody at work on that day."""
    return replace(session, today=D.fromisoformat(day), now=f"{day}T09:00:00+08:00")


@pytest.fixture
def told(session: OfficeSession) -> OfficeSession:
    """What is on the left happened on one day and was recorded on another, in the order of recording."""
    session.db.execute("UPDATE institution_facts SET recorded_at = '2025-12-01T09:00:00+08:00'")
    known = directory(session)
    start = at(session, "2026-01-01")
    sides = {"JC": "东胜区兴胜社区卫生服务中心", "FY": "东胜区妇幼保健院"}
    requests = [
        DraftRequest(known.find(name), known.find(CHILD), Variant(code), D(2026, 1, 1), 12)
        for code, name in sides.items()
    ]
    visits, trains = [one.number for one in draft_agreements(start, requests).made]
    record_step(start, [visits], "signed", on=D(2026, 1, 1), party="all")
    record_step(at(session, "2026-09-01"), [trains], "signed", on=D(2026, 9, 1), party="all")
    found = (Finding("消毒记录不全", "补记", D(2026, 9, 10)),)
    wrong = Activity("", D(2026, 9, 1), "上门指导", (visits,), ("F01",), findings=found)
    first = add(at(session, "2026-09-02"), wrong).listed.activity.number
    recheck(
        at(session, "2026-09-25"), findings(at(session, "2026-09-25"))[0].finding.id, on=D(2026, 9, 9), outcome="已补"
    )
    void(at(session, "2026-10-11"), first, reason="是另一家")
    add(at(session, "2026-10-12"), Activity("", D(2026, 9, 15), "上门指导", (visits,), ("F01",)))
    waive(at(session, "2026-10-15"), visits, duty="visit", period="2026Q2", reason="放假停托")
    (signing, _) = [one for one in history(session, trains) if one.kind == "signed"]
    correct_event(at(session, "2026-10-20"), trains, signing.id, note="甲方没有签")
    assess(at(session, "2026-10-21"), [CHILD], "self_assessed", on=D(2026, 6, 1))
    return session


def _duty(office: OfficeSession, period: str) -> str:
    found = [row for row in duty_rows(office, period=period) if row.duty == "visit"]
    return f"{found[0].state} {found[0].done_on or ''}".strip()


def _signing(office: OfficeSession) -> str:
    return next(one.state.signing for one in list_agreements(office, AgreementFilter(variant=Variant.FY)))


def _assessed(office: OfficeSession) -> str:
    (one,) = [one for one in loops(office, 2026) if one.institution.name == CHILD]
    return "已自评" if one.steps["self_assessed"] else "没有"


# Known on (None: all that is known), visit of the second quarter, of the third, 妇幼's signatures, 自评; all as of 30 September
AS_OF_SEPTEMBER = [
    ("2026-09-01", "missed", "due", "signed", "没有"),
    ("2026-09-02", "missed", "done 2026-09-01", "signed", "没有"),
    ("2026-10-10", "missed", "done 2026-09-01", "signed", "没有"),
    ("2026-10-11", "missed", "due", "signed", "没有"),  # the visit was voided
    ("2026-10-12", "missed", "done 2026-09-15", "signed", "没有"),  # another one was entered late
    ("2026-10-15", "waived", "done 2026-09-15", "signed", "没有"),
    ("2026-10-20", "waived", "done 2026-09-15", "one_signed", "没有"),
    ("2026-10-21", "waived", "done 2026-09-15", "one_signed", "已自评"),
    (None, "waived", "done 2026-09-15", "one_signed", "已自评"),
]


@pytest.mark.parametrize(("known", "second", "third", "signing", "assessed"), AS_OF_SEPTEMBER)
def test_one_day_asked_about_as_it_was_known_from_day_to_day(
    told: OfficeSession, known: str | None, second: str, third: str, signing: str, assessed: str
) -> None:
    known_on = D.fromisoformat(known) if known else None
    office = replace(told, today=D(2026, 9, 30), known_on=known_on)
    with as_known_on(told.db, known_on):
        found = _duty(office, "2026Q2"), _duty(office, "2026Q3"), _signing(office), _assessed(office)
    assert found == (second, third, signing, assessed)


def test_a_recheck_counts_from_its_day_and_is_known_from_its_recording(told: OfficeSession) -> None:
    def states(known: str) -> list[str]:
        with as_known_on(told.db, D.fromisoformat(known)):
            return [
                findings(replace(told, today=D.fromisoformat(day)))[0].state
                for day in ("2026-09-08", "2026-09-09", "2026-09-20")
            ]

    assert states("2026-09-24") == ["open", "open", "overdue"]
    assert states("2026-09-25") == ["open", "closed", "closed"]


def _answers(session: OfficeSession) -> list[object]:
    """What every list says on some days."""
    found: list[object] = []
    for day in (D(2026, 3, 31), D(2026, 9, 20), D(2026, 9, 30), D(2026, 11, 22)):
        office = replace(session, today=day)
        asks: tuple[Callable[[], object], ...] = (
            lambda: [one.as_json() for one in list_agreements(office, AgreementFilter())],  # noqa: B023
            lambda: duty_rows(office),  # noqa: B023
            lambda: [row.as_json() for row in report_rates(office)[0]],  # noqa: B023
            lambda: [(one.finding, one.state) for one in findings(office)],  # noqa: B023
            lambda: [one.activity.number for one in list_activities(office, ActivityFilter())],  # noqa: B023
            lambda: [(one.agreement.number, one.step, one.detail) for one in remind(office, Settings()).due],  # noqa: B023
            lambda: loops(office, 2026),  # noqa: B023
        )
        found += [ask() for ask in asks]
    return found


@pytest.mark.parametrize("moment", ["2026-01-01T09:00:00+08:00", "2031-01-01T09:00:00+08:00"])
def test_moving_the_moment_of_recording_changes_no_answer(told: OfficeSession, moment: str) -> None:
    enter_figure(told, "tcm", district="150602", year=2026, value=90.0, source="年报")
    before = _answers(told)
    told.db.execute("DROP TRIGGER events_no_update")
    tables = [row[0] for row in told.db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        if any(row[1] == "recorded_at" for row in told.db.execute(f"PRAGMA table_info({table})")):
            told.db.execute(f"UPDATE {table} SET recorded_at = ?", [moment])  # noqa: S608 - names of our own tables
    told.db.execute("UPDATE activities SET voided_on = ? WHERE voided_on IS NOT NULL", [moment[:10]])
    assert _answers(told) == before


def test_an_old_list_is_printed_again_however_much_was_recorded_since(told: OfficeSession) -> None:
    days = [D(2026, 9, 30), D(2026, 10, 14)]

    def lists() -> list[object]:
        found = []
        for day in days:
            with as_known_on(told.db, day):
                found += [_answers(told)]
        return found

    before = lists()
    later = at(told, "2026-11-21")
    (visits, trains) = [one.agreement.number for one in list_agreements(later, AgreementFilter())][::-1]
    record_step(later, [trains], "signed", on=D(2026, 1, 2), party="甲")
    add(later, Activity("", D(2026, 5, 4), "上门指导", (visits,), ("F01",)))
    assert _answers(told) != before[0]
    assert lists() == before


def test_while_an_old_day_is_looked_at_nothing_can_be_written(told: OfficeSession) -> None:
    with as_known_on(told.db, D(2026, 9, 30)), pytest.raises(Exception, match="view"):
        told.db.execute("DELETE FROM waivers")
