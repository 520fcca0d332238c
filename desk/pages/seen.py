"""Two people on one record: a form carries how far the office had come, and who sends it is told what others did since."""

from collections.abc import Callable, Collection

from yiyu.desk.asking import Asking
from yiyu.registry.lifecycle import EVENT_LABEL, Event
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import agreement_ids
from yiyu.registry.store.events import LaterEvent, last_event, later_events

FIELD = "seen"
"""Hidden in a form; 0 where there is none, as when somebody made the address by hand."""


def mark(office: OfficeSession) -> int:
    """What the form is to carry."""
    return last_event(office.db)


def told_since(
    asking: Asking,
    office: OfficeSession,
    *,
    numbers: Collection[str] = (),
    institutions: Collection[int] = (),
    concerns: Callable[[Event], bool] = lambda _event: True,
) -> list[str]:
    """What others recorded of these agreements and institutions since the form was shown, a line each; none: go on.

    ``concerns``: which of their events speak of what the form changes, all where it is the agreement itself.
    """
    since = asking.text(FIELD)
    if not since.isdecimal() or len(since) > 15:
        return []
    names = {key: number for number, key in agreement_ids(office.db, list(numbers)).items()}
    later = later_events(office.db, int(since), list(names), institutions)
    others = (one for one in later if one.event.actor != asking.person.name and concerns(one.event))
    return [_told(one, names) for one in others]


def _told(one: LaterEvent, names: dict[int, str]) -> str:
    event = one.event
    side, number = f"{event.party}方" if event.party else "", names.get(one.agreement_id or 0, "")
    told = f"{number} {event.on} {side}{EVENT_LABEL[event.kind]}".strip()
    return f"{told}（{event.actor} 于 {event.recorded_at[11:16]} 录入）{event.note}"
