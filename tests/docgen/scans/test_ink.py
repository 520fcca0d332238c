"""Claims about hints: what is blank, and where red was seen. Never more than a hint."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from yiyu.docgen.scans.blankness import blankness
from yiyu.docgen.scans.ink import read_ink
from yiyu.docgen.scans.page import RED_LABEL, Blankness, Red
from yiyu.docgen.scans.reading import read_pages

PAPER = (250, 248, 243)
SEAL_RED = (214, 60, 62)
MM = 4
"""Pixels to a millimetre: 100 dpi."""


def sheet(width: float = 210, height: float = 297, *, noise: float = 4) -> Image.Image:
    rough = np.random.default_rng(1).normal(PAPER, noise, (round(height * MM), round(width * MM), 3))
    return Image.fromarray(rough.clip(0, 255).astype(np.uint8))


def text(picture: Image.Image, ink: tuple[int, int, int] = (30, 30, 35), lines: int = 30) -> None:
    draw = ImageDraw.Draw(picture)
    for line in range(lines):
        for word in range(10):
            x, y = (30 + 15 * word) * MM, (40 + 7 * line) * MM
            draw.rectangle((x, y, x + 10 * MM, y + MM), fill=ink)


def seal(picture: Image.Image, x: float, y: float, diameter: float = 42) -> None:
    """A ring with a star and a line of characters, in millimetres."""
    draw = ImageDraw.Draw(picture)
    radius = diameter / 2
    box = tuple(MM * one for one in (x - radius, y - radius, x + radius, y + radius))
    draw.ellipse(box, outline=SEAL_RED, width=round(1.2 * MM))
    draw.regular_polygon((x * MM, y * MM, 6 * MM), 5, fill=SEAL_RED)
    for at in range(-12, 13, 4):
        draw.rectangle(((x + at) * MM, (y + 9) * MM, (x + at + 2) * MM, (y + 12) * MM), fill=SEAL_RED)


def test_a_red_seal_over_black_text_is_seen_where_it_is() -> None:
    picture = sheet()
    text(picture)
    seal(picture, 60, 220)
    seal(picture, 150, 222)
    ink = read_ink(picture)
    assert ink.red is Red.SEEN
    assert not ink.edge
    assert sorted(ink.seals) == [
        (pytest.approx(60 / 210, abs=0.03), pytest.approx(220 / 297, abs=0.03)),
        (pytest.approx(150 / 210, abs=0.03), pytest.approx(222 / 297, abs=0.03)),
    ]


def test_the_part_of_a_seal_across_the_edges_of_the_sheets_is_seen_at_the_right_edge() -> None:
    picture = sheet()
    seal(picture, 226, 150)
    ink = read_ink(picture)
    assert (ink.red, ink.seals, ink.edge) == (Red.SEEN, (), True)


@pytest.mark.parametrize(
    "draw",
    [
        text,
        lambda picture: text(picture, (30, 40, 150)),  # blue ink
        lambda picture: text(picture, (120, 90, 70)),  # faded brown
        lambda picture: text(picture, SEAL_RED, lines=2),  # a red heading
        lambda picture: ImageDraw.Draw(picture).rectangle([330, 80, 510, 144], outline=SEAL_RED, width=4),  # 归档章
    ],
)
def test_text_in_any_colour_and_a_filing_stamp_are_no_seal(draw: Callable[[Image.Image], None]) -> None:
    picture = sheet()
    draw(picture)
    assert read_ink(picture).red is Red.NOT_SEEN


@pytest.mark.parametrize("mode", ["L", "1", "RGB"])
def test_a_grey_scan_cannot_tell(mode: str) -> None:
    picture = sheet(noise=0)
    seal(picture, 60, 220)
    assert read_ink(picture.convert("L").convert(mode)).red is Red.GREY


def test_a_seal_is_seen_after_jpeg_and_reported_on_the_page_set_upright(
    tmp_path: Path, printed: Callable[..., list[str]], scanned: Callable[..., Image.Image], jpeg: Callable[..., bytes]
) -> None:
    printed(tmp_path / "a.pdf", 1)
    picture = scanned(tmp_path / "a.pdf", dpi=round(MM * 25.4))
    seal(picture, 50, 200)
    for turn, method in ((0, None), (180, Image.Transpose.ROTATE_180), (90, Image.Transpose.ROTATE_90)):
        (tmp_path / "scan.jpg").write_bytes(jpeg(picture.transpose(method) if method else picture, 40))
        [reading] = read_pages(tmp_path / "scan.jpg")
        assert (reading.turn, reading.ink.red) == (turn, Red.SEEN)
        [(x, y)] = reading.ink.seals
        assert (x, y) == (pytest.approx(50 / 210, abs=0.04), pytest.approx(200 / 297, abs=0.04))


def test_every_hint_has_a_word_for_people() -> None:
    assert RED_LABEL.keys() == set(Red)


@pytest.mark.parametrize("noise", [0, 4, 12])
def test_the_empty_back_of_a_sheet_is_blank_with_dirt_at_its_border(noise: float) -> None:
    picture = sheet(noise=noise)
    ImageDraw.Draw(picture).rectangle((0, 0, 6, picture.height), fill=(20, 20, 20))
    assert blankness(picture.convert("L")) is Blankness.BLANK


@pytest.mark.parametrize(("levels", "found"), [(5, Blankness.BLANK), (6, Blankness.WRITTEN)])
def test_print_six_levels_darker_than_its_paper_is_the_faintest_that_is_seen(levels: int, found: Blankness) -> None:
    picture = Image.new("L", (210 * MM, 297 * MM), 246)
    draw = ImageDraw.Draw(picture)
    for line in range(18):
        draw.rectangle((200, 200 + 40 * line, 500, 211 + 40 * line), fill=246 - levels)
    assert blankness(picture) is found


def test_a_sheet_with_one_short_line_or_a_signature_is_not_blank() -> None:
    for seed in range(5):
        chance = random.Random(seed)  # noqa: S311 - where on the page
        picture = sheet()
        draw = ImageDraw.Draw(picture)
        x, y = chance.randint(100, 500), chance.randint(100, 1000)
        stroke = [(x + 8 * step, y + chance.randint(-20, 20)) for step in range(30)]
        draw.line(stroke, fill=(40, 40, 90), width=3)
        assert blankness(picture.convert("L")) is not Blankness.BLANK
    picture = sheet()
    text(picture, lines=1)
    assert blankness(picture.convert("L")) is not Blankness.BLANK
