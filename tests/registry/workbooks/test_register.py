import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from yiyu.registry.activities.register import read_register, write_register, write_register_problems
from yiyu.registry.activities.register_columns import COLUMNS
from yiyu.registry.errors import BadInput
from yiyu.registry.rules.activities import Person
from yiyu.registry.workbooks.rows import ReadRow

Save = Callable[..., Path]
TODAY = dt.date(2026, 11, 22)
HEAD = ("序号", "日期", "甲方", "乙方", "形式", "主题", "服务项目", "服务人员", "科室", "时长", "参加人数", "备注")
VISIT = (
    1,
    "2026.10.8",
    "东胜区妇幼保健院",
    "东胜区甲托育中心",
    "上门指导",
    "秋季保健",
    "F01",
    "王某某",
    "儿保科",
    2.5,
    20,
    "",
)


def rows(path: Path, **how: Any) -> list[ReadRow]:
    return list(read_register(path, TODAY, **how).rows)


def test_a_register_under_titles_with_a_total_is_read(save: Save) -> None:
    path = save([("2026年活动登记册",), ("填报单位：妇幼保健院",), HEAD, VISIT, (), ("合计", *[""] * 9, 20)])
    (row,) = rows(path)
    assert (row.row, row.problems) == (4, [])
    assert row.values["on"] == dt.date(2026, 10, 8)
    assert (row.values["people"], row.values["minutes"]) == ((Person("王某某"),), 150)
    assert row.values["takers"] == {"参加人数": 20}


def test_headings_of_two_levels_and_several_people_in_a_cell_are_read(save: Save) -> None:
    head = ("日期", "活动时间", "", "协议编号", "活动形式", "服务人员", "", "参加人数", "", "签到人数")
    below = ("", "开始", "结束", "", "", "姓名", "科室", "婴幼儿", "家长", "")
    line = (dt.date(2026, 10, 8), "9:00", "11：30", "甲1、甲2", "讲座", "王某某、李某某", "儿保科", 20, "15人", 15)
    merges = ("B1:C1", "F1:G1", "H1:I1", "A1:A2", "D1:D2", "E1:E2", "J1:J2")
    (row,) = rows(save([head, below, line], merges=merges))
    assert row.problems == []
    assert (row.values["starts"], row.values["ends"]) == (dt.time(9), dt.time(11, 30))
    assert (row.values["count_0"], row.values["count_2"], row.values["signed_in"]) == (20, 15, 15)
    assert (row.values["form"], row.values["agreements"]) == ("培训讲座", "甲1、甲2")


@pytest.mark.parametrize(
    ("cell", "day", "hours"),
    [
        ("2026年10月8日 9:00-11:30", dt.date(2026, 10, 8), "09:00-11:30"),
        ("2026-10-08（周四）上午9点至11点半", dt.date(2026, 10, 8), "09:00-11:30"),
        ("10月8日", dt.date(2026, 10, 8), None),
        (dt.date(2026, 10, 8), dt.date(2026, 10, 8), None),
        ("9:00-11:30", None, "09:00-11:30"),
    ],
)
def test_one_column_may_hold_day_and_hours(save: Save, cell: object, day: dt.date | None, hours: str | None) -> None:
    path = save([("2026年第四季度活动登记册",), ("活动时间", "乙方", "形式"), (cell, "东胜区甲托育中心", "上门")])
    (row,) = rows(path)
    found, times = row.values["when"]  # type: ignore[misc]
    assert found == day
    assert (times and f"{times[0]:%H:%M}-{times[1]:%H:%M}") == hours


def test_sheets_by_quarter_each_have_their_own_year_and_lines(save: Save) -> None:
    head = ("日期", "乙方", "形式")
    path = save(
        {
            "2026年一季度": [head, ("3月8日", "甲", "上门"), ("二月", "", "")],
            "2025年四季度": [head, ("12月31日", "甲", "上门"), ("同上", "乙", "同上")],
            "说明": [("填写说明",), ("每次活动一行",)],
        }
    )
    register = read_register(path, TODAY)
    days = [row.values["on"] for row in register.rows]
    assert days == [dt.date(2026, 3, 8), dt.date(2025, 12, 31), dt.date(2025, 12, 31)]
    assert register.unread == ("工作表“说明”",)
    assert [row.values["on"] for row in rows(path, sheet="2026年一季度")] == [dt.date(2026, 3, 8)]


def test_a_merged_day_speaks_for_its_rows_and_a_merged_number_counts_once(save: Save) -> None:
    lines = [("日期", "乙方", "形式", "参加人数"), ("2026-10-08", "甲", "上门", 20), ("", "乙", "上门", "")]
    first, second = rows(save(lines, merges=("A2:A3", "D2:D3")))
    assert first.values["on"] == second.values["on"]
    assert (first.values["takers"], second.values.get("takers")) == ({"参加人数": 20}, None)


