"""Work that belongs to an institution and to no agreement: inspections, guidance, problems raised, draws by lot."""

import datetime as dt
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from build import new_office, opened
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.activities.adding import add, void
from yiyu.registry.activities.drawing import draw_institutions, draws
from yiyu.registry.activities.findings import findings, recheck
from yiyu.registry.activities.importing import export_register, import_register
from yiyu.registry.activities.listing import ActivityFilter, list_activities
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.duplicates import merge
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.reports.comparing import compare
from yiyu.registry.reports.counting import RateInputs
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.reporting import asked_period, rate_rows, report_rates
from yiyu.registry.reports.waiting import open_findings
from yiyu.registry.rules.activities import INDEPENDENT_FORMS, Activity, Finding, Person
from yiyu.registry.rules.drawing import draw
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import broken_links, logged_events
from yiyu.registry.store.moments import as_known_on

ON, CHILD, OTHER = dt.date(2026, 9, 8), "东胜区丙托育中心", "东胜区乙托育中心"
FOUND = (Finding("插座无盖", "加盖", dt.date(2026, 9, 20)),)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = new_office(tmp_path_factory.mktemp("alone") / "office")
    with opened(folder) as session:
        find = directory(session).find
        sides = find("东胜区兴胜社区卫生服务中心"), find("东胜区甲托育中心")
        draft_agreements(session, [DraftRequest(*sides, Variant.JC, dt.date(2026, 1, 1), 12)])
        record_step(session, ["150602-2026-JC-0001"], "signed", on=dt.date(2026, 1, 1), party="all")
    return folder


@pytest.fixture
def office(made: Path, tmp_path: Path) -> Iterator[OfficeSession]:
    with opened(Path(shutil.copytree(made, tmp_path / "office"))) as session:
        yield session


def inspected(office: OfficeSession, *names: str, **facts: Any) -> str:
    people = (Person("王某某", department="儿保科"),)
    one = Activity("", ON, "监督检查", (), people=people, findings=FOUND, starts=dt.time(9), ends=dt.time(11))
    return add(office, replace(one, **facts), institutions=names or (CHILD,)).listed.activity.number


def test_an_inspection_belongs_to_institutions_and_stands_in_their_history(office: OfficeSession) -> None:
    number = inspected(office, CHILD, OTHER)
    (one,) = list_activities(office, ActivityFilter())
    assert (one.activity.number, one.agreements, one.childcare) == (number, (), f"{OTHER}、{CHILD}")
    for name in (CHILD, OTHER):
        key = directory(office).find(name).id
        newest = logged_events(office.db, 1, key)[0].event
        assert (newest.kind, newest.on, newest.data) == ("served", ON, {"activity": number})
        assert list_activities(office, ActivityFilter(institution=key)) == [one]
    assert list_activities(office, ActivityFilter(institution=directory(office).find("东胜区甲托育中心").id)) == []
    assert list(broken_links(office.db)) == []


def test_no_duty_hour_or_rate_of_services_counts_work_without_an_agreement(office: OfficeSession) -> None:
    before = report_rates(office)[0], report_hours(office, 2026)
    for form in INDEPENDENT_FORMS:
        inspected(office, "东胜区甲托育中心", form=form, findings=())
    assert (report_rates(office)[0], report_hours(office, 2026)) == before


def test_what_an_inspection_found_counts_among_what_is_to_be_put_right_under_the_institution(
    office: OfficeSession,
) -> None:
    def rows(asked: OfficeSession) -> list[tuple[str, bool, str, str]]:
        found = rate_rows(asked, "rectified", period="2026Q3")
        return [(one.institution, one.counts, one.responsible, one.reason) for one in found]

    later = replace(office, today=dt.date(2026, 9, 30))
    inspected(office)
    inspected(office, form="困难问题")
    assert rows(later) == [(CHILD, False, CHILD, "期限 2026-09-20，逾期没有复查")]
    assert compare(later, "2026Q3").missing.unrectified == (
        "东胜区丙托育中心　HD-2026-0001 插座无盖：期限 2026-09-20，逾期没有复查",
    )
    (waiting,) = open_findings(RateInputs(later, asked_period(later, None)))
    assert (waiting.at.institution, waiting.late) == (CHILD, 10)
    for scope, seen in ((Scope("150602"), 1), (Scope("150603"), 0), (Scope(provider="东胜区妇幼保健院"), 0)):
        limited = replace(later, scope=scope)
        counted = RateInputs(limited, asked_period(limited, None))
        assert (len(rows(limited)), len(open_findings(counted))) == (seen, seen)
    recheck(office, findings(office, institution=CHILD)[0].finding.id, on=dt.date(2026, 9, 21), outcome="已加盖")
    assert rows(later) == [(CHILD, True, CHILD, "")]


