"""Rates against a recount in plain SQL, and against themselves on an earlier day."""

import datetime as dt
import random
import sqlite3
from dataclasses import replace

import msgspec
import pytest

from yiyu.registry.activities.adding import add
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import ALL_PARTIES, record_step
from yiyu.registry.config import Workspace
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.editing import edit_institution
from yiyu.registry.model import Institution, Kind, Variant
from yiyu.registry.reports.manual_figures import assess, enter_figure, loops, progress, worklist
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.rate_tables import RateRow
from yiyu.registry.reports.reporting import rate_rows, report_rates
from yiyu.registry.rules.activities import Activity, Finding, Person
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institution_changes import add_institution, change_institution
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing


@pytest.fixture
def counted(session: OfficeSession) -> OfficeSession:
    """The session's office and twenty more childcare institutions, by chance with agreements, visits and findings."""
    chance = random.Random(20261122)  # noqa: S311 - the same office every time
    with changing(session.db):
        for number in range(20):
            district = chance.choice(["150602", "150624"])
            one = Institution(Kind.CHILDCARE, f"第{number}托育中心", district=district, filed=chance.random() < 0.7)
            add_institution(session.db, one, recorded_at=session.now, source="测试")
    known = all_institutions(session.db, session.today)
    medical = {"JC": "东胜区兴胜社区卫生服务中心", "FY": "东胜区妇幼保健院"}
    by_name = {one.name: one for one in known}
    requests = [
        DraftRequest(by_name[medical[variant]], one, Variant(variant), dt.date(2025, chance.randint(9, 12), 1), 12)
        for one in known
        if one.kind is Kind.CHILDCARE
        for variant in ("JC", "FY")
        if chance.random() < 0.7
    ]
    for made in draft_agreements(session, requests).made:
        if chance.random() < 0.8:
            record_step(session, [made.number], "signed", on=made.starts_on, party=ALL_PARTIES)
            if chance.random() < 0.6:
                record_step(session, [made.number], "sealed", on=made.starts_on, party=ALL_PARTIES)
                for step in ("received", "scanned", "checked"):
                    record_step(session, [made.number], step, on=session.today)
        if chance.random() < 0.5:
            form, item = ("上门指导", "F01") if made.variant is Variant.JC else ("培训讲座", "E01")
            finding = (Finding("消毒记录不全", due_on=dt.date(2026, 11, 1)),) if chance.random() < 0.5 else ()
            person = Person("王某某", made.parties[0].facts.name, "儿童保健科", "主治医师")
            on = dt.date(2026, 10, chance.randint(8, 30)) if made.ends_on >= dt.date(2026, 10, 30) else made.ends_on
            add(
                session,
                Activity(
                    "", on, form, (made.number,), (item,), dt.time(9), dt.time(11), people=(person,), findings=finding
                ),
                again=True,
            )
    return session


def _sql(session: OfficeSession, query: str) -> int:
    with sqlite3.connect(session.workspace.registry_path) as connection:
        return int(connection.execute(query, {"day": str(session.today)}).fetchone()[0])


_FILED = """
    (SELECT f.value FROM institution_facts f WHERE f.institution_id = i.id AND f.fact = 'filed' AND f.valid_from <= :day
     ORDER BY f.valid_from DESC, f.id DESC LIMIT 1) = '1'
"""
_IN_FORCE = """
    EXISTS (SELECT 1 FROM parties p JOIN agreements a ON a.id = p.agreement_id
    WHERE p.institution_id = i.id AND :day BETWEEN a.starts_on AND a.ends_on
    AND (SELECT count(DISTINCT party) FROM events WHERE agreement_id = a.id AND kind = 'signed' AND on_date <= :day) = 2)
"""


