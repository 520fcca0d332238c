"""Boxes of filed paper: what lies in each, and what its 备考表 says of it (DA/T 22-2015).

A box is one of a year, 保管期限 and 机构: another year may have a box of the same number.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yiyu.registry.agreements.steps import refuse_to_come
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.rules.archive_codes import TERM_LABEL
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.archive_items import ArchiveItem, archive_items
from yiyu.registry.store.events import NewEvent, append_events, events_of_kind
from yiyu.registry.store.opening import changing

NOTED = "box_noted"
Key = tuple[int, str, str, str]
"""Year, term, office, number of the box."""


@dataclass(frozen=True, slots=True)
class BoxNote:
    """盒内文件情况说明, and who arranged and checked the box when; what nobody said is "" and filled in by hand."""

    note: str = ""
    arranged_by: str = ""
    arranged_on: str = ""
    checked_by: str = ""
    checked_on: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """The 件 that lie in one box, by 件号."""

    year: int
    term: str
    office: str
    number: str
    items: tuple[ArchiveItem, ...]
    note: BoxNote = BoxNote()

    @property
    def key(self) -> Key:
        return self.year, self.term, self.office, self.number


def boxes(office: OfficeSession, *, year: int | None = None, term: str | None = None, number: str = "") -> list[Box]:
    """Every box that something lies in, or those of a year, a term, a number, in the order of the catalogue."""
    notes = box_notes(office)
    inside: dict[Key, list[ArchiveItem]] = {}
    for item in archive_items(office.db, year=year, term=term):
        if item.box and number in ("", item.box):
            inside.setdefault((item.year, item.term, item.office, item.box), []).append(item)
    return [Box(*key, tuple(items), notes.get(key, BoxNote())) for key, items in inside.items()]


def box_notes(office: OfficeSession) -> dict[Key, BoxNote]:
    """What was said of boxes up to the day asked for; of each part what was said last."""
    told: dict[Key, dict[str, str]] = {}
    for event in events_of_kind(office.db, NOTED):
        if event.on <= office.today:
            data = {name: str(value) for name, value in event.data.items()}
            key = int(data["year"]), data["term"], data["office"], data["box"]
            told.setdefault(key, {}).update((name, data[name]) for name in BoxNote.__dataclass_fields__ if name in data)
    return {key: BoxNote(**said) for key, said in told.items()}


def note_box(
    office: OfficeSession,
    number: str,
    said: Mapping[str, str],
    *,
    year: int | None = None,
    term: str | None = None,
    dry_run: bool = False,
) -> Box:
    """Record what the 备考表 of a box says; ``said`` by the fields of :class:`BoxNote`, the others stay as they are.

    Raises NotFound for a box that nothing lies in, BadInput where several boxes have the number, nothing is said, or a
    day cannot be.
    """
    if not said:
        raise BadInput("没有写情况说明、整理人或检查人", where=f"第 {number} 盒", remedy="请至少写一项")
    with changing(office.db, dry_run=dry_run):
        box = _only(boxes(office, year=year, term=term, number=number), number)
        now = BoxNote(**{**_fields(box.note), **said})
        days = [dt.date.fromisoformat(day) for day in (now.arranged_on, now.checked_on) if day]
        for day in days:
            refuse_to_come(office, day)
        if sorted(days) != days:
            what = f"检查日期 {now.checked_on} 早于整理日期 {now.arranged_on}"
            raise BadInput(what, where=f"第 {number} 盒", remedy="请核对日期")
        data = {"year": box.year, "term": box.term, "office": box.office, "box": number, **said}
        event = NewEvent(NOTED, office.today, office.now, office.actor, note=f"第 {number} 盒", data=data)
        append_events(office.db, [event])
    return Box(*box.key, box.items, now)


def _only(found: Sequence[Box], number: str) -> Box:
    if not found:
        raise NotFound(f"没有装进第 {number} 盒的件", remedy="请先用 archive box 登记装盒")
    if len(found) > 1:
        several = "、".join(f"{one.year}年度{TERM_LABEL[one.term]}" for one in found)
        raise BadInput(f"第 {number} 盒不止一个", where=several, remedy="请加 --year、--term 写明是哪一个")
    return found[0]


def _fields(note: BoxNote) -> dict[str, str]:
    return {name: getattr(note, name) for name in BoxNote.__dataclass_fields__}
