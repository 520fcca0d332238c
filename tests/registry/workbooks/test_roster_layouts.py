import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.roster import Roster, read_roster
from yiyu.registry.model import Kind, Severity

Save = Callable[..., Path]

A, B, C = "52150602MA18207014", "91150602MA9465660T", "12150602MA0829894B"
HEAD = ("旗区", "机构名称", "统一社会信用代码", "托位数", "在托数")


def names(roster: Roster) -> list[str]:
    return [row.institution.name for row in roster.rows]


def districts(roster: Roster) -> list[str]:
    return [row.institution.district for row in roster.rows]


def codes(roster: Roster) -> list[tuple[int, str, str, str]]:
    return [(p.row, p.column, p.severity.value, p.code) for p in roster.problems]


def test_title_reporting_line_blank_rows_and_totals_are_no_institutions(save: Save) -> None:
    path = save(
        [
            ["鄂尔多斯市托育机构名册"],
            ["填报单位（盖章）：      填报人：     填报时间：2026.10.12"],
            ["序号", *HEAD],
            [1, "东胜区", "东胜区甲托育园", A, 60, 30],
            [],
            [4, "东胜区", "东胜区乙托育园", B, 60, 30],
            ["小 计", None, None, None, 120, 60],
            [None, "东胜区合计", None, None, 120, 60],
            [5, "康巴什区", "康巴什区丙托育园", C, 60, 30],
            ["合计", None, None, None, 180, 90],
            ["总计：", None, None, None, 180, 90],
            ["填表人：王某某    审核人：王某某"],
            ["注：在托数以月末为准"],
        ],
        merges=["A1:F1", "A2:F2"],
    )
    roster = read_roster(path)
    assert [(row.row, row.institution.name) for row in roster.rows] == [
        (4, "东胜区甲托育园"),
        (6, "东胜区乙托育园"),
        (9, "康巴什区丙托育园"),
    ]
    assert roster.total_rows == 3
    assert roster.problems == ()


def test_headings_of_three_levels_are_read_as_one(save: Save) -> None:
    path = save(
        [
            ["托育机构情况"],
            ["旗区", "基本情况", None, None, None, "备案情况", None, "托位情况", None],
            [
                None,
                "机构名称",
                "负责人",
                None,
                "统一社会\n信用代码",
                "是否备案",
                "备案时间",
                "托位数\n（个）",
                "在托数",
            ],
            [None, None, "姓名", "联系电话", None, None, None, None, None],
            ["东胜区", "甲托育园", "王某某", "0477-1234567", A, "是", dt.date(2024, 6, 21), 60, 30],
        ],
        merges=[
            "A1:I1",
            "A2:A4",
            "B2:E2",
            "B3:B4",
            "C3:D3",
            "E3:E4",
            "F2:G2",
            "F3:F4",
            "G3:G4",
            "H2:I2",
            "H3:H4",
            "I3:I4",
        ],
    )
    (row,) = read_roster(path).rows
    one = row.institution
    assert (one.contact, one.phone, one.code, one.filed, one.filed_on) == (
        "王某某", "0477-1234567", A, True, dt.date(2024, 6, 21)
    )  # fmt: skip
    assert (one.places, one.enrolled) == (60, 30)


def test_the_district_of_a_merged_cell_holds_for_all_its_rows(save: Save) -> None:
    path = save(
        [HEAD, ["东胜区", "甲", A, 1, 1], [None, "乙", B, 1, 1], ["康巴什区", "丙", C, 1, 1], [None, "丁", None, 1, 1]],
        merges=["A2:A3"],
    )
    assert districts(read_roster(path)) == ["150602", "150602", "150603", "150603"]


def test_a_vertical_merge_and_the_word_same_as_above_repeat_texts_but_never_counts(save: Save) -> None:
    path = save(
        [
            [*HEAD, "地址", "联系人"],
            ["东胜区", "甲", A, 60, 30, "民族路1号", "王某某"],
            ["同上", "乙", B, None, None, None, "同上"],
        ],
        merges=["D2:D3", "F2:F3"],
    )
    second = read_roster(path).rows[1].institution
    assert (second.district, second.address, second.contact) == ("150602", "民族路1号", "王某某")
    assert (second.places, second.enrolled) == (None, None)


