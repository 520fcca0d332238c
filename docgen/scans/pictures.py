"""The pages of a scan as pictures, as a viewer shows them: out of a PDF, JPEG, PNG or TIFF."""

import contextlib
import functools
import io
import math
import struct
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name
from PIL import ExifTags, Image, UnidentifiedImageError

from yiyu.docgen.pdf.source import display_name, sound_pdf
from yiyu.registry.errors import FileFault
from yiyu.registry.files import read_bytes

_DPI, _DPI_AGAIN = 200, 300
_MOST_PIXELS = 40_000_000
"""A4 at 600 dpi or A3 at 400; a page that claims more is no scan of a document."""
_LONGEST_SIDE = 14_400
"""Points: the largest page that readers need to show (ISO 32000-1, annex C)."""
_MOST_BYTES = 128 * 1024 * 1024
_LEAST_SIDE = 1200
"""Pixels over the short side: A4 at 145 dpi. A JPEG of twice that is decoded at half size, in half the time."""
_SMALL_SIDE = 400
"""A4 at 50 dpi: enough to see a seal."""
_AFRESH = 40
"""Pages after which a document is opened anew: PDFium keeps the fonts of all it has drawn, 0.7 MB for a page of ours."""
_FORMATS = ("JPEG", "PNG", "TIFF")
_COLOURED = ("P", "PA", "YCbCr", "LAB")
_JPEG = b"\xff\xd8\xff"
_SHORT = 1000
"""Bytes of the instructions that show one picture, with room to spare."""
_DAMAGE = (
    *(OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError),
    *(pikepdf.PdfError, RuntimeError, pypdfium2.PdfiumError, AttributeError, KeyError, TypeError, ArithmeticError),
)
"""How the libraries say that content breaks off, contradicts itself or claims too much."""
_DISPLAYED = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
"""By degrees clockwise."""
_CAMERA_TURNS = {3: 180, 6: 90, 8: 270}
"""Exif orientation to degrees clockwise."""


@dataclass(frozen=True, slots=True)
class Picture:
    """``grey`` for codes, ``small`` in the scan's own colours; ``again`` makes a finer one where there is one.

    ``colour`` gives it as fine as there is, up to A4 at 290 dpi, in its own colours: for reading text.
    """

    grey: Image.Image
    small: Image.Image
    again: Callable[[], Image.Image] | None
    colour: Callable[[], Image.Image]


@contextlib.contextmanager
def pictures(path: Path, *, only: Collection[int] = ()) -> Iterator[tuple[int, Iterator[Picture]]]:
    """Open a scan: its number of pages, and the pages one at a time; ``only`` names some, from 1, where not all are wanted.

    Raises FileFault naming the file for one that is missing, empty, no scan, encrypted, damaged or too large; also
    while its pages are taken. ``sound_pdf`` says what is wrong with a PDF.
    """
    if path.exists() and not path.is_file():
        raise FileFault("不是普通文件", where=display_name(path))
    with (_pdf if path.suffix.lower() == ".pdf" else _image)(path, only) as opened:
        yield opened


@contextlib.contextmanager
def _image(path: Path, only: Collection[int]) -> Iterator[tuple[int, Iterator[Picture]]]:
    data = read_bytes(path, limit=_MOST_BYTES)
    if not data:
        raise FileFault("是空文件（0 字节）", where=display_name(path))
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except UnidentifiedImageError as error:
        raise FileFault("不是 PDF，也不是 JPEG、PNG 或 TIFF 图片", where=display_name(path)) from error
    except _DAMAGE as error:
        raise _damaged(path, error) from error
    with image:
        # What telephones add to a JPEG (previews, depth) is no page.
        pages = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
        yield pages, _frames(path, data, image, only or range(1, pages + 1))


def _frames(path: Path, data: bytes, image: Image.Image, numbers: Iterable[int]) -> Iterator[Picture]:
    for number in numbers:
        with _telling_damage(path, number):
            if data.startswith(_JPEG):
                yield _jpeg(data, _CAMERA_TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1), 0))
                continue
            image.seek(number - 1)
            _check_size(image)
            # Made smaller before anything else: every copy of a large one takes a hundred megabytes.
            plain = (
                image
                if image.mode in ("L", "RGB", "RGBA", "CMYK")
                else image.convert("RGB" if image.mode in _COLOURED else "L")
            )
            fine = _smaller(plain, 2 * _LEAST_SIDE)
            fine = fine if fine.mode in ("L", "RGB") else fine.convert("RGB")
            yield Picture(
                _smaller(fine, _LEAST_SIDE).convert("L"),
                _smaller(fine, _SMALL_SIDE),
                functools.partial(fine.convert, "L"),
                fine.copy,
            )


@contextlib.contextmanager
def _pdf(path: Path, only: Collection[int]) -> Iterator[tuple[int, Iterator[Picture]]]:
    with sound_pdf(path, signed_too=True) as pdf, path.open("rb") as stream:
        yield len(pdf.pages), _pages(path, pdf, stream, only or range(1, len(pdf.pages) + 1))


