"""The append-only, hash-chained log of what happened: to agreements, to institutions, and in the office."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from yiyu.registry.lifecycle import MOVES_NOTHING, Event
from yiyu.registry.rules.chain import link
from yiyu.registry.store.bulk import day_of, plain
from yiyu.registry.store.opening import within

EVENT_FACTS = (
    "agreement_id", "kind", "party", "on_date", "recorded_at", "actor", "note", "corrects", "data",
    "institution_id", "import_id",
)  # fmt: skip
"""What an event says, beside its place in the chain."""
_NEWER = frozenset({"institution_id", "import_id"})
"""Columns that came later count in the hash only where they say something: the chain of before still verifies."""
_COLUMNS = ("id", *EVENT_FACTS, "previous_hash", "hash")


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event to be written. ``on`` is the day it concerns; ``import_id`` the event of the import it belongs to."""

    kind: str
    on: dt.date
    recorded_at: str
    actor: str
    agreement_id: int | None = None
    institution_id: int | None = None
    import_id: int | None = None
    party: str = ""
    note: str = ""
    corrects: int | None = None
    data: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event with what it speaks of: number of an agreement, name of an institution as it is called now, or ""."""

    event: Event
    number: str
    institution: str
    import_id: int | None


def append_events(db: Database, events: Iterable[NewEvent]) -> list[int]:
    """Append events, each linked to the one before; gives their ids. Call inside ``changing``."""
    last = db.execute("SELECT id, hash FROM events ORDER BY id DESC LIMIT 1").fetchone()
    key, previous = (last[0], last[1]) if last else (0, "")
    rows: list[tuple[Any, ...]] = []
    for one in events:
        key += 1
        told: dict[str, Any] = {
            "agreement_id": one.agreement_id,
            "kind": one.kind,
            "party": one.party,
            "on_date": one.on.isoformat(),
            "recorded_at": one.recorded_at,
            "actor": one.actor,
            "note": one.note,
            "corrects": one.corrects,
            "data": msgspec.json.encode(one.data or {}).decode(),
            "institution_id": one.institution_id,
            "import_id": one.import_id,
        }
        digest = _link(previous, told)
        rows.append((key, *told.values(), previous, digest))
        previous = digest
    db.conn.executemany(
        f"INSERT INTO events ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})",  # noqa: S608 - our own names
        rows,
    )
    return [row[0] for row in rows]


def add_event(
    db: Database,
    agreement_id: int | None,
    kind: str,
    *,
    on: dt.date,
    recorded_at: str,
    actor: str,
    party: str = "",
    note: str = "",
    corrects: int | None = None,
    data: Mapping[str, object] | None = None,
    institution_id: int | None = None,
    import_id: int | None = None,
) -> int:
    """Append one event and link it to the last; call inside ``changing``."""
    event = NewEvent(kind, on, recorded_at, actor, agreement_id, institution_id, import_id, party, note, corrects, data)
    return append_events(db, [event])[0]


def corrections_of(db: Database, activity: str) -> list[Event]:
    """The corrections of one activity by its number, oldest first, each once though it serves several agreements."""
    query = """
        SELECT * FROM events WHERE id IN (
            SELECT min(id) FROM events WHERE kind = 'activity_edited' AND data ->> 'activity' = ?
            AND agreement_id IN (SELECT agreement_id FROM activity_agreements JOIN activities ON id = activity_id
                                 WHERE number = ?)
            GROUP BY recorded_at, data) ORDER BY id
    """
    return [event_of(row) for row in db.execute(query, [activity, activity])]


_SERVED = ", ".join(f"'{kind}'" for kind in sorted(MOVES_NOTHING))


def events_of(db: Database, agreement_id: int) -> list[Event]:
    """All events of one agreement, in the order they were recorded."""
    rows = db.execute("SELECT * FROM events WHERE agreement_id = ? ORDER BY id", [agreement_id])
    return [event_of(row) for row in rows]


def events_by_agreement(db: Database, ids: Collection[int] | None = None) -> dict[int, list[Event]]:
    """All events, or those of the agreements ``ids``, grouped by agreement id in the order they were recorded.

    What was served under them is left out: it moves no axis, and there are many. Who recorded them, when, and the chain
    are left blank: replaying a large office does not need them.
    """
    condition, values = within("agreement_id", ids)
    condition += "" if ids is not None else " AND agreement_id IS NOT NULL"
    grouped = defaultdict[int, list[Event]](list)
    # All of them row after row, as recorded: by agreement each would be looked up at another place.
    query = (
        "SELECT agreement_id, id, kind, party, on_date, note, corrects, data"  # noqa: S608 - our own text
        f" FROM events {'NOT INDEXED' if ids is None else ''} WHERE {condition} AND kind NOT IN ({_SERVED}) ORDER BY id"
    )
    for owner, key, kind, party, on, note, corrects, data in plain(db, query, values):
        facts = {} if data == "{}" else msgspec.json.decode(data)
        grouped[owner].append(Event(key, kind, party, day_of(on), "", "", note, corrects, facts))
    return dict(grouped)


_CALLED = """(SELECT value FROM institution_facts
    WHERE institution_id = {0} AND fact = 'name' ORDER BY struck_at IS NULL DESC, valid_from DESC, id DESC LIMIT 1)"""
"""The newest name of an institution; of one whose entry was taken back, the last it had."""


def logged_events(db: Database, limit: int, institution_id: int | None = None) -> list[LoggedEvent]:
    """The newest ``limit`` events, of the office or of one institution, newest first."""
    condition = "1" if institution_id is None else "e.institution_id = :institution"
    query = f"""
        SELECT e.*, a.number, {_CALLED.format("e.institution_id")} AS institution
        FROM events e LEFT JOIN agreements a ON a.id = e.agreement_id
        WHERE {condition} ORDER BY e.id DESC LIMIT :limit
    """  # noqa: S608 - our own text
    rows = db.execute(query, {"limit": limit, "institution": institution_id})
    return [LoggedEvent(event_of(row), row["number"] or "", row["institution"] or "", row["import_id"]) for row in rows]


class LaterEvent(NamedTuple):
    """An event with what it speaks of; ``concerns``: the day of the event it corrects, else its own."""

    event: Event
    agreement_id: int | None
    institution_id: int | None
    concerns: dt.date


def later_events(
    db: Database, after: int, agreements: Collection[int], institutions: Collection[int]
) -> list[LaterEvent]:
    """Events recorded after the one with the id ``after`` that speak of any of these, in order."""
    of_agreements, first = within("e.agreement_id", agreements)
    of_institutions, second = within("e.institution_id", institutions)
    query = f"""
        SELECT e.*, c.on_date AS corrected_on FROM events e LEFT JOIN events c ON c.id = e.corrects
        WHERE e.id > :after AND ({of_agreements} OR {of_institutions.replace(":ids", ":others")}) ORDER BY e.id
    """  # noqa: S608 - our own text
    rows = db.execute(query, {"after": after, "ids": first["ids"], "others": second["ids"]})
    return [
        LaterEvent(
            event_of(row), row["agreement_id"], row["institution_id"], day_of(row["corrected_on"] or row["on_date"])
        )
        for row in rows
    ]


def events_of_kind(db: Database, kind: str) -> list[Event]:
    """All events of one kind, in the order they were recorded."""
    return [event_of(row) for row in db.execute("SELECT * FROM events WHERE kind = ? ORDER BY id", [kind])]


def last_event(db: Database) -> int:
    """The id of the newest event, 0 where there is none."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0])


