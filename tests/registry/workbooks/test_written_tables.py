import dataclasses
import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.institutions.columns import COLUMNS, normal_category
from yiyu.registry.institutions.roster import read_roster
from yiyu.registry.institutions.roster_writing import institution_columns, write_institutions
from yiyu.registry.model import Institution, Kind
from yiyu.registry.packs.places import shipped_table
from yiyu.registry.rules.cleaning import clean
from yiyu.registry.rules.codes import ALPHABET
from yiyu.registry.rules.dates import EARLIEST, LATEST
from yiyu.registry.rules.places import Places
from yiyu.registry.rules.row_words import doubtful_name, name_fault, skip_reason
from yiyu.registry.workbooks import rows
from yiyu.registry.workbooks.tables import WrittenColumn, read_table, write_table
from yiyu.registry.workbooks.text import cell_error, clean_line, comparison_key


def is_itself(text: str) -> bool:
    """Words such as 同上 and #REF! mean something else in a roster; hypothesis finds them in our source."""
    return text not in rows._SAME and not cell_error(text)


def kept(*kinds: str) -> Callable[[str], bool]:
    """Texts that no cleaning of a column of these kinds alters."""
    return lambda text: is_itself(text) and all(clean(text, kind) == (text, (), "", "", False) for kind in kinds)


SIGNS = st.one_of(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn"), exclude_characters="\ufffd"),
    st.sampled_from("=+-@（）()<>&\"'_x𠮷𪚥ᠮᠣᠩᠭᠣᠯ\u202f\u180b\u200d·，、"),
)
lines = st.text(SIGNS, max_size=30).map(clean_line).filter(kept("line", "whole"))
paragraphs = (
    st.text(st.one_of(SIGNS, st.just("\n")), max_size=40)
    .map(lambda text: clean(text, "paragraphs").text)
    .filter(kept("paragraphs"))
)
phones = st.sampled_from(("", "13800000000", "0477-8580000转801", "13800000000、13900000000", "8580000"))
names = lines.filter(kept("name")).filter(
    lambda name: not (name_fault(name) or skip_reason(name) or doubtful_name(name)) and name
)
bodies = st.text(ALPHABET, min_size=9, max_size=9)
codes = st.builds(lambda body: f"52150602{body}{uscc.calc_check_digit(f'52150602{body}')}", bodies)
dates = st.none() | st.dates(EARLIEST, LATEST)
counts = st.none() | st.integers(0, 99_999)
ORDOS = Places(shipped_table, "150600")
shared = {
    "name": names,
    "code": st.just("") | codes,
    "district": st.sampled_from(sorted(ORDOS.names)),
    "remark": paragraphs,
    "staff": counts,
    "closed_on": dates,
    **dict.fromkeys(("branch", "nature", "town", "address", "legal_person", "contact", "grade"), lines),
    "phone": phones,
}
medical = st.builds(
    Institution, kind=st.just(Kind.MEDICAL), category=lines.map(normal_category).filter(bool), **shared
).filter(lambda one: normal_category(one.category, one.name) == one.category)
childcare = st.builds(
    Institution,
    kind=st.just(Kind.CHILDCARE),
    category=lines,
    filed=st.booleans(),
    filed_on=dates,
    filing_no=lines,
    inclusive=st.none() | st.booleans(),
    **dict.fromkeys(("places", "enrolled", "health_workers"), counts),
    **shared,
)  # fmt: skip


def unlike_each_other(found: list[Institution]) -> list[Institution]:
    """No two with the same code, or with the same name where there is no code."""
    return list({one.code or comparison_key(one.name): one for one in found}.values())


