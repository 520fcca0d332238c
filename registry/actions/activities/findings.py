"""发现问题 → 整改要求 → 期限 → 复查: what was found, what is still open, and the 复查 that closes it."""

import datetime as dt
from dataclasses import dataclass, replace

from yiyu.registry.actions.activities.listing import Listed, listed
from yiyu.registry.actions.lookup import numbers_to_ids
from yiyu.registry.activities import Activity, Finding
from yiyu.registry.desk import Desk
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.store.activities import finding_owners, load_activities, recheck_finding
from yiyu.registry.store.events import add_event
from yiyu.registry.store.opening import changing

STATE_LABEL = {"open": "待整改", "overdue": "逾期未改", "closed": "已复查"}


@dataclass(frozen=True, slots=True)
class Found:
    """One finding with the activity it was made at; ``state`` is a key of STATE_LABEL, as of a day."""

    finding: Finding
    listed: Listed
    state: str


def findings(desk: Desk, *, open_only: bool = False, number: str = "") -> list[Found]:
    """What was found up to the desk's day, as it stood then, overdue first. ``number`` limits it to an agreement."""
    only = [*numbers_to_ids(desk, [number]).values()] if number else None
    found = load_activities(desk.db, ids=finding_owners(desk.db), last=desk.today, agreement_ids=only, voided=True)
    found = [one for one in found if one.voided_on is None or one.voided_on > desk.today]
    rows = [
        Found(finding, one, state_of(finding, desk.today))
        for one in listed(desk, found)
        for finding in one.activity.findings
    ]
    order = ["overdue", "open", "closed"]
    kept = [row for row in rows if not open_only or row.state != "closed"]
    return sorted(kept, key=lambda row: (order.index(row.state), row.finding.due_on or dt.date.max, row.finding.id))


def state_of(finding: Finding, day: dt.date) -> str:
    if not finding.open_on(day):
        return "closed"
    return "overdue" if finding.overdue_on(day) else "open"


def recheck(
    desk: Desk, finding_id: int, *, on: dt.date, outcome: str, due: dt.date | None = None, dry_run: bool = False
) -> Found:
    """Record a 复查. It closes the finding, unless ``due`` gives another 期限 because it was not put right.

    Raises NotFound, BadInput for a day in the future or before the finding, StepNotAllowed where it is closed.
    """
    with changing(desk.db, dry_run=dry_run):
        activity, before = _find(desk, finding_id)
        if before.rechecked_on is not None:
            raise StepNotAllowed(
                f"问题 {finding_id} 已于 {before.rechecked_on} 复查", remedy="如又发现问题，请随新的活动登记"
            )
        if not activity.on <= on <= desk.today:
            raise BadInput(
                f"复查日期 {on} 应在发现之日 {activity.on} 和今天 {desk.today} 之间", remedy="请填实际复查的日期"
            )
        if due is not None and due <= on:
            raise BadInput(f"新的期限 {due} 应晚于复查日期 {on}", remedy="请核对 --due")
        if due is None:
            after = replace(before, rechecked_on=on, outcome=_joined(before.outcome, outcome))
        else:
            after = replace(before, due_on=due, outcome=_joined(before.outcome, f"{on} 复查未改：{outcome}"))
        recheck_finding(desk.db, after)
        for key in numbers_to_ids(desk, activity.agreements).values():
            add_event(
                desk.db,
                key,
                "rechecked",
                on=on,
                recorded_at=desk.now,
                actor=desk.actor,
                note=f"{activity.number} 问题 {finding_id}：{outcome}",
                data={"activity": activity.number, "finding": finding_id, "closed": due is None},
            )
        return Found(after, listed(desk, [activity])[0], state_of(after, desk.today))


def _find(desk: Desk, finding_id: int) -> tuple[Activity, Finding]:
    for activity in load_activities(desk.db, ids=finding_owners(desk.db, finding_id)):
        for one in activity.findings:
            if one.id == finding_id:
                return activity, one
    raise NotFound(f"没有第 {finding_id} 号问题", remedy="请用 activity findings 查看问题号")


def _joined(before: str, text: str) -> str:
    return f"{before}；{text}" if before else text
