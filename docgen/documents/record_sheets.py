"""活动记录表 prefilled for what is due: each a version of its own, so that its page codes name it when it comes home."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yiyu.docgen.context import Planned, context_for
from yiyu.docgen.documents.clause_forms import ClauseForm, ClauseForms
from yiyu.docgen.documents.fill_job import FillJob, FillResult, Version, fill_one
from yiyu.docgen.documents.print_run import copy_numbers, print_documents
from yiyu.docgen.naming import document_folder, document_name
from yiyu.registry.duties.listing import duty_rows, period_named
from yiyu.registry.errors import BadInput, Failure, FileFault, UserError
from yiyu.registry.files import sha256, write_atomic
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import Agreement, DocKind
from yiyu.registry.packs import Pack
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.duties.rules import Period, periods
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.clause_sets import keep_clause_set
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import DocumentRow, RecordSheet, add_documents, add_record_sheet, record_sheets
from yiyu.registry.store.standings import standings

_KIND = DocKind.ACTIVITY_RECORD
_BATCH = 50
"""Sheets made in one transaction: a colleague waits for so many at most."""
_UNDONE = ("due", "not_yet", "missed")


@dataclass(frozen=True, slots=True)
class MadeSheet:
    """One record sheet; ``new`` is False for one that was made before and is still waiting to be filled in."""

    number: str
    version: int
    period: str
    duty: str
    title: str
    medical: str
    childcare: str
    path: str
    new: bool


@dataclass(slots=True)
class SheetResult:
    """``pages``: of the PDF for the printer, 0 where none was asked for; ``unshown`` as in Printed."""

    sheets: list[MadeSheet] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    pages: int = 0
    unshown: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Wanted:
    number: str
    duty: str
    period: Period
    planned: Planned


def make_sheets(
    office: OfficeSession,
    numbers: Sequence[str] = (),
    *,
    period: str | None = None,
    due: bool = False,
    out: Path | None = None,
    print_to: Path | None = None,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> SheetResult:
    """Make a record sheet for each of ``numbers`` in ``period`` (default: the quarter of today), all its items to tick.

    With ``due``, or without numbers, for each duty instead that is to be done now, or in ``period`` is not done yet, its
    items ticked. A sheet made before for the same and neither home nor used is given again. ``out`` gets a copy of each
    file, ``print_to`` one PDF of all with page codes. Raises NotFound for an unknown number, BadInput for a period
    written otherwise, FileFault for the first that cannot be written (those before it stay made), ProgramFault without a
    PDF engine.
    """
    run = _SheetRun(office, out, dry_run=dry_run)
    wanted = list(_due(office, numbers, period) if due or not numbers else _plain(office, numbers, period))
    run.read(wanted)
    for some in range(0, len(wanted), batch := len(wanted) or 1 if dry_run else _BATCH):
        with changing(office.db, dry_run=dry_run):
            run.make(wanted[some : some + batch])
        if run.stopped is not None:
            raise run.stopped
    if print_to is not None and run.rows and not dry_run:
        run.result.pages, run.result.unshown = _print(office, run, print_to, progress)
    return run.result


def _plain(office: OfficeSession, numbers: Sequence[str], period: str | None) -> Iterator[_Wanted]:
    numbers_to_ids(office, numbers)
    one = period_named(period) if period else periods("quarter", office.today.year)[(office.today.month - 1) // 3]
    for number in dict.fromkeys(numbers):
        yield _Wanted(number, "", one, Planned(one.title, one.first, one.last))


def _due(office: OfficeSession, numbers: Sequence[str], period: str | None) -> Iterator[_Wanted]:
    """One for each time a duty of an agreement is still wanted; without a period only what is to be done by now."""
    states = _UNDONE if period else _UNDONE[:1]
    for row in duty_rows(office, period=period, numbers=numbers or None):
        if row.state not in states or not row.number:
            continue
        one = period_named(row.period)
        planned = Planned(one.title, one.first, one.last, row.title, row.due_by, row.items, row.forms)
        for _ in range(max(1, row.needed - row.done)):
            yield _Wanted(row.number, row.duty, one, planned)


class _SheetRun:
    """Makes sheets one after another; call :meth:`make` inside ``changing``, once :meth:`read` has read what they need."""

    def __init__(self, office: OfficeSession, out: Path | None, *, dry_run: bool) -> None:
        self._office, self._out, self._dry_run = office, out, dry_run
        self.result, self._forms = SheetResult(), ClauseForms(office.today)
        self.rows: list[DocumentRow] = []
        self.stopped: FileFault | None = None

    def read(self, wanted: Sequence[_Wanted]) -> None:
        ids = numbers_to_ids(self._office, list(dict.fromkeys(one.number for one in wanted))).values()
        known = standings(self._office.db, self._office.today, set(ids))
        self._ended = {one.agreement.number: one.state.ended for one in known}
        self._agreements = {
            (one.number, last): one
            for last in {one.period.last for one in wanted}
            for one in load_agreements(self._office.db, [*ids], on=last)
        }
        self._given: set[tuple[int, int]] = set()

    def make(self, wanted: Sequence[_Wanted]) -> None:
        """Give each its version and write it; one that waits and would come out the same is given again."""
        sheets: dict[str, list[RecordSheet]] = {}
        for known in record_sheets(
            self._office.db, {self._agreements[one.number, one.period.last].id for one in wanted}
        ):
            sheets.setdefault(known.number, []).append(known)
        for one in wanted:
            try:
                self._one(one, self._agreements[one.number, one.period.last], sheets.setdefault(one.number, []))
            except FileFault as fault:  # the folder is the same for all the others
                self.stopped = fault
                return
            except UserError as error:
                self.result.failed.append(Failure.of(one.number, error))

    def _one(self, wanted: _Wanted, agreement: Agreement, sheets: list[RecordSheet]) -> None:
        if self._ended.get(wanted.number, True):
            raise BadInput(f"协议 {wanted.number} 已作废或解除", remedy="不再做活动记录表")
        first, last = wanted.period.first, wanted.period.last
        if last < agreement.starts_on or agreement.ends_on < first:
            term = f"{agreement.starts_on} 至 {agreement.ends_on}"
            raise BadInput(
                f"时段 {wanted.period.text} 不在协议 {wanted.number} 的期限内", where=term, remedy="请换一个时段"
            )
        for sheet in sheets:
            if _waits(sheet, wanted) and (agreement.id, sheet.version) not in self._given:
                filled = self._fill(wanted, agreement, Version(_KIND, sheet.version, sheet.sha256))
                if sha256(filled.data) == sheet.sha256:
                    self._give(wanted, agreement, sheet, filled, new=False)
                    return
        before = max((sheet.version for sheet in sheets), default=0)
        filled = self._fill(wanted, agreement, Version(_KIND, before))
        path, period = _path(agreement, self._office.pack_named(agreement.pack), before + 1), wanted.period.text
        sheet = RecordSheet(
            agreement.id, wanted.number, before + 1, sha256(filled.data), path, period, wanted.duty, "", ""
        )
        self._give(wanted, agreement, sheet, filled, new=True)
        sheets.append(sheet)

    def _fill(self, wanted: _Wanted, agreement: Agreement, version: Version) -> FillResult:
        pack = self._office.pack_named(agreement.pack)
        template = self._form(agreement).template
        context = context_for(_KIND, agreement, pack, wanted.planned)
        filled = fill_one(FillJob(template, context, pack.documents[_KIND].needs, version=version))
        if filled.message:
            raise UserError(filled.message.rstrip("。"), code=filled.code)
        return filled

    def _form(self, agreement: Agreement) -> ClauseForm:
        return self._forms.form(self._office.pack_named(agreement.pack), _KIND, agreement, signed=False)

    def _give(
        self, wanted: _Wanted, agreement: Agreement, sheet: RecordSheet, filled: FillResult, *, new: bool
    ) -> None:
        form = self._form(agreement)
        row = DocumentRow(
            agreement.id,
            str(_KIND),
            sheet.version,
            sheet.path,
            sheet.sha256,
            filled.template_sha256,
            len(filled.data),
            self._office.now,
            form.clause_set,
        )
        self._write(sheet.path, filled.data)
        if new:
            keep_clause_set(self._office.db, form.clause_set, form.clauses)
            add_documents(self._office.db, [row])
            add_record_sheet(self._office.db, agreement.id, sheet.version, period=sheet.period, duty=sheet.duty)
        self._given.add((agreement.id, sheet.version))
        self.result.sheets.append(_sheet(wanted, agreement, sheet, new=new))
        self.rows.append(row)

    def _write(self, path: str, data: bytes) -> None:
        if self._dry_run:
            return
        if self._out is not None:
            write_atomic(self._out / Path(path).name, data)
        file = self._office.workspace.root / path
        if not (file.is_file() and file.read_bytes() == data):
            write_atomic(file, data)


def _waits(sheet: RecordSheet, wanted: _Wanted) -> bool:
    same = (sheet.period, sheet.duty) == (wanted.period.text, wanted.duty)
    return same and not sheet.activity and not sheet.scan


def _path(agreement: Agreement, pack: Pack, version: int) -> str:
    """Beside the other documents of the agreement."""
    document, childcare = pack.documents[_KIND], agreement.childcare.facts.name
    name = document_name(
        document.name_pattern, number=agreement.number, title=document.title, childcare=childcare, version=version
    )
    return f"{document_folder(agreement.starts_on.year, district_name(agreement.district))}/{name}"


def _sheet(wanted: _Wanted, agreement: Agreement, sheet: RecordSheet, *, new: bool) -> MadeSheet:
    medical, childcare = agreement.medical.facts.name, agreement.childcare.facts.name
    title = wanted.planned.title
    return MadeSheet(sheet.number, sheet.version, sheet.period, sheet.duty, title, medical, childcare, sheet.path, new)


def _print(
    office: OfficeSession, run: _SheetRun, target: Path, progress: Callable[[int, int], None]
) -> tuple[int, dict[str, str]]:
    """One PDF of all; gives its pages, and the characters no font has by the number of the agreement."""
    rows = [(one.number, row) for one, row in zip(run.result.sheets, run.rows, strict=True)]
    return print_documents(office.workspace.root, rows, target, copies=copy_numbers(1), progress=progress)
