"""Which agreements a change may have moved since a list of them was made, so that a large one is not made anew."""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from yiyu.registry.store.bulk import plain
from yiyu.registry.store.opening import within

_MOST = 2000
"""More agreements than these are as quickly read with all others."""


class Position(NamedTuple):
    """How far the registry had come: its last link with its hash, its last event, its last entry of a row."""

    link: int
    mark: str
    events: int
    entries: int


def position(db: Database) -> Position:
    """How far the registry has come; take it before what is read, so that nothing recorded meanwhile is missed."""
    row = db.execute("SELECT id, hash, events FROM chain_links ORDER BY id DESC LIMIT 1").fetchone()
    entries = db.execute("SELECT coalesce(max(id), 0) FROM row_changes").fetchone()[0]
    return Position(row[0], row[1], row[2], entries) if row else Position(0, "", 0, entries)


def changed_agreements(db: Database, since: Position) -> set[int] | None:
    """Ids of agreements about which anything was recorded after ``since``, or about one of their institutions.

    Also those they renew and that renew them. None where that cannot be told, as after a restored backup, or where
    there are too many for it to be worth while.
    """
    if since.link and (since.mark,) != _first(db, "SELECT hash FROM chain_links WHERE id = ?", since.link):
        return None
    found, institutions, parked = set[int](), set[int](), set[int]()
    query = "SELECT DISTINCT agreement_id, institution_id FROM events WHERE id > :id"
    for agreement, institution in plain(db, query, {"id": since.events}):
        found |= {agreement} - {None}
        institutions |= {institution} - {None}
    query = "SELECT DISTINCT table_name, row_key FROM row_changes WHERE id > :id"
    for table, key in plain(db, query, {"id": since.entries}):
        if table == "agreements":
            found.add(int(key))
        elif table == "parked":
            parked.add(int(key))
        elif table == "parties":
            found.add(msgspec.json.decode(key, type=tuple[int, str])[0])
    condition, values = within("id", parked)
    institutions |= set(_ids(db, f"SELECT institution_id FROM parked WHERE {condition}", values))  # noqa: S608 - our own text
    condition, values = within("institution_id", institutions)
    found |= set(_ids(db, f"SELECT agreement_id FROM parties WHERE {condition}", values))  # noqa: S608 - our own text
    if len(found) > _MOST:
        return None
    condition, values = within("renews_id", found)
    later = set(_ids(db, f"SELECT id FROM agreements WHERE {condition}", values))  # noqa: S608 - our own text
    condition, values = within("id", found)
    return found | later | set(_ids(db, f"SELECT renews_id FROM agreements WHERE {condition}", values))  # noqa: S608 - our own text


def institutions_moved(db: Database, since: Position) -> bool:
    """Whether anything was recorded of an institution after ``since``, or that cannot be told."""
    if (since.mark,) != _first(db, "SELECT hash FROM chain_links WHERE id = ?", since.link):
        return True
    tables = "'institutions', 'institution_facts', 'parked'"
    query = f"""
        SELECT EXISTS (SELECT 1 FROM events WHERE id > :events AND institution_id IS NOT NULL)
        OR EXISTS (SELECT 1 FROM row_changes WHERE id > :entries AND table_name IN ({tables}))
    """  # noqa: S608 - our own names
    return bool(next(plain(db, query, {"events": since.events, "entries": since.entries}))[0])


def _first(db: Database, query: str, key: int) -> tuple[object, ...]:
    row = db.execute(query, [key]).fetchone()
    return tuple(row) if row else ()


def _ids(db: Database, query: str, values: dict[str, str]) -> Iterator[int]:
    return (row[0] for row in plain(db, query, values) if row[0] is not None)
