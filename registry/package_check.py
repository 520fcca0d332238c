"""What a packed file from outside must be before any parser sees it: the rules .docx and .xlsx share.

The libraries take bombs, doubled members and document type declarations without a word, and a converter fetches what a
document names. Nothing is parsed here but the zip directory, the lists of relations, and the bytes of each XML part.

Source: design.md#foreign-packages.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath
from typing import BinaryIO
from xml.parsers.expat import ExpatError, ParserCreate

from yiyu.registry.errors import FileFault

OLE = b"\xd0\xcf\x11\xe0"
"""Head of the old formats, and of the new ones when they are encrypted."""
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_HEAD = b"PK\3\4"
_MOST_MEMBERS = 2000
_LOCAL_HEADER = 30
_BLOCK = 1 << 16
_TAG = re.compile(rb"<[^<>]*>")
_DTD = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_LONGEST_MARK = max(map(len, _DTD))
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError),
    *(ExpatError, LookupError),
)
"""Also what zipfile raises for a way of compressing Python has not, and expat for relations in no known encoding."""
_OUTSIDE = {
    "attachedTemplate": "文档模板（.dotx 或 .dot）",
    "image": "图片",
    **dict.fromkeys(("mailMergeSource", "mailMergeHeaderSource"), "邮件合并的数据源"),
    "oleObject": "对象",
    "subDocument": "子文档",
}
"""What a relation leads to, by the last word of its type."""
_REMEDIES = {
    "文档模板": "请在 Word/WPS 的“开发工具 → 文档模板”中改为 Normal，保存后再试",
    "邮件合并": "请在 Word 的“邮件 → 开始邮件合并”中选“普通 Word 文档”，保存后再试",
}
"""By a word of what is outside: saving the file anew would keep it."""
_WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""What the standard allows in a package (ECMA-376-2, annex B.4)."""


@dataclass(frozen=True, slots=True)
class PackageKind:
    """``needs``: parts without which it is none. ``most_bytes``: unpacked. ``own_relations``: only these are looked into."""

    suffix: str
    name: str
    main: str
    needs: frozenset[str]
    most_bytes: int
    own_relations: str = ""
    backslashes: bool = False
    """Members may be named as Windows names files, which some archivers do and Excel reads."""
    remedy: str = ""
    """What to do about one that is refused, where saving it anew in an office program is no help."""


_EVERY = ("[content_types].xml", "_rels/.rels")
DOCX = PackageKind(".docx", "Word 文档", "word/document.xml", frozenset(_EVERY), 64 << 20)
"""Word Online calls the main part document2.xml at times."""
PRINTED = replace(DOCX, most_bytes=256 << 20, own_relations="none")
"""A document of ours that somebody may have worked on in Word; the converter has no network."""
XLSX = PackageKind(
    ".xlsx",
    "Excel 工作簿",
    "xl/workbook.xml",
    frozenset({"xl/workbook.xml"}),
    128 << 20,
    "xl/_rels/workbook.xml.rels",
    backslashes=True,
)
"""A workbook may name another, whose values stand in it, and nothing reads those names; but its own sheets are inside."""
SIGNED = PackageKind(
    ".yiyu",
    "上报包",
    "manifest.json",
    frozenset({"manifest.json", "signature"}),
    4 << 30,
    "none",
    remedy="请向对方重新要一份（用 U 盘或压缩后传，以免传坏）",
)
"""What one office hands to another (decision 43); a city's holds those of its offices as they came."""


def package_check(data: bytes, kind: PackageKind) -> None:
    """Refuse with FileFault what is no sound, harmless package of that kind; its ``where`` is for the caller to add."""
    if data.startswith(OLE):
        if _ENCRYPTED in data:
            raise FileFault("文件有密码，无法读取", remedy="请去掉密码后再试")
        raise _refused(kind, "这是旧格式的文件（.doc、.xls、.et），不能直接读取")
    archive_check(io.BytesIO(data), kind)


def archive_check(stream: BinaryIO, kind: PackageKind) -> None:
    """The same of one that need not fit into memory, read from its beginning. Raises FileFault."""
    try:
        if stream.read(len(_HEAD)) != _HEAD:
            raise zipfile.BadZipFile  # what stands in front could be a program
        with zipfile.ZipFile(stream) as package:
            fault = next(_faults(package, kind), "")
    except _BROKEN as error:
        raise _refused(
            kind, f"不是有效的{' ' * kind.name[0].isascii()}{kind.name}（{kind.suffix}），或文件已损坏"
        ) from error
    if fault:
        raise _refused(kind, fault)


