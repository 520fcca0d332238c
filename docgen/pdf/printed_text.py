"""What stands where on the pages of a PDF of our own: every character with its box, and the places left to fill in."""

import contextlib
import itertools
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

_GAP = 1.2
"""Widths of a character between two: a place to write in, as between 年 and 月."""
_RULE = "_＿"


@dataclass(frozen=True, slots=True)
class Box:
    """In points from the upper left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.right and self.top <= y <= self.bottom


@dataclass(frozen=True, slots=True)
class PrintedChar:
    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """``rows`` of characters from above, each from the left; ``blanks`` are where a hand is expected."""

    width: float
    height: float
    rows: tuple[tuple[PrintedChar, ...], ...]
    blanks: tuple[Box, ...]


def printed_pages(pdf: Path) -> list[PrintedPage]:
    """The pages of a sound PDF, without spaces and the rules of places to fill in."""
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        return [_page(page) for page in document]


def _page(page: pypdfium2.PdfPage) -> PrintedPage:
    width, height = page.get_size()
    with contextlib.closing(page.get_textpage()) as text:
        found = [
            PrintedChar(character, Box(left, height - top, right, height - bottom))
            for at, character in enumerate(text.get_text_range())
            if not character.isspace()
            for left, bottom, right, top in [text.get_charbox(at, loose=True)]
        ]
    rows = [tuple(row) for row in _rows(found)]
    blanks = [blank for row in rows for blank in _blanks(row, width)]
    plain = (tuple(one for one in row if one.text not in _RULE) for row in rows)
    return PrintedPage(width, height, tuple(row for row in plain if row), tuple(blanks))


def _rows(found: Sequence[PrintedChar]) -> Iterator[list[PrintedChar]]:
    """Characters whose middles are within half a height of one another."""
    row: list[PrintedChar] = []
    for one in sorted(found, key=lambda one: one.box.middle[1]):
        if row and one.box.middle[1] - row[0].box.middle[1] > (row[0].box.bottom - row[0].box.top) / 2:
            yield sorted(row, key=lambda one: one.box.left)
            row = []
        row.append(one)
    if row:
        yield sorted(row, key=lambda one: one.box.left)


def _blanks(row: Sequence[PrintedChar], width: float) -> Iterator[Box]:
    """Rules, wide gaps, and what follows a colon at the end, with room for a hand that does not keep the line."""
    top, bottom = min(one.box.top for one in row), max(one.box.bottom for one in row)
    em = max(one.box.bottom - one.box.top for one in row)
    for one in row:
        if one.text in _RULE:
            yield _roomy(one.box.left, top, one.box.right, bottom, em)
    for one, following in itertools.pairwise(row):
        if following.box.left - one.box.right > _GAP * em:
            yield _roomy(one.box.right, top, following.box.left, bottom, em)
    if unicodedata.normalize("NFKC", row[-1].text) == ":":
        yield _roomy(row[-1].box.right, top, width, bottom, em)


def _roomy(left: float, top: float, right: float, bottom: float, em: float) -> Box:
    return Box(left - em / 2, top - em / 2, right + em / 2, bottom + em / 2)
