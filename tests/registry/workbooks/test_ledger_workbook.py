import datetime as dt
import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from yiyu.registry.agreements.ledger.columns import COLUMNS, SIDES, Use
from yiyu.registry.agreements.ledger.values import read_value, text_of
from yiyu.registry.agreements.ledger.workbook import exported_texts, read_ledger, text_in, write_ledger
from yiyu.registry.errors import BadInput
from yiyu.registry.workbooks.cells import CellFault

Save = Callable[..., Path]
HEADS = ("协议编号", "甲方", "乙方", "协议类型")


def agreement(**values: object) -> dict[str, object]:
    blank: dict[str, object] = dict.fromkeys(COLUMNS, "")
    blank |= {name: None for name, one in COLUMNS.items() if one.cell in ("day", "quantity", "months", "yes_no")}
    return blank | {"number": "甲1", "medical": "甲院", "childcare": "乙园", "variant": "FY", "copies": 4} | values


@pytest.fixture
def workbook(tmp_path: Path) -> Any:
    write_ledger(
        tmp_path / "台账.xlsx", [agreement(), agreement(number="甲2", signed_on=dt.date(2026, 11, 1), seam=True)]
    )
    return openpyxl.load_workbook(tmp_path / "台账.xlsx")


def columns(sheet: Any) -> dict[str, str]:
    return {cell.value: cell.column_letter for cell in sheet[2]}


def test_the_ledger_has_the_columns_offices_know(workbook: Any) -> None:
    """Domain 8.2, as far as the registry knows them."""
    wanted = (
        "序号 协议编号 旗区 甲方名称 甲方类别 甲方代码 乙方名称 乙方代码 乙方备案状态 协议类型 服务方式 签订日期 生效日期 截止日期"
        " 期限（月） 续签方式 提前通知天数 通知截止日 签字状态 甲方盖章日期 乙方盖章日期 骑缝章 份数 原件存放 归档状态"
        " 联系人 联系电话 备注"
    )
    heads = [cell.value for cell in workbook.active[2]]
    assert [head for head in heads if head in wanted.split()] == wanted.split()
    assert not any("丙" in head for head in heads)


def test_a_third_party_brings_its_columns(tmp_path: Path) -> None:
    write_ledger(tmp_path / "台账.xlsx", [agreement(), agreement(third="丙院")])
    assert {"丙方名称", "丙方盖章日期"} <= columns(openpyxl.load_workbook(tmp_path / "台账.xlsx").active).keys()


def test_only_what_may_come_back_changed_can_be_typed_over(workbook: Any) -> None:
    sheet = workbook.active
    assert (sheet.protection.sheet, sheet.protection.password) == (True, None)
    unlocked = {head for head, letter in columns(sheet).items() if not sheet[f"{letter}3"].protection.locked}
    assert unlocked == {one.heading for name, one in COLUMNS.items() if one.editable and "third" not in name}
    assert {"协议编号", "甲方代码", "截止日期"}.isdisjoint(unlocked)
    below = [one for one in workbook.active.column_dimensions.values() if one.max <= len(columns(sheet))]
    assert sum(one.max - one.min + 1 for one in below) == len(columns(sheet))
    assert not any(one.protection.locked for one in below)


def test_choices_are_offered_as_drop_downs_below_the_last_row_as_well(workbook: Any) -> None:
    sheet = workbook.active
    offered = {str(one.sqref): one.formula1.strip('"').split(",") for one in sheet.data_validations.dataValidation}
    for head in ("协议类型", "服务方式", "续签方式", "签字状态"):
        name = next(name for name, one in COLUMNS.items() if one.heading == head)
        letter = columns(sheet)[head]
        assert offered[f"{letter}3:{letter}505"] == list(COLUMNS[name].labels.values())


