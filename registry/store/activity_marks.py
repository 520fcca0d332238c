"""What the activities of a large office lack or found, without making every one of them whole."""

import datetime as dt
from collections.abc import Iterator

from sqlite_utils import Database

Mark = tuple[str, str, str, str, str, str]
"""Number, day, form of an activity; its kinds of evidence, its items, ids of its agreements, each joined with commas."""

_HELD = "on_date BETWEEN :first AND :last AND (voided_on IS NULL OR voided_on > :last)"


def evidence_marks(db: Database, first: dt.date, last: dt.date) -> Iterator[Mark]:
    """Activities from ``first`` to ``last`` that count as of ``last``, in the order they were recorded.

    Read row after row: in the order of days each would be looked up at another place of four tables.
    """
    query = f"""
        SELECT number, on_date, form,
               coalesce((SELECT group_concat(kind) FROM activity_evidence WHERE activity_id = id), ''),
               coalesce((SELECT group_concat(item) FROM activity_items WHERE activity_id = id), ''),
               coalesce((SELECT group_concat(agreement_id) FROM activity_agreements WHERE activity_id = id), '')
        FROM activities NOT INDEXED WHERE {_HELD}
    """  # noqa: S608 - our own text
    cursor = db.conn.cursor()
    cursor.row_factory = None
    yield from cursor.execute(query, {"first": str(first), "last": str(last)})


def with_findings(db: Database, last: dt.date) -> list[int]:
    """Ids of the activities up to ``last`` that count as of that day and found something."""
    query = f"SELECT id FROM activities WHERE {_HELD} AND id IN (SELECT activity_id FROM findings)"  # noqa: S608 - our own text
    return [row[0] for row in db.execute(query, {"first": str(dt.date.min), "last": str(last)})]
