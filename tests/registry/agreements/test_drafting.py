import datetime as dt
import multiprocessing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements, new_agreement
from yiyu.registry.agreements.pairing import Pairing, propose_pairs
from yiyu.registry.agreements.requests import Sources, draft_requests
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.config import load_workspace
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.editing import InstitutionFilter, list_institutions, new_institution
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import MODE_LABEL, RESIDENT_ITEM, Agreement, Institution, Kind, Variant
from yiyu.registry.reports.reporting import rate_rows
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.opening import open_registry

START = dt.date(2026, 12, 1)


def request(
    session: OfficeSession, medical: str = "东胜区妇幼保健院", childcare: str = "东胜区甲托育中心"
) -> DraftRequest:
    known = directory(session)
    return DraftRequest(
        known.find(medical, Kind.MEDICAL), known.find(childcare, Kind.CHILDCARE), Variant.FY, START, months=12
    )


def accept(session: OfficeSession, pairs: list[Pairing]) -> list[DraftRequest]:
    return [DraftRequest(p.medical, p.childcare, p.variant, START, 12) for p in pairs if p.medical is not None]


def test_pairs_are_of_the_same_district_and_only_for_filed_institutions(session: OfficeSession) -> None:
    found = {(p.childcare.name, p.variant.value): p.medical and p.medical.name for p in propose_pairs(session)}
    assert found == {
        ("东胜区甲托育中心", "JC"): "东胜区兴胜社区卫生服务中心",
        ("东胜区甲托育中心", "FY"): "东胜区妇幼保健院",
        ("东胜区乙托育中心", "JC"): "东胜区林荫苏木卫生院",  # the other 基层 has one already
        ("东胜区乙托育中心", "FY"): "东胜区妇幼保健院",
        ("鄂托克前旗丁托育中心", "JC"): None,  # 鄂托克旗 is not 鄂托克前旗
        ("鄂托克前旗丁托育中心", "FY"): None,
    }


def test_lists_pairs_and_rates_call_an_institution_filed_from_the_day_of_its_filing(session: OfficeSession) -> None:
    day = dt.date(2027, 1, 15)
    coming = Institution(Kind.CHILDCARE, "东胜区庚托育中心", district="150602", filed=True, filed_on=day)
    new_institution(session, coming)

    def filed(office: OfficeSession) -> list[bool]:
        listed = list_institutions(office, InstitutionFilter(filed=True))
        counted = [unit for unit in rate_rows(office, "filed") if unit.counts]
        paired = propose_pairs(office)
        lists: list[list[str]] = [
            [one.name for one in listed],
            [one.institution for one in counted],
            [one.childcare.name for one in paired],
        ]
        return [coming.name in names for names in lists]

    (unit,) = (one for one in rate_rows(session, "filed") if one.institution == coming.name)
    assert unit.reason == "没有备案，或备案日期还没有到"
    assert filed(session) == [False] * 3
    assert filed(replace(session, today=day)) == [True] * 3
    unfiled = list_institutions(session, InstitutionFilter(filed=False))
    assert {one.kind for one in unfiled} == {Kind.CHILDCARE}


def test_a_pair_that_has_an_agreement_is_not_proposed_again(session: OfficeSession) -> None:
    draft_agreements(session, accept(session, propose_pairs(session)))
    assert [p for p in propose_pairs(session) if p.medical is not None] == []


def test_numbers_follow_the_pattern_and_count_within_district_year_and_variant(session: OfficeSession) -> None:
    made = draft_agreements(session, accept(session, propose_pairs(session))).made
    assert sorted(one.number for one in made) == [
        "150602-2026-FY-0001",
        "150602-2026-FY-0002",
        "150602-2026-JC-0001",
        "150602-2026-JC-0002",
    ]


def test_a_draft_holds_the_parties_as_they_are_and_the_list_of_the_pack(session: OfficeSession) -> None:
    made = draft_agreements(session, [request(session)]).made[0]
    (stored,) = load_agreements(session.db)
    assert stored == made
    assert [p.facts.name for p in stored.parties] == ["东胜区妇幼保健院", "东胜区甲托育中心"]
    assert stored.items == session.pack.items_for(Variant.FY)
    assert (stored.starts_on, stored.ends_on) == (START, dt.date(2027, 11, 30))


def test_a_dry_run_shows_the_numbers_and_keeps_nothing(session: OfficeSession) -> None:
    planned = draft_agreements(session, accept(session, propose_pairs(session)), dry_run=True)
    assert load_agreements(session.db) == []
    done = draft_agreements(session, accept(session, propose_pairs(session)))
    assert [one.number for one in planned.made] == [one.number for one in done.made]


def test_an_overlapping_agreement_of_the_same_kind_is_refused(session: OfficeSession) -> None:
    draft_agreements(session, [request(session)])
    with pytest.raises(StepNotAllowed, match="150602-2026-FY-0001"):
        draft_agreements(session, [request(session)])


