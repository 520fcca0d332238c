"""One file for the printer: the documents of agreements as PDF, every page saying what it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.documents.print_run import copy_numbers, print_documents
from yiyu.docgen.pdf.convert import Converter, convert
from yiyu.registry.errors import FileFault, NotFound
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.record_sheets import DocumentRow, plain_documents


@dataclass(frozen=True, slots=True)
class Printed:
    """``documents`` were put in, ``pages`` come out of the printer, blank backs and copies included; 0 in a dry run.

    ``unshown``: the characters no font of this machine has, by the number of the agreement.
    """

    documents: int
    pages: int
    unshown: dict[str, str]


def print_agreements(
    office: OfficeSession,
    numbers: Sequence[str],
    out: Path,
    *,
    kinds: Sequence[DocKind] = (),
    copies: int = 1,
    duplex: bool = False,
    pdfa: bool = False,
    dry_run: bool = False,
    converter: Converter = convert,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Printed:
    """Write agreement, service list and record sheet of each number to ``out``, in this order, ``copies`` times.

    Each set has a number of its own in the codes of its pages, so that originals that came into one pile are told apart.
    Raises NotFound for a document not yet generated, FileFault for one whose file is gone or damaged or that
    ``pdfa`` (PDF/A-2b) cannot hold, ProgramFault without a PDF engine or, for PDF/A, without a character. ``out`` is written whole or not at all.
    """
    wanted_kinds = tuple(dict.fromkeys(kinds)) or tuple(DocKind)
    rows = [(number, row) for number in dict.fromkeys(numbers) for row in _documents(office, number, wanted_kinds)]
    if dry_run:
        return Printed(len(rows), 0, {})
    root = office.workspace.root
    sets = copy_numbers(copies)
    pages, unshown = print_documents(
        root, rows, out, copies=sets, duplex=duplex, pdfa=pdfa, converter=converter, progress=progress
    )
    return Printed(len(rows), pages, unshown)


def _documents(office: OfficeSession, number: str, kinds: Sequence[DocKind]) -> list[DocumentRow]:
    key = numbers_to_ids(office, [number])[number]
    current = plain_documents(office.db)
    found = []
    for kind in kinds:
        row = current.get((key, kind))
        if row is None:
            raise NotFound(f"协议 {number} 还没有{DOC_KIND_LABEL[kind]}", remedy=f"请先运行 yiyu generate {number}")
        if not (office.workspace.root / row.path).is_file():
            raise FileFault("登记过的文书不在了", where=row.path, remedy="请先运行 yiyu generate --missing")
        found.append(row)
    return found
