"""Claims about known exports: read by their own columns, refused with what changed, and no other roster is disturbed."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.errors import BadInput, NotFound, UserError
from yiyu.registry.imports.telling import tell_workbook
from yiyu.registry.institutions.columns import COLUMNS, institution_headings
from yiyu.registry.institutions.known_layouts import NONE, Layout, known_layouts, layouts_in, shipped_layouts
from yiyu.registry.institutions.layout_tables import RosterTables
from yiyu.registry.institutions.roster import Roster, read_roster
from yiyu.registry.model import Kind
from yiyu.registry.plugins import OfferFault
from yiyu.registry.workbooks.grid import Grid

DATA = Path(__file__).parents[2] / "data"
GOLDEN = Path(__file__).parents[2] / "golden" / "layouts.json"
FORMER = sorted([*(DATA / "rosters").glob("*.*"), *(DATA / "cases" / "roster").glob("*.*")])
SAID = {
    "national-list": (
        ("2026-11-01", "东胜区甲托育中心", "内蒙古自治区鄂尔多斯市东胜区", "某路1号", "营利性", "2024-05-12", "521506027795605297"),
        ("2026-11-01", "达拉特旗乙托育园", "达拉特旗", "某街2号", "事业单位", "2025-03-01", "52150602895390563H"),
    ),
    "national-query": (
        ("东胜区甲托育中心", "甲园", "内蒙古自治区鄂尔多斯市东胜区", "150602000000", "某路1号", "营利性", "2024-05-12", "521506027795605297"),
        ("达拉特旗乙托育园", "", "达拉特旗", "150621000000", "某街2号", "事业单位", "2025-03-01", "52150602895390563H"),
    ),
    "county-platform": (
        {
            "机构名称": "东胜区甲托育中心", "社会信用代码": "521506027795605297", "法人姓名": "王某某",
            "法人证件号": "11010519491231002X", "机构负责人": "李某某", "机构电话": "0477-8000001", "机构备案情况": "已备案",
            "机构地址": "东胜区某路1号", "全职从业人员数": 12, "托位总数": 60, "托位剩余数": 10, "3岁以下婴幼儿入托数": 50,
        },
    ),
    "health-platform": (
        {
            "机构ID": 7, "机构名称": "东胜区兴胜社区卫生服务中心", "卫生机构类别代码": "B100", "卫生机构类别代码名称": "社区卫生服务中心",
            "组织机构代码": "MA6751143", "行政区划代码": "150602", "医院等级（级）": "一级", "法定代表人(负责人)": "王某某",
            "地址": "某路3号", "电话号码": "0477-8000002", "经办人": "张某某",
        },
    ),
}  # fmt: skip
"""What stands in a made-up export of each layout, in the order of its columns or by heading."""


def export(path: Path, layout: Layout, *, title: str = "Sheet1") -> Path:
    """A workbook of the layout."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = title
    sheet.append([*layout.columns])
    for said in SAID[layout.name]:
        sheet.append([said.get(one) for one in layout.columns] if isinstance(said, Mapping) else [*said])
    book.save(path)
    return path


def listed(roster: Roster) -> list[dict[str, object]]:
    """What the rows say of their institutions."""
    said = ({key: getattr(row.institution, key) for key in ("kind", *COLUMNS)} for row in roster.rows)
    filled = [{key: value for key, value in one.items() if value not in ("", None)} for one in said]
    found: list[dict[str, object]] = json.loads(json.dumps(filled, default=str))
    return found


@pytest.mark.parametrize("name", shipped_layouts())
def test_an_export_is_read_by_its_own_columns_and_nothing_else_of_it(name: str, tmp_path: Path) -> None:
    roster = read_roster(export(tmp_path / "导出.xlsx", shipped_layouts()[name], title="东胜区"))
    assert listed(roster) == json.loads(GOLDEN.read_text("utf-8"))[name]
    assert [problem.message for problem in roster.problems] == []
    assert roster.unread == ()
    assert all(row.read.table.headings.keys() == set(row.read.table.columns.values()) for row in roster.rows)


@pytest.mark.parametrize("name", shipped_layouts())
def test_each_layout_says_where_its_columns_are_known_from(name: str) -> None:
    layout = shipped_layouts()[name]
    assert layout.source
    assert layout.assumed
    assert set(layout.fields) <= set(COLUMNS)


def test_an_export_is_told_as_a_roster_where_workbooks_are_dropped(tmp_path: Path) -> None:
    for layout in shipped_layouts().values():
        told = tell_workbook(export(tmp_path / f"{layout.name}.xlsx", layout), {}, {})
        assert (told.subject, told.unknown) == ("roster", ())