def test_one_refused_request_does_not_stop_the_others(session: OfficeSession) -> None:
    draft_agreements(session, [request(session)])
    result = draft_agreements(session, [request(session), request(session, childcare="东胜区乙托育中心")])
    assert [one.number for one in result.made] == ["150602-2026-FY-0002"]
    assert [one.code for one in result.failed] == ["step-not-allowed"]


def test_a_void_number_stays_and_is_never_given_again(session: OfficeSession) -> None:
    draft_agreements(session, [request(session)])
    record_step(session, ["150602-2026-FY-0001"], "voided", on=session.today, note="写错")
    assert draft_agreements(session, [request(session)]).made[0].number == "150602-2026-FY-0002"
    assert len(load_agreements(session.db)) == 2


@pytest.mark.parametrize(
    ("medical", "childcare", "error", "words"),
    [
        ("东胜区妇幼保健所", "东胜区甲托育中心", NotFound, "您是不是要找：东胜区妇幼保健院"),
        ("东胜区甲托育中心", "东胜区甲托育中心", NotFound, "“东胜区甲托育中心”是托育机构，这里要医疗卫生机构"),
    ],
)
def test_an_unknown_side_is_named_with_the_nearest(
    session: OfficeSession, medical: str, childcare: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        request(session, medical, childcare)


def test_dates_in_the_wrong_order_are_refused(session: OfficeSession) -> None:
    one = request(session)
    backwards = DraftRequest(one.medical, one.childcare, one.variant, START, 12, ends_on=dt.date(2026, 11, 30))
    with pytest.raises(BadInput, match="截止日期 2026-11-30 早于生效日期 2026-12-01"):
        draft_agreements(session, [backwards])
    assert load_agreements(session.db) == []


def _draft_one(arguments: tuple[Path, str]) -> str:
    folder, childcare = arguments
    workspace = load_workspace(folder)
    with open_registry(workspace.registry_path) as db:
        session = OfficeSession(workspace, db, START, "2026-12-01T08:00:00+08:00", "王某某")
        return draft_agreements(session, [request(session, childcare=childcare)]).made[0].number


def test_two_clerks_at_once_never_get_one_number(session: OfficeSession) -> None:
    names = [f"东胜区第{n}托育中心" for n in range(16)]
    for name in names:
        new_institution(session, Institution(Kind.CHILDCARE, name, district="150602", filed=True))
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        numbers = pool.map(_draft_one, [(session.workspace.root, name) for name in names], chunksize=1)
    assert sorted(numbers) == [f"150602-2026-FY-{n:04}" for n in range(1, 17)]


def test_a_changed_pattern_never_gives_a_number_that_stands_already(session: OfficeSession) -> None:
    draft_agreements(session, [request(session)])
    config = msgspec.structs.replace(session.workspace.config, number_pattern="{district}-{year}-FY-000{serial}")
    changed = replace(session, workspace=msgspec.structs.replace(session.workspace, config=config))
    made = draft_agreements(changed, [request(changed, childcare="东胜区乙托育中心")]).made
    assert [one.number for one in made] == ["150602-2026-FY-0002"]


def test_the_service_mode_is_the_agreements_own_else_the_offices_else_the_packs(session: OfficeSession) -> None:
    def drafted(pack_mode: str = "", office_mode: str = "", own: str = "") -> Agreement:
        pack = replace(session.pack, service_mode=pack_mode)
        config = msgspec.structs.replace(session.workspace.config, service_mode=office_mode)
        office = replace(session, workspace=msgspec.structs.replace(session.workspace, config=config))
        asked = replace(request(session), mode=own, variant=Variant.JC)
        return new_agreement(office, pack, asked, START)

    assert [drafted().mode, drafted("resident").mode, drafted("resident", "visit").mode] == [
        "visit",
        "resident",
        "visit",
    ]
    assert drafted("resident", "visit", "both").mode == "both"
    ticked = [[one.selected for one in drafted(own=mode).items if one.code == RESIDENT_ITEM] for mode in MODE_LABEL]
    assert ticked == [[False], [True], [True]]


def test_a_workbook_states_the_mode_of_each(session: OfficeSession, tmp_path: Path) -> None:
    book = tmp_path / "起草.csv"
    book.write_text(
        "甲方名称,乙方名称,协议类型,服务方式\n东胜区妇幼保健院,东胜区甲托育中心,FY,派驻\n东胜区妇幼保健院,东胜区乙托育中心,FY,\n"
        "东胜区林荫苏木卫生院,东胜区乙托育中心,JC,包办\n",
        encoding="utf-8",
    )
    sources = Sources(None, None, book, paired=False, variants=(), district="", starts_on=START, ends_on=None, months=1)
    requests, failed = draft_requests(session, sources)
    assert [one.mode for one in requests] == ["resident", ""]
    assert "服务方式“包办”不认识" in failed[0].message
    made = draft_agreements(session, requests).made
    assert [one.mode for one in load_agreements(session.db, [one.id for one in made])] == ["resident", "visit"]
