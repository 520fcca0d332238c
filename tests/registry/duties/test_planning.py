"""The rest of a quarter laid out over its working days (2026: 1 to 7 October off, 10 October worked)."""

import datetime as dt
from dataclasses import replace

import pytest

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.duties.planning import plan_visits
from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.session import OfficeSession

WARDS = ("东胜区甲托育中心", "东胜区乙托育中心")


@pytest.fixture
def autumn(session: OfficeSession) -> OfficeSession:
    """On 2026-09-30 two institutions with 基层 agreements that end on 2026-10-04 and 2027-08-31."""
    known = directory(session)
    for ward, start in zip(WARDS, ("2025-10-05", "2026-09-01"), strict=True):
        on = dt.date.fromisoformat(start)
        request = DraftRequest(known.find("东胜区兴胜社区卫生服务中心"), known.find(ward), Variant.JC, on, 12)
        (made,) = draft_agreements(replace(session, today=on), [request]).made
        record_step(session, [made.number], "signed", on=on, party="all")
    return replace(session, today=dt.date(2026, 9, 30))


def laid_out(session: OfficeSession, **wanted: object) -> list[tuple[str, str, str]]:
    visits = plan_visits(session, **wanted)  # type: ignore[arg-type]
    return [(str(one.on), one.trip.rows[0].institution, one.reason) for one in visits]


def test_a_deadline_in_the_holidays_moves_to_the_working_day_before(autumn: OfficeSession) -> None:
    assert [(str(one.on), str(one.last)) for one in plan_visits(autumn)] == [("2026-09-30", "2026-09-30")]
    setting = replace(autumn, today=dt.date(2026, 10, 1))
    assert laid_out(setting) == [("2026-10-08", WARDS[1], "")]


def test_what_no_day_is_left_for_is_named_with_the_reason(autumn: OfficeSession) -> None:
    eve = replace(autumn, today=dt.date(2026, 12, 31))
    known = directory(autumn)
    for ward in (WARDS[0], "鄂托克前旗丁托育中心"):
        request = DraftRequest(
            known.find("东胜区兴胜社区卫生服务中心"), known.find(ward), Variant.TB, dt.date(2026, 10, 5), 12
        )
        (made,) = draft_agreements(eve, [request]).made
        record_step(eve, [made.number], "signed", on=dt.date(2026, 10, 5), party="all")
    assert laid_out(eve, per_day=2) == [
        ("2026-12-31", WARDS[0], ""),
        ("2026-12-31", WARDS[1], ""),
        ("None", "鄂托克前旗丁托育中心", "截止前的工作日已排满（每天 2 次）"),
    ]
    assert [one for *_, one in laid_out(eve, per_day=3)] == ["", "", ""]


def test_a_day_of_the_office_s_own_table_is_no_working_day(autumn: OfficeSession) -> None:
    (autumn.workspace.root / "holidays-2026.toml").write_text("off = [2026-10-08]\nworking = []\n", "utf-8")
    assert laid_out(replace(autumn, today=dt.date(2026, 10, 1))) == [("2026-10-09", WARDS[1], "")]


def test_what_one_provider_owes_one_institution_is_one_trip(session: OfficeSession) -> None:
    known = directory(session)
    request = DraftRequest(known.find("东胜区妇幼保健院"), known.find(WARDS[0]), Variant.FY, dt.date(2026, 1, 1), 12)
    (made,) = draft_agreements(replace(session, today=dt.date(2026, 1, 1)), [request]).made
    record_step(session, [made.number], "signed", on=dt.date(2026, 1, 1), party="all")
    (visit,) = plan_visits(session)
    assert [row.duty for row in visit.trip.rows] == ["C07", "E02", "F04", "F06", "training"]


@pytest.mark.parametrize(("quarter", "said"), [("2026", "不是季度"), ("2026Q3", "已经过去"), ("Q4", "看不懂时段")])
def test_only_a_quarter_that_is_not_over_can_be_planned(session: OfficeSession, quarter: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        plan_visits(session, quarter=quarter)
