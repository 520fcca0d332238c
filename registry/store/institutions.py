"""Institutions: rows that are simply edited, and facts that hold from a day on."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from sqlite_utils import Database

from yiyu.registry.model import Institution, Kind
from yiyu.registry.store.opening import insert, within

FACTS = ("name", "legal_person", "filed", "filed_on", "filing_no", "places", "enrolled", "closed_on")
"""Kept with the day they begin to hold; the rest of the row is as it is today.

Source: domain.md#trap-renamed, domain.md#trap-unfiled.
"""

FIRST_DAY = dt.date(1, 1, 1)
"""The first known value of a fact holds for any earlier day: the office knows nothing else of that time."""

COLUMNS = tuple(f.name for f in fields(Institution) if f.name not in FACTS and f.name != "id")

_SELECT = f"""
SELECT i.*, {", ".join(f"max(CASE f.fact WHEN '{fact}' THEN f.value END) AS {fact}" for fact in FACTS)}
FROM institutions i JOIN (
    SELECT institution_id, fact, value,
           row_number() OVER (PARTITION BY institution_id, fact ORDER BY valid_from DESC, id DESC) AS rank
    FROM institution_facts WHERE valid_from <= :day AND %s
) f ON f.institution_id = i.id AND f.rank = 1
WHERE i.merged_into IS %s
GROUP BY i.id ORDER BY i.district, i.id
"""  # noqa: S608 - the names are the constants above


def all_institutions(db: Database, day: dt.date, ids: Iterable[int] | None = None) -> list[Institution]:
    """Every institution (or those of ``ids``) as known on ``day``, in the order of codes of 旗区, then as entered.

    Those that were merged into another are left out.
    """
    condition, values = within("institution_id", ids)
    return [_institution(row) for row in db.execute(_SELECT % (condition, "NULL"), {"day": str(day), **values})]


def merged_institutions(db: Database, day: dt.date) -> list[tuple[Institution, int]]:
    """Those that were merged into another, as last known, each with the id of the one that is kept."""
    rows = db.execute(_SELECT % ("1", "NOT NULL"), {"day": str(day)})
    return [(_institution(row), row["merged_into"]) for row in rows]


def former_names(db: Database) -> Iterator[tuple[int, str]]:
    """Every name an institution ever had, with its id."""
    for key, name in db.execute("SELECT DISTINCT institution_id, value FROM institution_facts WHERE fact = 'name'"):
        yield int(key), str(name)


def merge_institution(db: Database, duplicate: int, kept: int, facts: Collection[str]) -> list[int]:
    """Point everything that speaks of ``duplicate`` to ``kept``; gives the ids of the agreements it touched.

    The row and the facts of the duplicate stay as they are; those of ``facts`` count for the kept one as well, from the
    days they hold. Call inside ``changing``.
    """
    marks = ", ".join("?" * len(facts))
    copied = f"""
        INSERT INTO institution_facts (institution_id, fact, value, valid_from, recorded_at, source)
        SELECT ?, fact, value, valid_from, recorded_at, source FROM institution_facts
        WHERE institution_id = ? AND fact IN ({marks}) ORDER BY id
    """  # noqa: S608 - only question marks are put in
    db.execute(copied, [kept, duplicate, *facts])
    ids = [row[0] for row in db.execute("SELECT agreement_id FROM parties WHERE institution_id = ?", [duplicate])]
    for table in ("parties", "assessments"):
        db.execute(f"UPDATE {table} SET institution_id = ? WHERE institution_id = ?", [kept, duplicate])  # noqa: S608 - our own names
    moved = "UPDATE institutions SET merged_into = ?, version = version + 1 WHERE id = ? OR merged_into = ?"
    db.execute(moved, [kept, duplicate, duplicate])
    return ids


def add_institution(db: Database, institution: Institution, *, recorded_at: str, source: str) -> int:
    """Insert the row and its first facts; gives the new id."""
    key = insert(db, "institutions", _row(institution))
    for fact in FACTS:
        _add_fact(db, key, fact, _stored(getattr(institution, fact)), FIRST_DAY, recorded_at, source)
    return key


def change_institution(
    db: Database, old: Institution, changes: dict[str, object], *, from_day: dt.date, recorded_at: str, source: str
) -> Institution:
    """Apply ``changes`` (field to new value); facts begin to hold on ``from_day``. Gives the new institution."""
    for name in changes.keys() & set(FACTS):
        _add_fact(db, old.id, name, _stored(changes[name]), from_day, recorded_at, source)
    new = replace(old, **changes)  # type: ignore[arg-type]  # field names come from the dataclass itself
    db.table("institutions").update(old.id, _row(new))
    db.execute("UPDATE institutions SET version = version + 1 WHERE id = ?", [old.id])
    return new


def _row(institution: Institution) -> dict[str, Any]:
    row = {name: getattr(institution, name) for name in COLUMNS}
    row["kind"] = str(institution.kind)
    row["inclusive"] = None if institution.inclusive is None else int(institution.inclusive)
    return row


def _add_fact(
    db: Database, key: int, fact: str, value: str | None, valid_from: dt.date, recorded_at: str, source: str
) -> None:
    row = {
        "institution_id": key,
        "fact": fact,
        "value": value,
        "valid_from": valid_from.isoformat(),
        "recorded_at": recorded_at,
        "source": source,
    }
    db.table("institution_facts").insert(row)


def _stored(value: object) -> str | None:
    """A fact as text: dates ISO, yes and no as 1 and 0, unknown as NULL."""
    if value is None:
        return None
    return str(int(value)) if isinstance(value, bool) else str(value)


def _institution(row: Any) -> Institution:  # noqa: ANN401 - sqlite3.Row
    values = {name: row[name] for name in (*COLUMNS, *FACTS)}
    values["kind"] = Kind(row["kind"])
    values["inclusive"] = None if row["inclusive"] is None else bool(row["inclusive"])
    values["filed"] = row["filed"] == "1"
    for name in ("filed_on", "closed_on"):
        values[name] = dt.date.fromisoformat(row[name]) if row[name] else None
    for name in ("places", "enrolled"):
        values[name] = None if row[name] is None else int(row[name])
    return Institution(id=row["id"], **values)