def test_the_row_as_exported_is_hidden_beside_it(workbook: Any, tmp_path: Path) -> None:
    sheet = workbook.active
    assert sheet.column_dimensions[columns(sheet)["导出校验（请勿改动）"]].hidden
    first, second = read_ledger(tmp_path / "台账.xlsx").rows
    then = exported_texts(second)
    assert then is not None
    assert (then["number"], then["variant"], then["signed_on"], then["seam"]) == ("甲2", "妇幼型", "2026-11-01", "是")
    assert {name: text_in(second, name) for name in then} == dict(then)
    assert first.problems == second.problems == []


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_ledger(tmp_path / name, [agreement()])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_two_header_rows_merges_and_totals_are_read_as_in_a_roster(save: Save) -> None:
    path = save(
        {
            "东胜区": [
                ["签约台账"],
                ["序号", "甲方", None, "乙方", None, "协议期限", None, "盖章日期", None],
                [None, "名称", "信用代码", "名称", "信用代码", "起", "止", "甲方", "乙方"],
                [1, "甲院", None, "乙园", None, dt.date(2025, 1, 1), "2025.12.31", 20250103, "2025/1/4"],
                [2, None, None, "丙园", None, "同上", "同上", "/", None],
                ["合计", 2],
            ],
            "说明": [["本表由各单位填报"]],
        },
        merges=["B4:B5", "B2:C2", "D2:E2", "F2:G2", "H2:I2"],
    )
    ledger = read_ledger(path)
    assert [(row.row, text_in(row, "medical"), text_in(row, "childcare")) for row in ledger.rows] == [
        (4, "甲院", "乙园"),
        (5, "甲院", "丙园"),
    ]
    first, second = ledger.rows
    dates = ("starts_on", "ends_on", "sealed_medical", "sealed_childcare")
    assert [text_in(first, name) for name in dates] == ["2025-01-01", "2025-12-31", "2025-01-03", "2025-01-04"]
    assert [text_in(second, name) for name in dates] == ["2025-01-01", "2025-12-31", "", ""]
    assert text_in(first, "district") == "东胜区"
    assert ledger.unread == ("工作表“说明”",)


def test_a_roster_is_no_ledger(save: Save) -> None:
    with pytest.raises(BadInput, match="甲方名称"):
        read_ledger(save([("旗区", "机构名称", "联系人"), ["东胜区", "乙园", "王某某"]]))


def test_columns_that_only_we_can_fill_are_named_as_not_read(save: Save) -> None:
    ledger = read_ledger(
        save([(*HEADS, "旗区", "联系人", "档号"), ["甲1", "甲院", "乙园", "FY", "东胜区", "王某某", "1"]])
    )
    assert sorted(ledger.unread) == ["列“档号”", "列“联系人”"]


@pytest.mark.parametrize(
    ("name", "written", "value"),
    [
        ("variant", "基层", "JC"),
        ("variant", "中(蒙)医型", "ZY"),
        ("variant", "jc", "JC"),
        ("mode", "巡回指导", "visit"),
        ("renewal", "自动续签", "auto"),
        ("signing", "已签订", "signed"),
        ("seam", "√", True),
        ("seam", "无", False),
        ("copies", "一式肆份", 4),
        ("copies", "两份", 2),
        ("months", "12个月", 12),
        ("months", "二年", 24),
        ("months", "1年", 12),
        ("notice_days", "提前30天", 30),
        ("notice_days", 0, 0),
        ("notice_days", "/", None),
        ("renews", "无", ""),
        ("number", " 东妇托协〔2024〕3号\n", "东妇托协〔2024〕3号"),
    ],
)
def test_a_cell_is_read_in_the_ways_offices_write_it(name: str, written: Any, value: object) -> None:
    assert read_value(name, written) == value


@pytest.mark.parametrize(
    ("name", "written", "code"),
    [
        ("variant", "基层妇幼", "variant-unknown"),
        ("renewal", "也许", "choice-unknown"),
        ("copies", "一式若干份", "value-unreadable"),
        ("copies", 2.5, "value-unreadable"),
        ("copies", 0, "number-out-of-range"),
        ("months", "半年", "value-unreadable"),
        ("months", "11年", "number-out-of-range"),
        ("signed_on", "2025年2月30日", "date-unreadable"),
        ("medical_code", 121506021141432612, "code-precision-lost"),
        ("number", "甲*", "number-unfit"),
        ("starts_on", "#REF!", "cell-error"),
    ],
)
def test_a_cell_that_means_nothing_says_why(name: str, written: Any, code: str) -> None:
    with pytest.raises(CellFault) as fault:
        read_value(name, written)
    assert fault.value.code == code


def test_every_choice_is_written_as_it_is_read_back() -> None:
    for name, one in COLUMNS.items():
        if one.cell == "choice":
            assert [read_value(name, text_of(name, value)) for value in one.labels] == [str(v) for v in one.labels]
            words = [word for value in one.labels for word in one.spellings.get(value, "").split()]
            assert len(set(words)) == len(words)
            assert set(words).isdisjoint(one.labels.values())


def test_no_two_columns_answer_to_the_same_heading() -> None:
    heads = [(head, name) for name, one in COLUMNS.items() for head in {one.heading, *one.aliases.split()}]
    for (head, name), (other, second) in itertools.combinations(heads, 2):
        assert head != other, (head, name, second)


def test_every_party_has_its_four_columns() -> None:
    for side in SIDES.values():
        assert {side, f"{side}_code", f"signed_{side}", f"sealed_{side}"} <= COLUMNS.keys()
        assert COLUMNS[side].use is Use.FIXED