def _pages(path: Path, pdf: pikepdf.Pdf, stream: IO[bytes], numbers: Iterable[int]) -> Iterator[Picture]:
    with contextlib.ExitStack() as stack:
        document: pypdfium2.PdfDocument | None = None
        for count, number in enumerate(numbers):
            page = pdf.pages[number - 1]
            if count % _AFRESH == 0:
                stack.close()
                document = None
            with _telling_damage(path, number):
                named = _drawn(page)
                if jpeg := _only_jpeg(page, named):
                    yield _jpeg(jpeg, int(page.obj.get("/Rotate", 0)) % 360)
                    continue
                if document is None:
                    document = stack.enter_context(contextlib.closing(pypdfium2.PdfDocument(stream)))
                with contextlib.closing(document[number - 1]) as sheet:
                    drawn = _rendered(sheet, _DPI)
                    finer = functools.partial(_rendered, sheet, _DPI_AGAIN)
                    yield Picture(drawn.convert("L"), _smaller(drawn, _SMALL_SIDE), finer, drawn.copy)


def _drawn(page: pikepdf.Page) -> list[pikepdf.Object]:
    """What the page can draw by name. What claims too many pixels is refused: PDFium would show a blank page."""
    if any(abs(float(edge)) > _LONGEST_SIDE for edge in page.mediabox):
        raise Image.DecompressionBombError
    drawn = _named(page.obj)
    pending, seen = list(drawn), set()
    while pending:
        one = pending.pop()
        if one.objgen in seen:
            continue
        seen.add(one.objgen)
        if int(one.get("/Width", 0)) * int(one.get("/Height", 0)) > _MOST_PIXELS:
            raise Image.DecompressionBombError
        pending += _named(one)
    return drawn


def _named(drawing: pikepdf.Object) -> list[pikepdf.Object]:
    """The pictures and forms that a page or a form can draw."""
    return list(drawing.get("/Resources", Dictionary()).get("/XObject", Dictionary()).as_dict().values())


def _only_jpeg(page: pikepdf.Page, drawn: list[pikepdf.Object]) -> bytes | None:
    """The JPEG file in a page that is nothing but one picture, upright and as large as the page; else None."""
    contents = page.obj.get("/Contents")
    if len(drawn) != 1 or not isinstance(contents, pikepdf.Stream) or len(contents.read_raw_bytes()) > _SHORT:
        return None
    image = drawn[0]
    plain = image.get("/Filter") == Name.DCTDecode and not {"/SMask", "/Mask", "/Decode"} & set(image.keys())
    steps = [(str(step.operator), step.operands) for step in pikepdf.parse_content_stream(page)]
    if not plain or [name for name, _ in steps] not in (["cm", "Do"], ["q", "cm", "Do", "Q"]):
        return None
    placed = next([float(number) for number in operands] for name, operands in steps if name == "cm")
    left, bottom, right, top = (float(edge) for edge in page.mediabox)
    fills = math.isclose(placed[0], right - left, rel_tol=0.1) and math.isclose(placed[3], top - bottom, rel_tol=0.1)
    return image.read_raw_bytes() if fills and placed[1] == placed[2] == 0 else None


def _jpeg(data: bytes, turn: int) -> Picture:
    """Decode twice at the sizes wanted, which JPEG does faster than once in full; ``turn`` clockwise to be upright."""

    def decoded(side: int, mode: str | None) -> Image.Image:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
        _check_size(image)
        image.draft(mode if image.mode == "RGB" else None, (side, side))
        return image.transpose(_DISPLAYED[turn]) if turn else image

    grey = decoded(_LEAST_SIDE, "L").convert("L")
    small = decoded(_SMALL_SIDE, None)
    finest = functools.partial(decoded, 2 * _LEAST_SIDE)
    return Picture(grey, _smaller(small, _SMALL_SIDE), lambda: finest("L").convert("L"), lambda: finest(None))


def _smaller(image: Image.Image, side: int) -> Image.Image:
    """The picture made smaller by a whole number as long as its short side stays ``side``."""
    factor = min(image.size) // side
    return image.reduce(factor) if factor > 1 else image


def _rendered(sheet: pypdfium2.PdfPage, dpi: int) -> Image.Image:
    """Draw a page, a huge one smaller. In colour: PDFium takes twice as long for grey."""
    width, height = sheet.get_size()
    scale = min(dpi / 72, math.sqrt(_MOST_PIXELS / max(1, width * height)))
    drawn: Image.Image = sheet.render(scale=scale).to_pil()
    return drawn


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > _MOST_PIXELS:
        raise Image.DecompressionBombError


@contextlib.contextmanager
def _telling_damage(path: Path, number: int) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise _damaged(path, error, f"第 {number} 页的") from error


def _damaged(path: Path, error: Exception, place: str = "") -> FileFault:
    if isinstance(error, Image.DecompressionBombError):
        return FileFault(f"{place}图像过大（超过 {_MOST_PIXELS // 10_000} 万像素）", where=display_name(path))
    return FileFault(f"{place}图像已损坏，无法完整读出", where=display_name(path))
