"""Sheets on which two pages lie side by side: copies on A3, booklets, two pages to one of A4. Told by where the codes are."""

from PIL import Image

from yiyu.docgen.page_code import decode
from yiyu.docgen.pdf.stamp import FROM_SIDE, SIDE
from yiyu.docgen.scans.blankness import blankness
from yiyu.docgen.scans.codes import Box, Codes, FoundCode, pixels
from yiyu.docgen.scans.page import Blankness, Half

FINER = 1.42
"""The longer side of a sheet to the shorter: halves of it are so much smaller than it."""
_OBLONG = 1.2
_A3 = 297 / 210
"""Of the longer side to the shorter, as every sheet of ISO 216."""
_ASKEW = 0.06
_SHORT_SIDE, _FROM_SIDE = 297 / 25.4 * 72 / SIDE, (FROM_SIDE + SIDE / 2) / SIDE
"""Of a sheet that is two pages, and of the middle of a code from the side of its page, in widths of a code."""
_OFF = 0.8
_GUTTER = 0.02
_HALF: dict[Half, Box] = {
    Half.WHOLE: (0, 0, 1, 1),
    Half.LEFT: (0, 0, 0.5, 1),
    Half.RIGHT: (0.5, 0, 1, 1),
    Half.TOP: (0, 0, 1, 0.5),
    Half.BOTTOM: (0, 0.5, 1, 1),
}


def half_box(half: Half, turn: int) -> Box:
    """Where ``half`` of a sheet is before it is turned upright by ``turn`` degrees clockwise."""
    left, top, right, bottom = _HALF[half]
    for _ in range(-turn // 90 % 4):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return left, top, right, bottom


def part(picture: Image.Image, box: Box) -> Image.Image:
    """What of a picture lies in ``box``."""
    return picture.crop(pixels(box, picture.size))


def halves_of(grey: Image.Image, codes: Codes) -> tuple[Half, ...]:
    """Give the two halves of a sheet of two pages, or nothing.

    Two pages are seen by their codes, one in each half and the same way up. Where a single one is seen, it must be
    where it is on an upright page in the half of a sheet twice as large, by the width of the code, with nothing
    between the halves: a page of A4 on the glass of A3 is not cut through.
    """
    turn, pages = codes.turn, {text: one for text, one in codes.found.items() if decode(text).page}
    if turn is None or not pages:
        return ()
    width, height = grey.size if turn % 180 == 0 else grey.size[::-1]
    halves = (Half.LEFT, Half.RIGHT) if width > height else (Half.TOP, Half.BOTTOM)
    if max(width, height) < _OBLONG * min(width, height):
        return ()
    if len(pages) == 1:
        [one] = pages.values()
        alone = width > height and _at_its_place(one, turn, width, height) and _nothing_between(grey, turn)
        return halves if alone else ()
    sides = [{text for text in codes.within(half_box(half, turn)).found if text in pages} for half in halves]
    return halves if all(len(texts) == 1 for texts in sides) and sides[0] != sides[1] else ()


def _at_its_place(one: FoundCode, turn: int, width: int, height: int) -> bool:
    x = {0: one.x, 90: 1 - one.y, 180: 1 - one.x, 270: one.y}[turn]
    code = one.width * (width if turn % 180 == 0 else height)
    along = x % 0.5 * width / code
    near = min(along, width / 2 / code - along)
    return (
        abs(width / height / _A3 - 1) < _ASKEW
        and abs(height / code / _SHORT_SIDE - 1) < 2 * _ASKEW
        and abs(near - _FROM_SIDE) < _OFF
    )


def _nothing_between(grey: Image.Image, turn: int) -> bool:
    """Whether a strip along the middle is blank, but for what a fold leaves."""
    upright = grey.rotate(-turn, expand=True) if turn else grey
    width, height = upright.size
    middle, wide = width / 2, width * _GUTTER
    strips = ((middle - 2 * wide, middle - wide / 2), (middle + wide / 2, middle + 2 * wide))
    return all(
        blankness(upright.crop((round(left), 0, round(right), height)), cells=8) is Blankness.BLANK
        for left, right in strips
    )
