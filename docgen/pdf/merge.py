"""Many PDFs into one, with a bookmark for each file."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

import pypdf

from yiyu.docgen.pdf.outline import OutlineEntry, outline_of, write_outline
from yiyu.docgen.pdf.readback import Copied, copied, same_outline, same_pages, same_text
from yiyu.docgen.pdf.source import display_name, sound_pdf
from yiyu.docgen.pdf.writing import Writer, reference
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import replacing, scratch


@dataclass(frozen=True, slots=True)
class Bookmark:
    """``page`` counts from 1 in the merged file."""

    title: str
    page: int


@dataclass(frozen=True, slots=True)
class MergedPdf:
    pages: int
    bookmarks: tuple[Bookmark, ...]
    """One a source, in order."""
    sha256: str


def merge(sources: Sequence[Path], out: Path, *, dry_run: bool = False) -> MergedPdf:
    """Join ``sources`` in the given order into ``out``, whole or not at all; the same input gives the same bytes.

    Every file gets a bookmark named after it. Its own outline is kept under that bookmark when every entry names a page
    of the file directly; otherwise it is dropped, as are page labels, embedded files, layers' default states, and the
    metadata and tags of the single files. Form fields keep their printed look but can no longer be filled in.
    What was written is read back by other libraries before it takes its name: pages, bookmarks, and the text of each
    page against its source. A dry run does all of it, elsewhere, and throws it away.

    Raises BadInput for no sources, and FileFault listing all faults of all files (see ``sound_pdf``; ``out`` among the
    sources is one); then nothing was written and a former ``out`` is as it was.
    """
    if not sources:
        raise BadInput("没有要合并的文件", remedy="请至少给出一个 PDF 文件")
    if dry_run:
        with scratch() as folder:
            return _merged(sources, out, folder / out.name)
    return _merged(sources, out, out)


def _merged(sources: Sequence[Path], out: Path, target: Path) -> MergedPdf:
    with replacing(target) as temporary:
        with temporary.open("wb") as stream:
            writer = Writer(stream)
            pages, outline, found = _copy_all(writer, sources, out)
            catalog = b"/PageMode /UseOutlines /Outlines " + reference(write_outline(writer, outline, pages))
            digest = writer.finish(pages, catalog)
        _read_back(temporary, outline, found)
    bookmarks = tuple(Bookmark(entry.title, entry.page + 1) for entry in outline)
    return MergedPdf(len(pages), bookmarks, digest)


def _copy_all(writer: Writer, sources: Sequence[Path], out: Path) -> tuple[list[int], list[OutlineEntry], list[Copied]]:
    """Copy every page; the numbers of the pages, an outline entry a source, and what the result must show."""
    pages: list[int] = []
    outline: list[OutlineEntry] = []
    found: list[Copied] = []
    refused: list[str] = []
    for path in sources:
        try:
            refuse_same(path, out)
            with sound_pdf(path) as source:
                entries = outline_of(source, shift=len(pages))
                expected = copied(path, source, len(pages))
                numbers = writer.copy(source)
        except FileFault as fault:
            refused.append(f"{fault.where}：{fault.what}")
            continue
        outline.append(OutlineEntry(PurePath(display_name(path)).stem, len(pages), children=entries))
        found.append(expected)
        pages += numbers
    if refused:
        raise FileFault(
            f"有 {len(refused)} 个文件不能合并", where="；".join(refused), remedy="没有写出任何内容，请处理后重新合并"
        )
    return pages, outline, found


def refuse_same(path: Path, out: Path) -> None:
    """Raise FileFault where ``out`` is ``path`` under any name: it would be written over."""
    with contextlib.suppress(OSError):  # either is missing
        if path.samefile(out):
            raise FileFault("既是原件又是输出文件，请换一个输出文件名", where=display_name(path))


def _read_back(path: Path, outline: Sequence[OutlineEntry], sources: Sequence[Copied]) -> None:
    """Raise FileFault unless pypdf finds every page, bookmark and text (see :func:`same_text`)."""
    right = False
    with path.open("rb") as stream, contextlib.suppress(pypdf.errors.PyPdfError):
        reader = pypdf.PdfReader(stream, strict=True)
        pages = sum(len(one.turns) for one in sources)
        right = (
            same_pages(reader, pages, sources)
            and same_outline(reader, outline, depth=1)
            and same_text(path, reader, sources)
        )
    if not right:
        raise FileFault("合并后的文件与原件对不上，没有保存", remedy="请把这些文件连同日志交给维护人员")
