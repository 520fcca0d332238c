import io
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from yiyu.registry.errors import FileFault
from yiyu.registry.institutions.roster import read_roster

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET, RELATIONS = "xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"
Save = Callable[..., Path]


@pytest.fixture
def good(save: Save) -> bytes:
    return save([("机构名称", "旗区", "托位数"), ["甲", "东胜区", 1]]).read_bytes()


def changed(data: bytes, part: str, change: Callable[[bytes], bytes | None]) -> bytes:
    """The workbook with one part rewritten, or left out where ``change`` gives None."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(old.read(name)) if name == part else old.read(name)
            if content is not None:
                new.writestr(name, content)
    return buffer.getvalue()


def with_member(data: bytes, name: str) -> bytes:
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, b"x")
    return buffer.getvalue()


def archive_of(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"<x/>")
    return buffer.getvalue()


def refused(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    started = time.monotonic()
    with pytest.raises(FileFault) as caught:
        read_roster(path)
    assert time.monotonic() - started < 10
    sentence = str(caught.value)
    assert sentence.endswith("。")
    assert "\n" not in sentence
    assert path.name in sentence
    return sentence


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "空"),
        (OLE, "旧格式.*另存为 .xlsx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (b"%PDF-1.7\n", "PDF"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("机构名称,旗区".encode(), "扩展名改为 .csv"),
        (bytes(range(256)) * 10, "不是 .xlsx"),
        (b"PK\x03\x04" + bytes(100), "损坏"),
        (archive_of("word/document.xml"), "Word"),
        (archive_of("a.txt"), "没有 Excel 工作簿"),
        (archive_of("xl/workbook.xml", *(f"a{n}" for n in range(3000))), "过大"),
    ],
)
def test_what_is_no_workbook_is_refused_in_one_sentence(tmp_path: Path, data: bytes, says: str) -> None:
    assert re.search(says, refused(tmp_path / "名册.xlsx", data))


@pytest.mark.parametrize("row", [1048575, 1048574])
def test_a_stray_cell_far_away_is_named_and_kills_nothing(save: Save, row: int) -> None:
    path = save([("机构名称", "旗区", "托位数"), ["甲", "东胜区", 1]])
    far = f'<row r="{row + 1}"><c r="XFD{row + 1}" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    data = changed(path.read_bytes(), SHEET, lambda part: part.replace(b"</sheetData>", far.encode()))
    assert f"第{row + 1}行" in refused(path, data)


def test_colours_far_away_hurt_nobody(save: Save) -> None:
    path = save([("机构名称", "旗区", "托位数"), ["甲", "东胜区", 1]])
    far = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    path.write_bytes(changed(path.read_bytes(), SHEET, lambda part: part.replace(b"</sheetData>", far)))
    assert len(read_roster(path).rows) == 1


def test_cells_without_addresses_stand_where_they_come(save: Save) -> None:
    path = save([("机构名称", "旗区", "托位数"), ["甲", "东胜区", ("=NA()", "#N/A")]])
    path.write_bytes(changed(path.read_bytes(), SHEET, lambda part: re.sub(rb' r="[A-Z]*\d+"', b"", part)))
    (problem,) = read_roster(path).problems
    assert (problem.row, problem.column, problem.code) == (2, "C", "cell-error")


@pytest.mark.parametrize(
    ("part", "change", "says"),
    [
        (SHEET, lambda _: b"<worksheet>" + b" " * (200 * 1024 * 1024), "展开后过大"),
        (SHEET, lambda part: part.replace(b"<worksheet", b"<!DOCTYPE x><worksheet", 1), "DOCTYPE"),
        ("xl/sharedStrings.xml", lambda part: part.replace(b"<sst", b"<!DOCTYPE x><sst", 1), "DOCTYPE"),
        (SHEET, lambda part: part[:-30], "损坏"),
        (SHEET, lambda part: part.replace(b'<row r="1"', b'<row r="0"', 1), "损坏"),
        (SHEET, lambda part: part.replace(b'<c r="A1"', b'<c r="1"', 1), "损坏"),
        (SHEET, lambda part: part.replace(b"</row>", b'<c r="XFD1" t="e"/></row><row r="900000"><c t="e"/></row>', 1), "远处"),
        (SHEET, lambda _: None, "损坏"),
        (SHEET, lambda part: part.replace(b'r="A1"', b'r="A1" t="s"><v>999999</v></c><c r="B9"', 1), "损坏"),
        (RELATIONS, lambda part: part.replace(b"Target=", b'TargetMode="External" Target='), "引用了外部"),
    ],
)  # fmt: skip
def test_a_part_made_to_harm_or_broken_is_refused(
    tmp_path: Path, good: bytes, part: str, change: Callable[[bytes], bytes | None], says: str
) -> None:
    assert says in refused(tmp_path / "名册.xlsx", changed(good, part, change))


def test_a_workbook_cut_anywhere_is_refused(tmp_path: Path, good: bytes) -> None:
    for length in (30, len(good) // 3, len(good) // 2, len(good) - 1):
        assert "损坏" in refused(tmp_path / "名册.xlsx", good[:length])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_directory_that_lies_is_refused(tmp_path: Path, good: bytes) -> None:
    assert "重复" in refused(tmp_path / "名册.xlsx", with_member(good, SHEET))
    assert "宏" in refused(tmp_path / "名册.xlsx", with_member(good, "xl/vbaProject.bin"))


def test_merges_over_the_whole_sheet_take_no_time(save: Save) -> None:
    path = save([("机构名称", "旗区", "托位数"), ["甲", "东胜区", 1]])
    merges = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * 50_000 + b"</mergeCells>"
    path.write_bytes(
        changed(path.read_bytes(), SHEET, lambda part: part.replace(b"</sheetData>", b"</sheetData>" + merges))
    )
    started = time.monotonic()
    assert len(read_roster(path).rows) == 1
    assert time.monotonic() - started < 10


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FileFault, match="找不到文件"):
        read_roster(tmp_path / "没有.xlsx")
    with pytest.raises(FileFault, match="文件夹"):
        read_roster(tmp_path)


LIMITED = (
    "import resource, sys; from pathlib import Path; from yiyu.registry.workbooks.loading import load_grids\n"
    "resource.setrlimit(resource.RLIMIT_CPU, (1, resource.getrlimit(resource.RLIMIT_CPU)[1]))\n"
    "load_grids(Path(sys.argv[1]), None)"
)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of processor time there")
def test_what_takes_more_processor_time_than_it_may_is_stopped_and_told(tmp_path: Path) -> None:
    """Of its time by the clock a machine under load takes ten times as much: an honest roster was refused."""
    path = tmp_path / "长.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for row in range(25_000):
            sheet.write_row(row, 0, [f"{row}-{column}" for column in range(9)])
    done = subprocess.run([sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=False)
    assert f"秒内没有读完，内容过多（{path}）；请只保留名册所在的工作表" in done.stderr
