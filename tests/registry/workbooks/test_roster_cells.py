import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from yiyu.registry.institutions.columns import category_of_name, normal_category
from yiyu.registry.institutions.roster import read_roster
from yiyu.registry.model import Institution, Problem
from yiyu.registry.rules.providers import PROVIDERS
from yiyu.registry.workbooks.text import comparison_key

Read = Callable[[str, Any], "Institution | Problem"]
CODE = "52150602MA18207014"


@pytest.fixture
def read(save: Callable[..., Path]) -> Read:
    """The institution, or the one problem, of a roster whose only row holds a cell under a heading."""

    def one(heading: str, cell: Any, **workbook: Any) -> Institution | Problem:
        row = {"机构名称": "甲托育园", "旗区": "东胜区", "在托数": 1, heading: cell}
        roster = read_roster(save([list(row), list(row.values())], **workbook))
        assert roster.total_rows == 1
        assert len(roster.problems) <= 1
        return roster.problems[0] if roster.problems else roster.rows[0].institution

    return one


@pytest.mark.parametrize(
    ("heading", "field", "cell", "value"),
    [
        ("托位数", "places", "１２０", 120),
        ("托位数（个）", "places", "1,200 个", 1200),
        ("托位数", "places", 60.0, 60),
        ("托位数", "places", "/", None),
        ("其中：保健员", "health_workers", 2, 2),
        ("联系电话", "phone", 15897815275, "15897815275"),
        ("联系电话", "phone", 4771234567, "04771234567"),
        ("联系电话", "phone", 1062345678, "01062345678"),
        ("联系电话", "phone", "0477-1234567", "0477-1234567"),
        ("统一社会信用代码", "code", "５２１５０６０２ｍａ１８２０７０１４", CODE),
        ("统一社会信用代码", "code", "无", ""),
        ("备案时间", "filed_on", dt.date(2024, 6, 21), dt.date(2024, 6, 21)),
        ("备案时间", "filed_on", 45463, dt.date(2024, 6, 20)),
        ("备案时间", "filed_on", "未备案", None),
        ("备案情况", "filed", "已备案", True),
        ("是否备案", "filed", "正在备案", False),
        ("是否备案", "filed", True, True),
        ("是否普惠", "inclusive", "√", True),
        ("是否普惠", "inclusive", None, None),
        ("旗区", "district", 150627, "150627"),
        ("旗区", "district", "内蒙古自治区鄂尔多斯市鄂托克前旗", "150623"),
        ("托位数", "places", "nan", None),
        ("托位数", "places", "45个托位", 45),
        ("托位数", "places", "４５ 人", 45),
        ("备注", "remark", " 一\r\n二\u3000", "一\n二"),
        ("备注", "remark", ("=1+1", 2), "2"),
    ],
)
def test_a_cell_is_read_as_it_was_meant(read: Read, heading: str, field: str, cell: object, value: object) -> None:
    assert getattr(read(heading, cell), field) == value


@pytest.mark.parametrize(
    ("heading", "field", "cell", "code"),
    [
        ("机构名称", "name", "\u3000\n", "name-missing"),
        ("机构名称", "name", "—", "name-missing"),
        ("统一社会信用代码", "code", 9.115062162284709e17, "code-precision-lost"),
        ("统一社会信用代码", "code", "9.14403E+17", "code-precision-lost"),
        ("统一社会信用代码", "code", "52150602MA18207O14", "code-character"),
        ("统一社会信用代码", "code", "52150602MA18207015", "code-check-digit"),
        ("统一社会信用代码", "code", "52150602MA1820701", "code-length"),
        ("备案时间", "filed_on", "2024年10月", "date-unreadable"),
        ("备案时间", "filed_on", "2205-01-01", "date-unreadable"),
        ("备案时间", "filed_on", dt.date(2205, 1, 1), "date-unreadable"),
        ("托位数", "places", "-5", "number-out-of-range"),
        ("托位数", "places", 100_000, "number-out-of-range"),
        ("托位数", "places", 60.5, "value-unreadable"),
        ("托位数", "places", "约60", "value-unreadable"),
        ("是否备案", "filed", "2024", "value-unreadable"),
        ("旗区", "district", "鄂托克", "district-ambiguous"),
        ("旗区", "district", "150699", "district-unknown"),
        ("旗区", "district", "/", "district-unknown"),
        ("地址", "address", "民族路\x021号", "cell-character"),
        ("地址", "address", "\u202e号1路族民", "cell-character"),
        ("地址", "address", "民族\ufffd\ufffd1号", "cell-character"),
        ("地址", "address", ("=1/0", "#DIV/0!"), "cell-error"),
        ("地址", "address", "#REF!", "cell-error"),
        ("托位数", "places", ("=NA()", "#N/A"), "cell-error"),
    ],
)
def test_a_cell_that_means_nothing_is_named_at_its_place_and_keeps_only_a_row_out_that_it_names(
    read: Read, heading: str, field: str, cell: object, code: str
) -> None:
    problem = read(heading, cell)
    assert isinstance(problem, Problem)
    column = {"机构名称": "A", "旗区": "B"}.get(heading, "D")
    assert (problem.row, problem.column, problem.field, problem.code) == (2, column, field, code)
    if column == "D" and field != "code":
        assert (problem.severity.value, problem.message[-7:]) == ("warning", "；这一格先留空")
    else:
        assert problem.severity.value == "error"


