"""Claims about the 归档章: its size and place, on every kind of page, over nothing where there is room."""

import contextlib
import io
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops

from yiyu.docgen.pdf.archive_stamp import StampCells, stamp_copy
from yiyu.registry.errors import FileFault

CELLS = StampCells("Z109", "2026", "0001", "办公室", "10年", "12")
PX = 4
"""Pixels to a millimetre in pictures that are measured."""
A4 = (595, 842)
Box = tuple[int, int, int, int]


def scanned(path: Path, *, ink: tuple[Box, ...] = (), turn: int = 0, pages: int = 1) -> Path:
    """Pages of paper with dark blocks, in points; set upright by /Rotate ``turn``, as a bound scan is."""
    page = Image.new("L", A4, 244)
    for box in ink:
        page.paste(60, box)
    page = page.rotate(turn, expand=True)
    stream = io.BytesIO()
    page.save(stream, "PDF", save_all=True, append_images=[page] * (pages - 1), resolution=72)
    with pikepdf.open(stream) as pdf:
        for one in pdf.pages:
            one.rotate(turn, relative=False)
        pdf.save(path)
    return path


def seen(path: Path) -> list[Image.Image]:
    with contextlib.closing(pypdfium2.PdfDocument(path.read_bytes())) as document:
        return [page.render(scale=PX * 25.4 / 72).to_pil().convert("RGB") for page in document]


def frame(before: Path, after: Path) -> tuple[float, ...]:
    """Where the first page has something it had not: left, top, right, bottom in mm."""
    box = ImageChops.difference(seen(before)[0], seen(after)[0]).getbbox()
    assert box is not None
    return tuple(edge / PX for edge in box)


def picture_in(path: Path) -> bytes:
    with pikepdf.open(path) as pdf:
        found = pdf.pages[0].obj.Resources.XObject.as_dict().values()
        return next(one for one in found if one.Subtype == "/Image").read_raw_bytes()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_frame_is_45_by_16_mm_at_the_top_centre_of_a_page_however_it_was_scanned(tmp_path: Path, turn: int) -> None:
    source = scanned(tmp_path / "a.pdf", turn=turn, ink=((80, 140, 500, 400),))
    assert stamp_copy([source], tmp_path / "out.pdf", CELLS) is True
    left, top, right, bottom = frame(source, tmp_path / "out.pdf")
    assert (right - left, bottom - top) == pytest.approx((45.4, 16.4), abs=0.6)
    assert (left + right) / 2 == pytest.approx(105, abs=0.5)
    assert top == pytest.approx(10, abs=0.5)


def test_the_frame_is_red_and_what_it_says_is_black(tmp_path: Path) -> None:
    stamp_copy([scanned(tmp_path / "a.pdf")], tmp_path / "out.pdf", CELLS)
    [page] = seen(tmp_path / "out.pdf")
    colours = {colour for _, colour in page.getcolors(1 << 20)}
    assert any(red > 180 and green < 40 and blue < 40 for red, green, blue in colours)
    assert any(max(colour) < 40 for colour in colours)


@pytest.mark.parametrize("ink", [(230, 20, 370, 50), (100, 0, 260, 75)])
def test_it_moves_aside_from_what_is_printed_at_the_top(tmp_path: Path, ink: Box) -> None:
    source = scanned(tmp_path / "a.pdf", ink=(ink,))
    assert stamp_copy([source], tmp_path / "out.pdf", CELLS) is True
    left, top, right, bottom = (edge * 72 / 25.4 for edge in frame(source, tmp_path / "out.pdf"))
    assert right < ink[0] or left > ink[2] or bottom < ink[1] or top > ink[3]


def test_it_says_so_where_there_is_no_blank_place(tmp_path: Path) -> None:
    stripes = tuple((0, y, 595, y + 6) for y in range(0, 300, 16))
    source = scanned(tmp_path / "a.pdf", ink=stripes)
    assert stamp_copy([source], tmp_path / "out.pdf", CELLS) is False


def test_several_scans_become_one_copy_and_only_its_first_page_is_stamped(tmp_path: Path) -> None:
    sources = [scanned(tmp_path / "a.pdf", pages=2), scanned(tmp_path / "b.pdf", pages=3)]
    before = [source.read_bytes() for source in sources]
    stamp_copy(sources, tmp_path / "out.pdf", CELLS)
    pages = seen(tmp_path / "out.pdf")
    assert len(pages) == 5
    blank = seen(sources[1])[0]
    assert [ImageChops.difference(page, blank).getbbox() is None for page in pages] == [False, True, True, True, True]
    assert [source.read_bytes() for source in sources] == before
    assert picture_in(tmp_path / "out.pdf") == picture_in(sources[0])


def test_long_and_missing_values_stay_inside_their_cells(tmp_path: Path) -> None:
    source = scanned(tmp_path / "a.pdf")
    stamp_copy([source], tmp_path / "out.pdf", StampCells("", "2026", "12345", "医养结合与托育服务指导科", "永久", ""))
    left, _, right, _ = frame(source, tmp_path / "out.pdf")
    assert right - left == pytest.approx(45.4, abs=0.6)


def test_a_scan_that_is_not_sound_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "坏.pdf").write_bytes(scanned(tmp_path / "a.pdf").read_bytes()[:300])
    with pytest.raises(FileFault, match=r"坏\.pdf"):
        stamp_copy([tmp_path / "坏.pdf"], tmp_path / "out.pdf", CELLS)
    assert not (tmp_path / "out.pdf").exists()
