"""A 活动登记册 in: what is new is recorded, what is known stays, what is wrong goes to a workbook to be corrected."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from yiyu.registry.activities.adding import write
from yiyu.registry.activities.checking import ActivityChecker
from yiyu.registry.activities.correcting import correct, corrections
from yiyu.registry.activities.listing import Listed
from yiyu.registry.activities.matching import Items, Matching
from yiyu.registry.activities.numbering import Numbers
from yiyu.registry.activities.previewing import OF_REGISTER, correction_lines, new_line
from yiyu.registry.activities.register import Register, read_register, write_register, write_register_problems
from yiyu.registry.activities.register_columns import COLUMNS
from yiyu.registry.activities.rows import activity_of, day_of, differences, others_of, row_of
from yiyu.registry.activities.undoing import withdrawn
from yiyu.registry.files import read_bytes, sha256
from yiyu.registry.model import Problem, Severity
from yiyu.registry.rules.activities import INDEPENDENT_FORMS, Activity
from yiyu.registry.session import OfficeSession, Progress, unwatched, watched
from yiyu.registry.store.activities import activity_ids, load_activities
from yiyu.registry.store.events import corrections_of
from yiyu.registry.store.imports import add_import
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing, registry_mark, trying
from yiyu.registry.workbooks.cells import CellFault
from yiyu.registry.workbooks.previews import NO_LEAVE, Leave, Preview, PreviewLine, sealed, write_preview
from yiyu.registry.workbooks.problems import problems_path
from yiyu.registry.workbooks.records import LeftRow
from yiyu.registry.workbooks.rows import ReadRow
from yiyu.registry.workbooks.told_lines import told_lines

_WHOM = ("agreements", "medical", "childcare")
_COLUMNS_OF = {"hours": ("starts", "when"), "agreements": ("agreements", "childcare"), "findings": ("problems",)}


@dataclass(frozen=True, slots=True)
class Imported:
    """Counts of rows; ``added`` are the activities recorded, ``problems_file`` the workbook of rejected rows, or None."""

    file: str
    rows: int
    added: tuple[Activity, ...]
    unchanged: int
    problems: tuple[Problem, ...]
    problems_file: Path | None
    unread: tuple[str, ...]
    skipped: tuple[LeftRow, ...]
    waiting: tuple[LeftRow, ...]
    """Rows and sheets that a reader does not see."""
    notes: tuple[str, ...]
    preview: Preview

    @property
    def corrected(self) -> int:
        """Activities of which something was written."""
        return len({line.code for line in self.preview.lines if line.taken and line.field})

    @property
    def left_out(self) -> list[object]:
        """What was not written though it stands in the file: rows with a fault, and what waits for a person."""
        faults = [one for one in self.problems if one.severity is Severity.ERROR]
        return [*faults, *self.waiting, *self.preview.waiting]


def import_register(
    office: OfficeSession,
    path: Path,
    *,
    sheet: str | None = None,
    problems: Path | None = None,
    accept: Collection[str] = (),
    leave: Leave = NO_LEAVE,
    preview: Path | None = None,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> Imported:
    """Read ``path`` and record what the registry has not; the same file twice adds nothing.

    What a known activity is silent of is filled; what a row says otherwise waits unless ``leave`` allows it. Raises
    BadInput or FileFault when the file as a whole cannot be taken, as where it holds data of single children, or ``leave``
    is of another file or state.
    """
    office.refuse_part("活动登记册")
    file = read_bytes(path)
    register = read_register(path, office.today, sheet=sheet, accept=accept)
    with changing(office.db, dry_run=dry_run):
        with trying(office.db):
            result, faulty = _take(office, register, leave, file, progress)
        leave.check(result.preview)
        if result.added or result.corrected:
            counts = {"rows": result.rows, "added": len(result.added), "changed": result.corrected}
            counts |= {"unchanged": result.unchanged, "problems": len(faulty)}
            who = {"recorded_at": office.now, "actor": office.actor}
            key = add_import(office.db, "register", register.file, sha256(file), counts, on=office.today, **who)
            result, faulty = _take(office, register, leave, file, unwatched, key)
    if preview is not None:
        write_preview(preview, f"{register.file} 导入预览", result.preview)
    if not faulty or (dry_run and problems is None):
        return result
    target = problems or problems_path(office.workspace.problems, path, office.now)
    write_register_problems(target, faulty)
    return replace(result, problems_file=target)


def export_register(office: OfficeSession, path: Path, found: Sequence[Listed]) -> None:
    """Write a 登记册 of what was listed, which :func:`import_register` takes back without a change."""
    items = Items(office)
    rows = [row_of(one, office.today, items.names(agreement.pack for agreement in one.agreements)) for one in found]
    write_register(path, rows)


def _take(
    office: OfficeSession,
    register: Register,
    leave: Leave,
    file: bytes,
    progress: Progress,
    import_id: int | None = None,
) -> tuple[Imported, list[ReadRow]]:
    """Take every row; gives the result and the rows with a fault. ``import_id``: None while it is only tried."""
    rows = [replace(row, problems=list(row.problems)) for row in register.rows]
    taking = _Taking(office, register, leave, import_id)
    for row in watched(sorted(rows, key=lambda row: not row.values.get("number")), progress):
        taking.take(row)
    noted = tuple(problem for row in rows for problem in row.problems)
    told = told_lines(COLUMNS, noted, register.waiting, register.skipped, register.unread)
    result = Imported(
        register.file,
        len(rows),
        tuple(one for _, one in taking.added),
        taking.unchanged,
        noted,
        None,
        register.unread,
        register.skipped,
        register.waiting,
        register.notes,
        Preview(
            (*taking.lines, *told, *(new_line(row, one) for row, one in taking.added)),
            sealed(file, registry_mark(office.db), taking.lines),
        ),
    )
    return result, [row for row in rows if row.rejected]


class _Taking:
    """Takes rows one after another; call inside ``changing``."""

    def __init__(self, office: OfficeSession, register: Register, leave: Leave, import_id: int | None) -> None:
        self._office, self._file, self._leave, self._import = office, register.file, leave, import_id
        self._checker, self._items, self._numbers = ActivityChecker(office), Items(office), Numbers(office)
        institutions = all_institutions(office.db, office.today)
        self._matching = Matching(self._checker.standings.values(), institutions)
        self._said: dict[str, ReadRow] = {}
        """The row that spoke of an activity, by the activity's number."""
        self.added: list[tuple[ReadRow, Activity]] = []
        self.lines: list[PreviewLine] = []
        self.unchanged = 0

    def take(self, row: ReadRow) -> None:
        new = self._activity(row)
        if new is None or row.rejected:
            return
        number, foreign = self._number(row, new.on)
        if foreign:
            new = replace(new, remark="；".join(text for text in (f"原编号 {foreign}", new.remark) if text))
        known = self._known(row, new, number)
        if row.rejected:
            return
        if known is not None:
            self._keep(row, known, new)
            return
        for remark in self._checker.remarks(new):
            columns = _COLUMNS_OF.get(remark.field, (remark.field,))
            row.note(
                next((one for one in columns if one in row.given), columns[0]),
                remark.severity,
                remark.code,
                remark.message,
            )
        if not row.rejected:
            self._add(row, new, number)

    def _activity(self, row: ReadRow) -> Activity | None:
        on = day_of(row)
        if on is None:
            if not row.rejected:
                row.note("on" if "on" in row.given else "when", Severity.ERROR, "date-missing", "没有日期，请补填")
            return None
        numbers, medical, childcare = (str(row.values.get(name) or "") for name in _WHOM)
        alone = row.values.get("form") in INDEPENDENT_FORMS and not numbers
        try:
            agreements = () if alone else self._matching.of_row(numbers, medical, childcare, on)
            institutions = self._matching.of_names(childcare) if alone else ()
        except CellFault as fault:
            row.note("agreements" if numbers else "childcare", Severity.ERROR, fault.code, str(fault))
            return None
        if "form" not in row.given:
            row.note("form", Severity.ERROR, "form-missing", "表中没有“形式”一列，请补上活动形式")
        standings = [self._checker.standings[number].agreement for number in agreements]
        items = self._items.read(row, str(row.values.get("items") or ""), standings)
        new = activity_of(row, agreements, on, items)
        return replace(new, others=others_of(row), institutions=institutions)

    def _number(self, row: ReadRow, on: dt.date) -> tuple[str, str]:
        """A number that is or could be ours, and one of another kind that is kept as a remark."""
        text = str(row.values.get("number") or "")
        kept = load_activities(self._office.db, ids=activity_ids(self._office.db, [text]).values(), voided=True)
        known = text and (kept or self._numbers.ours(text, on)) and not any(map(withdrawn, kept))
        return (text, "") if known else ("", text)

    def _known(self, row: ReadRow, new: Activity, number: str) -> Activity | None:
        """What the registry, or an earlier row, already has of it; two that cannot both be right are noted."""
        if number:
            return self._of_number(row, new, number)
        twins = self._checker.twins(new)
        free = [one for one in twins if one.number not in self._said]
        same = [one for one in free if not _otherwise(one, new)]
        if free or not twins:
            return next(iter(same or free), None)
        earlier = self._said[twins[0].number]
        if _otherwise(twins[0], new):
            message = f"与{_where(earlier, row)}的日期、协议、形式和时间都相同，内容却不同；若确是两次活动，请写明时间"
            row.note("on", Severity.ERROR, "duplicate", message)
        return twins[0]

    def _of_number(self, row: ReadRow, new: Activity, number: str) -> Activity | None:
        ids = activity_ids(self._office.db, [number])
        if not ids:
            return None
        (one,) = load_activities(self._office.db, ids=ids.values(), voided=True)
        if one.on != new.on or not one.subjects & new.subjects:
            message = f"编号 {number} 在登记库中是 {one.on} {'、'.join(one.agreements) or one.form} 的活动，与本行不符，请核对编号"
            row.note("number", Severity.ERROR, "number-conflict", message)
        return one

    def _keep(self, row: ReadRow, known: Activity, new: Activity) -> None:
        earlier = self._said.setdefault(known.number, row)
        if earlier is not row:
            row.note("on", Severity.WARNING, "duplicate", f"与{_where(earlier, row)}是同一次活动，本行未重复导入")
        elif known.voided_on is not None:
            row.note(
                "number", Severity.WARNING, "void", f"活动 {known.number} 已作废（{known.void_reason}），本行未导入"
            )
        else:
            if different := differences(known, new):
                message = (
                    f"与已登记的 {known.number} 不同：{'、'.join(different)}；登记未改，如需更正请用 activity edit"
                )
                row.note("on", Severity.WARNING, "differs", message)
            self._correct(row, known, corrections(known, new))
            return
        self.unchanged += earlier is row

    def _correct(self, row: ReadRow, known: Activity, values: Mapping[str, Any]) -> None:
        """Put right what may be; the rest waits."""
        events = corrections_of(self._office.db, known.number) if values else []
        lines = [
            replace(line, taken=not line.waits or self._leave.allows([line]))
            for line in correction_lines(row, known, values, events)
        ]
        taken = {line.field: values[line.field] for line in lines if line.taken}
        for remark in self._checker.remarks(replace(known, **taken)) if taken else ():
            if remark.severity is Severity.ERROR:
                row.note(remark.field, remark.severity, remark.code, remark.message)
        if row.rejected:
            return
        self.lines += lines
        self.unchanged += not lines
        if taken:
            note = f"{OF_REGISTER}{self._file} {row.table.grid.sheet}第{row.row}行"
            correct(self._office, known, taken, note=note, import_id=self._import)

    def _add(self, row: ReadRow, new: Activity, number: str) -> None:
        source = f"{self._file} {row.table.grid.sheet}第{row.row}行"
        new = replace(new, number=number or self._numbers.next(new.on), source=source)
        self._numbers.take(new.number)
        ids = {one: self._checker.standings[one].agreement.id for one in new.agreements}
        written = write(self._office, new, ids, note=f"登记册导入：{source}", import_id=self._import)
        self._checker.note(written)
        self._said[written.number] = row
        self.added.append((row, written))


def _otherwise(old: Activity, new: Activity) -> bool:
    return bool(differences(old, new) or corrections(old, new))


def _where(earlier: ReadRow, row: ReadRow) -> str:
    sheet = earlier.table.grid.sheet
    return f"{f'工作表“{sheet}”' if earlier.table is not row.table and sheet else ''}第{earlier.row}行"
