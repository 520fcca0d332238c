"""活动记录表 prefilled for what is due: each a version of its own, so that its page codes name it when it comes home."""

import functools
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yiyu.docgen.actions.generating import Refused
from yiyu.docgen.actions.work import Filled, Work, fill_one
from yiyu.docgen.context import Planned, context_for
from yiyu.docgen.naming import document_name, safe_name
from yiyu.docgen.page_code import mark
from yiyu.docgen.pdf.convert import convert
from yiyu.docgen.pdf.printing import print_file
from yiyu.docgen.pdf.stamp import stamp
from yiyu.registry.actions.duties import duty_rows, period_named
from yiyu.registry.actions.lookup import numbers_to_ids
from yiyu.registry.codes import district_name
from yiyu.registry.desk import Desk
from yiyu.registry.duties.periods import Period, periods
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.files import sha256, write_atomic
from yiyu.registry.model import DOC_KIND_LABEL, Agreement, DocKind, Kind
from yiyu.registry.packs import Pack, load_pack
from yiyu.registry.reports import standings
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.documents import DocumentRow, add_documents
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import RecordSheet, add_record_sheet, record_sheets

_KIND = DocKind.ACTIVITY_RECORD
_UNDONE = ("due", "not_yet", "missed")
_TITLES = {"year": "{0}年", "half_year": "{0}年{1}半年", "quarter": "{0}年第{1}季度", "month": "{0}年{1}月"}


@dataclass(frozen=True, slots=True)
class Sheet:
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
    """``pages``: of the PDF for the printer, 0 where none was asked for."""

    sheets: list[Sheet] = field(default_factory=list)
    failed: list[Refused] = field(default_factory=list)
    pages: int = 0


@dataclass(frozen=True, slots=True)
class _Wanted:
    number: str
    duty: str
    period: Period
    planned: Planned


