"""Documents as one PDF for the printer: those of one template are joined, converted once and stamped together."""

import itertools
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from yiyu.docgen.documents.pdf_results import PdfRequest, PdfResult, Progress, marking, papers, shown, unshown_in
from yiyu.docgen.fill.code import without_code
from yiyu.docgen.fill.joining import BEGINS, join_key, joined
from yiyu.docgen.page_code import ALPHABET, COPY_SIGNS, Mark
from yiyu.docgen.pdf.convert import Converter, convert, sound_docx
from yiyu.docgen.pdf.print_file import PdfPages, named_pages, print_file
from yiyu.docgen.pdf.stamp import Stamping, stamp, warm_up
from yiyu.registry.errors import FileFault, ProgramFault, UserError
from yiyu.registry.files import scratch, write_atomic
from yiyu.registry.store.record_sheets import DocumentRow

_AT_A_TIME = 240
"""Documents converted before any of them is marked."""
_FEW = 8
"""So many are not divided among two processes: one takes longer to start."""
_TOGETHER = 40
"""Documents in a file: of more, LibreOffice lays out none of them faster, and one that it cannot bear costs more."""


def copy_numbers(count: int) -> tuple[str, ...]:
    """Numbers for so many copies, no two alike: by lot, so that no reprint has those of an earlier printing."""
    lot, drawn = random.SystemRandom(), set[str]()
    while len(drawn) < count:
        drawn.add("".join(lot.choices(ALPHABET, k=COPY_SIGNS)))
    return tuple(drawn)


def print_documents(
    root: Path,
    rows: Sequence[tuple[str, DocumentRow]],
    out: Path,
    *,
    copies: tuple[str, ...] = ("",),
    duplex: bool = False,
    pdfa: bool = False,
    converter: Converter = convert,
    progress: Progress = lambda _done, _all: None,
) -> tuple[int, dict[str, str]]:
    """Write the documents, each with the number of its agreement, to ``out``; its pages, and what no face has.

    ``copies``: the numbers of the sets, one after the other. The second is characters by number. Raises the error of the first document that cannot be printed, ProgramFault
    where this machine has no PDF engine or no Chinese font, or for PDF/A lacks a character; ``out`` is written whole or
    not at all.
    """
    with scratch() as folder:
        wanted = [PdfRequest(number, row, folder / f"{at:06}.pdf") for at, (number, row) in enumerate(rows)]
        pages: dict[PdfRequest, PdfPages] = {}
        done: dict[PdfRequest, PdfResult] = {}
        for files, made in _converted(root, wanted, folder, converter):
            joint = dict(_together(files, made, copies))
            pages |= joint
            done |= {one: shown(one, root / one.row.path) for one in joint}
            progress(len(pages), len(wanted))
        alone = [one for one in wanted if one not in pages]
        done |= {one.wanted: one for one in papers(root, alone, copies=copies, converter=converter)}
        pages |= {one: PdfPages(one.target) for one in alone}
        progress(len(wanted), len(wanted))
        if error := next((done[one].error for one in wanted if done[one].error), None):
            raise error
        unshown = unshown_in(done[one] for one in wanted)
        if pdfa and unshown:
            raise _without_shape(unshown)
        sources = [pages[one] for one in wanted]
        return print_file(sources, out, copies=len(copies), duplex=duplex, pdfa=pdfa), unshown


def _without_shape(unshown: Mapping[str, str]) -> ProgramFault:
    """The refusal of PDF/A, where every character has to have a shape (ISO 19005-2, 6.2.11.8)."""
    number, characters = next(iter(unshown.items()))
    signs = "、".join(f"{one}（U+{ord(one):04X}）" for one in characters)
    return ProgramFault(
        f"协议 {number} 中的 {signs}没有字体可以显示，存不成 PDF/A",
        remedy="请安装含有这些字的字体（自造字请先改正名称并重新生成），或去掉 --pdfa",
    )


_Files = dict[Path, list[PdfRequest]]
"""Joined files with the documents in them."""
_Made = dict[Path, Path | UserError]


def _converted(
    root: Path, wanted: Sequence[PdfRequest], folder: Path, converter: Converter
) -> Iterator[tuple[_Files, _Made]]:
    """Word files and what was made of them, some documents after others: while these are marked, those are converted."""
    pool = ThreadPoolExecutor(1)

    def work(at: int) -> tuple[_Files, _Made]:
        place = folder / f"{at:06}"
        files = dict(_files(root, wanted[at : at + _AT_A_TIME], place))
        return files, converter(list(files), place / "pdf")

    try:
        working = [pool.submit(work, at) for at in range(0, len(wanted), _AT_A_TIME)]
        warm_up()
        for one in working:
            yield one.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _together(files: _Files, made: _Made, copies: tuple[str, ...]) -> Iterator[tuple[PdfRequest, PdfPages]]:
    """Where each document that could be joined with others stands; one that is not given has to be made by itself."""
    spans = {
        pdf: named_pages(pdf, list(map(BEGINS.format, range(len(files[file])))))
        for file, pdf in made.items()
        if not isinstance(pdf, UserError)
    }
    whole = {pdf: files[file] for file, pdf in made.items() if not isinstance(pdf, UserError) and spans[pdf]}
    stamped = stamp([_stamping(pdf, members, spans[pdf], copies) for pdf, members in whole.items()])
    for (pdf, members), outcome in zip(whole.items(), stamped, strict=True):
        if not isinstance(outcome, UserError):
            starts = spans[pdf]
            for one, first, after in zip(members, starts, starts[1:], strict=False):
                yield one, PdfPages(_marked(pdf), first, after - first)


def _files(root: Path, wanted: Sequence[PdfRequest], folder: Path) -> Iterator[tuple[Path, list[PdfRequest]]]:
    """Joined Word files with the documents in them."""
    alike: dict[str, list[tuple[PdfRequest, bytes]]] = {}
    for one in wanted:
        try:
            data = without_code(sound_docx(root / one.row.path))
        except FileFault:
            continue  # told when it is converted by itself
        alike.setdefault(join_key(data), []).append((one, data))
    alike.pop("", None)
    parts = [part for group in alike.values() for part in enumerate(_parts(group))]
    # The first parts of all kinds before the second ones: each of two processes gets half of each kind.
    for _, some in sorted(parts, key=lambda part: part[0]):
        if len(some) > 1:
            path = folder / f"{some[0][0].target.stem}.docx"
            write_atomic(path, joined([data for _, data in some]))
            yield path, [one for one, _ in some]


def _parts(group: Sequence[tuple[PdfRequest, bytes]]) -> list[Sequence[tuple[PdfRequest, bytes]]]:
    """Two of a length, or more where they would hold too many."""
    count = max(2, -(-len(group) // _TOGETHER)) if len(group) > _FEW else 1
    return [group[part * len(group) // count : (part + 1) * len(group) // count] for part in range(count)]


def _stamping(pdf: Path, members: Sequence[PdfRequest], starts: Sequence[int], copies: tuple[str, ...]) -> Stamping:
    marks: list[Callable[[int, int], Mark]] = [marking(one) for one in members]

    def marked(page: int, _pages: int) -> Mark:
        at = bisect_right(starts, page - 1) - 1
        return marks[at](page - starts[at], starts[at + 1] - starts[at])

    lines = "".join(one(1, 1).line for one in marks)
    lengths = tuple(b - a for a, b in itertools.pairwise(starts))
    return Stamping(pdf, _marked(pdf), marked, lines, lengths, copies)


def _marked(pdf: Path) -> Path:
    return pdf.with_name(f"{pdf.stem}_marked.pdf")
