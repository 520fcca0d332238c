"""A copy of the registry that is proven before it counts: what it holds, whether it is sound, and which files it names."""

import contextlib
import errno
import itertools
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlite_utils import Database

from yiyu.registry.errors import RegistryFault
from yiyu.registry.store.driver import connected
from yiyu.registry.store.events import broken_links
from yiyu.registry.store.institutions import projection_faults
from yiyu.registry.store.integrity import database_faults, schema_faults
from yiyu.registry.store.issued_reports import issued_faults
from yiyu.registry.store.item_lists import list_faults
from yiyu.registry.store.row_changes import broken_seals, head, row_differences
from yiyu.registry.store.schema import APPLICATION_ID, migrations
from yiyu.registry.store.snapshots import snapshot_faults

_NAMING = ("documents", "incoming", "bound_scans", "activity_evidence", "issued_reports", "office_packages")
"""Tables whose rows name a file by ``path`` and ``sha256``."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What two copies of one registry have in common.

    ``schema``: how many migrations it has had. ``tables``: rows of each. ``last_hash``: hash of the newest event, "" of none.

    ``head``: how far the chain has come, "" where the registry is of a yiyu that knew of none.
    """

    schema: int
    tables: dict[str, int]
    last_hash: str
    head: str = ""


def copy_registry(db: Database, target: Path) -> Contents:
    """Copy what the registry holds at one moment to ``target``, empty or new, and prove the copy.

    A full disk leaves a 0-byte file that opens as an empty, "ok" database (design.md#files): so tables and rows are counted.
    Raises OSError where ``target`` cannot be written, RegistryFault where the registry itself is not sound.
    """
    db.execute("BEGIN")
    try:
        held = contents(db)
        _write(db, target)
    finally:
        db.execute("ROLLBACK")
    if look_into(target) != held:
        raise OSError(errno.EIO, "读回与登记库不一致，这个磁盘可能有问题")
    return held


def look_into(path: Path) -> Contents:
    """Check a registry that nobody has open, without touching it: settings, tables, references, every event.

    Raises RegistryFault naming the first thing wrong: not ours, made by a newer yiyu, damaged, altered.
    """
    with at_rest(path) as db:
        return proven(db, path)


def proven(db: Database, path: Path) -> Contents:
    """The checks of :func:`look_into` on a registry that is open. Raises RegistryFault naming the first thing wrong."""
    found = contents(db)
    if _pragma(db, "application_id") != APPLICATION_ID:
        raise RegistryFault("这个文件不是 yiyu 的登记库", where=str(path), remedy="请检查文件是否选对")
    if found.schema > newest_schema():
        raise RegistryFault("由更新版本的 yiyu 建立", where=str(path), remedy="请先升级 yiyu（pip install -U yiyu）")
    if fault := next(itertools.chain(database_faults(db), schema_faults(db)), None):
        raise RegistryFault(f"登记库已损坏：{fault}", where=str(path), remedy="请改用另一份备份")
    if (key := next(broken_links(db), None)) is not None:
        raise RegistryFault(f"登记库从第 {key} 号记录起被改动过", where=str(path), remedy="请改用另一份备份")
    return found


def contents(db: Database) -> Contents:
    """Count what is there. Call inside a transaction where others may write."""
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
    tables = {name: int(db.execute(f"SELECT count(*) FROM [{name}]").fetchone()[0]) for name in names}  # noqa: S608 - from the schema
    last = db.execute("SELECT hash FROM events ORDER BY id DESC LIMIT 1").fetchone() if "events" in tables else None
    schema = max(_pragma(db, "user_version"), len(migrations.applied(db)))
    shown = str(head(db)) if "chain_links" in tables else ""
    return Contents(schema, tables, str(last[0]) if last else "", shown)


def facts_as_recorded(path: Path) -> bool:
    """Whether what a registry at rest holds follows from its events; one of an older yiyu was proven when it was made."""
    with at_rest(path) as db:
        if _pragma(db, "user_version") != newest_schema():
            return True
        judges = (broken_seals, row_differences, projection_faults, issued_faults, list_faults, snapshot_faults)
        return not any(next(iter(judge(db)), None) for judge in judges)


def holds_event(path: Path, digest: str) -> bool:
    """:func:`knows_event` of a registry at rest."""
    with at_rest(path) as db:
        return knows_event(db, digest)


def events_since(db: Database, digest: str) -> int | None:
    """How many events were recorded after the one with this hash; None where it is not in the chain, or none can be read."""
    try:
        row = db.execute("SELECT id FROM events WHERE hash = ?", [digest]).fetchone()
        return row and int(db.execute("SELECT count(*) FROM events WHERE id > ?", [row[0]]).fetchone()[0])
    except (sqlite3.DatabaseError, UnicodeDecodeError):
        return None


def knows_event(db: Database, digest: str) -> bool:
    """Whether an event with this hash is in the chain: whatever ended in it, this registry holds as well."""
    return db.execute("SELECT 1 FROM events WHERE hash = ?", [digest]).fetchone() is not None


def files_named(path: Path) -> dict[str, str]:
    """SHA-256 of every file that a registry of any age names, by its path from the workspace."""
    with at_rest(path) as db:
        there = set(db.table_names())
        queries = [f"SELECT path, sha256 FROM {name}" for name in _NAMING if name in there]  # noqa: S608 - our own names
        return {row[0]: row[1] for query in queries for row in db.execute(query)}


def newest_schema() -> int:
    """How many migrations this version of yiyu knows."""
    return len(migrations._migrations)  # noqa: SLF001 - sqlite-utils offers no public count of a set


def _write(db: Database, target: Path) -> None:
    with connected(target, "rwc", like=db.conn) as copy, failing_as_files_do():
        # No journal beside it, and no sync: it is thrown away if it breaks, and synced before it takes its name.
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        db.conn.backup(copy)


@contextlib.contextmanager
def failing_as_files_do() -> Iterator[None]:
    """Raise OSError where SQLite cannot write a file in the making: for ``replacing`` to say."""
    try:
        yield
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        raise OSError(errno.ENOSPC if full else errno.EIO, "写不进去，可能超出限额或磁盘有问题") from error


@contextlib.contextmanager
def at_rest(path: Path) -> Iterator[Database]:
    """Open a registry that nobody has open, without a lock or a journal. Raises RegistryFault where it is none."""
    try:
        with connected(path, "ro&immutable=1") as connection:
            yield Database(connection)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise RegistryFault("文件已损坏或不是登记库", where=str(path), remedy="请改用另一份备份") from error


def _pragma(db: Database, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])
