"""Drafts and renewals on the desk: the plan first, then those that are ticked; nothing of another 旗区."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from build import opened
from desk_browser import Browser

from yiyu.desk.pages import drafting
from yiyu.registry.agreements.keeping import keep_agreements
from yiyu.registry.agreements.pairing import propose_pairs
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Kind, Variant

_PAIR = re.compile(r'name="pair" value="([^"]+)"')


def _numbers(office: Path) -> set[str]:
    with opened(office) as session:
        return {one.number for one in keep_agreements(session).all}


def _signed(office: Path) -> dict[str, str]:
    """Agreements that may be renewed, by 旗区."""
    with opened(office) as session:
        every = [one.standing for one in keep_agreements(session).all]
    return {
        one.agreement.district: one.agreement.number
        for one in every
        if one.state.signing == "signed" and one.live and not one.renewal
    }


def test_pairs_are_proposed_and_those_ticked_are_drafted(desk: Browser, office: Path) -> None:
    page = desk.get("/agreements/draft?variants=ZY")
    with opened(office) as session:
        proposed = [one for one in propose_pairs(session, [Variant.ZY]) if one.medical]
    ticks = _PAIR.findall(page)
    assert len(ticks) == len(proposed) > 1
    before = _numbers(office)
    told = desk.post("/agreements/draft/pairs", pair=ticks[:2], starts_on="2027-01-01", months="24")
    made = _numbers(office) - before
    assert len(made) == 2
    assert all(number in told for number in made)
    assert "2028-12-31" in told


def test_one_is_drafted_by_names_or_refused_with_what_was_typed(desk: Browser, office: Path) -> None:
    with opened(office) as session:
        pair = next(one for one in propose_pairs(session, [Variant.ZY]) if one.medical)
    assert pair.medical
    fields = {"childcare": pair.childcare.name, "variant": "ZY", "starts_on": "2027-03-01"}
    told = desk.post("/agreements/draft/single", status=422, medical="没有的医院", **fields)
    assert "没有找到" in told
    assert html.escape(pair.childcare.name) in told
    assert "已起草 1 份" in desk.post("/agreements/draft/single", medical=pair.medical.name, **fields)


def test_a_workbook_is_shown_as_a_plan_before_it_is_drafted(desk: Browser, office: Path, tmp_path: Path) -> None:
    with opened(office) as session:
        pair = next(one for one in propose_pairs(session, [Variant.ZY]) if one.medical)
    assert pair.medical
    book = openpyxl.Workbook()
    for row in (
        ["甲方名称", "乙方名称", "协议类型"],
        [pair.medical.name, pair.childcare.name, "ZY"],
        ["没有", "没有", "ZY"],
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "起草.xlsx")
    before = _numbers(office)
    with (tmp_path / "起草.xlsx").open("rb") as stream:
        plan = desk.post("/agreements/draft/workbook", files={"file": ("起草.xlsx", stream)})
    assert "将起草 1 份，1 份不能起草" in plan
    assert _numbers(office) == before
    key = re.search(r'name="key" value="(\w+)"', plan)
    assert key
    assert "已起草 1 份" in desk.post("/agreements/draft/workbook/apply", key=key[1])
    assert len(_numbers(office) - before) == 1


def test_renewals_are_planned_and_those_ticked_are_drafted(desk: Browser, office: Path) -> None:
    numbers = list(_signed(office).values())[:3]
    before = _numbers(office)
    plan = desk.post("/agreements/renew", number=numbers, months="24")
    assert "将起草 3 份" in plan
    assert _numbers(office) == before
    told = desk.post("/agreements/renew/apply", number=numbers[:2], months="24")
    assert "已起草 2 份" in told
    assert len(_numbers(office) - before) == 2
    assert "未签" in desk.post("/agreements/renew", status=422, number=numbers[0])


def test_many_are_renewed_as_a_long_work(desk: Browser, office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafting, "AT_ONCE", 2)
    with opened(office) as session:
        every = [one.standing for one in keep_agreements(session).all]
    numbers = [one.agreement.number for one in every if one.state.signing == "signed" and one.live and not one.renewal]
    before = _numbers(office)
    page = desk.finished(desk.post("/agreements/renew/apply", number=numbers))
    assert "生成缺的文书" in page
    assert f"已起草 {len(_numbers(office) - before)} 份" in page
    assert len(_numbers(office) - before) > 1


def test_of_another_district_nothing_is_proposed_drafted_or_renewed(
    staffed: Callable[..., Browser], office: Path
) -> None:
    signed = _signed(office)
    own, other = sorted(signed)[:2]
    clerk = staffed("clerk", district=own)
    assert "没有编号为" in clerk.post("/agreements/renew", status=422, number=signed[other])
    with opened(office) as session:
        known = directory(session)
        medical = next(one for one in known.all if one.kind is Kind.MEDICAL and one.district == other)
        childcare = next(one for one in known.all if one.kind is Kind.CHILDCARE and one.district == other)
    page = clerk.get("/agreements/draft?variants=ZY&district=" + other)
    assert all(childcare.name not in row for row in _PAIR.findall(page))
    assert childcare.name not in page
    for path, fields in (
        ("pairs", {"pair": f"{childcare.id} ZY {medical.id}"}),
        ("single", {"medical": medical.name, "childcare": childcare.name}),
    ):
        clerk.post(f"/agreements/draft/{path}", status=422, **fields)
