"""Claims about strokes that were not printed: what is struck out and written in is seen, what is filled in is not."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageDraw

from yiyu.docgen.pdf.printed_text import printed_pages
from yiyu.docgen.scans.difference import DifferenceKind
from yiyu.docgen.scans.ocr_text import pixels
from yiyu.docgen.scans.page_fit import PageFit
from yiyu.docgen.scans.page_ink import ink_differences

Print = Callable[..., list[str]]
SCALE = 200 / 72


@pytest.fixture(scope="module")
def paper(printed: Print, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ink") / "print.pdf"
    printed(path, 1)
    return path


def found(
    paper: Path, strokes: list[tuple[float, float, float, float]], colour: str = "#303030"
) -> list[DifferenceKind]:
    """What is said of the page with lines drawn on it, points from its upper left corner; a little askew and noisy."""
    with contextlib.closing(pypdfium2.PdfDocument(paper.read_bytes())) as pdf:
        picture = pdf[0].render(scale=SCALE).to_pil().convert("RGB")
    draw = ImageDraw.Draw(picture)
    for stroke in strokes:
        draw.line([one * SCALE for one in stroke], fill=colour, width=4)
    grain = np.random.default_rng(3).normal(0, 8, (picture.height, picture.width, 1))
    noisy = Image.fromarray((np.asarray(picture) * 0.94 + grain).clip(0, 255).astype(np.uint8))
    lying = np.array([[SCALE, 0, 1.5], [0, SCALE, -1.5]])  # found to half a millimetre, as lines of text tell it
    back = np.array([[1 / SCALE, 0, -1.5 / SCALE], [0, 1 / SCALE, 1.5 / SCALE]])
    page = printed_pages(paper)[0]
    return [one.kind for one in ink_differences(pixels(noisy), PageFit(lying, back, 9), page, paper, 1)]


def test_a_clean_scan_has_no_stroke_of_its_own(paper: Path) -> None:
    assert found(paper, []) == []


def test_a_line_through_the_text_is_struck_out(paper: Path) -> None:
    row = printed_pages(paper)[0].rows[8]
    left, right, middle = row[3].box.left, row[25].box.right, row[0].box.middle[1]
    assert set(found(paper, [(left, middle - 1, right, middle + 1)])) == {DifferenceKind.STRUCK}


def test_what_a_hand_wrote_between_lines_is_seen_and_the_red_of_a_seal_is_not(paper: Path) -> None:
    rows = printed_pages(paper)[0].rows
    left, top = rows[8][10].box.left, (rows[7][0].box.bottom + rows[8][0].box.top) / 2
    written = [(left + 4 * at, top - 5, left + 4 * at + 7, top + 4) for at in range(3)]
    assert found(paper, written) == [DifferenceKind.HANDWRITING]
    assert found(paper, written, "#f04040") == []
