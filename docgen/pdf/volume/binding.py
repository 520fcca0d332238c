"""Bind a volume: our pages in front, every document behind them as it is, signed ones beside their look."""

import contextlib
import datetime as dt
import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf
import pypdf
from pikepdf import Dictionary, Name

from yiyu.docgen.pdf.carrying.document import Carrier
from yiyu.docgen.pdf.carrying.proof import holds
from yiyu.docgen.pdf.merge import refuse_same
from yiyu.docgen.pdf.outline import OutlineEntry, outline_of, write_outline
from yiyu.docgen.pdf.readback import Copied, copied
from yiyu.docgen.pdf.second_reader import same_outline, same_pages, same_text
from yiyu.docgen.pdf.source import display_name, sound_pdf
from yiyu.docgen.pdf.volume.contents import Placed, Volume, placed
from yiyu.docgen.pdf.volume.front import Fixity, Front, draw
from yiyu.docgen.pdf.writing import Writer, reference, spelled
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import replacing

_LOCKED = 4 + 64 + 128
"""Printed, not to be changed, not to be moved (ISO 32000-1, table 165)."""


@dataclass(frozen=True, slots=True)
class BoundVolume:
    """``opening``: cover and contents; ``pages``: those after them, as the contents count. ``signed`` are attached."""

    opening: int
    pages: int
    signed: tuple[str, ...]
    sha256: str
    left: tuple[tuple[str, ...], ...]
    """Of every document, in order, what it holds and the volume not."""


