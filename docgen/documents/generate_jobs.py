"""Which documents are to be filled, each with the agreement as it is printed there."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from yiyu.docgen.context import context_for
from yiyu.docgen.documents.clause_forms import ClauseForm, ClauseForms
from yiyu.docgen.documents.fill_job import FillJob, Version
from yiyu.docgen.documents.pdf_results import pdf_of
from yiyu.registry.agreements.following import Followed
from yiyu.registry.errors import Failure, UserError
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import Agreement, DocKind
from yiyu.registry.packs import Pack
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.clause_sets import clause_set
from yiyu.registry.store.item_lists import list_at, list_versions
from yiyu.registry.store.record_sheets import DocumentRow, current_documents, plain_documents
from yiyu.registry.store.snapshots import last_rewritten
from yiyu.registry.store.standings import AgreementStatus, standings

_SIGNED_KINDS = (DocKind.AGREEMENT, DocKind.SERVICE_LIST)
"""What the signature stands under."""


@dataclass(frozen=True, slots=True)
class DocumentFailure(Failure):
    """A document that was not made; the subject is the number of its agreement."""

    kind: DocKind


@dataclass(frozen=True, slots=True)
class Job:
    standing: AgreementStatus
    agreement: Agreement
    kind: DocKind
    pack: Pack
    form: ClauseForm
    current: DocumentRow | None
    newest: int
    """The last version there is, a record sheet prefilled for a visit included."""
    relisted: bool = False
    """Whether the list changed since the document that stands was made."""

    @property
    def fixed(self) -> bool:
        """Whether a signature stands under what it says; a list that changed since is another one."""
        return self.kind in _SIGNED_KINDS and not self.relisted

    @property
    def version(self) -> Version:
        current = self.current
        return Version(self.kind, current.version if current else 0, current.sha256 if current else "", self.newest)

    @property
    def work(self) -> FillJob:
        template = self.form.template
        try:
            context = context_for(self.kind, self.agreement, self.pack)
        except UserError as error:
            return FillJob(template, {}, refused=(error.code, str(error)))
        return FillJob(template, context, self.pack.documents[self.kind].needs, version=self.version)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: agreements (none: all live ones) and kinds; ``missing``: only where there is no document yet.

    Where nobody has signed, one that was made before the parties or the list were last changed, or with clauses that hold
    no more, is none.

    ``pdf``: one that stands without a PDF is given, too.
    """

    numbers: Sequence[str]
    kinds: Sequence[DocKind]
    missing: bool = False
    pdf: bool = False
    followed: Followed = field(default_factory=Followed)
    """Drafts that have just followed the registry."""


Jobs = tuple[list[Job], list[tuple[str, DocumentRow]], list[DocumentFailure]]
"""What is to be filled, what stands and only lacks its PDF, and what cannot be filled."""


def make_jobs(office: OfficeSession, wanted: Wanted) -> Jobs:
    """Raises NotFound for an unknown number."""
    found: Jobs = ([], [], [])
    if not wanted.numbers and not office.scope.whole:
        return found
    ids = list(numbers_to_ids(office, wanted.numbers).values()) if wanted.numbers else None
    known = {s.agreement.id: s for s in standings(office.db, office.today, None if ids is None else set(ids))}
    current, newest = plain_documents(office.db), current_documents(office.db)
    changed, rewritten = list_versions(office.db, ids), last_rewritten(office.db, ids)
    agreements, forms = load_agreements(office.db, ids, on=office.today), _Forms(office)
    for stored, kind in itertools.product(agreements, wanted.kinds):
        parties = wanted.followed.parties.get(stored.id)
        agreement = stored if parties is None else replace(stored, parties=parties)
        key = (agreement.id, kind)
        standing, row, last = known[agreement.id], current.get(key), newest.get(key)
        stands = row is not None and (office.workspace.root / row.path).is_file()
        if row is not None and not standing.state.signed:
            stands = stands and parties is None and row.made_at >= rewritten.get(agreement.id, "")
            stands = stands and (standing.state.ended or forms.as_they_hold(row, agreement))
        if wanted.missing and (standing.state.ended or stands):
            if row is not None and stands and not standing.state.ended and wanted.pdf and _lacks_pdf(office, row):
                found[1].append((agreement.number, row))
            continue
        try:
            pack = office.pack_named(agreement.pack)
            form = forms.of(agreement, kind, row, signed=bool(standing.state.signed))
        except UserError as error:
            found[2].append(DocumentFailure(agreement.number, error.code, str(error), kind))
            continue
        if standing.state.ended:
            message = f"协议 {agreement.number} 已作废或解除，不再生成文书。"
            found[2].append(DocumentFailure(agreement.number, "step-not-allowed", message, kind))
            continue
        job = Job(standing, agreement, kind, pack, form, row, last.version if last else 0)
        found[0].append(_after_signing(office, job) if agreement.id in changed else job)
    return found


class _Forms:
    """The forms of the agreements of an office: what somebody signed keeps its clauses."""

    def __init__(self, office: OfficeSession) -> None:
        self._office, self._forms = office, ClauseForms(office.today)

    def of(self, agreement: Agreement, kind: DocKind, row: DocumentRow | None, *, signed: bool) -> ClauseForm:
        kept = signed and kind in _SIGNED_KINDS and row is not None and row.clauses
        held = clause_set(self._office.db, kept) if kept else ()
        return self._forms.form(self._office.pack_named(agreement.pack), kind, agreement, signed=signed, held=held)

    def as_they_hold(self, row: DocumentRow, agreement: Agreement) -> bool:
        """Whether a document nobody signed has the clauses it would get now; one that cannot be told is made again."""
        try:
            return row.clauses == self.of(agreement, DocKind(row.kind), row, signed=False).clause_set
        except UserError:
            return False


def _after_signing(office: OfficeSession, job: Job) -> Job:
    """Of an agreement whose list was changed: what somebody signed keeps the list it was printed with, but for the list itself."""
    one, row = job.agreement, job.current
    if row is None or not job.standing.state.signed or job.kind not in _SIGNED_KINDS:
        return job
    version, items = list_at(office.db, one.id, row.made_at, one.starts_on)
    if job.kind is DocKind.AGREEMENT:
        return replace(job, agreement=replace(one, list_version=version, items=items))
    return replace(job, relisted=version != one.list_version)


def _lacks_pdf(office: OfficeSession, row: DocumentRow) -> bool:
    return not (office.workspace.root / pdf_of(row)).is_file()
