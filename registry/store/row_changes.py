"""Every row that a change touches enters the chain: triggers note it, and its content is hashed as the change ends.

What the events tell of themselves is not told twice: institutions and their facts are rebuilt from events (``check``).
联系人 and 电话 stay out, for a digest would let them be guessed after they were erased.
"""

import hashlib
import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from yiyu.registry.rules.chain import EMPTY, Head, head_of, link
from yiyu.registry.store.bulk import plain

_UNTOLD = frozenset(
    {
        "events", "chain_links", "row_changes", "_sqlite_migrations",
        "institutions", "institution_facts", "event_contacts",
    }
)  # fmt: skip
_WITHOUT_CONTACTS = "json_remove({0}snapshot, '$.contact', '$.phone')"
_DIGEST_SIZE = 16
GONE = b""
"""The digest of a row that was deleted."""


class RowDifference(NamedTuple):
    """A row whose content is not what its last entry says. ``recorded``: None without an entry; ``stands``: as it is now."""

    table: str
    key: str
    recorded: bytes | None
    stands: bytes


@dataclass(frozen=True, slots=True)
class _Told:
    """A table whose rows enter the chain; ``keys``: columns of its primary key."""

    name: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]

    def key(self, of: str = "") -> str:
        """SQL of what names a row, whatever its rowid: the file may be written anew."""
        names = [f"{of}[{name}]" for name in self.keys]
        return f"CAST({names[0]} AS TEXT)" if len(names) == 1 else f"json_array({', '.join(names)})"

    def selected(self, rows: str = "{}") -> str:
        """SQL of key and content; ``rows`` says of which, None of them twice."""
        private = self.name in {"parties", "former_parties"}
        shown = [
            _WITHOUT_CONTACTS.format("r.") if private and name == "snapshot" else f"r.[{name}]" for name in self.columns
        ]
        return f"SELECT {self.key('r.')}, {', '.join(shown)} FROM {rows.format(f'main.[{self.name}] AS r')}"  # noqa: S608 - from the schema

    def digests(self, found: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, bytes]]:
        start = hashlib.blake2b(msgspec.json.encode((self.name, self.columns)), digest_size=_DIGEST_SIZE)
        for key, *content in found:
            one = start.copy()
            one.update(msgspec.json.encode(content))
            yield key, one.digest()


def watch_rows(db: Database) -> None:
    """Let this connection note each row it changes, in tables of its own that nobody else sees."""
    db.execute("CREATE TEMP TABLE touched (of INTEGER, row INTEGER, PRIMARY KEY (of, row)) WITHOUT ROWID")
    db.execute("CREATE TEMP TABLE former (of INTEGER, key TEXT, PRIMARY KEY (of, key)) WITHOUT ROWID")
    for of, one in enumerate(_told(db)):
        now = f"INSERT OR IGNORE INTO touched VALUES ({of}, NEW.rowid);"  # noqa: S608 - a number
        before = f"INSERT OR IGNORE INTO former VALUES ({of}, {one.key('OLD.')});"  # noqa: S608 - from the schema
        for what, noted in (("INSERT", now), ("UPDATE", before + now), ("DELETE", before)):
            db.execute(f"CREATE TEMP TRIGGER [{one.name} {what}] AFTER {what} ON main.[{one.name}] BEGIN {noted} END")


def chain_rows(db: Database) -> None:
    """Write what the rows noted since the last time hold now, and the link that seals it; at the end of ``changing``."""
    _append(db, _noted(db))
    db.execute("DELETE FROM touched")
    db.execute("DELETE FROM former")


def chain_anew(db: Database, but: Collection[tuple[str, str]]) -> None:
    """After a migration: take the rows as it left them, but for those that others had changed before it."""
    found = (one for one in row_differences(db) if (one.table, one.key) not in but)
    _append(db, ((one.table, one.key, one.stands) for one in found))


def row_digests(db: Database) -> dict[str, dict[str, bytes]]:
    """The digest of each row as it is now, by table and key."""
    return {one.name: dict(one.digests(plain(db, one.selected(), {}))) for one in _told(db)}


def row_differences(db: Database) -> Iterator[RowDifference]:
    """Rows that differ from their last entry, have none, or are gone though their entry says otherwise."""
    last = "SELECT row_key, digest FROM row_changes WHERE table_name = :name ORDER BY id"
    for one in _told(db):
        recorded = dict(plain(db, last, {"name": one.name}))
        for key, stands in one.digests(plain(db, one.selected(), {})):
            if (was := recorded.pop(key, None)) != stands:
                yield RowDifference(one.name, key, was, stands)
        for key, was in recorded.items():
            if was != GONE:
                yield RowDifference(one.name, key, was, GONE)


