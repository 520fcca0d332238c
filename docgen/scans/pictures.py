"""The pages of a scan as pictures, as a viewer shows them: out of a PDF, JPEG, PNG, TIFF, WEBP or HEIC."""

import contextlib
import io
import math
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

import pikepdf
import pypdfium2
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from yiyu.docgen.pdf.source import display_name, is_pdf, is_signed, sound_pdf
from yiyu.docgen.scans.pdf_pictures import LONGEST_SIDE, MOST_DECODED, drawn, is_print, only_jpeg
from yiyu.registry.errors import FileFault
from yiyu.registry.files import read_bytes

_QUICK = 800
"""Pixels over the short side: A4 at 97 dpi. There nine of ten codes are read in a third of the time."""
_MOST_BYTES = 128 * 1024 * 1024
_AFRESH = 40
"""Pages after which a document is opened anew: PDFium keeps the fonts of all it has drawn, 0.7 MB for a page of ours."""
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP")
_COLOURED = ("P", "PA", "YCbCr", "LAB")
_BYTES = {"L": 1, "1": 2, "P": 5}
"""A pixel takes where it is not 4, with the copy that is made of it."""
_JPEG = b"\xff\xd8\xff"
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
"""Brands of pictures of telephones (ISO/IEC 23008-12, annex B)."""
_DAMAGE = (
    *(OSError, SyntaxError, ValueError, EOFError, struct.error),
    *(pikepdf.PdfError, RuntimeError, pypdfium2.PdfiumError, AttributeError, KeyError, TypeError, ArithmeticError),
)
"""How the libraries say that content breaks off or contradicts itself."""
_DISPLAYED = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
"""By degrees clockwise."""
_CAMERA_TURNS = {3: 180, 6: 90, 8: 270}
"""Exif orientation to degrees clockwise."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page in grey or RGB: ``quick`` is small, ``at_least`` gives it with so many pixels over the short side, if it has them.

    ``printed``: it is no picture of paper but drawn, and its file has no signature.
    """

    quick: Image.Image
    at_least: Callable[[int], Image.Image]
    printed: bool = False


@dataclass(frozen=True, slots=True)
class OpenScan:
    """``page`` gives one, from 1. It raises TooLarge for one that claims too much, FileFault for a damaged one.

    ``locked``: an owner password forbids to change the file; everyone may read it.
    """

    pages: int
    page: Callable[[int], Picture]
    locked: bool = False


