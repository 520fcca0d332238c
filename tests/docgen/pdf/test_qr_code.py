"""Claims about the picture of a code: sharp, small, the same everywhere, and read after a printer and a scanner."""

import io

import pytest
from PIL import Image, ImageFilter, ImageOps

from yiyu.docgen.page_code import document_id, encode
from yiyu.docgen.pdf.qr_code import code_picture
from yiyu.docgen.scans.codes import find_codes

CODES = [encode(document_id(f"150627-2026-JC-{number:04}", "agreement", 1), 0, 0) for number in range(60)]


def scanned(png: bytes, *, dpi: int, turn: float) -> Image.Image:
    """15.1 mm wide on white paper, blurred, a little askew."""
    side = round(15.12 / 25.4 * dpi)
    page = ImageOps.expand(
        Image.open(io.BytesIO(png)).convert("L").resize((side, side), Image.Resampling.BICUBIC), 40, 255
    )
    return page.rotate(turn, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(0.8))


@pytest.mark.parametrize(("dpi", "turn"), [(150, 0), (150, 3), (200, -4), (300, 180)])
def test_whatever_the_code_it_is_read(dpi: int, turn: float) -> None:
    assert [find_codes(scanned(code_picture(code), dpi=dpi, turn=turn)).texts for code in CODES] == [
        (c,) for c in CODES
    ]


def test_each_module_is_eight_pixels_black_or_white_and_there_is_no_border() -> None:
    picture = Image.open(io.BytesIO(code_picture(CODES[0])))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (168, 168), "1")
    assert picture.getpixel((0, 0)) == picture.getpixel((55, 0)) == 0
    assert picture.getpixel((56, 0)) == 255


def test_the_same_code_gives_the_same_bytes_and_the_pixels_are_stored_plainly() -> None:
    assert code_picture(CODES[0]) == code_picture(CODES[0]) != code_picture(CODES[1])
    assert len({len(code_picture(code)) for code in CODES}) == 1
