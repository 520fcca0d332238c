"""Whether the registry is what it should be, by SQLite's own checks and against the schema of this version."""

import functools
import sqlite3
from collections.abc import Iterator, Mapping

from sqlite_utils import Database

from yiyu.registry.store.schema import migrations

_ACTING = frozenset({"trigger", "view"})
_KIND = {"table": "表", "index": "索引", "trigger": "触发器", "view": "视图"}


def database_faults(db: Database) -> Iterator[str]:
    """Each finding of SQLite's full integrity check and of its check of references, in its own words."""
    try:
        yield from (str(row[0]) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok")
        for row in db.execute("PRAGMA foreign_key_check"):
            yield f"{row[0]} 第 {row[1]} 行指向不存在的 {row[2]}"
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        yield str(error)


def schema_faults(db: Database, *, only_acting: bool = False) -> Iterator[str]:
    """Tables, indexes, triggers and views that differ from what the migrations made, as many as the registry has had.

    ``only_acting`` leaves out a table or index too many, which does nothing to what we write.

    The version number may lag behind: it is written after the last migration, and a run may end between the two.
    """
    every = [one.name for one in migrations._migrations]  # noqa: SLF001 - sqlite-utils lists them only against a database
    had = [one.name for one in migrations.applied(db)]
    if had != every[: len(had)] or int(db.execute("PRAGMA user_version").fetchone()[0]) > len(had):
        yield f"升级记录不完整（有 {len(had)} 次）"
        return
    expected, found = _made_by(*had), _schema(db)
    for kind, name in sorted(expected.keys() | found.keys()):
        if expected.get((kind, name)) != found.get((kind, name)):
            missing, extra = (kind, name) not in found, (kind, name) not in expected
            if only_acting and extra and kind not in _ACTING:
                continue
            what = "缺少" if missing else "多出" if extra else "被改过："
            yield f"{what}{_KIND.get(kind, kind)} {name}"


def version_faults(db: Database) -> Iterator[tuple[str, str, int]]:
    """Agreement number, kind and version of each document whose version before it was never recorded."""
    yield from db.execute(
        """SELECT a.number, d.kind, d.version FROM documents d JOIN agreements a ON a.id = d.agreement_id
        WHERE d.version > 1 AND NOT EXISTS (
            SELECT 1 FROM documents e
            WHERE e.agreement_id = d.agreement_id AND e.kind = d.kind AND e.version = d.version - 1)
        ORDER BY 1, 2, 3"""
    )


def keeps_a_log(db: Database) -> bool:
    """Whether another program set the registry to write into a -wal file beside it first; ours never does."""
    return str(db.execute("PRAGMA journal_mode").fetchone()[0]) == "wal"


def event_count(db: Database) -> int:
    return int(db.execute("SELECT count(*) FROM events").fetchone()[0])


@functools.cache
def _made_by(*names: str) -> Mapping[tuple[str, str], str]:
    """The schema these migrations make, the first ones of all; made once, as each command that writes asks for it."""
    every = [one.name for one in migrations._migrations]  # noqa: SLF001 - as above
    fresh = Database(memory=True)
    try:
        migrations.apply(fresh, stop_before=every[len(names) :])
        return _schema(fresh)
    finally:
        fresh.close()


def _schema(db: Database) -> dict[tuple[str, str], str]:
    rows = db.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT GLOB 'sqlite_*'")
    return {(kind, name): sql for kind, name, sql in rows}
