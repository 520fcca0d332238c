"""What was done: activities with their agreements, items, people, evidence and findings. Nothing is ever deleted."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

import msgspec
from sqlite_utils import Database

from yiyu.registry.rules.activities import Activity, Evidence, Finding, Person
from yiyu.registry.store.opening import insert

T = TypeVar("T")

_TEXTS = ("place", "topic", "organiser", "content", "advice", "summary", "handouts", "remark")
_COLUMNS = (
    "id, number, on_date, form, starts_at, ends_at, minutes, "
    f"{', '.join(_TEXTS)}, counts, signed_in, source, recorded_at, actor, voided_on, void_reason, others, institutions"
)

_PARTS = ("activity_items", "activity_people", "activity_evidence", "findings")

_SERVING = """id IN (
    SELECT activity_id FROM activity_agreements WHERE agreement_id IN (SELECT value FROM json_each(:agreements)))"""


def load_activities(
    db: Database,
    *,
    ids: Collection[int] | None = None,
    first: dt.date | None = None,
    last: dt.date | None = None,
    agreement_ids: Collection[int] | None = None,
    voided: bool = False,
    parts: Collection[str] = _PARTS,
) -> list[Activity]:
    """Activities by day and number: those of ``ids``, from ``first`` to ``last`` inclusive, that serve any of the agreements.

    None leaves a condition out. Void ones only with ``voided``. ``parts``: the tables of lists to read, others stay empty.
    """
    wanted, values = _condition(ids, first, last, agreement_ids, voided=voided)

    def part(query: str, make: Callable[[Any], T]) -> dict[int, tuple[T, ...]]:
        return _parts(db, query, wanted, values, make)

    def of(table: str, columns: str, make: Callable[[Any], T], order: str = "seq") -> dict[int, tuple[T, ...]]:
        query = f"SELECT activity_id, {columns} FROM {table} WHERE activity_id IN ({{}}) ORDER BY activity_id, {order}"  # noqa: S608 - our own text
        return part(query, make) if table in parts else {}

    agreements = part(
        "SELECT p.activity_id, a.number FROM activity_agreements p JOIN agreements a ON a.id = p.agreement_id"
        " WHERE p.activity_id IN ({}) ORDER BY a.number",
        lambda row: str(row[1]),
    )
    items = of("activity_items", "item", lambda row: str(row[1]), "item")
    people = of(
        "activity_people",
        "name, unit, department, title, arrives_at, leaves_at",
        lambda row: Person(row[1], row[2], row[3], row[4], _time(row[5]), _time(row[6])),
    )
    evidence = of("activity_evidence", "kind, path, sha256, size", lambda row: Evidence(row[1], row[2], row[3], row[4]))
    findings = of(
        "findings",
        "problem, demand, due_on, rechecked_on, outcome, id",
        lambda row: Finding(row[1], row[2], _date(row[3]), _date(row[4]), row[5], row[6]),
        "id",
    )
    query = f"SELECT {_COLUMNS} FROM activities WHERE {wanted} ORDER BY on_date, number"  # noqa: S608 - our own text
    return [
        Activity(
            number=number,
            on=dt.date.fromisoformat(on),
            form=form,
            agreements=agreements.get(key, ()),
            items=items.get(key, ()),
            starts=_time(starts),
            ends=_time(ends),
            minutes=minutes,
            **dict(zip(_TEXTS, texts[: len(_TEXTS)], strict=True)),
            counts=_mapping(texts[-9]),
            signed_in=texts[-8],
            people=people.get(key, ()),
            evidence=evidence.get(key, ()),
            findings=findings.get(key, ()),
            source=texts[-7],
            recorded_at=texts[-6],
            actor=texts[-5],
            voided_on=_date(texts[-4]),
            void_reason=texts[-3],
            others=_mapping(texts[-2]),
            institutions=() if texts[-1] == "[]" else tuple(msgspec.json.decode(texts[-1])),
            id=key,
        )
        for key, number, on, form, starts, ends, minutes, *texts in db.execute(query, values)
    ]


def add_activity(db: Database, activity: Activity, agreement_ids: Collection[int]) -> int:
    """Insert the activity with all that hangs on it, under its own number; gives the new id. Call inside ``changing``."""
    entered = {"number": activity.number, "source": activity.source, "institutions": _list(activity.institutions)}
    entered |= {"recorded_at": activity.recorded_at, "actor": activity.actor}
    key = insert(db, "activities", {**columns_of(activity), **entered})
    rows: dict[str, list[dict[str, Any]]] = {
        "activity_agreements": [{"agreement_id": one} for one in dict.fromkeys(agreement_ids)],
        **lists_of(activity),
        "findings": [
            {"problem": one.problem, "demand": one.demand, "due_on": _iso(one.due_on)}
            | {"rechecked_on": _iso(one.rechecked_on), "outcome": one.outcome}
            for one in activity.findings
        ],
    }
    insert_rows(db, key, rows)
    add_evidence(db, key, activity.evidence, after=0, recorded_at=activity.recorded_at)
    return key


def columns_of(activity: Activity) -> dict[str, Any]:
    """What is said of an activity in one word, by column: what may be corrected later."""
    return {
        "on_date": str(activity.on),
        "form": activity.form,
        "starts_at": _clock(activity.starts),
        "ends_at": _clock(activity.ends),
        "minutes": activity.minutes,
        **{name: getattr(activity, name) for name in _TEXTS},
        "counts": msgspec.json.encode(dict(activity.counts)).decode(),
        "others": msgspec.json.encode(dict(activity.others)).decode(),
        "signed_in": activity.signed_in,
    }


def lists_of(activity: Activity) -> dict[str, list[dict[str, Any]]]:
    """What is said of it in several lines, by table, without the id: what may be corrected later."""
    return {
        "activity_items": [{"item": code} for code in dict.fromkeys(activity.items)],
        "activity_people": [
            {"seq": seq, "name": one.name, "unit": one.unit, "department": one.department, "title": one.title}
            | {"arrives_at": _clock(one.arrives), "leaves_at": _clock(one.leaves)}
            for seq, one in enumerate(activity.people, start=1)
        ],
    }


def insert_rows(db: Database, activity_id: int, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    """Insert rows by table, each for the activity of that id. Call inside ``changing``."""
    for table, lines in rows.items():
        if lines:
            db.table(table).insert_all([{"activity_id": activity_id, **line} for line in lines])


def add_evidence(db: Database, activity_id: int, evidence: Sequence[Evidence], *, after: int, recorded_at: str) -> None:
    """Add files to an activity that has ``after`` of them. Call inside ``changing``."""
    rows = [
        {"seq": seq, "kind": one.kind, "path": one.path, "sha256": one.sha256, "size": one.size}
        | {"recorded_at": recorded_at}
        for seq, one in enumerate(evidence, start=after + 1)
    ]
    insert_rows(db, activity_id, {"activity_evidence": rows})


def edit_activity(db: Database, before: Activity, after: Activity) -> dict[str, list[Any]]:
    """Write ``after`` in the place of ``before``; gives old and new by column, or by table of what has several lines.

    Call inside ``changing``.
    """
    old, new = (columns_of(one) | lists_of(one) for one in (before, after))
    changes = {name: [old[name], new[name]] for name in old if old[name] != new[name]}
    _say(db, before, {name: new[name] for name in changes})
    return changes


def edit_back(db: Database, now: Activity, changes: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Write what was before an edit, by its ``changes``; gives old and new as :func:`edit_activity` does."""
    _say(db, now, {name: was for name, (was, _) in changes.items()})
    return {name: [told, was] for name, (was, told) in changes.items()}


