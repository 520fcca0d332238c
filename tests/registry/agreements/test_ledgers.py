import csv
import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from stdnum.cn import ric, uscc

from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.ledger.columns import COLUMNS
from yiyu.registry.agreements.ledger.importing import LedgerResult, export_ledger, import_ledger
from yiyu.registry.agreements.renewing import renew
from yiyu.registry.agreements.steps import history, record_step
from yiyu.registry.config import load_workspace
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import VARIANT_LABEL, Agreement, Institution, Kind, Variant
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.rules.copies import EndCustom, propose_end
from yiyu.registry.rules.districts import district_name, places_in_use
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements, number_place
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing, open_registry
from yiyu.registry.store.standings import AgreementStatus, standings
from yiyu.registry.workbooks.previews import Leave
from yiyu.registry.workbooks.text import column_letter

HEAD = {
    "seq": ("序号", ""),
    "number": ("协议编号", ""),
    "medical": ("甲方（医疗卫生机构）", "名称"),
    "medical_code": ("甲方（医疗卫生机构）", "代码"),
    "childcare": ("乙方（托育机构）", "名称"),
    "childcare_code": ("乙方（托育机构）", "代码"),
    "variant": ("协议类型", ""),
    "starts_on": ("协议期限", "起"),
    "ends_on": ("协议期限", "止"),
    "months": ("协议期限", "期限(月)"),
    "drafted_on": ("起草日期", ""),
    "signed_on": ("签订日期", ""),
    "signing": ("签字状态", ""),
    "signed_medical": ("各方签字日期", "甲方签字日期"),
    "sealed_medical": ("盖章日期", "甲方"),
    "sealed_childcare": ("盖章日期", "乙方"),
    "copies": ("一式份数", ""),
    "renewal": ("续签方式", ""),
    "notice_days": ("提前通知（天）", ""),
    "renews": ("原协议编号", ""),
    "room": ("档案室意见", ""),
}
FIRST_ROW = 5
Row = dict[str, Any]


def credit_code(prefix: str, district: str, serial: int) -> str:
    body = f"{prefix}{district}{serial:09}"
    return body + uscc.calc_check_digit(body)


@dataclass
class Legacy:
    """500 agreements of three years as an office kept them: one sheet a 旗区, each row at a known place."""

    rows: list[Row]
    places: list[tuple[str, int]] = field(default_factory=list)
    planted: dict[tuple[str, str], str] = field(default_factory=dict)
    faulty: set[int] = field(default_factory=set)

    def plant(self, index: int, at: str, code: str, **cells: object) -> None:
        self.rows[index] |= cells
        sheet, row = self.places[index]
        self.planted[sheet, f"{column_letter(list(HEAD).index(at))}{row}"] = code
        self.faulty.add(index)

    @property
    def sound(self) -> list[Row]:
        return [row for index, row in enumerate(self.rows) if index not in self.faulty]


@pytest.fixture
def county(session: OfficeSession) -> OfficeSession:
    """The session with two providers and ten childcare institutions in every 旗区."""
    with changing(session.db):
        for district in places_in_use().counties():
            name = district_name(district)
            for n, (form, category) in enumerate(
                (("新区社区卫生服务中心", "社区卫生服务中心"), ("新区妇幼保健院", "妇幼保健院"))
            ):
                add(
                    session,
                    Institution(
                        Kind.MEDICAL, name + form, credit_code("12", district, n), category=category, district=district
                    ),
                )
            for n in range(10):
                one = Institution(
                    Kind.CHILDCARE,
                    f"{name}第{n}托育中心",
                    credit_code("52", district, 100 + n),
                    district=district,
                    filed=True,
                )
                add(session, one)
        for n in range(2):
            add(
                session,
                Institution(
                    Kind.CHILDCARE, "重名托育中心", credit_code("52", "150602", 900 + n), district="150602", filed=True
                ),
            )
    return session