class TooLarge(Exception):
    """A page that would not fit into memory."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[OpenScan]:
    """Open a scan to take its pages one at a time.

    Raises FileFault naming the file for one that is missing, empty, no scan, encrypted or damaged; also while its pages
    are taken. ``sound_pdf`` says what is wrong with a PDF.
    """
    if path.exists() and not path.is_file():
        raise FileFault("不是普通文件", where=display_name(path))
    with (_pdf if is_pdf(path) else _image)(path) as scan:
        yield scan


@contextlib.contextmanager
def _image(path: Path) -> Iterator[OpenScan]:
    data = read_bytes(path, limit=_MOST_BYTES)
    if not data:
        raise FileFault("是空文件（0 字节）", where=display_name(path))
    formats = (*_FORMATS, *_heif(data, path))
    try:
        image = Image.open(io.BytesIO(data), formats=formats)
    except UnidentifiedImageError as error:
        if len(formats) > len(_FORMATS):
            raise _damaged(path) from error
        raise FileFault("不是 PDF，也不是能读的图片", where=display_name(path)) from error
    except _DAMAGE as error:
        raise _damaged(path) from error
    with image:
        # What telephones add to a JPEG (previews, depth) or HEIC is no page.
        pages = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1

        def page(number: int) -> Picture:
            with _telling_damage(path, number):
                if data.startswith(_JPEG):
                    return _jpeg(data, _CAMERA_TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1), 0))
                return _frame(image, number)

        yield OpenScan(pages, page)


def _heif(data: bytes, path: Path) -> tuple[str, ...]:
    """The format of telephones where the file is one, with its reader made known."""
    if data[4:8] != b"ftyp" or data[8:12] not in _HEIF:
        return ()
    try:
        import pillow_heif
    except ImportError as error:
        what = "没有安装读 HEIC 图片的组件（pip install 'yiyu[scan]'），也可在手机上存成 JPEG"
        raise FileFault(what, where=display_name(path)) from error
    pillow_heif.register_heif_opener(thumbnails=False)
    return ("HEIF",)


def _frame(image: Image.Image, number: int) -> Picture:
    if number > 1:
        image.seek(number - 1)
    if image.width * image.height * _BYTES.get(image.mode, 4) > MOST_DECODED:
        raise TooLarge
    # Made smaller before anything else: every copy of a large one takes a hundred megabytes.
    plain = (
        image
        if image.mode in ("L", "RGB", "RGBA", "CMYK")
        else image.convert("RGB" if image.mode in _COLOURED else "L")
    )
    fine = _smaller(plain, 2400)
    fine = ImageOps.exif_transpose(fine if fine.mode in ("L", "RGB") else fine.convert("RGB"))
    return Picture(_smaller(fine, _QUICK), lambda side: _smaller(fine, side))


@contextlib.contextmanager
def _pdf(path: Path) -> Iterator[OpenScan]:
    with (
        sound_pdf(path, signed_too=True, locked_too=True) as pdf,
        path.open("rb") as stream,
        contextlib.ExitStack() as stack,
    ):
        drawing, signed = _Drawing(stream, stack), is_signed(pdf)

        def page(number: int) -> Picture:
            with _telling_damage(path, number):
                sheet = pdf.pages[number - 1]
                if any(abs(float(edge)) > LONGEST_SIDE for edge in sheet.mediabox):
                    raise TooLarge
                named = drawn(sheet)
                if named is None:
                    raise TooLarge
                if jpeg := only_jpeg(sheet, named):
                    return _jpeg(jpeg, int(sheet.obj.get("/Rotate", 0)) % 360)
                return replace(drawing.page(number), printed=not signed and is_print(sheet, named))

        yield OpenScan(len(pdf.pages), page, locked=pdf.is_encrypted)


class _Drawing:
    """Pages drawn by PDFium, opened anew now and then."""

    def __init__(self, stream: IO[bytes], stack: contextlib.ExitStack) -> None:
        self._stream, self._stack = stream, stack
        self._document: pypdfium2.PdfDocument | None = None
        self._count = 0

    def page(self, number: int) -> Picture:
        if self._document is None or self._count == _AFRESH:
            self._stack.close()
            self._document = self._stack.enter_context(contextlib.closing(pypdfium2.PdfDocument(self._stream)))
            self._count = 0
        self._count += 1
        sheet = self._document[number - 1]
        width, height = sheet.get_size()
        short = max(1.0, min(width, height))

        def rendered(side: int) -> Image.Image:
            """A huge page smaller. In colour: PDFium takes twice as long for grey."""
            most = math.sqrt(MOST_DECODED / 4 / max(1.0, width * height))
            picture: Image.Image = sheet.render(scale=min(side / short, most)).to_pil()
            return picture

        return Picture(rendered(_QUICK), rendered)


def _jpeg(data: bytes, turn: int) -> Picture:
    """Decode at the size wanted, which JPEG does faster than in full and from any size; ``turn`` clockwise to be upright."""
    made: dict[tuple[int, int], Image.Image] = {}

    def decoded(side: int) -> Image.Image:
        image = Image.open(io.BytesIO(data), formats=["JPEG"])
        image.draft("RGB" if image.mode == "RGB" else None, (side, side))
        # No JPEG is decoded twice at one size.
        if image.size not in made:
            made[image.size] = unpacked(image)
        return made[image.size]

    def unpacked(image: Image.Image) -> Image.Image:
        if image.width * image.height * _BYTES.get(image.mode, 4) > MOST_DECODED:
            raise TooLarge
        plain = image if image.mode in ("L", "RGB") else image.convert("RGB")
        plain.load()
        return plain.transpose(_DISPLAYED[turn]) if turn else plain

    return Picture(decoded(_QUICK), decoded)


def _smaller(image: Image.Image, side: int) -> Image.Image:
    """The picture made smaller by a whole number as long as its short side stays ``side``."""
    factor = min(image.size) // side
    return image.reduce(factor) if factor > 1 else image


@contextlib.contextmanager
def _telling_damage(path: Path, number: int) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise _damaged(path, f"第 {number} 页的") from error


def _damaged(path: Path, place: str = "") -> FileFault:
    return FileFault(f"{place}图像已损坏，无法完整读出", where=display_name(path))
