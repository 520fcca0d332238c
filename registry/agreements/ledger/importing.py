"""签约台账 in and out: agreements from before the tool, and our own ledger coming back changed."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.registry.agreements.ledger.adding import Adding
from yiyu.registry.agreements.ledger.merging import CellChange, Merging, Take
from yiyu.registry.agreements.ledger.parties import Parties
from yiyu.registry.agreements.ledger.rows import ledger_values
from yiyu.registry.agreements.ledger.workbook import (
    Ledger,
    date_in,
    exported_texts,
    read_ledger,
    text_in,
    write_ledger,
    write_ledger_problems,
)
from yiyu.registry.model import Agreement, Problem, Severity
from yiyu.registry.session import OfficeSession, Progress, unwatched, watched
from yiyu.registry.store.events import events_by_agreement
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing
from yiyu.registry.store.standings import AgreementStatus, standings
from yiyu.registry.workbooks.problems import problems_path
from yiyu.registry.workbooks.records import LeftRow
from yiyu.registry.workbooks.rows import ReadRow


@dataclass(frozen=True, slots=True)
class Added:
    """One agreement new to the registry, and the row it came from."""

    sheet: str
    row: int
    number: str
    medical: str
    childcare: str


@dataclass(frozen=True, slots=True)
class LedgerResult:
    """What an import did, or, where not ``applied``, would do. ``unchanged`` counts rows, as does ``rows``."""

    file: str
    rows: int
    added: tuple[Added, ...]
    changes: tuple[CellChange, ...]
    conflicts: tuple[CellChange, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    problems_file: Path | None
    unread: tuple[str, ...]
    applied: bool
    skipped: tuple[LeftRow, ...]
    waiting: tuple[LeftRow, ...]
    """Rows and sheets that a reader does not see."""
    notes: tuple[str, ...]

    @property
    def changed(self) -> int:
        """Rows with a change."""
        return len({(one.sheet, one.row) for one in self.changes})

    @property
    def left_out(self) -> bool:
        """Whether a row with a fault, one that waits, or of what was applied one with a conflict, was left as it is."""
        open_conflict = self.applied and any(not one.taken for one in self.conflicts)
        return open_conflict or bool(self.waiting) or any(one.severity is Severity.ERROR for one in self.problems)


def import_ledger(
    office: OfficeSession,
    path: Path,
    *,
    sheet: str | None = None,
    problems: Path | None = None,
    apply: bool = False,
    take: Take | None = None,
    accept: Collection[str] = (),
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> LedgerResult:
    """Read a ledger and bring the registry up to it, in one transaction; the same file twice changes nothing.

    Rows with a fault are left out and go to a problems workbook, the rest goes in. A file that we wrote, or that says
    otherwise than the registry of any agreement, is only a plan until ``apply`` is given. Cells that the file and the
    registry both changed are conflicts; their rows are left as they are unless ``take`` says which side holds.
    Raises BadInput or FileFault when the file as a whole cannot be read.
    """
    ledger = read_ledger(path, sheet=sheet, accept=accept)
    result, faulty = _bring_up(office, ledger, take, progress, keep=apply and not dry_run)
    if not (dry_run or apply or ledger.exported or result.changes or result.conflicts):
        result, faulty = _bring_up(office, ledger, take, progress, keep=True)
    if dry_run or not faulty or not (result.applied or problems):
        return result
    target = problems or problems_path(office.workspace.problems, path, office.now)
    write_ledger_problems(target, faulty)
    return replace(result, problems_file=target)


def export_ledger(office: OfficeSession, path: Path, found: Sequence[AgreementStatus]) -> int:
    """Write the ledger of ``found``, as they stood when they were asked for; gives how many rows."""
    events = events_by_agreement(office.db, [one.agreement.id for one in found])
    write_ledger(path, [ledger_values(one, events[one.agreement.id]) for one in found])
    return len(found)


def _bring_up(
    office: OfficeSession, ledger: Ledger, take: Take | None, progress: Progress, *, keep: bool
) -> tuple[LedgerResult, list[ReadRow]]:
    """Do it all in one transaction and, unless ``keep``, take it back; gives the rows left out as well."""
    rows = [replace(row, problems=list(row.problems)) for row in ledger.rows]
    added: list[Added] = []
    changes: list[CellChange] = []
    conflicts: list[CellChange] = []
    unchanged = 0
    with changing(office.db, dry_run=not keep):
        known = {one.agreement.number: one for one in standings(office.db, office.today)}
        parties = Parties(all_institutions(office.db, office.today))
        adding = Adding(office, ledger.file, parties, known.values())
        merging = Merging(office, ledger.file, parties, take)
        for row in watched(_in_order(_once(rows)), progress):
            standing = known.get(text_in(row, "number"))
            if standing is not None:
                changed, conflicting = merging.merge(row, standing)
                changes += changed
                conflicts += conflicting
                unchanged += not (changed or conflicting or row.rejected)
            elif (one := adding.add(row)) is None:
                continue
            elif one.number in known:
                unchanged += 1
            else:
                added.append(_added(row, one))
    noted = tuple(problem for row in rows for problem in sorted(row.problems, key=_place))
    result = LedgerResult(
        ledger.file, len(rows), tuple(added), tuple(changes), tuple(conflicts), unchanged, noted, None, ledger.unread, keep,
        ledger.skipped, ledger.waiting, ledger.notes,
    )  # fmt: skip
    return result, [row for row in rows if row.rejected]


def _once(rows: Sequence[ReadRow]) -> list[ReadRow]:
    """The rows without a fault, each agreement once: repeats and cells in the wrong row are noted."""
    seen: dict[str, ReadRow] = {}
    kept = []
    for row in rows:
        then, number = exported_texts(row), text_in(row, "number")
        if then is not None and then.get("number") != number:
            message = "这一行与导出时的编号对不上（可能是复制或排序造成的）；新增协议请填在空白行，修改请重新导出"
            row.note("number", Severity.ERROR, "row-altered", message)
        earlier = seen.setdefault(number, row) if number and not row.rejected else row
        if earlier is not row:
            where = (
                f"{f'工作表“{earlier.table.grid.sheet}”' if earlier.table is not row.table else ''}第{earlier.row}行"
            )
            if _said(earlier) == _said(row):
                row.note("number", Severity.WARNING, "duplicate", f"与{where}是同一份协议，本行未重复导入")
            else:
                row.note("number", Severity.ERROR, "number-duplicate", f"编号与{where}重复，内容却不同，请核对")
        elif not row.rejected:
            kept.append(row)
    return kept


def _said(row: ReadRow) -> dict[str, object]:
    return {name: value for name, value in row.values.items() if value not in (None, "") and name != "district"}


def _in_order(rows: Sequence[ReadRow]) -> list[ReadRow]:
    """Earlier terms first, so that a renewal finds what it renews; rows that are to get a number after the others."""
    return sorted(rows, key=lambda row: (not text_in(row, "number"), date_in(row, "starts_on") or dt.date.max))


def _added(row: ReadRow, one: Agreement) -> Added:
    return Added(row.table.grid.sheet, row.row, one.number, one.medical.facts.name, one.childcare.facts.name)


def _place(problem: Problem) -> tuple[int, str]:
    return len(problem.column), problem.column
