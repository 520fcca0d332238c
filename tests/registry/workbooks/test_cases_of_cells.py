"""Cells as offices' rosters had them, each with the value it must give, and others of their kinds."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from yiyu.registry.institutions.roster import Roster, read_roster
from yiyu.registry.model import Kind, Variant
from yiyu.registry.rules.phones import read_phones
from yiyu.registry.rules.providers import can_provide

CASES = Path(__file__).parents[2] / "data" / "cases" / "roster"


def case(name: str) -> Roster:
    return read_roster(CASES / name, kind=None if name[0] in "cR" else Kind.CHILDCARE)


def told(roster: Roster) -> list[tuple[int, str, str, str]]:
    return [(one.row, one.column, one.severity.value, one.code) for one in roster.problems]


def test_two_values_of_a_cell_stay_two() -> None:
    [row] = case("01-two-phones-one-cell.xlsx").rows
    one = row.institution
    assert (one.contact, one.phone) == ("王某某、李某某", "13800000000、13900000000")
    assert one.address == "天骄街1号、伊煤路2号"
    [row] = case("c1_phone_newline.xlsx").rows
    assert (row.institution.contact, row.institution.phone) == ("王某某、李某某", "13847700001、0477-8581001")


def test_look_alikes_are_one_institution_and_said_by_cell() -> None:
    radicals = case("04-radicals-from-pdf.xlsx")
    assert [row.institution.name for row in radicals.rows] == ["东胜区青年民生马场托育中心"]
    assert told(radicals)[0] == (3, "B", "warning", "cleaned")
    marks = case("05-invisible-marks.xlsx")
    assert [row.institution.code for row in marks.rows] == [
        "", "91150602MA0000058U", "91150602MA0000066N", "91150602MA0000074H"
    ]  # fmt: skip
    assert {row.institution.phone for row in marks.rows} == {"13800000000"}
    assert {row.institution.district for row in marks.rows} == {"150602"}
    assert sum(code == "cleaned" for *_, code in told(marks)) == 6


def test_damaged_telephones_wait_and_their_rows_come_in() -> None:
    roster = case("06-phones-damaged.xlsx")
    assert [row.institution.phone for row in roster.rows] == ["", "13800000000", "13800000000", *[""] * 6]
    assert told(roster) == [(row, "I", "warning", "phone-unfit") for row in (2, 5, 6, 7, 8, 9, 10)]
    assert "精度丢失" in roster.problems[0].message
    assert all(one.message.endswith("这一格先留空") for one in roster.problems)


def test_private_characters_become_those_of_the_standard_or_are_named() -> None:
    [row] = case("08-pua-gbk.csv").rows
    assert row.institution.name == "东胜区\u9fb4\u9fb5托育中心"
    roster = case("08-pua-print.xlsx")
    assert roster.rows[0].institution.name == "东胜区葛城\ue004托育中心"
    assert told(roster) == [(2, "B", "warning", "private-use")]
    assert "U+E004" in roster.problems[0].message


def test_codes_are_explained() -> None:
    roster = case("15-codes.xlsx")
    assert [(row.row, row.institution.code) for row in roster.rows] == [
        (2, ""), (3, ""), (4, "91150602MA00006215"), (5, "")
    ]  # fmt: skip
    old, organisation, label, awaited, alike = roster.problems
    assert "旧注册号" in old.message
    assert "组织机构代码" in organisation.message
    assert (label.code, awaited.code, alike.code) == ("cleaned", "value-awaited", "code-character")
    assert "М" in alike.message
    assert "91150602MA0000648W" in alike.message
    assert [row.row for row in roster.rejected] == [6]


def test_a_category_of_a_whole_family_is_told_from_the_name() -> None:
    rows = [row.institution for row in case("c4_category_words.xlsx").rows]
    assert [one.category for one in rows] == ["妇幼保健院", "社区卫生服务中心", "蒙医院"]
    assert [
        can_provide(one, variant) for one, variant in zip(rows, (Variant.FY, Variant.JC, Variant.ZY), strict=True)
    ] == [True] * 3


def test_a_name_whose_characters_became_question_marks_stays_outside() -> None:
    assert [row.institution.name for row in case("c6_before.csv").rows] != []
    damaged = case("c6_gbk_question_marks.csv")
    assert damaged.rows == ()
    assert told(damaged) == [(2, "C", "error", "cell-character")]
    assert "乱码" in damaged.problems[0].message


def test_the_words_offices_use_keep_no_row_outside() -> None:
    roster = case("R1_东胜区托育一览表.xlsx")
    assert [row.row for row in roster.rejected] == [11], "a code that Excel took for a number"
    parked = {(one.row, one.column) for one in roster.problems if one.message.endswith("这一格先留空")}
    assert parked == {(6, "H"), (7, "H"), (12, "H"), (13, "J"), (13, "L"), (14, "H"), (14, "J")}
    one = {row.row: row.institution for row in roster.rows}
    assert (one[6].filed, one[6].filed_on, one[6].phone) == (True, None, "13847700001、0477-8581001")
    assert one[9].filed_on == dt.date(2024, 3, 5)
    assert (one[13].filed, one[13].filed_on, one[13].inclusive) == (True, dt.date(2025, 6, 1), True)
    assert (one[13].places, one[13].staff, one[13].health_workers) == (None, 8, 1)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13800000000、13900000000", "13800000000、13900000000"),
        ("13800000000;13900000000", "13800000000、13900000000"),
        ("13800000000 13900000000", "13800000000、13900000000"),
        ("13800000000/0477-8580000", "13800000000、0477-8580000"),
        ("0477-8580000转801", "0477-8580000转801"),
        ("0477-8580000-801", "0477-8580000-801"),
        ("(0477)8580000", "(0477)8580000"),
        ("0477—8580000", "0477-8580000"),
        ("0477-8580000/1", "0477-8580000/1"),
        ("138 0000 0000", "138 0000 0000"),
        ("+86 13800000000", "+86 13800000000"),
        ("400-800-8000", "400-800-8000"),
        ("12345", "12345"),
        ("手机:13800000000", "手机:13800000000"),
        ("13800000000 王某某", "13800000000 王某某"),
        ("13800000000.0", "13800000000"),
        ("8580000", "8580000"),
    ],
)
def test_telephones_are_kept_as_they_are_dialled(written: str, kept: str) -> None:
    assert read_phones(written) == kept
    assert read_phones(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        *("1.38E+10", "1.5897815275e10", "O477-8580000", "l3800000000", "1380000000", "138000000000", "4778580000"),
        *(
            "45580",
            "20241015",
            "2024-10-15",
            "138****0000",
            "王某某",
            "12800000000",
            "0477-858000",
            "abc@example.com",
            "1380000000o",
        ),
    ],
)
def test_what_cannot_be_dialled_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="电话"):
        read_phones(written)


@pytest.mark.parametrize(
    ("heading", "cell", "code"),
    [
        ("统一社会信用代码", "150602200001234", "code-registration"),
        ("统一社会信用代码", "MA000004-8", "code-organisation"),
        ("统一社会信用代码", "PDY00123415060217A5182", "code-registration"),
        ("统一社会信用代码", "三证合一办理中", "code-words"),
        ("统一社会信用代码", "见附件", "code-words"),
        ("统一社会信用代码", "待定", "value-awaited"),
        ("备案时间", "2024.3", "date-unreadable"),
        ("备案时间", "24年3月5日", "date-unreadable"),
        ("备案时间", "24.3.5", "date-unreadable"),
        ("备案时间", "2024年3月", "date-unreadable"),
        ("备案时间", "正在申请", "value-awaited"),
        ("托位数", "约40", "value-unreadable"),
        ("托位数", "40左右", "value-unreadable"),
        ("托位数", "30-40", "value-unreadable"),
        ("托位数", "40（含临时5个）", "value-unreadable"),
        ("托位数", "40\n50", "value-unreadable"),
        ("托位数", "40 50", "value-unreadable"),
        ("托位数", "10，20", "value-unreadable"),
        ("托位数", "待核实", "value-awaited"),
        ("是否备案", "已备案（2025年）", "date-unreadable"),
        ("是否备案", "拟于2025年备案", "value-unreadable"),
        ("是否普惠", "部分普惠", "value-unreadable"),
        ("联系人", "鐜嬫煇鏌?", "cell-character"),
        ("地址", "天骄街\ufffd号", "cell-character"),
    ],
)
def test_a_doubtful_cell_is_parked_and_its_row_taken(
    save: Callable[..., Path], heading: str, cell: str, code: str
) -> None:
    head = {"机构名称": "东胜区甲托育中心", "旗区": "东胜区", "在托数": 1, heading: cell}
    roster = read_roster(save([list(head), list(head.values())]), kind=Kind.CHILDCARE)
    assert len(roster.rows) == 1
    [problem] = roster.problems
    assert (problem.severity.value, problem.code, problem.column) == ("warning", code, "D")
    assert problem.message.endswith("这一格先留空")


@pytest.mark.parametrize(
    ("cell", "places"), [("1,200", 1200), ("１２，３４５", 12345), ("40，", 40), ("40 个托位", 40), ("40\n", 40)]
)
def test_a_comma_between_thousands_and_a_unit_leave_a_number_one(
    save: Callable[..., Path], cell: str, places: int
) -> None:
    roster = read_roster(save([["机构名称", "旗区", "托位数"], ["东胜区甲托育中心", "东胜区", cell]]))
    assert ([row.institution.places for row in roster.rows], roster.problems) == ([places], ())


def test_a_radical_whose_own_form_is_seldom_written_makes_no_second_institution(save: Callable[..., Path]) -> None:
    head = ["机构名称", "旗区", "托位数"]
    roster = read_roster(save([head, *([name, "东胜区", 1] for name in ("青户黄托育中心", "⾭⼾⿈托育中心"))]))
    assert [row.institution.name for row in roster.rows] == ["青户黄托育中心"]


def test_a_family_that_not_even_the_name_tells_apart_is_asked_about(save: Callable[..., Path]) -> None:
    head = ["医疗卫生机构名称", "旗区", "机构类别", "医院等级"]
    rows = [
        ("东胜区妇保所", "妇幼保健机构"),
        ("东胜区铁西卫生服务中心", "社区卫生服务中心（站）"),
        ("东胜区康宁诊所", "诊所"),
    ]
    roster = read_roster(save([head, *([name, "东胜区", category, "一级"] for name, category in rows)]))
    assert [row.institution.category for row in roster.rows] == ["妇幼保健所", "社区卫生服务中心（站）", "诊所"]
    assert [(p.row, p.column, p.code) for p in roster.problems] == [(2, "C", "cleaned"), (3, "C", "category-unknown")]
