"""签约台账 in and out: agreements from before the tool, and our own ledger coming back changed."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.registry.agreements.ledger.adding import Adding
from yiyu.registry.agreements.ledger.columns import COLUMNS
from yiyu.registry.agreements.ledger.comparing import CellChange
from yiyu.registry.agreements.ledger.merging import MergedRow, Merging, Take
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
from yiyu.registry.files import read_bytes, sha256
from yiyu.registry.model import Agreement, Problem, Severity
from yiyu.registry.session import OfficeSession, Progress, unwatched, watched
from yiyu.registry.store.events import events_by_agreement
from yiyu.registry.store.imports import add_import
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing, registry_mark, trying
from yiyu.registry.store.standings import AgreementStatus, standings
from yiyu.registry.workbooks.previews import NO_LEAVE, Fate, Leave, Preview, PreviewLine, sealed, write_preview
from yiyu.registry.workbooks.problems import problems_path
from yiyu.registry.workbooks.records import LeftRow
from yiyu.registry.workbooks.rows import ReadRow
from yiyu.registry.workbooks.told_lines import told_lines


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
    preview: Preview

    @property
    def changed(self) -> int:
        """Rows with a change."""
        return len({(one.sheet, one.row) for one in self.changes})

    @property
    def written(self) -> int:
        """Rows of which a change was written."""
        return len({(one.sheet, one.row) for one in self.preview.lines if one.taken and one.field})

    @property
    def left_out(self) -> list[object]:
        """What was not written though it stands in the file: rows with a fault, and what waits for a person."""
        return [*(one for one in self.problems if one.severity is Severity.ERROR), *self.waiting, *self.preview.waiting]


def import_ledger(
    office: OfficeSession,
    path: Path,
    *,
    sheet: str | None = None,
    problems: Path | None = None,
    leave: Leave = NO_LEAVE,
    take: Take | None = None,
    accept: Collection[str] = (),
    preview: Path | None = None,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> LedgerResult:
    """Read a ledger and bring the registry up to it, in one transaction; the same file twice changes nothing.

    New agreements and rows that fill what was blank are written; a row that overwrites anything waits unless ``leave``
    allows it. Cells that the file and the registry both changed are conflicts: ``take`` says which side holds, a leave
    to undo or a tick that the file does. Rows with a fault are left out and go to a problems workbook.
    Raises BadInput or FileFault when the file as a whole cannot be read, or ``leave`` is of another file or state.
    """
    office.refuse_part("签约台账")
    file = read_bytes(path)
    ledger = read_ledger(path, sheet=sheet, accept=accept)
    take = take or ("file" if leave.undo or leave.choice else None)
    bringing = _Bringing(office, ledger, replace(leave, undo=take is not None), take, file)
    with changing(office.db, dry_run=dry_run):
        with trying(office.db):
            result, faulty = bringing.done(progress)
        leave.check(result.preview)
        if result.added or any(line.taken for line in result.preview.lines):
            counts = {"rows": result.rows, "added": len(result.added), "changed": result.written}
            counts |= {"unchanged": result.unchanged, "problems": len(faulty)}
            who = {"recorded_at": office.now, "actor": office.actor}
            key = add_import(office.db, "ledger", ledger.file, sha256(file), counts, on=office.today, **who)
            result, faulty = bringing.done(unwatched, key)
    waits = bool(result.preview.waiting)
    result = replace(result, applied=not dry_run and (leave.apply or leave.choice is not None or not waits))
    if preview is not None:
        write_preview(preview, f"{ledger.file} 导入预览", result.preview)
    if not faulty or (dry_run and problems is None):
        return result
    target = problems or problems_path(office.workspace.problems, path, office.now)
    write_ledger_problems(target, faulty)
    return replace(result, problems_file=target)


def export_ledger(office: OfficeSession, path: Path, found: Sequence[AgreementStatus]) -> int:
    """Write the ledger of ``found``, as they stood when they were asked for; gives how many rows."""
    events = events_by_agreement(office.db, [one.agreement.id for one in found])
    write_ledger(path, [ledger_values(one, events[one.agreement.id]) for one in found])
    return len(found)


@dataclass(frozen=True, slots=True)
class _Bringing:
    """Brings the registry up to one ledger; call :meth:`done` inside ``changing``."""

    office: OfficeSession
    ledger: Ledger
    leave: Leave
    take: Take | None
    file: bytes

    def done(self, progress: Progress, import_id: int | None = None) -> tuple[LedgerResult, list[ReadRow]]:
        """What it did, and the rows left out with their faults. ``import_id``: None while it is only tried."""
        office, ledger = self.office, self.ledger
        rows = [replace(row, problems=list(row.problems)) for row in ledger.rows]
        known = {one.agreement.number: one for one in standings(office.db, office.today)}
        parties = Parties(all_institutions(office.db, office.today))
        adding = Adding(office, ledger.file, parties, known.values(), import_id)
        merging = Merging(office, ledger.file, parties, self.take, self.leave, import_id)
        added: list[Added] = []
        merged: list[MergedRow] = []
        unchanged = 0
        for row in watched(_in_order(_once(rows)), progress):
            standing = known.get(text_in(row, "number"))
            if standing is not None:
                merged.append(one := merging.merge(row, standing))
                unchanged += not (one.changes or one.conflicts or row.rejected)
            elif (new := adding.add(row)) is None:
                continue
            elif new.number in known:
                unchanged += 1
            else:
                added.append(_added(row, new))
        noted = tuple(problem for row in rows for problem in sorted(row.problems, key=_place))
        lines = [line for one in merged for line in one.lines]
        told = told_lines(COLUMNS, noted, ledger.waiting, ledger.skipped, ledger.unread)
        seal = sealed(self.file, registry_mark(office.db), lines)
        result = LedgerResult(
            ledger.file,
            len(rows),
            tuple(added),
            tuple(change for one in merged for change in one.changes),
            tuple(change for one in merged for change in one.conflicts),
            unchanged,
            noted,
            None,
            ledger.unread,
            import_id is not None,
            ledger.skipped,
            ledger.waiting,
            ledger.notes,
            Preview((*lines, *told, *map(_new_line, added)), seal),
        )
        return result, [row for row in rows if row.rejected]


def _new_line(one: Added) -> PreviewLine:
    name = f"{one.medical} — {one.childcare}"
    return PreviewLine(Fate.NEW, one.sheet, one.row, name=name, code=one.number, taken=True)


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
