"""Refuse what no template may be, before any parser of Word files sees it (robustness 3b)."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from itertools import pairwise
from xml.parsers.expat import ExpatError, ParserCreate

from yiyu.registry.errors import TemplateFault

MAX_MEMBERS = 2000
MAX_UNPACKED = 64 * 1024 * 1024
_OLE = b"\xd0\xcf\x11\xe0"
_DTD = (b"<!DOCTYPE", b"<\0!\0D\0", b"\0<\0!\0D")
"""In UTF-8 and both orders of UTF-16."""
_UNREADABLE = (NotImplementedError, ExpatError)
"""A way of compressing Python has not; a list of relations that is no XML."""


def guard(data: bytes, name: str) -> None:
    """Refuse what is no plain .docx: no zip, a bomb, macros, DTDs, files fetched from elsewhere. Raises TemplateFault."""
    where = f"模板 {name}"
    if data.startswith(_OLE):
        raise TemplateFault(
            "这是旧版 .doc 或加了密码的文档", where=where, remedy="请在 Word/WPS 中取消密码，另存为 .docx 后再试"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            fault = _fault(package)
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, *_UNREADABLE) as error:
        raise TemplateFault(
            "不是有效的 Word 文档（.docx），或文件已损坏",
            where=where,
            remedy="请用 Word/WPS 打开检查，另存为 .docx 后再试",
        ) from error
    if fault:
        raise TemplateFault(fault, where=where, remedy="请用 Word/WPS 新建文档，把内容复制过去，另存为 .docx 后再试")


def _fault(package: zipfile.ZipFile) -> str:
    infos = package.infolist()
    names = [info.filename.lower() for info in infos]
    checks: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("文档过大或成员过多", lambda: _too_large(infos)),
        ("文档内部有重复或重叠的成员", lambda: len(set(names)) < len(names) or _overlap(infos)),
        ("文档加了密码", lambda: any(info.flag_bits & 1 for info in infos)),
        ("不是 Word 文档（.docx）", lambda: not {"[content_types].xml", "_rels/.rels"} <= set(names)),
        ("文档含有宏", lambda: any(name.endswith("vbaproject.bin") for name in names)),
    )
    for fault, holds in checks:
        if holds():
            return fault
    return next(filter(None, (_member_fault(info.filename.lower(), package.read(info)) for info in infos)), "")


def _member_fault(name: str, content: bytes) -> str:
    """Look into a member, which reading has checked against its CRC and declared size."""
    if name.endswith((".xml", ".rels")) and any(mark in content for mark in _DTD):
        return "文档含有 DTD 声明"
    if name == "[content_types].xml" and b"macroEnabled" in content:
        return "文档含有宏"
    if name.endswith(".rels") and _fetches(content):
        return "文档引用了外部的图片、模板或对象"
    return ""


def _fetches(relations: bytes) -> bool:
    """Tell whether anything but a hyperlink lies outside the package: Word and LibreOffice would go and get it."""
    outside: list[str] = []

    def start(_name: str, attributes: dict[str, str]) -> None:
        if attributes.get("TargetMode") == "External":
            outside.append(attributes.get("Type", ""))

    parser = ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(relations, True)
    return any(not kind.endswith("/hyperlink") for kind in outside)


def _too_large(infos: list[zipfile.ZipInfo]) -> bool:
    return len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_UNPACKED


def _overlap(infos: list[zipfile.ZipInfo]) -> bool:
    spans = sorted((info.header_offset, info.header_offset + 30 + info.compress_size) for info in infos)
    return any(end > start for (_, end), (start, _) in pairwise(spans))
