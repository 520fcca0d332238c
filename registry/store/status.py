"""How a registry is, asked from outside: without waiting, without bringing it up to date, whatever state it is in."""

import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from yiyu.registry.errors import RegistryFault
from yiyu.registry.store.copying import newest_schema
from yiyu.registry.store.driver import connected
from yiyu.registry.store.schema import APPLICATION_ID

_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
"""First bytes of a journal that holds something to take back (sqlite.org/fileformat2.html, section 3).

One whose head is zero is inert: whoever wrote had finished. Nothing is lost with it, and nothing is to be mended.
"""


class RegistryState(StrEnum):
    SOUND = "sound"
    MISSING = "missing"
    FOREIGN = "foreign"
    NEWER = "newer"
    OLDER = "older"
    DAMAGED = "damaged"
    LOCKED = "locked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class RegistryStatus:
    """``locked``: someone is writing just now. ``interrupted``: a run was killed while it wrote.

    ``institutions`` is 0 and ``newest``, the time the last event was recorded, "" where they cannot be read.
    ``closed``: why an encrypted one does not open.
    """

    state: RegistryState
    schema: int = 0
    known: int = 0
    locked: bool = False
    interrupted: bool = False
    institutions: int = 0
    newest: str = ""
    closed: RegistryFault | None = None


def condition(path: Path) -> RegistryStatus:
    """Look at the registry. A journal a killed run left is taken back by SQLite itself, as at any opening."""
    if not path.is_file():
        return RegistryStatus(RegistryState.MISSING)
    journal = has_hot_journal(path)
    try:
        locked = _is_locked(path)
        with connected(path, "ro", timeout=0) as db:
            if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                return RegistryStatus(RegistryState.FOREIGN)
            sound = db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
            schema, known = int(db.execute("PRAGMA user_version").fetchone()[0]), newest_schema()
            institutions = int(db.execute("SELECT count(*) FROM institutions").fetchone()[0])
            last = db.execute("SELECT recorded_at FROM events ORDER BY id DESC LIMIT 1").fetchone()
    except RegistryFault as fault:
        return RegistryStatus(RegistryState.CLOSED, closed=fault)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        busy = getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
        return RegistryStatus(RegistryState.LOCKED if busy else RegistryState.DAMAGED, locked=busy)
    age = RegistryState.NEWER if schema > known else RegistryState.OLDER if schema < known else RegistryState.SOUND
    return RegistryStatus(
        age if sound else RegistryState.DAMAGED,
        schema,
        known,
        locked,
        journal and not locked,
        institutions,
        last[0] if last else "",
    )


def has_hot_journal(path: Path) -> bool:
    """Whether a write was begun that is not finished: one under way, or one that opening will take back."""
    beside = path.with_name(f"{path.name}-journal")
    try:
        with beside.open("rb") as stream:
            return stream.read(len(_JOURNAL_MAGIC)) == _JOURNAL_MAGIC
    except OSError:
        return False


def _is_locked(path: Path) -> bool:
    """Whether someone else holds the right to write; not to be told where we may not write ourselves."""
    try:
        with connected(path, "rw", timeout=0) as db:
            db.execute("BEGIN IMMEDIATE")
            db.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
    return False
