"""The text of a scanned page held against what was printed on it; every doubt of the reading is the paper's."""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from yiyu.docgen.pdf.printed_text import Box, PrintedChar, PrintedPage
from yiyu.docgen.scans.difference import Changed, DifferenceKind, kind_of
from yiyu.docgen.scans.ocr_text import Corners, TextLine, TextReader, plain
from yiyu.docgen.scans.page_fit import PageFit, corners_of, moved, place_of, printed_box, shares
from yiyu.docgen.scans.print_masks import PrintMasks

if TYPE_CHECKING:
    from yiyu.docgen.scans.ocr_text import Pixels

_BESIDE = 0.4
"""Heights of a line that the middle of a character may lie outside of it; between lines there are more."""
_MARGINS = (0.0, 0.08, -0.06)
"""A line is read again with more and with less around it: what was misread is seldom misread three times."""
_SURE = 6.0
"""How many times e the reading must be likelier than the printed text, on average of the three."""
_NEAR = 2
"""Differences with so few characters between them are one."""
_AROUND = 10
"""Characters shown before and after what differs."""


@dataclass(frozen=True, slots=True)
class TextDifference:
    kind: DifferenceKind
    printed: str
    read: str
    corners: Corners
    """In pixels of the scan."""


@dataclass(frozen=True, slots=True)
class _Letter:
    """One plain character: of line ``line``, where it is the ``at``-th of its text, or printed as ``printed``."""

    text: str
    line: int
    at: int = 0
    printed: PrintedChar | None = None


@dataclass(frozen=True, slots=True)
class _Both:
    """The plain characters of all lines, in one order, as printed and as read."""

    printed: tuple[_Letter, ...]
    read: tuple[_Letter, ...]

    def operations(self) -> Iterator[tuple[int, int, int, int]]:
        """Where they differ: start and end in the printed ones, then in those read; near ones together."""
        codes = Levenshtein.opcodes([one.text for one in self.printed], [one.text for one in self.read])
        found: list[tuple[int, int, int, int]] = []
        for code in codes:
            if code.tag == "equal":
                continue
            last = found[-1] if found else None
            if last and code.src_start - last[1] <= _NEAR and self._together(last, code.src_start, code.dest_start):
                found[-1] = (last[0], code.src_end, last[2], code.dest_end)
            else:
                found.append((code.src_start, code.src_end, code.dest_start, code.dest_end))
        return iter(found)

    def _together(self, last: tuple[int, int, int, int], printed: int, read: int) -> bool:
        """Whether what follows ``last`` is on the same line."""
        lines = {one.line for one in (*self.printed[last[1] : printed + 1], *self.read[last[3] : read + 1])}
        return len(lines) == 1


def text_differences(
    reader: TextReader,
    scan: "Pixels",
    lines: Sequence[TextLine],
    lying: PageFit,
    page: PrintedPage,
    names: Sequence[str],
) -> list[TextDifference]:
    """Where the page says something else than was printed; places to fill in and to sign, and our own code, left out."""
    masks = PrintMasks.of(page)
    printed = [one for row in page.rows for one in row if plain(one.text) and not masks.hide(one.box)]
    held, beside = _held(printed, lines, lying)
    unseen = [_corners(run, lying) for run in _runs(beside)]
    every = [*lines, *(TextLine(reader.most_likely(reader.likelihoods(scan, one)), 1.0, one) for one in unseen)]
    for number, run in enumerate(_runs(beside), start=len(lines)):
        held[number] = run
    both = _Both(
        tuple(
            _Letter(character, number, 0, one)
            for number in range(len(every))
            for one in held.get(number, ())
            for character in plain(one.text)
        ),
        tuple(
            _Letter(plain(line.text[at])[0], number, at)
            for number, line in enumerate(every)
            if number in held or not masks.hide(printed_box(line.box, lying))
            for at, _ in shares(line.text)
        ),
    )
    found = (_difference(reader, scan, every, both, span, names, masks, lying) for span in both.operations())
    return [one for one in found if one is not None]


