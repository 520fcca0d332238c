from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.errors import FileFault
from yiyu.registry.institutions.columns import institution_headings
from yiyu.registry.institutions.roster import read_roster
from yiyu.registry.workbooks.csvtext import read_csv
from yiyu.registry.workbooks.headings import Headings

TEXT = "机构名称,旗区,托位数,地址\n东胜区甲托育园,东胜区,60,民族路1号\n"
KNOWN = institution_headings()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_csv_is_read_in_any_encoding_offices_save(tmp_path: Path, encoding: str, delimiter: str, ending: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes(TEXT.replace(",", delimiter).replace("\n", ending).encode(encoding))
    (row,) = read_roster(path).rows
    assert (row.row, row.sheet) == (2, "")
    assert (row.institution.name, row.institution.places) == ("东胜区甲托育园", 60)


def test_gbk_bytes_that_happen_to_be_utf_8_are_read_as_gbk() -> None:
    by_accident = "签约状态".encode("gb18030")
    assert by_accident.decode("utf-8") != "签约状态"
    assert read_csv(by_accident + b",1\r\n", Headings({"state": ("签约状态",)})).rows[0][0] == "签约状态"


def test_rare_characters_of_gb18030_survive() -> None:
    data = "机构名称,旗区,托位数\n东胜区𠮷㐂托育园,东胜区,1\n".encode("gb18030")
    assert read_csv(data, KNOWN).rows[1][0] == "东胜区𠮷㐂托育园"


@given(st.lists(st.lists(st.text(st.characters(codec="gb18030", exclude_characters="\0")), min_size=3), max_size=4))
def test_whatever_the_cells_hold_the_headings_tell_the_encoding(rows: list[list[str]]) -> None:
    cells = [["机构名称", "旗区", "托位数"], *rows]
    text = "\r\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in cells)
    for encoding in ("utf-8", "gb18030"):
        assert read_csv(text.encode(encoding), KNOWN).rows[0] == ["机构名称", "旗区", "托位数"]


def test_guards_against_formulas_are_undone_exactly() -> None:
    data = "机构名称,旗区,托位数\n\"=\"\"0123\"\"\",'=甲,'-1\n'甲',''=乙,a'=b\n".encode()
    assert [list(row) for row in read_csv(data, KNOWN).rows[1:]] == [["0123", "=甲", "-1"], ["'甲'", "''=乙", "a'=b"]]


def test_an_unquoted_comma_does_not_push_values_into_the_wrong_column(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_text(TEXT + "东胜区乙托育园,东胜区,60,民族路2号,后院\n", "utf-8")
    roster = read_roster(path)
    assert [(p.row, p.code) for p in roster.problems] == [(3, "row-shape")]
    assert len(roster.rows) == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (TEXT.encode()[:-1] + b"\xff\xff", "编码"),
        (TEXT.encode() + '"东胜区乙'.encode(), "引号"),
        (TEXT.encode() + b"\0\0", "不是文本"),
        (b"", "空"),
        (b" \r\n", "空"),
    ],
)
def test_a_csv_that_cannot_be_read_says_why(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes(data)
    with pytest.raises(FileFault, match=says):
        read_roster(path)


def test_a_workbook_named_csv_is_read_as_the_workbook_it_is(save: Callable[..., Path]) -> None:
    path = save([("机构名称", "旗区", "托位数"), ["甲", "东胜区", 1]], name="名单.csv")
    assert len(read_roster(path).rows) == 1
