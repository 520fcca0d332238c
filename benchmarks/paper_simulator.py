"""What a scanner, a fax or a telephone makes of printed pages: one maker for each kind of paper an office hands in."""

import functools
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pillow_heif
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

Chance = random.Random
Pages = list[Image.Image]
_TILE = 1000
Make = Callable[[Pages, Chance, Path], Path]
"""Writes the pages of one sheet into a file under the path given, without its suffix, and gives the file."""


@dataclass(frozen=True)
class Kind:
    """``pages`` on one sheet; ``coded``: whether their codes are there to be read."""

    make: Make
    dpi: int = 150
    pages: int = 1
    coded: bool = True


@functools.lru_cache(maxsize=64)
def _tile(level: float) -> Image.Image:
    grain = np.random.default_rng(round(level * 10)).normal(128, level, (_TILE, _TILE))
    return Image.fromarray(grain.round().clip(0, 255).astype(np.uint8))


def rough(picture: Image.Image, chance: Chance, level: float) -> Image.Image:
    """The grain of a sensor: a tile of it, laid from a corner drawn by lot."""
    tile, grain = _tile(round(level, 1)), Image.new("L", picture.size)
    for left in range(-chance.randrange(_TILE), picture.width, _TILE):
        for top in range(-chance.randrange(_TILE), picture.height, _TILE):
            grain.paste(tile, (left, top))
    return ImageChops.add(picture, grain if picture.mode == "L" else Image.merge("RGB", [grain] * 3), 1, -128)


def askew(picture: Image.Image, chance: Chance, most: float = 2) -> Image.Image:
    paper = (250,) * len(picture.getbands()) if picture.mode == "RGB" else 250
    turned = picture.rotate(chance.uniform(-most, most), Image.Resampling.BILINEAR, fillcolor=paper)
    return turned.transpose(Image.Transpose.ROTATE_180) if chance.random() < 0.2 else turned


def as_jpeg(picture: Image.Image, path: Path, chance: Chance, low: int = 45) -> Path:
    picture.save(path.with_suffix(".jpg"), quality=chance.randint(low, 80))
    return path.with_suffix(".jpg")


def levels(picture: Image.Image, dark: float, bright: float) -> Image.Image:
    """Ink and paper at these levels."""
    table = [round(dark + (bright - dark) * level / 255) for level in range(256)]
    return picture.point(table * len(picture.getbands()))


def desk_scan(pages: Pages, chance: Chance, path: Path) -> Path:
    return as_jpeg(rough(levels(askew(pages[0], chance, 4), 25, 235), chance, chance.choice((4, 10, 20))), path, chance)


def faint(pages: Pages, chance: Chance, path: Path) -> Path:
    """Toner at its end: ink only 20 to 45 levels below the paper."""
    paper = chance.randint(215, 245)
    made = levels(askew(pages[0], chance), paper - chance.randint(20, 45), paper)
    return as_jpeg(rough(made, chance, chance.uniform(1, 3)), path, chance, 60)


def sealed(picture: Image.Image, chance: Chance) -> Image.Image:
    """A seal over the code, dark where it lies on print. On every other page the second code is gone."""
    unit = picture.width / (210 if picture.width < picture.height else 297)
    if chance.random() < 0.5:
        picture = picture.copy()
        right, bottom = picture.width - 20 * unit, picture.height - 3 * unit
        ImageDraw.Draw(picture).rectangle((right - 28 * unit, bottom - 28 * unit, right, bottom), fill=255)
    layer = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(layer)
    x, y = (31 + chance.uniform(-14, 14)) * unit, (17 + chance.uniform(-8, 14)) * unit
    red = (chance.randint(190, 225), chance.randint(40, 80), chance.randint(45, 85))
    draw.ellipse((x - 20 * unit, y - 20 * unit, x + 20 * unit, y + 20 * unit), outline=red, width=round(1.4 * unit))
    draw.regular_polygon((x, y, 7 * unit), 5, chance.uniform(0, 90), fill=red)
    for at in range(12):
        turn = math.pi * (0.8 + 1.4 * at / 11)
        left, top = x + 15 * unit * math.cos(turn), y + 15 * unit * math.sin(turn)
        for line in range(3):
            draw.rectangle(
                (left - 2 * unit, top + (line - 1.2) * 1.5 * unit, left + 2 * unit, top + (line - 0.8) * 1.5 * unit),
                fill=red,
            )
    return ImageChops.multiply(picture.convert("RGB"), layer)