def add(session: OfficeSession, one: Institution) -> None:
    add_institution(session.db, one, recorded_at=session.now, source="测试")


def spelled(day: dt.date, how: int) -> object:
    return (str(day), day, f"{day:%Y.%m.%d}", f"{day.year}年{day.month}月{day.day}日", int(f"{day:%Y%m%d}"))[how % 5]


@pytest.fixture
def legacy(county: OfficeSession) -> Legacy:
    """Without a fault yet. Numbers of three kinds: by the office's pattern, by an older custom, none."""
    known = directory(county)
    rows: list[Row] = []
    counters: dict[str, Iterator[int]] = {}
    for district in places_in_use().counties():
        name = district_name(district)
        for variant, form in ((Variant.JC, "新区社区卫生服务中心"), (Variant.FY, "新区妇幼保健院")):
            medical = known.find(name + form)
            for n, year in itertools.product(range(10), (2023, 2024, 2025)):
                if len(rows) == 500:
                    break
                childcare = known.find(f"{name}第{n}托育中心")
                start, i = dt.date(year, 3, 1) + dt.timedelta(days=n), len(rows)
                series = f"{district}-{year}-{variant}"
                serial = next(counters.setdefault(series, itertools.count(1)))
                end = propose_end(start, 12, EndCustom.DAY_BEFORE)
                signed = start - dt.timedelta(days=i % 7)
                number = f"{series}-{serial:04}" if variant is Variant.JC else f"{name}妇托协〔{year}〕{serial}号"
                rows.append(
                    {
                        "district": name,
                        "seq": i + 1,
                        "number": None if i % 100 == 99 else number,
                        "medical": medical.name,
                        "medical_code": medical.code if i % 2 else None,
                        "childcare": childcare.name if i % 3 else f"{childcare.name[:3]}\n{childcare.name[3:]} ",
                        "childcare_code": childcare.code if i % 4 else None,
                        "variant": VARIANT_LABEL[variant] if i % 2 else str(variant),
                        "starts_on": spelled(start, i),
                        "ends_on": spelled(end, i + 1) if i % 6 else None,
                        "months": 12 if i % 4 or not i % 6 else None,
                        "signed_on": spelled(signed, i + 2),
                        "signing": "双方已签" if i % 5 else None,
                        "sealed_medical": spelled(signed, i + 3),
                        "sealed_childcare": spelled(signed + dt.timedelta(days=3), i) if i % 8 else None,
                        "copies": ("肆份", 4, "一式4份")[i % 3],
                        "renewal": ("协商续签", "期满终止", None)[i % 3],
                        "notice_days": "30天",
                        "_facts": (medical.id, childcare.id, variant, start, end),
                        "_signed": signed,
                        "_childcare": childcare,
                    }
                )
    found = Legacy(rows)
    for _, group in itertools.groupby(rows, key=lambda row: row["district"]):
        found.places += [(row["district"], FIRST_ROW + at) for at, row in enumerate(group)]
    return found


def write(legacy: Legacy, path: Path) -> Path:
    """Title, 填报单位, two header rows with merges, 甲方 merged over its rows, 合计."""
    with xlsxwriter.Workbook(str(path)) as book:
        date = book.add_format({"num_format": "yyyy/m/d"})
        for name, group in itertools.groupby(legacy.rows, key=lambda row: row["district"]):
            sheet, rows = book.add_worksheet(name), list(group)
            sheet.merge_range(0, 0, 0, len(HEAD) - 1, f"{name}医疗卫生机构支持托育服务签约台账")
            sheet.write_string(1, 0, "填报单位：卫生健康委员会")
            merged(sheet, [upper for upper, _ in HEAD.values()], lambda a, b: (2, a, 2, b))
            for column, (_, lower) in enumerate(HEAD.values()):
                sheet.write_string(3, column, lower)
            for at, row in enumerate(rows):
                for column, key in enumerate(HEAD):
                    value = row.get(key)
                    if isinstance(value, dt.date):
                        sheet.write_datetime(FIRST_ROW - 1 + at, column, value, date)
                    elif key != "medical" and value is not None:
                        sheet.write(FIRST_ROW - 1 + at, column, value)
            merged(sheet, [row["medical"] for row in rows], lambda a, b: (FIRST_ROW - 1 + a, 2, FIRST_ROW - 1 + b, 2))
            sheet.write_string(FIRST_ROW - 1 + len(rows), 0, "合计")
            sheet.write_number(FIRST_ROW - 1 + len(rows), 2, len(rows))
    return path


