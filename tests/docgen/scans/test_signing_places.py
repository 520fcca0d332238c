"""Claims about the places of a sign page: whose each is, what fills it, and what grey cannot tell. Nothing is decided by it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from yiyu.docgen.pdf.printed_text import Box, PrintedChar, PrintedPage
from yiyu.docgen.scans.difference import SigningHint
from yiyu.docgen.scans.ocr_text import pixels
from yiyu.docgen.scans.page_fit import PageFit
from yiyu.docgen.scans.signing_places import signing_hints, signing_places
from yiyu.registry.model import PlaceState

EM = 16
SCALE = 200 / 72


def line(top: float, *columns: tuple[float, str]) -> tuple[PrintedChar, ...]:
    return tuple(
        PrintedChar(one, Box(left + EM * at, top, left + EM * (at + 1), top + EM))
        for left, text in columns
        for at, one in enumerate(text)
    )


ROWS = (
    line(256, (85, "甲方（盖章）："), (312, "乙方（盖章）：")),
    line(371, (85, "委托代理人（签字）："), (312, "委托代理人（签字）：")),
    line(418, (85, "日期："), (312, "日期：")),
    line(487, (85, "（盖章）："), (312, "（签字）：")),
)
PAGE = PrintedPage(595, 842, ROWS, ())
FILLED, EMPTY, UNCLEAR = PlaceState
HAND = ((200, 385), (206, 405), (212, 386), (219, 406), (226, 388))
"""Points of a stroke in the place where 甲 signs."""
RING = (330, 290, 445, 405)
"""A seal over what stands in the column of 乙."""


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page with marks in place of its characters: where they stand is known."""
    path = tmp_path_factory.mktemp("sign") / "print.pdf"
    drawn().save(path, resolution=72 * SCALE)
    return path


def drawn() -> Image.Image:
    picture = Image.new("RGB", (round(595 * SCALE), round(842 * SCALE)), "white")
    draw = ImageDraw.Draw(picture)
    for one in (one for row in ROWS for one in row):
        draw.rectangle(
            [edge * SCALE for edge in (one.box.left + 3, one.box.top + 6, one.box.right - 3, one.box.top + 9)], "black"
        )
    return picture


def hints(blank: Path, fill: Callable[[ImageDraw.ImageDraw], object], *, mode: str = "RGB") -> tuple[SigningHint, ...]:
    picture = drawn()
    fill(ImageDraw.Draw(picture))
    grain = np.random.default_rng(3).normal(0, 6, (picture.height, picture.width, 1))
    toned = np.asarray(picture.convert(mode).convert("RGB")) * 0.94 + grain
    noisy = Image.fromarray(toned.clip(0, 255).astype(np.uint8))
    lying = PageFit(np.array([[SCALE, 0, 1], [0, SCALE, -1]]), np.array([[1 / SCALE, 0, 0], [0, 1 / SCALE, 0]]), 9)
    return signing_hints(pixels(noisy), lying, PAGE, blank, 1)


def signed(draw: ImageDraw.ImageDraw) -> None:
    draw.line([(x * SCALE, y * SCALE) for x, y in HAND], fill="#203080", width=5)


def sealed(draw: ImageDraw.ImageDraw) -> None:
    draw.ellipse([edge * SCALE for edge in RING], outline="#c01818", width=10)


def both(draw: ImageDraw.ImageDraw) -> None:
    signed(draw)
    sealed(draw)


def test_every_party_has_its_column_and_a_witness_has_no_duty() -> None:
    found = signing_places(PAGE)
    assert [one.party for one in found] == ["甲", "乙"]
    assert all(one.signature and 330 < one.signature.top < 371 < one.signature.bottom < 418 for one in found)
    assert found[0].seal.right < 312
    assert found[0].seal.bottom <= 487


def test_a_third_party_below_ends_the_place_of_the_first() -> None:
    below = (line(487, (85, "丙方（盖章）：")), line(600, (85, "委托代理人（签字）：")))
    first, _, third = signing_places(PrintedPage(595, 842, (*ROWS[:3], *below), ()))
    assert third.party == "丙"
    assert first.seal.bottom <= 487
    assert third.signature
    assert third.signature.top > 487


def test_a_page_that_nobody_signs_says_nothing(blank: Path) -> None:
    page = PrintedPage(595, 842, (line(100, (85, "一方签字并加盖公章之日成立")),), ())
    fit = PageFit(np.eye(3)[:2], np.eye(3)[:2], 9)
    assert signing_hints(pixels(drawn()), fit, page, blank, 1) == ()


@pytest.mark.parametrize(
    ("fill", "mode", "told"),
    [
        (lambda _: None, "RGB", [(EMPTY, EMPTY), (EMPTY, EMPTY)]),
        (lambda _: None, "L", [(EMPTY, EMPTY), (EMPTY, EMPTY)]),
        (signed, "RGB", [(FILLED, EMPTY), (EMPTY, EMPTY)]),
        (signed, "L", [(FILLED, EMPTY), (EMPTY, EMPTY)]),
        (both, "RGB", [(FILLED, EMPTY), (EMPTY, FILLED)]),
        (both, "L", [(FILLED, EMPTY), (UNCLEAR, UNCLEAR)]),
    ],
)
def test_ink_fills_the_place_of_its_party_alone(
    blank: Path, fill: Callable[[ImageDraw.ImageDraw], object], mode: str, told: list[tuple[PlaceState, PlaceState]]
) -> None:
    assert [(one.signature, one.seal) for one in hints(blank, fill, mode=mode)] == told