def told(path: Path, layout: str = "auto") -> object:
    """All that reading says of a file, or why it is refused."""
    try:
        roster = read_roster(path, layout=layout, kind=None)
    except UserError as error:
        return str(error)
    rows = [(row.sheet, row.row, row.institution, row.given) for row in roster.rows]
    return rows, [(one.row, one.texts) for one in roster.rejected], dataclasses.replace(roster, rows=(), rejected=())


@pytest.mark.parametrize("path", FORMER, ids=lambda path: path.name)
def test_no_roster_of_before_is_read_otherwise(path: Path) -> None:
    assert told(path) == told(path, NONE)


LIST = shipped_layouts()["national-list"]
SIX = ["机构注册登记名称", "所属区域", "机构住所", "机构性质", "备案通过时间", "统一社会信用代码"]


def sheet(path: Path, headings: Sequence[str], title: str = "") -> Path:
    """A list with these headings, and one row that fits the six."""
    values = dict(zip(SIX, SAID["national-list"][0][1:], strict=True))
    book = openpyxl.Workbook()
    book.worksheets[0].title = title or "Sheet1"
    book.worksheets[0].append([*headings])
    book.worksheets[0].append([values.get(one, "某") for one in headings])
    book.save(path)
    return path


def altered(*changes: tuple[str, str]) -> list[str]:
    found = [*SIX]
    for old, new in changes:
        found = [new if one == old else one for one in found] if old else [*found, new]
    return [one for one in found if one]


CHANGED = {
    "missing": ([("机构住所", "")], "少了“机构住所”"),
    "two missing": ([("机构住所", ""), ("机构性质", "")], "少了“机构住所”、“机构性质”"),
    "added": ([("", "信用等级评定")], "多了“信用等级评定”"),
    "renamed": ([("机构住所", "机构登记住址")], "可能改名：“机构住所”→“机构登记住址”"),
    "renamed to what we know": ([("机构住所", "机构地址")], "可能改名：“机构住所”→“机构地址”"),
    "renamed to another word": ([("备案通过时间", "备案日期")], "可能改名：“备案通过时间”→“备案日期”"),
    "all": (
        [("机构住所", "机构登记住址"), ("机构性质", ""), ("", "信用等级评定"), ("", "序号")],
        "少了“机构性质”；多了“信用等级评定”；可能改名：“机构住所”→“机构登记住址”",
    ),
}


@pytest.mark.parametrize("case", CHANGED)
def test_an_export_whose_columns_changed_is_refused_with_what_changed(case: str, tmp_path: Path) -> None:
    changes, what = CHANGED[case]
    with pytest.raises(BadInput) as refused:
        read_roster(sheet(tmp_path / "名单.xlsx", altered(*changes)))
    assert refused.value.what == f"列和表样“全国托育机构信用公示名单”的不一样了，没有导入：{what}"
    assert "名单.xlsx 工作表“Sheet1”第1行" in refused.value.where
    assert "--layout none" in refused.value.remedy


def test_a_changed_export_is_read_by_headings_where_that_is_asked_for(tmp_path: Path) -> None:
    path = sheet(tmp_path / "名单.xlsx", altered(("", "信用等级评定")))
    (row,) = read_roster(path, layout=NONE).rows
    assert row.institution.name == "东胜区甲托育中心"
    named = {"address": ["机构登记住址"]}
    (row,) = read_roster(sheet(path, altered(("机构住所", "机构登记住址"))), named=named).rows
    assert row.institution.address == "某"


def test_what_the_office_has_explained_is_no_change(tmp_path: Path) -> None:
    path = sheet(tmp_path / "名单.xlsx", altered(("机构住所", "机构登记住址")))
    (row,) = read_roster(path, aliases={"address": ["机构登记住址"]}).rows
    assert (row.institution.address, row.institution.code) == ("某", "521506027795605297")


def test_a_list_to_which_columns_we_know_were_added_is_an_ordinary_roster(tmp_path: Path) -> None:
    headings = altered(("", "联系人"), ("", "托位数"), ("", "备注"))
    (row,) = read_roster(sheet(tmp_path / "名单.xlsx", headings)).rows
    assert row.given >= {"contact", "remark"}


def test_columns_in_another_order_or_with_blanks_are_no_change(tmp_path: Path) -> None:
    headings = ["序号", *reversed(SIX[1:]), " 机构注册\n登记名称 "]
    book = openpyxl.Workbook()
    book.worksheets[0].append(headings)
    book.worksheets[0].append([1, *reversed(SAID["national-list"][0][2:]), "东胜区甲托育中心"])
    book.save(tmp_path / "名单.xlsx")
    (row,) = read_roster(tmp_path / "名单.xlsx", layout="national-list").rows
    assert row.institution.name == "东胜区甲托育中心"