def merged(sheet: Any, texts: list[Any], box: Callable[[int, int], tuple[int, int, int, int]]) -> None:
    start = 0
    for text, run in itertools.groupby(texts):
        length = len(list(run))
        top, left, bottom, right = box(start, start + length - 1)
        if text and length > 1:
            sheet.merge_range(top, left, bottom, right, text)
        elif text:
            sheet.write_string(top, left, text)
        start += length


def plant(legacy: Legacy, taken_number: str) -> None:
    rows, plant_at = legacy.rows, legacy.plant
    plant_at(4, "number", "number-duplicate", number=rows[1]["number"])
    plant_at(25, "number", "number-duplicate", number=taken_number)
    plant_at(44, "number", "number-unfit", number="妇托协*号")
    plant_at(64, "medical", "party-unknown", medical=f"{rows[64]['medical']}分院", medical_code=None)
    plant_at(83, "childcare", "party-unknown", childcare="没有这家", childcare_code=None)
    plant_at(101, "childcare", "party-unknown", childcare_code=credit_code("52", "150602", 777))
    plant_at(121, "childcare", "party-ambiguous", childcare="重名托育中心", childcare_code=None)
    plant_at(142, "childcare_code", "party-ambiguous", childcare_code=rows[400]["_childcare"].code)
    plant_at(163, "medical", "party-side", medical=rows[163]["childcare"], medical_code=None)
    plant_at(184, "childcare", "party-missing", childcare=None, childcare_code=None)
    plant_at(202, "childcare_code", "code-check-digit", childcare_code="52150602MA182070AX")
    plant_at(223, "medical_code", "code-precision-lost", medical_code=125215020000000000)
    plant_at(244, "starts_on", "date-unreadable", starts_on="2025-02-30")
    plant_at(262, "ends_on", "date-unreadable", ends_on="2205.3.1")
    plant_at(283, "ends_on", "date-order", ends_on="2020-03-01", months=None)
    plant_at(304, "months", "term-mismatch", ends_on=rows[304]["_facts"][4], months=24)
    plant_at(322, "ends_on", "date-missing", ends_on=None, months=None)
    plant_at(343, "variant", "variant-unknown", variant="基层妇幼型")
    plant_at(
        361, "starts_on", "overlap", starts_on=rows[361]["_facts"][3] - dt.timedelta(days=30), ends_on=None, months=12
    )
    plant_at(382, "signed_on", "date-future", signed_on=dt.date(2026, 12, 1))
    plant_at(401, "signed_on", "date-missing", signed_on=None, signing="双方已签")
    plant_at(421, "signing", "signing-mismatch", signing="单方已签")
    plant_at(442, "sealed_medical", "sealed-before-draft", drafted_on="2024-01-31", sealed_medical="2023.12.31")
    plant_at(461, "copies", "number-out-of-range", copies=0)
    plant_at(482, "renews", "renews-unknown", renews="150602-1999-JC-0001")


def faults(result: LedgerResult) -> dict[tuple[str, str], str]:
    return {(p.sheet, f"{p.column}{p.row}"): p.code for p in result.problems if p.severity == "error"}


def facts(one: Agreement) -> tuple[object, ...]:
    medical, childcare = one.parties
    return medical.institution_id, childcare.institution_id, one.variant, one.starts_on, one.ends_on