def _say(db: Database, one: Activity, said: Mapping[str, Any]) -> None:
    for table in lists_of(one).keys() & said.keys():
        db.execute(f"DELETE FROM {table} WHERE activity_id = ?", [one.id])  # noqa: S608 - our own names
        insert_rows(db, one.id, {table: said[table]})
    values = {name: said[name] for name in columns_of(one) if name in said}
    sets = ", ".join([*(f"{name} = :{name}" for name in values), "version = version + 1"])
    db.execute(f"UPDATE activities SET {sets} WHERE id = :id", values | {"id": one.id})  # noqa: S608 - our own names


def void_activity(db: Database, activity_id: int, *, on: dt.date, reason: str) -> None:
    """Mark it as not done; its row and number stay. Call inside ``changing``."""
    db.execute(
        "UPDATE activities SET voided_on = ?, void_reason = ?, version = version + 1 WHERE id = ?",
        [str(on), reason, activity_id],
    )
    db.execute("UPDATE sheets SET activity_id = NULL WHERE activity_id = ?", [activity_id])


def last_served(db: Database, agreement_id: int) -> dt.date | None:
    """The day of the last activity under an agreement that is not void."""
    query = """
        SELECT max(on_date) FROM activity_agreements JOIN activities ON activities.id = activity_id
        WHERE agreement_id = ? AND voided_on IS NULL
    """
    return _date(db.execute(query, [agreement_id]).fetchone()[0])