def test_an_export_is_known_by_its_title_too(tmp_path: Path) -> None:
    few = ["机构注册登记名称", "备案通过时间", "统一社会信用代码"]
    assert read_roster(sheet(tmp_path / "少.xlsx", few)).total_rows == 1
    with pytest.raises(BadInput, match="少了“所属区域”、“机构住所”、“机构性质”"):
        read_roster(sheet(tmp_path / "名.xlsx", few, title="托育机构信用公示名单"))


def test_a_layout_asked_for_is_held_to_whatever_else_the_sheet_may_be(tmp_path: Path) -> None:
    path = sheet(tmp_path / "名单.xlsx", altered(("", "联系人")))
    with pytest.raises(BadInput, match="多了“联系人”"):
        read_roster(path, layout="national-list")
    with pytest.raises(BadInput, match="没有找到表样“区域卫生信息平台医疗卫生机构信息表”的表头"):
        read_roster(path, layout="health-platform")
    with pytest.raises(NotFound, match=r"没有表样“nation”；可用的：auto、none、county-platform、.*national-list"):
        read_roster(path, layout="nation")
    with pytest.raises(BadInput, match="按表样读时不能另指列名"):
        read_roster(path, layout="national-list", named={"remark": ["联系人"]})


def test_the_kind_of_an_export_is_that_of_its_layout(tmp_path: Path) -> None:
    path = export(tmp_path / "导出.xlsx", shipped_layouts()["national-query"])
    assert read_roster(path).kinds == {Kind.CHILDCARE}
    with pytest.raises(BadInput, match="从表头看这不是医疗卫生机构名册"):
        read_roster(path, kind=Kind.MEDICAL)


def refusal(headings: Sequence[str]) -> str:
    """What is said of a sheet with these headings, "" where it is read."""
    tables_of = RosterTables(institution_headings(), {}, "auto", Path("名单.xlsx"))
    try:
        tables_of(Grid("", [[*headings], ["某"] * len(headings)]))
    except BadInput as error:
        return error.what.partition("没有导入：")[2]
    return ""


@given(st.permutations(SIX), st.sets(st.sampled_from(SIX), max_size=2), st.sets(st.sampled_from(["甲列", "乙列"])))
def test_whatever_goes_or_comes_is_named_and_nothing_else(order: list[str], gone: set[str], come: set[str]) -> None:
    """Of six columns at most two go, at most two come: it is still told as the list."""
    said = refusal([*(one for one in order if one not in gone), *sorted(come)])
    assert bool(said) == bool(gone or come)
    assert {one for one in (*SIX, "甲列", "乙列") if f"“{one}”" in said} == gone | come


@given(
    st.lists(st.sampled_from([one for column in COLUMNS.values() for one in column.headings]), min_size=2, unique=True)
)
def test_headings_any_roster_may_have_are_refused_only_for_most_of_the_list(headings: list[str]) -> None:
    if refusal(headings):
        there = set(headings) & set(SIX)
        assert len(there) >= 4
        assert len(there) * 3 >= len(headings) * 2


GOOD = 'title = "某表"\nkind = "childcare"\nsource = "某处"\nsigns = ["园名字"]\n[columns]\n"园名字" = "name"\n"某列" = ""\n'
FAULTS = {
    "读不懂的.toml 第 1 行：写法不对": "title = 某表",
    "缺少必填的键“source”": GOOD.replace('source = "某处"\n', ""),
    "columns.某列：没有“nmae”这个字段": GOOD.replace('"某列" = ""', '"某列" = "nmae"'),
    "columns：要有一列是机构名称（name）": GOOD.replace('= "name"', '= ""'),
    "signs：“别的”不是 columns 中的列": GOOD.replace('["园名字"]', '["别的"]'),
    "signs：至少要有一列不在 optional 中": 'optional = ["园名字"]\n' + GOOD,
    "columns：有两列的列名实际相同": GOOD + '"某 列" = ""\n',
    "不在可选范围内的值“garden”": GOOD.replace("childcare", "garden"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_a_layout_that_cannot_be_used_is_told_with_file_and_place(tmp_path: Path, what: str) -> None:
    (tmp_path / "读不懂的.toml").write_text(FAULTS[what], "utf-8")
    with pytest.raises(OfferFault) as fault:
        list(layouts_in(tmp_path))
    assert str(fault.value).startswith("读不懂的.toml ")
    assert what in str(fault.value)
    (tmp_path / "读不懂的.toml").write_text(GOOD, "utf-8")
    assert [name for name, _ in layouts_in(tmp_path)] == ["读不懂的"]
    assert "读不懂的" not in known_layouts()
