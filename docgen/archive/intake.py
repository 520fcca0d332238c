"""Scans in, sorted by what their pages say of themselves; nothing is lost, nothing doubled, nothing claimed."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yiyu.docgen.archive.comparing import Compared
from yiyu.docgen.archive.comparing import compare as compare_pages
from yiyu.docgen.archive.filing import Filed, Filing, Key
from yiyu.docgen.archive.ledger_filing import DOUBT_LABEL, LedgerFiling, LedgerFinding
from yiyu.docgen.archive.page_matching import (
    PagePosition,
    Reason,
    documents_by_id,
    likely,
    place,
    sheets_of_one,
    unlike,
)
from yiyu.docgen.archive.received_files import FileNote, distinct, keep, scan_files, scanned_paper, shown
from yiyu.docgen.archive.unplaced_pages import Guess, Leftover, Unplaced, save_leftover
from yiyu.docgen.page_code import decode
from yiyu.docgen.pdf.source import display_name
from yiyu.docgen.scans.ocr_text import require_ocr
from yiyu.docgen.scans.page import Ink, PageReading, Place
from yiyu.docgen.scans.reading import ReadFiles, Reading, read_files
from yiyu.registry.errors import BadInput, Failure, FileFault, UserError
from yiyu.registry.model import DocKind
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import evidence_known
from yiyu.registry.store.opening import changing
from yiyu.registry.store.scans import (
    OLD,
    ScanRow,
    find_incoming,
    printed_documents,
    put_scans,
    scans_of_agreements,
    scans_of_file,
)

Progress = Callable[[int, int], None]
_LOCKED = "设有限制编辑的密码，打开不要密码，已照阅读器的做法打开；原件照存"


@dataclass(frozen=True, slots=True)
class Absent:
    """A document of which not a single page has come."""

    number: str
    kind: str


@dataclass(frozen=True, slots=True)
class Again:
    """A file whose bytes were received before, when, and under which path from the workspace they are kept."""

    file: str
    received_at: str
    path: str


@dataclass(slots=True)
class Intake:
    """Every page of every file that could be read is placed or unplaced. ``turned`` of those placed stood otherwise.

    ``again``: files that brought nothing new; their pages count all the same. ``notes``: of files that were opened though
    locked, or passed by because they are no scans of documents. ``absent``: documents of which no page has come yet, though others of the same agreement have.
    ``ledger``: the files that were looked up in the ledger; ``unread``: why no text was read, "" where it was.
    ``unplaced_file``: the small pictures of pages that a person must place, from the workspace; "" where there are none.
    """

    pages: int = 0
    placed: int = 0
    turned: int = 0
    unplaced: list[Unplaced] = field(default_factory=list)
    documents: list[Filed] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    again: list[Again] = field(default_factory=list)
    notes: list[FileNote] = field(default_factory=list)
    ledger: list[LedgerFinding] = field(default_factory=list)
    unread: str = ""
    unplaced_file: str = ""
    compared: Compared | None = None
    """None where nobody asked for it."""

    @property
    def unfinished(self) -> list[object]:
        """What someone must see to: everything not taken in, but for blank pages, and every document that lacks pages."""
        unplaced = (one for one in self.unplaced if one.reason is not Reason.BLANK)
        differing = [*self.compared.failed, *self.compared.undecided] if self.compared else []
        return [*self.failed, *unplaced, *(one for one in self.documents if one.missing), *differing]


class _IntakeRun:
    def __init__(self, office: OfficeSession, *, ledger: LedgerFiling | None, dry_run: bool) -> None:
        self.office, self.ledger, self.dry_run = office, ledger, dry_run
        printed = sorted(printed_documents(office.db), key=lambda row: row.version)
        self.known = documents_by_id(printed)
        self.newest = {(row.agreement_id, row.kind): row for row in printed}
        self.result = Intake()
        self.touched: set[Key] = set()
        self.changed: set[Key] = set()
        self.inks: dict[tuple[int, Place], Ink] = {}
        self.leftover: list[Leftover] = []

    def take(self, paths: Sequence[Path], sha256: str, reading: Reading) -> None:
        """File one scan, which came under these names, and record its pages, in a transaction of its own."""
        path, name = paths[0], shown(self.office, paths[0])
        known = find_incoming(self.office.db, sha256)
        reading = reading if known else scanned_paper(reading, path)
        try:
            if isinstance(reading, FileFault):
                raise reading
            if known is None and self._is_evidence(name, sha256, reading):
                return
            reading = unlike(reading, scans_of_file(self.office.db, known.id) if known else ())
            # What is read on a page takes seconds: not while the registry is held.
            places, doubt = self._places(path, sha256, reading)
            with contextlib.nullcontext() if self.dry_run else changing(self.office.db):
                pages = max(one.page for one in reading)
                file = keep(self.office, path, sha256, pages, dry_run=self.dry_run)
                before = scans_of_file(self.office.db, file.id)
                found = {at: where for at, where in places.items() if at not in before}
                rows = [
                    self._row(file.id, one, at)
                    for one in reading
                    if isinstance(at := found.get(one.place), PagePosition)
                ]
                put_scans(self.office.db, rows)
        except FileFault as fault:
            self.result.failed.append(Failure.of(name, fault))
            for other in paths[1:] if isinstance(reading, FileFault) else ():
                same = FileFault(fault.what, where=display_name(other), remedy=fault.remedy)
                self.result.failed.append(Failure.of(shown(self.office, other), same))
            return
        if any(one.locked for one in reading):
            self.result.notes.append(FileNote(name, _LOCKED))
        several = [shown(self.office, one) for one in (paths if known else paths[1:])]
        self.result.again += [Again(one, file.received_at, file.path) for one in several]
        placed = [*before.values(), *rows]
        self.changed |= {row.document for row in rows}
        self.touched |= {row.document for row in placed}
        self.result.pages += len(reading)
        self.result.placed += len(placed)
        self.result.turned += sum(row.turn != 0 for row in placed)
        self.inks |= {(file.id, one.place): one.ink for one in reading}
        beside = {row.file_page: row for row in placed if not row.half}
        for one in reading:
            if isinstance(why := found.get(one.place), Reason):
                self.result.unplaced.append(Unplaced(name, one.page, why, one.half))
                guess = self._guess(one, why, beside)
                if not doubt or one.page == 1:
                    self.leftover.append(Leftover(self.result.unplaced[-1], path, file.path, guess, doubt))

    def _is_evidence(self, name: str, sha256: str, reading: Sequence[PageReading]) -> bool:
        """Whether a file without codes is what an activity has as evidence, and no document; it is told."""
        numbers = () if any(one.codes for one in reading) else evidence_known(self.office.db, sha256)
        if numbers:
            what = f"是工作记录 {'、'.join(numbers)} 的佐证材料，已经存着；没有页面码，没有作为扫描件收"
            self.result.notes.append(FileNote(name, what))
        return bool(numbers)

    def _places(
        self, path: Path, sha256: str, reading: Sequence[PageReading]
    ) -> tuple[dict[Place, PagePosition | Reason], str]:
        """Where each page belongs, by its code or all by the ledger; and why the ledger does not tell, or ""."""
        places = {one.place: place(one, self.known) for one in reading} | sheets_of_one(reading, self.known)
        if self.ledger is None or any(isinstance(at, PagePosition) for at in places.values()):
            return places, ""
        finding = self.ledger.find(path, sha256, places)
        if finding is None or finding.doubt:
            return places, DOUBT_LABEL[finding.doubt] if finding and finding.doubt else ""
        key, pages = finding.agreement_id, len(reading)
        return {at: PagePosition(key, DocKind.AGREEMENT, OLD, at[0], pages, "") for at in places}, ""

    def _guess(self, reading: PageReading, why: Reason, placed: Mapping[int, ScanRow]) -> Guess | None:
        """What a page may be whose code says nothing, or not which page; of newest versions, which can be assigned to."""
        if why not in (Reason.NO_CODE, Reason.NO_PAGE):
            return None
        beside = likely(placed, reading.page)
        if why is Reason.NO_PAGE:
            row = self.known[decode(reading.codes[0]).document_id]
            beside = beside if beside and beside.document == (row.agreement_id, row.kind, row.version) else None
        elif beside is None:
            return None
        else:
            row = self.newest[beside.agreement_id, beside.kind]
        if row != self.newest[row.agreement_id, row.kind] or (beside and beside.version != row.version):
            return None
        return Guess(row.number, row.kind, beside.page, beside.pages) if beside else Guess(row.number, row.kind)

    def absent(self) -> list[Absent]:
        """Documents of the agreements touched, of whose newest version no page is there."""
        ids = {key[0] for key in self.touched}
        there = {(row.agreement_id, row.kind) for row in scans_of_agreements(self.office.db, ids)}
        rows = [row for key, row in self.newest.items() if key[0] in ids and key not in there]
        return [Absent(row.number, row.kind) for row in sorted(rows, key=lambda row: (row.number, row.kind))]

    def _row(self, file_id: int, reading: PageReading, at: PagePosition) -> ScanRow:
        return ScanRow(
            file_id=file_id,
            file_page=reading.page,
            agreement_id=at.agreement_id,
            kind=at.kind,
            version=at.version,
            page=at.page,
            pages=at.pages,
            turn=reading.turn or 0,
            red=reading.ink.red,
            code=at.code,
            placed_at=self.office.now,
            actor=self.office.actor,
            half=reading.half,
        )


def intake(
    office: OfficeSession,
    paths: Sequence[Path],
    *,
    signed: bool = False,
    sealed: bool = False,
    ledger: bool = False,
    compare: bool = False,
    ours: Mapping[str, str] | None = None,
    dry_run: bool = False,
    read: ReadFiles = read_files,
    progress: Progress = lambda _done, _all: None,
    compare_progress: Progress = lambda _done, _all: None,
) -> Intake:
    """Take in scans, files and folders of them: each is kept byte for byte, its pages are matched by their codes.

    Pages are remembered, so that what is missing may come another day; the same file again doubles nothing. A document
    with all its pages is bound as one PDF; a complete agreement goes on to 已校验, if it is sealed. With ``signed`` and
    ``sealed`` a person says that every complete agreement bears the signatures and seals of all parties, which is then
    recorded for today. With ``ledger`` a file without codes may be old paper of an agreement of the ledger, see
    :mod:`yiyu.docgen.archive.ledger_filing`. With ``compare`` the text of
    every page is held against what was printed under its code, not in a dry run; what differs keeps its agreement from
    已校验 until a person accepts it. ``ours``: see :func:`distinct`. One bad file never stops the others. Raises BadInput where there is no file at all.
    """
    if compare:
        require_ocr()
    found = scan_files(office, paths)
    files, failed = distinct(office, found.paths, ours or {})
    if not files and not failed and not found.passed:
        remedy = "请给出 PDF、JPEG、PNG、TIFF、HEIC 或 WEBP 文件"
        raise BadInput("没有找到扫描件", where="、".join(map(str, paths)), remedy=remedy)
    by_path = {same[0]: (same, sha256) for sha256, same in files.items()}
    readings = _watched(read(by_path), progress, len(by_path))
    with contextlib.ExitStack() as stack:
        old = stack.enter_context(LedgerFiling(office, files)) if ledger else None
        run = _IntakeRun(office, ledger=old, dry_run=dry_run)
        run.result.failed += failed
        run.result.notes += found.notes
        if dry_run:
            # Read before the registry is held: colleagues would wait for all the scans.
            readings = iter(list(_read_ahead(readings, old, by_path)))
            stack.enter_context(changing(office.db, dry_run=True))
        for path, reading in readings:
            run.take(*by_path[path], reading)
        if compare and not dry_run:
            looked_at = {file_id for file_id, _ in run.inks}
            run.result.compared = compare_pages(office, run.touched, looked_at, progress=compare_progress)
        evidence = old.evidence() if old else {}
        filing = Filing(office, signed=signed, sealed=sealed, dry_run=dry_run, inks=run.inks, evidence=evidence)
        run.result.ledger, run.result.unread = (old.findings, old.unread) if old else ([], "")
        run.result.documents, unbound = filing.file(run.touched, run.changed)
        run.result.absent = run.absent()
    run.result.failed += unbound
    if not dry_run:
        try:
            run.result.unplaced_file = save_leftover(office, run.leftover)
        except UserError as error:  # the scans are taken in all the same
            run.result.failed.append(Failure.of("problems", error))
    return run.result


def _read_ahead(
    readings: Iterable[tuple[Path, Reading]], ledger: LedgerFiling | None, by_path: Mapping[Path, tuple[object, str]]
) -> Iterator[tuple[Path, Reading]]:
    """The readings, the text of pages without codes read as well where the ledger will ask for it."""
    for path, reading in readings:
        if ledger and not isinstance(reading, FileFault) and not any(one.codes for one in reading):
            ledger.read_ahead(path, by_path[path][1])
        yield path, reading


def _watched(
    readings: Iterable[tuple[Path, Reading]], progress: Progress, total: int
) -> Iterator[tuple[Path, Reading]]:
    for done, each in enumerate(readings, start=1):
        yield each
        progress(done, total)
