"""The registry as it was known at the end of a day, so that a list of then can be printed again.

Two times stand beside everything: the day it concerns (``on_date``, ``valid_from`` …) and the moment it was recorded.
Every reader asks by the first and uses all that is known. While :func:`as_known_on` lasts, tables are covered by views
of the same name that hold what had been recorded by then; no reader knows of it, and nothing can be written.
"""

import contextlib
import datetime as dt
from collections.abc import Collection, Iterator

from sqlite_utils import Database

from yiyu.registry.store.activity_moments import edited_later, former_rows, former_value
from yiyu.registry.store.institution_merging import holders_known
from yiyu.registry.store.institutions import institutions_known

_MADE = {
    "documents": "made_at",
    "archive_items": "numbered_at",
    "scans": "placed_at",
    "incoming": "received_at",
    "office_packages": "received_at",
}
"""Tables whose moment of recording has a name of its own; those of any other table that has one is ``recorded_at``."""
_SINCE = """id IN (
    SELECT json_extract(data, '$.finding') FROM main.events
    WHERE kind = 'rechecked' AND json_extract(data, '$.closed') AND substr(recorded_at, 1, 10) > '{day}')"""
"""The findings closed by a 复查 that was recorded later."""
_HELD = "coalesce((SELECT whose FROM temp.then_holders WHERE place = {place}), institution_id)"
_LATER = {
    # An activity is voided on the day it is recorded as void.
    ("activities", "voided_on"): "CASE WHEN voided_on <= '{day}' THEN voided_on END",
    ("findings", "rechecked_on"): f"CASE WHEN NOT {_SINCE} THEN rechecked_on END",
    ("institution_facts", "struck_at"): "CASE WHEN substr(struck_at, 1, 10) <= '{day}' THEN struck_at END",
    ("parties", "snapshot"): """coalesce((
        SELECT f.snapshot FROM main.former_parties f
        WHERE f.agreement_id = a.agreement_id AND f.role = a.role AND substr(f.replaced_at, 1, 10) > '{day}'
        ORDER BY f.id LIMIT 1), snapshot)""",
    ("parties", "institution_id"): _HELD.format(place="agreement_id || role"),
    ("assessments", "institution_id"): _HELD.format(place="'' || id"),
}
"""Columns that are filled in or moved later, with what they said by then."""


@contextlib.contextmanager
def as_known_on(db: Database, day: dt.date | None) -> Iterator[None]:
    """Let every reader of ``db`` see what had been recorded by the end of ``day``; None: all of it.

    The day of recording is that of the office's own clock, as it was written down.
    """
    if day is None:
        yield
        return
    _keep_then(db, day)
    edited = edited_later(db, day)
    views = [(table, query) for table in _tables(db) if (query := _known(db, table, day, edited))]
    for table, query in views:
        db.execute(f'CREATE TEMP VIEW "{table}" AS {query}')
    try:
        yield
    finally:
        for table, _ in views:
            db.execute(f'DROP VIEW temp."{table}"')
        for table in ("then_institutions", "then_holders"):
            db.execute(f"DROP TABLE temp.{table}")


def _keep_then(db: Database, day: dt.date) -> None:
    """What institutions changed since were, and whose parties and assessments were: their tables hold the last only."""
    db.execute("CREATE TEMP TABLE then_institutions AS SELECT * FROM main.institutions WHERE 0")
    db.execute("CREATE TEMP TABLE then_holders (place TEXT PRIMARY KEY, whose INTEGER)")
    marks = ", ".join(f":{name}" for name in _columns(db, "institutions"))
    db.conn.executemany(f"INSERT INTO then_institutions VALUES ({marks})", institutions_known(db, day))  # noqa: S608 - our own columns
    db.conn.executemany("INSERT INTO then_holders VALUES (?, ?)", holders_known(db, day).items())


def _tables(db: Database) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table' ORDER BY name")]


def _columns(db: Database, table: str) -> list[str]:
    return [row[1] for row in db.execute(f'PRAGMA main.table_info("{table}")')]


def _known(db: Database, table: str, day: dt.date, edited: Collection[str]) -> str:
    """What of ``table`` was known; "" where its rows have no moment of their own and nothing is filled in later.

    ``edited``: see :func:`edited_later`.
    """
    columns = _columns(db, table)
    if table == "institutions":
        shown = ", ".join(columns)
        return f"""SELECT {shown} FROM main.institutions WHERE id NOT IN (SELECT id FROM temp.then_institutions)
            UNION ALL SELECT {shown} FROM temp.then_institutions"""  # noqa: S608 - our own columns
    if table in edited:
        return former_rows(table, columns, day)
    moment = _MADE.get(table, "recorded_at" if "recorded_at" in columns else "")
    later = {column: value.format(day=day) for (of, column), value in _LATER.items() if of == table}
    if table == "activities":
        later |= {name: former_value(name, day) for name in columns if name in edited}
    if not moment and not later:
        return ""
    shown = ", ".join(f"{later.get(name, name)} AS {name}" for name in columns)
    condition = f"substr({moment}, 1, 10) <= '{day}'" if moment else "1"
    return f'SELECT {shown} FROM main."{table}" AS a WHERE {condition}'  # noqa: S608 - our own names and a date
