"""Many PDFs into one, with a bookmark for each file."""

import contextlib
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from yiyu.docgen.pdf.carrying.document import Carrier
from yiyu.docgen.pdf.outline import OutlineEntry, outline_of, write_outline
from yiyu.docgen.pdf.readback import (
    Copied,
    copied,
    drawn,
    refuse_differing,
    refuse_doubtful,
    same_at_once,
    same_to_pdfium,
    unproved,
)
from yiyu.docgen.pdf.source import Findings, display_name, sound_pdf
from yiyu.docgen.pdf.writing import Writer, reference
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import replacing, scratch

SAMPLE = 100
"""Pages whose text is compared, unless it is that of all: if one page in twenty were wrong, 0.95 ** 100 = 0.6 % of all
merges would not notice."""
SEEN = 10
"""Pages of these whose text PDFium extracts from source and result too: were every third page misread, 0.67 ** 10 = 1.8 % of
merges would not notice."""


@dataclass(frozen=True, slots=True)
class MergedFile:
    """``page`` counts from 1 in the merged file. ``notes``: how it was opened; ``left``: what it holds and the result not."""

    title: str
    name: str
    page: int
    pages: int
    notes: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MergedPdf:
    pages: int
    files: tuple[MergedFile, ...]
    """One a source, in order."""
    compared: int
    """Pages whose text was compared with that of their source."""
    sampled: bool
    """Whether these were drawn by lot from all that may hold text."""
    sha256: str


def merge(
    sources: Sequence[Path], out: Path, *, strict: bool = False, full_proof: bool = False, dry_run: bool = False
) -> MergedPdf:
    """Join ``sources`` in the given order into ``out``, whole or not at all; the same input gives the same bytes.

    Every file gets a bookmark named after it, its own outline under that. Attachments, named places and the links to
    them, page labels, layers, forms and structure go along (see :class:`Carrier`); what does not is named in the result,
    file by file. What was written is read back by other libraries before it takes its name: pages, bookmarks and all
    that was carried, and the text of each page against its source, of :data:`SAMPLE` pages drawn by lot unless
    ``full_proof``. A dry run does all of it, elsewhere, and throws it away.

    Raises BadInput for no sources, and FileFault listing all faults of all files (see ``sound_pdf``; ``out`` among the
    sources is one); then nothing was written and a former ``out`` is as it was. ``strict`` refuses also what can be
    mended, and what an owner password alone protects.
    """
    if not sources:
        raise BadInput("没有要合并的文件", remedy="请至少给出一个 PDF 文件")
    joined = _Joined(sources, out, strict, [None] * len(sources) if full_proof else _drawn(len(sources)))
    if dry_run:
        with scratch() as folder:
            return joined.write(folder / out.name)
    return joined.write(out)


def _drawn(files: int) -> list[int | None]:
    """How many pages of each file make up the sample; of more files than that, one page of some."""
    if files <= SAMPLE:
        return [math.ceil(SAMPLE / files)] * files
    chosen = set(random.SystemRandom().sample(range(files), SAMPLE))
    return [int(at in chosen) for at in range(files)]


@dataclass(slots=True)
class _Joined:
    sources: Sequence[Path]
    out: Path
    strict: bool
    at_most: Sequence[int | None]
    """For each file, of the text of how many pages a proof is wanted, None for all."""
    pages: list[int] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    files: list[Copied] = field(default_factory=list)
    findings: list[Findings] = field(default_factory=list)

    def write(self, target: Path) -> MergedPdf:
        with replacing(target) as temporary:
            with temporary.open("wb") as stream:
                writer = Writer(stream)
                carrier = Carrier(writer)
                self._copy_all(writer, carrier)
                outline = reference(write_outline(writer, self.outline, self.pages))
                catalog = b"/PageMode /UseOutlines /Outlines %s %s" % (outline, carrier.catalog())
                digest = writer.finish(self.pages, catalog, carrier.information())
            _read_back(temporary, self.outline, self.files, carrier)
        for at, left in carrier.left_at_last().items():
            self.findings[at].left += left
        return MergedPdf(
            len(self.pages), tuple(self._told()), sum(len(one.lettered) for one in self.files), self._sampled(), digest
        )

    def _sampled(self) -> bool:
        wanted = zip(self.files, self.at_most, strict=True)
        return any(at_most is not None and at_most < len(one.turns) and not one.mended for one, at_most in wanted)

    def _told(self) -> Iterator[MergedFile]:
        for entry, one, found in zip(self.outline, self.files, self.findings, strict=True):
            notes, left = (tuple(dict.fromkeys(said)) for said in (found.notes, found.left))
            yield MergedFile(entry.title, display_name(one.path), one.first + 1, len(one.turns), notes, left)

    def _copy_all(self, writer: Writer, carrier: Carrier) -> None:
        refused: list[str] = []
        for at in range(len(self.sources)):
            try:
                self._copy(at, writer, carrier)
            except FileFault as fault:
                refused.append(f"{fault.where}：{fault.what}")
        refused = list(dict.fromkeys(refused))  # a file that is given twice
        if refused:
            raise FileFault(
                f"有 {len(refused)} 个文件不能合并",
                where="；".join(refused),
                remedy="没有写出任何内容，请处理后重新合并",
            )

    def _copy(self, at: int, writer: Writer, carrier: Carrier) -> None:
        path = self.sources[at]
        refuse_same(path, self.out)
        first, findings = len(self.pages), Findings(strict=self.strict)
        with sound_pdf(path, findings=findings) as source:
            entries, left = outline_of(source, shift=first)
            expected = copied(path, source, first, mended=findings.mended, at_most=self.at_most[at])
            copying = writer.copying(source)
            findings.left += left + carrier.take(source, copying, first)
            numbers = copying.finish()
        self.outline.append(OutlineEntry(PurePath(display_name(path)).stem, first, children=entries))
        self.files.append(expected)
        self.findings.append(findings)
        self.pages += numbers


def refuse_same(path: Path, out: Path) -> None:
    """Raise FileFault where ``out`` is ``path`` under any name: it would be written over."""
    with contextlib.suppress(OSError):  # either is missing
        if path.samefile(out):
            raise FileFault("既是原件又是输出文件，请换一个输出文件名", where=display_name(path))


def _read_back(path: Path, outline: Sequence[OutlineEntry], sources: Sequence[Copied], carrier: Carrier) -> None:
    """Raise FileFault unless every page, bookmark and text is read back, and what was carried (decision 39)."""
    refuse_doubtful(path, sources)
    at_once = carrier.holds_nothing() and all(one.spelled or one.mended for one in sources)
    right = (at_once and same_at_once(path, outline, sources)) or _held(path, outline, sources, carrier)
    if not (right and same_to_pdfium(path, unproved(path, sources))):
        raise FileFault("合并后的文件与原件对不上，没有保存", remedy="请把这些文件连同日志交给维护人员")
    refuse_differing(path, drawn([one for one in sources if one.spelled], SEEN))


def _held(path: Path, outline: Sequence[OutlineEntry], sources: Sequence[Copied], carrier: Carrier) -> bool:
    from yiyu.docgen.pdf.second_reader import holds_all  # takes longer to load than a hundred files to read back

    return holds_all(path, outline, sources, carrier)
