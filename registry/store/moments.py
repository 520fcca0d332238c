"""The registry as it was known at the end of a day, so that a list of then can be printed again.

Two times stand beside everything: the day it concerns (``on_date``, ``valid_from`` …) and the moment it was recorded.
Every reader asks by the first and uses all that is known. While :func:`as_known_on` lasts, tables are covered by views
of the same name that hold what had been recorded by then; no reader knows of it, and nothing can be written.
"""

import contextlib
import datetime as dt
from collections.abc import Iterator

from sqlite_utils import Database

_MADE = {"documents": "made_at", "archive_items": "numbered_at", "scans": "placed_at", "incoming": "received_at"}
"""Tables whose moment of recording has a name of its own; those of any other table that has one is ``recorded_at``."""
_SINCE = """id IN (
    SELECT json_extract(data, '$.finding') FROM main.events
    WHERE kind = 'rechecked' AND json_extract(data, '$.closed') AND substr(recorded_at, 1, 10) > '{day}')"""
"""The findings closed by a 复查 that was recorded later."""
_MERGED = """id IN (
    SELECT institution_id FROM main.events WHERE kind = 'institution_merged'
    AND json_extract(data, '$.merged_into') IS NOT NULL AND substr(recorded_at, 1, 10) > '{day}')"""
"""The institutions merged into another later."""
_LATER = {
    ("activities", "voided_on"): "voided_on > '{day}'",  # an activity is voided on the day it is recorded as void
    ("findings", "rechecked_on"): _SINCE,
    ("institution_facts", "struck_at"): "substr(struck_at, 1, 10) > '{day}'",
    ("institutions", "merged_into"): _MERGED,
}
"""Columns that are filled in later, with what says that this was not known yet."""


@contextlib.contextmanager
def as_known_on(db: Database, day: dt.date | None) -> Iterator[None]:
    """Let every reader of ``db`` see what had been recorded by the end of ``day``; None: all of it.

    The day of recording is that of the office's own clock, as it was written down.
    """
    covered = [] if day is None else [(table, _known(db, table, day)) for table in _tables(db)]
    views = [(table, query) for table, query in covered if query]
    for table, query in views:
        db.execute(f'CREATE TEMP VIEW "{table}" AS {query}')
    try:
        yield
    finally:
        for table, _ in views:
            db.execute(f'DROP VIEW temp."{table}"')


def _tables(db: Database) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")]


def _known(db: Database, table: str, day: dt.date) -> str:
    """What of ``table`` was known; "" where its rows have no moment of their own and nothing is filled in later."""
    columns = [row[1] for row in db.execute(f'PRAGMA main.table_info("{table}")')]
    moment = _MADE.get(table, "recorded_at" if "recorded_at" in columns else "")
    later = {column: test.format(day=day) for (of, column), test in _LATER.items() if of == table}
    if not moment and not later:
        return ""
    shown = [f'CASE WHEN {later[c]} THEN NULL ELSE "{c}" END AS "{c}"' if c in later else f'"{c}"' for c in columns]
    condition = f"substr({moment}, 1, 10) <= '{day}'" if moment else "1"
    return f'SELECT {", ".join(shown)} FROM main."{table}" WHERE {condition}'  # noqa: S608 - our own names and a date
