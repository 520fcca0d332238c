"""Where the printed page lies in its scan: found by the lines of text that both have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from yiyu.docgen.pdf.printed_text import Box, PrintedPage
from yiyu.docgen.scans.ocr_text import Corners, TextLine, plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

_ALIKE = 80.0
"""Of 100: lines that are this much alike are the same line, one that was changed among them."""
_SHORTEST = 5
_LEAST_POINTS = 6
_OFF = 5.0
"""Pixels that the middle of a character may lie beside its place, at 200 dpi half a millimetre."""

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class PageFit:
    """``to_scan`` takes points of the printed page to pixels of the scan, ``to_print`` pixels back."""

    to_scan: "Matrix"
    to_print: "Matrix"
    points: int
    """How many places agree."""


def place_of(line: TextLine, at: float) -> Point:
    """The middle of a line at a share of its length."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = line.box
    left, right = ((x0 + x3) / 2, (y0 + y3) / 2), ((x1 + x2) / 2, (y1 + y2) / 2)
    return left[0] + (right[0] - left[0]) * at, left[1] + (right[1] - left[1]) * at


def moved(matrix: "Matrix", x: float, y: float) -> Point:
    """A point taken over by a :class:`PageFit`."""
    (a, b, c), (d, e, f) = matrix
    return float(a * x + b * y + c), float(d * x + e * y + f)


def fit(page: PrintedPage, lines: Sequence[TextLine]) -> PageFit | None:
    """How the page lies in the scan whose text is ``lines``; None where too little of it is the same."""
    import cv2
    import numpy as np

    pairs = [pair for line in lines for pair in _pairs(page, line)]
    if len(pairs) < _LEAST_POINTS:
        return None
    printed, scanned = (np.array(points, dtype=np.float64) for points in zip(*pairs, strict=True))
    cv2.setRNGSeed(1)  # the same page gives the same answer
    matrix, agree = cv2.estimateAffine2D(printed, scanned, ransacReprojThreshold=_OFF)
    if matrix is None or int(agree.sum()) < max(_LEAST_POINTS, len(pairs) // 3):
        return None
    return PageFit(matrix, cv2.invertAffineTransform(matrix), int(agree.sum()))


def _pairs(page: PrintedPage, line: TextLine) -> Iterator[tuple[Point, Point]]:
    """The first and the last character of a line as printed and as scanned."""
    read = plain(line.text)
    if len(read) < _SHORTEST:
        return
    found = []
    for row in page.rows:
        kept = [(one, character) for one in row for character in plain(one.text)]
        text = "".join(character for _, character in kept)
        alike = fuzz.partial_ratio_alignment(read, text, score_cutoff=_ALIKE)
        if alike is not None and min(len(read), len(text)) >= _SHORTEST:
            found.append((alike, [one for one, _ in kept]))
    best = max((alike.score for alike, _ in found), default=0)
    if sum(alike.score == best for alike, _ in found) != 1:
        return  # nowhere, or in several rows
    alike, row_chars = next(each for each in found if each[0].score == best)
    widths = [share for _, share in shares(line.text)]
    first, last = row_chars[alike.dest_start], row_chars[alike.dest_end - 1]
    yield first.box.middle, place_of(line, widths[alike.src_start])
    yield last.box.middle, place_of(line, widths[alike.src_end - 1])


def shares(text: str) -> list[tuple[int, float]]:
    """For each plain character of ``text``: which of ``text`` it is, and the share of the line at which it stands."""
    widths = [1.0 if ord(one) > 0x2E80 or one in "—…" else 0.55 for one in text]
    total = sum(widths) or 1.0
    found, passed = [], 0.0
    for at, (one, width) in enumerate(zip(text, widths, strict=True)):
        found += [(at, (passed + width / 2) / total)] * len(plain(one))
        passed += width
    return found


def corners_of(box: Box, lying: PageFit) -> Corners:
    """Where a box of the printed page lies in the scan."""
    around = (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)
    return tuple(moved(lying.to_scan, *point) for point in around)


def printed_box(corners: Corners, lying: PageFit) -> Box:
    """What of the printed page lies under a place of the scan."""
    across, down = zip(*(moved(lying.to_print, *point) for point in corners), strict=True)
    return Box(min(across), min(down), max(across), max(down))
