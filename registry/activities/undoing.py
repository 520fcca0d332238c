"""An imported register taken back: activities it recorded are void, those it corrected are again what they were."""

import re
from collections.abc import Iterator, Sequence

from yiyu.registry.activities.adding import void_one
from yiyu.registry.activities.correcting import correct_back
from yiyu.registry.lifecycle import EVENT_LABEL, Event
from yiyu.registry.rules.activities import Activity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import activity_ids, load_activities
from yiyu.registry.store.imports import ImportRecord, agreement_events_since

_REASON = "撤回 {} 号导入"
_WITHDRAWN = re.compile(r"撤回 \d+ 号导入")


def withdrawn(one: Activity) -> bool:
    """Whether it is void only because the import that brought it was taken back: its row may be imported again."""
    return one.voided_on is not None and _WITHDRAWN.fullmatch(one.void_reason) is not None


def take_back(office: OfficeSession, record: ImportRecord, done: Sequence[tuple[int, Event]]) -> tuple[int, int]:
    """Take back the events ``done``; call inside ``changing``.

    Gives how many activities the import had recorded, and how many others are again what they were before it.
    """
    served, corrected = _numbers(done, "served"), _numbers(done, "activity_edited")
    reason = _REASON.format(record.id)
    for one in _activities(office, corrected):
        event = next(event for _, event in done if event.data["activity"] == one.number)
        correct_back(office, one, event, note=reason, import_id=record.id)
    for one in _activities(office, served):
        if one.voided_on is None:
            void_one(office, one, reason=reason, import_id=record.id)
    return len(served), len(corrected)


def resting_on(office: OfficeSession, record: ImportRecord, done: Sequence[tuple[int, Event]]) -> Iterator[str]:
    """What rests on an import, in words: later events of the same activities, record sheets and evidence."""
    numbers = _numbers(done, "served") | _numbers(done, "activity_edited")
    for _, event in agreement_events_since(office.db, record.id, {key for key, _ in done}):
        if event.data.get("activity") in numbers:
            yield f"活动 {event.data['activity']}（{event.recorded_at[:10]} {EVENT_LABEL[event.kind]}）"
    for one in _activities(office, _numbers(done, "served")):
        if one.evidence:
            yield f"活动 {one.number} 的附件"


def _numbers(done: Sequence[tuple[int, Event]], kind: str) -> set[str]:
    return {str(event.data["activity"]) for _, event in done if event.kind == kind}


def _activities(office: OfficeSession, numbers: set[str]) -> list[Activity]:
    ids = activity_ids(office.db, sorted(numbers))
    return load_activities(office.db, ids=ids.values(), voided=True)