def test_500_legacy_agreements_with_25_faults_give_475_agreements_and_each_fault_at_its_cell(
    county: OfficeSession, legacy: Legacy, tmp_path: Path
) -> None:
    taken = draft_agreements(county, [draft(county)]).made[0].number
    plant(legacy, taken)
    assert (len(legacy.rows), len(legacy.planted)) == (500, 25)

    result = import_ledger(county, write(legacy, tmp_path / "签约台账.xlsx"))

    assert faults(result) == legacy.planted
    assert len(result.problems) == 25
    assert (result.rows, len(result.added), result.applied) == (500, 475, True)
    assert result.unread == ("列“档案室意见”",)
    stored = {one.agreement.number: one for one in standings(county.db, county.today)}
    del stored[taken]
    by_facts = {facts(one.agreement): number for number, one in stored.items()}
    for row in legacy.sound:
        number = by_facts[row["_facts"]]
        one = stored.pop(number)
        assert row["number"] in (None, number)
        assert one.state.signed == {"甲": row["_signed"], "乙": row["_signed"]}
        assert list(one.state.sealed) == (["甲", "乙"] if row["sealed_childcare"] else ["甲"])
        assert (one.agreement.copies, one.agreement.notice_days, one.agreement.months) == (4, 30, 12)
        assert one.agreement.renewal == ("none" if row["renewal"] == "期满终止" else "negotiate")
        assert one.agreement.parties[1].facts == row["_childcare"]
    assert stored == {}


def draft(session: OfficeSession, childcare: str = "东胜区甲托育中心") -> DraftRequest:
    known = directory(session)
    return DraftRequest(known.find("东胜区妇幼保健院"), known.find(childcare), Variant.FY, dt.date(2026, 12, 1), 12)


def test_the_problems_workbook_once_corrected_brings_in_the_rest(
    county: OfficeSession, legacy: Legacy, tmp_path: Path
) -> None:
    right = [dict(row) for row in legacy.rows]
    plant(legacy, draft_agreements(county, [draft(county)]).made[0].number)
    todo = tmp_path / "待改.xlsx"
    result = import_ledger(county, write(legacy, tmp_path / "签约台账.xlsx"), problems=todo)
    assert result.problems_file == todo
    book, corrected = openpyxl.load_workbook(todo), 0
    for sheet in book.worksheets:
        columns = {cell.value: cell.column for cell in sheet[2]}
        for index, (name, row) in enumerate(legacy.places):
            for cells in sheet.iter_rows(min_row=3):
                if cells[columns["原表位置"] - 1].value != f"{name} 第{row}行":
                    continue
                assert any(cell.comment for cell in cells)
                corrected += 1
                for key in HEAD.keys() - {"seq", "room"}:
                    cells[columns[COLUMNS[key].heading] - 1].value = right[index].get(key)
    book.save(todo)
    assert corrected == 25
    again = import_ledger(county, todo)
    assert (again.problems, len(again.added), again.applied) == ((), 25, True)
    assert len(load_agreements(county.db)) == 501


def test_the_same_ledger_again_changes_nothing(county: OfficeSession, legacy: Legacy, tmp_path: Path) -> None:
    del legacy.rows[100:]
    path = write(legacy, tmp_path / "签约台账.xlsx")
    first = import_ledger(county, path, dry_run=True)
    assert (len(first.added), first.applied, load_agreements(county.db)) == (100, False, [])
    assert import_ledger(county, path).added == first.added
    before = list(county.db["events"].rows)
    again = import_ledger(county, path)
    assert (again.added, again.changes, again.conflicts, again.problems, again.unchanged) == ((), (), (), (), 100)
    assert list(county.db["events"].rows) == before


def plain(standing: AgreementStatus) -> AgreementStatus:
    return replace(standing, agreement=replace(standing.agreement, id=0))


