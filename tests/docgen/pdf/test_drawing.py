"""Claims about drawing: what is written stays text to every reader, whatever the characters; lines, pictures, squares."""

import io
from collections.abc import Iterable
from pathlib import Path

import pikepdf
import pypdf
import pypdfium2
import pytest
from PIL import Image

from yiyu.docgen.pdf.drawing import Drawing, _Shapes
from yiyu.docgen.pdf.fonts import FontFile, Style, chinese_font, packaged
from yiyu.docgen.pdf.stamp import raw_bytes

RARE = "𠀀\ue000䶮㻧"
"""Beyond the basic plane, of no standard, and two of names; some face lacks each of them."""
MANY = "".join(map(chr, range(0x4E00, 0x4E00 + 600))) + "-09" + RARE


def drawn(text: str, *, room: float = 400) -> bytes:
    drawing = Drawing([text])
    drawing.page()
    lines = drawing.wrap(text, 10, room)
    assert "".join(lines) == text
    assert max(drawing.width(line, 10) for line in lines) <= room
    for at, line in enumerate(lines):
        drawing.text(80, 80 + 15 * at, 10, line)
    return raw_bytes(drawing.finish())


def read(made: bytes) -> tuple[str, str]:
    """The text as pypdf and as PDFium find it."""
    text = pypdfium2.PdfDocument(made)[0].get_textpage().get_text_range()
    return tuple("".join(one.split()) for one in (pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text(), text))


def test_text_in_many_characters_stays_text_also_where_the_face_lacks_some() -> None:
    assert read(drawn(MANY)) == (MANY, MANY)


def test_the_same_pages_are_the_same_bytes_whatever_was_drawn_before() -> None:
    first = drawn("合作协议书 2026")
    drawn(MANY)
    assert drawn("合作协议书 2026") == first
    for trace in (b"CreationDate", b"fpdf", b"/Group"):
        assert trace not in first


def test_a_character_the_face_lacks_shows_as_an_empty_box() -> None:
    def ink(text: str) -> int:
        picture = pypdfium2.PdfDocument(drawn(text))[0].render(scale=2, grayscale=True).to_pil()
        return sum(picture.histogram()[:128])

    assert ink("\ue000") > 0
    assert ink("\ue000\ue001") == 2 * ink("\ue000")


def test_what_was_not_announced_is_not_drawn() -> None:
    drawing = Drawing(["甲"])
    drawing.page()
    with pytest.raises(KeyError):
        drawing.text(10, 10, 10, "乙")


def test_a_line_is_broken_neither_in_a_number_nor_before_a_closing_sign() -> None:
    drawing = Drawing(["某托育（）中心，0123456789-"])
    room = drawing.width("某托育中心", 10)
    assert drawing.wrap("某托育中心，某", 10, room) == ["某托育中", "心，某"]
    assert drawing.wrap("某2026-01", 10, room) == ["某", "2026-01"] or drawing.width("某2026-01", 10) <= room
    assert "".join(drawing.wrap("0123456789" * 9, 10, room)) == "0123456789" * 9


def files() -> Iterable[FontFile]:
    return {one.path.suffix: one for one in (chinese_font(), *packaged())}.values()


@pytest.mark.parametrize("style", list(Style))
def test_every_style_is_drawn_and_embedded_as_outlines(style: Style) -> None:
    drawing = Drawing(["目录"], {style: ["目录"]})
    drawing.page()
    drawing.text(100, 100, 40, "目录", style=style)
    made = drawing.finish()
    [font] = made.pages[0].obj.Resources.Font.as_dict().values()
    assert font.Encoding == "/Identity-H"
    assert "/FontFile2" in font.DescendantFonts[0].FontDescriptor
    assert read(raw_bytes(made)) == ("目录", "目录")


@pytest.mark.parametrize("file", files(), ids=lambda one: one.path.name)
def test_outlines_are_those_of_the_face(file: FontFile, tmp_path: Path) -> None:
    """As FreeType draws both: the face itself and what was made of it."""
    from PIL import ImageFont

    (tmp_path / "a.ttf").write_bytes(_Shapes(file).font(set("永国书")))

    def seen(path: Path, index: int) -> tuple[tuple[float, ...], float]:
        face = ImageFont.truetype(str(path), 200, index=index)
        return face.getbbox("永国书", anchor="ls"), sum(bytes(face.getmask("永国书", mode="L"))) / 255

    (box, ink), (expected, amount) = seen(tmp_path / "a.ttf", 0), seen(file.path, file.index)
    assert box == pytest.approx(expected, abs=2)
    assert ink == pytest.approx(amount, rel=0.03)


def test_squares_are_filled_as_one_area_without_seams() -> None:
    drawing = Drawing(["甲"])
    drawing.page(100, 60)
    drawing.squares([[1, 1, 0], [0, 1, 1]], 10.3, 20.7, 7.1)
    pdf = drawing.finish()
    picture = pypdfium2.PdfDocument(raw_bytes(pdf))[0].render(scale=5, grayscale=True).to_pil()
    assert picture.getbbox() == (0, 0, 500, 300)
    for column, row, dark in ((0, 0, 1), (1, 0, 1), (2, 0, 0), (0, 1, 0), (1, 1, 1), (2, 1, 1)):
        at = (round((10.3 + 7.1 * (column + 0.5)) * 5), round((20.7 + 7.1 * (row + 0.5)) * 5))
        assert (picture.getpixel(at) < 20) == bool(dark)
    seam = picture.crop(((18 * 5), (21 * 5), (24 * 5), round(34.5 * 5)))
    assert max(seam.tobytes()) < 20, "the second column is dark from row to row"


def test_a_picture_is_kept_as_the_bytes_it_is_and_in_proportion() -> None:
    stream = io.BytesIO()
    Image.new("L", (300, 100), 40).save(stream, "JPEG")
    data = stream.getvalue()
    drawing = Drawing(["甲"])
    drawing.page(200, 200)
    drawing.picture(data, 50, 50, 100, 100)
    made = drawing.finish()
    [image] = made.pages[0].obj.Resources.XObject.as_dict().values()
    assert image.read_raw_bytes() == data
    picture = pypdfium2.PdfDocument(raw_bytes(made))[0].render(scale=1, grayscale=True).to_pil()
    left, top, right, bottom = picture.point([255 if level < 128 else 0 for level in range(256)]).getbbox()
    assert (left, right) == pytest.approx((50, 150), abs=1)
    assert (top, bottom) == pytest.approx((83, 117), abs=1)


def test_a_link_names_where_it_leads_and_leaves_the_place_to_others() -> None:
    drawing = Drawing(["甲"])
    drawing.page()
    drawing.link(10, 20, 110, 40, "p7")
    pdf = drawing.finish()
    [note] = pdf.pages[0].obj.Annots
    assert (str(note.Subtype), str(note.Dest)) == ("/Link", "p7")
    assert [float(edge) for edge in note.Rect] == pytest.approx([10, 841.89 - 40, 110, 841.89 - 20], abs=0.1)
    assert isinstance(pdf, pikepdf.Pdf)
    assert "/Names" not in pdf.Root
