"""What the activities of a large office lack or found, without making every one of them whole."""

import datetime as dt
import itertools
from collections.abc import Collection, Iterator
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from yiyu.registry.rules.activities import RAISED, Finding
from yiyu.registry.store.bulk import day_of, plain

Mark = tuple[str, str, str, str]
"""Form of some activities; their kinds of evidence, their items, and their ids, each joined with commas."""
Served = tuple[str, str, str]
"""Number and day of an activity, ids of its agreements joined with commas."""


class StoredFinding(NamedTuple):
    """What an activity found, the numbers of the agreements it served, or the ids of who it was done for without one."""

    number: str
    on: dt.date
    agreements: tuple[str, ...]
    institutions: tuple[int, ...]
    findings: tuple[Finding, ...]


_HELD = "on_date BETWEEN :first AND :last AND voided_on IS NULL"


def evidence_marks(db: Database, first: dt.date, last: dt.date) -> Iterator[Mark]:
    """Activities from ``first`` to ``last``, void ones left out; those that are alike in one row.

    Read row after row: in the order of days each would be looked up at another place of three tables.
    """
    query = f"""
        SELECT form, kinds, items, group_concat(id) FROM (
            SELECT id, form,
                   coalesce((SELECT group_concat(kind) FROM activity_evidence WHERE activity_id = id), '') AS kinds,
                   coalesce((SELECT group_concat(item) FROM activity_items WHERE activity_id = id), '') AS items
            FROM activities NOT INDEXED WHERE {_HELD}
        ) GROUP BY form, kinds, items
    """  # noqa: S608 - our own text
    yield from plain(db, query, {"first": str(first), "last": str(last)})


def served_by(db: Database, ids: str) -> Iterator[Served]:
    """The activities of ``ids``, as :data:`Mark` has them."""
    query = """
        SELECT number, on_date,
               coalesce((SELECT group_concat(agreement_id) FROM activity_agreements WHERE activity_id = id), '')
        FROM activities WHERE id IN (SELECT value FROM json_each(:ids))
    """
    yield from plain(db, query, {"ids": f"[{ids}]"})


def newest_activities(
    db: Database, most: int, *, agreement_ids: Collection[int] | None = None, actor: str | None = None
) -> list[int]:
    """Ids of the last so many activities by day, under any of these agreements or recorded by somebody; not void ones."""
    conditions = ["voided_on IS NULL"]
    if agreement_ids is not None:
        conditions.append(
            "id IN (SELECT activity_id FROM activity_agreements WHERE agreement_id IN (SELECT value FROM json_each(:ids)))"
        )
    if actor is not None:
        conditions.append("actor = :actor")
    query = f"SELECT id FROM activities WHERE {' AND '.join(conditions)} ORDER BY on_date DESC, id DESC LIMIT :most"  # noqa: S608 - our own text
    values = {"ids": msgspec.json.encode(sorted(agreement_ids or ())).decode(), "actor": actor, "most": most}
    return [row[0] for row in db.execute(query, values)]


def found_by(db: Database, last: dt.date) -> list[StoredFinding]:
    """The activities up to ``last`` that found something, oldest first: without void ones, and without problems that

    institutions raised themselves, which nobody owes to put right.
    From each finding to its activity: by themselves the activities of all years would be looked through.
    """
    query = f"""
        SELECT number, on_date, (
                   SELECT json_group_array(number) FROM (
                       SELECT a.number FROM activity_agreements JOIN agreements a ON a.id = agreement_id
                       WHERE activity_id = activities.id ORDER BY a.number)),
               institutions,
               problem, demand, due_on, rechecked_on, outcome, findings.id
        FROM findings CROSS JOIN activities ON activities.id = activity_id
        WHERE {_HELD} AND form <> '{RAISED}' ORDER BY on_date, number, findings.id
    """  # noqa: S608 - our own text
    rows = plain(db, query, {"first": str(dt.date.min), "last": str(last)})
    return [
        StoredFinding(
            number,
            day_of(on),
            tuple(msgspec.json.decode(agreements)),
            tuple(msgspec.json.decode(institutions)),
            tuple(_finding(*row[4:]) for row in same),
        )
        for (number, on, agreements, institutions), same in itertools.groupby(rows, key=lambda row: row[:4])
    ]


def _finding(
    problem: str, demand: str, due_on: str | None, rechecked_on: str | None, outcome: str, key: int
) -> Finding:
    return Finding(
        problem,
        demand,
        day_of(due_on) if due_on else None,
        day_of(rechecked_on) if rechecked_on else None,
        outcome,
        key,
    )
