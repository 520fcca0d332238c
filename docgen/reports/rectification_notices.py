"""限期整改通知书 of what an activity found: written from the findings that are open, and recorded with its hash."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.reports.report_documents import filled_form
from yiyu.docgen.wording import chinese_date
from yiyu.registry.activities.adding import tell
from yiyu.registry.activities.listing import Listed, find_valid, listed
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.files import sha256, write_atomic
from yiyu.registry.office.holidays import load_year_tables
from yiyu.registry.rules.activities import Finding
from yiyu.registry.rules.workdays import next_working_day
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import changing

_BY_HAND = "　　　　年　　月　　日"
_IN_CELL = "　　　年　月　日"


@dataclass(frozen=True, slots=True)
class RectificationNotice:
    """A notice as it was written; ``recheck_on`` None where it is left to be filled in by hand."""

    listed: Listed
    findings: tuple[Finding, ...]
    recheck_on: dt.date | None
    sha256: str


def make_notice(
    office: OfficeSession, number: str, out: Path, *, recheck_on: dt.date | None = None, dry_run: bool = False
) -> RectificationNotice:
    """Write the notice of an activity's open findings to ``out``; an event keeps its hash, findings and day of 复查.

    ``recheck_on`` is by default the first working day after the last 期限. Raises NotFound, StepNotAllowed where nothing
    is open or the activity is void, BadInput for a 复查 before a 期限, TemplateFault and FileFault.
    """
    with changing(office.db, dry_run=dry_run):
        (row,) = listed(office, [find_valid(office, number)])
        open_ones = tuple(one for one in row.activity.findings if one.open_on(office.today))
        if not open_ones:
            raise StepNotAllowed(
                f"活动 {number} 没有待整改的问题，不必发通知书", remedy="用 activity findings 可查看问题和复查结果"
            )
        day = _recheck(office, open_ones, recheck_on)
        data = filled_form(office, "rectification_notice.docx", _context(row, open_ones, day))
        notice = RectificationNotice(row, open_ones, day, sha256(data))
        said = {
            "sha256": notice.sha256, "findings": [one.id for one in open_ones], "recheck_on": str(day) if day else None,
        }  # fmt: skip
        note = f"{number} 限期整改通知书：问题 {len(open_ones)} 条" + (f"，{day} 复查" if day else "")
        tell(office, "notified", row.activity, on=office.today, note=note, data=said)
        if not dry_run:
            write_atomic(out, data)
    return notice


def _recheck(office: OfficeSession, findings: tuple[Finding, ...], given: dt.date | None) -> dt.date | None:
    last = max((one.due_on for one in findings if one.due_on), default=None)
    if given is None:
        tables = load_year_tables(office.workspace.root)
        return None if last is None else next_working_day(last + dt.timedelta(days=1), tables).day
    if last is not None and given <= last:
        raise BadInput(f"复查日期 {given} 应晚于最后一项整改期限 {last}", remedy="请核对 --recheck-on")
    return given


def _context(row: Listed, findings: tuple[Finding, ...], recheck_on: dt.date | None) -> dict[str, object]:
    one = row.activity
    return {
        "编号": one.number,
        "机构": row.childcare,
        "单位": one.organiser or row.medical or "　　　　　　",
        "检查日期": chinese_date(one.on),
        "形式": f"在{one.form}",
        "检查人员": "、".join(person.name for person in one.people),
        "复查日期": chinese_date(recheck_on) if recheck_on else _BY_HAND,
        "问题": [
            {
                "问题": finding.problem,
                "要求": finding.demand or "按规定整改",
                "期限": chinese_date(finding.due_on) if finding.due_on else _IN_CELL,
            }
            for finding in findings
        ],
    }
