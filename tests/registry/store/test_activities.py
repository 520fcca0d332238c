import datetime as dt
import sqlite3
from dataclasses import replace

import pytest

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Variant
from yiyu.registry.rules.activities import Activity, Evidence, Finding, Person
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import (
    activity_ids,
    activity_numbers,
    add_activity,
    evidence_known,
    load_activities,
    recheck_finding,
    void_activity,
)
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import (
    DocumentRow,
    add_documents,
    add_record_sheet,
    record_sheets,
    tie_record_sheet,
)

ON = dt.date(2026, 10, 8)
FULL = Activity(
    number="HD-2026-0001",
    on=ON,
    form="培训讲座",
    agreements=("150602-2026-FY-0001", "150602-2026-JC-0001"),
    items=("E01", "F01"),
    starts=dt.time(9),
    ends=dt.time(11, 30),
    place="多功能室",
    topic="急救",
    organiser="妇幼保健院",
    content="心肺复苏\n海姆立克",
    advice="加强练习",
    summary="良好",
    handouts="手册20份",
    remark="与工会合办",
    counts={"婴幼儿": 0, "从业人员": 12},
    signed_in=12,
    people=(
        Person("王某某", "妇幼保健院", "儿保科", "主治医师", dt.time(9), dt.time(11)),
        Person("李某某"),
    ),
    evidence=(Evidence("photo", "archive/evidence/2026/a.jpg", "aa", 3), Evidence("sign_in", "archive/b", "bb", 4)),
    findings=(Finding("插座无盖", "加盖", dt.date(2026, 11, 1)), Finding("无记录")),
    source="登记册.xlsx 第3行",
    recorded_at="2026-11-22T09:00:00+08:00",
    actor="王某某",
)


@pytest.fixture
def ids(session: OfficeSession) -> dict[str, int]:
    find = directory(session).find
    childcare = find("东胜区甲托育中心")
    requests = [
        DraftRequest(find("东胜区妇幼保健院"), childcare, Variant.FY, dt.date(2026, 1, 1), 12),
        DraftRequest(find("东胜区兴胜社区卫生服务中心"), childcare, Variant.JC, dt.date(2026, 1, 1), 12),
    ]
    return {one.number: one.id for one in draft_agreements(session, requests).made}


def put(session: OfficeSession, ids: dict[str, int], activity: Activity) -> int:
    with changing(session.db):
        return add_activity(session.db, activity, [ids[number] for number in activity.agreements])


def test_an_activity_comes_back_whole(session: OfficeSession, ids: dict[str, int]) -> None:
    key = put(session, ids, FULL)
    (found,) = load_activities(session.db)
    assert [one.id > 0 for one in found.findings] == [True, True]
    plain = replace(found, findings=tuple(replace(one, id=0) for one in found.findings))
    assert plain == replace(FULL, id=key)


def test_every_condition_limits_the_list(session: OfficeSession, ids: dict[str, int]) -> None:
    fy, jc = FULL.agreements
    for number, day, agreements in (("A1", 1, (fy,)), ("A2", 15, (jc,)), ("A3", 31, (fy, jc))):
        put(session, ids, Activity(number, dt.date(2026, 10, day), "上门指导", agreements))

    def numbers(**wanted: object) -> list[str]:
        return [one.number for one in load_activities(session.db, **wanted)]  # type: ignore[arg-type]

    assert numbers() == ["A1", "A2", "A3"]
    assert numbers(first=dt.date(2026, 10, 2)) == ["A2", "A3"]
    assert numbers(last=dt.date(2026, 10, 15)) == ["A1", "A2"]
    assert numbers(agreement_ids=[ids[fy]]) == ["A1", "A3"]
    assert numbers(agreement_ids=[]) == []
    assert numbers(ids=activity_ids(session.db, ["A2", "没有"]).values()) == ["A2"]
    assert load_activities(session.db, agreement_ids=[ids[fy]])[1].agreements == (fy, jc)


def test_a_void_one_stays_with_its_number_and_is_asked_for(session: OfficeSession, ids: dict[str, int]) -> None:
    key = put(session, ids, FULL)
    with changing(session.db):
        void_activity(session.db, key, on=dt.date(2026, 11, 22), reason="登记错了")
    assert load_activities(session.db) == []
    (found,) = load_activities(session.db, voided=True)
    assert (found.voided_on, found.void_reason) == (dt.date(2026, 11, 22), "登记错了")
    assert activity_numbers(session.db, "HD-2026-") == ["HD-2026-0001"]
    assert evidence_known(session.db, "aa") == ()


def test_a_number_is_given_once(session: OfficeSession, ids: dict[str, int]) -> None:
    put(session, ids, FULL)
    with pytest.raises(sqlite3.IntegrityError):
        put(session, ids, FULL)
    assert evidence_known(session.db, "aa") == ("HD-2026-0001",)


def test_a_recheck_changes_its_finding_and_no_other(session: OfficeSession, ids: dict[str, int]) -> None:
    put(session, ids, FULL)
    first, second = load_activities(session.db)[0].findings
    with changing(session.db):
        recheck_finding(session.db, replace(first, rechecked_on=dt.date(2026, 11, 2), outcome="已加盖"))
    after = load_activities(session.db)[0].findings
    assert (after[0].outcome, after[0].due_on, after[1]) == ("已加盖", dt.date(2026, 11, 1), second)


def test_a_sheet_is_tied_and_waits_again_when_its_activity_is_void(session: OfficeSession, ids: dict[str, int]) -> None:
    owner = ids[FULL.agreements[0]]
    with changing(session.db):
        rows = [
            DocumentRow(owner, "activity_record", n, f"output/{n}.docx", f"{n}", "t", 1, session.now) for n in (1, 2)
        ]
        add_documents(session.db, rows)
        add_record_sheet(session.db, owner, 2, period="2026Q4", duty="S0_visit")
    key = put(session, ids, FULL)
    plain, planned = record_sheets(session.db)
    assert (plain.period, plain.duty, planned.period, planned.duty) == ("", "", "2026Q4", "S0_visit")
    with changing(session.db):
        for one in (plain, planned):
            tie_record_sheet(session.db, one, key)
    assert [(one.activity, one.period) for one in record_sheets(session.db, [owner])] == [
        ("HD-2026-0001", ""),
        ("HD-2026-0001", "2026Q4"),
    ]
    with changing(session.db):
        void_activity(session.db, key, on=ON, reason="错")
    assert [one.activity for one in record_sheets(session.db)] == ["", ""]
