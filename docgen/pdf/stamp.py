"""Put its page code on every page of a PDF of ours: a QR and a line for the eye."""

import contextlib
import copy
import io
import itertools
import string
import zlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name
from PIL import Image

from yiyu.docgen.page_code import Mark
from yiyu.docgen.pdf.drawing import Drawing
from yiyu.docgen.pdf.qr_code import SQUARES, code_squares
from yiyu.docgen.pdf.source import display_name, sound_pdf
from yiyu.registry.errors import TemplateFault, UserError
from yiyu.registry.files import write_atomic
from yiyu.registry.model import DOC_KIND_LABEL

MM = 72 / 25.4
MODULE = 0.72 * MM
SIDE = SQUARES * MODULE
"""15.1 mm: four pixels a module at 150 dpi, where three were read under heavy noise."""
QUIET = 4 * MODULE
"""Blank around the symbol (ISO/IEC 18004, 6.3.8)."""
FROM_SIDE = 24 * MM
"""From the left or right edge: inside the staples and clear of the 骑缝章."""
FROM_EDGE = 10 * MM, 6 * MM
"""From top or bottom: a page that goes through the scanner 4 degrees askew loses 6 mm there; less where it must be."""
_SIZE, _LEADING = 6.5, 9
_ALPHABET = frozenset(string.printable + "第页共份号" + "".join(DOC_KIND_LABEL.values()))
"""What the lines of our own documents are made of."""
MARK, MARKS_OF_OTHERS = Name.YiyuMark, Name.YiyuMarks
"""What a page calls its mark, and the key of those it would have in the other copies, in their order."""
_INK = 200
"""Grey level below which a pixel is taken for print."""


