"""One agreement on the desk: all of it on a page, each step as a form, and who comes second is told."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from build import TODAY, opened
from desk_browser import Browser

from yiyu.registry.agreements.changes import where_copies_are
from yiyu.registry.agreements.items import listed_items
from yiyu.registry.agreements.keeping import keep_agreements
from yiyu.registry.agreements.listing import show_agreement
from yiyu.registry.agreements.steps import history
from yiyu.registry.store.standings import AgreementStatus

_LINK = re.compile(r'href="(/agreements/[a-z-]+\?[^"]+)"')


def _one(office: Path, fits: Callable[[AgreementStatus], bool]) -> str:
    with opened(office) as session:
        return next(one.number for one in keep_agreements(session).all if fits(one.standing))


def _signed(one: AgreementStatus) -> bool:
    return one.state.signing == "signed" and one.live


def _untouched(one: AgreementStatus) -> bool:
    return one.unsigned and not one.state.signed


def test_all_of_it_is_on_the_page_and_every_link_on_it_opens(desk: Browser, office: Path) -> None:
    number = _one(office, lambda one: one.state.filing != "none")
    page = desk.get(f"/agreements/one/{number}")
    with opened(office) as session:
        dossier = show_agreement(session, number)
    assert all(party.facts.name in page for party in dossier.agreement.parties)
    assert page.count('<li class="done">') >= 2 * len(dossier.agreement.parties)
    links = [link.replace("&amp;", "&") for link in _LINK.findall(page)]
    assert any(link.startswith("/agreements/document") for link in links)
    for link in links:
        if not link.startswith(("/agreements/renew", "/agreements/scans")):
            assert desk.client.get(link).status_code == 200, link


def test_only_steps_the_rules_allow_are_offered(desk: Browser, office: Path) -> None:
    drafted = desk.get(f"/agreements/one/{_one(office, _untouched)}")
    assert "登记签字" in drafted
    assert "登记作废" in drafted
    assert "登记已收" not in drafted
    assert "登记解除" not in drafted
    signed = desk.get(f"/agreements/one/{_one(office, _signed)}")
    assert "登记签字" not in signed
    assert "登记解除" in signed


@pytest.mark.parametrize(
    ("path", "fits", "fields", "kind"),
    [
        ("step", _untouched, {"kind": "submitted"}, "submitted"),
        ("end", _untouched, {"kind": "voided", "note": "不再合作"}, "voided"),
        ("end", _signed, {"kind": "terminated", "note": "托育机构停办"}, "terminated"),
        ("supplement", _signed, {"text": "延长半年", "ends_on": "2028-06-30"}, "supplemented"),
        ("copies", _signed, {"count": "1", "source": "unprinted", "target": "甲"}, "moved"),
    ],
)
def test_each_form_records_its_step(
    desk: Browser, office: Path, path: str, fits: Callable[[AgreementStatus], bool], fields: dict[str, str], kind: str
) -> None:
    number = _one(office, fits)
    page = desk.post(f"/agreements/{path}", number=number, on=str(TODAY), **fields)
    assert "已登记" in page
    with opened(office) as session:
        assert kind in {event.kind for event in history(session, number)}
        if kind == "moved":
            assert where_copies_are(session, number)["甲"] == 1


def test_sealing_keeps_the_seam_and_the_number_of_the_seal(desk: Browser, office: Path) -> None:
    number = _one(office, _untouched)
    desk.post("/agreements/step", number=number, kind="signed", party="all", on=str(TODAY))
    desk.post("/agreements/step", number=number, kind="sealed", party="all", on=str(TODAY), seam="1", seal_no="印-7")
    with opened(office) as session:
        sealed = [event for event in history(session, number) if event.kind == "sealed"]
    assert [event.data for event in sealed] == [{"seam": True, "seal_no": "印-7"}] * len(sealed)
    assert sealed


def test_an_order_paper_hardly_knows_is_recorded_with_its_reason(desk: Browser, office: Path) -> None:
    fields = {"number": _one(office, _untouched), "kind": "sealed", "party": "甲", "on": str(TODAY)}
    assert "还没有登记签字" in desk.post("/agreements/step", status=422, **fields)
    assert "仍登记" in desk.post("/agreements/step", **fields, force="章先盖好了")


def test_a_wrong_entry_is_corrected_with_its_reason(desk: Browser, office: Path) -> None:
    number = _one(office, _signed)
    with opened(office) as session:
        wrong = next(event for event in history(session, number) if event.kind == "signed")
    assert "不能是空的" not in desk.post("/agreements/correct", status=422, number=number, event=str(wrong.id))
    page = desk.post("/agreements/correct", number=number, event=str(wrong.id), note="日期记错")
    assert "已更正" in page
    assert 'class="corrected"' in page


def test_items_are_ticked_from_a_day_on(desk: Browser, office: Path) -> None:
    number = _one(office, _untouched)
    with opened(office) as session:
        items = listed_items(session, number).items
    ticked = [item.code for item in items if not item.selected]
    typed = {f"department.{item.code}": item.department for item in items}
    typed |= {f"remark.{item.code}": item.remark for item in items} | {f"frequency.{items[0].code}": "每年2次"}
    page = desk.post("/agreements/items", number=number, tick=ticked, **typed)
    assert "已变更" in page
    with opened(office) as session:
        now = listed_items(session, number)
    assert [item.code for item in now.items if item.selected] == ticked
    assert (now.items[0].times, now.items[0].per) == (2, "year")
    assert "看不懂频次" in desk.post(
        "/agreements/items", status=422, number=number, **{f"frequency.{items[0].code}": "常常"}
    )


def test_the_paper_of_a_supplement_is_downloaded_and_nothing_is_recorded(desk: Browser, office: Path) -> None:
    number = _one(office, _signed)
    fields = {"token": desk.token, "number": number, "text": "增加义诊", "ends_on": "2029-01-31"}
    answer = desk.client.post("/agreements/supplement-draft", data=fields)
    assert answer.content.startswith(b"PK")
    assert "filename" in answer.headers["content-disposition"]
    with opened(office) as session:
        assert "supplemented" not in {event.kind for event in history(session, number)}


def test_who_comes_second_is_told_what_the_first_did_and_asked_once_more(
    staffed: Callable[..., Browser], office: Path
) -> None:
    number = _one(office, _untouched)
    first, second = staffed("clerk", name="王某某甲"), staffed("clerk", name="王某某乙")
    forms = {
        one: re.search(r'name="seen" value="(\d+)"', one.get(f"/agreements/step?kind=signed&number={number}"))
        for one in (first, second)
    }
    seen = {one: found[1] for one, found in forms.items() if found}
    fields = {"number": number, "kind": "signed", "on": str(TODAY)}
    first.post("/agreements/step", seen=seen[first], party="甲", **fields)
    told = second.post("/agreements/step", status=409, seen=seen[second], party="乙", **fields)
    assert "王某某甲" in told
    assert "甲方签字" in told
    again = re.search(r'name="seen" value="(\d+)"', told)
    assert again
    assert "已登记" in second.post("/agreements/step", seen=again[1], party="乙", **fields)


def test_what_a_role_may_not_do_is_not_offered_and_refused(staffed: Callable[..., Browser], office: Path) -> None:
    number = _one(office, _signed)
    reader = staffed("reader")
    page = reader.get(f"/agreements/one/{number}")
    assert "/agreements/end" not in page
    assert "更正</a>" not in page
    reader.post("/agreements/end", status=403, number=number, kind="terminated", on=str(TODAY), note="测试")


def test_papers_of_another_district_are_not_there(staffed: Callable[..., Browser], office: Path) -> None:
    with opened(office) as session:
        every = {one.standing.agreement.district: one.number for one in keep_agreements(session).all}
    own, other = sorted(every)[:2]
    clerk = staffed("clerk", "manager", "archivist", district=own)
    for path in (
        "document?kind=agreement&version=1&",
        "scan?kind=agreement&version=1&",
        "extend?",
        "items?",
        "correct?event=1&",
    ):
        assert clerk.client.get(f"/agreements/{path}number={every[other]}").status_code == 404, path
    clerk.post("/agreements/end", status=422, number=every[other], kind="terminated", on=str(TODAY), note="测试")
