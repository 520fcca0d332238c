"""Texts whose characters were lost or taken for others between two programs. Pure; no text is ever repaired by guess."""

import contextlib
import re
from typing import Literal

TELLTALE = "".join(
    bytes((first, second)).decode("gb18030")
    for first in range(0xE4, 0xEA)
    for second in range(0x80, 0xC0)
    if second != 0x7F
)
"""The characters GBK shows for how any ideograph begins in UTF-8; 妤, 瑜 and 璐 are among them, so none proves anything."""
_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_LOST = {
    "text": re.compile(rf"[{_HAN}]\?\?+[{_HAN}]"),
    "line": re.compile(rf"[{_HAN}]\?\?+|\?\?+[{_HAN}]"),
    "name": re.compile(r"[^\x00-\x7f]\?|\?[^\x00-\x7f]|\?\?|？|[□■〓▯◻\u2500-\u259f]"),
}
"""Question marks where ideographs were; a longer text may ask in earnest, a name never."""
_ESCAPED = re.compile(
    r"(?:[%=][0-9A-F]{2}){3}|\\u[0-9A-F]{4}|&#x?[0-9A-F]{2,6};|&(?:nbsp|amp|lt|gt|quot|[ez]msp|ensp|zwn?j);|_x[0-9A-F]{4}_",
    re.IGNORECASE,
)
"""A character as programs pass it on: of a web page, a link, a mail, a workbook."""
_OTHER_WORLDS = ("cp437", "cp866", "koi8-r")
"""Encodings in which UTF-8 is taken for line drawings or Russian."""
_FAMOUS = re.compile("锟斤|斤拷|烫烫烫|屯屯屯|^锘.|[\uff61-\uff9f]{3}")
"""U+FFFD in UTF-8 as GBK shows it, memory a program never filled, a UTF-8 mark, GBK taken for Japanese."""
_NOT_ASCII = re.compile("[^\x00-\x7f?]{3,}")
_WESTERN = re.compile(
    "[\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a"
    "\u20ac\u2122]{2,}"
)
_NOT_CHINESE = re.compile("[^\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_ACCENTED = re.compile("[\u00a1-\u00ff]")


def garbled(text: str, of: Literal["text", "line", "name"] = "text") -> str:
    """What shows that a text was damaged on its way, as a sentence, or ""; by what it is a text ``of``."""
    if "\ufffd" in text:
        return f"第 {text.index(chr(0xFFFD)) + 1} 个字是乱码"
    if of != "text" and (found := _ESCAPED.search(text)):
        return f"“{found[0]}”是网页或程序的记号，不是文字"
    if found := _LOST[of].search(text):
        became = "问号" if set("?？") & set(found[0]) else "方块"
        return f"“{found[0]}”处有字变成了{became}，是乱码"
    runs = _NOT_ASCII.findall(text)
    if _FAMOUS.search(text) or any(_utf8_in_gbk(run) or _utf8_elsewhere(run) for run in runs):
        return "文字是乱码（编码弄错了）"
    return "文字是乱码（编码弄错了）" if any(_in_western(run) for run in _WESTERN.findall(text)) else ""


def _utf8_in_gbk(run: str) -> bool:
    """东胜区 read so is 涓滆儨鍖; three ideographs, or two where a character is rare, come about by no chance."""
    try:
        found = _decoded(run.replace("€", "").encode("gb18030"), "utf-8")
    except UnicodeEncodeError:
        return False
    ideographs = sum("\u3400" <= sign <= "\u9fff" for sign in found)
    return ideographs >= 3 or (ideographs == 2 and not _common(run))


def _utf8_elsewhere(run: str) -> bool:
    """东胜区 read so is Σ╕£Φâ£σî║; Russian as people write it is no UTF-8."""
    for encoding in _OTHER_WORLDS:
        with contextlib.suppress(UnicodeEncodeError):
            if sum("\u3400" <= sign <= "\u9fff" for sign in _decoded(run.encode(encoding), "utf-8")) >= 2:
                return True
    return False


def _common(run: str) -> bool:
    try:
        run.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _in_western(run: str) -> bool:
    """UTF-8 read as Latin-1 or as Windows knows it (Ã©, ä¸œ), or GBK (¶«Ê¤Çø)."""
    accented = set(_ACCENTED.findall(run))
    if not accented:
        return False
    data = b"".join(_western_byte(sign) for sign in run)
    if _decoded(data, "utf-8"):
        return True
    ideographs = _decoded(data, "gbk")
    return len(accented) > 1 and len(ideographs) > 1 and not _NOT_CHINESE.search(ideographs)


def _western_byte(sign: str) -> bytes:
    try:
        return sign.encode("cp1252")
    except UnicodeEncodeError:
        return sign.encode("latin-1")


def _decoded(data: bytes, encoding: str) -> str:
    """The text, without a character cut short at its end; "" where there is none."""
    for end in range(len(data), max(len(data) - 3, 0), -1):
        try:
            return data[:end].decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""