def test_rates_equal_an_independent_recount(counted: OfficeSession) -> None:
    total = report_rates(counted)[0][-1]
    every = "SELECT count(*) FROM institutions i WHERE i.kind = 'childcare'"
    signed, filed = f"{every} AND {_IN_FORCE}", f"{every} AND {_FILED}"
    assert total.childcare == _sql(counted, every)
    assert total.filed == _sql(counted, filed)
    assert total.rates["signed_all"].numerator == _sql(counted, signed)
    assert total.rates["signed"].numerator == _sql(counted, f"{filed} AND {_IN_FORCE}")
    assert total.rates["signed"].denominator == total.filed
    both = f"{filed} AND {_IN_FORCE.replace('2)', '2 AND a.variant = ' + repr('JC') + ')')}"
    both += f" AND {_IN_FORCE.replace('2)', '2 AND a.variant = ' + repr('FY') + ')')}"
    assert total.rates["both"].numerator == _sql(counted, both)
    done = """SELECT count(*) FROM agreements a WHERE
        (SELECT count(DISTINCT party) FROM events WHERE agreement_id = a.id AND kind = 'signed') = 2"""
    assert total.rates["archived"].denominator == _sql(counted, done)
    checked = f"{done} AND EXISTS (SELECT 1 FROM events WHERE agreement_id = a.id AND kind = 'checked')"  # noqa: S608
    assert total.rates["archived"].numerator == _sql(counted, checked) > 0
    findings = (
        "SELECT count(*) FROM findings JOIN activities ON activities.id = activity_id WHERE on_date >= '2026-10-01'"
    )
    assert total.rates["rectified"].denominator == _sql(counted, findings) > 0
    assert total.rates["rectified"].numerator == 0


def test_the_rows_behind_each_rate_add_up_to_it(counted: OfficeSession) -> None:
    groups = report_rates(counted)[0]
    for indicator in INDICATORS:
        units = rate_rows(counted, indicator)
        rate = groups[-1].rates[indicator]
        assert (sum(unit.counts for unit in units), len(units)) == (rate.numerator, rate.denominator)
        assert sum(row.rates[indicator].denominator for row in groups[:-1]) == rate.denominator


def test_rates_of_an_earlier_day_stay_as_they_were(counted: OfficeSession) -> None:
    before = [row.as_json() for row in report_rates(counted)[0]]
    later = replace(counted, today=counted.today + dt.timedelta(days=3), now="2026-11-25T09:00:00+08:00")
    unsigned = next(unit for unit in rate_rows(later, "signed") if not unit.counts)
    one = next(one for one in all_institutions(later.db, later.today) if one.name == unsigned.institution)
    medical = next(m for m in all_institutions(later.db, later.today) if m.category == "社区卫生服务中心")
    (made,) = draft_agreements(later, [DraftRequest(medical, one, Variant.JC, later.today, 12)]).made
    record_step(later, [made.number], "signed", on=later.today, party=ALL_PARTIES)
    with changing(later.db):
        change_institution(later.db, one, {"filed": False}, from_day=later.today, recorded_at=later.now, source="测试")
    after = [row.as_json() for row in report_rates(later)[0]]
    assert after != before
    assert [row.as_json() for row in report_rates(counted)[0]] == before


def test_a_period_has_both_bounds(counted: OfficeSession) -> None:
    """Nothing after the last day of a period counts in it, and nothing before its first."""
    every = {key: rate_rows(counted, key, period="2025") for key in INDICATORS}
    then = replace(counted, today=dt.date(2025, 12, 31))
    assert every == {key: rate_rows(then, key, period="2025") for key in INDICATORS}
    assert every["rectified"] == []  # all was found in 2026
    for month in range(1, 12):
        found = rate_rows(counted, "rectified", period=f"2026-{month:02}")
        inside = f"SELECT count(*) FROM findings JOIN activities ON activities.id = activity_id WHERE on_date LIKE '2026-{month:02}-%'"  # noqa: S608
        assert len(found) <= _sql(counted, inside)
    endings = [rate_rows(counted, "renewed", period=f"2026-{month:02}") for month in range(1, 12)]
    assert sum(map(len, endings)) == len(rate_rows(counted, "renewed", period="2026")) > 0
    assert {unit.reason.split(" ")[0][:7] for unit in endings[8]} == {"2026-09"}