@pytest.fixture
def elsewhere(county: OfficeSession, tmp_path: Path) -> Iterator[OfficeSession]:
    """Another office's empty registry with the same institutions."""
    make_workspace(tmp_path / "elsewhere", pack="ordos", region="150600")
    workspace = load_workspace(tmp_path / "elsewhere")
    with open_registry(workspace.registry_path) as db:
        other = replace(county, workspace=workspace, db=db)
        with changing(db):
            for one in sorted(all_institutions(county.db, county.today), key=lambda one: one.id):
                add(other, one)
        yield other


def test_the_exported_ledger_says_all_and_comes_back_as_it_is(
    county: OfficeSession, elsewhere: OfficeSession, legacy: Legacy, tmp_path: Path
) -> None:
    import_ledger(county, write(legacy, tmp_path / "签约台账.xlsx"))
    live_through(county)
    here = standings(county.db, county.today)
    assert export_ledger(county, tmp_path / "导出.xlsx", here) == len(here) == 505
    back = import_ledger(county, tmp_path / "导出.xlsx", leave=Leave(apply=True))
    assert (back.added, back.changes, back.conflicts, back.problems, back.unread, back.unchanged) == (
        (),
        (),
        (),
        (),
        (),
        505,
    )
    assert standings(county.db, county.today) == here

    moved = import_ledger(elsewhere, tmp_path / "导出.xlsx", leave=Leave(apply=True))
    assert len(moved.added) == 505
    # The renewal of the agreement of 2023 runs beside the one of 2024 and was signed late, here as there.
    assert {(p.code, p.severity) for p in moved.problems} == {("overlap", "warning"), ("signed-after-end", "warning")}
    there = standings(elsewhere.db, elsewhere.today)
    assert list(map(plain, there)) == list(map(plain, here))
    assert [replace(a, id=0) for a in load_agreements(elsewhere.db)] == [
        replace(a, id=0) for a in load_agreements(county.db)
    ]
    export_ledger(elsewhere, tmp_path / "再导出.xlsx", there)
    assert (tmp_path / "再导出.xlsx").read_bytes() == (tmp_path / "导出.xlsx").read_bytes()


def live_through(session: OfficeSession) -> None:
    """Agreements in every state a ledger can say: void, ended, under review, printed, half signed, of three, renewed."""
    made = [
        draft_agreements(session, [draft(session, name)]).made[0].number
        for name in ("东胜区乙托育中心", "东胜区丙托育中心")
    ]
    record_step(session, made[:1], "voided", on=session.today, note="写错")
    record_step(session, made[1:], "submitted", on=session.today)
    third = replace(draft(session), variant=Variant.SF, third=directory(session).find("鄂托克旗妇幼保健院"))
    three = draft_agreements(session, [third]).made[0].number
    record_step(session, [three], "issued", on=session.today)
    record_step(session, [three], "signed", on=session.today, party="丙")
    record_step(session, [three], "signed", on=session.today, party="甲")
    record_step(session, [three], "sealed", on=session.today, party="甲", data={"seam": True, "seal_no": ""})
    printed = draft_agreements(session, [draft(session)]).made[0].number
    record_step(session, [printed], "issued", on=session.today)
    old = load_agreements(session.db)[0].number
    record_step(session, [renew(session, [old]).made[0].number], "signed", on=session.today, party="all")
    record_step(session, [load_agreements(session.db)[2].number], "terminated", on=session.today, note="停办")


Import = Callable[..., LedgerResult]
MEDICAL, CHILDCARE = "东胜区妇幼保健院", "东胜区甲托育中心"


