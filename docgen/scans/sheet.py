"""What one page of a scan says of itself: its codes, whether it is blank, its red, and whether it is two pages."""

from yiyu.docgen.scans.blankness import blankness
from yiyu.docgen.scans.codes import Codes
from yiyu.docgen.scans.halves import FINER, half_box, halves_of, part
from yiyu.docgen.scans.ink import read_ink
from yiyu.docgen.scans.looks import other_looks
from yiyu.docgen.scans.page import Blankness, Half, PageReading
from yiyu.docgen.scans.pictures import Picture

_SMALL = 400
"""Pixels over the short side, A4 at 50 dpi: enough to see a seal."""


def read_sheet(number: int, picture: Picture) -> list[PageReading]:
    """Read page ``number`` of a scan; two readings where the sheet is two pages."""
    codes, bears = _codes(picture)
    halves = halves_of(picture.quick.convert("L"), codes)
    if not halves:
        return [_reading(number, Half.WHOLE, picture, codes, bears, codes.turn)]
    return [_half(number, half, picture, codes) for half in halves]


def _codes(picture: Picture) -> tuple[Codes, Blankness]:
    """Codes are read first: what has one is not blank. Only what may have one is looked at again."""
    codes, grey = Codes(), picture.quick.convert("L")
    if codes.look(grey):
        return codes, Blankness.WRITTEN
    bears = blankness(grey)
    if bears is not Blankness.BLANK or codes.found:
        for again, box in other_looks(picture, codes):
            if codes.look(again, box) or codes.found:  # the code of a document says that there is none of its pages
                break
    return codes, Blankness.WRITTEN if codes.found else bears


def _half(number: int, half: Half, sheet: Picture, codes: Codes) -> PageReading:
    turn = codes.turn or 0
    box = half_box(half, turn)
    picture = Picture(part(sheet.quick, box), lambda side: part(sheet.at_least(round(side * FINER)), box))
    own, bears = codes.within(box), Blankness.WRITTEN
    if not own.settled:
        own, bears = _codes(picture)
    return _reading(number, half, picture, own, bears, turn)


def _reading(
    number: int, half: Half, picture: Picture, codes: Codes, bears: Blankness, turn: int | None
) -> PageReading:
    factor = min(picture.quick.size) // _SMALL
    small = picture.quick.reduce(factor) if factor > 1 else picture.quick
    upright = small.rotate(-turn, expand=True) if turn else small
    return PageReading(number, half, codes.texts, len(codes.foreign), turn, bears, read_ink(upright))
