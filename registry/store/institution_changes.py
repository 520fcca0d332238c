"""Institutions changed: each change one event, and the tables do what the event says."""

import datetime as dt
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sqlite_utils import Database

from yiyu.registry.errors import BadInput
from yiyu.registry.model import Institution
from yiyu.registry.rules.institution_history import (
    CONTACT,
    FACTS,
    FIRST_DAY,
    PLAIN,
    Origin,
    blank,
    stored,
)
from yiyu.registry.store.bulk import plain
from yiyu.registry.store.events import NewEvent, append_events

_BATCH = 5000
"""Changes held in memory at a time: a roster of 100,000 rows is written in pieces of one transaction."""


@dataclass(frozen=True, slots=True)
class InstitutionChange:
    """What is to be written of one institution: ``data`` as :mod:`yiyu.registry.rules.institution_history` tells it.

    ``data`` holds the new 联系人 and 电话 among its ``fields``: they are taken out before it becomes an event.
    """

    institution_id: int
    kind: str
    on: dt.date
    origin: Origin
    data: Mapping[str, Any]
    import_id: int | None = None
    note: str = ""


def add_institution(
    db: Database,
    institution: Institution,
    *,
    recorded_at: str,
    source: str | Origin,
    actor: str = "",
    import_id: int | None = None,
) -> int:
    """Enter one with its first facts; gives the new id. ``source`` as a text is what a person did."""
    origin = _origin(source, actor, recorded_at)
    return add_institutions(db, [(institution, origin)], import_id=import_id)[0]


def add_institutions(
    db: Database, institutions: Iterable[tuple[Institution, Origin]], *, import_id: int | None = None
) -> list[int]:
    """Enter many, each with where it came from; gives the new ids in the same order. Call inside ``changing``."""
    used = "SELECT max(coalesce((SELECT max(id) FROM institutions), 0), coalesce((SELECT max(institution_id) FROM events), 0))"
    first = int(db.execute(used).fetchone()[0]) + 1
    changes = (_entry(key, one, origin, import_id) for key, (one, origin) in enumerate(institutions, start=first))
    return write_changes(db, changes)


def change_institution(
    db: Database,
    old: Institution,
    changes: Mapping[str, Any],
    *,
    from_day: dt.date,
    recorded_at: str,
    source: str | Origin,
    actor: str = "",
    import_id: int | None = None,
) -> Institution:
    """Apply ``changes`` (field to new value); facts begin to hold on ``from_day``. Gives the new institution."""
    origin = _origin(source, actor, recorded_at)
    write_changes(db, [change_of(old, changes, from_day=from_day, origin=origin, import_id=import_id)])
    return replace(old, **changes)


def change_of(
    old: Institution, changes: Mapping[str, Any], *, from_day: dt.date, origin: Origin, import_id: int | None = None
) -> InstitutionChange:
    """The change that ``change_institution`` writes, to be written with others."""
    facts = [[name, stored(changes[name]), str(from_day)] for name in FACTS if name in changes]
    data = _told(old, changes) | {"facts": facts}
    return InstitutionChange(old.id, "institution_changed", from_day, origin, data, import_id)


def correct_institution(
    db: Database,
    old: Institution,
    changes: Mapping[str, Any],
    *,
    on: dt.date,
    since: dt.date | None = None,
    origin: Origin,
) -> Institution:
    """Replace what was wrong all along: the values that answer on ``on``, from the day each began.

    With ``since`` the right value begins on that day instead, and the wrong row only stops to answer. What was wrong
    stays in history with the moments between which it answered. Gives the corrected institution.
    """
    began = _beginnings(db, old.id, on)
    facts, struck = [], []
    for name in (name for name in FACTS if name in changes):
        was = began.get(name, str(FIRST_DAY))
        facts.append([name, stored(changes[name]), was if since is None else str(since)])
        if since is not None and name in began and was != str(since):
            struck.append([name, was])
    data = _told(old, changes) | {"facts": facts} | ({"struck": struck} if struck else {})
    write_changes(db, [InstitutionChange(old.id, "institution_corrected", since or on, origin, data)])
    return replace(old, **changes)


def later_facts(
    db: Database, institution_id: int, names: Collection[str], day: dt.date
) -> list[tuple[str, str, dt.date]]:
    """Facts of these names that begin after ``day`` and answer: name, value as text, day."""
    query = """
        SELECT fact, coalesce(value, ''), valid_from FROM institution_facts
        WHERE institution_id = ? AND struck_at IS NULL AND valid_from > ? ORDER BY valid_from, fact
    """
    rows = db.execute(query, [institution_id, str(day)])
    return [(row[0], row[1], dt.date.fromisoformat(row[2])) for row in rows if row[0] in names]


def write_changes(db: Database, changes: Iterable[InstitutionChange]) -> list[int]:
    """Append the events and do what they say; gives the ids of the institutions. Call inside ``changing``.

    Raises BadInput where a code would come to two institutions.
    """
    ids: list[int] = []
    rest = iter(changes)
    while batch := list(islice(rest, _BATCH)):
        _enter(db, batch)
        events = append_events(db, map(_event, batch))
        _contacts(db, events, batch)
        _strike(db, batch)
        _add_facts(db, batch)
        _set(db, batch)
        ids += [one.institution_id for one in batch]
    return ids


