"""Red on a page of a scan: seals, and the edge of one. Hints for a person who looks at the paper."""

from PIL import Image, ImageChops

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