def test_every_unit_that_does_not_count_says_why_and_who_answers_for_it(counted: OfficeSession) -> None:
    known = {one.name for one in all_institutions(counted.db, counted.today)}
    units = [unit for key in INDICATORS for unit in rate_rows(counted, key, period="2026")]
    assert all(bool(unit.reason) is not unit.counts for unit in units)
    assert {unit.responsible for unit in units} <= known
    assert all(
        unit.number or unit.indicator in ("signed", "signed_all", "both", "filed", "participation", "duties")
        for unit in units
    )


# What became of the one agreement of an institution, and the reason for which it counts as unsigned.
REASONS = [
    ("", None, "没有协议"),
    ("2026-01-01", "", "起草，未签齐"),
    ("2026-01-01", "甲", "单方已签，未签齐"),
    ("2027-01-01", "甲乙", "已签，自 2027-01-01 起生效"),
    ("2025-01-01", "甲乙", "已于 2025-12-31 到期"),
    ("2026-01-01", "甲乙解", "2026-11-22 已解除"),
    ("2026-01-01", "废", "2026-11-22 作废"),
]


@pytest.mark.parametrize(("start", "what", "reason"), REASONS)
def test_an_institution_without_an_agreement_in_force_says_what_it_has(
    session: OfficeSession, start: str, what: str | None, reason: str
) -> None:
    known = {one.name: one for one in all_institutions(session.db, session.today)}
    number = ""
    if start:
        on = dt.date.fromisoformat(start)
        drafted = replace(session, today=min(on, session.today))
        request = DraftRequest(known["东胜区妇幼保健院"], known["东胜区甲托育中心"], Variant.FY, on, 12)
        number = draft_agreements(drafted, [request]).made[0].number
        for step in what or "":
            kind = {"解": "terminated", "废": "voided"}.get(step, "signed")
            party = step if kind == "signed" else ""
            record_step(
                session, [number], kind, on=session.today if not party else drafted.today, party=party, note="测试"
            )
    unit = next(unit for unit in rate_rows(session, "signed") if unit.institution == "东胜区甲托育中心")
    assert (unit.counts, unit.number, unit.reason) == (False, number, f"{number} {reason}".strip())
    assert unit.responsible == ("东胜区妇幼保健院" if number else "东胜区甲托育中心")


def test_two_agreements_on_one_day_count_an_institution_once(session: OfficeSession) -> None:
    known = {one.name: one for one in all_institutions(session.db, session.today)}
    for name in ("东胜区兴胜社区卫生服务中心", "东胜区林荫苏木卫生院"):
        request = DraftRequest(known[name], known["东胜区甲托育中心"], Variant.JC, dt.date(2026, 1, 1), 12)
        (made,) = draft_agreements(session, [request]).made
        record_step(session, [made.number], "signed", on=made.starts_on, party=ALL_PARTIES)
    total = report_rates(session)[0][-1]
    assert (total.rates["signed"].numerator, total.rates["signed_all"].numerator) == (1, 1)


def test_a_rate_of_nothing_is_no_rate(session: OfficeSession) -> None:
    total = report_rates(session)[0][-1]
    assert total.rates["renewed"].as_json() == {"numerator": 0, "denominator": 0, "percent": None}
    assert str(total.rates["renewed"]) == "—（0/0）"


def _entered(rows: list[RateRow], code: str, indicator: str) -> tuple[object, ...]:
    one = next(row for row in rows if row.code == code).entered[indicator]
    return one.value, one.target, one.target_year, one.reached


