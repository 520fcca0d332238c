"""归档章 on a copy: a red frame of six cells at the top centre of the first page.

Source: DA/T 22-2015; domain.md#archive-rules.
"""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from pikepdf import Name
from PIL import Image

from yiyu.docgen.pdf.drawing import Drawing
from yiyu.docgen.pdf.source import sound_pdf
from yiyu.docgen.pdf.stamp import MM, begin_over, lay_over, raw_bytes
from yiyu.registry.files import write_atomic

COLUMNS, ROWS = 3, 2
CELL = 15 * MM, 8 * MM
WIDE, HIGH = COLUMNS * CELL[0], ROWS * CELL[1]
"""45 by 16 mm."""
_TOPS = tuple(mm * MM for mm in (10, 8, 12, 6, 14, 16, 18, 20, 4))
"""From the top edge of the page, best first: 版心 begins at 37 mm (GB/T 9704-2012)."""
_ASIDE = tuple(mm * MM for mm in (0, -10, 10, -20, 20))
"""From the middle."""
_ROOM = 1.5 * MM
_LINE = 0.35 * MM
_RED, _BLACK = (204, 0, 0), 0
_LARGEST, _READABLE = 11.0, 6.5
"""Points; a value that would be smaller than the second in one line takes two."""
_WITHIN = CELL[0] - 2 * MM
_DARKER, _SPECKS = 50, 0.001
"""Grey levels below the paper that count as print, and the share of it that dust may have."""


@dataclass(frozen=True, slots=True)
class StampCells:
    """What stands in the six cells, row by row; all texts, "" where the office has none."""

    fonds: str
    year: str
    serial: str
    office: str
    term: str
    pages: str

    @property
    def rows(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        return (self.fonds, self.year, self.serial), (self.office, self.term, self.pages)


def stamp_copy(sources: Sequence[Path], out: Path, cells: StampCells) -> bool:
    """Write the pages of ``sources`` as one PDF with the 归档章 on the first to ``out``; whether its place was blank.

    No picture is encoded anew, and the sources are only read. Where no place at the top is blank, the emptiest is taken.
    Raises FileFault for a source that is not sound, or digitally signed: its signature would not hold in a copy.
    """
    with contextlib.ExitStack() as stack:
        pdf, *others = [stack.enter_context(sound_pdf(source)) for source in sources]
        for other in others:
            pdf.pages.extend(other.pages)
        picture = _first_page(sources[0])
        left, top, blank = _place(picture)
        drawing = Drawing(text for row in cells.rows for text in row)
        begin_over(drawing, pdf.pages[0])
        _draw(drawing, cells, left, top)
        drawn = drawing.finish()
        lay_over(pdf, pdf.pages[0], drawn.pages[0], Name.YiyuArchiveStamp)
        made = raw_bytes(pdf)
    write_atomic(out, made)
    return blank


def _first_page(source: Path) -> Image.Image:
    """In grey as it is seen, a pixel a point."""
    with source.open("rb") as stream, contextlib.closing(pypdfium2.PdfDocument(stream)) as document:
        picture: Image.Image = document[0].render(scale=1, grayscale=True).to_pil()
    return picture


def _place(picture: Image.Image) -> tuple[float, float, bool]:
    """Left and top of the frame, and whether nothing is printed there."""
    counts = picture.histogram()
    paper = max(range(256), key=counts.__getitem__)
    tried = [(_print(picture, left, top, paper), left, top) for left, top in _places(picture.width)]
    free = next((one for one in tried if one[0] <= _SPECKS), None)
    share, left, top = free or min(tried, key=lambda one: one[0])
    return left, top, share <= _SPECKS


def _places(width: int) -> Iterator[tuple[float, float]]:
    middle = (width - WIDE) / 2
    for aside in _ASIDE:
        for top in _TOPS:
            yield max(0.0, middle + aside), top


def _print(picture: Image.Image, left: float, top: float, paper: int) -> float:
    """The share of a place that is darker than the paper."""
    box = (round(left - _ROOM), round(top - _ROOM), round(left + WIDE + _ROOM), round(top + HIGH + _ROOM))
    counts = picture.crop((max(box[0], 0), max(box[1], 0), *box[2:])).histogram()
    return sum(counts[: max(0, paper - _DARKER)]) / sum(counts)


def _draw(drawing: Drawing, cells: StampCells, left: float, top: float) -> None:
    """The frame and its six values."""
    wide, high = CELL
    drawing.colour(*_RED)
    drawing.frame(left, top, WIDE, HIGH, _LINE)
    for at in range(1, COLUMNS):
        drawing.line(left + wide * at, top, left + wide * at, top + HIGH, _LINE)
    for at in range(1, ROWS):
        drawing.line(left, top + high * at, left + WIDE, top + high * at, _LINE)
    drawing.colour(_BLACK)
    for row, texts in enumerate(cells.rows):
        for column, text in enumerate(texts):
            _draw_value(drawing, text, left + wide * (column + 0.5), top + high * (row + 0.5))


def _draw_value(drawing: Drawing, text: str, x: float, y: float) -> None:
    """Write ``text`` in the middle of a cell around (x, y): as large as fits, in two lines if need be."""
    if not text:
        return
    half = (len(text) + 1) // 2
    lines = [text] if drawing.width(text, _READABLE) <= _WITHIN else [text[:half], text[half:]]
    size = min(_LARGEST / len(lines), *(_WITHIN / drawing.width(line, 1) for line in lines))
    for at, line in enumerate(lines):
        down = (at - (len(lines) - 1) / 2) * size * 1.15 + size * 0.35
        drawing.text(x, y + down, size, line, to=0.5)
