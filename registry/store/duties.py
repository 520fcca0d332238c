"""Everything duties are judged by, read in bulk: an office of 20,000 agreements is asked about in one go.

Rows are plain tuples; ``ids`` limits them to some agreements. As of a day means: what is dated up to it.
"""

import datetime as dt
import sqlite3
from collections.abc import Collection, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

import msgspec
from sqlite_utils import Database

from yiyu.registry.duties import Act, read_period
from yiyu.registry.model import Item, Kind, Variant
from yiyu.registry.store.opening import insert, within


class AgreementRow(NamedTuple):
    id: int
    number: str
    variant: Variant
    pack: str
    district: str
    starts_on: dt.date
    ends_on: dt.date


class SideRow(NamedTuple):
    """An institution as it is today but for its name, which is that of the day; facts of 备案 as learned, in order."""

    id: int
    kind: Kind
    name: str
    category: str
    district: str
    town: str
    filed: tuple[tuple[dt.date, str, str | None], ...]
    closed_on: dt.date | None
    merged: bool


def same_childcare(db: Database, ids: Collection[int]) -> set[int]:
    """The agreements with the same childcare institutions as those of ``ids``, themselves included."""
    condition, values = within("agreement_id", ids)
    query = f"""
        SELECT agreement_id FROM parties WHERE role = '乙' AND institution_id IN (
            SELECT institution_id FROM parties WHERE role = '乙' AND {condition})
    """  # noqa: S608 - our own text
    return {row[0] for row in _rows(db, query, values)}


def agreement_rows(db: Database, ids: Collection[int] | None) -> list[AgreementRow]:
    condition, values = within("id", ids)
    query = (
        f"SELECT id, number, variant, pack, district, starts_on, ends_on FROM agreements WHERE {condition} ORDER BY id"  # noqa: S608 - our own text
    )
    return [
        AgreementRow(key, number, Variant(variant), pack, district, _date(starts), _date(ends))
        for key, number, variant, pack, district, starts, ends in _rows(db, query, values)
    ]


def party_ids(db: Database, ids: Collection[int] | None) -> dict[int, dict[str, int]]:
    """Institution by role, for each agreement, 甲 first."""
    condition, values = within("agreement_id", ids)
    query = f"SELECT agreement_id, role, institution_id FROM parties WHERE {condition} ORDER BY instr('甲乙丙丁', role)"  # noqa: S608 - our own text
    found: dict[int, dict[str, int]] = {}
    for key, role, institution in _rows(db, query, values):
        found.setdefault(key, {})[role] = institution
    return found


def signing_days(db: Database, day: dt.date, ids: Collection[int] | None) -> dict[int, tuple[dt.date, int]]:
    """The last day on which a party signed, and how many did, by agreement; corrections not yet taken into account."""
    condition, values = within("agreement_id", ids)
    query = f"""
        SELECT agreement_id, max(on_date), count(DISTINCT party) FROM events
        WHERE kind = 'signed' AND on_date <= :day AND {condition} GROUP BY agreement_id
    """  # noqa: S608 - our own text
    return {key: (_date(last), parties) for key, last, parties in _rows(db, query, values | {"day": str(day)})}


def changed_since_signing(db: Database, day: dt.date, ids: Collection[int] | None) -> set[int]:
    """Agreements with an event that moves or ends the term, or takes something back: these must be replayed."""
    condition, values = within("agreement_id", ids)
    query = f"""
        SELECT DISTINCT agreement_id FROM events
        WHERE kind IN ('extended', 'supplemented', 'terminated', 'voided', 'corrected') AND on_date <= :day AND {condition}
    """  # noqa: S608 - our own text
    return {row[0] for row in _rows(db, query, values | {"day": str(day)})}


def service_lists(db: Database, ids: Collection[int] | None) -> dict[int, tuple[Item, ...]]:
    """The current list of each agreement that has one; equal lists are one object."""
    condition, values = within("agreement_id", ids)
    query = f"""
        SELECT agreement_id, group_concat(item, ',') FROM items WHERE {condition}
        GROUP BY agreement_id, list_version ORDER BY agreement_id, list_version
    """  # noqa: S608 - our own text
    return {key: _list(text) for key, text in _rows(db, query, values)}


def acts_by_agreement(db: Database, year: int, day: dt.date, ids: Collection[int] | None) -> dict[int, list[Act]]:
    """What was done in ``year``, or on a sheet made for a period of it, up to ``day``; oldest first."""
    acts = _acts(db, year, day, ids)
    sheets = _sheets(db)
    condition, values = within("agreement_id", ids)
    found: dict[int, list[Act]] = {}
    query = f"SELECT activity_id, agreement_id FROM activity_agreements WHERE {condition}"  # noqa: S608 - our own text
    for key, agreement in _rows(db, query, values):
        act = acts.get(key)
        if act is not None:
            period = sheets.get((key, agreement), "") if sheets else ""
            late = period and act.on > read_period(period).last
            found.setdefault(agreement, []).append(act._replace(late_for=period) if late else act)
    for each in found.values():
        each.sort(key=itemgetter(0, 1))
    return found