def test_a_figure_from_elsewhere_stands_beside_its_target_and_is_never_a_false_zero(counted: OfficeSession) -> None:
    assert _entered(report_rates(counted)[0], "150602", "tcm") == (None, 90, 2025, None)
    enter_figure(counted, "tcm", district="150602", year=2026, numerator=88, denominator=100, source="年报")
    assert _entered(report_rates(counted)[0], "150602", "tcm") == (88.0, 90, 2025, False)
    enter_figure(counted, "tcm", district="150602", year=2026, value=91.5, source="年报更正")
    assert _entered(report_rates(counted)[0], "150602", "tcm") == (91.5, 90, 2025, True)
    assert _entered(report_rates(counted)[0], "150624", "tcm") == (None, 90, 2025, None)


@pytest.mark.parametrize(
    "more", [{"value": 101.0}, {}, {"value": 5.0, "numerator": 1.0, "denominator": 2.0}, {"value": -1.0}]
)
def test_a_figure_that_cannot_be_is_refused(session: OfficeSession, more: dict[str, float]) -> None:
    with pytest.raises(BadInput):
        enter_figure(session, "tcm", district="150602", year=2026, source="年报", **more)  # type: ignore[arg-type]


def test_the_one_district_a_target_leaves_out_says_so(session: OfficeSession) -> None:
    with changing(session.db):
        one = Institution(Kind.CHILDCARE, "康巴什区某托育中心", district="150603")
        add_institution(session.db, one, recorded_at=session.now, source="测试")
    rows = {row.code: row.entered["hospital"] for row in report_rates(session)[0]}
    assert (rows["150603"].target, rows["150603"].excluded) == (None, "S0 一：康巴什区除外")
    assert (rows["150602"].target, rows["150602"].excluded) == (1, "")


def test_each_of_eight_districts_adds_one_and_none_stands_in_for_another(session: OfficeSession) -> None:
    """S0 一: 每个旗区至少建成1所，康巴什区除外: eight of the nine 旗区."""
    asked = ["150602", "150621", "150622", "150623", "150624", "150625", "150626", "150627"]

    def city() -> tuple[float | None, float | None, bool | None]:
        one = report_rates(session)[0][-1].entered["hospital"]
        return one.value, one.target, one.reached

    assert city() == (None, 8, None)
    for code in [*asked[:7], "150603"]:
        enter_figure(session, "hospital", district=code, year=2026, value=2.0, source="摸底")
    assert city() == (7, 8, False)  # fourteen houses, and one 旗 has none
    enter_figure(session, "hospital", district=asked[7], year=2026, value=1.0, source="摸底")
    assert city() == (8, 8, True)
    enter_figure(session, "hospital", district="150600", year=2026, value=15.0, source="市里报表")
    assert city() == (8, 8, True)
    assert "另填报全市 15（市里报表）" in report_rates(session)[0][-1].entered["hospital"].source


def test_a_region_above_the_city_counts_each_of_its_banners_once(session: OfficeSession) -> None:
    """The pack of a city names the city beside its 旗区: for a province's registry it is no ninth of them."""
    config = msgspec.structs.replace(session.workspace.config, region="150000")
    province = replace(session, workspace=Workspace(session.workspace.root, config))
    goals = {
        one: report_rates(at)[0][-1].entered["hospital"].target for one, at in {"市": session, "省": province}.items()
    }
    assert goals == {"市": 8, "省": 8}