def _event(one: InstitutionChange) -> NewEvent:
    origin = one.origin
    data = dict(one.data)
    fields = {name: value for name, value in data.get("fields", {}).items() if name not in CONTACT}
    contacts = [name for name in CONTACT if name in data.get("fields", {})]
    data |= {"fields": fields, "contacts": contacts, "source": origin.note}
    data |= {"file": origin.file, "sheet": origin.sheet, "row": origin.row}
    told = {key: value for key, value in data.items() if key == "merged_into" or value not in ("", 0, None, [], {})}
    return NewEvent(
        one.kind, one.on, origin.recorded_at, origin.actor, None, one.institution_id, one.import_id, "", one.note,
        None, told,
    )  # fmt: skip


def _enter(db: Database, batch: Sequence[InstitutionChange]) -> None:
    columns = ("id", "kind", "version", *PLAIN)
    rows = []
    for one in batch:
        if "kind" in one.data:
            fields = one.data["fields"]
            given = (fields.get(name, None if name in _NUMBERS else "") for name in PLAIN)
            rows.append((one.institution_id, one.data["kind"], 0, *given))
    statement = f"INSERT INTO institutions ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - our own names
    db.conn.executemany(statement, rows)


_NUMBERS = ("staff", "health_workers")


def _contacts(db: Database, events: Sequence[int], batch: Sequence[InstitutionChange]) -> None:
    """联系人 and 电话 as they stand after an event that set one of them."""
    rows = []
    for event, one in zip(events, batch, strict=True):
        fields = one.data.get("fields", {})
        given = [fields.get(name) for name in CONTACT]
        if not any(given):
            continue
        if None in given and "kind" not in one.data:
            stands = db.execute("SELECT contact, phone FROM institutions WHERE id = ?", [one.institution_id]).fetchone()
            given = [was if value is None else value for value, was in zip(given, stands, strict=True)]
        rows.append((event, one.institution_id, *(value or None for value in given)))
    db.conn.executemany("INSERT INTO event_contacts VALUES (?, ?, ?, ?)", rows)


def _strike(db: Database, batch: Sequence[InstitutionChange]) -> None:
    """What an event strikes, and what begins on the day on which another fact of the same name begins."""
    statement = """
        UPDATE institution_facts SET struck_at = ?
        WHERE institution_id = ? AND fact = ? AND valid_from = ? AND struck_at IS NULL
    """
    rows = (
        (one.origin.recorded_at, one.institution_id, name, since)
        for one in batch
        if "kind" not in one.data
        for name, since in _places(one.data)
    )
    db.conn.executemany(statement, rows)


def _places(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield from ((name, since) for name, since in data.get("struck", ()))
    yield from ((name, since) for name, _, since in data.get("facts", ()))


def _add_facts(db: Database, batch: Sequence[InstitutionChange]) -> None:
    statement = """
        INSERT INTO institution_facts (institution_id, fact, value, valid_from, recorded_at, source)
        VALUES (?, ?, ?, ?, ?, ?)
    """
    rows = (
        (one.institution_id, name, value, since, one.origin.recorded_at, text)
        for one in batch
        for text in (one.origin.text,)
        for name, value, since in one.data.get("facts", ())
    )
    db.conn.executemany(statement, rows)


def _set(db: Database, batch: Sequence[InstitutionChange]) -> None:
    """Plain fields, the other institution it was merged into, and the count of changes."""
    statement = "UPDATE institutions SET version = version + 1 WHERE id = ?"
    db.conn.executemany(statement, [(one.institution_id,) for one in batch])
    for one in batch:
        values = {} if "kind" in one.data else dict(one.data.get("fields", {}))
        if "merged_into" in one.data:
            values["merged_into"] = one.data["merged_into"]
        if not values:
            continue
        try:
            db.table("institutions").update(one.institution_id, values)
        except sqlite3.IntegrityError as error:
            code = values.get("code") or _code_of(db, one.institution_id)
            raise BadInput(
                f"信用代码 {code} 现在属于另一家机构，不能恢复",
                remedy="请先用 institution show 核对那一家的代码，或把两家合并",
            ) from error


def _code_of(db: Database, key: int) -> str:
    return str(db.execute("SELECT code FROM institutions WHERE id = ?", [key]).fetchone()[0])


def _entry(key: int, one: Institution, origin: Origin, import_id: int | None) -> InstitutionChange:
    known = {name: getattr(one, name) for name in FACTS}
    facts = [
        [name, stored(value), str(FIRST_DAY)]
        for name, value in known.items()
        if name == "name" or not blank(name, value)
    ]
    fields = {name: getattr(one, name) for name in PLAIN if not blank(name, getattr(one, name))}
    data = {"kind": str(one.kind), "fields": fields, "facts": facts}
    day = dt.date.fromisoformat(origin.recorded_at[:10])
    return InstitutionChange(key, "institution_added", day, origin, data, import_id)


def _told(old: Institution, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Plain fields, and what stood there before; of a person's contact only the new, which is kept elsewhere."""
    fields = {name: changes[name] for name in PLAIN if name in changes}
    before = {name: getattr(old, name) for name in changes if name not in CONTACT}
    return {"fields": fields, "old": {name: _said(value) for name, value in before.items()}}


def _said(value: object) -> object:
    return str(value) if isinstance(value, dt.date) else value


def _origin(source: str | Origin, actor: str, recorded_at: str) -> Origin:
    return source if isinstance(source, Origin) else Origin(note=source, actor=actor, recorded_at=recorded_at)


def _beginnings(db: Database, institution_id: int, day: dt.date) -> dict[str, str]:
    query = """
        SELECT fact, max(valid_from) FROM institution_facts
        WHERE institution_id = :id AND struck_at IS NULL AND valid_from <= :day GROUP BY fact
    """
    return dict(plain(db, query, {"id": str(institution_id), "day": str(day)}).fetchall())
