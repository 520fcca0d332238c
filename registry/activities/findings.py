"""发现问题 → 整改要求 → 期限 → 复查: what was found, what is still open, and the 复查 that closes it."""

import datetime as dt
from dataclasses import dataclass, replace

from yiyu.registry.activities.adding import tell
from yiyu.registry.activities.listing import Listed, listed, of_scope
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.lookup import directory, numbers_to_ids
from yiyu.registry.rules.activities import Activity, Finding
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import finding_owners, load_activities, recheck_finding
from yiyu.registry.store.opening import changing

STATE_LABEL = {"open": "待整改", "overdue": "逾期未改", "closed": "已复查"}


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """One finding with the activity it was made at; ``state`` is a key of STATE_LABEL, as of a day."""

    finding: Finding
    listed: Listed
    state: str


def findings(
    office: OfficeSession, *, open_only: bool = False, number: str = "", institution: str = ""
) -> list[FindingRecord]:
    """What was found up to the day asked for, as it stood then, overdue first.

    ``number`` limits it to an agreement, ``institution`` to one that had part in it. Raises NotFound for an unknown one.
    """
    whose = directory(office).find(institution).id if institution else 0
    only = [*numbers_to_ids(office, [number]).values()] if number else None
    found = load_activities(office.db, ids=finding_owners(office.db), last=office.today, agreement_ids=only)
    rows = [
        FindingRecord(finding, one, state_of(finding, office.today))
        for one in of_scope(office, listed(office, found))
        for finding in one.activity.findings
    ]
    order = ["overdue", "open", "closed"]
    kept = [
        row for row in rows if (not open_only or row.state != "closed") and whose in (0, *row.listed.institution_ids)
    ]
    return sorted(kept, key=lambda row: (order.index(row.state), row.finding.due_on or dt.date.max, row.finding.id))


def find_finding(office: OfficeSession, finding_id: int) -> FindingRecord:
    """One finding by its number, as it stands. Raises NotFound."""
    activity, finding = _find(office, finding_id)
    return FindingRecord(finding, listed(office, [activity])[0], state_of(finding, office.today))


def state_of(finding: Finding, day: dt.date) -> str:
    if not finding.open_on(day):
        return "closed"
    return "overdue" if finding.overdue_on(day) else "open"


def recheck(
    office: OfficeSession,
    finding_id: int,
    *,
    on: dt.date,
    outcome: str,
    due: dt.date | None = None,
    dry_run: bool = False,
) -> FindingRecord:
    """Record a 复查. It closes the finding, unless ``due`` gives another 期限 because it was not put right.

    Raises NotFound, BadInput for a day in the future or before the finding, StepNotAllowed where it is closed.
    """
    with changing(office.db, dry_run=dry_run):
        activity, before = _find(office, finding_id)
        if before.rechecked_on is not None:
            raise StepNotAllowed(
                f"问题 {finding_id} 已于 {before.rechecked_on} 复查", remedy="如又发现问题，请随新的活动登记"
            )
        if not activity.on <= on <= office.today:
            raise BadInput(
                f"复查日期 {on} 应在发现之日 {activity.on} 和今天 {office.today} 之间", remedy="请填实际复查的日期"
            )
        if due is not None and due <= on:
            raise BadInput(f"新的期限 {due} 应晚于复查日期 {on}", remedy="请核对 --due")
        if due is None:
            after = replace(before, rechecked_on=on, outcome=_joined(before.outcome, outcome))
        else:
            after = replace(before, due_on=due, outcome=_joined(before.outcome, f"{on} 复查未改：{outcome}"))
        recheck_finding(office.db, after)
        note = f"{activity.number} 问题 {finding_id}：{outcome}"
        tell(office, "rechecked", activity, on=on, note=note, data={"finding": finding_id, "closed": due is None})
        return FindingRecord(after, listed(office, [activity])[0], state_of(after, office.today))


def _find(office: OfficeSession, finding_id: int) -> tuple[Activity, Finding]:
    for activity in load_activities(office.db, ids=finding_owners(office.db, finding_id)):
        for one in activity.findings:
            if one.id == finding_id and of_scope(office, listed(office, [activity])):
                return activity, one
    raise NotFound(f"没有第 {finding_id} 号问题", remedy="请用 activity findings 查看问题号")


def _joined(before: str, text: str) -> str:
    return f"{before}；{text}" if before else text