@dataclass(frozen=True, slots=True)
class _Corner:
    """How far from the edge, whether left and whether at the top."""

    edge: float
    left: bool
    top: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a mark may stand, in points from the top left of the page as it is seen; ``box`` must be blank."""

    symbol: float
    text: float
    top: float
    box: tuple[float, float, float, float]


_Places = dict[_Corner, _Place]


@dataclass(frozen=True, slots=True)
class _Unmarked:
    """A page with its mark, the corners that have room for it, and those that have room for the code alone."""

    page: pikepdf.Page
    mark: Mark
    lines: list[str]
    room: _Places
    code_room: _Places


@dataclass(frozen=True, slots=True)
class Stamping:
    """A PDF each page of which gets ``mark(page, pages)``, and where the stamped one goes."""

    source: Path
    out: Path
    mark: Callable[[int, int], Mark]
    lines: str = ""
    """What the marks are written with, where that of the first page does not say it all."""
    documents: tuple[int, ...] = ()
    """Pages of each document in it; none: it is one."""
    copies: tuple[str, ...] = ("",)
    """Numbers of the originals that will be printed. The pages are those of the first and keep the marks of the others."""


def warm_up() -> None:
    """Make ready what the first marks of a process need: the library for drawing, and the characters of their lines."""
    Drawing(_ALPHABET)


def stamp(wanted: Sequence[Stamping]) -> list[int | UserError]:
    """Write each PDF with its marks; of each the number of pages, or FileFault (not sound), TemplateFault (no room).

    The code stands once more at the other end of the page, in the corner across if that is blank, else above or below: one that is covered, torn off or sealed over leaves the other.

    A mark stands in the first corner that is blank on every page of its document: top left, bottom left, top right,
    bottom right, then the same nearer to the edge; where none is, on each page in the first that is. The 归档章 has the top centre (DA/T 22-2015). Dates are left out, and one drawing serves only
    PDFs that need the same characters, so that a document converted again gives the same bytes in whatever company.
    """
    groups: dict[frozenset[str], list[int]] = {}
    for at, one in enumerate(wanted):
        groups.setdefault(frozenset(one.lines or one.mark(1, 1).line) - _ALPHABET, []).append(at)
    done: dict[int, int | UserError] = {}
    for more, those in groups.items():
        done |= zip(those, _stamped(Drawing([*_ALPHABET, *more]), [wanted[at] for at in those]), strict=True)
    return [done[at] for at in range(len(wanted))]


def _stamped(drawing: Drawing, wanted: Sequence[Stamping]) -> Iterator[int | UserError]:
    """Draw the marks of all, then lay them over: to make a font for each PDF took most of the time."""
    drawn: list[tuple[int, int] | UserError] = []
    for one in wanted:
        first = drawing.pages
        try:
            _mark_pages(drawing, one)
            drawn.append((first, drawing.pages))
        except UserError as error:
            drawn.append(error)
    marks = drawing.finish() if drawing.pages else pikepdf.Pdf.new()
    for one, span in zip(wanted, drawn, strict=True):
        if isinstance(span, UserError):
            yield span
            continue
        try:
            _lay_marks(one, marks, span)
            yield (span[1] - span[0]) // len(one.copies)
        except UserError as error:
            yield error


def _lay_marks(wanted: Stamping, marks: pikepdf.Pdf, span: tuple[int, int]) -> None:
    with sound_pdf(wanted.source) as pdf:
        for page, at in zip(pdf.pages, range(*span, len(wanted.copies)), strict=True):
            lay_over(pdf, page, marks.pages[at], MARK)
            others = range(at + 1, at + len(wanted.copies))
            if others:
                page.obj[MARKS_OF_OTHERS] = pikepdf.Array([_form(pdf, marks.pages[other]) for other in others])
        _strip_dates(pdf)
        made = raw_bytes(pdf)
    write_atomic(wanted.out, made)


def _mark_pages(drawing: Drawing, wanted: Stamping) -> None:
    with sound_pdf(wanted.source) as pdf, contextlib.closing(_pictures(wanted.source)) as pictures:
        total, pages = len(pdf.pages), enumerate(pdf.pages, start=1)
        for count in wanted.documents or (total,):
            document = []
            for at, page in itertools.islice(pages, count):
                one = _unmarked(page, wanted.mark(at, total), next(pictures), drawing)
                if not one.room:
                    raise TemplateFault(
                        f"第 {at} 页的四角都没有放页面码的空白",
                        where=display_name(wanted.source),
                        remedy="请把模板的上边距或下边距留到 25 毫米，并让出页边靠左或靠右的一角",
                    )
                document.append(one)
            _draw_document(drawing, document, wanted.copies)


def _unmarked(page: pikepdf.Page, mark: Mark, picture: Image.Image, drawing: Drawing) -> _Unmarked:
    lines = [part for part in mark.line.partition(" ")[::2] if part]
    widest = max(drawing.width(part, _SIZE) for part in lines)
    room, code_room = (
        {corner: place for corner, place in _places(picture.size, text) if _blank(picture, place.box)}
        for text in (widest, 0)
    )
    return _Unmarked(page, mark, lines, room, code_room)


def _draw_document(drawing: Drawing, document: Sequence[_Unmarked], copies: Sequence[str]) -> None:
    everywhere = [corner for corner in document[0].room if all(corner in one.room for one in document)]
    common = [corner for corner in document[0].code_room if all(corner in one.code_room for one in document)]
    for one in document:
        first = (everywhere or list(one.room))[0]
        second = next(_across(first, common), None) or next(_across(first, one.code_room), None)
        for mark in map(one.mark.of_copy, copies):
            begin_over(drawing, one.page)
            rows = code_squares(mark.code)
            shown = [*one.lines, f"份号 {mark.copy}"] if mark.copy else one.lines
            _draw(drawing, rows, shown, one.room[first])
            if second:
                _draw(drawing, rows, [], one.code_room[second])


def _across(first: _Corner, corners: Iterable[_Corner]) -> Iterator[_Corner]:
    """The corners at the other end of the page, those further from the edge first, of two alike the one on the other side."""
    other = [one for one in corners if one.top != first.top]
    return iter(sorted(other, key=lambda one: (-one.edge, one.left == first.left)))


def raw_bytes(pdf: pikepdf.Pdf) -> bytes:
    """The file with every stream as it is: decoding and deflating again made text pages six times slower."""
    made = io.BytesIO()
    pdf.save(made, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none, deterministic_id=True)
    return made.getvalue()


def _pictures(source: Path) -> Generator[Image.Image]:
    """Each page in grey as it is seen, a pixel a point."""
    with source.open("rb") as stream, contextlib.closing(pypdfium2.PdfDocument(stream)) as document:
        for page in document:
            yield page.render(scale=1, grayscale=True).to_pil()


def symbols(width: float, height: float) -> Iterator[tuple[_Corner, float, float]]:
    """Where a code may stand on a page of this size, the likeliest first: the left and the upper edge of the symbol."""
    for edge, left, top in itertools.product(FROM_EDGE, (True, False), (True, False)):
        across = FROM_SIDE if left else width - FROM_SIDE - SIDE
        yield _Corner(edge, left, top), across, edge if top else height - edge - SIDE


def _places(page: tuple[int, int], text: float) -> Iterator[tuple[_Corner, _Place]]:
    """Places of a code with ``text`` points of lines beside it; 0 for none."""
    width, height = page
    for corner, symbol, down in symbols(width, height):
        start = symbol + SIDE + QUIET if corner.left else symbol - QUIET - text
        sides = min(symbol - QUIET, start), max(symbol + SIDE + QUIET, start + text)
        box = (sides[0], down - QUIET, sides[1], down + SIDE + QUIET)
        if box[0] >= 0 and box[1] >= 0 and box[2] <= width and box[3] <= height:
            yield corner, _Place(symbol, start, down, box)


def _blank(picture: Image.Image, box: tuple[float, float, float, float]) -> bool:
    histogram = picture.crop(box).histogram()
    return not any(histogram[:_INK])


def _draw(drawing: Drawing, rows: Sequence[Sequence[int]], lines: list[str], place: _Place) -> None:
    drawing.squares(rows, place.symbol, place.top, MODULE)
    baseline = place.top + SIDE / 2 - _LEADING * (len(lines) / 2 - 1) - 2
    for row, line in enumerate(lines):
        drawing.text(place.text, baseline + row * _LEADING, _SIZE, line)


def begin_over(drawing: Drawing, page: pikepdf.Page) -> None:
    """Begin a page as large as ``page`` is seen, to be laid over it."""
    left, bottom, right, top = _seen(page)
    turned = int(page.obj.get("/Rotate", 0)) % 180 == 90
    drawing.page(*((top - bottom, right - left) if turned else (right - left, top - bottom)))


def lay_over(pdf: pikepdf.Pdf, page: pikepdf.Page, drawn: pikepdf.Page, name: Name) -> None:
    """Lay a page begun by ``begin_over`` over the page as it is seen: turned as that is, within its crop box.

    ``name`` is what the page's resources call it; another kind of drawing has another, or it would take its place.
    """
    form = _form(pdf, drawn)
    show_as(page.obj, name, form)
    placed = page.calc_form_xobject_placement(form, name, pikepdf.Rectangle(*_seen(page)), allow_shrink=False)
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"\nQ " + placed)


def show_as(page: pikepdf.Object, name: Name, form: pikepdf.Object) -> None:
    """Let a page call ``form`` by ``name``. Pages may share their resources: it gets its own list, the things listed stay shared."""
    resources = copy.copy(page.get("/Resources", Dictionary()))
    objects = copy.copy(resources.get("/XObject", Dictionary()))
    objects[name] = form
    resources.XObject = objects
    page.Resources = resources


def _form(pdf: pikepdf.Pdf, drawn: pikepdf.Page) -> pikepdf.Object:
    form = pdf.copy_foreign(drawn.as_form_xobject())
    form.write(zlib.compress(form.read_bytes()), filter=Name.FlateDecode)
    return form


def _seen(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """The part of the paper that shows: where crop box and media box overlap, lower left corner first."""
    boxes = [[float(edge) for edge in box] for box in (page.mediabox, page.cropbox)]
    sorted_boxes = [(min(a, c), min(b, d), max(a, c), max(b, d)) for a, b, c, d in boxes]
    (a, b, c, d), (e, f, g, h) = sorted_boxes
    return max(a, e), max(b, f), min(c, g), min(d, h)


def _strip_dates(pdf: pikepdf.Pdf) -> None:
    """Take out what two conversions of one document differ in."""
    information = pdf.trailer.get("/Info", Dictionary())
    dated = ((information, "/CreationDate"), (information, "/ModDate"), (pdf.Root, "/Metadata"))
    for holder, key in (*dated, (pdf.trailer, "/DocChecksum"), (pdf.trailer, "/ID")):
        if key in holder:
            del holder[key]