def test_its_findings_are_open_overdue_and_rechecked_as_any(office: OfficeSession) -> None:
    inspected(office)
    (one,) = findings(office, institution=CHILD)
    assert (one.state, one.listed.childcare) == ("overdue", CHILD)
    assert findings(office, institution="东胜区甲托育中心") == []
    assert recheck(office, one.finding.id, on=dt.date(2026, 9, 21), outcome="已加盖").state == "closed"
    assert logged_events(office.db, 1, directory(office).find(CHILD).id)[0].event.kind == "rechecked"


def test_a_void_one_counts_no_more_and_what_was_known_is_told(office: OfficeSession) -> None:
    number = inspected(office)
    void(replace(office, today=office.today + dt.timedelta(days=1)), number, reason="错")
    assert list_activities(office, ActivityFilter()) == []
    with as_known_on(office.db, office.today):
        assert [one.activity.number for one in list_activities(office, ActivityFilter())] == [number]


@pytest.mark.parametrize(
    ("facts", "names", "fault"),
    [
        ({"form": "上门指导"}, (CHILD,), BadInput),
        ({"items": ("F01",)}, (CHILD,), BadInput),
        ({}, ("没有这家",), NotFound),
        ({"on": dt.date(2027, 1, 1)}, (CHILD,), BadInput),
    ],
)
def test_what_cannot_be_is_refused(
    office: OfficeSession, facts: dict[str, Any], names: tuple[str, ...], fault: type[Exception]
) -> None:
    with pytest.raises(fault):
        inspected(office, *names, **facts)
    assert list_activities(office, ActivityFilter()) == []


def test_a_repeat_is_asked_about_and_an_inspection_is_no_service_of_an_agreement(office: OfficeSession) -> None:
    inspected(office)
    with pytest.raises(StepNotAllowed, match="同一机构"):
        inspected(office)
    with pytest.raises(BadInput):
        add(office, Activity("", ON, "监督检查", ("150602-2026-JC-0001",)))


def test_a_merged_institution_brings_its_inspections(office: OfficeSession) -> None:
    inspected(office)
    merge(office, OTHER, CHILD)
    (one,) = list_activities(office, ActivityFilter())
    assert one.childcare == OTHER


def test_a_register_of_inspections_goes_out_and_comes_in(office: OfficeSession, tmp_path: Path) -> None:
    inspected(office)
    export_register(office, tmp_path / "册.xlsx", list_activities(office, ActivityFilter()))
    again = import_register(office, tmp_path / "册.xlsx")
    assert (again.unchanged, again.added, again.problems) == (1, (), ())
    rows = ["日期,托育机构,形式,存在问题", f"2026-09-09,{OTHER},双随机,1.甲 2.乙", "2026-09-09,没有这家,监督检查,"]
    (tmp_path / "册.csv").write_text("\n".join(rows), "utf-8")
    found = import_register(office, tmp_path / "册.csv", problems=tmp_path / "待改.xlsx")
    assert [(one.form, len(one.institutions), len(one.findings)) for one in found.added] == [("监督检查", 1, 2)]
    assert [problem.code for problem in found.problems] == ["party-unknown"]


def test_a_draw_is_recorded_and_repeated_by_its_seed_and_tells_who_was_inspected(office: OfficeSession) -> None:
    how: dict[str, Any] = {"seed": "a1", "inspectors": ("王某某", "李某某", "赵某某"), "each": 2}
    tried = draw_institutions(office, "150602", 2, **how, dry_run=True)
    assert draws(office) == []
    drawn = draw_institutions(office, "150602", 2, **how)
    assert [(one.institution, one.inspectors) for one in drawn] == [(one.institution, one.inspectors) for one in tried]
    assert all(len(set(one.inspectors)) == 2 for one in drawn)
    assert {one.inspected_on for one in draws(office)} == {None}
    assert logged_events(office.db, 1)[0].event.kind == "drawn"
    inspected(office, drawn[0].institution, on=office.today, starts=None, ends=None, findings=())
    assert [one.inspected_on for one in draws(office)] == [office.today, None]


@pytest.mark.parametrize(
    ("district", "count", "more"), [("150602", 9, {}), ("150622", 1, {}), ("150602", 1, {"inspectors": ("王某某",)})]
)
def test_a_draw_that_cannot_be_is_refused(
    office: OfficeSession, district: str, count: int, more: dict[str, Any]
) -> None:
    with pytest.raises((BadInput, NotFound)):
        draw_institutions(office, district, count, seed="a1", **more)
    assert draws(office) == []


@given(
    st.sets(st.text("甲乙丙丁戊己庚辛", min_size=1, max_size=3), min_size=3, max_size=12),
    st.text(max_size=4),
    st.randoms(),
)
def test_the_order_of_the_list_plays_no_part_in_a_draw(names: set[str], seed: str, random: Any) -> None:
    mixed = sorted(names)
    random.shuffle(mixed)
    found = draw(sorted(names), 3, seed)
    assert draw(mixed, 3, seed) == found
    assert len({name for name, _ in found.drawn}) == 3
    assert {name for name, _ in found.drawn} <= names
