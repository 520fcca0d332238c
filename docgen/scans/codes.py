"""The codes in a picture of a page: which, where, how large and which way round."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image

from yiyu.docgen.page_code import decode
from yiyu.docgen.pdf.qr_code import SQUARES, code_squares

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, as shares of the width and the height of a page."""
WHOLE: Box = (0, 0, 1, 1)


def pixels(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where a part of the page is in a picture of it of this size."""
    left, top, right, bottom = box
    return round(left * size[0]), round(top * size[1]), round(right * size[0]), round(bottom * size[1])


_Corners = Sequence[tuple[int, int]]
"""Top left, top right, bottom right and bottom left of a symbol, in pixels."""


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A valid code of ours: ``x`` and ``y`` of its centre and its ``width`` are shares of the width and height of the page.

    ``turn`` clockwise sets it upright.
    """

    text: str
    x: float
    y: float
    width: float
    turn: int


@dataclass(slots=True)
class Codes:
    """What the looks at one page have found so far, each text once; ``foreign`` are texts that are none of ours.

    ``behind``: a code was seen from behind. It shines through from the other side of the sheet and is none of this one.
    ``explained``: where those two lie, so that nobody looks there again.
    """

    found: dict[str, FoundCode] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    behind: bool = False
    explained: list[Box] = field(default_factory=list)

    @property
    def texts(self) -> tuple[str, ...]:
        """Those that were found, in the order they were."""
        return tuple(self.found)

    @property
    def settled(self) -> bool:
        """Whether a code says which page this is; that of the document alone leaves it open."""
        return any(decode(text).page for text in self.found)

    @property
    def turn(self) -> int | None:
        """Degrees clockwise that set the page upright; None where no code tells, or two contradict."""
        turns = {one.turn for one in self.found.values()}
        return turns.pop() if len(turns) == 1 else None

    def look(self, grey: Image.Image, box: Box = WHOLE) -> bool:
        """Add what is seen in ``grey``, which shows the part ``box`` of the page; whether the page is settled now."""
        import zxingcpp  # of the extra ``scan``; the module itself can be looked at without

        # Asking for all kinds takes ten to twenty times as long and finds no more of ours.
        wanted = zxingcpp.barcode_formats_from_str("QRCode")
        for one in zxingcpp.read_barcodes(grey, formats=wanted, try_invert=False):
            at = one.position
            corners = [(to.x, to.y) for to in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
            try:
                decode(one.text)
            except ValueError:
                self.foreign.add(one.text)
                self.explained.append(_around(corners, grey.size, box))
                continue
            if _from_behind(grey, one.text, corners):
                self.behind = True
                self.explained.append(_around(corners, grey.size, box))
            else:
                turn = -round(one.orientation / 90) * 90 % 360
                self.found.setdefault(one.text, _placed(one.text, corners, turn, grey.size, box))
        return self.settled

    def within(self, box: Box) -> "Codes":
        """Those of ours whose middle lies in a part of the page."""
        left, top, right, bottom = box
        inside = {text: one for text, one in self.found.items() if left <= one.x < right and top <= one.y < bottom}
        return Codes(inside)


def _placed(text: str, corners: _Corners, turn: int, size: tuple[int, int], box: Box) -> FoundCode:
    left, top, right, bottom = box
    xs, ys = zip(*corners, strict=True)
    wide = (right - left) / size[0]
    across = max(xs) - min(xs), max(ys) - min(ys)
    return FoundCode(
        text,
        left + sum(xs) / 4 * wide,
        top + sum(ys) / 4 * (bottom - top) / size[1],
        sum(across) / 2 * wide,
        turn,
    )


def _around(corners: _Corners, size: tuple[int, int], box: Box) -> Box:
    left, top, right, bottom = box
    across, down = (right - left) / size[0], (bottom - top) / size[1]
    xs, ys = zip(*corners, strict=True)
    return left + min(xs) * across, top + min(ys) * down, left + max(xs) * across, top + max(ys) * down


def _from_behind(grey: Image.Image, text: str, corners: _Corners) -> bool:
    """Whether a code is its own mirror image. The reader takes both, so the squares are held against those of the text."""
    seen = _squares(grey, corners)
    middle = sum(map(sum, seen)) / SQUARES**2
    dark = [[level < middle for level in line] for line in seen]
    wanted = [[bool(square) for square in line] for line in code_squares(text)]
    return _likeness(dark, wanted[::-1]) > _likeness(dark, wanted)


def _likeness(dark: list[list[bool]], wanted: list[list[bool]]) -> int:
    """How many squares are as wanted, whichever corner the reader calls the first."""
    turns = [wanted]
    for _ in range(3):
        turns.append([list(line) for line in zip(*turns[-1][::-1], strict=True)])
    seen = list(itertools.chain.from_iterable(dark))
    return max(sum(map(bool.__eq__, seen, itertools.chain.from_iterable(turned))) for turned in turns)


def _squares(grey: Image.Image, corners: _Corners) -> list[list[int]]:
    """The level in the middle of each square of a symbol, row by row."""
    top_left, top_right, bottom_right, bottom_left = corners
    # One by one in Python they take as long as all of the reading.
    quad = [*top_left, *bottom_left, *bottom_right, *top_right]
    levels = grey.transform((SQUARES, SQUARES), Image.Transform.QUAD, quad, Image.Resampling.NEAREST).tobytes()
    return [list(levels[at : at + SQUARES]) for at in range(0, SQUARES**2, SQUARES)]


def find_codes(grey: Image.Image) -> Codes:
    """What a single look sees: enough for what is clean."""
    codes = Codes()
    codes.look(grey)
    return codes
