"""One PDF from pages of many scans, not a page of it encoded anew."""

import contextlib
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdf

from yiyu.docgen.pdf.source import display_name, sound_pdf
from yiyu.docgen.pdf.stamp import raw_bytes
from yiyu.registry.errors import FileFault, ProgramFault
from yiyu.registry.files import read_bytes, replacing

_A4 = (595.28, 841.89)
_MOST_BYTES = 128 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """Page ``page`` (from 1) of the scan ``path``; ``turn`` clockwise sets it upright as a viewer shows it."""

    path: Path
    page: int
    turn: int = 0


def bind(pages: Sequence[ScannedPage], out: Path) -> None:
    """Write ``pages`` in this order to ``out``, whole or not at all; the same input gives the same bytes.

    The bytes of every picture stay as they came, a page is set upright by its /Rotate. What was written is read back by
    a second library before it takes its name. Raises FileFault for a source that is not sound.
    """
    bound = pikepdf.Pdf.new()
    with contextlib.ExitStack() as stack:
        opened: dict[Path, pikepdf.Pdf] = {}
        for one in pages:
            if one.path not in opened:
                opened[one.path] = stack.enter_context(_opened(one.path))
            bound.pages.append(opened[one.path].pages[one.page - 1])
            bound.pages[-1].rotate(one.turn, relative=True)
        data = raw_bytes(bound)
    turns = [int(page.obj.get("/Rotate", 0)) % 360 for page in bound.pages]
    with replacing(out, check=lambda written: _read_back(written, turns)) as temporary:
        temporary.write_bytes(data)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[pikepdf.Pdf]:
    """Open a scan as PDF; a picture becomes a page of A4 that holds its bytes."""
    if path.suffix.lower() == ".pdf":
        with sound_pdf(path) as pdf:
            yield pdf
        return
    try:
        import img2pdf
    except ImportError as error:
        raise ProgramFault("没有安装装订图片的组件", remedy="请运行 pip install 'yiyu[scan]' 后再试") from error
    layout = img2pdf.get_layout_fun(_A4, auto_orient=True)
    try:
        data = img2pdf.convert(
            read_bytes(path, limit=_MOST_BYTES), layout_fun=layout, rotation=img2pdf.Rotation.ifvalid, nodate=True
        )
    except img2pdf.AlphaChannelError as error:
        remedy = "请另存为 JPEG 或 PDF 后重新收件"
        raise FileFault("图片带有透明层，不能原样装订", where=display_name(path), remedy=remedy) from error
    except Exception as error:
        raise FileFault("图片的格式不能原样装订", where=display_name(path), remedy="请另存为 PDF 后重新收件") from error
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield pdf


def _read_back(path: Path, turns: Sequence[int]) -> None:
    """Raise FileFault unless pypdf finds these pages, each turned so."""
    found: list[int] = []
    with path.open("rb") as stream, contextlib.suppress(pypdf.errors.PyPdfError):
        found = [page.rotation % 360 for page in pypdf.PdfReader(stream, strict=True).pages]
    if found != list(turns):
        raise FileFault("装订后的文件与扫描件对不上，没有保存", remedy="请把扫描件交给维护人员")
