"""Whether a page bears anything at all. What is in doubt is not blank: a person looks at it."""

from collections.abc import Iterable

from PIL import Image, ImageChops, ImageFilter

from yiyu.docgen.scans.page import Blankness

_BORDER = 20
"""Of each edge a twentieth is left out: the lid of the scanner, and what sheets have torn there."""
_CELLS = 210
"""Cells over the short side: a millimetre of A4 each."""
_LEAST = 6
"""Levels a cell stands out from the paper around it: less is what JPEG at quality 30 makes of plain paper."""
_NOISES = 5
"""Times the noise of a cell; of 60,000 cells chance alone lifts none so high."""
_SPECKS = 6
"""Cells that dust may darken; a hand-written digit darkens eight."""
_WRITTEN = 0.004
"""Share of the cells that a few lines of print darken."""
_HOLE, _HOLE_FROM_EDGE = 9, 22
"""Millimetres: a hole of a punch is 5.5 to 7 wide (ISO 838), and stands 12 from the edge."""


def blankness(grey: Image.Image, *, cells: int = _CELLS) -> Blankness:
    """Hold every square millimetre of a page against the paper around it, so that neither shadow nor faint print deceives.

    ``cells``: millimetres over the short side, of a part of a page.
    """
    width, height = grey.size
    size = max(1, round(min(width, height) / cells))
    grid = grey.reduce(size)
    paper = grid.reduce(3).filter(ImageFilter.MedianFilter(5)).filter(ImageFilter.BoxBlur(1)).resize(grid.size)
    apart = ImageChops.difference(grid, paper)
    least = max(_LEAST, round(_NOISES * noise(grey) / size))
    inked = {(at % grid.width, at // grid.width) for at, level in enumerate(apart.tobytes()) if level >= least}
    left, top = grid.width // _BORDER, grid.height // _BORDER
    inner = {(x, y) for x, y in inked if left <= x < grid.width - left and top <= y < grid.height - top}
    count = sum(_beside_another(cell, inked) for cell in inner - _holes(inked, grid))
    if count <= _SPECKS:
        return Blankness.BLANK
    return Blankness.NEARLY if count < _WRITTEN * grid.width * grid.height else Blankness.WRITTEN


def noise(grey: Image.Image) -> int:
    """Levels of the grain of a scan, by neighbouring pixels, most of which are paper on any page. A cell of them averages it."""
    return _median(ImageChops.difference(grey, ImageChops.offset(grey, 1, 0)).histogram())


def _beside_another(cell: tuple[int, int], inked: set[tuple[int, int]]) -> bool:
    """Whether the cell is part of a mark; one alone is grain, of which JPEG hides how much there is."""
    x, y = cell
    return any((x + dx, y + dy) in inked for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy)


def _median(histogram: list[int]) -> int:
    half, seen = sum(histogram) / 2, 0
    for level, count in enumerate(histogram):
        seen += count
        if seen >= half:
            return level
    return 0


def _holes(inked: Iterable[tuple[int, int]], grid: Image.Image) -> set[tuple[int, int]]:
    """Cells of small round patches near an edge, as a punch leaves them."""
    rest, holes = set(inked), set()
    while rest:
        patch, border = set(), {rest.pop()}
        while border:
            patch |= border
            border = {(x + dx, y + dy) for x, y in border for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & rest
            rest -= border
        xs, ys = [x for x, _ in patch], [y for _, y in patch]
        wide, high = max(xs) - min(xs) + 1, max(ys) - min(ys) + 1
        near = min(*xs, *ys, *(grid.width - 1 - x for x in xs), *(grid.height - 1 - y for y in ys))
        if max(wide, high) <= _HOLE and abs(wide - high) <= 2 and min(wide, high) >= 4 and near <= _HOLE_FROM_EDGE:
            holes |= patch
    return holes