@pytest.fixture
def take_in(session: OfficeSession, tmp_path: Path) -> Import:
    """Import a ledger of rows as given, each on top of an agreement without a fault."""
    sound = {"甲方": MEDICAL, "乙方": CHILDCARE, "生效日期": "2025-01-01", "期限": "12", "协议类型": "妇幼型"}

    def call(*rows: dict[str, str], **options: Any) -> LedgerResult:
        heads = list(dict.fromkeys(key for row in (sound, *rows) for key in row))
        with (tmp_path / "台账.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads, restval="")
            writer.writeheader()
            writer.writerows(sound | row for row in rows)
        return import_ledger(session, tmp_path / "台账.csv", **options)

    return call


def one_standing(session: OfficeSession) -> AgreementStatus:
    (one,) = standings(session.db, session.today)
    return one


def test_later_numbers_count_on_from_those_the_ledger_brought(session: OfficeSession, take_in: Import) -> None:
    brought = "150602-2026-FY-0041"
    result = take_in({"协议编号": ""}, {"协议编号": brought, "生效日期": "2026-03-01", "乙方": "东胜区乙托育中心"})
    assert [one.number for one in result.added] == [brought, "150602-2025-FY-0001"]
    assert draft_agreements(session, [draft(session)]).made[0].number == "150602-2026-FY-0042"


@pytest.mark.parametrize(
    ("number", "place"),
    [
        ("150602-2026-FY-0041", ("150602-2026-FY-*", 41)),
        ("150602-2026-FY-41", ("150602-2026-FY-41", 1)),
        ("150602-2026-XX-0041", ("150602-2026-XX-0041", 1)),
        ("150602-2026-FY-0000", ("150602-2026-FY-0000", 1)),
        ("东妇托协〔2026〕3号", ("东妇托协〔2026〕3号", 1)),
    ],
)
def test_a_number_has_its_place_in_the_series_it_follows_else_one_of_its_own(
    number: str, place: tuple[str, int]
) -> None:
    assert number_place("{district}-{year}-{variant}-{serial:04}", number) == place


def test_a_number_of_another_pattern_counts_in_its_series() -> None:
    assert number_place("东托协〔{year}〕{serial}号", "东托协〔2026〕3号") == ("东托协〔2026〕*号", 3)


def test_an_agreement_keeps_the_name_it_was_signed_under(session: OfficeSession, take_in: Import) -> None:
    result = take_in({"乙方": "东胜区甲早教中心", "乙方代码": "521506027795605297"})
    assert [p.code for p in result.problems] == ["name-differs"]
    party = one_standing(session).agreement.parties[1]
    assert party.facts.name == "东胜区甲早教中心"
    assert party.facts.places == 60
    assert directory(session).by_id[party.institution_id].name == CHILDCARE


def test_without_a_start_the_agreement_runs_from_its_signing(session: OfficeSession, take_in: Import) -> None:
    result = take_in({"生效日期": "", "签订日期": "2025-02-28", "期限": "一年"})
    assert [p.code for p in result.problems] == ["start-assumed"]
    one = one_standing(session).agreement
    assert (one.starts_on, one.ends_on) == (dt.date(2025, 2, 28), dt.date(2026, 2, 27))


@pytest.mark.parametrize(
    ("end", "months"),
    [
        ("2025-12-31", 12),
        ("2026-01-01", 12),
        ("2025-06-30", 6),
        ("2025-08-20", 8),
        ("2025-08-10", 7),
        ("2025-01-05", 1),
    ],
)
def test_months_not_given_follow_from_the_dates(session: OfficeSession, take_in: Import, end: str, months: int) -> None:
    take_in({"期限": "", "截止日期": end})
    assert one_standing(session).agreement.months == months


@pytest.mark.parametrize(
    ("cells", "signing", "force"),
    [
        ({}, "draft", "not_in_force"),
        ({"签字状态": "未签订"}, "draft", "not_in_force"),
        ({"签字状态": "待签"}, "awaiting", "not_in_force"),
        ({"签字状态": "审核"}, "review", "not_in_force"),
        ({"签字状态": "单方已签", "乙方签字日期": "2025-01-05"}, "one_signed", "not_in_force"),
        ({"签订日期": "2025-01-01"}, "signed", "expired"),
        ({"签订日期": "2025-01-05", "甲方签订日期": "2025-01-01"}, "signed", "expired"),
        ({"状态": "已解除", "解除日期": "2025-06-30", "签订日期": "2025-01-01"}, "signed", "terminated"),
        ({"状态": "作废"}, "draft", "void"),
    ],
)
def test_the_state_of_a_row_becomes_dated_events(
    session: OfficeSession, take_in: Import, cells: dict[str, str], signing: str, force: str
) -> None:
    assert take_in(cells).problems == ()
    one = one_standing(session)
    assert (one.state.signing, one.force) == (signing, force)
    events = history(session, one.agreement.number)
    assert (events[0].kind, events[0].on) == ("drafted", min(event.on for event in events))
    assert events[0].note == "台账导入：台账.csv 第2行"


@pytest.mark.parametrize(
    ("cells", "cell", "code"),
    [
        ({"状态": "已解除", "签订日期": "2025-01-01"}, ("ended_on", ""), "date-missing"),
        ({"状态": "作废", "签订日期": "2025-01-01"}, ("force", "F"), "step-not-allowed"),
        ({"解除日期": "2025-06-30", "签订日期": "2025-01-01"}, ("force", ""), "force-missing"),
        ({"签订日期": "2025-01-05", "乙方签字日期": "2025-01-07"}, ("signed_on", "F"), "signing-mismatch"),
        ({"签字状态": "双方已签", "乙方签字日期": "2025-01-07"}, ("signing", "F"), "signing-mismatch"),
        ({"骑缝章": "是"}, ("seam", "F"), "date-missing"),
        ({"丙方": "鄂托克旗妇幼保健院"}, ("third", "F"), "third-party"),
        ({"丙方盖章日期": "2025-01-07"}, ("sealed_third", "F"), "third-party"),
        ({"截止日期": "2105-12-31", "期限": ""}, ("ends_on", "F"), "date-unreadable"),
        ({"截止日期": "2052-12-31", "期限": ""}, ("ends_on", "F"), "number-out-of-range"),
        ({"期限": "半"}, ("months", "D"), "value-unreadable"),
        ({"续签方式": "看情况"}, ("renewal", "F"), "choice-unknown"),
        ({"起草日期": "2027-01-01"}, ("drafted_on", "F"), "date-future"),
    ],
)
def test_a_row_that_contradicts_itself_is_refused_at_the_cell(
    session: OfficeSession, take_in: Import, cells: dict[str, str], cell: tuple[str, str], code: str
) -> None:
    (problem,) = take_in(cells).problems
    assert ((problem.field, problem.column), problem.code, problem.severity) == (cell, code, "error")
    assert standings(session.db, session.today) == []


def test_what_looks_odd_is_said_and_taken(session: OfficeSession, take_in: Import) -> None:
    id_number = "11010119900101001" + ric.calc_check_digit("110101199001010010")
    result = take_in({"签订日期": "2026-01-05", "协议类型": "", "状态": "良好", "备注": f"王某某 {id_number}"})
    assert {p.code for p in result.problems} == {"signed-after-end", "variant-assumed", "not-taken", "privacy"}
    assert len(result.added) == 1


def test_a_repeated_row_is_taken_once(session: OfficeSession, take_in: Import) -> None:
    result = take_in({"协议编号": "甲1"}, {"协议编号": "甲1"})
    assert ([p.code for p in result.problems], len(result.added)) == (["duplicate"], 1)


def test_a_renewal_finds_what_it_renews_wherever_it_stands(session: OfficeSession, take_in: Import) -> None:
    first, second = (
        {"协议编号": "旧", "签订日期": "2025-01-01"},
        {"协议编号": "新", "生效日期": "2026-01-01", "续签自": "旧"},
    )
    assert take_in(second, first).problems == ()
    assert [(s.agreement.number, s.renewal_draft) for s in standings(session.db, session.today)] == [
        ("新", ""),
        ("旧", "新"),
    ]