def test_without_a_column_the_sheet_gives_the_district(save: Save) -> None:
    head = ("机构名称", "机构类别", "医院等级")
    path = save(
        {
            "鄂尔多斯市": [["鄂尔多斯市医疗卫生机构名册"], head, ["鄂尔多斯市妇幼保健院", "妇幼保健院", "三级"]],
            "鄂托克前旗": [head, ["某卫生院", "苏木卫生院", "一级"]],
            "Sheet3": [["鄂托克旗医疗机构一览表"], head, ["某医院", "蒙医综合医院", "二级"]],
            "说明": [["本表由各旗区填报"]],
        }
    )
    roster = read_roster(path)
    assert districts(roster) == ["150600", "150623", "150624"]
    assert roster.rows[2].institution.category == "蒙医院"
    assert roster.unread == ("工作表“说明”",)
    assert "district" in roster.rows[0].given


def test_a_row_that_holds_only_a_district_heads_the_rows_under_it(save: Save) -> None:
    head = ("序号", "机构名称", "托位数")
    path = save([head, ["东胜区"], [1, "甲", 10], ["伊金霍洛旗"], [2, "乙", 20]], merges=["A2:C2", "A4:C4"])
    assert districts(read_roster(path)) == ["150602", "150627"]


def test_several_tables_in_one_sheet_are_all_read(save: Save) -> None:
    path = save(
        [
            ["东胜区托育机构名册"],
            HEAD,
            ["东胜区", "甲", A, 1, 1],
            [],
            ["康巴什区托育机构名册"],
            ("机构名称", "旗区", "在托数"),
            ["乙", "康巴什区", 3],
        ]
    )
    roster = read_roster(path)
    assert names(roster) == ["甲", "乙"]
    assert roster.rows[1].institution.enrolled == 3
    assert "code" not in roster.rows[1].given


def test_each_table_of_a_sheet_takes_the_district_of_its_own_title(save: Save) -> None:
    head = ("机构名称", "托位数")
    path = save([["东胜区托育机构名册"], head, ["东胜区甲", 1], ["康巴什区托育机构名册"], head, ["乙", 1]])
    assert districts(read_roster(path)) == ["150602", "150603"]


def test_a_sheet_can_be_chosen_and_hidden_ones_are_left_alone(save: Save) -> None:
    sheets = {"一": [HEAD, ["东胜区", "甲", A, 1, 1]], "二": [HEAD, ["东胜区", "乙", B, 1, 1]], "旧": [HEAD]}
    path = save(sheets, hidden="旧")
    assert names(read_roster(path)) == ["甲", "乙"]
    assert names(read_roster(path, sheet="二")) == ["乙"]
    assert names(read_roster(path, sheet="旧")) == []
    with pytest.raises(BadInput, match="可用的工作表：一、二、旧"):
        read_roster(path, sheet="三")


def test_names_lose_breaks_and_wide_spaces_and_keep_their_brackets(save: Save) -> None:
    path = save([HEAD, ["东胜区", " 东胜区（天骄）\n甲(一)托育园\u3000", A, 1, 1]])
    assert names(read_roster(path)) == ["东胜区（天骄）甲(一)托育园"]


def test_headings_of_the_office_are_known_from_its_configuration(save: Save) -> None:
    path = save([("辖区", "机构名称", "核定规模", "地址"), ["东胜区", "甲", 60, "民族路1号"]])
    with pytest.raises(BadInput, match="--kind"):
        read_roster(path)
    aliases = {"district": ("辖区",), "places": ("核定规模",)}
    (row,) = read_roster(path, kind=Kind.CHILDCARE, aliases=aliases).rows
    assert (row.institution.district, row.institution.places) == ("150602", 60)
    with pytest.raises(BadInput, match="plases"):
        read_roster(path, aliases={"plases": ("核定规模",)})


def test_the_offices_own_word_for_a_heading_goes_before_ours(save: Save) -> None:
    path = save([("机构名称", "旗区", "托位", "托位数"), ["甲", "东胜区", 30, 60]])
    one = read_roster(path, aliases={"enrolled": ("托位",)}).rows[0].institution
    assert (one.places, one.enrolled) == (60, 30)


def test_columns_nobody_knows_are_named(save: Save) -> None:
    path = save([("序号", *HEAD, "建筑面积", "食堂/证号"), [1, "东胜区", "甲", A, 1, 1, 300, "x"]])
    assert read_roster(path).unread == ("列“建筑面积”", "列“食堂/证号”")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [("托位数", Kind.CHILDCARE), ("是否普惠", Kind.CHILDCARE), ("备案通过时间", Kind.CHILDCARE),
     ("医院等级", Kind.MEDICAL), ("卫生机构类别", Kind.MEDICAL), ("机构类别", Kind.MEDICAL)],
)  # fmt: skip
def test_the_kind_is_told_from_the_columns(save: Save, heading: str, kind: Kind) -> None:
    assert read_roster(save([("机构名称", "旗区", heading), ["甲", "东胜区", None]])).kind is kind


