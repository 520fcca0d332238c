"""Texts whose characters were lost or taken for others between two programs. Pure; no text is ever repaired by guess."""

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
    "name": re.compile(r"[^\x00-\x7f]\?|\?[^\x00-\x7f]|\?\?"),
}
"""Question marks where ideographs were; a longer text may ask in earnest, a name never."""
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
    if found := _LOST[of].search(text):
        return f"“{found[0]}”处有字变成了问号，是乱码"
    if _FAMOUS.search(text) or any(_utf8_in_gbk(run) for run in _NOT_ASCII.findall(text)):
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
