"""Rosters as .ods: read as others are, and nothing small that unpacks into something huge."""

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from yiyu.registry.errors import FileFault
from yiyu.registry.institutions.roster import Roster, read_roster
from yiyu.registry.workbooks.records import HIDDEN

_SPACE = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = " ".join(f'xmlns:{name}="{_SPACE}{name}:1.0"' for name in ("office", "table", "text", "style"))
_STYLES = (
    '<style:style style:name="s" style:family="table-cell"><style:text-properties'
    ' style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
)
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
HEAD = ("旗区", "机构名称", "托位数", "备案时间")


def cell(value: object, attributes: str = "") -> str:
    match value:
        case None:
            return f"<table:table-cell {attributes}/>"
        case int():
            kind = f'office:value-type="float" office:value="{value}"'
        case dt.date():
            kind = f'office:value-type="date" office:date-value="{value}"'
        case _:
            kind = 'office:value-type="string"'
    return f"<table:table-cell {kind} {attributes}><text:p>{value}</text:p></table:table-cell>"


def row(*cells: object, attributes: str = "", of_cells: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cell(one, of_cells) for one in cells)}</table:table-row>"


def sheet(*rows: str, name: str = "名册", attributes: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>{"".join(rows)}</table:table>'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "名册.ods"


def save(path: Path, *sheets: str, **others: str) -> Path:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_NAMES} office:version="1.3">'
        f"<office:automatic-styles>{_STYLES}</office:automatic-styles><office:body><office:spreadsheet>"
        f"{''.join(sheets)}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(zipfile.ZipInfo("mimetype"), _TYPE)
        manifest = f'<manifest:manifest xmlns:manifest="{_SPACE}manifest:1.0"/>'
        for name, text in {"content.xml": content, "META-INF/manifest.xml": manifest, **others}.items():
            package.writestr(name, text)
    path.write_bytes(buffer.getvalue())
    return path


def names(roster: Roster) -> list[str]:
    return [one.institution.name for one in roster.rows]


def test_values_dates_and_merged_cells_are_read(path: Path) -> None:
    merged = cell("东胜区", 'table:number-rows-spanned="2" table:number-columns-spanned="1"')
    covered = "<table:covered-table-cell/>"
    rows = [
        row("托育机构名册"),
        row(*HEAD),
        f"<table:table-row>{merged}{cell('甲托育中心')}{cell(60)}{cell(dt.date(2024, 3, 5))}</table:table-row>",
        f"<table:table-row>{covered}{cell('乙托育中心')}{cell(40)}{cell('2024.3.6')}</table:table-row>",
        row(None, attributes='table:number-rows-repeated="1048000"', of_cells='table:number-columns-repeated="16384"'),
    ]
    roster = read_roster(save(path, sheet(*rows)))
    found = [(one.institution.district, one.institution.places, one.institution.filed_on) for one in roster.rows]
    assert found == [("150602", 60, dt.date(2024, 3, 5)), ("150602", 40, dt.date(2024, 3, 6))]
    assert (names(roster), roster.problems) == (["甲托育中心", "乙托育中心"], ())


def test_what_a_reader_does_not_see_waits(path: Path) -> None:
    rows = [
        row(*HEAD),
        row("东胜区", "甲托育中心", 60, None),
        row("东胜区", "乙托育中心", 60, None, attributes='table:visibility="collapse"'),
        row("东胜区", "丙托育中心", 60, None, of_cells='table:style-name="s"'),
    ]
    hidden = sheet(row(*HEAD), row("东胜区", "丁托育中心", 60, None), name="旧", attributes='table:style-name="h"')
    roster = read_roster(save(path, sheet(*rows), hidden))
    assert names(roster) == ["甲托育中心"]
    told = [(one.sheet, one.row, one.reason) for one in roster.waiting]
    assert sorted(told) == sorted([("名册", 3, "隐藏的行"), ("名册", 4, "名称有删除线"), ("旧", 0, "隐藏的工作表")])
    assert len(read_roster(path, accept=[HIDDEN]).rows) == 4


def test_a_formula_without_result_and_an_error_are_doubted_at_their_cells(path: Path) -> None:
    formula = '<table:table-cell table:formula="of:=[.A1]"/>'
    rows = [
        row(*HEAD),
        f"<table:table-row>{cell('东胜区')}{cell('甲托育中心')}{formula}{cell('#REF!')}</table:table-row>",
    ]
    roster = read_roster(save(path, sheet(*rows)))
    assert sorted((one.row, one.column, one.code) for one in roster.problems) == [
        (2, "C", "cell-error"),
        (2, "D", "cell-error"),
    ]


@pytest.mark.parametrize(
    ("bomb", "said"),
    [
        (row("东胜区", "甲", 1, attributes='table:number-rows-repeated="1000000"'), "一直延伸到"),
        (row("东胜区", of_cells='table:number-columns-repeated="2000000"'), "一直延伸到"),
        (row(None, attributes='table:number-rows-repeated="1048575"') + row(*["东胜区"] * 3), "一直延伸到"),
        (row("东胜区", attributes='table:number-rows-repeated="99999999999"'), "已损坏"),
        (row("东胜区", of_cells='table:number-columns-repeated="-1"'), "已损坏"),
        (row("东胜区", of_cells='table:number-columns-repeated="x"'), "已损坏"),
    ],
)
def test_repeats_are_told_out_before_anything_is_parsed(path: Path, bomb: str, said: str) -> None:
    with pytest.raises(FileFault, match=said):
        read_roster(save(path, sheet(row(*HEAD), bomb)))


@pytest.mark.parametrize(
    ("member", "text", "said"),
    [
        ("META-INF/manifest.xml", "<m><manifest:encryption-data/></m>", "有密码"),
        ("Basic/Standard/Module1.xml", "<module/>", "宏"),
        ("styles.xml", "<!DOCTYPE x><x/>", "DOCTYPE"),
        ("content.xml", "<office", "已损坏"),
    ],
)
def test_encrypted_programmed_and_damaged_ones_are_refused(path: Path, member: str, text: str, said: str) -> None:
    with pytest.raises(FileFault, match=said):
        read_roster(save(path, sheet(row(*HEAD)), **{member: text}))
