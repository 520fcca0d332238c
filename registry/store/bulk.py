"""Reading hundreds of thousands of rows: plain tuples, known days, the garbage collector paused."""

import contextlib
import datetime as dt
import gc
import sqlite3
from collections.abc import Iterator, Mapping
from functools import lru_cache

from sqlite_utils import Database


def plain(db: Database, query: str, values: Mapping[str, str | int]) -> sqlite3.Cursor:
    """Run with plain tuples: naming the columns of so many rows takes as long as reading them."""
    cursor = db.conn.cursor()
    cursor.row_factory = None
    return cursor.execute(query, values)


day_of = lru_cache(maxsize=4096)(dt.date.fromisoformat)
"""A few thousand days recur in hundreds of thousands of rows."""


@contextlib.contextmanager
def gc_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector while large row lists are built: it finds nothing in them."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
