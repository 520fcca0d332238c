"""What SQLite itself says of the registry."""

from collections.abc import Iterator

from sqlite_utils import Database


def database_faults(db: Database) -> Iterator[str]:
    """Each finding of SQLite's full integrity check and of its check of references, in its own words."""
    yield from (str(row[0]) for row in db.execute("PRAGMA integrity_check") if row[0] != "ok")
    for row in db.execute("PRAGMA foreign_key_check"):
        yield f"{row[0]} 第 {row[1]} 行指向不存在的 {row[2]}"
