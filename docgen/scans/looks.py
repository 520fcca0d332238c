"""Other ways to look at a page whose code was not read at once: what is in its way is taken off the picture."""

from collections.abc import Iterator

from PIL import Image, ImageChops, ImageFilter, ImageOps

from yiyu.docgen.scans.codes import WHOLE, Box
from yiyu.docgen.scans.pictures import Picture

_SIDE, _FINE = 1200, 2400
"""Pixels over the short side: A4 at 145 and 290 dpi."""
_CORNER = 0.4
_DARK = 70
"""Levels over the darkest of a page that toner has; a red seal in grey stands above."""
_DESK = 96
"""Pixels over the short side in which a sheet is told from the desk it lies on."""


def other_looks(picture: Picture) -> Iterator[tuple[Image.Image, Box]]:
    """Grey pictures of the page or of parts of it, the cheapest and likeliest first.

    In this order: larger; its corners smoothed and enlarged; without red, which takes the seal off a code; shadows flattened; toner alone,
    for a seal in grey; smaller, for what is blurred; the sheet set straight as it lies on a desk.
    """
    page = picture.at_least(_SIDE)
    grey = page.convert("L")
    yield grey, WHOLE
    yield from _corners(grey)
    fine = picture.at_least(_FINE)
    plain = fine.convert("L")
    if fine.size != page.size:
        yield plain, WHOLE
    if fine.mode == "RGB":
        without_red = fine.getchannel("R")
        yield without_red, WHOLE
        yield from _corners(without_red)
    flat = flattened(grey)
    yield flat, WHOLE
    yield from _corners(flat)
    yield _toner(plain), WHOLE
    yield grey.reduce(2), WHOLE
    if straight := straightened(plain):
        yield straight, WHOLE
        yield from _corners(straight)


def _corners(grey: Image.Image) -> Iterator[tuple[Image.Image, Box]]:
    width, height = grey.size
    for left, top in ((0.0, 0.0), (1 - _CORNER, 0.0), (0.0, 1 - _CORNER), (1 - _CORNER, 1 - _CORNER)):
        box = left, top, left + _CORNER, top + _CORNER
        corner = grey.crop((round(left * width), round(top * height), round(box[2] * width), round(box[3] * height)))
        yield corner.filter(ImageFilter.MedianFilter(3)), box
        larger = corner.resize((corner.width * 2, corner.height * 2), Image.Resampling.BICUBIC)
        yield larger.filter(ImageFilter.GaussianBlur(2)), box


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
