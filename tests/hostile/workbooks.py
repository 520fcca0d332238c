"""Workbooks and CSV of the corpus: what clerks send, and what nobody should."""

import codecs
import datetime as dt
import io
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from stdnum.cn import uscc

HEAD = ("机构名称", "统一社会信用代码", "旗区", "是否备案", "备案时间", "托位数", "联系人", "联系电话")
SHEET, BOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
RELATIONS, STYLES = "xl/_rels/workbook.xml.rels", "xl/styles.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOLDED = "甲乙丙丁戊己庚辛"


def code(serial: int) -> str:
    """A right credit code of nobody."""
    number = f"52150602MJ{serial:07}"
    return number + uscc.calc_check_digit(number)


def row(serial: int, **changed: object) -> list[object]:
    """A row of the roster that is in order."""
    plain = [f"东胜区{serial}号托育中心", code(serial), "东胜区", "是", "2024-03-05", 60, "王某某", "0477-1234567"]
    for heading, value in changed.items():
        plain[HEAD.index(heading)] = value
    return plain


Rows = Sequence[Sequence[Any]]


def book(sheets: Rows | Mapping[str, Rows], merges: Iterable[str] = (), hidden: str = "", **options: object) -> bytes:
    """A workbook as a clerk types it; a date is a date, ``("=A1", 2)`` a formula with its result."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, **options}) as made:
        date = made.add_format({"num_format": "yyyy/m/d"})
        for title, rows in (sheets if isinstance(sheets, Mapping) else {"托育机构": sheets}).items():
            sheet = made.add_worksheet(title)
            if title == hidden:
                sheet.hide()
            for merge in merges:
                sheet.merge_range(merge, "")
            for r, cells in enumerate(rows):
                for c, value in enumerate(cells):
                    _put(sheet, r, c, value, date)
    return stream.getvalue()


def _put(sheet: Any, r: int, c: int, value: object, date: object) -> None:
    match value:
        case None:
            return
        case str():
            sheet.write_string(r, c, value)
        case dt.date():
            sheet.write_datetime(r, c, value, date)
        case (str() as formula, result):
            sheet.write_formula(r, c, formula, None, result)
        case _:
            sheet.write(r, c, value)


def roster(*rows: Sequence[object], **options: Any) -> Callable[[], bytes]:
    return lambda: book([HEAD, *(rows or (row(1), row(2)))], **options)


def with_parts(parts: Mapping[str, Callable[[bytes], bytes | None]], data: bytes | None = None) -> bytes:
    """The plain roster with parts rewritten, left out (None) or added (given nothing)."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data or roster()())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = parts[name](old.read(name)) if name in parts else old.read(name)
            if content is not None:
                new.writestr(name, content)
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name](b"") or b"")
    return stream.getvalue()


def sheet(old: bytes, new: bytes, count: int = 1) -> Callable[[], bytes]:
    """The plain roster with a piece of its sheet replaced."""
    return part(SHEET, old, new, count)


def part(name: str, old: bytes, new: bytes, count: int = 1) -> Callable[[], bytes]:
    def change(content: bytes) -> bytes:
        assert old in content, (name, content[:500])
        return content.replace(old, new, count)

    return lambda: with_parts({name: change})


def added(name: str, content: bytes = b"x") -> Callable[[], bytes]:
    return lambda: with_parts({name: lambda _: content})


# Honest ones.


def titled() -> bytes:
    rows = [
        ["东胜区托育机构名册", *[None] * 7], ["填报单位：东胜区卫生健康委员会", *[None] * 7],
        HEAD, row(1), row(2), ["合计", None, None, None, None, 120],
    ]  # fmt: skip
    return book(rows, merges=["A1:H1", "A2:H2"])


def two_levels() -> bytes:
    rows = [
        ["机构名称", "旗区", "备案情况", None, "托位情况", None],
        [None, None, "是否", "时间", "总数", "其中：普惠托位"],
        ["东胜区1号托育中心", "东胜区", "是", dt.date(2024, 3, 5), 60, 30],
    ]
    return book(rows, merges=["A1:A2", "B1:B2", "C1:D1", "E1:F1"])


def text_dates() -> bytes:
    spellings = ("2024年3月5日", "2024.3.5", "20240305", "2024/03/05", "２０２４－０３－０５", "2024-03-05 00:00:00")
    return book([HEAD, *(row(n, 备案时间=text) for n, text in enumerate(spellings, start=1))])


def two_sheets() -> bytes:
    return book({"说明": [["请逐项填写"]], "托育机构": [HEAD, row(1)], "底稿": [HEAD, row(9)]}, hidden="底稿")


def merged_districts() -> bytes:
    return book([HEAD, row(1), row(2, 旗区=None), row(3, 旗区=None)], merges=["C2:C4"])


