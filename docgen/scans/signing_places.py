"""Where each party signs and seals a printed page, and whether anything stands there: a hint, never a verdict."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from yiyu.docgen.pdf.printed_text import Box, PrintedChar, PrintedPage
from yiyu.docgen.scans.difference import SigningHint
from yiyu.docgen.scans.page_fit import PageFit
from yiyu.docgen.scans.page_ink import SCALE, beside_print, hands, ink_boxes, laid_over, printed_ink
from yiyu.registry.model import PlaceState

if TYPE_CHECKING:
    from yiyu.docgen.scans.ocr_text import Pixels
    from yiyu.docgen.scans.page_ink import Grey

_SEAL_LABEL = re.compile(r"([甲乙丙丁])方（?(盖章|公章|签章)）?[：:]")
_SIGN_LABEL = re.compile(r"（?(签字|签名)）?[：:]")
_COLUMN = 20.0
"""Points that labels of one column may begin beside one another."""
_LINE, _LINES_BELOW = 16.0, 40.0
"""Points: a line above a label that a hand reaches, and what lies below it where no date follows."""
_RADIUS = 60.0
"""Points: half a seal of 42 mm, which may be pressed over the first or the last line of its party."""
_SEAL = 25 * 72 / 25.4
"""Points across and down: a 公章 has 38 mm and more, a 名章 20; part of one is still a seal."""
_REDNESS, _COLOURED = 40, 12
"""How far red stands above the other channels in a seal, and in a page in colour at all, as in ``ink``."""
_NEAR = 1.5 * 72 / 25.4 * SCALE


@dataclass(frozen=True, slots=True)
class SigningPlace:
    """Where ``party`` seals, and where it signs if it has a line for that."""

    party: str
    seal: Box
    signature: Box | None


def signing_places(page: PrintedPage) -> list[SigningPlace]:
    """The places of the parties, by the labels printed for them; those of witnesses are nobody's duty."""
    seals = list(_labels(page, _SEAL_LABEL))
    signs = list(_labels(page, _SIGN_LABEL))
    return [_place(page, text[0], label, seals, signs) for text, label in seals]


def signing_hints(scan: "Pixels", lying: PageFit, page: PrintedPage, pdf: Path, number: int) -> tuple[SigningHint, ...]:
    """Look into the places of page ``number`` of ``pdf``; nothing where it is not the page to sign."""
    places = signing_places(page)
    if not places:
        return ()
    printed = printed_ink(pdf, number)
    laid = laid_over(scan, lying, printed)
    more, red = beside_print(laid, printed), _red(laid)
    if red is not None:
        more = _without(more, red)
    return tuple(_hint(one, more, red) for one in places)


def _hint(place: SigningPlace, more: "Grey", red: "Grey | None") -> SigningHint:
    """In grey a seal and a hand are the same ink: only where one place alone has ink is it known what it is."""
    written = place.signature is not None and any(hands(_within(more, place.signature)))
    if red is not None:
        sealed = any(_seal_like(box) for box, _ in ink_boxes(_within(red, place.seal), _NEAR))
        found = PlaceState.FILLED if written else PlaceState.EMPTY
        seal = PlaceState.FILLED if sealed else PlaceState.EMPTY
    else:
        around = _within(more, place.seal)
        if place.signature:
            around = around - _within(around, place.signature)
        other = any(hands(around))
        seal = PlaceState.UNCLEAR if other else PlaceState.EMPTY
        found = PlaceState.EMPTY if not written else PlaceState.UNCLEAR if other else PlaceState.FILLED
    return SigningHint(place.party, found if place.signature else None, seal)


def _seal_like(box: Box) -> bool:
    return min(box.right - box.left, box.bottom - box.top) >= _SEAL


def _red(laid: "Pixels") -> "Grey | None":
    """Where the page is red; None where it is grey and cannot tell."""
    import cv2
    import numpy as np

    blue, green, red = cv2.split(laid)
    spread = cv2.max(cv2.absdiff(red, green), cv2.absdiff(green, blue))
    if int(spread.max()) <= _COLOURED:
        return None
    result: Grey = (cv2.subtract(red, cv2.max(green, blue)) >= _REDNESS).astype(np.uint8) * 255
    return result


def _without(more: "Grey", red: "Grey") -> "Grey":
    """What a hand wrote: a dark seal is darker than paper even in red."""
    import cv2
    import numpy as np

    result: Grey = cv2.bitwise_and(more, cv2.bitwise_not(cv2.dilate(red, np.ones((5, 5), np.uint8))))
    return result


def _within(ink: "Grey", box: Box) -> "Grey":
    """The ink in a box, alone."""
    import numpy as np

    left, top, right, bottom = (max(0, round(edge * SCALE)) for edge in (box.left, box.top, box.right, box.bottom))
    result: Grey = np.zeros_like(ink)
    result[top:bottom, left:right] = ink[top:bottom, left:right]
    return result


def _place(
    page: PrintedPage,
    party: str,
    label: Box,
    seals: Sequence[tuple[str, Box]],
    signs: Sequence[tuple[str, Box]],
) -> SigningPlace:
    """From the label of a seal down to the date, as wide as its column; the next party below begins a place of its own."""
    right = min((one.left for _, one in seals if one.left > label.left + _COLUMN), default=page.width) - _LINE / 2
    end = min((one.top for _, one in seals if one.top > label.bottom and _beside(one, label)), default=page.height)
    own = [one for _, one in signs if label.top <= one.top < end and _beside(one, label)]
    sign = min(own, key=lambda one: one.top, default=None)
    last = sign or label
    dates = [top for top in _tops(page, label.left) if last.bottom < top < end]
    date = min(dates, default=last.bottom + _LINES_BELOW)
    left = label.left - _LINE / 2
    seal = Box(left, label.top - _RADIUS, right, min(end, date + _RADIUS))
    return SigningPlace(party, seal, sign and Box(left, sign.top - _LINE, right, date - _LINE / 4))


def _beside(one: Box, other: Box) -> bool:
    return abs(one.left - other.left) <= _COLUMN


def _labels(page: PrintedPage, pattern: re.Pattern[str]) -> Iterator[tuple[str, Box]]:
    """Each label with the box of the text that it ends, which begins its column."""
    for row in page.rows:
        text = "".join(one.text for one in row)
        for found in pattern.finditer(text):
            first = found.start()
            while first and row[first].box.left - row[first - 1].box.right < _LINE / 2:
                first -= 1
            yield found[0], Box(row[first].box.left, row[first].box.top, *_corner(row[found.end() - 1]))


def _corner(one: PrintedChar) -> tuple[float, float]:
    return one.box.right, one.box.bottom


def _tops(page: PrintedPage, left: float) -> Iterator[float]:
    """Where the lines of a column begin, those of a date."""
    for row in page.rows:
        near = [one for one in row if left - _COLUMN <= one.box.left <= left + 3 * _LINE]
        if "日期" in "".join(one.text for one in near):
            yield near[0].box.top
