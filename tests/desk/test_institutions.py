"""Institutions on the desk: the list, one on a page, entered, changed, merged, filled in; each as the command does it."""

import re
from collections.abc import Callable
from pathlib import Path

from build import opened
from desk_browser import Browser

from yiyu.registry.institutions.duplicates import merged
from yiyu.registry.institutions.editing import InstitutionFilter, list_institutions, show_institution
from yiyu.registry.model import Institution, Kind


def _all(office: Path, kind: Kind = Kind.CHILDCARE) -> list[Institution]:
    with opened(office) as session:
        return list_institutions(session, InstitutionFilter(kind=kind))


def _one(office: Path, key: int) -> Institution:
    with opened(office) as session:
        return show_institution(session, key)


def test_the_list_is_filtered_as_the_command_filters_and_masks_telephones(desk: Browser, office: Path) -> None:
    every = _all(office)
    district = every[0].district
    own = [one for one in every if one.district == district and one.filed]
    query = f"/institutions?kind=childcare&filed=yes&district={district}"
    page = desk.get(query)
    assert own
    assert f"共 {len(own)} 条" in page
    phone = next(one.phone for one in own if one.phone)
    assert phone not in page
    assert phone in desk.get(query + "&phones=1")
    assert desk.client.get("/institutions?kind=hotel").status_code == 422


def test_the_list_is_saved_as_shown(desk: Browser, office: Path) -> None:
    answer = desk.client.get("/institutions/export?kind=medical&sort=name")
    assert answer.content.startswith(b"PK")


def test_one_institution_shows_its_facts_its_agreements_and_when_each_thing_was_told(
    desk: Browser, office: Path
) -> None:
    one = _all(office)[0]
    page = desk.get(f"/institutions/one/{one.id}")
    assert one.code in page
    assert "/agreements/one/" in page
    assert "录入时间" in page
    assert "没有序号为 99999 的机构" in desk.client.get("/institutions/one/99999").text


def test_a_change_is_written_from_the_day_given_and_what_it_leaves_behind_is_told(desk: Browser, office: Path) -> None:
    one = _all(office)[0]
    path = f"/institutions/one/{one.id}/edit"
    page = desk.post(path, address="新址一号", how="change", from_day="2026-03-01")
    assert "地址：" in page
    assert _one(office, one.id).address == "新址一号"
    assert "份没有结束的协议，请逐份处理" in desk.post(path, closed_on="2026-03-02", how="change")


def test_a_refused_change_says_why_and_keeps_what_was_typed(desk: Browser, office: Path) -> None:
    first, second = _all(office)[:2]
    path = f"/institutions/one/{first.id}/edit"
    page = desk.post(path, status=422, code=second.code, remark="请看这里", how="change")
    assert "已属于" in page
    assert "请看这里" in page
    assert _one(office, first.id).code == first.code
    assert "不能是空的" in desk.post(path, status=422, name="", how="change")


def test_who_comes_second_is_told_what_was_changed_and_asked_once_more(
    staffed: Callable[..., Browser], office: Path
) -> None:
    one, first, second = _all(office)[0], staffed("clerk"), staffed("clerk")
    path = f"/institutions/one/{one.id}/edit"
    seen = first.get(path).split('name="seen" value="')[1].split('"')[0]
    second.post(path, seen=seen, town="甲镇", how="change")
    whole = {"town": one.town, "was_town": one.town, "was_address": one.address, "how": "change"}
    page = first.post(path, status=409, seen=seen, address="乙路二号", **whole)
    assert "甲镇" in page
    assert "乙路二号" in page
    assert _one(office, one.id).address == one.address
    again = page.split('name="seen" value="')[1].split('"')[0]
    first.post(path, seen=again, address="乙路二号", **whole)
    assert (_one(office, one.id).address, _one(office, one.id).town) == ("乙路二号", "甲镇")


