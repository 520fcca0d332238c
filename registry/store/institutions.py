"""Institutions as known: read from their tables, or rebuilt from their events as they were known at a moment."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from operator import attrgetter
from typing import Any

from sqlite_utils import Database

from yiyu.registry.lifecycle import OF_INSTITUTIONS, Event
from yiyu.registry.model import Institution, Kind
from yiyu.registry.rules.institution_history import (
    CONTACT,
    FACTS,
    OWN_DAY,
    PLAIN,
    FactRow,
    Origin,
    Rebuilt,
    concerning,
    institution_of,
    rebuild,
    walk,
)
from yiyu.registry.store.bulk import plain
from yiyu.registry.store.events import event_of
from yiyu.registry.store.opening import within

_COLUMNS = ", ".join(("id", "kind", "merged_into", "version", *PLAIN))
_AT_ONCE = 5000
"""Institutions compared with their events at a time: of 100,000 at once the rows would fill a gigabyte."""
_KINDS = ", ".join(f"'{kind}'" for kind in sorted(OF_INSTITUTIONS))


def all_institutions(db: Database, day: dt.date, ids: Iterable[int] | None = None) -> list[Institution]:
    """Every institution (or those of ``ids``) on ``day``, in the order of codes of 旗区, then as entered.

    With all that is known, corrections from the day they concern. Those that were merged into another are left out.
    """
    keys = None if ids is None else list(ids)
    return [one for one, merged in _known(db, day, keys) if merged is None]


def merged_institutions(db: Database, day: dt.date) -> list[tuple[Institution, int]]:
    """Those that were merged into another, on ``day``, each with the id of the one it was merged into."""
    condition = "institution_id IN (SELECT id FROM institutions WHERE merged_into IS NOT NULL)"
    return [(one, merged) for one, merged in _known(db, day, None, condition) if merged is not None]


def facts_on(
    db: Database, day: dt.date, names: Collection[str], ids: Collection[int] | None = None, also: str = "1"
) -> dict[int, dict[str, str | None]]:
    """Facts of these names that hold on ``day``, as text, by institution; one that nothing is known of is not there."""
    condition, values = within("institution_id", ids)
    wanted, own = (", ".join(f"'{name}'" for name in some) for some in (names, OWN_DAY))
    query = f"""
        SELECT institution_id, valid_from, fact, value FROM institution_facts
        WHERE fact IN ({wanted}) AND struck_at IS NULL AND (valid_from <= :day OR fact IN ({own})) AND {condition} AND {also}
        ORDER BY valid_from
    """  # noqa: S608 - our own text
    rows = plain(db, query, values | {"day": str(day)}).fetchall()
    until, found = str(day), defaultdict[int, dict[str, str | None]](dict)
    later = defaultdict[int, list[tuple[str, str, str | None]]](list)
    for key, begins, fact, value in rows:
        if begins <= until:
            found[key][fact] = value
        else:
            later[key] = []
    for key, *row in rows if later else ():
        if key in later:
            later[key].append(tuple(row))
    for key, told in later.items():
        found[key] |= {fact: value for _, fact, value in concerning(told, day)}
    return {key: facts for key, facts in found.items() if facts}


def rebuilt(
    db: Database, ids: Iterable[int] | None = None, known_on: dt.date | None = None, before: int | None = None
) -> dict[int, Rebuilt]:
    """Institutions by id as their events make them: those recorded by the end of ``known_on``, or before the id ``before``."""
    keys = None if ids is None else list(ids)
    return rebuild(institution_events(db, keys, before), _contacts(db, keys), known_on)


def steps_of(
    db: Database, institution_id: int
) -> list[tuple[Event, int | None, Institution | None, Institution | None]]:
    """Each event of an institution, oldest first: event, import it came with, the institution before and after."""
    rows = db.execute("SELECT * FROM events WHERE institution_id = ? ORDER BY id", [institution_id]).fetchall()
    steps = walk(map(event_of, rows), _contacts(db, [institution_id]))
    return [(event, row["import_id"], before, after) for row, (event, before, after) in zip(rows, steps, strict=True)]


def institutions_known(db: Database, day: dt.date) -> Iterator[dict[str, Any]]:
    """Rows of ``institutions`` as they were by the end of ``day``, of those that were changed later.

    One that was entered later is not among them: it has a row, and no fact that was known.
    """
    later = (
        "SELECT DISTINCT institution_id FROM events WHERE institution_id IS NOT NULL AND substr(recorded_at, 1, 10) > ?"
    )
    for key, one in rebuilt(db, [row[0] for row in db.execute(later, [str(day)])], day).items():
        yield {"id": key, "kind": one.kind, "merged_into": one.merged_into, "version": one.version, **one.plain}


def former_names(db: Database) -> Iterator[tuple[int, str]]:
    """Every name an institution ever had, with its id; of one whose entry was taken back, too."""
    for key, name in db.execute("SELECT DISTINCT institution_id, value FROM institution_facts WHERE fact = 'name'"):
        yield int(key), str(name)


def _contacts(db: Database, ids: Collection[int] | None) -> dict[int, dict[str, str]]:
    condition, values = within("institution_id", ids)
    query = f"SELECT event_id, contact, phone FROM event_contacts WHERE {condition}"  # noqa: S608 - our own text
    return {
        event: {name: value for name, value in zip(CONTACT, both, strict=True) if value}
        for event, *both in plain(db, query, values)
    }


def institution_events(
    db: Database, ids: Collection[int] | None = None, before: int | None = None
) -> Iterable[tuple[int, Event]]:
    """What made institutions (or those of ``ids``) what they are, in the order of the chain, each with its institution."""
    condition, values = within("institution_id", ids)
    if before is not None:
        condition += f" AND id < {int(before)}"
    query = f"SELECT * FROM events WHERE kind IN ({_KINDS}) AND {condition} ORDER BY id"  # noqa: S608 - our own text
    for row in db.execute(query, values):
        yield row["institution_id"], event_of(row)


def provenance(db: Database, institution_ids: Iterable[int]) -> dict[int, dict[str, Origin]]:
    """By institution and field, where the value that stands there came from.

    ``{12: {"phone": Origin(file="名册.xlsx", sheet="一", row=5, actor="王某某", recorded_at="2026-…"), …}, …}``:
    ``origin.text`` is the file, sheet and row, or what the person did; ``origin.by_person`` tells a person from a file;
    ``origin.recorded_at`` is the moment (ISO). A field that was never set is not there. Read from the events, 5,000
    institutions in a fraction of a second.
    """
    return {key: one.origins for key, one in rebuilt(db, institution_ids).items()}


def projection_faults(db: Database) -> list[int]:
    """Ids of institutions whose tables say something else than their events do."""
    every = "SELECT id FROM institutions UNION SELECT institution_id FROM events WHERE institution_id IS NOT NULL"
    ids = sorted(row[0] for row in plain(db, every, {}))
    return [key for at in range(0, len(ids), _AT_ONCE) for key in _differing(db, ids[at : at + _AT_ONCE])]


def _differing(db: Database, ids: Collection[int]) -> list[int]:
    made, stands = rebuilt(db, ids), _tables(db, ids)
    return [key for key in ids if _told(made.get(key)) != _told(stands.get(key))]


def _told(one: Rebuilt | None) -> object:
    if one is None:
        return None
    facts = sorted(
        one.facts, key=lambda row: (row.fact, row.valid_from, row.struck_at or "~", row.recorded_at, row.value or "")
    )
    return one.kind, one.plain, facts, one.merged_into, one.version


def _tables(db: Database, ids: Collection[int]) -> dict[int, Rebuilt]:
    condition, values = within("id", ids)
    query = f"SELECT {_COLUMNS} FROM institutions WHERE {condition}"  # noqa: S608 - our own names
    found = {
        key: Rebuilt(key, Kind(kind), dict(zip(PLAIN, rest, strict=True)), [], merged, version)
        for key, kind, merged, version, *rest in plain(db, query, values)
    }
    condition, values = within("institution_id", ids)
    query = f"""SELECT institution_id, fact, value, valid_from, recorded_at, source, struck_at
        FROM institution_facts WHERE {condition}"""  # noqa: S608 - our own text
    for key, *row in plain(db, query, values):
        found[key].facts.append(FactRow(*row))
    return found


def _known(
    db: Database, day: dt.date, ids: Collection[int] | None, also: str = "1"
) -> list[tuple[Institution, int | None]]:
    found: list[Institution] = []
    merged: dict[int, int | None] = {}
    condition, values = within("id", ids)
    for piece in _pieces(db) if ids is None else ("1",):
        facts = facts_on(db, day, FACTS, ids, f"{also} AND {piece.replace('id', 'institution_id')}")
        query = f"SELECT {_COLUMNS} FROM institutions WHERE {condition} AND {piece}"  # noqa: S608 - our own names
        for key, kind, into, _, *rest in plain(db, query, values) if facts else ():
            if key in facts:
                merged[key] = into
                found.append(institution_of(key, Kind(kind), dict(zip(PLAIN, rest, strict=True)), facts.pop(key)))
    return [(one, merged[one.id]) for one in _in_order(found)]


def _pieces(db: Database) -> list[str]:
    """Conditions on ``id`` that take all institutions in turn, some thousands at a time."""
    last = int(db.execute("SELECT coalesce(max(id), 0) FROM institutions").fetchone()[0])
    return [f"id BETWEEN {at} AND {at + _AT_ONCE - 1}" for at in range(0, last + 1, _AT_ONCE)]


def _in_order(found: Iterable[Institution]) -> list[Institution]:
    return sorted(found, key=attrgetter("district", "id"))