@dataclass(slots=True)
class _Body:
    """What was copied: the number of each page, what each source must show, and what is wrong with some.

    ``outlines`` are the documents' own.
    """

    pages: list[int]
    sources: list[Copied] = field(default_factory=list)
    outlines: list[list[OutlineEntry]] = field(default_factory=list)
    left: list[tuple[str, ...]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def bind_volume(
    volume: Volume, out: Path, *, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> BoundVolume:
    """Write the volume to ``out``, whole or not at all; the same input gives the same bytes.

    Streams of the documents stay as the bytes they are, and no more than one document is held in memory. The pages of a
    signed original are shown without its form, so that nothing claims to be signed that is not; the file itself is
    attached byte for byte. What was written is read back before it takes its name: pypdf must find the pages, bookmarks,
    labels, links and attachments, and the text of each page made of what it is made of in its source.

    Raises BadInput for no sections, FileFault listing all faults of all documents, ProgramFault without a Chinese font.
    """
    parts = placed(volume.sections)
    if not parts:
        raise BadInput("没有可以装订的协议", remedy="请先收进它们的扫描件")
    every = list(itertools.chain.from_iterable(parts))
    attached = {one.attachment: one.part.original for one in every if one.part.original}
    fixity = {name: _fixity(path) for name, path in attached.items()}
    front = draw(volume, parts, fixity)
    with replacing(out) as temporary:
        with temporary.open("wb") as stream:
            writer = Writer(stream)
            carrier = Carrier(writer, places=[one.key for one in every], attached=attached, own_words=True)
            body = _copy_all(writer, carrier, every, front, out, progress)
            outline = _outline(volume, parts, front.opening, iter(body.outlines))
            catalog = b" ".join((
                b"/Lang (zh-CN) /PageMode /UseOutlines /ViewerPreferences << /DisplayDocTitle true >>",
                b"/PageLabels << /Nums [0 << /S /r >> %d << /S /D >>] >>" % front.opening,
                b"/Outlines " + reference(write_outline(writer, outline, body.pages)),
                carrier.catalog(
                    {one.key: b"[%s /Fit]" % reference(body.pages[front.opening + one.page - 1]) for one in every},
                    {name: _attached(writer, name, attached[name], fixity[name]) for name in sorted(attached, key=spelled)},
                ),
            ))  # fmt: skip
            digest = writer.finish(body.pages, catalog, _information(volume))
        _read_back(temporary, every, front.opening, outline, body, carrier, fixity)
    return BoundVolume(front.opening, len(body.pages) - front.opening, tuple(attached), digest, tuple(body.left))


def _fixity(path: Path) -> Fixity:
    try:
        if not path.is_file():
            raise FileNotFoundError  # a pipe would wait for ever
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return Fixity(stream.tell(), digest)
    except OSError as error:
        raise FileFault("找不到文件，或无法读取", where=display_name(path)) from error


def _copy_all(
    writer: Writer,
    carrier: Carrier,
    every: Sequence[Placed],
    front: Front,
    out: Path,
    progress: Callable[[int, int], None],
) -> _Body:
    ours = writer.copy(front.pdf)
    notices = iter(ours[front.opening :])
    body = _Body(ours[: front.opening])
    for done, one in enumerate(every, start=1):
        if one.attachment:
            body.pages.append(next(notices))
        try:
            for path in filter(None, (one.part.path, one.part.original)):
                refuse_same(path, out)
            if _fixity(one.part.path).sha256 != one.part.sha256:
                raise FileFault("与登记的内容不符（SHA-256 不同）", where=display_name(one.part.path))
            with sound_pdf(one.part.path, signed_too=True) as source:
                if one.attachment:
                    _flatten_fields(source)
                first = len(body.pages)
                entries, left = outline_of(source, shift=first)
                expected = copied(one.part.path, source, first)
                copying = writer.copying(source)
                left += carrier.take(source, copying, first)
                numbers = copying.finish()
        except FileFault as fault:
            body.refused.append(f"{fault.where}：{fault.what}")
            continue
        body.sources.append(expected)
        body.outlines.append(entries)
        body.left.append(tuple(left))
        body.pages += numbers
        progress(done, len(every))
    if body.refused:
        where = "；".join(body.refused)
        remedy = "没有写出任何内容；请运行 yiyu archive verify 查看，处理后重新装订"
        raise FileFault(f"有 {len(body.refused)} 份扫描件不能入卷", where=where, remedy=remedy)
    return body


def _flatten_fields(pdf: pikepdf.Pdf) -> None:
    """Make of each form field what it looks like and no more: copied whole, it would take its signature along."""
    for page in pdf.pages:
        notes = page.obj.get("/Annots")
        if notes is None:
            continue
        kept = []
        for one in notes.as_list():
            if one.get("/Subtype") != "/Widget":
                kept.append(one)
            elif "/AP" in one:
                look = Dictionary(Type=Name.Annot, Subtype=Name.Stamp, Rect=one.Rect, AP=one.AP)
                look.F = int(one.get("/F", 0)) | _LOCKED
                if "/AS" in one:
                    look.AS = one.AS
                kept.append(pdf.make_indirect(look))
        page.obj.Annots = pikepdf.Array(kept)
    if "/AcroForm" in pdf.Root:
        del pdf.Root.AcroForm


def _outline(
    volume: Volume, parts: Sequence[Sequence[Placed]], opening: int, own: Iterator[list[OutlineEntry]]
) -> list[OutlineEntry]:
    """``own``: the entries of each document, which stand under its own."""
    entries = [OutlineEntry("封面", 0), OutlineEntry("目录", 1)]
    for section, of_one in zip(volume.sections, parts, strict=True):
        pages = [opening + one.page - 1 for one in of_one]
        children = [
            OutlineEntry(one.part.title, page, children=next(own)) for one, page in zip(of_one, pages, strict=True)
        ]
        entries.append(OutlineEntry(f"{section.number}\u3000{section.subject}", pages[0], children=children))
    return entries


def _attached(writer: Writer, name: str, path: Path, fixity: Fixity) -> bytes:
    """Add a signed original as an attached file (ISO 32000-1, 7.11.4); where it stands."""
    entries = b"/Type /EmbeddedFile /Subtype /application#2Fpdf /Params << /Size %d >>" % fixity.size
    data = reference(writer.add_file(path, entries))
    said, told = spelled(name), spelled(f"电子签名原件，SHA-256 {fixity.sha256}")
    one = writer.add(
        b"<< /Type /Filespec /F %s /UF %s /EF << /F %s /UF %s >> /AFRelationship /Source /Desc %s >>"
        % (said, said, data, data, told)
    )
    return reference(one)


def _information(volume: Volume) -> bytes:
    """No producer: the volume is the office's."""
    return b"/Title %s /Author %s /CreationDate %s" % (
        spelled(volume.title + "".join(f"\u3000{value}" for _, value in volume.facts[:1])),
        spelled(volume.office),
        spelled(_date(volume.made_at)),
    )


def _date(when: dt.datetime) -> str:
    """ISO 32000-1, 7.9.4."""
    offset = when.strftime("%z") or "+0000"
    return f"D:{when:%Y%m%d%H%M%S}{offset[:3]}'{offset[3:5]}'"


def _read_back(
    path: Path,
    every: Sequence[Placed],
    opening: int,
    outline: Sequence[OutlineEntry],
    body: _Body,
    carrier: Carrier,
    fixity: dict[str, Fixity],
) -> None:
    right = False
    count = opening + sum(one.part.length for one in every)
    with path.open("rb") as stream, contextlib.suppress(pypdf.errors.PyPdfError):
        reader = pypdf.PdfReader(stream, strict=True)
        right = (
            same_pages(reader, count, body.sources)
            and same_outline(reader, outline)
            and _labelled(reader, opening)
            and _linked(reader, every, opening)
            and all(_digest(reader, name) == one.sha256 for name, one in fixity.items())
            and holds(reader, carrier)
            and same_text(path, reader, body.sources)
        )
    if not right:
        raise FileFault("装订后的文件与扫描件对不上，没有保存", remedy="请把扫描件交给维护人员")


def _digest(reader: pypdf.PdfReader, name: str) -> str:
    return hashlib.sha256(b"".join(reader.attachments.get(name, ()))).hexdigest()


def _labelled(reader: pypdf.PdfReader, opening: int) -> bool:
    labels = reader.page_labels
    after = labels[opening:]
    return labels[0] == "i" and after == [str(number) for number in range(1, len(after) + 1)]


def _linked(reader: pypdf.PdfReader, every: Sequence[Placed], opening: int) -> bool:
    """Whether the links of the contents lead to all documents, each to its page."""
    targets = {key: reader.get_destination_page_number(one) for key, one in reader.named_destinations.items()}
    used = {str(note.get_object()["/Dest"]) for page in reader.pages[1:opening] for note in page.get("/Annots", ())}
    expected = {one.key: opening + one.page - 1 for one in every}
    return expected.items() <= targets.items() and used <= targets.keys()