def test_what_the_registry_holds_is_computed_and_stands_beside_what_was_typed(session: OfficeSession) -> None:
    for name, places, inclusive in (
        ("东胜区甲托育中心", 60, True),
        ("东胜区乙托育中心", 40, False),
        ("鄂托克前旗丁托育中心", 20, True),
    ):
        edit_institution(session, name, {"places": places, "inclusive": inclusive})
    known = {one.name: one for one in all_institutions(session.db, session.today)}
    request = DraftRequest(
        known["东胜区兴胜社区卫生服务中心"], known["东胜区甲托育中心"], Variant.JC, dt.date(2026, 1, 1), 12
    )
    (made,) = draft_agreements(session, [request]).made
    record_step(session, [made.number], "signed", on=dt.date(2026, 1, 1), party=ALL_PARTIES)
    for day, number in ((1, 30), (2, 10)):
        counts = {"新建档案": number}
        add(session, Activity("", dt.date(2026, 11, day), "健康检查", (made.number,), counts=counts), again=True)
    enter_figure(session, "inclusive", district="150600", year=2026, value=60.0, source="年报")
    rows = {row.code: row.entered for row in report_rates(session)[0]}
    total, east = rows[""], rows["150602"]
    assert (total["inclusive"].numerator, total["inclusive"].denominator) == (80, 120)
    assert (total["inclusive"].value, total["inclusive"].typed) == (66.7, 60.0)
    assert total["inclusive"].source == "登记库 80/120；填报 60，年报"
    assert (east["inclusive"].value, east["inclusive"].typed, east["inclusive"].source) == (60.0, None, "登记库 60/100")
    assert (east["records"].numerator, east["records"].denominator) == (40, 50)  # 在托 50
    assert rows["150623"]["records"].value is None
    earlier = report_rates(replace(session, today=dt.date(2026, 11, 1)))[0][-1].entered["records"]
    assert (earlier.numerator, earlier.denominator) == (30, 50)


def test_the_yearly_loop_goes_step_by_step(session: OfficeSession) -> None:
    name, june = "东胜区甲托育中心", dt.date(2026, 6, 20)
    with pytest.raises(StepNotAllowed, match="指导还没有登记"):
        assess(session, [name], "rectified", on=june)
    assess(session, [name], "self_assessed", on=june, problems=3)
    assess(session, [name], "guided", on=june)
    assess(session, [name], "rectified", on=dt.date(2026, 9, 1))
    by_name = {one.institution.name: one for one in loops(session, 2026)}
    assert (by_name[name].overdue, by_name[name].problems, by_name[name].steps["summarised"]) == (False, 3, None)
    assert by_name["东胜区乙托育中心"].overdue
    assert by_name["东胜区丙托育中心"].overdue  # not filed, and asked all the same
    with pytest.raises(BadInput):
        assess(session, [name], "self_assessed", on=session.today + dt.timedelta(days=1))


def test_a_task_of_the_worklist_has_its_owner_and_progress(session: OfficeSession) -> None:
    assert next(one for one in worklist(session) if one.key == "work_plan").owner == "旗区卫生健康委"
    progress(session, "work_plan", "done", on=session.today, district="150602", note="已印发")
    found = {one.key: one.progress for one in worklist(session, "150602")}
    assert found["work_plan"] is not None
    assert found["work_plan"].status == "done"
    assert {one.key: one.progress for one in worklist(session, "150624")}["work_plan"] is None


def test_a_target_of_the_worklist_stands_beside_the_figure_of_this_year(session: OfficeSession) -> None:
    def goals() -> list[str]:
        return [one.goal for one in worklist(session, "150602") if one.key.startswith("tcm")]

    assert goals()[0].endswith("，未填")
    enter_figure(session, "tcm", district="150602", year=session.today.year, value=91.5, source="年报")
    assert goals()[0].startswith("≥")
    assert goals()[0].endswith("，现为 91.5%")
    with pytest.raises(NotFound):
        progress(session, "没有这项", "done", on=session.today)


def test_hours_equal_what_the_activities_say(counted: OfficeSession) -> None:
    """None has evidence yet, so nothing counts; all of it is listed with the reason."""
    people = report_hours(counted, 2026)
    assert people
    assert sum(person.minutes for person in people) == 0
    total = _sql(counted, "SELECT count(*) FROM activity_people")
    assert sum(len(person.stays) for person in people) == total
    assert {stay.excluded for person in people for stay in person.stays} <= {"no-evidence", "outside-term"}
