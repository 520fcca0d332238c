"""Hundreds of thousands of rows at a time."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from functools import lru_cache

from sqlite_utils import Database


def plain(db: Database, query: str, values: Mapping[str, str]) -> sqlite3.Cursor:
    """Run with plain tuples: naming the columns of so many rows takes as long as reading them."""
    cursor = db.conn.cursor()
    cursor.row_factory = None
    return cursor.execute(query, values)


day_of = lru_cache(maxsize=4096)(dt.date.fromisoformat)
"""A few thousand days recur in hundreds of thousands of rows."""
