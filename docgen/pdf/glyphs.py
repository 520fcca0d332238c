"""Which characters some font has a shape for, and the one the packaged fonts lack: ☑."""

import bisect
import io
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

from yiyu.docgen.pdf.fonts import all_known, fc_list, packaged
from yiyu.registry.rules.cleaning import is_private

TICK = "☑"
JOINER = "\u2060"
_SHAPELESS = frozenset(("Cc", "Cf", "Mn"))
_EM = 1000
_BOX = ((100, -20), (100, 780), (900, 780), (900, -20)), ((140, 20), (860, 20), (860, 740), (140, 740))
"""The outlines of □ in Noto Serif SC, so that a ticked box and an empty one are of one size."""
_STROKE = ((215, 390), (268, 443), (430, 281), (735, 640), (792, 592), (434, 171))


def marks_font() -> bytes:
    """Draw a TrueType font of ☑ and of the joiner of words, which has no look: without it each prints as a crossed box."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    for outline in (*_BOX, _STROKE):
        pen.moveTo(outline[0])
        for point in outline[1:]:
            pen.lineTo(point)
        pen.closePath()
    font = FontBuilder(_EM, isTTF=True)
    font.setupGlyphOrder([".notdef", "tick", "joiner"])
    font.setupCharacterMap({ord(TICK): "tick", ord(JOINER): "joiner"})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "tick": pen.glyph(), "joiner": TTGlyphPen(None).glyph()})
    font.setupHorizontalMetrics({".notdef": (_EM, 0), "tick": (_EM, 100), "joiner": (0, 0)})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": "Yiyu Marks", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
    font.setupPost()
    made = io.BytesIO()
    font.save(made)
    return made.getvalue()


def missing_characters(texts: Iterable[tuple[str, Iterable[str]]]) -> list[tuple[str, str]]:
    """Give (name, character) for what in the texts of a name no face has, each once and in order.

    Marks without a shape of their own (spaces, controls, variation selectors) never count; private characters always do,
    since a face shows for them what its maker liked. Where the fonts of the machine cannot be listed (Windows, macOS)
    nothing else is known.
    """
    there = _characters()
    known = all_known() and bool(there or packaged())
    pairs = (
        (name, char)
        for name, text in texts
        for char in sorted(set(text))
        if is_private(char) or (known and not _is_there(char, there))
    )
    return list(dict.fromkeys(pairs))


_FONTS_OF = (
    (
        re.compile("[\\u1800-\\u18af\\U00011660-\\U0001167f]"),
        "蒙古文字体 Mongolian Baiti（Windows 自带）或 Noto Sans Mongolian（Debian/Ubuntu：apt install fonts-noto-core）",
    ),
    (
        re.compile("[\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\U00020000-\\U0003fffd]"),
        "生僻字字体，如宋体-ExtB（Windows 自带）、天珩全字库",
    ),
)
"""By script, fonts that have it: Noto CJK has no Mongolian letter, and of the rare Chinese characters only some."""


def fonts_for(characters: str) -> str:
    """Say which fonts have the characters that no face here has."""
    named = [fonts for script, fonts in _FONTS_OF if script.search(characters)]
    others = [one for one in characters if not any(script.match(one) for script, _ in _FONTS_OF)]
    return "和".join([*named, *(["含有这些字的字体"] if others else [])])


def _is_there(character: str, there: Sequence[tuple[int, int]]) -> bool:
    if character.isspace() or unicodedata.category(character) in _SHAPELESS:
        return True
    at = bisect.bisect(there, (ord(character), sys.maxunicode)) - 1
    if at >= 0 and ord(character) <= there[at][1]:
        return True
    return ord(character) in _packaged_characters()


@cache
def _characters() -> tuple[tuple[int, int], ...]:
    """Runs of code points that some face of the machine has, in order and apart; none without ``fc-list``."""
    runs = {run for charset in set(fc_list("--format", "%{charset}\n")) for run in charset.split()}
    joined: list[tuple[int, int]] = []
    for first, last in sorted((int(run.partition("-")[0], 16), int(run.rpartition("-")[2], 16)) for run in runs):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return tuple(joined)


@cache
def _packaged_characters() -> frozenset[int]:
    """Code points of the packaged fonts and of ``marks_font``."""
    if not packaged():
        return frozenset()
    from fontTools.ttLib import TTFont

    found = {ord(TICK)}
    for one in packaged():
        with TTFont(one.path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)
