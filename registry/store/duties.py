"""Everything duties are judged by, read in bulk: an office of 20,000 agreements is asked about in one go.

Rows are plain tuples; ``ids`` limits them to some agreements. As of a day means: what concerns days up to it.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache
from operator import itemgetter

from sqlite_utils import Database

from yiyu.registry.rules.duties import Act, read_period
from yiyu.registry.store.bulk import day_of, plain
from yiyu.registry.store.opening import insert, within


def same_childcare(db: Database, ids: Collection[int]) -> set[int]:
    """The agreements with the same childcare institutions as those of ``ids``, themselves included."""
    condition, values = within("agreement_id", ids)
    query = f"""
        SELECT agreement_id FROM parties WHERE role = '乙' AND institution_id IN (
            SELECT institution_id FROM parties WHERE role = '乙' AND {condition})
    """  # noqa: S608 - our own text
    return {row[0] for row in plain(db, query, values)}


def party_ids(db: Database, ids: Collection[int] | None) -> dict[int, dict[str, int]]:
    """Institution by role, for each agreement, 甲 first."""
    condition, values = within("agreement_id", ids)
    query = f"SELECT agreement_id, role, institution_id FROM parties WHERE {condition} ORDER BY instr('甲乙丙丁', role)"  # noqa: S608 - our own text
    found: dict[int, dict[str, int]] = {}
    for key, role, institution in plain(db, query, values):
        found.setdefault(key, {})[role] = institution
    return found


def acts_by_agreement(db: Database, year: int, day: dt.date, ids: Collection[int] | None) -> dict[int, list[Act]]:
    """What was done in ``year``, or on a sheet made for a period of it, up to ``day``; oldest first."""
    condition, values = within("agreement_id", ids)
    # Of all: row after row, for in the order of days each would be looked up at another place.
    query = f"""
        SELECT agreement_id, id, on_date, number, form,
               (SELECT group_concat(item) FROM activity_items WHERE activity_id = id)
        FROM activities {"NOT INDEXED" if ids is None else ""} JOIN activity_agreements ON activity_id = id
        WHERE (on_date BETWEEN :first AND :last OR id IN (SELECT activity_id FROM sheets WHERE substr(period, 1, 4) = :year))
            AND on_date <= :day AND voided_on IS NULL AND {condition}
    """  # noqa: S608 - our own text
    span = {"first": f"{year}-01-01", "last": f"{year}-12-31", "year": str(year), "day": str(day)}
    sheets, found = _sheets(db), defaultdict[int, list[Act]](list)
    for agreement, key, text, number, form, items in plain(db, query, span | values):
        on, period = day_of(text), sheets.get((key, agreement), "") if sheets else ""
        late_for = period if period and on > read_period(period).last else ""
        found[agreement].append(Act(on, number, form, _codes(items), late_for))
    for each in found.values():
        each.sort(key=itemgetter(0, 1))
    return dict(found)


def new_records(db: Database, day: dt.date) -> dict[int, int]:
    """Health records made up to ``day`` for each childcare institution, by id, as its activities say."""
    query = """
        SELECT institution_id, sum(made) FROM (
            SELECT DISTINCT activities.id, institution_id, json_extract(counts, '$."新建档案"') AS made
            FROM activities JOIN activity_agreements ON activity_id = activities.id
            JOIN parties ON parties.agreement_id = activity_agreements.agreement_id AND role = '乙'
            WHERE on_date <= :day AND voided_on IS NULL AND counts LIKE '%新建档案%'
        ) GROUP BY institution_id
    """
    return {row[0]: row[1] for row in plain(db, query, {"day": str(day)})}


def _sheets(db: Database) -> dict[tuple[int, int], str]:
    """The period for which the record sheet of an activity was made, by activity and agreement."""
    query = "SELECT activity_id, agreement_id, period FROM sheets WHERE activity_id IS NOT NULL"
    return {(activity, agreement): period for activity, agreement, period in plain(db, query, {})}


def waiver_rows(db: Database, ids: Collection[int] | None) -> dict[int, dict[tuple[str, str], str]]:
    """Reason by duty and period, for each agreement: a waiver concerns its period, whenever it was recorded."""
    condition, values = within("agreement_id", ids)
    query = f"SELECT agreement_id, duty, period, reason FROM waivers WHERE {condition} ORDER BY id"  # noqa: S608 - our own text
    found: dict[int, dict[tuple[str, str], str]] = {}
    for key, duty, period, reason in plain(db, query, values):
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
    for institution, year, step, on in plain(db, query, {"day": str(day)}):
        yield institution, year, step, day_of(on)


@lru_cache(maxsize=4096)
def _codes(items: str | None) -> frozenset[str]:
    return frozenset(items.split(",")) if items else frozenset()
