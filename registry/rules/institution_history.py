"""Institutions rebuilt from their events: facts in two times, the rest as last set, and who set what. Pure.

An event says what it does to one institution in ``data``: ``fields`` (set), ``facts`` (rows that begin to hold on a
day), ``struck`` (rows that no longer answer), ``merged_into``. The store does the same to its tables, so that the two
can be compared.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from yiyu.registry.lifecycle import OF_INSTITUTIONS, Event
from yiyu.registry.model import Institution, Kind

FACTS = (
    "name", "legal_person", "district", "town", "category", "filed", "filed_on", "filing_no", "inclusive", "places",
    "enrolled", "closed_on",
)  # fmt: skip
"""Kept with the day they begin to hold: what paper prints and figures divide by (domain.md#trap-renamed, #trap-unfiled)."""

OWN_DAY = ("filed", "filed_on", "closed_on")
"""Facts with a day of their own beside the one on which they begin to be known so: 备案, and 停办, which is a day."""

PLAIN = tuple(one.name for one in fields(Institution) if one.name not in (*FACTS, "id", "kind"))
"""Kept as last set."""

CONTACT = ("contact", "phone")
"""A person's: stands beside the events, not in them, for what is chained cannot be taken out (design.md#private-data)."""

FIRST_DAY = dt.date.min
"""The first known value of a fact holds for any earlier day: the office knows nothing else of that time."""

_DEFAULTS: dict[str, Any] = {
    one.name: one.default for one in fields(Institution) if one.name in (*FACTS, *PLAIN) and one.name != "name"
} | {"name": ""}
_BY_HAND = ("手工录入", "手工修改", "合并")
_YES_NO, _DAYS, _COUNTS = ("filed", "inclusive"), ("filed_on", "closed_on"), ("places", "enrolled")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: a row of a file, or a person (``file`` is ""), and when it was recorded.

    ``note`` is what the person did: 手工录入, 合并.
    """

    file: str = ""
    sheet: str = ""
    row: int = 0
    note: str = ""
    actor: str = ""
    recorded_at: str = ""

    @property
    def by_person(self) -> bool:
        """Whether a person set it by hand, and no file."""
        return not self.file

    @property
    def text(self) -> str:
        """As people read it: 名册.xlsx 工作表“一” 第5行, or 手工修改."""
        if self.by_person:
            return self.note
        sheet = f" 工作表“{self.sheet}”" if self.sheet else ""
        return f"{self.file}{sheet}" + (f" 第{self.row}行" if self.row else "")


@dataclass(slots=True)
class FactRow:
    """One fact of one institution: ``value`` as text (see :func:`stored`) from ``valid_from`` on (ISO).

    ``struck_at``: the moment from which it no longer answers; None where it does.
    """

    fact: str
    value: str | None
    valid_from: str
    recorded_at: str
    source: str
    struck_at: str | None = None


@dataclass(slots=True)
class Rebuilt:
    """One institution as its events make it. ``origins``: by field, where what answers now came from."""

    id: int
    kind: Kind
    plain: dict[str, Any] = field(default_factory=lambda: {name: _DEFAULTS[name] for name in PLAIN})
    facts: list[FactRow] = field(default_factory=list)
    merged_into: int | None = None
    version: int = 0
    origins: dict[str, Origin] = field(default_factory=dict)

    def answering(self) -> dict[tuple[str, str], FactRow]:
        """The rows that answer, by fact and the day they begin: one for each."""
        return {(row.fact, row.valid_from): row for row in self.facts if row.struck_at is None}

    def on(self, day: dt.date) -> Institution | None:
        """The institution on ``day``; None where nothing answers: its entry was taken back."""
        rows = sorted((row.valid_from, row.fact, row.value) for row in self.answering().values())
        known = {name: value for _, name, value in concerning(rows, day)}
        return institution_of(self.id, self.kind, self.plain, known) if known else None


def concerning(rows: Sequence[tuple[str, str, str | None]], day: dt.date) -> Sequence[tuple[str, str, str | None]]:
    """Facts of one institution that concern days up to ``day``; each is the day it begins (ISO), its name and its value.

    One that begins later does where it tells of 停办 or 备案 from a day up to then: learned later, they count from the day they
    concern, whenever the office changed its roster (docs/decisions/0015). A day of 备案 from before it was last lost does
    not: what was told since holds until then. ``rows`` in the order they begin.
    """
    until = str(day)
    if not rows or rows[-1][0] <= until:
        return rows
    lost = [begins for begins, name, value in rows if name == "filed" and value != "1"]
    dated = [(begins, value) for begins, name, value in rows if begins > until and name == "filed_on" and value]
    since = {
        begins
        for begins, passed in dated
        if passed <= until and begins not in lost and not any(passed <= gone < begins for gone in lost)
    }

    def told(begins: str, name: str, value: str | None) -> bool:
        return bool(value) and str(value) <= until if name == "closed_on" else name in OWN_DAY and begins in since

    return [row for row in rows if row[0] <= until or told(*row)]


def institution_of(key: int, kind: Kind, plain: Mapping[str, Any], facts: Mapping[str, str | None]) -> Institution:
    """Put an institution together from its plain fields and its facts as text; a fact without a row is blank."""
    values = {name: fact_value(name, facts.get(name)) for name in FACTS}
    return Institution(id=key, kind=kind, **{name: plain[name] for name in PLAIN}, **values)


def stored(value: object) -> str | None:
    """A fact as text: dates ISO, yes and no as 1 and 0, unknown as None."""
    if value is None:
        return None
    return str(int(value)) if isinstance(value, bool) else str(value)


def blank(name: str, value: object) -> bool:
    """Whether it says nothing: what a field is before anything is known."""
    return value in (_DEFAULTS[name], "", None)


def rebuild(
    events: Iterable[tuple[int, Event]],
    contacts: Mapping[int, Mapping[str, str]],
    known_on: dt.date | None = None,
) -> dict[int, Rebuilt]:
    """Institutions by id, from their events in the order of the chain, each with the id of its institution.

    ``contacts``: 联系人 and 电话 by id of the event that set them. With ``known_on`` only what was recorded by the end of
    that day, by the office's own clock; of what an older version left, the rows that it had by then.
    """
    found: dict[int, Rebuilt] = {}
    for key, event in events:
        if known_on is not None and event.kind != "institution_known" and recorded_after(event.recorded_at, known_on):
            continue
        if "kind" in event.data:
            found[key] = Rebuilt(key, Kind(str(event.data["kind"])))
        _apply(found[key], event, contacts.get(event.id, {}))
    if known_on is not None:
        for one in found.values():
            one.facts = [row for row in one.facts if not recorded_after(row.recorded_at, known_on)]
            for row in one.facts:
                if row.struck_at is not None and recorded_after(row.struck_at, known_on):
                    row.struck_at = None
    return found


def walk(
    events: Iterable[Event], contacts: Mapping[int, Mapping[str, str]]
) -> Iterator[tuple[Event, Institution | None, Institution | None]]:
    """Each event of one institution with what that was before and after it, on the day the event concerns."""
    one: Rebuilt | None = None
    for event in events:
        before = one.on(event.on) if one else None
        if event.kind in OF_INSTITUTIONS:
            one = one or Rebuilt(0, Kind(str(event.data["kind"])))
            _apply(one, event, contacts.get(event.id, {}))
        yield event, before, one.on(event.on) if one else None


def origin_of(event: Event) -> Origin:
    """Who or what an event was recorded by."""
    data: Mapping[str, Any] = event.data
    place = data.get("file", ""), data.get("sheet", ""), data.get("row", 0), data.get("source", "")
    return Origin(*place, event.actor, event.recorded_at)


def taken_back(before: Rebuilt | None, event: Event, now: Rebuilt) -> dict[str, Any]:
    """What an event must do that takes back another: its effects, as ``data``.

    ``before``: the institution before the event, None where the event entered it. What was changed since is left alone.
    """
    answering = now.answering()
    if before is None:
        blanks = {name: _DEFAULTS[name] for name in PLAIN if now.plain[name] != _DEFAULTS[name]}
        return {"fields": blanks, "struck": [list(one) for one in answering]}
    struck, facts = [], []
    data: Mapping[str, Any] = event.data
    was = before.answering()
    added = {(name, since): value for name, value, since, *_ in data.get("facts", ())}
    for place, value in added.items():
        row = answering.get(place)
        if row is None or row.value != value or row.recorded_at != event.recorded_at:
            continue
        if place in was:
            facts.append([place[0], was[place].value, place[1]])
        else:
            struck.append(list(place))
    for name, since in data.get("struck", ()):
        if (name, since) in was and (name, since) not in answering:
            facts.append([name, was[name, since].value, since])
    touched = {*data.get("fields", {}), *data.get("contacts", ())}
    restored = {
        name: before.plain[name]
        for name in sorted(touched)
        if before.plain[name] != now.plain[name] and now.origins.get(name) == origin_of(event)
    }
    return {"fields": restored, "facts": facts, "struck": struck}


def touched_fields(event: Event) -> set[str]:
    """Names of the fields an event set, began, or struck."""
    data: Mapping[str, Any] = event.data
    rows = (*data.get("facts", ()), *data.get("struck", ()))
    return {*data.get("fields", ()), *data.get("contacts", ()), *(row[0] for row in rows)}


def recorded_after(moment: str, day: dt.date) -> bool:
    """Whether a moment (ISO) was after the end of ``day``, by the clock that wrote it down."""
    return moment[:10] > str(day)


def _apply(one: Rebuilt, event: Event, contact: Mapping[str, str]) -> None:
    data: Mapping[str, Any] = event.data
    origin, at = origin_of(event), event.recorded_at
    one.version += 1
    answering = one.answering()
    for place in data.get("struck", ()):
        answering[tuple(place)].struck_at = at
    for name, value, since, *older in data.get("facts", ()):
        last = answering.get((name, since))
        if last is not None and last.struck_at is None and not older:
            last.struck_at = at
        row = FactRow(name, value, since, *older) if older else FactRow(name, value, since, at, origin.text)
        one.facts.append(row)
        answering[name, since] = row
    one.plain |= dict(data.get("fields", {})) | dict.fromkeys(data.get("contacts", ()), "") | dict(contact)
    if "merged_into" in data:
        one.merged_into = data["merged_into"]
    if "version" in data:
        one.version = data["version"]
    one.origins |= dict.fromkeys(touched_fields(event), origin)
    if event.kind == "institution_known":
        one.origins |= dict.fromkeys(PLAIN, _of_older(one.facts[0]))
        one.origins |= {row.fact: _of_older(row) for row in one.facts}


def _of_older(row: FactRow) -> Origin:
    """An older version kept the name of the file, or what a person did."""
    by_hand = row.source in _BY_HAND
    return Origin(file="" if by_hand else row.source, note=row.source if by_hand else "", recorded_at=row.recorded_at)


def fact_value(name: str, text: str | None) -> Any:  # noqa: ANN401 - of Institution's fields
    """A fact as Institution holds it, of its text (see :func:`stored`)."""
    if not text:
        return _DEFAULTS[name]
    if name in _YES_NO:
        return text == "1"
    if name in _DAYS:
        return dt.date.fromisoformat(text)
    return int(text) if name in _COUNTS else text
