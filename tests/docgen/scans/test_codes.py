"""Claims about codes in pictures: which are of this page, where they are, and what hides them."""

import io

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageOps

from yiyu.docgen.page_code import document_id, encode
from yiyu.docgen.pdf.qr_code import code_picture
from yiyu.docgen.scans.codes import Codes, find_codes
from yiyu.docgen.scans.looks import other_looks
from yiyu.docgen.scans.pictures import Picture

CODE = encode(document_id("150627-2026-JC-0001", "agreement", 1), 2, 5)


def page(code: str = CODE) -> Image.Image:
    """A page of A4 at 145 dpi with nothing but its code."""
    sheet = Image.new("L", (1200, 1697), 245)
    picture = Image.open(io.BytesIO(code_picture(code))).convert("L").resize((86, 86))
    sheet.paste(picture, (137, 57))
    return sheet


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_code_that_shines_through_from_the_back_is_none_of_the_page(turn: int) -> None:
    front = page().rotate(turn, expand=True)
    assert find_codes(front).texts == (CODE,)
    behind = find_codes(ImageOps.mirror(front))
    assert (behind.texts, behind.behind) == ((), True)


def test_a_code_tells_where_it_is_and_how_large() -> None:
    [one] = find_codes(page()).found.values()
    assert (one.x, one.y, one.width) == (
        pytest.approx(180 / 1200, abs=0.01),
        pytest.approx(100 / 1697, abs=0.01),
        pytest.approx(86 / 1200, abs=0.01),
    )


def test_a_code_under_a_red_seal_is_read_without_the_red() -> None:
    seal = Image.new("RGB", (1200, 1697), "white")
    draw = ImageDraw.Draw(seal)
    draw.regular_polygon((180, 100, 60), 5, fill=(200, 40, 50))
    draw.ellipse((90, 10, 270, 190), outline=(200, 40, 50), width=12)
    sealed = ImageChops.multiply(page().convert("RGB"), seal)
    codes = Codes()
    assert any(codes.look(grey, box) for grey, box in other_looks(Picture(sealed, lambda _side: sealed), codes))
    assert codes.texts == (CODE,)


def looks_at(sheet: Image.Image) -> int:
    """How often a page is looked at again after a first look."""
    codes = Codes()
    codes.look(sheet)
    return len(list(other_looks(Picture(sheet, lambda _side: sheet), codes)))


def test_only_where_something_is_as_dense_as_a_code_are_corners_looked_at() -> None:
    letter = Image.new("L", (1200, 1697), 245)
    draw = ImageDraw.Draw(letter)
    for top in range(60, 1600, 57):
        draw.rectangle((100, top, 1100, top + 32), fill=30)
    unread = page()
    ImageDraw.Draw(unread).rectangle((150, 70, 190, 110), fill=90)
    assert not find_codes(unread).texts
    assert looks_at(letter) < looks_at(unread)


def test_a_code_that_was_read_and_is_none_of_the_page_is_not_looked_at_again() -> None:
    foreign, hidden = page("HTTPS://A.CN/1234"), page()
    ImageDraw.Draw(hidden).rectangle((150, 70, 190, 110), fill=90)
    assert find_codes(foreign).foreign
    assert looks_at(foreign) == looks_at(ImageOps.mirror(page())) < looks_at(hidden)
