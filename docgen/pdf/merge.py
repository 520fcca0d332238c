"""Many PDFs into one, with a bookmark for each file."""

import contextlib
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

import pikepdf
import pypdf
from pikepdf import Array, Dictionary, Name

from yiyu.docgen.pdf.source import display_name, sound_pdf
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import replacing


@dataclass(frozen=True, slots=True)
class Bookmark:
    """``page`` counts from 1 in the merged file."""

    title: str
    page: int


@dataclass(frozen=True, slots=True)
class Merged:
    pages: int
    bookmarks: tuple[Bookmark, ...]
    """One a source, in order."""
    sha256: str


@dataclass(slots=True)
class _Entry:
    """One outline item. ``view`` is the rest of an explicit destination, after the page (ISO 32000-1, table 151)."""

    title: str
    page: int
    view: list[pikepdf.Object]
    children: list["_Entry"] = field(default_factory=list)


def merge(sources: Sequence[Path], out: Path) -> Merged:
    """Join ``sources`` in the given order into ``out``, whole or not at all; the same input gives the same bytes.

    Every file gets a bookmark named after it. Its own outline is kept under that bookmark when every entry names a page
    of the file directly; otherwise it is dropped, as are page labels, embedded files, layers' default states, and the
    metadata and tags of the single files. Form fields keep their printed look but can no longer be filled in.
    What was written is read back by a second library before it takes its name.

    Raises BadInput for no sources, and FileFault listing all faults of all files (see ``sound_pdf``; ``out`` among the
    sources is one); then nothing was written and a former ``out`` is as it was.
    """
    if not sources:
        raise BadInput("没有要合并的文件", remedy="请至少给出一个 PDF 文件")
    merged = pikepdf.Pdf.new()
    outline: list[_Entry] = []
    nodes: list[pikepdf.Object] = []
    version, total = "1.4", 0
    refused: list[str] = []
    for path in sources:
        try:
            _refuse_same(path, out)
            with sound_pdf(path) as source:
                entries = _outline_of(source, shift=total)
                kids = [merged.copy_foreign(page.obj) for page in source.pages]
                version = max(version, source.pdf_version)
        except FileFault as fault:
            refused.append(f"{fault.where}：{fault.what}")
            continue
        outline.append(_Entry(PurePath(display_name(path)).stem, total, [Name.Fit], entries))
        nodes.append(_node(merged, kids, len(kids)))
        total += len(kids)
    if refused:
        raise FileFault(
            f"有 {len(refused)} 个文件不能合并", where="；".join(refused), remedy="没有写出任何内容，请处理后重新合并"
        )
    merged.Root.Pages = _node(merged, nodes, total)
    merged.Root.Outlines = _outline_root(merged, outline)
    merged.Root.PageMode = Name.UseOutlines
    with replacing(out) as temporary:
        with temporary.open("wb") as stream:
            # Streams stay as they are: decoding and deflating them again made text pages six times slower.
            merged.save(
                stream,
                min_version=version,
                compress_streams=False,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                deterministic_id=True,
            )
        bookmarks = tuple(Bookmark(entry.title, entry.page + 1) for entry in outline)
        _read_back(temporary, total, bookmarks)
        with temporary.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Merged(total, bookmarks, digest)


def _refuse_same(path: Path, out: Path) -> None:
    with contextlib.suppress(OSError):  # either is missing
        if path.samefile(out):
            raise FileFault("既是原件又是输出文件，请换一个输出文件名", where=display_name(path))


def _node(pdf: pikepdf.Pdf, kids: list[pikepdf.Object], count: int) -> pikepdf.Object:
    """Make a node of the page tree. By hand, because ``pages.extend`` costs more per page as the file grows."""
    node = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array(kids), Count=count))
    for kid in kids:
        kid.Parent = node
    return node


def _outline_of(pdf: pikepdf.Pdf, shift: int) -> list[_Entry]:
    """Read the file's own outline, its pages counted from ``shift``; empty when it is not simple (see ``merge``)."""
    pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=shift)}
    seen: set[tuple[int, int]] = set()

    def level(parent: pikepdf.Object) -> Iterator[_Entry]:
        item = parent.get("/First")
        while item is not None:
            if item.objgen in seen:
                raise ValueError("an outline that runs in a circle")
            seen.add(item.objgen)
            page, *view = (item.Dest if "/Dest" in item else item.A.D).as_list()
            if any(isinstance(part, Array | Dictionary | pikepdf.Stream) for part in view):
                raise ValueError("a view made of more than names and numbers")
            yield _Entry(str(item.Title), pages[page.objgen], view, list(level(item)))
            item = item.get("/Next")

    try:
        return list(level(pdf.Root.Outlines)) if "/Outlines" in pdf.Root else []
    except (AttributeError, KeyError, IndexError, TypeError, ValueError, RecursionError):
        return []


def _outline_root(pdf: pikepdf.Pdf, entries: list[_Entry]) -> pikepdf.Object:
    pages = [page for node in pdf.Root.Pages.Kids for page in node.Kids]

    def fill(parent: pikepdf.Object, children: list[_Entry]) -> None:
        items = []
        for entry in children:
            target = Array([pages[entry.page], *entry.view])
            item = pdf.make_indirect(Dictionary(Title=entry.title, Parent=parent, Dest=target))
            if entry.children:
                fill(item, entry.children)
                item.Count = -len(entry.children)  # shown folded
            items.append(item)
        for before, after in itertools.pairwise(items):
            before.Next, after.Prev = after, before
        parent.First, parent.Last, parent.Count = items[0], items[-1], len(items)

    root = pdf.make_indirect(Dictionary(Type=Name.Outlines))
    fill(root, entries)
    return root


def _read_back(path: Path, pages: int, bookmarks: tuple[Bookmark, ...]) -> None:
    """Raise FileFault unless pypdf finds so many pages, and the bookmarks on theirs."""
    counted, found = 0, []
    with path.open("rb") as stream, contextlib.suppress(pypdf.errors.PyPdfError):
        reader = pypdf.PdfReader(stream, strict=True)
        counted = len(reader.pages)
        tops = (item for item in reader.outline if isinstance(item, pypdf.generic.Destination))
        found = [(item.title, reader.get_destination_page_number(item)) for item in tops]
    if (counted, found) != (pages, [(mark.title, mark.page - 1) for mark in bookmarks]):
        raise FileFault("合并后的文件与原件对不上，没有保存", remedy="请把这些文件连同日志交给维护人员")
