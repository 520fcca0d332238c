"""Agreements on the desk: the list as ``agreement list`` has it, one on a page, and steps for several at once."""

from collections.abc import Callable
from pathlib import Path

from build import opened
from desk_browser import Browser

from yiyu.registry.agreements.listing import AgreementFilter, list_agreements


def _unsigned(office: Path) -> list[str]:
    with opened(office) as session:
        return [one.agreement.number for one in list_agreements(session, AgreementFilter(unsigned=True))]


def test_the_list_holds_what_the_command_lists(desk: Browser, office: Path) -> None:
    numbers = _unsigned(office)
    page = desk.get("/agreements?state=unsigned")
    assert numbers
    assert all(number in page for number in numbers)
    assert f"共 {len(numbers)} 条" in page


def test_a_step_is_recorded_for_all_that_were_ticked(desk: Browser, office: Path) -> None:
    with opened(office) as session:
        drafts = [
            s.agreement.number for s in list_agreements(session, AgreementFilter(unsigned=True)) if not s.state.signed
        ][:2]
        day = str(session.today)
    page = desk.post("/agreements/step", number=drafts, kind="signed", party="all", on=day)
    assert "已登记" in page
    assert not set(drafts) & set(_unsigned(office))


def test_a_step_that_is_refused_says_so_and_keeps_what_was_typed(desk: Browser, office: Path) -> None:
    number = _unsigned(office)[0]
    page = desk.post(
        "/agreements/step", status=422, number=number, kind="signed", party="all", on="2026-12-30", note="当面签的"
    )
    assert "还没有到" in page
    assert "当面签的" in page
    assert number in _unsigned(office)


def test_an_agreement_of_another_district_is_not_there(staffed: Callable[..., Browser], office: Path) -> None:
    with opened(office) as session:
        numbers = {one.agreement.district: one.agreement.number for one in list_agreements(session, AgreementFilter())}
    own, other = sorted(numbers)[:2]
    clerk = staffed("clerk", district=own)
    assert numbers[own] in clerk.get(f"/agreements/one/{numbers[own]}")
    answer = clerk.client.get(f"/agreements/one/{numbers[other]}")
    assert answer.status_code == 404
    assert numbers[other] not in clerk.get("/agreements?search=" + numbers[other][-4:])
    assert "没有编号为" in clerk.post(
        "/agreements/step", status=422, number=numbers[other], kind="signed", party="all", on="2026-01-01"
    )
