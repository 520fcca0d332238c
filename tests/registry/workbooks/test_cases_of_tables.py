"""Rosters as offices sent them, and others of each kind: what a row is, what a table is, what a reader does not see."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.institutions.roster import Roster, read_roster
from yiyu.registry.institutions.roster_writing import write_problems
from yiyu.registry.model import Kind, Severity
from yiyu.registry.workbooks.records import HIDDEN

CASES = Path(__file__).parents[2] / "data" / "cases" / "roster"
A, B, C = "52150602MA18207014", "91150602MA9465660T", "12150602MA0829894B"
HEAD = ("旗区", "机构名称", "统一社会信用代码", "托位数", "联系电话")
Save = Callable[..., Path]
Change = Callable[[openpyxl.Workbook], None]
WorkedOn = Callable[[Change], Path]


def case(name: str) -> Path:
    (found,) = CASES.glob(f"{name}*")
    return found


def names(roster: Roster) -> list[str]:
    return [row.institution.name for row in roster.rows]


def skipped(roster: Roster) -> list[tuple[int, str]]:
    return [(one.row, one.reason) for one in roster.skipped]


def waiting(roster: Roster) -> list[tuple[str, int, str]]:
    return [(one.sheet, one.row, one.reason) for one in roster.waiting]


def test_the_year_of_dates_is_read_from_the_element_of_the_standard() -> None:
    days = {row.institution.filed_on for row in read_roster(case("02")).rows}
    assert days == {dt.date(2024, 10, 15)}


@pytest.mark.parametrize("other", ['date1904="0"', 'date1904="true"', 'date1904="false"', "", 'x="1"'])
def test_an_element_of_another_namespace_says_nothing_of_the_year(tmp_path: Path, other: str) -> None:
    old = b'x15:workbookPr chartTrackingRefBase="1"'
    data = rewritten(case("02"), "xl/workbook.xml", lambda part: part.replace(old, f"x15:workbookPr {other}".encode()))
    (tmp_path / "名册.xlsx").write_bytes(data)
    assert {row.institution.filed_on for row in read_roster(tmp_path / "名册.xlsx").rows} == {dt.date(2024, 10, 15)}


def test_rows_that_are_no_institution_are_skipped_or_refused_each_with_its_place() -> None:
    roster = read_roster(case("03"))
    assert names(roster) == ["东胜区甲托育中心"]
    told = {problem.row for problem in roster.problems} | {one.row for one in roster.skipped}
    assert told == set(range(3, 24))
    assert {problem.code for problem in roster.problems} == {"name-doubtful", "name-missing"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("合 计", "合计"), ("小计：5 家", "合计"), ("共计13家，托位500个", "合计"), ("本页合计", "合计"), ("其中：公办", "合计"),
        ("以下无正文", "以下空白"), ("——以下空白——", "以下空白"), ("（公章）", "签章"), ("审核人（签字）：", "签章"),
        ("分管领导签字：王某某", "签章"), ("截至2026年6月30日", "签章"), ("第2页，共3页", "页码"), ("— 2 —", "页码"),
        ("续表", "页码"), ("（示例）", "示例"), ("样例", "示例"), ("填写示例：某某托育中心", "示例"),
        ("东胜区某托育中心（示例）", "示例"), ("注：按月上报", "说明"), ("※托位以备案为准", "说明"), ("附件2", "标题"),
    ],
)  # fmt: skip
def test_what_is_no_record_is_skipped_and_counted(save: Save, text: str, reason: str) -> None:
    path = save(
        [
            HEAD,
            ["东胜区", "东胜区甲托育中心", A, 60, None],
            ["东胜区", text, None, 60, None],
            [text, None, None, 5, None],
        ]
    )
    roster = read_roster(path)
    assert (names(roster), roster.problems, skipped(roster)) == (["东胜区甲托育中心"], (), [(3, reason), (4, reason)])


@pytest.mark.parametrize(
    "name",
    [
        "示范幼儿园", "东胜区合计托育中心", "共青城幼儿园", "XX托育中心（总园）", "合一托育", "计生服务中心托育园", "示例托育园",
        "附件托育园", "其中书院托育中心", "上述佳园托育中心", "一、二托育中心", "○○托育中心", "签字笔幼儿园", "第一幼儿园", "单位托育园", "章鱼宝贝托育", "页页托育", "续航托育中心", "无忧托育", "ᠲᠡᠭᠷᠢ", "Sunny Kids", "甲1",
    ],
)  # fmt: skip
def test_a_name_that_only_holds_such_a_word_is_taken(save: Save, name: str) -> None:
    roster = read_roster(save([HEAD, ["东胜区", name, A, 60, None]]))
    assert (names(roster), roster.problems, roster.skipped) == ([name], (), ())


@pytest.mark.parametrize(
    "name",
    ["None", "nan", "0", "……", "2024.3.5", "13800000000", "0477-8581234、13800000000", "东胜区", "见附件", "×××", "A"],
)
def test_a_name_that_is_none_is_doubted_at_its_cell(save: Save, name: str) -> None:
    roster = read_roster(save([HEAD, ["东胜区", name, A, 60, None], ["东胜区", "甲", B, 60, None]]))
    assert (names(roster), [(p.row, p.column) for p in roster.problems]) == (["甲"], [(2, "B")])


@pytest.mark.parametrize(
    "text",
    [
        "<null>", "None.", "待命名", "名称待定", "拟建", "见下表", "另附", "暂无名称", "该栏空白", "本页以下空白", "以下无数据", "此表完", "END",
        "（完）", "第一页", "续下页", "单位负责人（签章）", "经办人 王某某", "填表人 王某某", "二〇二六年十一月", "盖章有效", "百分比", "东胜区（3家）",
        "一、东胜区", "（一）公办", "民办机构：", "XX托育中心", "××托育园", "某某托育中心", "托育机构名称", "机构全称", "填写说明", "数据来源：各旗区",
        "91150602MA0000015E", "本行不填", "请在此处填写机构名称", "请选择", "附表1", "以下为新增机构", "以下机构已注销", "停办机构",
    ],
)  # fmt: skip
def test_what_an_office_writes_about_its_table_is_no_name_even_beside_numbers(save: Save, text: str) -> None:
    roster = read_roster(save([HEAD, ["东胜区", text, None, 60, 8581234], ["东胜区", "宝贝之家", None, 60, 8581234]]))
    assert names(roster) == ["宝贝之家"]
    assert {one.row for one in (*roster.problems, *roster.skipped)} == {2}


def test_a_row_of_nothing_but_a_name_is_doubted_unless_the_name_is_an_institutions(save: Save) -> None:
    head = ("机构名称", "统一社会信用代码", "托位数")
    roster = read_roster(
        save([["东胜区托育机构名册"], head, ["东胜区甲托育中心"], ["情况属实"], ["东胜区乙幼儿园"], ["公布"]])
    )
    assert names(roster) == ["东胜区甲托育中心", "东胜区乙幼儿园"]
    assert [(p.row, p.column, p.code) for p in roster.problems] == [
        (4, "A", "name-doubtful"),
        (6, "A", "name-doubtful"),
    ]


def test_headings_that_stand_again_on_the_next_page_are_counted(save: Save) -> None:
    rows = [["托育机构名册"], HEAD, ["东胜区", "甲", A, 60, None], HEAD, ["东胜区", "乙", B, 60, None]]
    roster = read_roster(save(rows))
    assert (names(roster), skipped(roster)) == (["甲", "乙"], [(4, "重复的表头")])


def test_groups_of_a_district_head_the_rows_under_them(save: Save) -> None:
    head = ("序号", "机构名称", "统一社会信用代码", "托位数")
    rows = [head, ["一、东胜区（1家）"], [1, "甲", A, 60], ["（二）康巴什区"], [2, "乙", B, 60]]
    roster = read_roster(save(rows))
    assert [row.institution.district for row in roster.rows] == ["150602", "150603"]


def test_of_two_columns_of_one_meaning_the_filled_one_is_read() -> None:
    (row,) = read_roster(case("11")).rows
    assert row.institution.phone == "13800000000"


def test_two_columns_under_one_heading_are_joined_cell_by_cell(save: Save) -> None:
    head = ("旗区", "机构名称", "托位数", "托位数", "联系电话", "联系电话")
    rows = [
        head,
        ["东胜区", "甲", 30, None, "13800000000", None],
        ["东胜区", "乙", None, 40, None, "0477-8581234"],
        ["东胜区", "丙", 50, "50", "13800000000", "13900000000"],
        ["东胜区", "丁", 50, 60, "13800000000", "13800000000"],
    ]
    roster = read_roster(save(rows))
    found = [(one.institution.places, one.institution.phone) for one in roster.rows]
    assert found == [
        (30, "13800000000"), (40, "0477-8581234"), (50, "13800000000、13900000000"), (None, "13800000000")
    ]  # fmt: skip
    assert [(p.row, p.column, p.code) for p in roster.problems] == [(5, "C", "columns-differ")]
    assert "C列为“50”，D列为“60”" in roster.problems[0].message


def test_where_one_column_cannot_be_read_the_other_of_its_meaning_is_and_both_are_told(save: Save) -> None:
    head = (
        "旗区",
        "机构名称",
        "统一社会信用代码",
        "信用代码",
        "办公电话",
        "手机",
        "备案时间",
        "备案日期",
        "是否备案",
        "备案情况",
    )
    rows = [
        head,
        ["东胜区", "甲", "办理中", A, "坏的", "13800000000", "待定", "2024-3-5", "-", "是"],
        ["东胜区", "乙", "150602000012345", B, "无", "13800000001", "/", "2024-3-5", None, "是"],
    ]
    roster = read_roster(save(rows))
    found = [row.institution for row in roster.rows]
    assert [(one.code, one.phone) for one in found] == [(A, "13800000000"), (B, "13800000001")]
    assert {(one.filed, one.filed_on) for one in found} == {(True, dt.date(2024, 3, 5))}
    assert sorted((p.row, p.column, p.message[-7:]) for p in roster.problems) == [
        (2, "C", "；已按D列登记"), (2, "E", "；已按F列登记"), (2, "G", "；已按H列登记"), (3, "C", "；已按D列登记"),
    ]  # fmt: skip


def test_two_columns_of_one_meaning_that_differ_are_shown_at_their_cells(save: Save) -> None:
    head = ("旗区", "机构名称", "统一社会信用代码", "信用代码", "托位数", "核定托位数", "注册地址", "服务地址")
    rows = [head, ["东胜区", "甲", A, None, 50, 60, "甲街", "乙街"], ["东胜区", "乙", A, B, 50, "50", None, None]]
    roster = read_roster(save(rows))
    assert [(row.institution.places, row.institution.address) for row in roster.rows] == [(50, "甲街")]
    assert [(p.row, p.column, p.code, p.severity) for p in roster.problems] == [
        (2, "E", "columns-differ", Severity.WARNING),
        (3, "C", "columns-differ", Severity.ERROR),
    ]


def test_two_names_of_one_row_that_differ_keep_it_out(save: Save) -> None:
    rows = [
        ("旗区", "机构名称", "机构名称", "托位数"),
        ["东胜区", "甲托育", "乙托育", 1],
        ["东胜区", "丙托育", None, 1],
    ]
    roster = read_roster(save(rows))
    assert (names(roster), [(p.row, p.code) for p in roster.problems]) == (["丙托育"], [(2, "columns-differ")])


def test_a_column_of_like_meaning_fills_what_the_better_one_leaves_blank(save: Save) -> None:
    rows = [
        ("旗区", "机构名称", "联系人", "负责人", "托位数"),
        ["东胜区", "甲", None, "王某某", 1],
        ["东胜区", "乙", "李某某", "王某某", 1],
    ]
    roster = read_roster(save(rows))
    assert ([row.institution.contact for row in roster.rows], roster.problems) == (["王某某", "李某某"], ())
    assert [row.institution.legal_person for row in roster.rows] == ["王某某", "王某某"]
    assert roster.unread == ()


def test_a_person_in_charge_is_printed_where_no_legal_person_is_told(save: Save) -> None:
    rows = [("旗区", "机构名称", "主要负责人", "托位数"), ["东胜区", "甲", "王某某", 1]]
    (row,) = read_roster(save(rows)).rows
    assert (row.institution.legal_person, row.institution.contact) == ("王某某", "王某某")
    told = [("旗区", "机构名称", "法人", "负责人", "托位数"), ["东胜区", "甲", "李某某", "王某某", 1]]
    (row,) = read_roster(save(told)).rows
    assert (row.institution.legal_person, row.institution.contact) == ("李某某", "王某某")
    contact = [("旗区", "机构名称", "联系人", "托位数"), ["东胜区", "甲", "王某某", 1]]
    (row,) = read_roster(save(contact)).rows
    assert (row.institution.legal_person, row.institution.contact) == ("", "王某某")


def test_hidden_and_struck_rows_wait_and_are_read_when_accepted() -> None:
    roster = read_roster(case("12-hidden-and"))
    assert names(roster) == ["东胜区试验1托育中心", "东胜区试验4托育中心"]
    assert waiting(roster) == [("名册", 3, "隐藏的行"), ("名册", 4, "名称有删除线")]
    assert len(read_roster(case("12-hidden-and"), accept=[HIDDEN]).rows) == 4
    assert waiting(read_roster(case("c5"))) == [("Sheet", 4, "隐藏的行")]


def test_a_hidden_sheet_waits_and_is_read_when_accepted_or_named() -> None:
    roster = read_roster(case("12-hidden-sheet"))
    assert (len(roster.rows), waiting(roster)) == (2, [("旧", 0, "隐藏的工作表")])
    assert len(read_roster(case("12-hidden-sheet"), accept=[HIDDEN]).rows) == 3
    assert names(read_roster(case("12-hidden-sheet"), sheet="旧")) == ["东胜区试验9托育中心"]


@pytest.fixture
def worked_on(save: Save) -> WorkedOn:
    """A roster of four, changed as a clerk does in Excel."""

    def work(change: Change) -> Path:
        path = save([HEAD, *(["东胜区", name, None, 1, None] for name in "甲乙丙丁")])
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
        return path

    return work


def filtered(book: openpyxl.Workbook) -> None:
    book.active.auto_filter.ref = "A1:E5"
    book.active.auto_filter.add_filter_column(1, ["甲", "丙", "丁"])
    book.active.row_dimensions[3].hidden = True


def struck_in_part(book: openpyxl.Workbook) -> None:
    book.active["B3"] = CellRichText("甲", TextBlock(InlineFont(strike=True), "旧名"))


def struck(book: openpyxl.Workbook) -> None:
    book.active["B3"].font = Font(strike=True)


def outlined(book: openpyxl.Workbook) -> None:
    book.active.row_dimensions.group(3, 3, hidden=True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (filtered, "被筛选隐藏的行"),
        (struck_in_part, "名称有删除线"),
        (struck, "名称有删除线"),
        (outlined, "隐藏的行"),
    ],
)
def test_however_a_row_is_put_out_of_sight_it_waits(worked_on: WorkedOn, change: Change, reason: str) -> None:
    roster = read_roster(worked_on(change))
    assert (names(roster), waiting(roster)) == (["甲", "丙", "丁"], [("名册", 3, reason)])


def test_a_row_of_no_height_waits(save: Save) -> None:
    path = save([HEAD, ["东胜区", "甲", None, 1, None], ["东胜区", "乙", None, 1, None]])
    flat = b'<row r="3" ht="0.0" customHeight="1"'
    path.write_bytes(rewritten(path, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'<row r="3"', flat)))
    assert waiting(read_roster(path)) == [("名册", 3, "隐藏的行")]


def test_a_font_that_says_it_is_not_struck_and_a_struck_total_are_no_doubt(worked_on: WorkedOn) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active["B3"].font = Font(strike=False)
        book.active["D4"].font = Font(strike=True)

    assert len(read_roster(worked_on(change)).rows) == 4


def test_a_hidden_column_is_read_and_said(worked_on: WorkedOn) -> None:
    def change(book: openpyxl.Workbook) -> None:
        book.active.column_dimensions["D"].hidden = True

    roster = read_roster(worked_on(change))
    assert roster.rows[0].institution.places == 1
    assert roster.notes == ("工作表“名册”D列“托位数”是隐藏的，也已读入",)


def test_a_sheet_hidden_for_good_waits_and_a_hidden_list_of_words_does_not(worked_on: WorkedOn) -> None:
    def change(book: openpyxl.Workbook) -> None:
        old = book.copy_worksheet(book.active)
        old.title, old.sheet_state = "旧", "veryHidden"
        words = book.create_sheet("字典")
        words.append(["东胜区"])
        words.sheet_state = "hidden"

    roster = read_roster(worked_on(change))
    assert (waiting(roster), roster.unread) == ([("旧", 0, "隐藏的工作表")], ("工作表“字典”（隐藏）",))


def test_members_named_as_windows_names_files_are_read() -> None:
    assert len(read_roster(case("13")).rows) == 2


def test_a_member_that_is_there_twice_by_either_slash_is_refused(tmp_path: Path) -> None:
    data = io.BytesIO(case("13").read_bytes())
    with zipfile.ZipFile(data, "a") as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
    (tmp_path / "名册.xlsx").write_bytes(data.getvalue())
    with pytest.raises(FileFault, match="重复"):
        read_roster(tmp_path / "名册.xlsx")


def test_a_workbook_of_both_kinds_is_read_in_one_go() -> None:
    for name, medical, childcare in (("c3", 1, 1), ("R4", 7, 3)):
        kinds = [row.institution.kind for row in read_roster(case(name)).rows]
        assert (kinds.count(Kind.MEDICAL), kinds.count(Kind.CHILDCARE)) == (medical, childcare)


def test_both_kinds_on_one_sheet_are_told_by_the_title_of_each_table(save: Save) -> None:
    head = ("旗区", "机构名称", "统一社会信用代码")
    rows = [
        ["一、医疗卫生机构名单"], head, ["东胜区", "甲", A], [], ["二、托育机构名单"], head, ["东胜区", "乙", B],
    ]  # fmt: skip
    roster = read_roster(save({"东胜区": rows}))
    assert [row.institution.kind for row in roster.rows] == [Kind.MEDICAL, Kind.CHILDCARE]


def test_names_tell_the_kind_where_nothing_else_does(save: Save) -> None:
    head = ("旗区", "机构名称", "联系电话")
    path = save({"一": [head, ["东胜区", "东胜区妇幼保健院", "1"]], "二": [head, ["东胜区", "东胜区甲幼儿园", "1"]]})
    assert [row.institution.kind for row in read_roster(path).rows] == [Kind.MEDICAL, Kind.CHILDCARE]


def test_a_name_of_the_other_kind_is_told_at_its_cell_and_its_row_taken(save: Save) -> None:
    childcare = [
        ["东胜区托育机构名册"],
        HEAD,
        *(
            ["东胜区", name, None, 30, None]
            for name in ("东胜区妇幼保健院", "东胜区照护服务中心", "东胜区妇幼保健院托育部")
        ),
    ]
    medical = [
        ["东胜区医疗机构名册"],
        ["旗区", "机构名称", "医院等级"],
        ["东胜区", "东胜区甲托育中心", "一级"],
        ["东胜区", "东胜区乙幼儿园医务室", "一级"],
    ]
    for rows, names_read in ((childcare, 3), (medical, 2)):
        roster = read_roster(save(rows))
        assert len(roster.rows) == names_read
        assert [(p.row, p.column, p.code, p.severity) for p in roster.problems] == [
            (3, "B", "kind-doubtful", Severity.WARNING)
        ]


def test_in_a_table_of_pairs_the_other_sides_name_fills_no_blank(save: Save) -> None:
    head = ["旗区", "医疗卫生机构名称", "托育机构名称", "托位数"]
    roster = read_roster(save([head, ["东胜区", "东胜区人民医院", "甲", 30], ["东胜区", "东胜区中医院", None, 20]]))
    assert (names(roster), [(p.row, p.code) for p in roster.problems]) == (["甲"], [(3, "name-missing")])
    assert roster.unread == ("列“医疗卫生机构名称”",)


def test_a_kind_that_is_asked_for_does_not_change_what_a_table_says(save: Save) -> None:
    untold = [("旗区", "机构名称", "联系电话"), ["东胜区", "丙", "1"]]
    path = save({"医院": [("旗区", "机构名称", "医院等级"), ["东胜区", "甲", "二级"]], "其他": untold})
    roster = read_roster(path, kind=Kind.CHILDCARE)
    assert [row.institution.kind for row in roster.rows] == [Kind.MEDICAL, Kind.CHILDCARE]
    assert len(roster.notes) == 1
    assert "按此读入" in roster.notes[0]


def test_the_refusal_of_headings_lists_those_seen(save: Save) -> None:
    assert names(read_roster(case("header"))) == ["东胜区测试9托育中心"]
    with pytest.raises(BadInput, match="只看到：工作表“名册”：园舍全称、电话"):
        read_roster(save([["园舍全称", "电话"], ["甲", "1"]]))
    with pytest.raises(BadInput, match="只看到：工作表“名册”：县区、小朋友之家、托位（"):
        read_roster(save([["县区", "小朋友之家", "托位"], ["东胜区", "甲", 1]]))


@pytest.mark.parametrize(
    "head",
    [
        ("所属地", "托育服务机构", "总托位"), ("区县", "托育园所", "托位数量"), ("旗（区）", "托育机构全称", "托位数"), ("辖区", "单位全称", "托位"),
        ("地区", "园所全称", "核定托位（个）"),
    ],
)  # fmt: skip
def test_headings_of_many_offices_are_read(save: Save, head: tuple[str, ...]) -> None:
    (row,) = read_roster(save([head, ["康巴什区", "甲", 50]])).rows
    assert (row.institution.name, row.institution.district, row.institution.places) == ("甲", "150603", 50)


def test_a_refusal_shows_no_row_of_data(save: Save) -> None:
    with pytest.raises(BadInput) as caught:
        read_roster(save([["王某某", "李某某"], ["赵某某", "钱某某"]]))
    assert "某" not in str(caught.value)


def test_a_branch_keeps_its_place_beside_a_main_site_that_was_set_aside(save: Save, tmp_path: Path) -> None:
    head = ("旗区", "机构名称", "统一社会信用代码", "托位数")
    rows = [["托育机构名册"], head, ["某旗", "禾苗托育中心", A, 40], ["东胜区", "禾苗托育中心（二分园）", A, 30]]
    roster = read_roster(save(rows))
    write_problems(tmp_path / "待改.xlsx", roster)
    book = openpyxl.load_workbook(tmp_path / "待改.xlsx")
    book.active["A3"] = "东胜区"
    book.save(tmp_path / "待改.xlsx")
    again = read_roster(tmp_path / "待改.xlsx")
    found = [(row.institution.name, row.institution.branch) for one in (roster, again) for row in one.rows]
    assert found == [("禾苗托育中心（二分园）", "二分园"), ("禾苗托育中心", "")]
    assert [row.institution.branch for row in read_roster(case("c2")).rows][-1] == "二分园"


def test_a_row_set_aside_still_contradicts_a_neighbour_of_its_code(save: Save) -> None:
    rows = [["托育机构名册"], HEAD, ["某旗", "甲托育", A, 40, None], ["东胜区", "乙托育", A, 30, None]]
    roster = read_roster(save(rows))
    assert (names(roster), [(p.row, p.code) for p in roster.problems]) == (
        [], [(3, "district-unknown"), (4, "duplicate")]
    )  # fmt: skip


def test_a_row_set_aside_gives_way_to_a_sound_one_of_the_same_institution(save: Save) -> None:
    rows = [["托育机构名册"], HEAD, ["某旗", "甲托育", A, 40, None], ["东胜区", "甲托育", A, 30, None]]
    assert names(read_roster(save(rows))) == ["甲托育"]


def test_a_problems_workbook_keeps_kinds_titles_and_columns_nobody_reads(save: Save, tmp_path: Path) -> None:
    hospitals = [
        ["2026年医疗卫生机构名单"],
        ("序号", "旗区", "机构名称", "床位数", "特色"),
        [1, "某旗", "甲", 30, "儿科"],
    ]
    childcare = [["2026年托育机构名单"], ("序号", "旗区", "机构名称", "食堂", "说明一"), [7, "某旗", "乙", "有", "好"]]
    path = save({"医院": hospitals, "托育": childcare})
    for _ in range(2):
        roster = read_roster(path)
        path = tmp_path / "待改.xlsx"
        write_problems(path, roster)
        book = openpyxl.load_workbook(path)
        found = [[[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] for sheet in book]
        assert [(dict(zip(*rows, strict=True))["原表标题"]) for rows in found] == [
            "医院；2026年医疗卫生机构名单",
            "托育；2026年托育机构名单",
        ]
        assert dict(zip(*found[0], strict=True)) | {"序号": "1", "床位数": "30", "特色": "儿科"} == dict(
            zip(*found[0], strict=True)
        )
        assert dict(zip(*found[1], strict=True)) | {"序号": "7", "食堂": "有"} == dict(zip(*found[1], strict=True))
    for sheet in book:
        sheet["A3"] = "东胜区"
    book.save(path)
    again = read_roster(path)
    assert [(row.institution.name, row.institution.kind) for row in again.rows] == [
        ("甲", Kind.MEDICAL),
        ("乙", Kind.CHILDCARE),
    ]


@pytest.mark.parametrize("name", ["名册.xls", "名册.et", "名册.xlsx"])
def test_a_workbook_in_the_old_format_is_read_and_what_it_cannot_show_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(case("旧格式").read_bytes())
    roster = read_roster(tmp_path / name)
    assert [(row.institution.name, row.institution.places) for row in roster.rows] == [
        ("东胜区甲托育中心", 30), ("东胜区乙托育中心", 40)
    ]  # fmt: skip
    assert "看不出隐藏" in roster.notes[0]


@pytest.mark.parametrize(
    ("tail", "says"),
    [("_VBA_PROJECT", "宏"), ("EncryptedPackage", "密码"), ("x" * (9 << 20), "过大")],
)
def test_an_old_workbook_with_macros_or_a_password_or_too_large_is_refused(
    tmp_path: Path, tail: str, says: str
) -> None:
    (tmp_path / "名册.xls").write_bytes(case("旧格式").read_bytes() + tail.encode("utf-16-le"))
    with pytest.raises(FileFault, match=says):
        read_roster(tmp_path / "名册.xls")


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return buffer.getvalue()