def red_seal(pages: Pages, chance: Chance, path: Path) -> Path:
    made = levels(askew(sealed(pages[0], chance), chance), 25, 240)
    return as_jpeg(rough(made, chance, 4), path, chance, 60)


def red_seal_in_grey(pages: Pages, chance: Chance, path: Path) -> Path:
    made = levels(askew(sealed(pages[0], chance).convert("L"), chance), 25, 240)
    return as_jpeg(rough(made, chance, 4), path, chance, 60)


def photographed(picture: Image.Image, chance: Chance, width: int = 2000) -> Image.Image:
    """On a desk, from aside, with the shadow of a hand and a fold."""
    scale = width / picture.width
    page = picture.resize((width, round(picture.height * scale)), Image.Resampling.BICUBIC)
    wide, high = page.width, page.height
    shade = Image.new("L", (64, 64), 255)
    draw = ImageDraw.Draw(shade)
    draw.ellipse(
        [chance.randint(-40, 60) for _ in range(2)] + [chance.randint(60, 110) for _ in range(2)],
        fill=chance.randint(110, 190),
    )
    fold = chance.randint(10, 54)
    draw.line((0, fold, 64, fold), fill=chance.randint(150, 210), width=1)
    shade = shade.filter(ImageFilter.GaussianBlur(chance.uniform(1, 6))).resize(page.size, Image.Resampling.BICUBIC)
    page = ImageChops.multiply(page.convert("L"), shade)
    margin = 0.06
    frame = round(wide * (1 + 2 * margin)), round(high * (1 + 2 * margin))
    off = [(chance.uniform(0, 0.06) * wide, chance.uniform(0, 0.06) * high) for _ in range(4)]
    corners = [
        (off[0][0], off[0][1]),
        (off[1][0], frame[1] - off[1][1]),
        (frame[0] - off[2][0], frame[1] - off[2][1]),
        (frame[0] - off[3][0], off[3][1]),
    ]
    flat = perspective(corners, page.size)
    desk = page.transform(
        frame, Image.Transform.PERSPECTIVE, flat, Image.Resampling.BILINEAR, fillcolor=chance.randint(50, 110)
    )
    blurred = desk.filter(ImageFilter.GaussianBlur(chance.uniform(0, 1.4)))
    return rough(levels(blurred, 20, chance.randint(190, 245)), chance, chance.uniform(2, 8))


def perspective(corners: list[tuple[float, float]], size: tuple[int, int]) -> tuple[float, ...]:
    """What Pillow needs to lay a page of ``size`` with its corners (from the top left, counter-clockwise) here."""
    wide, high = size
    rows, values = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (0, high), (wide, high), (wide, 0)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return tuple(float(one) for one in np.linalg.solve(np.array(rows), np.array(values)))


def photo(pages: Pages, chance: Chance, path: Path) -> Path:
    return as_jpeg(photographed(pages[0], chance), path, chance)


def huge_photo(pages: Pages, chance: Chance, path: Path) -> Path:
    """50 million pixels."""
    made = photographed(pages[0], chance)
    return as_jpeg(made.resize((6000, round(6000 * made.height / made.width)), Image.Resampling.BILINEAR), path, chance)


def telephone(pages: Pages, chance: Chance, path: Path) -> Path:
    """HEIC and WEBP in turn."""
    pillow_heif.register_heif_opener()
    path = path.with_suffix(chance.choice((".heic", ".webp")))
    # As fast as the encoders can: it takes seconds a page otherwise.
    fast: dict[str, object] = {"enc_params": {"preset": "ultrafast"}} if path.suffix == ".heic" else {"method": 0}
    photographed(pages[0], chance, 1500).convert("RGB").save(path, quality=chance.randint(45, 70), **fast)
    return path


