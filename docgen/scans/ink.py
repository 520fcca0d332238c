"""Codes, ink and red on a page of a scan. Hints for a person who looks at the paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

from yiyu.docgen.page_code import decode
from yiyu.docgen.scans.page import Ink, Red

_CELLS = 42
"""Cells over the short side of A4, so that a cell is 5 mm."""
_REDNESS = 40
"""How far red stands above green and blue; pale stamp pads give 50, brown paper and skin tones of photos less."""
_SHARE = 20
"""Of 255: a cell holds red from 8 % on; the ring of a seal fills more, a red letter less."""
_SEAL = 6
"""Cells: 30 mm wide and high, three quarters of a 公章 (38 to 45 mm); a 归档章 is only 16 mm high."""
_EDGE_COLUMNS, _EDGE_ROWS = 2, 3
_FAINT = 12
"""Difference between the channels that JPEG makes of a grey page."""
_DARKER = 40
_BLANK_SHARE = 0.0002
"""A line of ten characters covers twice as much of A4."""


def is_blank(grey: Image.Image) -> bool:
    """Whether an upright or turned page bears nothing darker than its paper, its border left out."""
    width, height = grey.size
    inner = grey.crop((width // 20, height // 20, width - width // 20, height - height // 20))
    # Averaging takes the noise of the scanner out; a pen stroke of half a millimetre stays.
    inner = inner.reduce(max(1, round(min(width, height) / 600)))
    counts = inner.histogram()
    paper = max(range(256), key=counts.__getitem__)
    return sum(counts[: max(0, paper - _DARKER)]) < _BLANK_SHARE * sum(counts)


def read_ink(picture: Image.Image) -> Ink:
    """Look for red on an upright page; small pictures (50 dpi) do."""
    if picture.mode not in ("RGB", "CMYK", "P", "RGBA", "YCbCr"):
        return Ink(Red.GREY)
    red, green, blue = picture.convert("RGB").split()
    spread = ImageChops.lighter(ImageChops.difference(red, green), ImageChops.difference(green, blue))
    if not any(spread.histogram()[_FAINT + 1 :]):
        return Ink(Red.GREY)
    redness = ImageChops.subtract(red, ImageChops.lighter(green, blue))
    mask = redness.point([255 if level >= _REDNESS else 0 for level in range(256)])
    cell = max(1, round(min(picture.size) / _CELLS))
    grid = mask.reduce(cell)
    cells = {(at % grid.width, at // grid.width) for at, share in enumerate(grid.tobytes()) if share >= _SHARE}
    edge = sum(x >= grid.width - _EDGE_COLUMNS for x, _ in cells) >= _EDGE_ROWS
    seals = tuple(
        (round(x / grid.width, 2), round(y / grid.height, 2))
        for x, y in sorted(_patches(cells), key=lambda at: at[::-1])
    )
    return Ink(Red.SEEN if seals or edge else Red.NOT_SEEN, seals, edge)


def _patches(cells: set[tuple[int, int]]) -> list[tuple[float, float]]:
    """Centres of the connected patches of cells that are large enough for a seal."""
    centres = []
    while cells:
        patch, border = set(), {cells.pop()}
        while border:
            patch |= border
            near = {(x + dx, y + dy) for x, y in border for dx in (-1, 0, 1) for dy in (-1, 0, 1)}
            border = near & cells
            cells -= border
        columns, rows = ({at[axis] for at in patch} for axis in (0, 1))
        if min(max(columns) - min(columns), max(rows) - min(rows)) + 1 >= _SEAL:
            centres.append(((min(columns) + max(columns) + 1) / 2, (min(rows) + max(rows) + 1) / 2))
    return centres


@dataclass(frozen=True, slots=True)
class Codes:
    """``codes`` each once, ``foreign`` the other QR texts, ``turn`` clockwise to set the codes upright."""

    codes: tuple[str, ...] = ()
    foreign: frozenset[str] = frozenset()
    turn: int | None = None


def find_codes(picture: Image.Image) -> Codes:
    """Read a grey picture whole; where that yields no code of a page, its corners again, smoothed and larger.

    Not a corner first: half a millisecond would be saved beside the ten of decoding the scan, and the second page
    copied onto the same sheet would go unseen.
    """
    import zxingcpp  # of the extra ``scan``; the module itself can be looked at without

    # Asking for all kinds takes ten to twenty times as long and finds no more of ours.
    wanted = zxingcpp.barcode_formats_from_str("QRCode")
    codes: dict[str, int] = {}
    foreign: set[str] = set()
    settled = False
    for attempt in _attempts(picture):
        for found in zxingcpp.read_barcodes(attempt, formats=wanted, try_invert=False):
            try:
                settled |= decode(found.text).page > 0
            except ValueError:
                foreign.add(found.text)
            else:
                codes.setdefault(found.text, found.orientation)
        if settled:
            break
    turns = {-round(angle / 90) * 90 % 360 for angle in codes.values()}
    return Codes(tuple(codes), frozenset(foreign), turns.pop() if len(turns) == 1 else None)


def _attempts(picture: Image.Image) -> Iterator[Image.Image]:
    yield picture
    width, height = picture.size
    wide, high = round(width * 0.4), round(height * 0.4)
    for left in (0, width - wide):
        for top in (0, height - high):
            corner = picture.crop((left, top, left + wide, top + high))
            yield corner.filter(ImageFilter.MedianFilter(3))
            yield corner.resize((wide * 2, high * 2), Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(2))