def test_a_kind_that_the_columns_contradict_is_refused(save: Save) -> None:
    path = save([HEAD, ["东胜区", "甲", A, 1, 1]])
    with pytest.raises(BadInput, match="不是医疗卫生机构名册"):
        read_roster(path, kind=Kind.MEDICAL)
    path = save([("机构名称", "旗区", "备案时间"), ["甲诊所", "东胜区", None]])
    assert read_roster(path, kind=Kind.MEDICAL).kind is Kind.MEDICAL


def test_the_kind_is_told_from_the_title_when_the_columns_do_not_say(save: Save) -> None:
    rows = [("机构名称", "旗区", "地址"), ["甲", "东胜区", "民族路1号"]]
    assert read_roster(save([["鄂尔多斯市托育机构名册"], *rows])).kind is Kind.CHILDCARE
    assert read_roster(save({"医疗机构": rows})).kind is Kind.MEDICAL
    with pytest.raises(BadInput, match="--kind childcare 或 --kind medical"):
        read_roster(save([["医疗卫生机构支持托育服务情况"], *rows]))


@pytest.mark.parametrize("heading", ["身份证号", "出生日期", "监护人", "监护人电话", "幼儿姓名", "身份证号码（幼儿）"])
def test_a_roster_with_childrens_data_is_refused_and_no_value_shown(save: Save, heading: str) -> None:
    number = "11010519491231002X"
    path = save([("机构名称", "旗区", "托位数", heading), ["甲", "东胜区", 1, number]])
    with pytest.raises(BadInput, match="儿童个人信息") as caught:
        read_roster(path)
    assert caught.value.code == "privacy"
    assert number not in str(caught.value)
    with pytest.raises(BadInput, match="儿童个人信息"):
        read_roster(save([("姓名", heading), ["王某某", number]]))


def test_the_legal_persons_certificate_is_no_childs_and_is_left_unread(save: Save) -> None:
    roster = read_roster(save([("机构名称", "旗区", "托位数", "法人身份证号"), ["甲", "东胜区", 1, "x"]]))
    assert roster.unread == ("列“法人身份证号”",)


def test_a_workbook_without_a_roster_says_what_a_heading_needs(save: Save) -> None:
    with pytest.raises(BadInput, match="没有找到名册的表头"):
        read_roster(save([["随便"], ["写写"]]))


def test_the_same_code_twice_adds_nothing_the_second_time(save: Save) -> None:
    path = save({"一": [HEAD, ["东胜区", "甲（东）", A, 1, 1]], "二": [HEAD, ["东胜区", "甲(东)", A.lower(), 1, 1]]})
    roster = read_roster(path)
    assert (roster.total_rows, names(roster), roster.rejected) == (2, ["甲（东）"], ())
    (problem,) = roster.problems
    assert (problem.sheet, problem.row, problem.severity, problem.code) == ("二", 2, Severity.WARNING, "duplicate")
    assert "工作表“一”第2行" in problem.message


def test_branches_share_a_code_when_they_are_named(save: Save) -> None:
    rows = [("旗区", "机构名称", "统一社会信用代码", "托位数"), ["东胜区", "甲总园", A, 1], ["东胜区", "甲二园", A, 1]]
    roster = read_roster(save(rows))
    assert codes(roster) == [(3, "C", "error", "duplicate")]
    assert "分支名称" in roster.problems[0].message
    with_branch = [[*row, branch] for row, branch in zip(rows, ("分支名称", "", "二园"), strict=True)]
    assert names(read_roster(save(with_branch))) == ["甲总园", "甲二园"]


def test_institutions_without_a_code_are_told_apart_by_name_and_district(save: Save) -> None:
    head = ("旗区", "机构名称", "托位数")
    roster = read_roster(save([head, ["东胜区", "甲", 1], ["康巴什区", "甲", 1], ["东胜区", "甲", 1]]))
    assert districts(roster) == ["150602", "150603"]
    assert codes(roster) == [(4, "", "warning", "duplicate")]


def test_a_filing_date_alone_means_filed_and_a_blank_says_nothing(save: Save) -> None:
    rows = [("机构注册登记名称", "所属区域", "备案通过时间"), ["甲", "东胜区", "2024-06-21"], ["乙", "东胜区", None]]
    filed, silent = read_roster(save(rows)).rows
    assert filed.institution.filed
    assert "filed" in filed.given
    assert not silent.institution.filed
    assert "filed" not in silent.given


def test_five_thousand_rows_are_read_in_seconds(save: Save) -> None:
    rows = [["东胜区", f"机构{n}", None, 10, 5] for n in range(5_000)]
    roster = read_roster(save([HEAD, *rows]))
    assert roster.total_rows == len(roster.rows) == 5_000
