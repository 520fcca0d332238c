"""What the activities of a large office lack or found, without making every one of them whole."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from sqlite_utils import Database


class Mark(NamedTuple):
    """One activity, as far as its evidence can be judged by: kinds, items and agreements (ids) are joined with commas."""

    number: str
    on: str
    form: str
    kinds: str
    items: str
    agreements: str


_HELD = "on_date BETWEEN :first AND :last AND (voided_on IS NULL OR voided_on > :last)"


def evidence_marks(db: Database, first: dt.date, last: dt.date) -> Iterator[Mark]:
    """Activities from ``first`` to ``last`` that count as of ``last``, oldest first."""
    query = f"""
        SELECT number, on_date, form,
               (SELECT group_concat(kind) FROM activity_evidence WHERE activity_id = id),
               (SELECT group_concat(item) FROM activity_items WHERE activity_id = id),
               (SELECT group_concat(agreement_id) FROM activity_agreements WHERE activity_id = id)
        FROM activities WHERE {_HELD} ORDER BY on_date, number
    """  # noqa: S608 - our own text
    cursor = db.conn.cursor()
    cursor.row_factory = None
    for number, on, form, kinds, items, agreements in cursor.execute(query, {"first": str(first), "last": str(last)}):
        yield Mark(number, on, form, kinds or "", items or "", agreements or "")


def with_findings(db: Database, first: dt.date, last: dt.date) -> list[int]:
    """Ids of the activities from ``first`` to ``last`` that count as of ``last`` and found something."""
    query = f"SELECT id FROM activities WHERE {_HELD} AND id IN (SELECT activity_id FROM findings)"  # noqa: S608 - our own text
    return [row[0] for row in db.execute(query, {"first": str(first), "last": str(last)})]