def make_sheets(
    desk: Desk,
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
    written otherwise, FileFault, ProgramFault without a PDF engine.
    """
    run = _Run(desk, out, dry_run=dry_run)
    wanted = list(_due(desk, numbers, period) if due or not numbers else _plain(desk, numbers, period))
    run.fill(wanted)
    with changing(desk.db, dry_run=dry_run):
        run.place()
    if print_to is not None and run.result.sheets and not dry_run:
        run.result.pages = _print(desk, run.result.sheets, print_to, progress)
    return run.result


def _plain(desk: Desk, numbers: Sequence[str], period: str | None) -> Iterator[_Wanted]:
    numbers_to_ids(desk, numbers)
    one = period_named(period) if period else periods("quarter", desk.today.year)[(desk.today.month - 1) // 3]
    for number in dict.fromkeys(numbers):
        yield _Wanted(number, "", one, Planned(title_of(one), one.first, one.last))


def _due(desk: Desk, numbers: Sequence[str], period: str | None) -> Iterator[_Wanted]:
    """One for each time a duty of an agreement is still wanted; without a period only what is to be done by now."""
    states = _UNDONE if period else _UNDONE[:1]
    for row in duty_rows(desk, period=period, numbers=numbers or None):
        if row.state not in states or not row.number:
            continue
        one = period_named(row.period)
        planned = Planned(title_of(one), one.first, one.last, row.title, row.due_by, row.items, row.forms)
        for _ in range(max(1, row.needed - row.done)):
            yield _Wanted(row.number, row.duty, one, planned)


def title_of(period: Period) -> str:
    """A period as a sheet says it: 2026年第4季度."""
    order = {"half_year": "上" if period.first.month == 1 else "下", "month": period.first.month}
    return _TITLES[period.per].format(period.year, order.get(period.per, (period.first.month + 2) // 3))


class _Run:
    """Fills sheets, then places them one after another; call :meth:`place` inside ``changing``."""

    def __init__(self, desk: Desk, out: Path | None, *, dry_run: bool) -> None:
        self._desk, self._out, self._dry_run = desk, out, dry_run
        self._packs: dict[str, Pack] = {}
        self._filled: list[tuple[_Wanted, Agreement, Filled]] = []
        self.result = SheetResult()

    def fill(self, wanted: Sequence[_Wanted]) -> None:
        desk = self._desk
        ids = list(numbers_to_ids(desk, list(dict.fromkeys(one.number for one in wanted))).values())
        ended = {one.agreement.id: one.state.ended for one in standings(desk.db, desk.today, set(ids))}
        agreements = {one.number: one for one in load_agreements(desk.db, ids)}
        for one in wanted:
            agreement = agreements[one.number]
            try:
                if ended.get(agreement.id, True):
                    raise BadInput(f"协议 {one.number} 已作废或解除", remedy="不再做活动记录表")
                self._filled.append((one, agreement, self._fill(one, agreement)))
            except UserError as error:
                self.result.failed.append(Refused(one.number, _KIND, error.code, str(error)))

    def place(self) -> None:
        """Give each its version and write it; one that waits with the same bytes is given again."""
        sheets: dict[int, list[RecordSheet]] = {}
        for known in record_sheets(self._desk.db, {agreement.id for _, agreement, _ in self._filled}):
            sheets.setdefault(known.agreement_id, []).append(known)
        given: set[tuple[int, int]] = set()
        for wanted, agreement, filled in self._filled:
            own, digest = sheets.setdefault(agreement.id, []), sha256(filled.data)
            waiting = (
                one
                for one in own
                if _waits(one, wanted) and one.sha256 == digest and (one.agreement_id, one.version) not in given
            )
            sheet = next(waiting, None)
            new = sheet is None
            if sheet is None:
                sheet = self._add(wanted, agreement, filled, max((one.version for one in own), default=0) + 1)
                own.append(sheet)
            given.add((agreement.id, sheet.version))
            self._write(sheet.path, filled.data)
            self.result.sheets.append(_sheet(wanted, agreement, sheet, new=new))

    def _fill(self, wanted: _Wanted, agreement: Agreement) -> Filled:
        pack = self._pack(agreement.pack)
        template = pack.template(_KIND, agreement.variant)
        context = context_for(_KIND, agreement, pack, wanted.planned)
        filled = fill_one(Work(template, context, pack.documents[_KIND].needs))
        if filled.message:
            raise UserError(filled.message.rstrip("。"), code=filled.code)
        return filled

    def _add(self, wanted: _Wanted, agreement: Agreement, filled: Filled, version: int) -> RecordSheet:
        path, digest, size = (
            _path(agreement, self._pack(agreement.pack), version),
            sha256(filled.data),
            len(filled.data),
        )
        row = DocumentRow(agreement.id, str(_KIND), version, path, digest, filled.template_sha256, size, self._desk.now)
        add_documents(self._desk.db, [row])
        add_record_sheet(self._desk.db, agreement.id, version, period=wanted.period.text, duty=wanted.duty)
        return RecordSheet(
            agreement.id, agreement.number, version, digest, path, wanted.period.text, wanted.duty, "", ""
        )

    def _pack(self, name: str) -> Pack:
        if name not in self._packs:
            self._packs[name] = load_pack(name, office=self._desk.workspace.templates)
        return self._packs[name]

    def _write(self, path: str, data: bytes) -> None:
        if self._dry_run:
            return
        if self._out is not None:
            write_atomic(self._out / Path(path).name, data)
        file = self._desk.workspace.root / path
        if not (file.is_file() and file.read_bytes() == data):
            write_atomic(file, data)


def _waits(sheet: RecordSheet, wanted: _Wanted) -> bool:
    same = (sheet.period, sheet.duty) == (wanted.period.text, wanted.duty)
    return same and not sheet.activity and not sheet.scan


def _path(agreement: Agreement, pack: Pack, version: int) -> str:
    """Beside the other documents of the agreement."""
    document, childcare = pack.documents[_KIND], _name(agreement, Kind.CHILDCARE)
    name = document_name(
        document.name_pattern, number=agreement.number, title=document.title, childcare=childcare, version=version
    )
    return f"output/{agreement.starts_on.year}/{safe_name(district_name(agreement.district))}/{name}"


def _name(agreement: Agreement, kind: Kind) -> str:
    return next(party.facts.name for party in agreement.parties if party.facts.kind is kind)


def _sheet(wanted: _Wanted, agreement: Agreement, sheet: RecordSheet, *, new: bool) -> Sheet:
    medical, childcare = (_name(agreement, kind) for kind in Kind)
    title = wanted.planned.title
    return Sheet(sheet.number, sheet.version, sheet.period, sheet.duty, title, medical, childcare, sheet.path, new)


def _print(desk: Desk, sheets: Sequence[Sheet], target: Path, progress: Callable[[int, int], None]) -> int:
    """One PDF of all; gives its pages."""
    with tempfile.TemporaryDirectory(prefix="yiyu-") as folder:
        paths = [desk.workspace.root / one.path for one in sheets]
        pdfs = convert(paths, Path(folder), progress=progress)
        stamped = []
        for order, (one, path) in enumerate(zip(sheets, paths, strict=True)):
            pdf = pdfs[path]
            if not isinstance(pdf, Path):
                raise pdf
            stamped.append(Path(folder) / f"{order}.stamped.pdf")
            title = DOC_KIND_LABEL[_KIND]
            line = functools.partial(mark, number=one.number, kind=str(_KIND), title=title, version=one.version)
            stamp(pdf, stamped[-1], line)
        return print_file(stamped, target, copies=1, duplex=False)