def a3(pages: Pages, chance: Chance, path: Path) -> Path:
    """Two pages copied side by side."""
    left, right = pages
    sheet = Image.new("L", (left.width + right.width, max(left.height, right.height)), 255)
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width, 0))
    return as_jpeg(rough(levels(askew(sheet, chance), 25, 238), chance, chance.choice((3, 8))), path, chance)


def booklet(pages: Pages, chance: Chance, path: Path) -> Path:
    """The same with the shadow of the fold."""
    left, right = pages
    sheet = Image.new("L", (left.width + right.width, max(left.height, right.height)), 255)
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width, 0))
    fold = Image.new("L", sheet.size, 255)
    ImageDraw.Draw(fold).rectangle((left.width - 6, 0, left.width + 6, sheet.height), fill=chance.randint(90, 190))
    sheet = ImageChops.multiply(sheet, fold.filter(ImageFilter.GaussianBlur(8)))
    return as_jpeg(rough(levels(askew(sheet, chance, 1.5), 25, 238), chance, 4), path, chance)


def fax(pages: Pages, chance: Chance, path: Path) -> Path:
    """204 by 196 dots an inch, black and white, with lines lost."""
    picture = askew(pages[0], chance, 1)
    picture = picture.resize((1728, round(picture.height * 1728 / picture.width * 196 / 204)))
    spotted = rough(picture, chance, 35).point([0 if level < 128 else 255 for level in range(256)])
    draw = ImageDraw.Draw(spotted)
    for _ in range(chance.randint(0, 6)):
        y = chance.randrange(spotted.height)
        draw.line((0, y, spotted.width, y), fill=255)
    spotted.convert("1").save(path.with_suffix(".tif"), compression="group4")
    return path.with_suffix(".tif")


def back(pages: Pages, chance: Chance, path: Path) -> Path:
    """The blank back of a sheet, punched, at times with dirt at an edge."""
    sheet = Image.new("L", pages[0].size, 244)
    draw, unit = ImageDraw.Draw(sheet), min(sheet.size) / 210
    if chance.random() < 0.5:
        for y in (0.5 * sheet.height - 40 * unit, 0.5 * sheet.height + 40 * unit):
            x = sheet.width - 12 * unit
            draw.ellipse((x - 3 * unit, y - 3 * unit, x + 3 * unit, y + 3 * unit), fill=chance.choice((15, 60, 120)))
    if chance.random() < 0.3:
        draw.rectangle((0, 0, chance.uniform(0.5, 4) * unit, sheet.height), fill=40)
    return as_jpeg(rough(sheet, chance, chance.choice((2, 6, 12))), path, chance)


def show_through(pages: Pages, chance: Chance, path: Path) -> Path:
    """A blank back through which the front shines, its code as well."""
    seen = levels(ImageOps.mirror(pages[0]), 240 - chance.randint(8, 60), 240).filter(
        ImageFilter.GaussianBlur(chance.uniform(0.3, 1.5))
    )
    return as_jpeg(rough(seen, chance, chance.choice((2, 5))), path, chance, 60)


KINDS = {
    "desk scan": Kind(desk_scan),
    "faint": Kind(faint),
    "red seal over the code, colour": Kind(red_seal),
    "the same, grey": Kind(red_seal_in_grey),
    "fax": Kind(fax, 200),
    "photo: aside, shadow, fold": Kind(photo, 200),
    "photo of 50 megapixels": Kind(huge_photo, 200),
    "HEIC and WEBP": Kind(telephone, 200),
    "A3, two pages": Kind(a3, pages=2),
    "booklet": Kind(booklet, pages=2),
    "blank back, punched": Kind(back, coded=False),
    "blank back, front shines through": Kind(show_through, coded=False),
}
