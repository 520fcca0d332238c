"""Documents as printed and as they came home, page beside page, as pictures kept in a folder: made once for each file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.documents.pdf_results import PdfRequest, papers, pdf_of
from yiyu.docgen.scans.reading import page_pictures
from yiyu.registry.files import scratch, write_atomic
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.record_sheets import DocumentRow, all_documents
from yiyu.registry.store.scans import BoundRow, bound_scans

SIDE = 1500
"""Pixels over the long side: an A4 page at 130 dpi, on which 小四 can be read."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One version of a document that came home; ``printed``: None of paper that nothing of ours was printed on."""

    kind: str
    version: int
    scan: BoundRow
    printed: DocumentRow | None

    def pictures(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """Of the print and of the scan, page by page; nothing where they have not been made."""
        printed = _made(folder, self.printed.sha256) if self.printed else []
        return printed, _made(folder, self.scan.sha256)

    def lacking(self, folder: Path) -> bool:
        """Whether pictures of it are still to be made."""
        printed, scanned = self.pictures(folder)
        return not scanned or bool(self.printed and not printed)


def came_home(office: OfficeSession, agreement_id: int) -> list[Beside]:
    """The documents of an agreement that have a bound scan, by kind, the newest version first."""
    printed = {(row.kind, row.version): row for row in all_documents(office.db, [agreement_id])}
    rows = sorted(bound_scans(office.db, [agreement_id]).values(), key=lambda row: (row.kind, -row.version))
    return [Beside(row.kind, row.version, row, printed.get((row.kind, row.version))) for row in rows]


def make_pictures(
    office: OfficeSession, agreement_id: int, folder: Path, progress: Callable[[int, int], None] = lambda _d, _a: None
) -> None:
    """Make what is lacking: scans by the process that reads scans, prints laid out again where no PDF stands beside them.

    Raises FileFault for a file that is gone or cannot be read, ProgramFault where this machine makes no PDF.
    """
    number = load_agreements(office.db, [agreement_id], items=False)[0].number
    files = list(_files(office, agreement_id, folder))
    with scratch() as place:
        for done, (path, name, row) in enumerate(files, start=1):
            pdf = path if row is None or path.suffix == ".pdf" else _laid_out(office, number, row, place)
            pages = page_pictures(pdf, SIDE)
            for page in range(len(pages), 0, -1):  # the first last: where it is, all are
                write_atomic(folder / f"{name}-{page:04}.jpg", pages[page - 1], office=office.workspace.root)
            progress(done, len(files))


def _files(office: OfficeSession, agreement_id: int, folder: Path) -> Iterator[tuple[Path, str, DocumentRow | None]]:
    """What has no pictures yet: the file, the name its pictures get, and the document where it is a print."""
    root = office.workspace.root
    for one in came_home(office, agreement_id):
        printed, scanned = one.pictures(folder)
        if not scanned:
            yield root / one.scan.path, one.scan.sha256, None
        if one.printed and not printed:
            beside = root / pdf_of(one.printed)
            yield beside if beside.is_file() else root / one.printed.path, one.printed.sha256, one.printed


def _laid_out(office: OfficeSession, number: str, row: DocumentRow, place: Path) -> Path:
    [result] = papers(office.workspace.root, [PdfRequest(number, row, place / f"{row.sha256}.pdf")])
    if result.error is not None:
        raise result.error
    return result.wanted.target


def _made(folder: Path, name: str) -> list[Path]:
    return sorted(folder.glob(f"{name}-*.jpg")) if (folder / f"{name}-0001.jpg").is_file() else []
