"""Calendar files (iCalendar, RFC 5545) that another program reads again and again.

The file itself is the memory: what it held last time decides what is new, moved, or over. There is no METHOD: with one
the file would be a message (RFC 5546), which must name an organizer by mail address.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from yiyu.registry.errors import BadInput

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//yiyu//reminders//ZH"

_ALARM_AT = dt.timedelta(hours=9)
"""Alarms ring at nine: from the start of a whole day, in the reader's own time."""

_KEPT = dt.timedelta(days=366)
"""How long a cancelled entry stays, so that every reader learns of it."""


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One whole day with its text; it rings on that day and on ``also_on``. ``key`` is the same in every export."""

    key: str
    day: dt.date
    title: str
    text: str
    also_on: tuple[dt.date, ...] = ()


class Written(NamedTuple):
    """The file's bytes, and how many entries are new, changed, cancelled since, or as they were."""

    data: bytes
    new: int
    changed: int
    cancelled: int
    unchanged: int


class _Old(NamedTuple):
    event: "Event"
    day: dt.date
    sequence: int
    stamp: dt.datetime
    cancelled: bool


def write_calendar(
    entries: Sequence[CalendarEntry],
    *,
    name: str,
    now: dt.datetime,
    today: dt.date,
    previous: bytes | None = None,
    where: str = "",
) -> Written:
    """The calendar called ``name`` with ``entries``, carried on from ``previous``; same input, same bytes.

    What has not changed keeps its bytes, so that exporting the same again gives the same file; what has gets the next
    SEQUENCE; what is gone is cancelled, and forgotten a year after its day. An entry of a day that has passed stands on
    the day it was first exported. Raises BadInput, naming ``where`` it lies, when ``previous`` is no calendar written
    here.
    """
    from icalendar import Calendar

    before = _read(previous, where) if previous is not None else {}
    after = {entry.key: _entered(entry, before.get(entry.key), now, today) for entry in entries}
    for key, old in before.items():
        if key not in after and not old.cancelled:
            after[key] = _cancelled(old, now)
        elif key not in after and old.day + _KEPT >= today:
            after[key] = old.event
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODUCT)
    calendar.add("x-wr-calname", name)
    for _, event in sorted(after.items()):
        calendar.add_component(event)
    changes = Counter(_change(event, before.get(key)) for key, event in after.items())
    return Written(calendar.to_ical(), changes["new"], changes["changed"], changes["cancelled"], changes["unchanged"])


def _read(data: bytes, where: str) -> dict[str, _Old]:
    """The entries of an earlier export, by UID."""
    from icalendar import Calendar, Event

    try:
        calendar = Calendar.from_ical(data)
        if isinstance(calendar, Calendar) and calendar.get("PRODID") == PRODUCT:
            events = [one for one in calendar.subcomponents if isinstance(one, Event)]
            return {str(one["UID"]): _old(one) for one in events}
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(
            "原有的日历文件已损坏", where=where, remedy="请删去或改名后再导出；日历程序会把提醒当作新的"
        ) from error
    raise BadInput("原有的日历文件不是 yiyu 写的", where=where, remedy="请换一个文件名，以免盖掉别的日程")


def _old(event: "Event") -> _Old:
    day, stamp = event.decoded("DTSTART"), event.decoded("DTSTAMP")
    if not (isinstance(stamp, dt.datetime) and isinstance(day, dt.date)):
        raise TypeError("not a date")
    return _Old(event, day, int(event.decoded("SEQUENCE")), stamp, cancelled=event.get("STATUS") == "CANCELLED")


def _entered(entry: CalendarEntry, old: _Old | None, now: dt.datetime, today: dt.date) -> "Event":
    day = entry.day
    if day < today:
        shown = old is not None and not old.cancelled and day <= old.day <= today
        day = old.day if old is not None and shown else today
    rings = sorted({day, *entry.also_on})
    if old is None:
        return _event(entry.key, day, entry.title, entry.text, rings, 0, now)
    same = _event(entry.key, day, entry.title, entry.text, rings, old.sequence, old.stamp)
    if same == old.event:
        return old.event
    return _event(entry.key, day, entry.title, entry.text, rings, old.sequence + 1, now)


def _cancelled(old: _Old, now: dt.datetime) -> "Event":
    """Silent, and said in the title as well: not every reader heeds STATUS."""
    key, title, text = (str(old.event[name]) for name in ("UID", "SUMMARY", "DESCRIPTION"))
    return _event(key, old.day, f"（已了结）{title}", text, (), old.sequence + 1, now)


def _event(
    key: str, day: dt.date, title: str, text: str, rings: Sequence[dt.date], sequence: int, stamp: dt.datetime
) -> "Event":
    """One VEVENT with an alarm on each day of ``rings``; cancelled when there are none."""
    from icalendar import Alarm, Event

    event = Event()
    event.add("uid", key)
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    event.add("dtstamp", stamp.astimezone(dt.UTC))
    event.add("sequence", sequence)
    event.add("status", "CONFIRMED" if rings else "CANCELLED")
    event.add("transp", "TRANSPARENT")
    event.add("summary", title)
    event.add("description", text)
    for ring in rings:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", ring - day + _ALARM_AT)
        alarm.add("description", title)
        event.add_component(alarm)
    return event


def _change(event: "Event", old: _Old | None) -> str:
    if old is None:
        return "new"
    if event is old.event:
        return "unchanged"
    return "cancelled" if event["STATUS"] == "CANCELLED" else "changed"
