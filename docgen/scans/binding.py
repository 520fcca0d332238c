"""One PDF from pages of many scans, not a page of it encoded anew."""

import contextlib
import io
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdf

from yiyu.docgen.pdf.source import display_name, is_pdf, is_signed, sound_pdf
from yiyu.docgen.pdf.stamp import raw_bytes
from yiyu.docgen.scans.halves import half_box
from yiyu.docgen.scans.page import Half
from yiyu.docgen.scans.reading import as_jpeg
from yiyu.docgen.scans.tiff_strips import joined_jpeg
from yiyu.registry.errors import FileFault, ProgramFault
from yiyu.registry.files import read_bytes, replacing

_A4 = (595.28, 841.89)
_MOST_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """Page ``page`` (from 1) of the scan ``path``; ``turn`` clockwise sets it upright as a viewer shows it.

    ``half``: the part of the upright sheet that is the page.
    """

    path: Path
    page: int
    turn: int = 0
    half: Half = Half.WHOLE


def bind(pages: Sequence[ScannedPage], out: Path) -> bool:
    """Write ``pages`` in this order to ``out``, whole or not at all; the same input gives the same bytes.

    The bytes of every picture stay as they came; a page is set upright by its /Rotate, half a sheet is shown by its boxes.
    Only the pictures of telephones that PDF does not know (HEIC, WEBP) become JPEGs. A digitally signed PDF whose
    pages are these, in order and upright, becomes ``out`` byte for byte, so that its signature holds. Of other pages of
    one the seal stays as a picture, and True says that the signature holds only in the file that came in. What was
    written is read back by a second library before it takes its name. Raises FileFault for a source that is not sound.
    """
    bound = pikepdf.Pdf.new()
    with contextlib.ExitStack() as stack:
        opened: dict[tuple[Path, int], pikepdf.Pdf] = {}
        signed = False
        for one in pages:
            # Of a PDF all pages at once, of a TIFF each for itself.
            source, place = ((one.path, 1), one.page - 1) if is_pdf(one.path) else ((one.path, one.page), 0)
            if source not in opened:
                opened[source] = stack.enter_context(_opened(*source))
                signed |= is_signed(opened[source])
                _flatten(opened[source])
            sheet = opened[source].pages[place]
            bound.pages.append(sheet)
            _show(bound.pages[-1], sheet, one)
        (first, _), source_pdf = next(iter(opened.items()))
        every = [ScannedPage(first, number) for number in range(1, len(source_pdf.pages) + 1)]
        as_signed = signed and list(pages) == every and not source_pdf.is_encrypted
        data = read_bytes(first, limit=_MOST_BYTES) if as_signed else raw_bytes(bound)
    turns = [int(page.obj.get("/Rotate", 0)) % 360 for page in bound.pages]
    with replacing(out, check=lambda written: _read_back(written, turns)) as temporary:
        temporary.write_bytes(data)
    return signed and not as_signed


def _show(page: pikepdf.Page, sheet: pikepdf.Page, wanted: ScannedPage) -> None:
    """Set ``page``, a copy of ``sheet``, upright, and let its boxes show the half wanted: the other stays in the picture.

    All by ``sheet``: the second copy of one begins as the first has become.
    """
    turn = (wanted.turn + int(sheet.obj.get("/Rotate", 0))) % 360
    page.rotate(turn, relative=False)
    if wanted.half:
        left, bottom, right, top = (float(edge) for edge in sheet.cropbox)
        wide, high = right - left, top - bottom
        box = half_box(wanted.half, turn)
        shown = pikepdf.Array([left + box[0] * wide, top - box[3] * high, left + box[2] * wide, top - box[1] * high])
        page.obj.MediaBox = page.obj.CropBox = shown


def _flatten(pdf: pikepdf.Pdf) -> None:
    """Make fields part of their pages: outside its file a field means nothing, and readers would not show its seal."""
    if "/AcroForm" not in pdf.Root:
        return
    pdf.flatten_annotations("all")
    for page in pdf.pages:
        notes = page.obj.get("/Annots", pikepdf.Array())
        page.obj.Annots = pikepdf.Array([note for note in notes if note.get("/Subtype") != "/Widget"])


def _opened(path: Path, number: int) -> contextlib.AbstractContextManager[pikepdf.Pdf]:
    return sound_pdf(path, signed_too=True, locked_too=True) if is_pdf(path) else _picture(path, number)


@contextlib.contextmanager
def _picture(path: Path, number: int) -> Iterator[pikepdf.Pdf]:
    """Make one picture of a file a page of A4 that holds its bytes."""
    try:
        import img2pdf
    except ImportError as error:
        raise ProgramFault("没有安装装订图片的组件", remedy="请运行 pip install 'yiyu[scan]' 后再试") from error
    data = read_bytes(path, limit=_MOST_BYTES)
    if data[4:8] == b"ftyp" or data[:4] == b"RIFF":  # HEIC and WEBP, which PDF does not know
        data = as_jpeg(path)
    layout = img2pdf.get_layout_fun(_A4, auto_orient=True)
    try:
        made = img2pdf.convert(
            joined_jpeg(data, number) or (_tiff_from(data, number) if number > 1 else data),
            first_frame_only=True,
            layout_fun=layout,
            rotation=img2pdf.Rotation.ifvalid,
            nodate=True,
        )
    except img2pdf.AlphaChannelError as error:
        remedy = "请另存为 JPEG 或 PDF 后重新收件"
        raise FileFault("图片带有透明层，不能原样装订", where=display_name(path), remedy=remedy) from error
    except Exception as error:
        raise FileFault("图片的格式不能原样装订", where=display_name(path), remedy="请另存为 PDF 后重新收件") from error
    with pikepdf.open(io.BytesIO(made)) as pdf:
        yield pdf


def _tiff_from(data: bytes, number: int) -> bytes:
    """Give the TIFF whose first picture is the ``number``-th: only its header, which points there, is another.

    Taking one at a time: packing all of a hundred again for each document took minutes. TIFF 6.0, section 2; a BigTIFF
    has wider places.
    """
    order = "<" if data.startswith(b"II") else ">"
    large = struct.unpack_from(order + "H", data, 2)[0] == 43
    head, place, counter, entry = (8, order + "Q", order + "Q", 20) if large else (4, order + "I", order + "H", 12)
    link = head
    for _ in range(number - 1):
        [start] = struct.unpack_from(place, data, link)
        [entries] = struct.unpack_from(counter, data, start)
        link = start + struct.calcsize(counter) + entries * entry
    size = struct.calcsize(place)
    return data[:head] + data[link : link + size] + data[head + size :]


def _read_back(path: Path, turns: Sequence[int]) -> None:
    """Raise FileFault unless pypdf finds these pages, each turned so."""
    found: list[int] = []
    with path.open("rb") as stream, contextlib.suppress(pypdf.errors.PyPdfError):
        found = [page.rotation % 360 for page in pypdf.PdfReader(stream, strict=True).pages]
    if found != list(turns):
        raise FileFault("装订后的文件与扫描件对不上，没有保存", remedy="请把扫描件交给维护人员")