def event_at(db: Database, moment: str) -> int:
    """The id of the newest event that was recorded by an ISO moment, 0 where there is none."""
    query = "SELECT coalesce(max(id), 0) FROM events WHERE unixepoch(recorded_at) <= unixepoch(?)"
    return int(db.execute(query, [moment]).fetchone()[0])


def last_recorded(db: Database) -> str:
    """When the newest event was recorded, "" where there is none."""
    row = db.execute("SELECT recorded_at FROM events ORDER BY id DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def broken_links(db: Database) -> Iterator[int]:
    """Ids of events whose hash does not follow from the event before and their own facts."""
    previous = ""
    for row in db.execute("SELECT * FROM events ORDER BY id"):
        facts = {key: row[key] for key in row.keys() if key not in {"id", "hash", "previous_hash"}}  # noqa: SIM118 - sqlite3.Row
        facts_hash = _link(previous, facts)
        if row["previous_hash"] != previous or row["hash"] != facts_hash:
            yield int(row["id"])
        previous = row["hash"]


def _link(previous: str, told: Mapping[str, object]) -> str:
    return link(previous, {name: value for name, value in told.items() if value is not None or name not in _NEWER})


def event_of(row: Any) -> Event:  # noqa: ANN401 - sqlite3.Row
    """An event from a row of its table."""
    return Event(
        id=row["id"],
        kind=row["kind"],
        party=row["party"],
        on=dt.date.fromisoformat(row["on_date"]),
        recorded_at=row["recorded_at"],
        actor=row["actor"],
        note=row["note"],
        corrects=row["corrects"],
        data=msgspec.json.decode(row["data"]),
        previous_hash=row["previous_hash"],
        hash=row["hash"],
    )