def _acts(db: Database, year: int, day: dt.date, ids: Collection[int] | None) -> dict[int, Act]:
    """By id. Its parts are read table by table: for a large office twice as fast as one joined query."""
    condition, values = within("agreement_id", ids)
    served = f"IN (SELECT activity_id FROM activity_agreements WHERE {condition})" if ids is not None else "> 0"  # noqa: S608 - our own text
    query = (
        f"SELECT activity_id, group_concat(item) FROM activity_items WHERE activity_id {served} GROUP BY activity_id"  # noqa: S608 - our own text
    )
    items: dict[int, str] = dict(_rows(db, query, values).fetchall())
    query = f"""
        SELECT id, on_date, number, form FROM activities
        WHERE id IN (
            SELECT id FROM activities WHERE on_date BETWEEN :first AND :last AND id {served}
            UNION SELECT activity_id FROM sheets WHERE substr(period, 1, 4) = :year AND activity_id {served}
        ) AND on_date <= :day AND (voided_on IS NULL OR voided_on > :day)
    """  # noqa: S608 - our own text
    span = {"first": f"{year}-01-01", "last": f"{year}-12-31", "year": str(year), "day": str(day)}
    return {
        key: Act(_date(on), number, form, _codes(items.get(key)))
        for key, on, number, form in _rows(db, query, span | values)
    }


def _sheets(db: Database) -> dict[tuple[int, int], str]:
    """The period for which the record sheet of an activity was made, by activity and agreement."""
    query = "SELECT activity_id, agreement_id, period FROM sheets WHERE activity_id IS NOT NULL"
    return {(activity, agreement): period for activity, agreement, period in _rows(db, query, {})}


def waiver_rows(db: Database, day: dt.date, ids: Collection[int] | None) -> dict[int, dict[tuple[str, str], str]]:
    """Reason by duty and period, for each agreement; those recorded up to ``day``."""
    condition, values = within("agreement_id", ids)
    query = f"""
        SELECT agreement_id, duty, period, reason FROM waivers
        WHERE substr(recorded_at, 1, 10) <= :day AND {condition} ORDER BY id
    """  # noqa: S608 - our own text
    found: dict[int, dict[tuple[str, str], str]] = {}
    for key, duty, period, reason in _rows(db, query, values | {"day": str(day)}):
        found.setdefault(key, {})[duty, period] = reason
    return found


def add_waiver(
    db: Database, agreement_id: int, duty: str, period: str, reason: str, *, recorded_at: str, actor: str
) -> int:
    """Insert one; call inside ``changing``."""
    row = {
        "agreement_id": agreement_id,
        "duty": duty,
        "period": period,
        "reason": reason,
        "recorded_at": recorded_at,
        "actor": actor,
    }
    return insert(db, "waivers", row)


def assessment_rows(db: Database, day: dt.date) -> Iterator[tuple[int, int, str, dt.date]]:
    """Institution, year, step and day of each step of the yearly assessments taken up to ``day``, oldest first."""
    query = "SELECT institution_id, year, step, on_date FROM assessments WHERE on_date <= :day ORDER BY on_date, id"
    for institution, year, step, on in _rows(db, query, {"day": str(day)}):
        yield institution, year, step, _date(on)


def side_rows(db: Database, day: dt.date) -> dict[int, SideRow]:
    """Every institution that is known on ``day``, by id; those merged into another too, marked."""
    facts: dict[int, list[tuple[dt.date, str, str | None]]] = {}
    plain: dict[int, dict[str, str | None]] = {}
    query = """
        SELECT institution_id, fact, value, valid_from FROM institution_facts
        WHERE fact IN ('name', 'filed', 'filed_on', 'closed_on') AND valid_from <= :day ORDER BY valid_from, id
    """
    for key, fact, value, valid_from in _rows(db, query, {"day": str(day)}):
        if fact in ("name", "closed_on"):
            plain.setdefault(key, {})[fact] = value
        else:
            facts.setdefault(key, []).append((_date(valid_from), fact, value))
    rows = _rows(db, "SELECT id, kind, category, district, town, merged_into FROM institutions ORDER BY id", {})
    return {
        key: SideRow(
            key,
            Kind(kind),
            plain[key].get("name") or "",
            category,
            district,
            town,
            tuple(facts.get(key, ())),
            _date(closed) if (closed := plain[key].get("closed_on")) else None,
            merged is not None,
        )
        for key, kind, category, district, town, merged in rows
        if key in plain
    }


def _rows(db: Database, query: str, values: dict[str, str]) -> sqlite3.Cursor:
    """Run with plain tuples: naming the columns of hundreds of thousands of rows takes as long as reading them."""
    cursor = db.conn.cursor()
    cursor.row_factory = None
    return cursor.execute(query, values)


_date = lru_cache(maxsize=4096)(dt.date.fromisoformat)
"""A few thousand days recur in hundreds of thousands of rows."""

_items = msgspec.json.Decoder(tuple[Item, ...]).decode


@lru_cache(maxsize=4096)
def _codes(items: str | None) -> frozenset[str]:
    return frozenset(items.split(",")) if items else frozenset()


@lru_cache(maxsize=512)
def _list(rows: str) -> tuple[Item, ...]:
    return tuple(sorted(_items(f"[{rows}]"), key=lambda item: item.seq))
