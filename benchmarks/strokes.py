"""What a hand does to a printed page: text struck out, signs written in between lines or beside them, a digit written over.

Each mark is lines in points of the page, drawn before the scanner has it; where a place is to fill in or to sign, none is made.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from PIL import Image, ImageDraw

from yiyu.docgen.pdf.printed_text import Box, PrintedChar, PrintedPage
from yiyu.docgen.scans.print_masks import PrintMasks

KINDS = ("struck", "struck, short", "inserted", "beside", "written over")
MM = 72 / 25.4
PENS = ((32, 32, 32), (32, 48, 128), (64, 80, 176))
Line = tuple[tuple[float, float], ...]
Row = Sequence[PrintedChar]
_SEGMENTS = {
    "0": "abcdef", "1": "bc", "2": "abged", "3": "abgcd", "4": "fgbc",
    "5": "afgcd", "6": "afgedc", "7": "abc", "8": "abcdefg", "9": "gfabcd",
}  # fmt: skip
_ENDS = {
    "a": ((0, 0), (1, 0)), "b": ((1, 0), (1, 0.5)), "c": ((1, 0.5), (1, 1)), "d": ((1, 1), (0, 1)),
    "e": ((0, 1), (0, 0.5)), "f": ((0, 0.5), (0, 0)), "g": ((0, 0.5), (1, 0.5)),
}  # fmt: skip


@dataclass(frozen=True)
class Mark:
    """``near``: the printed text it stands on or beside, of each row it may be told by; ``wide`` in points."""

    kind: str
    near: str
    lines: tuple[Line, ...]
    wide: float
    colour: tuple[int, int, int]


def marks(page: PrintedPage, chance: random.Random) -> list[Mark]:
    """One mark of each kind that the page has room for, no two within four rows of one another."""
    masks = PrintMasks.of(page)
    rows = [(at, row) for at, row in enumerate(page.rows) if at and _plain(row, masks)]
    made: list[Mark] = []
    taken: list[int] = []
    for kind in chance.sample(KINDS, len(KINDS)):
        free = [each for each in rows if all(abs(each[0] - at) >= 4 for at in taken)]
        for at, row in chance.sample(free, len(free)):
            if mark := _made(kind, row, page.rows[at - 1], masks, chance):
                made.append(replace(mark, near="|".join(_near(mark, page.rows[max(0, at - 2) : at + 2]))))
                taken.append(at)
                break
    return made


def draw(picture: Image.Image, made: Sequence[Mark], unit: float) -> Image.Image:
    """The page with the marks on it, ``unit`` pixels a point."""
    if not made:
        return picture
    picture = picture.copy()
    pen = ImageDraw.Draw(picture)
    for mark in made:
        colour = mark.colour if picture.mode == "RGB" else round(sum(mark.colour) / 3)
        for line in mark.lines:
            pen.line(
                [(x * unit, y * unit) for x, y in line],
                fill=colour,
                width=max(1, round(mark.wide * unit)),
                joint="curve",
            )
    return picture


def _plain(row: Row, masks: PrintMasks) -> bool:
    whole = len(row) >= 14 and row[0].box.bottom - row[0].box.top > 9
    return whole and not any(masks.hide(one.box) or masks.is_blank(*one.box.middle) for one in row)


def _made(kind: str, row: Row, above: Row, masks: PrintMasks, chance: random.Random) -> Mark | None:
    wide, colour = chance.uniform(0.35, 0.7) * MM, chance.choice(PENS)
    if kind.startswith("struck"):
        lines = _struck(row, 2 if "short" in kind else chance.randint(4, min(12, len(row) - 2)), chance)
    elif kind == "inserted":
        lines = _inserted(row, row[0].box.top - above[0].box.bottom, chance)
    elif kind == "beside":
        lines = _beside(row, masks, chance)
    else:
        lines = _written_over(row, chance)
    return Mark(kind, "", lines, wide, colour) if lines else None


def _struck(row: Row, count: int, chance: random.Random) -> tuple[Line, ...]:
    first = chance.randrange(len(row) - count)
    chars = row[first : first + count]
    return (_across(chars[0].box.left - 1, chars[-1].box.right + 1, chars[0].box, chance),)


def _inserted(row: Row, gap: float, chance: random.Random) -> tuple[Line, ...]:
    """Over the row, with a sign where it belongs."""
    if not 3 < gap < 30:
        return ()
    high, count = max(3.5 * MM, min(gap + 4, 5 * MM)), chance.randint(1, 4)
    left, box = row[chance.randrange(3, len(row) - 6)].box.left, row[0].box
    top = box.top - gap / 2 - high / 2
    signs = [each for at in range(count) for each in _sign(left + at * high * 1.05, top, high, chance)]
    return (*signs, ((left - 5, box.top + 3), (left - 1, box.bottom + 2), (left + 2, box.top + 3)))


def _beside(row: Row, masks: PrintMasks, chance: random.Random) -> tuple[Line, ...]:
    """In the margin."""
    high = chance.uniform(4, 6) * MM
    left, top = row[0].box.left - 2.6 * high, row[0].box.middle[1] - high / 2
    if left < 9 * MM or masks.is_blank(left + high, top + high / 2):
        return ()
    return tuple(each for at in range(2) for each in _sign(left + at * high * 1.1, top, high, chance))


def _written_over(row: Row, chance: random.Random) -> tuple[Line, ...]:
    digits = [one for one in row if one.text in _SEGMENTS]
    if not digits:
        return ()
    one = chance.choice(digits)
    return tuple(_digit(chance.choice([each for each in _SEGMENTS if each not in (one.text, "1")]), one.box, chance))


def _across(left: float, right: float, box: Box, chance: random.Random) -> Line:
    middle, climb = box.middle[1] + chance.uniform(-2, 2), math.tan(math.radians(chance.uniform(-1.5, 1.5)))
    steps = max(4, round((right - left) / 12))
    xs = [left + (right - left) * at / steps for at in range(steps + 1)]
    return tuple((x, middle + (x - (left + right) / 2) * climb + chance.uniform(-0.5, 0.5)) for x in xs)


def _sign(left: float, top: float, high: float, chance: random.Random) -> Iterator[Line]:
    """A character: strokes across, down and aslant."""
    for _ in range(chance.randint(4, 7)):
        x, y = left + chance.uniform(0, 0.5) * high, top + chance.uniform(0, 0.9) * high
        dx, dy = chance.choice(((0.5, 0.0), (0.05, 0.6), (-0.3, 0.5), (0.4, 0.4)))
        yield (x, y), (x + dx * high / 2 + 0.5, y + dy * high / 2), (x + dx * high, min(y + dy * high, top + high))


def _digit(text: str, box: Box, chance: random.Random) -> Iterator[Line]:
    """Somewhat larger than what it is written over, as a hand makes it."""
    high, wide = (box.bottom - box.top) * 0.95, (box.right - box.left) * 1.2
    left, top = box.middle[0] - wide / 2 + chance.uniform(-1, 1), box.middle[1] - high / 2 + chance.uniform(-1, 1)
    for segment in _SEGMENTS[text]:
        yield tuple((left + x * wide, top + y * high) for x, y in _ENDS[segment])


def _near(mark: Mark, rows: Sequence[Row]) -> Iterator[str]:
    xs = [x for line in mark.lines for x, _ in line]
    for row in rows:
        yield "".join(one.text for one in row if min(xs) - 30 <= one.box.middle[0] <= max(xs) + 30)
