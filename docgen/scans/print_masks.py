"""Places of a printed page where the scan may say something else: to fill in, to sign, our own code, the page number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yiyu.docgen.pdf.printed_text import Box, PrintedChar, PrintedPage
from yiyu.docgen.pdf.stamp import QUIET, SIDE, symbols

_SMALL = 8.5
"""Points: the line beside a page code is set smaller than anything else, too small to be read at 150 dpi."""
_CODE = 3.0
"""Heights of that line above and below it which the code takes, and all of the page on its left."""
_FURTHEST = 0.09
"""Of the height of the page, from either edge: where page numbers stand."""
_PAGE_NUMBER = re.compile(r"[\W_一]*\d+[\W_一]*")
_DASHES = frozenset("-‐–—―─－～~")
_SIGNING = re.compile(r"（?(盖章|签章|签字|公章|签名)）?[：:]?")
_SIGNED_BELOW = 40.0
"""Points below the last place to sign that hands and seals still reach."""
_SEAL = 125.0
"""Points: a seal of 42 mm and what it hangs over."""


@dataclass(frozen=True, slots=True)
class PrintMasks:
    """``hidden`` is not compared at all, ``signing`` is that part of it which is to sign and seal; ``blanks`` take additions."""

    hidden: tuple[Box, ...]
    signing: tuple[Box, ...]
    blanks: tuple[Box, ...]
    dashes: tuple[Box, ...]

    @classmethod
    def of(cls, page: PrintedPage) -> "PrintMasks":
        signing = tuple(_signing(page))
        return cls(
            (*signing, *_codes(page), *_symbols(page), *_numbers(page)), signing, page.blanks, tuple(_dashes(page))
        )

    def hide(self, box: Box) -> bool:
        """Whether a box is not compared."""
        return any(one.holds(*box.middle) for one in self.hidden)

    def is_dash(self, x: float, y: float) -> bool:
        """Whether a dash was printed at a point, which is read as 一."""
        return any(one.holds(x, y) for one in self.dashes)

    def is_blank(self, x: float, y: float) -> bool:
        """Whether a point lies where a hand is expected."""
        return any(one.holds(x, y) for one in self.blanks)


def _dashes(page: PrintedPage) -> Iterator[Box]:
    for one in (one for row in page.rows for one in row if one.text in _DASHES):
        room = (one.box.bottom - one.box.top) / 2
        yield Box(one.box.left - room, one.box.top, one.box.right + room, one.box.bottom)


def _codes(page: PrintedPage) -> Iterator[Box]:
    for row in page.rows:
        small = [one.box for one in row if one.box.bottom - one.box.top < _SMALL]
        if small:
            top, bottom = min(one.top for one in small), max(one.bottom for one in small)
            room = _CODE * (bottom - top)
            yield Box(0, top - room, max(one.right for one in small) + room / 3, bottom + room)


def _symbols(page: PrintedPage) -> Iterator[Box]:
    """Where a code stands without a line beside it: in a corner that has no text. What else is written there is not compared."""
    for _, left, top in symbols(page.width, page.height):
        box = Box(left - QUIET, top - QUIET, left + SIDE + QUIET, top + SIDE + QUIET)
        if not any(box.holds(*one.box.middle) for row in page.rows for one in row):
            yield box


def _numbers(page: PrintedPage) -> Iterator[Box]:
    for row in page.rows:
        edge = min(row[0].box.top, page.height - row[0].box.bottom) < _FURTHEST * page.height
        if edge and _PAGE_NUMBER.fullmatch(_text(row)):
            yield Box(row[0].box.left - 30, row[0].box.top - 8, row[-1].box.right + 30, row[0].box.bottom + 8)


def _signing(page: PrintedPage) -> Iterator[Box]:
    """From the first place to sign to below the last, all the width: seals and hands keep to no column."""
    rows = [row for row in page.rows if _signs(row)]
    if rows:
        last = max(row[0].box.bottom for row in rows)
        below = [row[0].box.bottom for row in page.rows if "日期" in _text(row) and row[0].box.top > rows[0][0].box.top]
        yield Box(0, rows[0][0].box.top - 4, page.width, max(last, *below, 0.0) + _SIGNED_BELOW)


def _signs(row: tuple[PrintedChar, ...]) -> bool:
    """Whether a row is one to sign: it ends with the word and a colon, or has a wide gap after it."""
    text = _text(row)
    return any(text[one.end() - 1] in "：:" for one in _SIGNING.finditer(text))


def _text(row: tuple[PrintedChar, ...]) -> str:
    return "".join(one.text for one in row)