def strict_dialect() -> bytes:
    """ISO/IEC 29500 Strict, as Excel can save it: other namespaces."""
    old, new = b"http://schemas.openxmlformats.org/", b"http://purl.oclc.org/ooxml/"
    parts = {}
    with zipfile.ZipFile(io.BytesIO(roster()())) as package:
        for name in package.namelist():
            parts[name] = lambda content: content.replace(
                old + b"spreadsheetml/2006/main", new + b"spreadsheetml/main"
            ).replace(old + b"officeDocument/2006/relationships", new + b"officeDocument/relationships")
    return with_parts(parts)


def linked() -> bytes:
    """With a link to a page and a comment: relations of the sheet lead outside, and nothing is fetched."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as made:
        page = made.add_worksheet("托育机构")
        for r, cells in enumerate([HEAD, row(1)]):
            page.write_row(r, 0, cells)
        page.write_url("J2", "http://127.0.0.1:9/", string="说明")
        page.write_comment("A2", "请核对")
    return stream.getvalue()


def other_book() -> bytes:
    """A formula of another workbook, with the value it had."""
    rows = [HEAD, row(1, 托位数=("=[1]Sheet1!A1", 60))]
    types = (
        b'<Override PartName="/xl/externalLinks/externalLink1.xml" ContentType='
        b'"application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"/></Types>'
    )
    relation = (
        b'<Relationship Id="rId90" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLink"'
        b' Target="externalLinks/externalLink1.xml"/></Relationships>'
    )
    link = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
        b' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        b'<externalBook r:id="rId1"/></externalLink>'
    )
    outside = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"'
        b' Target="file:///C:/a.xlsx" TargetMode="External"/></Relationships>'
    )
    return with_parts(
        {
            "[Content_Types].xml": lambda part: part.replace(b"</Types>", types),
            RELATIONS: lambda part: part.replace(b"</Relationships>", relation),
            "xl/externalLinks/externalLink1.xml": lambda _: link,
            "xl/externalLinks/_rels/externalLink1.xml.rels": lambda _: outside,
        },
        book(rows),
    )


def five_thousand() -> bytes:
    return book([HEAD, *(row(n) for n in range(1, 5001))])


def with_a_tail() -> bytes:
    """Thirty thousand rows that hold nothing but borders."""
    tail = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(10, 30_010))
    return with_parts({SHEET: lambda part: part.replace(b"</sheetData>", tail + b"</sheetData>")})


def without_addresses() -> bytes:
    """Cells stand where they come, as small writers leave them."""
    return with_parts({SHEET: lambda part: re.sub(rb' r="[A-Z]*\d+"', b"", part)})


# Hostile ones.


def padded(megabytes: int) -> Callable[[], bytes]:
    return lambda: with_parts({SHEET: lambda part: part + b" " * (megabytes << 20)})


def twice(name: str) -> Callable[[], bytes]:
    """Two members of one name: which is read depends on who reads."""

    def make() -> bytes:
        data = roster()()
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            content = package.read(name)
        other = name.swapcase() if name.startswith("X") else name
        return _appended(data, other, content.replace("东胜".encode(), "康巴".encode()))

    return make


def _appended(data: bytes, name: str, content: bytes) -> bytes:
    """A zip with one more member, whatever its name."""
    end = data.rindex(b"PK\5\6")
    count, size, offset = struct.unpack("<HII", data[end + 10 : end + 20])
    packed = zlib.compress(content)[2:-4]
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, zlib.crc32(content), len(packed), len(content), len(name), 0)
    local = b"PK\3\4" + common + name.encode()
    entry = b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, offset) + name.encode()
    directory = data[offset : offset + size] + entry
    tail = struct.pack("<HHHHIIH", 0, 0, count + 1, count + 1, len(directory), offset + len(local + packed), 0)
    return data[:offset] + local + packed + directory + b"PK\5\6" + tail


def overlapping() -> bytes:
    """Every sheet the same bytes: a small file that unpacks to much (Fifield's bomb)."""
    data = bytearray(book({f"表{n}": [HEAD, row(1)] for n in range(1, 9)}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as package:
        infos = {info.filename: info for info in package.infolist()}
    first = infos[SHEET]
    at = data.rindex(b"PK\5\6")
    directory = struct.unpack("<I", data[at + 16 : at + 20])[0]
    while data[directory : directory + 4] == b"PK\1\2":
        length, extra, comment = struct.unpack("<HHH", data[directory + 28 : directory + 34])
        name = data[directory + 46 : directory + 46 + length].decode()
        if re.fullmatch(r"xl/worksheets/sheet[2-8]\.xml", name):
            data[directory + 16 : directory + 28] = struct.pack("<III", first.CRC, first.compress_size, first.file_size)
            data[directory + 42 : directory + 46] = struct.pack("<I", first.header_offset + 1)
        directory += 46 + length + extra + comment
    return bytes(data)


def lying(field: str) -> Callable[[], bytes]:
    """The directory says another size or checksum of the sheet than it has."""
    offset = {"size": 24, "crc": 16}[field]

    def make() -> bytes:
        data = bytearray(roster()())
        at = data.index(b"PK\1\2")
        while not data[at + 46 :].startswith(SHEET.encode()):
            at = data.index(b"PK\1\2", at + 4)
        data[at + offset : at + offset + 4] = struct.pack("<I", 100)
        return bytes(data)

    return make


def flagged() -> bytes:
    """Marked as encrypted in the zip's own way."""
    data = bytearray(roster()())
    at = -1
    while (at := data.find(b"PK\1\2", at + 1)) >= 0:
        data[at + 8] |= 1
    return bytes(data)


def squeezed(method: int) -> Callable[[], bytes]:
    def make() -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(roster()())) as old, zipfile.ZipFile(stream, "w", method) as new:
            for name in old.namelist():
                new.writestr(name, old.read(name))
        return stream.getvalue()

    return make


def unknown_method() -> bytes:
    data = bytearray(roster()())
    at = -1
    while (at := data.find(b"PK\1\2", at + 1)) >= 0:
        data[at + 10 : at + 12] = struct.pack("<H", 99)
    return bytes(data)


def entities(name: str) -> Callable[[], bytes]:
    """A billion laughs in front of the part."""
    nested = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    doctype = b'<!DOCTYPE x [<!ENTITY a0 "ha">' + nested + b"]>"
    return lambda: with_parts({name: lambda part: part.replace(b"?>", b"?>" + doctype, 1)})


def entity_of_a_file() -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    return with_parts(
        {
            "xl/sharedStrings.xml": lambda part: part.replace(b"?>", b"?>" + doctype, 1).replace(
                "东胜区1号".encode(), b"&f;", 1
            )
        }
    )


def in_utf16(name: str) -> Callable[[], bytes]:
    """The same declaration where no search for its bytes finds it."""

    def change(part: bytes) -> bytes:
        text = part.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').replace("?>", "?><!DOCTYPE x>", 1)
        return text.encode("utf-16")

    return lambda: with_parts({name: change})


def nested() -> bytes:
    return with_parts(
        {SHEET: lambda part: part.replace(b"<sheetData>", b"<a>" * 200_000 + b"</a>" * 200_000 + b"<sheetData>")}
    )


def many_members() -> bytes:
    return with_parts({f"xl/media/{n}.png": lambda _: b"" for n in range(5000)})


def merges(count: int) -> bytes:
    many = b"<mergeCells>" + b'<mergeCell ref="A1:XFD1048576"/>' * count + b"</mergeCells>"
    return with_parts({SHEET: lambda part: part.replace(b"</sheetData>", b"</sheetData>" + many)})


# CSV.


def csv(*rows: Sequence[object], encoding: str = "utf-8", end: str = "\r\n", by: str = ",") -> Callable[[], bytes]:
    lines = [by.join(map(str, cells)) for cells in (HEAD, *(rows or (row(1), row(2))))]
    return lambda: (end.join(lines) + end).encode(encoding)


def looks_like_utf8(path: Path) -> None:
    """GB18030 whose every Chinese character is valid UTF-8 by accident; the headings are the office's own (ASCII)."""
    with (path.parent / "office" / "yiyu.toml").open("a", encoding="utf-8") as settings:
        settings.write('[aliases]\nname = ["name"]\ndistrict = ["district"]\nplaces = ["places"]\n')
    data = "name,district,places\n学时状态,150602,60\n".encode("gb18030")
    assert "学" not in data.decode("utf-8")
    path.write_bytes(data)


def two_encodings() -> bytes:
    return csv()() + ",".join(map(str, row(3))).encode("gb18030") + b"\r\n"


def wide() -> bytes:
    return (",".join(HEAD) + "," * 1_000_000 + "\r\n" + ",".join(map(str, row(1)))).encode()


def endless_line() -> bytes:
    return csv()() + b'"' + b"x" * (20 << 20)


def forty_megabytes() -> bytes:
    return csv()() + b"," * (40 << 20)


# What is no file.


def pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.mkdir()


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def dangling(path: Path) -> None:
    path.symlink_to("nowhere.xlsx")


def endless_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def link(path: Path) -> None:
    real = path.with_name("elsewhere.bin")
    real.write_bytes(roster()())
    path.symlink_to(real.name)


def unreadable(path: Path) -> None:
    """A folder's name with a slash too many: one part of the path is a file."""
    path.parent.mkdir()
    path.write_bytes(roster()())


BOM = codecs.BOM_UTF8


def stream(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)
