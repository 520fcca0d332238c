"""Generated documents as PDF, every page with a code of its own in place of the one of the Word file."""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from yiyu.docgen.fill.code import without_code
from yiyu.docgen.page_code import Mark, mark
from yiyu.docgen.pdf.adapting import characters_of
from yiyu.docgen.pdf.convert import Converter, convert
from yiyu.docgen.pdf.glyphs import missing_characters
from yiyu.docgen.pdf.stamp import Stamping, stamp
from yiyu.registry.errors import UserError
from yiyu.registry.files import read_bytes, scratch
from yiyu.registry.model import DOC_KIND_LABEL, Agreement, DocKind
from yiyu.registry.rules.cleaning import is_private
from yiyu.registry.store.record_sheets import DocumentRow

_AT_A_TIME = 160
"""Documents converted before the first of them is given: two calls of LibreOffice at once, each of which takes a second to start."""

Progress = Callable[[int, int], None]


def pdf_of(row: DocumentRow) -> str:
    """Where the PDF of a document stands: beside it, under its name."""
    return PurePosixPath(row.path).with_suffix(".pdf").as_posix()


@dataclass(frozen=True, slots=True)
class PdfRequest:
    """A document of agreement ``number`` and where its PDF is to stand."""

    number: str
    row: DocumentRow
    target: Path


@dataclass(frozen=True, slots=True)
class PdfResult:
    """``error`` says why the PDF was not made; ``unshown`` are the characters in it that no face has."""

    wanted: PdfRequest
    error: UserError | None = None
    unshown: str = ""


def papers(
    root: Path,
    wanted: Sequence[PdfRequest],
    *,
    copies: tuple[str, ...] = ("",),
    converter: Converter = convert,
    progress: Progress = lambda _done, _all: None,
) -> Iterator[PdfResult]:
    """Make the PDFs, each whole or not at all, in the order asked for; one that fails stops no other.

    ``copies``: the numbers of the originals that are printed of them; none where nobody knows how many there will be.
    Raises ProgramFault where this machine has no PDF engine or no Chinese font.
    """
    for at in range(0, len(wanted), _AT_A_TIME):
        some = wanted[at : at + _AT_A_TIME]
        with scratch() as folder:
            yield from _papers(root, some, folder, copies, converter)
        progress(at + len(some), len(wanted))


def _papers(
    root: Path, wanted: Sequence[PdfRequest], folder: Path, copies: tuple[str, ...], converter: Converter
) -> Iterator[PdfResult]:
    made = converter([root / one.row.path for one in wanted], folder, prepare=without_code)
    pdfs = {one: pdf for one in wanted if not isinstance(pdf := made[root / one.row.path], UserError)}
    wished = [Stamping(pdf, one.target, marking(one), copies=copies) for one, pdf in pdfs.items()]
    stamped = dict(zip(pdfs, stamp(wished), strict=True))
    for one in wanted:
        outcome = stamped.get(one, made[root / one.row.path])
        yield PdfResult(one, outcome) if isinstance(outcome, UserError) else shown(one, root / one.row.path)


def marking(wanted: PdfRequest) -> Callable[[int, int], Mark]:
    """What is printed on a page of a document, of so many."""
    row = wanted.row
    title = DOC_KIND_LABEL[DocKind(row.kind)]
    return functools.partial(mark, number=wanted.number, kind=row.kind, title=title, version=row.version)


def shown(wanted: PdfRequest, word: Path) -> PdfResult:
    """That a PDF was made of a Word file, with the characters in it that no face has."""
    try:
        missing = missing_characters([(wanted.number, characters_of(read_bytes(word)))])
    except UserError as error:
        return PdfResult(wanted, error)
    return PdfResult(wanted, unshown="".join(character for _, character in missing))


def unshown_in(done: Iterable[PdfResult]) -> dict[str, str]:
    """The characters no face has, by the number of the agreement; of those that have some."""
    found: dict[str, str] = {}
    for paper in done:
        if paper.unshown:
            number = paper.wanted.number
            found[number] = "".join(dict.fromkeys(found.get(number, "") + paper.unshown))
    return found


def private_characters(agreement: Agreement) -> dict[str, str]:
    """The characters for private use in what is printed of the parties, by the number of the agreement; of one that has some."""
    facts = [one.facts for one in agreement.parties]
    printed = "".join(f"{one.name}{one.legal_person}{one.address}" for one in facts)
    found = "".join(dict.fromkeys(filter(is_private, printed)))
    return {agreement.number: found} if found else {}
