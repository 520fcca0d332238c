"""What a page looks like in lengths, read from its PDF, and what a typist would be ashamed of on it.

Lengths are points from the top left of the page; text is without blanks and as NFKC has it.
"""

import contextlib
import ctypes
import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

MM = 72 / 25.4
_THIN = 2
"""A drawn path no thicker than this is a rule."""
_OVER = 1.2
"""So far a character may reach over a rule or a margin: its stroke may touch the line."""
_SAME_LINE = 3
_QUIET = 4 * 0.72 * MM
"""Blank around a code: four modules (ISO/IEC 18004, 6.3.8)."""
_LABEL = re.compile(r"(?:签字|盖章)\):|日期:年月日")
"""A place to sign, to seal or to date by hand."""
_FURNITURE = re.compile(
    r"—\d+—|.*编号:[\d\w-]+|\(以下为签署部分\)|.*法定代表人\(主要负责人\)|见证\(指导\)单位.*|检测结论:|复查意见:"
)
"""Lines that are no reason for a page to be: of header and footer, and of the places to sign."""
_HEADER, _FOOTER = re.compile(r"(?:协议)?编号:[\d\w-]+"), re.compile(r"—\d+—")


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def grown(self, by: float) -> "Box":
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)


@dataclass(frozen=True, slots=True)
class Character:
    sign: str
    box: Box
    baseline: float


@dataclass(frozen=True)
class Sheet:
    """A page with its text and its rules; ``margins``: of the text from left, top, right and bottom."""

    width: float
    height: float
    characters: tuple[Character, ...]
    rules: tuple[Box, ...]

    @cached_property
    def lines(self) -> tuple[tuple[Box, str], ...]:
        """From the top; cells side by side are one line."""
        rows: list[list[Character]] = []
        for one in sorted(self.characters, key=lambda one: one.baseline):
            if not rows or one.baseline - rows[-1][0].baseline > _SAME_LINE:
                rows.append([])
            rows[-1].append(one)
        return tuple(_line(sorted(row, key=lambda one: one.box.left)) for row in rows)


def _line(row: list[Character]) -> tuple[Box, str]:
    boxes = [one.box for one in row]
    top, bottom = min(one.top for one in boxes), max(one.bottom for one in boxes)
    around = Box(boxes[0].left, top, max(one.right for one in boxes), bottom)
    return around, "".join(one.sign for one in row)


def sheets(path: Path) -> list[Sheet]:
    with _pages(path) as document:
        return [_sheet(page) for page in document]


def codes(path: Path) -> list[Box]:
    """Of what was laid over each page the square of its upper code, from the first module drawn to the last."""
    with _pages(path) as document:
        return [_upper(_drawn(page, page.get_size()[1], over=True), page.get_size()[1] / 2) for page in document]


def _upper(marks: list[Box], middle: float) -> Box:
    return _around([one for one in marks if one.top < middle] or marks)


def _pages(path: Path) -> contextlib.closing[pypdfium2.PdfDocument]:
    return contextlib.closing(pypdfium2.PdfDocument(path.read_bytes()))


def _around(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*((one.left, one.top, one.right, one.bottom) for one in boxes), strict=True)
    return Box(min(lefts), min(tops), max(rights), max(bottoms))


def _sheet(page: pypdfium2.PdfPage) -> Sheet:
    width, height = page.get_size()
    thin = (one for one in _drawn(page, height) if min(one.right - one.left, one.bottom - one.top) <= _THIN)
    return Sheet(width, height, tuple(_characters(page, height)), tuple(thin))


def _drawn(page: pypdfium2.PdfPage, height: float, *, over: bool = False) -> list[Box]:
    """Paths of the page itself, or those of what is laid over it."""
    found = []
    for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        if bool(one.level) == over:
            left, bottom, right, top = one.get_bounds()
            found.append(Box(left, height - top, right, height - bottom))
    return found