def test_a_row_whose_cells_are_headings_elsewhere_stays_a_row(save: Save) -> None:
    line = ("2026-10-08", "甲", "筛查", "服务项目")
    assert len(rows(save([("日期", "乙方", "形式", "主题"), line, line, line]))) == 3


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("日期", "2026-02-30", "date-unreadable"),
        ("形式", "座谈", "form-unknown"),
        ("形式", "", "form-missing"),
        ("时长", "半天", "value-unreadable"),
        ("服务人员", "12", "value-unreadable"),
        ("参加人数", "若干", "value-unreadable"),
        ("主题", "#REF!", "cell-error"),
    ],
)
def test_a_cell_that_means_nothing_is_named(save: Save, column: str, cell: str, code: str) -> None:
    line = list(VISIT)
    line[HEAD.index(column)] = cell
    (row,) = rows(save([HEAD, line]))
    letter = chr(ord("A") + HEAD.index(column))
    assert [(p.row, p.column, p.code, p.severity) for p in row.problems] == [(2, letter, code, "error")]


def child_of(age: int) -> str:
    return f"150602{TODAY.year - age}0301001X"


@pytest.mark.parametrize("heading", ["身份证号", "出生日期", "监护人", "幼儿姓名", "家长姓名", "证件号码", "宝宝生日"])
def test_a_column_of_childrens_data_refuses_the_whole_and_shows_no_value(save: Save, heading: str) -> None:
    path = save({"四季度": [(*HEAD, heading), (*VISIT, "赵小小")]})
    with pytest.raises(BadInput) as caught:
        read_register(path, TODAY)
    assert (caught.value.code, caught.value.where) == ("privacy", "工作表“四季度”M列")
    assert "赵小小" not in str(caught.value)


@pytest.mark.parametrize(
    "cell", [child_of(2), f"幼儿证件{child_of(3)}登记", f"１５０６０２{TODAY.year - 1}０３０１００１Ｘ", child_of(13)]
)
def test_an_id_number_of_a_child_in_any_cell_refuses_the_whole(save: Save, cell: str) -> None:
    line = (*VISIT[:-1], cell)
    with pytest.raises(BadInput) as caught:
        read_register(save({"四季度": [HEAD, VISIT, line]}), TODAY)
    assert (caught.value.code, caught.value.where) == ("privacy", "工作表“四季度”L列")
    assert not any(part in str(caught.value) for part in (cell, "150602", "0301"))


def test_a_list_of_children_below_the_table_or_on_another_sheet_refuses_the_whole(save: Save) -> None:
    below = [HEAD, VISIT, (), ("序号", "幼儿姓名", "出生日期"), (1, "赵小小", "2024-01-01")]
    for sheets in ({"四季度": below}, {"四季度": [HEAD, VISIT], "名单": [("幼儿姓名",), ("赵小小",)]}):
        with pytest.raises(BadInput, match="儿童个人信息"):
            read_register(save(sheets), TODAY)


def test_two_levels_that_only_together_name_a_child_refuse_the_whole(save: Save) -> None:
    head, below = ("日期", "乙方", "形式", "幼儿", ""), ("", "", "", "姓名", "人数")
    with pytest.raises(BadInput, match="D列"):
        read_register(save([head, below, ("2026-10-08", "甲", "上门", "赵小小", 3)], merges=("D1:E1",)), TODAY)


@pytest.mark.parametrize("cell", ["向监护人宣教喂养知识", "家长课堂", child_of(40), "91150602MA0000000X"])
def test_what_speaks_of_no_single_child_is_taken(save: Save, cell: str) -> None:
    assert len(rows(save([HEAD, (*VISIT[:-1], cell)]))) == 1


def test_a_file_without_a_register_is_refused_with_the_headings_it_needs(save: Save) -> None:
    with pytest.raises(BadInput, match="“协议编号”或“乙方”"):
        read_register(save([("机构名称", "统一社会信用代码"), ("甲", "")]), TODAY)


def test_the_register_we_write_begins_with_the_columns_offices_know(tmp_path: Path) -> None:
    """Domain 8.2."""
    write_register(tmp_path / "册.xlsx", [dict.fromkeys(COLUMNS, "")])
    sheet = openpyxl.load_workbook(tmp_path / "册.xlsx").active
    assert sheet is not None
    wanted = "序号 日期 季度 甲方 乙方 形式 主题 服务项目 服务人员 科室 时长（小时） 参加人数 发现问题数 整改状态 记录表编号 附件数 备注"
    assert [cell.value for cell in sheet[2]][:17] == wanted.split()
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$2:$2")


def test_rows_with_a_fault_go_out_to_be_corrected_and_come_in_again(save: Save, tmp_path: Path) -> None:
    line = list(VISIT)
    line[1] = "2026-02-30"
    wrong = rows(save([HEAD, line]))
    write_register_problems(tmp_path / "待改.xlsx", wrong)
    book = openpyxl.load_workbook(tmp_path / "待改.xlsx")
    sheet = book.active
    assert sheet is not None
    cell = next(cell for cell in sheet[3] if cell.comment)
    assert (cell.value, "不存在" in str(cell.comment.text)) == ("2026-02-30", True)
    cell.value = "2026-02-28"
    book.save(tmp_path / "改好.xlsx")
    (row,) = rows(tmp_path / "改好.xlsx")
    assert (row.problems, row.values["on"]) == ([], dt.date(2026, 2, 28))
    assert row.values["people"] == (Person("王某某"),)