def test_one_is_entered_by_hand_or_refused_when_it_is_there(desk: Browser, office: Path) -> None:
    district = _all(office)[0].district
    form = {"kind": "childcare", "name": "晨光托育服务有限公司", "district": district, "places": "30"}
    assert "已录入：晨光托育服务有限公司" in desk.post("/institutions/add", **form)
    assert "已在登记库中" in desk.post("/institutions/add", status=422, **form)
    assert "托位数：" in desk.post("/institutions/add", status=422, **form | {"places": "很多"})


def test_two_are_merged_after_their_difference_was_shown_and_parted_again(desk: Browser, office: Path) -> None:
    kept, gone = _all(office, Kind.MEDICAL)[:2]
    page = desk.get(f"/institutions/merge?kept={kept.id}&duplicate={gone.id}")
    assert gone.code in page
    assert "将把" in page
    desk.post("/institutions/merge", kept=kept.id, duplicate=gone.id)
    with opened(office) as session:
        assert [(one.id, into.id) for one, into in merged(session)] == [(gone.id, kept.id)]
    assert "撤销合并" in desk.get("/institutions/duplicates")
    assert "不再并入" in desk.post("/institutions/unmerge", id=gone.id)
    assert "两处写的是同一家机构" in desk.post("/institutions/merge", status=422, kept=kept.id, duplicate=kept.id)


def test_pairs_that_may_be_one_are_listed_and_among_many_looked_for_as_a_work(desk: Browser, office: Path) -> None:
    one = _all(office)[0]
    desk.post("/institutions/add", kind="childcare", name=f"{one.name}服务站", district=one.district)
    assert one.name in desk.get("/institutions/duplicates")
    page = desk.finished(desk.post("/institutions/duplicates"))
    assert re.search("找到 [1-9][0-9]* 对", page)


def test_what_is_missing_is_listed_and_filled_in(desk: Browser, office: Path) -> None:
    one = next(one for one in _all(office) if one.address)
    desk.post(f"/institutions/one/{one.id}/edit", address="", how="correct")
    assert one.name in desk.get("/institutions/gaps?kind=childcare")
    form = desk.get(f"/institutions/one/{one.id}/edit?only=gap")
    assert 'name="address"' in form
    assert 'name="code"' not in form
    desk.post(f"/institutions/one/{one.id}/edit", only="gap", address="乙路三号", how="correct")
    assert _one(office, one.id).address == "乙路三号"
    assert desk.client.get("/institutions/gaps/export").content.startswith(b"PK")


def test_what_is_of_another_district_is_neither_seen_nor_touched(staffed: Callable[..., Browser], office: Path) -> None:
    every = _all(office)
    own = every[0]
    other = next(one for one in every if one.district != own.district)
    clerk = staffed("clerk", district=own.district)
    assert own.name in clerk.get(f"/institutions/one/{own.id}")
    for path in ("", "/edit"):
        answer = clerk.client.get(f"/institutions/one/{other.id}{path}")
        assert answer.status_code == 404
        assert other.name not in answer.text
    assert other.name not in clerk.get(f"/institutions?search={other.code}")
    assert "没有找到机构" in clerk.post("/institutions/merge", status=422, kept=own.id, duplicate=other.id)
    clerk.post(f"/institutions/one/{other.id}/edit", status=404, address="别处", how="change")
    assert other.name not in clerk.post(f"/institutions/one/{own.id}/edit", status=422, code=other.code, how="change")
    typed = {"kind": "childcare", "name": "晨光托育服务有限公司", "district": other.district}
    assert "您只负责" in clerk.post("/institutions/add", status=422, **typed)


def test_who_only_reads_changes_nothing(staffed: Callable[..., Browser], office: Path) -> None:
    reader = staffed("reader")
    one = _all(office)[0]
    assert "修改" not in reader.get(f"/institutions/one/{one.id}")
    reader.post(f"/institutions/one/{one.id}/edit", status=403, address="别处", how="change")
