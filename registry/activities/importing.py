"""A 活动登记册 in: what is new is recorded, what is known stays, what is wrong goes to a workbook to be corrected."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.registry.activities.adding import write
from yiyu.registry.activities.checking import ActivityChecker
from yiyu.registry.activities.listing import Listed
from yiyu.registry.activities.matching import Items, Matching
from yiyu.registry.activities.numbering import Numbers
from yiyu.registry.activities.register import Register, read_register, write_register, write_register_problems
from yiyu.registry.activities.rows import activity_of, day_of, differences, row_of
from yiyu.registry.model import Problem, Severity
from yiyu.registry.rules.activities import Activity
from yiyu.registry.session import OfficeSession, Progress, unwatched, watched
from yiyu.registry.store.activities import activity_ids, load_activities
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing
from yiyu.registry.workbooks.cells import CellFault
from yiyu.registry.workbooks.problems import problems_path
from yiyu.registry.workbooks.records import LeftRow
from yiyu.registry.workbooks.rows import ReadRow

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

    @property
    def rejected(self) -> bool:
        """Whether a row was left out."""
        return bool(self.waiting) or any(one.severity is Severity.ERROR for one in self.problems)


def import_register(
    office: OfficeSession,
    path: Path,
    *,
    sheet: str | None = None,
    problems: Path | None = None,
    accept: Collection[str] = (),
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> Imported:
    """Read ``path`` and record what the registry has not; the same file twice adds nothing, and nothing is changed.

    Raises BadInput or FileFault when the file as a whole cannot be taken, as where it holds data of single children.
    """
    register = read_register(path, office.today, sheet=sheet, accept=accept)
    with changing(office.db, dry_run=dry_run):
        taking = _Taking(office, register)
        numbered_first = sorted(register.rows, key=lambda row: not row.values.get("number"))
        for row in watched(numbered_first, progress):
            taking.take(row)
    faulty = [row for row in register.rows if row.rejected]
    noted = tuple(problem for row in register.rows for problem in row.problems)
    result = Imported(
        register.file,
        len(register.rows),
        tuple(taking.added),
        taking.unchanged,
        noted,
        None,
        register.unread,
        register.skipped,
        register.waiting,
        register.notes,
    )
    if dry_run or not faulty:
        return result
    target = problems or problems_path(office.workspace.problems, path, office.now)
    write_register_problems(target, faulty)
    return replace(result, problems_file=target)


def export_register(office: OfficeSession, path: Path, found: Sequence[Listed]) -> None:
    """Write a 登记册 of what was listed, which :func:`import_register` takes back without a change."""
    items = Items(office)
    rows = [row_of(one, office.today, items.names(agreement.pack for agreement in one.agreements)) for one in found]
    write_register(path, rows)


class _Taking:
    """Takes rows one after another; call inside ``changing``."""

    def __init__(self, office: OfficeSession, register: Register) -> None:
        self._office, self._file = office, register.file
        self._checker, self._items, self._numbers = ActivityChecker(office), Items(office), Numbers(office)
        institutions = all_institutions(office.db, office.today)
        self._matching = Matching(self._checker.standings.values(), institutions)
        self._said: dict[str, ReadRow] = {}
        """The row that spoke of an activity, by the activity's number."""
        self.added: list[Activity] = []
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
        try:
            agreements = self._matching.of_row(numbers, medical, childcare, on)
        except CellFault as fault:
            row.note("agreements" if numbers else "childcare", Severity.ERROR, fault.code, str(fault))
            return None
        if "form" not in row.given:
            row.note("form", Severity.ERROR, "form-missing", "表中没有“形式”一列，请补上活动形式")
        standings = [self._checker.standings[number].agreement for number in agreements]
        items = self._items.read(row, str(row.values.get("items") or ""), standings)
        return activity_of(row, agreements, on, items)

    def _number(self, row: ReadRow, on: dt.date) -> tuple[str, str]:
        """A number that is or could be ours, and one of another kind that is kept as a remark."""
        text = str(row.values.get("number") or "")
        known = text and (self._numbers.ours(text, on) or activity_ids(self._office.db, [text]))
        return (text, "") if known else ("", text)

    def _known(self, row: ReadRow, new: Activity, number: str) -> Activity | None:
        """What the registry, or an earlier row, already has of it; two that cannot both be right are noted."""
        if number:
            return self._of_number(row, new, number)
        twins = self._checker.twins(new)
        free = [one for one in twins if one.number not in self._said]
        same = [one for one in free if not differences(one, new)]
        if free or not twins:
            return next(iter(same or free), None)
        earlier = self._said[twins[0].number]
        if differences(twins[0], new):
            message = f"与{_where(earlier, row)}的日期、协议、形式和时间都相同，内容却不同；若确是两次活动，请写明时间"
            row.note("on", Severity.ERROR, "duplicate", message)
        return twins[0]

    def _of_number(self, row: ReadRow, new: Activity, number: str) -> Activity | None:
        ids = activity_ids(self._office.db, [number])
        if not ids:
            return None
        (one,) = load_activities(self._office.db, ids=ids.values(), voided=True)
        if one.on != new.on or not set(one.agreements) & set(new.agreements):
            message = f"编号 {number} 在登记库中是 {one.on} {'、'.join(one.agreements)} 的活动，与本行不符，请核对编号"
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
        elif different := differences(known, new):
            message = f"与已登记的 {known.number} 不同：{'、'.join(different)}；登记未改，如需更正请用 activity edit"
            row.note("on", Severity.WARNING, "differs", message)
        self.unchanged += earlier is row

    def _add(self, row: ReadRow, new: Activity, number: str) -> None:
        source = f"{self._file} {row.table.grid.sheet}第{row.row}行"
        new = replace(new, number=number or self._numbers.next(new.on), source=source)
        self._numbers.take(new.number)
        ids = {one: self._checker.standings[one].agreement.id for one in new.agreements}
        written = write(self._office, new, ids, note=f"登记册导入：{source}")
        self._checker.note(written)
        self._said[written.number] = row
        self.added.append(written)


def _where(earlier: ReadRow, row: ReadRow) -> str:
    sheet = earlier.table.grid.sheet
    return f"{f'工作表“{sheet}”' if earlier.table is not row.table and sheet else ''}第{earlier.row}行"
