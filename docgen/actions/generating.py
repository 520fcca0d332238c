"""Fill documents for agreements: the files first, each whole under its name, then the rows that name them."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yiyu.docgen.actions.work import Executor, Filled, Work, fill_one, in_process
from yiyu.docgen.context import context_for
from yiyu.docgen.naming import document_name, safe_name
from yiyu.registry.actions.lookup import numbers_to_ids
from yiyu.registry.codes import district_name
from yiyu.registry.desk import Desk
from yiyu.registry.errors import UserError
from yiyu.registry.files import sha256, write_atomic
from yiyu.registry.model import Agreement, DocKind, Kind
from yiyu.registry.packs import Pack, load_pack
from yiyu.registry.reports import Standing, standings
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.documents import DocumentRow, add_documents, current_documents
from yiyu.registry.store.events import add_event
from yiyu.registry.store.opening import changing

BATCH = 100
"""Files written before their rows are committed: at most so many are made again after a broken-off run."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Refused:
    """One document that was not made."""

    number: str
    kind: DocKind
    code: str
    message: str


@dataclass(slots=True)
class GenerateResult:
    """``made`` and ``skipped`` pair the agreement number with its document; skipped ones stand as they were."""

    made: list[tuple[str, DocumentRow]] = field(default_factory=list)
    skipped: list[tuple[str, DocumentRow]] = field(default_factory=list)
    failed: list[Refused] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Job:
    standing: Standing
    agreement: Agreement
    kind: DocKind
    pack: Pack
    current: DocumentRow | None

    @property
    def work(self) -> Work:
        template = self.pack.template(self.kind, self.agreement.variant)
        try:
            context = context_for(self.kind, self.agreement, self.pack)
        except UserError as error:
            return Work(template, {}, refused=(error.code, str(error)))
        return Work(template, context, self.pack.documents[self.kind].needs)


@dataclass(slots=True)
class _Run:
    desk: Desk
    dry_run: bool
    out: Path | None
    result: GenerateResult = field(default_factory=GenerateResult)
    pending: list[tuple[_Job, DocumentRow]] = field(default_factory=list)

    def take(self, job: _Job, filled: Filled) -> None:
        """Place one filled document: skip what stands already, refuse what would unsay a signature, write the rest."""
        number = job.agreement.number
        if filled.message:
            self.result.failed.append(Refused(number, job.kind, filled.code, filled.message))
            return
        row = _row(self.desk, job, filled)
        path = self.desk.workspace.root / row.path
        same = job.current is not None and job.current.sha256 == row.sha256
        if job.current is not None and not same and job.standing.state.signed and job.kind in _SIGNED_KINDS:
            message = f"协议 {number} 已有一方签字，文书内容不能再变；如需变更请签补充协议。"
            self.result.failed.append(Refused(number, job.kind, "already-signed", message))
            return
        stands = same and path.is_file() and sha256(path.read_bytes()) == row.sha256
        if not self.dry_run:
            self._write(path, filled.data, stands=stands)
        (self.result.skipped if stands else self.result.made).append((number, row))
        if not same:
            self.pending.append((job, row))

    def _write(self, path: Path, data: bytes, *, stands: bool) -> None:
        if self.out is not None:
            write_atomic(self.out / path.relative_to(self.desk.workspace.output), data)
        if not stands:
            write_atomic(path, data)

    def commit(self) -> None:
        """One transaction for the rows of the files written since the last."""
        with changing(self.desk.db, dry_run=self.dry_run):
            known = current_documents(self.desk.db)
            fresh = [(job, row) for job, row in self.pending if known.get((row.agreement_id, row.kind)) != row]
            add_documents(self.desk.db, (row for _, row in fresh))
            for job, row in fresh:
                if job.kind is DocKind.AGREEMENT and not job.standing.state.issued:
                    add_event(
                        self.desk.db,
                        row.agreement_id,
                        "issued",
                        on=self.desk.today,
                        recorded_at=self.desk.now,
                        actor=self.desk.actor,
                    )
        self.pending.clear()


_SIGNED_KINDS = (DocKind.AGREEMENT, DocKind.SERVICE_LIST)
"""What the signature stands under."""


def generate(
    desk: Desk,
    numbers: Sequence[str] = (),
    *,
    kinds: Sequence[DocKind] = (),
    missing: bool = False,
    out: Path | None = None,
    dry_run: bool = False,
    executor: Executor = in_process,
    progress: Progress = lambda _done, _all: None,
) -> GenerateResult:
    """Fill ``kinds`` (default: all of the pack) for ``numbers``, or for every live agreement that lacks them.

    A document whose bytes did not change is skipped; a changed one becomes a new version beside the old.
    With ``out`` a copy of each goes there too. One bad agreement never stops the rest. Raises NotFound for an
    unknown number and FileFault where a folder cannot be written; what was finished before it stays recorded.
    """
    run = _Run(desk, dry_run, out)
    jobs = list(_jobs(desk, numbers, kinds or tuple(DocKind), missing=missing or not numbers, result=run.result))
    results = executor(fill_one, (job.work for job in jobs))
    try:
        for done, (job, filled) in enumerate(zip(jobs, results, strict=True), start=1):
            run.take(job, filled)
            if len(run.pending) >= BATCH:
                run.commit()
            progress(done, len(jobs))
    finally:
        run.commit()
    return run.result


def _jobs(
    desk: Desk, numbers: Sequence[str], kinds: Sequence[DocKind], *, missing: bool, result: GenerateResult
) -> Iterator[_Job]:
    ids = list(numbers_to_ids(desk, numbers).values()) if numbers else None
    known = {s.agreement.id: s for s in standings(desk.db, desk.today, None if ids is None else set(ids))}
    current = current_documents(desk.db)
    packs: dict[str, Pack] = {}
    for agreement, kind in itertools.product(load_agreements(desk.db, ids), kinds):
        standing, row = known[agreement.id], current.get((agreement.id, kind))
        if missing and (standing.state.ended or (row is not None and (desk.workspace.root / row.path).is_file())):
            continue
        try:
            if agreement.pack not in packs:
                packs[agreement.pack] = load_pack(agreement.pack, office=desk.workspace.templates)
            pack = packs[agreement.pack]
            job = _Job(standing, agreement, kind, pack, row)
            pack.template(kind, agreement.variant)
        except UserError as error:
            result.failed.append(Refused(agreement.number, kind, error.code, str(error)))
            continue
        if standing.state.ended:
            message = f"协议 {agreement.number} 已作废或解除，不再生成文书。"
            result.failed.append(Refused(agreement.number, kind, "step-not-allowed", message))
            continue
        yield job


def _row(desk: Desk, job: _Job, filled: Filled) -> DocumentRow:
    """The row of a filled document: the one that stands when the bytes are the same, else the next version."""
    digest = sha256(filled.data)
    if job.current is not None and job.current.sha256 == digest:
        return job.current
    agreement, version = job.agreement, (job.current.version if job.current else 0) + 1
    document = job.pack.documents[job.kind]
    childcare = next(p.facts.name for p in agreement.parties if p.facts.kind is Kind.CHILDCARE)
    name = document_name(
        document.name_pattern, number=agreement.number, title=document.title, childcare=childcare, version=version
    )
    folder = f"output/{agreement.starts_on.year}/{safe_name(district_name(agreement.district))}"
    return DocumentRow(
        agreement_id=agreement.id,
        kind=str(job.kind),
        version=version,
        path=f"{folder}/{name}",
        sha256=digest,
        template_sha256=filled.template_sha256,
        size=len(filled.data),
        made_at=desk.now,
    )
