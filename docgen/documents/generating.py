"""Fill documents for agreements: the files first, each whole under its name, then the rows that name them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yiyu.docgen.context import Context, coded, context_for
from yiyu.docgen.documents.fill_job import Executor, FillResult, fill_one, in_process
from yiyu.docgen.documents.generate_jobs import DocumentFailure, Job, Wanted, make_jobs
from yiyu.docgen.documents.pdf_results import PdfRequest, papers, pdf_of, private_characters, unshown_in
from yiyu.docgen.naming import document_folder, document_name
from yiyu.docgen.pdf.convert import Converter, convert, require_engine
from yiyu.registry.agreements.following import FactChange, Followed, Lag, follow, lagging
from yiyu.registry.agreements.listing import numbers_in_scope
from yiyu.registry.errors import FileFault
from yiyu.registry.files import sha256, write_atomic
from yiyu.registry.institutions.lookup import directory, numbers_to_ids
from yiyu.registry.model import DocKind
from yiyu.registry.rules.districts import district_name
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.clause_sets import hold_clause_set, keep_clause_set
from yiyu.registry.store.events import add_event
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import DocumentRow, add_documents, current_documents, plain_documents
from yiyu.registry.store.standings import standings

BATCH = 32
"""Files written in one transaction: colleagues wait so long, and at most so many are made again after a broken-off run."""

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class GenerateResult:
    """``made`` and ``skipped`` pair the agreement number with its document; skipped ones stand as they were.

    ``pdfs`` has the path of the PDF beside each document that has one; None where none was asked for. ``unshown``: the
    characters in them no font of this machine has, or that are private, by the number of the agreement.
    """

    made: list[tuple[str, DocumentRow]] = field(default_factory=list)
    skipped: list[tuple[str, DocumentRow]] = field(default_factory=list)
    failed: list[DocumentFailure] = field(default_factory=list)
    pdfs: dict[DocumentRow, str] | None = None
    unshown: dict[str, str] = field(default_factory=dict)
    followed: dict[str, tuple[FactChange, ...]] = field(default_factory=dict)
    """What drafts say otherwise than before, for the registry does; by number."""
    lagging: dict[str, Lag] = field(default_factory=dict)
    """Where signed agreements that were asked for by number lag behind the registry."""

    def tell(self, office: OfficeSession, ids: set[int] | None, followed: Followed) -> None:
        """Say what changed in drafts, and of the agreements ``ids`` where they lag."""
        known = directory(office) if ids else None
        for one in standings(office.db, office.today, ids or set(followed.changes)):
            if told := followed.changes.get(one.agreement.id):
                self.followed[one.agreement.number] = told
            if known is not None and (lag := lagging(office, one, known)).texts:
                self.lagging[one.agreement.number] = lag


@dataclass(slots=True)
class _GenerateRun:
    office: OfficeSession
    dry_run: bool
    out: Path | None
    result: GenerateResult = field(default_factory=GenerateResult)
    pending: list[tuple[Job, DocumentRow, bytes]] = field(default_factory=list)
    unchanged: list[tuple[Job, DocumentRow]] = field(default_factory=list)
    """Documents whose words are those of other clauses than was kept of them."""

    def take(self, job: Job, filled: FillResult) -> None:
        """Place one filled document: skip what stands already, refuse what cannot be, keep the rest for the commit."""
        number = job.agreement.number
        if filled.message:
            self.result.failed.append(DocumentFailure(number, filled.code, filled.message, job.kind))
            return
        self.result.unshown |= private_characters(job.agreement)
        row = _row(self.office, job, filled)
        path = self.office.workspace.root / row.path
        if row == job.current and path.is_file() and sha256(path.read_bytes()) == row.sha256:
            self._copy_out(row, filled.data)
            self.result.skipped.append((number, row))
            if row.clauses != job.form.clause_set:
                self.unchanged.append((job, row))
        else:
            self.pending.append((job, row, filled.data))

    def commit(self) -> None:
        """Write what is pending and record it, in one transaction: a colleague's generating waits for it and sees it.

        Raises FileFault for the first file that cannot be written; those before it are recorded.
        """
        pending, self.pending = self.pending, []
        unchanged, self.unchanged = self.unchanged, []
        if not (pending or unchanged):
            return
        faults: list[FileFault] = []
        with changing(self.office.db, dry_run=self.dry_run):
            ids = {row.agreement_id for _, row, _ in pending}
            current, newest = plain_documents(self.office.db, ids), current_documents(self.office.db, ids)
            states = {one.agreement.id: one.state for one in standings(self.office.db, self.office.today, ids)}
            for job, row in unchanged:
                keep_clause_set(self.office.db, job.form.clause_set, job.form.clauses)
                hold_clause_set(self.office.db, row, job.form.clause_set)
            for job, row, data in pending:
                there, last = current.get((row.agreement_id, row.kind)), newest.get((row.agreement_id, row.kind))
                meanwhile = there != job.current or (last.version if last else 0) != job.newest
                signed = bool(states[row.agreement_id].signed)
                if refused := _refused(job, row, there, meanwhile=meanwhile, signed=signed):
                    self.result.failed.append(refused)
                    continue
                try:
                    self._write(row, data)
                except FileFault as fault:
                    faults.append(fault)
                    break
                self.result.made.append((job.agreement.number, row))
                if there is None or there.sha256 != row.sha256:
                    keep_clause_set(self.office.db, job.form.clause_set, job.form.clauses)
                    self._record(row, issued=states[row.agreement_id].issued)
        if faults:
            raise faults[0]

    def _write(self, row: DocumentRow, data: bytes) -> None:
        if not self.dry_run:
            self._copy_out(row, data)
            write_atomic(self.office.workspace.root / row.path, data)

    def _copy_out(self, row: DocumentRow, data: bytes) -> None:
        if self.out is not None and not self.dry_run:
            target = self.office.workspace.root / row.path
            write_atomic(self.out / target.relative_to(self.office.workspace.output), data)

    def _record(self, row: DocumentRow, *, issued: bool) -> None:
        office = self.office
        add_documents(office.db, [row])
        if row.kind == DocKind.AGREEMENT and not issued:
            add_event(
                office.db, row.agreement_id, "issued", on=office.today, recorded_at=office.now, actor=office.actor
            )

    def add_pdfs(self, converter: Converter, progress: Progress) -> None:
        """Make the PDFs that are asked for and not there. The name of a document changes with its content."""
        result, root = self.result, self.office.workspace.root
        if result.pdfs is None:
            return
        documents = [PdfRequest(number, row, root / pdf_of(row)) for number, row in (*result.made, *result.skipped)]
        absent = [] if self.dry_run else [one for one in documents if not one.target.is_file()]
        done = list(papers(root, absent, converter=converter, progress=progress))
        failed = {paper.wanted: paper.error for paper in done if paper.error is not None}
        for one, error in failed.items():
            result.failed.append(DocumentFailure(one.number, error.code, str(error), DocKind(one.row.kind)))
        for one in documents:
            if one not in failed:
                result.pdfs[one.row] = pdf_of(one.row)
                if self.out is not None and not self.dry_run:
                    copy = self.out / one.target.relative_to(self.office.workspace.output)
                    write_atomic(copy, one.target.read_bytes())
        result.unshown |= unshown_in(done)


def generate(
    office: OfficeSession,
    numbers: Sequence[str] = (),
    *,
    kinds: Sequence[DocKind] = (),
    missing: bool = False,
    out: Path | None = None,
    dry_run: bool = False,
    pdf: bool = False,
    executor: Executor = in_process,
    converter: Converter = convert,
    progress: Progress = lambda _done, _all: None,
    pdf_progress: Progress = lambda _done, _all: None,
) -> GenerateResult:
    """Fill ``kinds`` (default: all of the pack) for ``numbers``, or for every live agreement that lacks them.

    A document whose bytes did not change is skipped; a changed one becomes a new version beside the old.
    With ``pdf`` each gets a PDF beside it, with page codes, where there is none yet; no row names it. With ``out`` a copy
    of each file goes there too. One bad agreement never stops the rest. Raises NotFound for an unknown number, FileFault
    where a folder cannot be written, and ProgramFault before anything is done where this machine cannot make a PDF; what
    was finished before stays recorded.
    """
    if pdf:
        require_engine()
    run = _GenerateRun(office, dry_run, out, GenerateResult(pdfs={} if pdf else None))
    numbers = numbers_in_scope(office, numbers)
    ids = set(numbers_to_ids(office, numbers).values()) if numbers else None
    nobody = missing or (not numbers and not office.scope.whole)
    followed = Followed() if nobody else follow(office, ids, dry_run=dry_run)
    wanted = Wanted(numbers, kinds or tuple(DocKind), missing=missing or not numbers, pdf=pdf, followed=followed)
    jobs, run.result.skipped, run.result.failed = make_jobs(office, wanted)
    results = executor(fill_one, (job.work for job in jobs))
    try:
        for done, (job, filled) in enumerate(zip(jobs, results, strict=True), start=1):
            run.take(job, filled)
            if len(run.pending) >= BATCH:
                run.commit()
            progress(done, len(jobs))
    finally:
        run.commit()
    run.add_pdfs(converter, pdf_progress)
    run.result.tell(office, ids, followed)
    return run.result


def document_context(office: OfficeSession, number: str, kind: DocKind) -> Context:
    """The data behind the newest plain version of a document, or behind the first where there is none.

    Raises NotFound.
    """
    [agreement] = load_agreements(office.db, list(numbers_to_ids(office, [number]).values()), on=office.today)
    row = plain_documents(office.db).get((agreement.id, kind))
    context = context_for(kind, agreement, office.pack_named(agreement.pack))
    return coded(context, kind, row.version if row else 1)


def _refused(
    job: Job, row: DocumentRow, there: DocumentRow | None, *, meanwhile: bool, signed: bool
) -> DocumentFailure | None:
    """Why it is not written: it would unsay a signature, or a colleague made another one while this was filled."""
    number = job.agreement.number
    if there == job.current and row != job.current and there is not None and signed and job.fixed:
        message = f"协议 {number} 已有一方签字，文书内容不能再变；如需变更请签补充协议（agreement supplement）。"
        return DocumentFailure(number, "already-signed", message, job.kind)
    if meanwhile and (there is None or (there.version, there.sha256) != (row.version, row.sha256)):
        message = f"协议 {number} 的这份文书刚由同事生成，内容不同；请再运行一次。"
        return DocumentFailure(number, "made-meanwhile", message, job.kind)
    return None


def _row(office: OfficeSession, job: Job, filled: FillResult) -> DocumentRow:
    """The row of a filled document: the one that stands when the bytes are the same, else the next version."""
    digest = sha256(filled.data)
    if job.current is not None and job.current.sha256 == digest:
        return job.current
    agreement, version = job.agreement, job.version.next
    document = job.pack.documents[job.kind]
    childcare = agreement.childcare.facts.name
    name = document_name(
        document.name_pattern, number=agreement.number, title=document.title, childcare=childcare, version=version
    )
    folder = document_folder(agreement.starts_on.year, district_name(agreement.district))
    return DocumentRow(
        agreement_id=agreement.id,
        kind=str(job.kind),
        version=version,
        path=f"{folder}/{name}",
        sha256=digest,
        template_sha256=filled.template_sha256,
        size=len(filled.data),
        made_at=office.now,
        clauses=job.form.clause_set,
    )
