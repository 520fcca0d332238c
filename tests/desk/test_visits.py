"""Activities on the desk: one recorded with what was done last time at hand, listed, shown with its pictures, put right."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from build import opened
from desk_browser import Browser

from yiyu.registry.activities.adding import add
from yiyu.registry.activities.listing import ActivityFilter, Listed, list_activities
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.rules.activities import Activity, Person

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


def _every(office: Path) -> list[Listed]:
    with opened(office) as session:
        return list_activities(session, ActivityFilter())


@pytest.fixture
def visited(office: Path) -> list[Listed]:
    """A visit under one agreement of each of two 旗区, by one who is remembered."""
    with opened(office) as session:
        signed = {s.agreement.district: s.agreement for s in list_agreements(session, AgreementFilter(in_force=True))}
        for district in sorted(signed)[:2]:
            one = signed[district]
            day = max(one.starts_on, session.today - dt.timedelta(days=30))
            went = (Person("额尔敦某", department="儿童保健科", title="医师"),)
            add(
                session,
                Activity("", day, "上门指导", (one.number,), people=went),
                force="补录",
            )
    return sorted(_every(office), key=lambda listed: listed.agreements[0].district)


def test_a_visit_is_recorded_with_its_photo_and_who_went_last_time_is_ticked(
    desk: Browser, office: Path, visited: list[Listed]
) -> None:
    last = visited[0]
    number, person = last.agreements[0].number, last.activity.people[0].name
    form = desk.get(f"/visits/new?number={number}")
    assert f'value="{person}/' in form
    assert " checked> " in form
    page = desk.post(
        "/visits/new", number=number, on="2026-11-21", form="上门指导", starts="14:00", ends="16:00",
        person=f"{person}/儿保科/医师", count_婴幼儿="12", problem_1="毛巾混放", due_1="2026-12-01",
        files=[("photos", ("现场.png", PIXEL, "image/png"))],
    )  # fmt: skip
    assert "已登记" in page
    assert "毛巾混放" in page
    one = next(one for one in reversed(_every(office)) if str(one.activity.on) == "2026-11-21").activity
    assert (one.agreements, one.counts, len(one.evidence)) == ((number,), {"婴幼儿": 12}, 1)
    assert desk.client.get(f"/visits/one/{one.number}/evidence/1").content == PIXEL


def test_a_refused_visit_keeps_its_photo_and_what_was_typed(desk: Browser, visited: list[Listed]) -> None:
    number = visited[0].agreements[0].number
    fields = {"number": number, "on": "2026-12-24", "form": "上门指导", "content": "看了厨房"}
    page = desk.post("/visits/new", status=422, files=[("photos", ("厨房.png", PIXEL, "image/png"))], **fields)
    assert "还没有到" in page
    assert "看了厨房" in page
    assert "厨房.png" in page
    key = page.split('name="kept_photos" value="')[1].split('"')[0]
    page = desk.post(
        "/visits/new", kept_photos=key, **(fields | {"on": "2026-11-20", "starts": "07:00", "ends": "07:30"})
    )
    assert "已登记" in page
    assert "照片" in page


def test_work_of_no_agreement_is_recorded_for_an_institution(desk: Browser, visited: list[Listed]) -> None:
    name = visited[0].childcare
    page = desk.post("/visits/new", institution=name, on="2026-11-21", form="监督检查", more_people="王某某、李某某")
    assert "已登记" in page
    assert name in page


def test_a_correction_waits_where_another_changed_the_same_since_the_form_was_shown(
    staffed: Callable[..., Browser], visited: list[Listed]
) -> None:
    one, first, second = visited[0].activity, staffed("clerk"), staffed("clerk")
    mark = second.get(f"/visits/one/{one.number}/edit").split('name="seen" value="')[1].split('"')[0]
    fields = {"on": str(one.on), "form": one.form, "more_people": "王某某/儿保科", "reason": "记错了人"}
    assert "已更正" in first.post(f"/visits/one/{one.number}/edit", seen=mark, place="活动室", **fields)
    page = second.post(f"/visits/one/{one.number}/edit", status=422, seen=mark, place="门厅", **fields)
    assert "别人改过" in page
    assert "活动室" in page
    again = page.split('name="seen" value="')[1].split('"')[0]
    assert "门厅" in second.post(f"/visits/one/{one.number}/edit", seen=again, place="门厅", **fields)


def test_a_voided_visit_is_listed_no_more(desk: Browser, visited: list[Listed]) -> None:
    number = visited[0].activity.number
    assert number in desk.get("/visits")
    assert "没有填原因" in desk.post(f"/visits/one/{number}/void", status=422, reason="")
    assert "已作废" in desk.post(f"/visits/one/{number}/void", reason="重复")
    assert number not in desk.get("/visits")
    assert number in desk.get("/visits?voided=1")


@pytest.mark.parametrize("query", ["from=2026-02-31", "period=2026Q9", "from=2026-03-01&to=2026-02-01", "form=跳舞"])
def test_a_filter_that_cannot_be_read_is_said(desk: Browser, query: str) -> None:
    answer = desk.client.get(f"/visits?{query}")
    assert answer.status_code == 422
    assert 'class="fault"' in answer.text


def test_a_visit_of_another_district_is_not_there(staffed: Callable[..., Browser], visited: list[Listed]) -> None:
    listed = {one.agreements[0].district: one for one in visited}
    own, other = sorted(listed)
    clerk = staffed("clerk", district=own)
    mine, theirs = listed[own].activity.number, listed[other].activity.number
    page = clerk.get("/visits")
    assert mine in page
    assert theirs not in page
    assert clerk.client.get(f"/visits/one/{theirs}").status_code == 404
    assert clerk.client.get(f"/visits/one/{theirs}/evidence/1").status_code == 404
    clerk.post(f"/visits/one/{theirs}/void", status=404, reason="不是我的")
    number = listed[other].agreements[0].number
    assert clerk.client.get(f"/visits/new?number={number}").status_code == 404
    refused = clerk.post("/visits/new", status=404, number=number, on="2026-11-20", form="上门指导")
    assert "没有编号为" in refused
    named = listed[other].childcare
    assert "没有找到机构" in clerk.post("/visits/new", status=422, institution=named, on="2026-11-20", form="监督检查")


def test_who_only_reads_sees_visits_and_records_none(staffed: Callable[..., Browser]) -> None:
    reader = staffed("reader")
    assert "登记一次活动" not in reader.get("/visits")
    reader.post("/visits/new", status=403, on="2026-11-20")
