"""Correct what was said of an activity: as an event with old, new and a reason, counted for the day it concerns."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from yiyu.registry.activities.adding import accepted, cleaned, tell
from yiyu.registry.activities.checking import ActivityChecker
from yiyu.registry.activities.listing import Listed, find_valid, listed
from yiyu.registry.activities.rows import TEXT_LABEL
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.rules.activities import Activity
from yiyu.registry.rules.activity_words import hours_text, people_text
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import edit_activity
from yiyu.registry.store.opening import changing


@dataclass(frozen=True, slots=True)
class Edited:
    """An activity as it is now; ``changes``: label, old and new, in words."""

    listed: Listed
    changes: tuple[tuple[str, str, str], ...]
    warnings: tuple[str, ...]


def edit(
    office: OfficeSession,
    number: str,
    values: Mapping[str, Any],
    *,
    reason: str,
    again: bool = False,
    dry_run: bool = False,
) -> Edited:
    """Put ``values``, by field of :class:`Activity`, in the place of what was wrong all along (decision 15).

    ``again`` allows it to become like another of the same day, agreement, form and hours. Raises NotFound, BadInput for
    what cannot be or changes nothing, StepNotAllowed where it is void or would repeat another.
    """
    with changing(office.db, dry_run=dry_run):
        before = find_valid(office, number)
        after = cleaned(replace(before, **values))
        old, new = _said(before), _said(after)
        changes = tuple((label, old[label], new[label]) for label in old if old[label] != new[label])
        if not changes:  # so that a chain of corrections holds nothing but corrections
            raise BadInput("没有要更正的：登记的已经是这样", where=number, remedy="用 activity show 可查看登记的内容")
        checker = ActivityChecker(office, set(numbers_to_ids(office, after.agreements).values()))
        warnings = tuple(one.message for one in accepted(checker, after, reason))
        twins = {one.number for one in checker.twins(before)}
        if fresh := [one.number for one in checker.twins(after) if one.number not in twins and not again]:
            raise StepNotAllowed(
                f"改后与 {fresh[0]} 的日期、协议、形式和时间都相同", remedy="若确是两次活动，请加 --again"
            )
        told = "；".join(f"{label}：{was or '（空）'} → {now or '（空）'}" for label, was, now in changes)
        data = {"reason": reason, "changes": edit_activity(office.db, before, after)}
        tell(office, "activity_edited", after, on=after.on, note=f"{number} {told}；{reason}", data=data)
        return Edited(listed(office, [after])[0], changes, warnings)


def _said(one: Activity) -> dict[str, str]:
    """Everything that may be corrected, by label, in words."""
    return {
        "日期": str(one.on),
        "形式": one.form,
        "时间": hours_text(one.starts, one.ends),
        "时长": f"{one.minutes} 分钟" if one.minutes else "",
        "服务项目": "、".join(one.items),
        "服务人员": people_text(one.people),
        "人数": "，".join(f"{name} {count}" for name, count in one.counts.items()),
        "签到人数": "" if one.signed_in is None else str(one.signed_in),
        **{label: getattr(one, name) for name, label in TEXT_LABEL.items()},
    }