def package_text(data: bytes, kind: PackageKind) -> str:
    """All that is written in a package, foot lines too, part after part and without any order within a sheet.

    Raises FileFault as :func:`package_check` does.
    """
    package_check(data, kind)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [package.read(one) for one in package.infolist() if _part_name(one).endswith(".xml")]
    return "\n".join(_TAG.sub(b"", part).decode("utf-8", "replace") for part in parts)


def _refused(kind: PackageKind, what: str) -> FileFault:
    usual = kind.remedy or f"请用 WPS 或 Office 打开，把需要的内容另存为新的 {kind.suffix} 后再试"
    return FileFault(what, remedy=next((remedy for word, remedy in _REMEDIES.items() if word in what), usual))


def _faults(package: zipfile.ZipFile, kind: PackageKind) -> Iterator[str]:
    members = package.infolist()
    names = [_part_name(one) for one in members]
    called = f"{' ' if kind.name[0].isascii() else ''}{kind.name}（{kind.suffix}）"
    if not kind.backslashes and any("\\" in one.filename for one in members):
        yield "文件的压缩目录不合规范：成员名用了反斜杠"
    if kind.main not in names and (other := next((one.name for one in (DOCX, XLSX) if one.main in names), "")):
        yield f"这是 {other}，不是{called}"
    if not kind.needs <= set(names):
        yield f"文件中没有{called}"
    if any(one.flag_bits & 1 for one in members):
        yield "文件有密码，无法读取"
    if len(members) > _MOST_MEMBERS or sum(one.file_size for one in members) > kind.most_bytes:
        yield "文件展开后过大，或成员过多"
    if _overlapping(members) or len(set(names)) < len(names):
        yield "文件的压缩目录有重复或重叠的内容，可能被改动过"
    if not all(map(_stays_inside, names)) or any(one.compress_type not in _WAYS for one in members):
        yield "文件的压缩目录不合规范，可能被改动过"
    if any(name.endswith("vbaproject.bin") or "/activex/" in name for name in names):
        yield "文件中有宏或控件，不予读取"
    for one in members:
        yield from _member_faults(package, one, kind)


def _member_faults(package: zipfile.ZipFile, member: zipfile.ZipInfo, kind: PackageKind) -> Iterator[str]:
    """Read a member to its end, which checks its size and CRC, and look into the XML."""
    name, before, kept = _part_name(member), b"", bytearray()
    keeps = name == "[content_types].xml" or (name.endswith(".rels") and (kind.own_relations or name) == name)
    with package.open(member) as stream:
        while block := stream.read(_BLOCK):
            if name.endswith((".xml", ".rels")) and any(mark in before + block for mark in _DTD):
                yield "文件内部含有不允许的声明（DOCTYPE），可能被改动过"
            before = block[-_LONGEST_MARK:]
            kept += block if keeps else b""
    if name == "[content_types].xml" and b"macroEnabled" in kept:
        yield "文件中有宏或控件，不予读取"
    elif name == "[content_types].xml" and b"wordprocessingml.template.main" in kept:
        yield "这是 Word 的模板文件（.dotx），不是文档"
    elif keeps and (what := _fetches(bytes(kept))):
        yield f"文件引用了外部的{what}"


def _part_name(member: zipfile.ZipInfo) -> str:
    return member.filename.replace("\\", "/").casefold()


def _fetches(relations: bytes) -> str:
    """What but a hyperlink lies outside the package, in words: Word and LibreOffice would go and get it; else ""."""
    outside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.endswith("Relationship") and attributes.get("TargetMode", "").strip().casefold() == "external":
            outside.append(attributes.get("Type", ""))

    parser = ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(relations, True)
    kinds = [kind.rpartition("/")[2] for kind in outside]
    return next((_OUTSIDE.get(kind, "图片、模板或对象") for kind in kinds if kind != "hyperlink"), "")


def _overlapping(members: Iterable[zipfile.ZipInfo]) -> bool:
    spans = sorted((one.header_offset, one.header_offset + _LOCAL_HEADER + one.compress_size) for one in members)
    return any(end > start for (_, end), (start, _) in pairwise(spans))


def _stays_inside(name: str) -> bool:
    return not name.startswith("/") and ":" not in name and ".." not in PurePosixPath(name).parts