def _characters(page: pypdfium2.PdfPage, height: float) -> Iterator[Character]:
    text = page.get_textpage()
    sides = [ctypes.c_double() for _ in range(4)]
    for at in range(text.count_chars()):
        sign = unicodedata.normalize("NFKC", chr(pdfium.FPDFText_GetUnicode(text, at)))
        if sign.isspace() or not sign.isprintable():
            continue
        pdfium.FPDFText_GetCharOrigin(text, at, *sides[:2])
        baseline = height - sides[1].value
        pdfium.FPDFText_GetCharBox(text, at, *sides)
        left, right, bottom, top = (side.value for side in sides)
        yield Character(sign, Box(left, height - top, right, height - bottom), baseline)


def orphan_signatures(document: Sequence[Sheet]) -> list[str]:
    """Pages where no sentence and no row but what the page before has too stands above the first place to sign."""
    found, before = [], set[str]()
    for number, sheet in enumerate(document, 1):
        texts = [text for _, text in sheet.lines]
        at = next((at for at, text in enumerate(texts) if _LABEL.search(text)), None)
        if at is not None and not any(_content(sheet, box, text, before) for box, text in sheet.lines[:at]):
            found.append(f"page {number}: {texts[at]} stands alone")
        before = set(texts)
    return found


def _content(sheet: Sheet, box: Box, text: str, before: set[str]) -> bool:
    row = any(rule.bottom < box.top for rule in sheet.rules)
    return (row or "。" in text) and text not in before and not _FURNITURE.fullmatch(text)


def overfull(document: Sequence[Sheet], margins: Callable[[Sheet], Box]) -> list[str]:
    """Text over a rule, or outside of the ``margins`` of its page, where only a number may stand."""
    found = []
    for number, sheet in enumerate(document, 1):
        room = margins(sheet).grown(_OVER)
        for box, text in sheet.lines:
            beside = box.left < room.left or box.right > room.right
            above, below = box.top < room.top, box.bottom > room.bottom
            if beside or (above and not _HEADER.fullmatch(text)) or (below and not _FOOTER.fullmatch(text)):
                found.append(f"page {number}: {text} leaves the margins")
        found += [f"page {number}: {sign} stands over a line" for sign in _over_rules(sheet)]
    return found


def _over_rules(sheet: Sheet) -> Iterator[str]:
    across = sorted(((one.top + one.bottom) / 2, one.left, one.right) for one in sheet.rules if _lies(one))
    down = sorted(((one.left + one.right) / 2, one.top, one.bottom) for one in sheet.rules if not _lies(one))
    for one in sheet.characters:
        box, x, y = one.box, (one.box.left + one.box.right) / 2, (one.box.top + one.box.bottom) / 2
        if _crossed(across, box.top, box.bottom, x) or _crossed(down, box.left, box.right, y):
            yield one.sign


def _lies(rule: Box) -> bool:
    return rule.right - rule.left > rule.bottom - rule.top


def _crossed(rules: list[tuple[float, float, float]], low: float, high: float, across: float) -> bool:
    first, after = bisect_left(rules, (low + _OVER,)), bisect_right(rules, (high - _OVER,))
    return any(begin < across < end for _, begin, end in rules[first:after])


def blank_pages(document: Sequence[Sheet]) -> list[str]:
    return [
        f"page {number}: blank"
        for number, sheet in enumerate(document, 1)
        if all(_FURNITURE.fullmatch(text) for _, text in sheet.lines)
    ]


def misplaced_codes(document: Sequence[Sheet], squares: Sequence[Box]) -> list[str]:
    """Codes under staples or the 骑缝章, cut by a scanner, touched by print, or not where that of the first page is."""
    found = []
    for number, (sheet, code) in enumerate(zip(document, squares, strict=True), 1):
        if min(code.left, sheet.width - code.right) < 24 * MM - _OVER:
            found.append(f"page {number}: the code is in the binding edge")
        if min(code.top, sheet.height - code.bottom) < 6 * MM - _OVER:
            found.append(f"page {number}: the code is at the edge of the paper")
        quiet = code.grown(_QUIET - _OVER)
        if any(one.meets(quiet) for one in (*(character.box for character in sheet.characters), *sheet.rules)):
            found.append(f"page {number}: the code is touched by print")
        if place_of(code) != place_of(squares[0]):
            found.append(f"page {number}: the code is not in the place of the first")
    return found


def place_of(code: Box) -> tuple[int, int]:
    """Whole millimetres from the left and from the top."""
    return round(code.left / MM), round(code.top / MM)