def broken_seals(db: Database) -> Iterator[int]:
    """Ids of links that do not follow from the one before, from the events or from their entries; 0: something no link holds."""
    entries = itertools.groupby(
        plain(db, "SELECT link_id, table_name, row_key, digest FROM row_changes ORDER BY id", {}), lambda row: row[0]
    )
    ahead = next(entries, None)
    previous, covered = "", 0
    query = """SELECT k.id, k.events, k.last_hash, k.digest, k.previous_hash, k.hash, coalesce(e.hash, '')
        FROM chain_links k LEFT JOIN events e ON e.id = k.events ORDER BY k.id"""
    for key, events, last_hash, digest, before, own, stands in plain(db, query, {}):
        found = hashlib.sha256()
        if ahead and ahead[0] == key:
            for _, *entry in ahead[1]:
                found.update(_line(*entry))
            ahead = next(entries, None)
        sealed = link(previous, {"events": events, "last_hash": last_hash, "digest": digest})
        if (before, own, last_hash, digest) != (previous, sealed, stands, found.hexdigest()):
            yield key
        previous, covered = own, events
    if ahead or covered != _last_event(db)[0]:
        yield 0


def head(db: Database) -> Head:
    """How far this registry has come, short enough to be printed and read out."""
    row = db.execute("SELECT events, hash FROM chain_links ORDER BY id DESC LIMIT 1").fetchone()
    return head_of(*row) if row else EMPTY


def _noted(db: Database) -> Iterator[tuple[str, str, bytes]]:
    tables = {row[0] for row in plain(db, "SELECT of FROM touched UNION SELECT of FROM former", {})}
    for of, one in enumerate(_told(db)) if tables else ():
        if of not in tables:
            continue
        former = {row[0] for row in plain(db, f"SELECT key FROM former WHERE of = {of}", {})}  # noqa: S608 - a number
        rows = f"touched AS t JOIN {{}} ON r.rowid = t.row WHERE t.of = {of} ORDER BY t.row"
        for key, digest in one.digests(plain(db, one.selected(rows), {})):
            former.discard(key)
            yield one.name, key, digest
        yield from ((one.name, key, GONE) for key in sorted(former))


def _append(db: Database, entries: Iterable[tuple[str, str, bytes]]) -> None:
    row = db.execute("SELECT id, events, hash FROM chain_links ORDER BY id DESC LIMIT 1").fetchone()
    key, covered, previous = tuple(row) if row else (0, 0, "")
    events, last_hash = _last_event(db)
    digest = hashlib.sha256()

    def written() -> Iterator[tuple[int, str, str, bytes]]:
        for entry in entries:
            digest.update(_line(*entry))
            yield (key + 1, *entry)

    sql = "INSERT INTO row_changes (link_id, table_name, row_key, digest) VALUES (?, ?, ?, ?)"
    if db.conn.executemany(sql, written()).rowcount <= 0 and events == covered:
        return
    told = {"events": events, "last_hash": last_hash, "digest": digest.hexdigest()}
    db.execute(
        "INSERT INTO chain_links VALUES (?, ?, ?, ?, ?, ?)", [key + 1, *told.values(), previous, link(previous, told)]
    )


def _line(table: str, key: str, digest: bytes) -> bytes:
    return msgspec.json.encode((table, key, digest)) + b"\n"


def _last_event(db: Database) -> tuple[int, str]:
    row = db.execute("SELECT id, hash FROM events ORDER BY id DESC LIMIT 1").fetchone()
    return (row[0], row[1]) if row else (0, "")


def _told(db: Database) -> list[_Told]:
    """The tables as they are in this registry, in an order of their own."""
    query = """SELECT m.name, c.name, c.pk FROM main.sqlite_schema m JOIN pragma_table_info(m.name, 'main') c
        WHERE m.type = 'table' AND m.name NOT GLOB 'sqlite_*' ORDER BY m.name, c.cid"""
    found = []
    for name, rows in itertools.groupby(plain(db, query, {}), lambda row: row[0]):
        columns = [(column, place) for _, column, place in rows]
        keys = tuple(column for column, place in sorted(columns, key=lambda one: one[1]) if place)
        if name not in _UNTOLD:
            found.append(_Told(name, keys, tuple(column for column, _ in columns)))
    return found