def same_after_a_round_trip(kind: Kind, found: list[Institution]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "名册.xlsx"
        write_institutions(path, kind, found)
        return [row.institution for row in read_roster(path).rows] == found


in_processes = settings(max_examples=25, phases=[Phase.explicit, Phase.reuse, Phase.generate])
"""Every example starts a process: few of them, and no minutes of shrinking."""


@in_processes
@given(st.lists(childcare, min_size=1, max_size=8).map(unlike_each_other))
def test_childcare_institutions_written_and_read_are_the_same(found: list[Institution]) -> None:
    assert same_after_a_round_trip(Kind.CHILDCARE, found)


@in_processes
@given(st.lists(medical, min_size=1, max_size=8).map(unlike_each_other))
def test_medical_institutions_written_and_read_are_the_same(found: list[Institution]) -> None:
    assert same_after_a_round_trip(Kind.MEDICAL, found)


def test_every_field_of_an_institution_has_a_column() -> None:
    assert set(COLUMNS) == {field.name for field in dataclasses.fields(Institution)} - {"kind", "id"}
    assert {column.key for column in institution_columns(Kind.CHILDCARE)} == set(COLUMNS)


LISTING = (
    WrittenColumn("number", "协议编号", 24),
    WrittenColumn("days", "剩余天数", 9),
    WrittenColumn("on", "日期"),
    WrittenColumn("ok", "已签"),
)
ROW = {"number": "150627-2026-JC-0001", "days": 12, "on": dt.date(2024, 10, 15), "ok": True}


def test_a_listing_prints_on_a4_landscape_with_its_headings_on_every_page(tmp_path: Path) -> None:
    write_table(tmp_path / "表.xlsx", "协议台账", LISTING, [ROW])
    sheet = openpyxl.load_workbook(tmp_path / "表.xlsx").active
    assert [cell.value for cell in sheet[2]] == ["协议编号", "剩余天数", "日期", "已签"]
    assert [cell.value for cell in sheet[3]] == ["150627-2026-JC-0001", 12, "2024-10-15", "是"]
    assert sheet.title == sheet["A1"].value == "协议台账"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2")
    assert sheet.column_dimensions["A"].width >= 24


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "http://a.example", "914403001922038216"]
)
def test_no_text_becomes_a_formula_a_link_or_a_number(tmp_path: Path, text: str) -> None:
    write_table(tmp_path / "表.xlsx", "表", LISTING, [{"number": text}])
    cell = openpyxl.load_workbook(tmp_path / "表.xlsx").active["A3"]
    assert (cell.value, cell.data_type, cell.hyperlink, cell.number_format) == (text, "s", None, "@")


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("一.xlsx", "二.xlsx"):
        write_table(tmp_path / name, "表", LISTING, [ROW] * 3)
    assert (tmp_path / "一.xlsx").read_bytes() == (tmp_path / "二.xlsx").read_bytes()


@pytest.mark.parametrize("text", ["甲\x00乙", "甲\x1b", "甲\ud800", "甲\uffff", "\u202e甲", "长" * 40_000])
def test_a_text_no_workbook_can_hold_is_refused_with_its_place_and_no_file_is_left(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match="第3行A列"):
        write_table(tmp_path / "表.xlsx", "表", LISTING, [{"number": text}])
    assert list(tmp_path.iterdir()) == []


def test_a_title_unfit_for_a_sheets_name_is_kept_as_title(tmp_path: Path) -> None:
    title = "2026/10 [签约率] " + "很长" * 20
    write_table(tmp_path / "表.xlsx", title, [WrittenColumn("a", "甲")], [{"a": 1}])
    sheet = openpyxl.load_workbook(tmp_path / "表.xlsx").active
    assert sheet["A1"].value == title
    assert len(sheet.title) == 31


def test_a_folder_in_the_way_is_a_file_fault(tmp_path: Path) -> None:
    (tmp_path / "表.xlsx").mkdir()
    with pytest.raises(FileFault):
        write_table(tmp_path / "表.xlsx", "表", LISTING, [ROW])


HEADINGS = {
    "medical": ("甲方名称", "甲方"),
    "childcare": ("乙方名称",),
    "starts_on": ("生效日期",),
    "months": ("期限（月）",),
}


def test_a_listing_is_read_again_by_its_headings(tmp_path: Path) -> None:
    columns = [
        WrittenColumn("m", "甲方名称"),
        WrittenColumn("c", "乙方名称"),
        WrittenColumn("s", "生效日期"),
        WrittenColumn("n", "期限（月）"),
    ]
    cells = [{"m": "甲院", "c": "乙园", "s": dt.date(2026, 1, 1), "n": 12}, {}, {"m": "丙院"}]
    write_table(tmp_path / "配对.xlsx", "拟签约配对表", columns, cells)
    first, second = read_table(tmp_path / "配对.xlsx", HEADINGS)
    assert first.values == {"medical": "甲院", "childcare": "乙园", "starts_on": "2026-01-01", "months": "12"}
    assert first.columns == {"medical": "A", "childcare": "B", "starts_on": "C", "months": "D"}
    assert (first.sheet, first.row, second.row) == ("拟签约配对表", 3, 5)
    assert second.values["childcare"] == ""


def test_a_small_table_may_come_as_csv_and_lack_columns(tmp_path: Path) -> None:
    (tmp_path / "表.csv").write_bytes("甲方,乙方名称\n甲院,乙园\n".encode("gb18030"))
    (row,) = read_table(tmp_path / "表.csv", HEADINGS)
    assert row.values == {"medical": "甲院", "childcare": "乙园"}


def test_a_file_without_the_headings_names_them(tmp_path: Path) -> None:
    (tmp_path / "表.csv").write_text("编号,金额\n1,2\n", "utf-8")
    with pytest.raises(BadInput, match="甲方名称、乙方名称、生效日期、期限"):
        read_table(tmp_path / "表.csv", HEADINGS)


def test_a_cell_that_shows_an_error_stops_a_small_table_at_its_place(save: Callable[..., Path]) -> None:
    path = save([("甲方名称", "乙方名称"), ["甲院", ("=NA()", "#N/A")]])
    with pytest.raises(BadInput, match="第2行B列"):
        read_table(path, HEADINGS)