def _held(
    printed: Sequence[PrintedChar], lines: Sequence[TextLine], lying: PageFit
) -> tuple[dict[int, list[PrintedChar]], list[PrintedChar]]:
    """The printed characters that lie in each line, by its number, and those that lie in none."""
    import cv2
    import numpy as np

    shapes = [np.array(line.box, dtype=np.float32) for line in lines]
    held: dict[int, list[PrintedChar]] = {}
    beside = []
    for one in printed:
        place = moved(lying.to_scan, *one.box.middle)
        depths = [cv2.pointPolygonTest(shape, place, measureDist=True) for shape in shapes]
        deepest = max(range(len(lines)), key=depths.__getitem__, default=-1)
        if deepest >= 0 and depths[deepest] >= -_BESIDE * _height(lines[deepest].box):
            held.setdefault(deepest, []).append(one)
        else:
            beside.append(one)
    return held, beside


def _height(corners: Corners) -> float:
    return math.dist(corners[0], corners[3])


def _runs(chars: Sequence[PrintedChar]) -> list[list[PrintedChar]]:
    """Characters that stand next to one another."""
    runs: list[list[PrintedChar]] = []
    for one in chars:
        last = runs[-1][-1].box if runs else None
        high = one.box.bottom - one.box.top
        if last and abs(last.middle[1] - one.box.middle[1]) < high / 4 and 0 <= one.box.left - last.right < high:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _corners(run: Sequence[PrintedChar], lying: PageFit) -> Corners:
    """Where printed characters lie in the scan, with a little room."""
    top, bottom = min(one.box.top for one in run), max(one.box.bottom for one in run)
    room = (bottom - top) / 8
    left, right = run[0].box.left - room, run[-1].box.right + room
    return corners_of(Box(left, top, right, bottom), lying)


def _difference(
    reader: TextReader,
    scan: "Pixels",
    lines: Sequence[TextLine],
    both: _Both,
    span: tuple[int, int, int, int],
    names: Sequence[str],
    masks: PrintMasks,
    lying: PageFit,
) -> TextDifference | None:
    """What a place says that differs; None where it is one to fill in, or the reading is no more likely than the print."""
    start, end, from_, to = span
    wanted, read = both.printed[start:end], both.read[from_:to]
    number = (read or wanted)[0].line
    line = lines[number]
    mine = [one for one in read if one.line == number]
    first, after = (mine[0].at, mine[-1].at + 1) if mine else _gap(both, from_, number)
    raw = "".join(one.printed.text for one, _ in itertools.groupby(wanted) if one.printed)
    places = [(one.text, *moved(lying.to_print, *_place(line, one.at))) for one in mine]
    if not wanted and all(masks.is_blank(x, y) or (text == "一" and masks.is_dash(x, y)) for text, x, y in places):
        return None
    if not _sure(reader, scan, line, line.text[:first] + raw + line.text[after:]):
        return None
    kind = kind_of(
        Changed("".join(one.text for one in both.printed), start, end),
        Changed("".join(one.text for one in both.read), from_, to),
        [plain(name) for name in names],
    )
    corners = line.box if mine or not wanted else _corners([one.printed for one in wanted if one.printed], lying)
    return TextDifference(
        kind,
        _around(both.printed, start, end),
        f"{line.text[max(0, first - _AROUND) : first]}【{line.text[first:after]}】{line.text[after : after + _AROUND]}",
        corners,
    )


def _sure(reader: TextReader, scan: "Pixels", line: TextLine, printed: str) -> bool:
    more = 0.0
    for margin in _MARGINS:
        steps = reader.likelihoods(scan, line.box, margin=margin)
        more += reader.log_likelihood(steps, line.text) - reader.log_likelihood(steps, printed)
    return more / len(_MARGINS) >= _SURE


def _gap(both: _Both, at: int, number: int) -> tuple[int, int]:
    """Where in the text of line ``number`` something is missing before the ``at``-th character read."""
    before = both.read[at - 1] if at else None
    place = before.at + 1 if before and before.line == number else 0
    return place, place


def _place(line: TextLine, at: int) -> tuple[float, float]:
    return place_of(line, next(share for one, share in shares(line.text) if one == at))


def _around(letters: Sequence[_Letter], start: int, end: int) -> str:
    """What was printed, with the characters beside it."""
    said = [
        "".join(one.text for one in part)
        for part in (letters[max(0, start - _AROUND) : start], letters[start:end], letters[end : end + _AROUND])
    ]
    return "{}【{}】{}".format(*said)
