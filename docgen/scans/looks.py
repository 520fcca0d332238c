"""Other ways to look at a page whose code was not read at once: what is in its way is taken off the picture."""

import itertools
from collections.abc import Iterator

from PIL import Image, ImageChops, ImageFilter, ImageOps

from yiyu.docgen.scans.blankness import noise
from yiyu.docgen.scans.codes import WHOLE, Box, Codes, pixels
from yiyu.docgen.scans.pictures import Picture

_SIDE, _FINE = 1200, 2400
"""Pixels over the short side: A4 at 145 and 290 dpi."""
_CORNER = 0.3
"""Of the sides: the codes stand within 0.2, and a page on a desk has a border."""
_NEAREST = Image.Resampling.NEAREST
_DARK = 70
"""Levels over the darkest of a page that toner has; a red seal in grey stands above."""
_DESK = 96
"""Pixels over the short side in which a sheet is told from the desk it lies on."""
_CELLS, _CELL_DARKER, _NOISES = 210, 6, 3
"""Cells over the short side (a millimetre of A4); levels below the paper where one is inked, and times the noise of one."""
_WIDE = 10
"""Cells over which ink must not thin out: a code is 15 wide, and between lines of print are three of paper."""
_INKED = 143
"""Of 255: in a code 150 to 255 are inked everywhere, even where print is faint; in tables and text of ours 50 to 190."""


def other_looks(picture: Picture, codes: Codes) -> Iterator[tuple[Image.Image, Box]]:
    """Grey pictures of the page or of parts of it, the likeliest and cheapest first; ``codes`` are what was found so far.

    In this order: larger; without red, which takes the seal off a code; toner alone, for a seal in grey; smaller, for what is
    blurred; shadows flattened; as fine as it is. Then its corners, smoothed and enlarged, where something is as dense as
    a code: of what was tried on pages under seals, the first three find nine of ten. At last the sheet set straight as it lies on a desk.
    """
    page = picture.at_least(_SIDE)
    grey = page.convert("L")
    yield grey, WHOLE
    plain = page.getchannel("R") if page.mode == "RGB" else grey
    if plain is not grey:
        yield plain, WHOLE
    yield _toner(grey), WHOLE
    yield grey.reduce(2), WHOLE
    flat = flattened(grey)
    yield flat, WHOLE
    dense = dense_places(grey)
    if not _any(dense, WHOLE, codes):
        return
    fine = picture.at_least(_FINE)
    if fine.size != page.size:
        finest = fine.convert("L")
        yield finest, WHOLE
        if fine.mode == "RGB":
            yield fine.getchannel("R"), WHOLE
        yield _toner(finest), WHOLE
    for corner in _CORNERS:
        if _any(dense, corner, codes):
            yield _smoothed(plain, corner), corner
            yield _enlarged(plain, corner), corner
            yield _enlarged(flat, corner), corner
    if straight := straightened(fine.convert("L")):
        yield straight, WHOLE
        for corner in _CORNERS:
            yield _smoothed(straight, corner), corner
            yield _enlarged(straight, corner), corner


_CORNERS: tuple[Box, ...] = tuple(
    (left, top, left + _CORNER, top + _CORNER) for left, top in itertools.product((0.0, 1 - _CORNER), repeat=2)
)


def _smoothed(grey: Image.Image, box: Box) -> Image.Image:
    return grey.crop(pixels(box, grey.size)).filter(ImageFilter.MedianFilter(3))


def _enlarged(grey: Image.Image, box: Box) -> Image.Image:
    corner = grey.crop(pixels(box, grey.size))
    larger = corner.resize((corner.width * 2, corner.height * 2), Image.Resampling.BICUBIC)
    return larger.filter(ImageFilter.GaussianBlur(2))


def dense_places(grey: Image.Image) -> Image.Image:
    """For every second millimetre of a page, how dense the ink is where it is thinnest, over the width of a code."""
    size = max(1, round(min(grey.size) / _CELLS))
    least = max(_CELL_DARKER, round(_NOISES * noise(grey) / size))
    grid = grey.reduce(size)
    paper = grid.reduce(3).filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.BoxBlur(2)).resize(grid.size)
    inked = ImageChops.subtract(paper, grid).point([255 if level >= least else 0 for level in range(256)])
    half = inked.filter(ImageFilter.BoxBlur(2)).resize((grid.width // 2 + 1, grid.height // 2 + 1), _NEAREST)
    return half.filter(ImageFilter.MinFilter(_WIDE // 2))


def _any(dense: Image.Image, box: Box, codes: Codes) -> bool:
    """Whether something there may be a code, but for those that are explained."""
    part = dense.copy() if codes.explained else dense
    for one in codes.explained:
        part.paste(0, pixels(one, dense.size))
    [_, most] = part.crop(pixels(box, dense.size)).getextrema()
    return isinstance(most, int | float) and most >= _INKED


def flattened(grey: Image.Image) -> Image.Image:
    """Paper white and ink black wherever on the page: each place is held against the paper around it."""
    small = grey.reduce(max(1, min(grey.size) // 150))
    paper = small.filter(ImageFilter.MaxFilter(7)).filter(ImageFilter.GaussianBlur(4)).resize(grey.size)
    return ImageOps.autocontrast(ImageOps.invert(ImageChops.subtract(paper, grey)), cutoff=(0.1, 20))


def _toner(grey: Image.Image) -> Image.Image:
    """What is about as dark as the darkest; all else white."""
    counts, dark = grey.histogram(), 0
    darkest = next(level for level in range(256) if (dark := dark + counts[level]) > grey.width * grey.height / 1000)
    return grey.point([0 if level < darkest + _DARK / 2 else 255 for level in range(256)])


def straightened(grey: Image.Image) -> Image.Image | None:
    """A sheet that was photographed from aside, as if from above; None where no bright sheet lies on a darker ground."""
    small = grey.reduce(max(1, min(grey.size) // _DESK)).filter(ImageFilter.MedianFilter(3))
    counts = small.histogram()
    bright = _threshold(counts)
    points = [(at % small.width, at // small.width) for at, level in enumerate(small.tobytes()) if level >= bright]
    area = small.width * small.height
    if not area * 0.2 < len(points) < area * 0.95:
        return None
    scale = grey.width / small.width
    corners = [
        min(points, key=lambda at: at[0] + at[1]),
        max(points, key=lambda at: at[1] - at[0]),
        max(points, key=lambda at: at[0] + at[1]),
        min(points, key=lambda at: at[1] - at[0]),
    ]
    quad = [edge * scale for corner in corners for edge in corner]
    return grey.transform(grey.size, Image.Transform.QUAD, quad, Image.Resampling.BILINEAR)


def _threshold(counts: list[int]) -> int:
    """The level that parts dark from bright best: Otsu, 1979, the largest variance between the two."""
    total, weighted = sum(counts), sum(level * count for level, count in enumerate(counts))
    best, parted, below, sum_below = 0.0, 128, 0, 0
    for level, count in enumerate(counts):
        below, sum_below = below + count, sum_below + level * count
        if 0 < below < total:
            apart = sum_below / below - (weighted - sum_below) / (total - below)
            between = below * (total - below) * apart * apart
            if between > best:
                best, parted = between, level + 1
    return parted
