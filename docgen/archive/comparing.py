"""Scanned pages held against the text that was printed under their codes; a person judges what differs."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yiyu.docgen.archive.difference_sheet import save_sheet
from yiyu.docgen.archive.filing import Key
from yiyu.docgen.archive.received_files import digest
from yiyu.docgen.documents.pdf_results import PdfRequest, papers
from yiyu.docgen.pdf.source import display_name
from yiyu.docgen.scans.difference import PageComparison
from yiyu.docgen.scans.ocr_reading import TextProcess
from yiyu.docgen.scans.page import HALF_LABEL, Half
from yiyu.registry.errors import Failure, FileFault, UserError
from yiyu.registry.files import scratch
from yiyu.registry.model import Party
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.comparisons import (
    ComparedPage,
    DifferenceRow,
    NewDifference,
    NewSigningPlace,
    SigningRow,
    compared_pages,
    differences,
    put_comparison,
    signing_places,
)
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import DocumentRow, all_documents
from yiyu.registry.store.scans import ScanRow, incoming_files, scans_of_agreements

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Compared:
    """``pages`` were held against their print; ``failed``: those that could not be, and why.

    ``signing`` are hints for who looks at the paper, of the documents looked at; nothing follows from them.
    """

    pages: int = 0
    found: list[DifferenceRow] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    signing: list[SigningRow] = field(default_factory=list)
    sheet: str = ""
    """Where the pictures of what is undecided are, from the workspace; "" where nothing is."""

    @property
    def undecided(self) -> list[DifferenceRow]:
        return [one for one in self.found if not one.verdict]


@dataclass(frozen=True, slots=True)
class _Names:
    number: str
    names: tuple[str, ...]


def compare(
    office: OfficeSession,
    documents: Collection[Key],
    files: Collection[int],
    *,
    progress: Progress = lambda _done, _all: None,
) -> Compared:
    """Hold the pages of ``documents`` in these incoming files against what they bear the code of; each but once.

    What was printed is laid out again from the generated Word file, whose bytes must be those registered. Each page is
    recorded by itself, so that a broken-off run goes on where it stopped. Raises ProgramFault where what reads text is
    not installed, or this machine cannot lay out documents.
    """
    result = Compared()
    ids = sorted({key[0] for key in documents})
    known = compared_pages(office.db)
    rows = [
        row
        for row in scans_of_agreements(office.db, ids)
        if row.file_id in files and row.code and (row.file_id, *row.place) not in known
    ]
    about = {one.id: _Names(one.number, _names(one.parties)) for one in load_agreements(office.db, ids, items=False)}
    paths = {one.id: office.workspace.root / one.path for one in incoming_files(office.db)}
    with scratch() as folder, TextProcess() as process:
        printed = _laid_out(office, {row.document for row in rows}, about, folder, result)
        for done, row in enumerate(rows, start=1):
            if pdf := printed.get(row.document):
                try:
                    names = about[row.agreement_id].names
                    scan = paths[row.file_id]
                    half = Half(row.half)
                    found = process.compare(scan, row.file_page, pdf, row.page, turn=row.turn, names=names, half=half)
                    _record(office, row, found)
                    result.pages += found is not None
                    if found is None:
                        what = f"第 {row.file_page}{HALF_LABEL[half]} 页的文字与登记的文书对不上，没有比对"
                        raise FileFault(what, where=display_name(scan), remedy="请人工核对这一页")
                except UserError as error:
                    result.failed.append(Failure.of(about[row.agreement_id].number, error))
            progress(done, len(rows))
    result.found = [one for one in differences(office.db, ids) if one.key in documents]
    result.signing = [one for one in signing_places(office.db, ids) if one.key in documents]
    try:
        result.sheet = save_sheet(office, result.undecided)
    except UserError as error:  # the differences are recorded all the same
        result.failed.append(Failure.of("problems", error))
    return result


def _names(parties: Sequence[Party]) -> tuple[str, ...]:
    return tuple(name for one in parties for name in (one.facts.name, one.facts.legal_person) if name)


def _laid_out(
    office: OfficeSession, wanted: Collection[Key], about: Mapping[int, _Names], folder: Path, result: Compared
) -> dict[Key, Path]:
    """The print of each document as PDF."""
    root = office.workspace.root
    requests: dict[Key, PdfRequest] = {}
    for row in all_documents(office.db, {key[0] for key in wanted}):
        key = row.agreement_id, row.kind, row.version
        if key not in wanted:
            continue
        number = about[row.agreement_id].number
        if _as_registered(root, row):
            requests[key] = PdfRequest(number, row, folder / f"{len(requests):06}.pdf")
        else:
            fault = FileFault("登记过的文书不在了，或已被改动", where=row.path, remedy="请从备份放回原处再比对")
            result.failed.append(Failure.of(number, fault))
    errors = {one.wanted: one.error for one in papers(root, list(requests.values()))}
    result.failed += [Failure.of(one.number, error) for one, error in errors.items() if error]
    return {key: one.target for key, one in requests.items() if errors[one] is None}


def _as_registered(root: Path, row: DocumentRow) -> bool:
    return (root / row.path).is_file() and digest(root / row.path) == row.sha256


def _record(office: OfficeSession, row: ScanRow, found: PageComparison | None) -> None:
    page = ComparedPage(
        row.file_id, row.file_page, row.half, *row.document, found is not None, office.now, office.actor
    )
    rows = [NewDifference(one.kind, one.printed, one.read, one.picture) for one in found.differences] if found else []
    hints = [NewSigningPlace(one.party, one.signature or "", one.seal) for one in found.signing] if found else []
    with changing(office.db):
        put_comparison(office.db, page, rows, hints)
