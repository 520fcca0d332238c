"""The append-only, hash-chained log of what happened to agreements."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import msgspec
from sqlite_utils import Database

from yiyu.registry.lifecycle import OF_SERVICE, Event
from yiyu.registry.rules.chain import link
from yiyu.registry.store.bulk import day_of, plain
from yiyu.registry.store.opening import insert, within


def add_event(
    db: Database,
    agreement_id: int,
    kind: str,
    *,
    on: dt.date,
    recorded_at: str,
    actor: str,
    party: str = "",
    note: str = "",
    corrects: int | None = None,
    data: Mapping[str, object] | None = None,
) -> int:
    """Append one event and link it to the last; call inside ``changing``."""
    row: dict[str, Any] = {
        "agreement_id": agreement_id,
        "kind": kind,
        "party": party,
        "on_date": on.isoformat(),
        "recorded_at": recorded_at,
        "actor": actor,
        "note": note,
        "corrects": corrects,
        "data": msgspec.json.encode(data or {}).decode(),
    }
    last = db.execute("SELECT hash FROM events ORDER BY id DESC LIMIT 1").fetchone()
    previous = str(last[0]) if last else ""
    row |= {"previous_hash": previous, "hash": link(previous, row)}
    return insert(db, "events", row)


_SERVED = ", ".join(f"'{kind}'" for kind in sorted(OF_SERVICE))


def events_of(db: Database, agreement_id: int) -> list[Event]:
    """All events of one agreement, in the order they were recorded."""
    rows = db.execute("SELECT * FROM events WHERE agreement_id = ? ORDER BY id", [agreement_id])
    return [_event(row) for row in rows]


def events_by_agreement(db: Database, ids: Collection[int] | None = None) -> dict[int, list[Event]]:
    """All events, or those of the agreements ``ids``, grouped by agreement id in the order they were recorded.

    What was served under them is left out: it moves no axis, and there are many. Who recorded them, when, and the chain
    are left blank: replaying a large office does not need them.
    """
    condition, values = within("agreement_id", ids)
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


def all_events(db: Database, limit: int) -> list[tuple[str, Event]]:
    """The newest ``limit`` events, newest first, each with its agreement's number."""
    rows = db.execute(
        "SELECT e.*, a.number FROM events e JOIN agreements a ON a.id = e.agreement_id ORDER BY e.id DESC LIMIT ?",
        [limit],
    )
    return [(row["number"], _event(row)) for row in rows]


def broken_links(db: Database) -> Iterator[int]:
    """Ids of events whose hash does not follow from the event before and their own facts."""
    previous = ""
    for row in db.execute("SELECT * FROM events ORDER BY id"):
        facts = {key: row[key] for key in row.keys() if key not in {"id", "hash", "previous_hash"}}  # noqa: SIM118 - sqlite3.Row
        facts_hash = link(previous, facts)
        if row["previous_hash"] != previous or row["hash"] != facts_hash:
            yield int(row["id"])
        previous = row["hash"]


def _event(row: Any) -> Event:  # noqa: ANN401 - sqlite3.Row
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
