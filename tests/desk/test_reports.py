"""Reports on the desk: every figure opens its rows, reports are looked at and issued, what comes from elsewhere is entered."""

from collections.abc import Callable
from pathlib import Path

from build import opened
from desk_browser import Browser

from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.reports.manual_figures import loops
from yiyu.registry.reports.reporting import rate_rows, report_rates


def test_a_figure_of_the_board_is_that_of_the_command_and_opens_its_rows(desk: Browser, office: Path) -> None:
    with opened(office) as session:
        rate = report_rates(session)[0][-1].rates["signed"]
        units = rate_rows(session, "signed")
    page = desk.until("/reports", "<svg")
    assert f"<b>{rate.text}</b>" in page
    assert "<svg" in page
    rows = desk.get("/reports/rows?indicator=signed&period=2026Q4&district=")
    assert f"共 <b>{len(units)}</b>" in rows
    assert all(unit.institution in rows for unit in units[:5])


def test_a_group_opens_only_its_own_rows(desk: Browser, office: Path) -> None:
    with opened(office) as session:
        row = report_rates(session)[0][0]
    rows = desk.get(f"/reports/rows?indicator=signed&period=2026Q4&district=&group={row.code}")
    assert f"计入 <b>{row.rates['signed'].numerator}</b>，共 <b>{row.rates['signed'].denominator}</b>" in rows


def test_a_period_or_indicator_that_is_none_is_said(desk: Browser) -> None:
    assert "看不懂时段" in desk.client.get("/reports?period=2026Q7").text
    answer = desk.client.get("/reports/rows?indicator=happiness")
    assert answer.status_code == 422
    assert "还没有开始" in desk.client.get("/reports/make?period=2027H1").text


def test_a_bulletin_is_looked_at_issued_listed_and_fetched_and_a_change_is_told(desk: Browser, office: Path) -> None:
    assert "预览" in desk.get("/reports/make?form=bulletin&period=2026H2")
    fields = {"form": "bulletin", "period": "2026H2", "district": ""}
    page = desk.finished(desk.post("/reports/issue", **fields))
    assert "已印发 YF-2026-0001" in page
    assert "不能再印发一次" in desk.finished(desk.post("/reports/issue", **fields))
    assert desk.client.get("/reports/issued/YF-2026-0001/file").content.startswith(b"PK")
    assert "与现在的数一致" in desk.get("/reports/issued/YF-2026-0001")
    assert "<b>0</b> 印发后数有变化的报告" in desk.until("/", "<b>0</b> 印发后数有变化的报告")
    with opened(office) as session:
        number = next(s.agreement.number for s in list_agreements(session, AgreementFilter(in_force=True)))
    desk.post("/agreements/end", number=number, kind="terminated", on="2026-11-20", reason="停办", note="停办")
    assert "<b>1</b> 印发后数有变化的报告" in desk.until("/", "<b>1</b> 印发后数有变化的报告")
    assert "YF-2026-0001" in desk.get("/reports/issued?changed=1")


def test_a_step_of_the_self_assessment_is_recorded_for_those_ticked(desk: Browser, office: Path) -> None:
    with opened(office) as session:
        names = [one.institution.name for one in loops(session, 2026)][:2]
    page = desk.post("/reports/self-assessment", institution=names, step="self_assessed", on="2026-06-20", year="2026")
    assert "已登记自评 2 家" in page
    refused = desk.post("/reports/self-assessment", status=422, institution=names, step="summarised", on="2026-06-20")
    assert "请先登记" in refused


def test_a_figure_from_elsewhere_is_entered_with_its_source_and_a_task_gets_on(desk: Browser) -> None:
    fields = {"indicator": "tcm", "year": "2026", "source": "2026年妇幼卫生年报"}
    assert "没有填出" in desk.post("/reports/entered", status=422, **fields)
    assert "85%" in desk.post("/reports/entered", value="85", **fields)
    page = desk.get("/reports/worklist")
    key = page.split('name="task"><option value="')[1].split('"')[0]
    assert "进行中" in desk.post("/reports/worklist", task=key, state="going", on="2026-11-20", district="")


def test_hours_and_dossier_are_asked_for(desk: Browser) -> None:
    assert "服务时长" in desk.get("/reports/hours")
    assert "只要一样" in desk.post("/reports/dossier", status=422, names="", district="")


def test_a_person_of_one_district_sees_its_figures_and_reports_alone(
    staffed: Callable[..., Browser], office: Path
) -> None:
    manager = staffed("manager")
    manager.finished(manager.post("/reports/issue", form="bulletin", period="2026H2", district=""))
    own, other = "150602", "150627"
    person = staffed("manager", district=own)
    with opened(office) as session:
        theirs = [unit for unit in rate_rows(session, "signed") if unit.district == other]
    rows = person.get(f"/reports/rows?indicator=signed&period=2026Q4&district={other}")
    assert theirs
    assert not any(unit.institution in rows for unit in theirs)
    assert "YF-2026-0001" not in person.get("/reports/issued")
    assert person.client.get("/reports/issued/YF-2026-0001/file").status_code == 404
    person.post("/reports/issue", status=422, form="bulletin", period="2026H2", district=other)
    person.post("/reports/entered", status=422, district=other, indicator="tcm", value="1", year="2026", source="年报")


def test_who_only_reads_issues_nothing(staffed: Callable[..., Browser]) -> None:
    reader = staffed("reader")
    assert "印发</button>" not in reader.get("/reports/make")
    reader.post("/reports/issue", status=403, form="bulletin", period="2026H2")
