from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from yiyu.registry.institutions.roster import Roster, read_roster
from yiyu.registry.institutions.roster_writing import write_problems

A, B = "52150602MA18207014", "91150602MA9465660T"
HEAD = ("旗区", "机构名称", "信用代码", "备案时间", "托位数", "备注")


@pytest.fixture
def roster(save: Callable[..., Path]) -> Roster:
    return read_roster(
        save(
            [
                ["托育机构名册"],
                HEAD,
                ["东胜区", "甲", A, "2024-06-21", 60, "好"],
                [None, "乙", "91150602MA9465660X", "2025-02-30", "=60", "第一行\n第二行"],
                [None, None, None, None, 30, None],
                ["某旗", "丁", None, None, 30, ("=1/0", "#DIV/0!")],
            ],
            merges=["A1:F1", "A3:A5"],
        )
    )


@pytest.fixture
def workbook(roster: Roster, tmp_path: Path) -> Path:
    path = tmp_path / "待改" / "待改.xlsx"
    write_problems(path, roster)
    return path


def test_the_refused_rows_stand_under_our_headings_as_they_were_written(workbook: Path) -> None:
    sheet = openpyxl.load_workbook(workbook).active
    rows = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2)]
    headings = [
        "旗区",
        "机构名称",
        "统一社会信用代码",
        "备案时间",
        "托位数",
        "备注",
        "原表位置",
        "问题说明",
        "原表标题",
    ]
    assert rows[0] == headings
    assert rows[1][:7] == [
        "东胜区", "乙", "91150602MA9465660X", "2025-02-30", "=60", "第一行\n第二行", "名册 第4行"
    ]  # fmt: skip
    assert rows[2][:7] == ["东胜区", "", "", "", "30", "", "名册 第5行"]
    assert rows[3][:6] == ["某旗", "丁", "", "", "30", "#DIV/0!"]


def test_every_faulty_cell_is_yellow_and_says_what_is_wrong(workbook: Path) -> None:
    sheet = openpyxl.load_workbook(workbook).active
    commented = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    yellow = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFFF00"}
    assert set(commented) == yellow == {"C3", "D3", "E3", "B4", "A5", "F5"}
    assert "校验位错误" in commented["C3"]
    assert "2025年2月30日不存在" in commented["D3"]


def test_a_cell_that_looked_like_a_formula_is_text(workbook: Path) -> None:
    cell = openpyxl.load_workbook(workbook).active["E3"]
    assert (cell.data_type, cell.number_format) == ("s", "@")


def test_the_corrected_workbook_is_read_without_a_problem(workbook: Path, roster: Roster) -> None:
    book = openpyxl.load_workbook(workbook)
    for place, text in {"C3": B, "D3": "2025.2.28", "E3": 60, "B4": "丙", "A5": "伊旗", "F5": None}.items():
        book.active[place] = text
    book.save(workbook)
    again = read_roster(workbook)
    assert (again.kind, again.problems, again.total_rows) == (roster.kind, (), 3)
    assert [(row.institution.name, row.institution.district) for row in again.rows] == [
        ("乙", "150602"), ("丙", "150602"), ("丁", "150627")
    ]  # fmt: skip
    assert again.rows[0].given - {"filed"} == roster.rows[0].given - {"filed"}
    assert again.rows[0].institution.remark == "第一行\n第二行"


def test_rows_of_different_tables_get_no_columns_they_never_had(save: Callable[..., Path], tmp_path: Path) -> None:
    roster = read_roster(
        save({"东胜区": [HEAD[1:], ["甲", "1", None, 1, None]], "康巴什区": [("机构名称", "托位数"), ["—", 1]]})
    )
    write_problems(tmp_path / "待改.xlsx", roster)
    again = read_roster(tmp_path / "待改.xlsx")
    assert [(set(row.texts), row.texts["district"]) for row in again.rejected] == [
        ({"district", "name", "code", "filed_on", "places", "remark"}, "东胜区"),
        ({"district", "name", "places"}, "康巴什区"),
    ]


def test_what_no_workbook_can_hold_is_marked_and_refused_again(tmp_path: Path) -> None:
    text = f"机构名称,旗区,托位数,备注\n甲\x01乙,\x02旗,1,\n丙,东胜区,1,{'长' * 40_000}\n"
    (tmp_path / "名单.csv").write_text(text, "utf-8")
    roster = read_roster(tmp_path / "名单.csv")
    write_problems(tmp_path / "待改.xlsx", roster)
    again = read_roster(tmp_path / "待改.xlsx")
    assert [p.code for p in roster.problems] == ["district-unknown", "cell-character", "cell-too-long"]
    assert [p.code for p in again.problems] == ["cell-character", "cell-character"]
    assert [row.institution.remark for row in roster.rows] == [""]


def test_a_roster_without_refused_rows_gives_an_empty_workbook(save: Callable[..., Path], tmp_path: Path) -> None:
    write_problems(tmp_path / "待改.xlsx", read_roster(save([HEAD, ["东胜区", "甲", A, None, 1, None]])))
    assert read_roster(tmp_path / "待改.xlsx").total_rows == 0