def recheck_finding(db: Database, finding: Finding) -> None:
    """Write what a 复查 found: ``due_on``, ``rechecked_on`` and ``outcome``. Call inside ``changing``."""
    db.execute(
        "UPDATE findings SET due_on = ?, rechecked_on = ?, outcome = ? WHERE id = ?",
        [_iso(finding.due_on), _iso(finding.rechecked_on), finding.outcome, finding.id],
    )


def finding_owners(db: Database, finding_id: int | None = None) -> list[int]:
    """Ids of the activities that found something, or of the one with this finding."""
    query = "SELECT DISTINCT activity_id FROM findings WHERE ? IN (id, 0)"
    return [row[0] for row in db.execute(query, [finding_id or 0])]


def activity_ids(db: Database, numbers: Collection[str]) -> dict[str, int]:
    """Number to id, void ones included, for those of ``numbers`` that exist."""
    return {
        number: row[0]
        for number in numbers
        for row in db.execute("SELECT id FROM activities WHERE number = ?", [number])
    }


def activity_numbers(db: Database, prefix: str = "") -> list[str]:
    """Every number ever given that begins with ``prefix``, void ones included."""
    query = "SELECT number FROM activities WHERE number >= ? AND number < ? ORDER BY number"
    return [row[0] for row in db.execute(query, [prefix, prefix + "\U0010ffff"])]


def evidence_known(db: Database, sha256: str) -> tuple[str, ...]:
    """Numbers of the activities, not void, that have a file of these bytes as evidence."""
    query = """
        SELECT DISTINCT a.number FROM activity_evidence e JOIN activities a ON a.id = e.activity_id
        WHERE e.sha256 = ? AND a.voided_on IS NULL ORDER BY a.number
    """
    return tuple(row[0] for row in db.execute(query, [sha256]))


def _condition(
    ids: Collection[int] | None,
    first: dt.date | None,
    last: dt.date | None,
    agreement_ids: Collection[int] | None,
    *,
    voided: bool,
) -> tuple[str, dict[str, str]]:
    """What every query here is limited to, over the table ``activities``."""
    given: tuple[tuple[str, str, str | None], ...] = (
        ("ids", "id IN (SELECT value FROM json_each(:ids))", _list(ids)),
        ("agreements", _SERVING, _list(agreement_ids)),
        ("first", "on_date >= :first", _iso(first)),
        ("last", "on_date <= :last", _iso(last)),
    )
    parts = [condition for _, condition, value in given if value is not None]
    parts += [] if voided else ["voided_on IS NULL"]
    values = {name: value for name, _, value in given if value is not None}
    return " AND ".join(parts) or "1", values


def _parts(
    db: Database, query: str, wanted: str, values: dict[str, str], make: Callable[[Any], T]
) -> dict[int, tuple[T, ...]]:
    """What hangs on the activities wanted, by activity id; the query's first column names the activity."""
    grouped: dict[int, list[T]] = {}
    inner = f"SELECT id FROM activities WHERE {wanted}"  # noqa: S608 - our own text
    for row in db.execute(query.format(inner), values):
        grouped.setdefault(row[0], []).append(make(row))
    return {key: tuple(parts) for key, parts in grouped.items()}


def _list(ids: Collection[int] | None) -> str | None:
    return None if ids is None else f"[{','.join(map(str, ids))}]"


def _mapping(text: str) -> dict[str, Any]:
    found: dict[str, Any] = {} if text == "{}" else msgspec.json.decode(text)
    return found


@lru_cache(maxsize=2048)
def _time(text: str | None) -> dt.time | None:
    return None if text is None else dt.time.fromisoformat(text)


@lru_cache(maxsize=4096)
def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _clock(value: dt.time | None) -> str | None:
    return None if value is None else f"{value:%H:%M}"


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else str(day)
