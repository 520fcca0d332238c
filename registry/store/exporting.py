"""The facts of a registry as lines of JSON, table by table: with people, or without."""

import base64
import contextlib
import itertools
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from yiyu.registry.rules.chain import EMPTY
from yiyu.registry.rules.phones import without_telephones
from yiyu.registry.rules.withheld import (
    event_without_people,
    note_without_people,
    people_in,
    person_tokens,
    without_people,
)
from yiyu.registry.store.bulk import plain
from yiyu.registry.store.exported import EXPORTED, UNTOLD_KINDS, Exported, Treatment
from yiyu.registry.store.row_changes import head
from yiyu.registry.store.schema import migrations

_AT_ONCE = 2000
"""Lines given at a time."""
_PERSON_FACT = "legal_person"
_Row = tuple[Any, ...]
_Change = Callable[[_Row], Any]
"""The value of one column, from the row as it stands."""


class ChainPosition(NamedTuple):
    """How far a registry has come. ``changes``: how often anything was written; ``head`` as it is printed."""

    events: int
    changes: int
    last_hash: str
    head: str


@contextlib.contextmanager
def at_one_moment(db: Database) -> Iterator[None]:
    """All that is read meanwhile is of one moment, whatever a colleague writes."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def position(db: Database) -> ChainPosition:
    last = db.execute("SELECT id, hash FROM events ORDER BY id DESC LIMIT 1").fetchone()
    changes = db.execute("SELECT coalesce(max(id), 0) FROM chain_links").fetchone()[0]
    return ChainPosition(last[0] if last else 0, changes, last[1] if last else "", str(head(db) or EMPTY))


def schema_of(db: Database) -> tuple[int, str]:
    """How many migrations a registry has had, and the name of the last."""
    applied = migrations.applied(db)
    return len(applied), applied[-1].name


def people_tokens(db: Database) -> dict[str, str]:
    """A token for everybody who served, by name."""
    names = {row[0] for row in plain(db, "SELECT DISTINCT name FROM activity_people", {})}
    edited = "SELECT data FROM events WHERE kind = 'activity_edited' AND data LIKE '%activity_people%'"
    for (data,) in plain(db, edited, {}):
        names.update(people_in(msgspec.json.decode(data)))
    return person_tokens(names)


def exported_lines(db: Database, table: str, tokens: Mapping[str, str] | None) -> Iterator[bytes]:
    """A table as JSON lines, its columns first; ``tokens``: people by name, None where all travels as it is."""
    one = EXPORTED[table]
    shown = ", ".join(f"[{name}]" for name in one.columns)
    query = f"SELECT {shown} FROM main.[{table}] WHERE {one.rows} ORDER BY rowid"  # noqa: S608 - our own names
    changes = _changes(db, table, one, tokens)
    yield msgspec.json.encode(list(one.columns)) + b"\n"
    rows = plain(db, query, {})
    while batch := rows.fetchmany(_AT_ONCE):
        told = (_changed(row, changes) for row in batch) if changes else batch
        yield b"".join(itertools.chain.from_iterable((msgspec.json.encode(row), b"\n") for row in told))


def _changed(row: _Row, changes: Mapping[int, _Change]) -> list[Any]:
    values = list(row)
    for at, change in changes.items():
        values[at] = change(row)
    return values


def _changes(db: Database, table: str, one: Exported, tokens: Mapping[str, str] | None) -> dict[int, _Change]:
    """What becomes of columns, by their place."""
    names = list(one.columns)
    found: dict[int, _Change] = {}
    if tokens is not None and table == "events":
        kind, data, note = (names.index(name) for name in ("kind", "data", "note"))
        found = {
            names.index("actor"): lambda _row: "",
            note: lambda row: "" if row[kind] in UNTOLD_KINDS else note_without_people(row[kind], row[note]),
            data: lambda row: _event_data(row[kind], row[data], tokens),
        }
    elif tokens is not None:
        fact = names.index("fact") if "fact" in names else 0
        treated = ((at, one.columns[name]) for at, name in enumerate(names))
        found = {at: _treated(at, how, fact, tokens) for at, how in treated if how is not Treatment.AS_IS}
    blobs = [row[1] for row in db.execute(f"PRAGMA table_info([{table}])") if row[2] == "BLOB"]
    for at in (names.index(name) for name in blobs):
        found[at] = _as_text(at, found.get(at))
    return found


def _treated(at: int, treatment: Treatment, fact: int, tokens: Mapping[str, str]) -> _Change:
    ways: dict[Treatment, _Change] = {
        Treatment.BLANK: lambda _row: "",
        Treatment.NONE: lambda _row: "{}",
        Treatment.TEXT: lambda row: without_telephones(row[at]),
        Treatment.PERSON: lambda row: tokens.get(row[at], ""),
        Treatment.FACT: lambda row: "" if row[fact] == _PERSON_FACT and row[at] else row[at],
        Treatment.SNAPSHOT: lambda row: _json(without_people(msgspec.json.decode(row[at]), tokens)),
        Treatment.FROZEN: lambda row: _masked(row[at], tokens),
    }
    return ways[treatment]


def _event_data(kind: str, data: str, tokens: Mapping[str, str]) -> str:
    if data == "{}" or kind in UNTOLD_KINDS:
        return "{}"
    return _json(event_without_people(kind, msgspec.json.decode(data), tokens))


def _masked(frozen: bytes, tokens: Mapping[str, str]) -> bytes:
    return zlib.compress(msgspec.json.encode(without_people(msgspec.json.decode(zlib.decompress(frozen)), tokens)))


def _as_text(at: int, change: _Change | None) -> _Change:
    return lambda row: base64.b64encode(change(row) if change else row[at]).decode()


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
