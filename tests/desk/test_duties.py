"""What is owed on the desk: listed with its state and waived, a month of it, findings rechecked, sheets and draws."""

from collections.abc import Callable
from pathlib import Path

import pytest
from build import TODAY, opened
from desk_browser import Browser

from yiyu.registry.activities.adding import add
from yiyu.registry.activities.findings import findings
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.rules.activities import Activity, Finding
from yiyu.registry.rules.duties import DutyRow


def _due(office: Path) -> list[DutyRow]:
    with opened(office) as session:
        return [row for row in duty_rows(session) if row.number and row.state == "due"]


def test_the_list_holds_what_is_due_and_leads_to_recording_it(desk: Browser, office: Path) -> None:
    rows = _due(office)
    page = desk.get("/visits/duties?state=due")
    assert f"<b>{sum(row.state == 'due' for row in _all(office))}</b> 应做" in page
    assert f"/visits/new?number={rows[0].number}" in page


def _all(office: Path) -> list[DutyRow]:
    with opened(office) as session:
        return duty_rows(session)


def test_one_is_waived_with_its_reason_and_not_without(desk: Browser, office: Path) -> None:
    row = _due(office)[0]
    asked = {"number": row.number, "duty": row.duty, "period": row.period, "title": row.title}
    assert "没有填免除的理由" in desk.post("/visits/duties/waive", status=422, **asked)
    assert "已免除" in desk.post("/visits/duties/waive", reason="放假停托", **asked)
    assert row.state == "due"
    assert (row.number, row.duty, row.period) not in {(one.number, one.duty, one.period) for one in _due(office)}


def test_a_month_shows_what_is_planned_on_its_days_and_the_next_one(desk: Browser, office: Path) -> None:
    page = desk.get(f"/visits/plan?month={TODAY:%Y-%m}")
    assert "2026年11月的安排" in page
    assert "/visits/plan?month=2026-12" in page
    assert "/visits/new?number=" in page
    assert "/reminders/calendar" in page
    assert "看不懂月份" in desk.client.get("/visits/plan?month=11").text


@pytest.fixture
def found(office: Path) -> dict[str, int]:
    """A finding in each of two 旗区, by district."""
    with opened(office) as session:
        signed = {s.agreement.district: s.agreement for s in list_agreements(session, AgreementFilter(in_force=True))}
        for district in sorted(signed)[:2]:
            one = Activity("", TODAY, "上门指导", (signed[district].number,), findings=(Finding("窗台过低", "加护栏"),))
            add(session, one)
        return {one.listed.agreements[0].district: one.finding.id for one in findings(session)}


def test_a_finding_is_rechecked_and_closed(desk: Browser, found: dict[str, int]) -> None:
    key = min(found.values())
    assert "窗台过低" in desk.get("/visits/findings?open=1")
    assert "没有填复查结果" in desk.post(f"/visits/findings/{key}", status=422, on=str(TODAY))
    page = desk.post(f"/visits/findings/{key}", on=str(TODAY), outcome="护栏已加")
    assert "→ 已复查" in page


def test_what_is_owed_and_found_in_another_district_is_not_there(
    staffed: Callable[..., Browser], office: Path, found: dict[str, int]
) -> None:
    own, other = sorted(found)
    person = staffed("clerk", "manager", district=own)
    theirs = next(row for row in _due(office) if row.district == other)
    page = person.get("/visits/duties")
    assert theirs.number not in page
    assert person.client.get(f"/visits/duties?number={theirs.number}").status_code == 404
    asked = {"number": theirs.number, "duty": theirs.duty, "period": theirs.period, "reason": "不是我的"}
    assert "没有编号为" in person.post("/visits/duties/waive", status=422, **asked)
    assert person.client.get(f"/visits/findings/{found[other]}").status_code == 404
    person.post(f"/visits/findings/{found[other]}", status=404, on=str(TODAY), outcome="好了")
    assert f"/visits/findings/{found[other]}" not in person.get("/visits/findings")


def test_institutions_are_drawn_by_lot_and_the_same_seed_draws_the_same(desk: Browser) -> None:
    fields = {"district": "150602", "count": "1", "inspectors": "王某某、李某某", "seed": "abc"}
    first = desk.post("/visits/draws", **fields)
    assert "种子 abc" in first
    assert "抽不出" in desk.post("/visits/draws", status=422, **(fields | {"count": "500"}))


def test_sheets_of_another_district_are_not_made(staffed: Callable[..., Browser], office: Path) -> None:
    rows = _due(office)
    own = rows[0].district
    theirs = next(row for row in rows if row.district != own)
    clerk = staffed("clerk", district=own)
    assert "没有编号为" in clerk.post("/visits/sheets", status=422, numbers=theirs.number)


def test_what_was_lent_is_listed_for_who_keeps_it(desk: Browser) -> None:
    assert "没有借出的档案" in desk.get("/scans/loans?overdue=1")