def test_a_formula_saved_without_its_result_is_not_a_blank(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["机构名称", "旗区", "托位数"], ["甲", "东胜区", "=10+50"]):
        book.active.append(row)
    book.save(tmp_path / "名册.xlsx")
    (problem,) = read_roster(tmp_path / "名册.xlsx").problems
    assert (problem.column, problem.code) == ("C", "cell-error")
    assert "没有计算结果" in problem.message


def test_serial_numbers_of_a_workbook_from_1904_mean_their_own_days(read: Any) -> None:
    day = dt.date(2024, 6, 21)
    assert read("备案时间", (day - dt.date(1904, 1, 1)).days, date_1904=True).filed_on == day
    assert read("备案时间", day, date_1904=True).filed_on == day
    assert read("备案时间", 20240621, date_1904=True).filed_on == day


def test_more_children_than_places_is_a_warning_and_the_row_is_taken(save: Callable[..., Path]) -> None:
    roster = read_roster(save([("机构名称", "旗区", "托位数", "在托数"), ["甲", "东胜区", 150, 1350]]))
    (problem,) = roster.problems
    assert (problem.severity.value, problem.code, problem.column) == ("warning", "number-out-of-range", "D")
    assert roster.rows[0].institution.enrolled == 1350


def test_an_id_number_in_a_remark_is_neither_kept_nor_shown(save: Callable[..., Path]) -> None:
    number = "11010519491231002X"  # the example of GB 11643
    path = save(
        [("机构名称", "旗区", "托位数", "备注"), ["甲", "东胜区", 1, f"幼儿王某某{number}"], ["乙", "某旗", 1, number]]
    )
    roster = read_roster(path)
    assert [(p.row, p.code) for p in roster.problems] == [(2, "privacy"), (3, "district-unknown"), (3, "privacy")]
    assert roster.rows[0].institution.remark == ""
    assert "remark" not in roster.rows[0].given
    assert number not in repr(roster)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("中医(综合)医院", "中医院"),
        ("中医医院", "中医院"),
        ("蒙医综合医院", "蒙医院"),
        ("A411", "蒙医院"),
        ("C210 中心卫生院", "中心卫生院"),
        ("镇卫生院", "乡镇卫生院"),
        ("妇幼保健院（所、站）", "妇幼保健院"),
        ("疾病预防控制中心", "疾控中心"),
        ("口腔门诊部", "口腔门诊部"),
    ],
)
def test_categories_are_brought_to_the_words_of_the_model(written: str, meant: str) -> None:
    assert normal_category(written) == meant


@pytest.mark.parametrize("category", sorted({one for provider in PROVIDERS.values() for one in provider.categories}))
def test_the_models_own_categories_stay(category: str) -> None:
    assert normal_category(category) == category
    assert category_of_name(f"东胜区某{category}") == category


def test_a_name_tells_the_category_where_no_column_does(save: Callable[..., Path]) -> None:
    head = ("机构名称", "旗区", "医院等级")
    named = read_roster(save([head, ["东胜区新城苏木第二卫生院", "东胜区", "一级"]])).rows[0]
    assert named.institution.category == "苏木卫生院"
    assert "category" not in named.given
    blank = read_roster(save([(*head, "机构类别"), ["东胜区新城苏木第二卫生院", "东胜区", "一级", None]])).rows[0]
    assert blank.institution.category == "苏木卫生院"


@pytest.mark.parametrize(
    ("one", "other"),
    [("东胜区（天骄）甲", "东胜区(天骄)甲"), ("甲\n乙", "甲乙"), ("甲\u3000乙 丙", "甲乙丙"), ("Ａ１园", "a1园")],
)
def test_two_spellings_of_a_name_compare_equal(one: str, other: str) -> None:
    assert comparison_key(one) == comparison_key(other)
