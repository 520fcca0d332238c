"""What was brought in from files: each import an event, the events of its rows, and what came to rest on them since."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from yiyu.registry.lifecycle import OF_INSTITUTIONS, Event
from yiyu.registry.store.events import NewEvent, append_events, event_of
from yiyu.registry.store.opening import within

_KINDS = ", ".join(f"'{kind}'" for kind in sorted(OF_INSTITUTIONS))


@dataclass(frozen=True, slots=True)
class ImportRecord:
    """One import by its id, which is the number of its event. ``counts``: rows, added, changed, unchanged, problems.

    ``undone_by``: number of the event that took it back, None while it stands.
    """

    id: int
    kind: str
    file: str
    sha256: str
    recorded_at: str
    actor: str
    counts: Mapping[str, int]
    undone_by: int | None


def add_import(
    db: Database,
    kind: str,
    file: str,
    sha256: str,
    counts: Mapping[str, int],
    *,
    on: dt.date,
    recorded_at: str,
    actor: str,
) -> int:
    """Record that a file was brought in, before its rows; gives its id. ``kind``: ``roster``, ``ledger``, ``register``."""
    data = {"import": kind, "file": file, "sha256": sha256, **counts}
    return append_events(db, [NewEvent("imported", on, recorded_at, actor, note=file, data=data)])[0]


def imports(db: Database) -> list[ImportRecord]:
    """Every import, the newest first."""
    rows = [
        event_of(row)
        for row in db.execute("SELECT * FROM events WHERE kind IN ('imported', 'import_undone') ORDER BY id DESC")
    ]
    undone = {one.corrects: one.id for one in rows if one.kind == "import_undone"}
    return [_record(one, undone.get(one.id)) for one in rows if one.kind == "imported"]


def events_of_import(db: Database, import_id: int) -> list[tuple[int, Event]]:
    """What an import did, in order, each with its institution or agreement; what took it back is not among it."""
    undone = "SELECT coalesce(min(id), 1 << 62) FROM events WHERE kind = 'import_undone' AND corrects = :id"
    query = f"SELECT * FROM events WHERE import_id = :id AND id < ({undone}) ORDER BY id"  # noqa: S608 - our own text
    rows = db.execute(query, {"id": import_id})
    return [(row["institution_id"] or row["agreement_id"], event_of(row)) for row in rows]


def events_since(db: Database, event_id: int, institutions: Collection[int]) -> list[tuple[int, int | None, Event]]:
    """What happened to institutions after an event: institution, import it came with, event.

    Other imports that were themselves taken back are left out.
    """
    condition, values = within("institution_id", institutions)
    query = f"""
        SELECT * FROM events WHERE kind IN ({_KINDS}, 'assessed') AND id > :event AND {condition}
        AND (import_id IS NULL OR import_id NOT IN (SELECT corrects FROM events WHERE kind = 'import_undone'))
        ORDER BY id
    """  # noqa: S608 - our own text
    rows = db.execute(query, values | {"event": str(event_id)})
    return [(row["institution_id"], row["import_id"], event_of(row)) for row in rows]


def agreement_events_since(db: Database, event_id: int, agreements: Collection[int]) -> list[tuple[int, Event]]:
    """What happened to agreements after an event, each with its agreement, and stands.

    Corrections and what they took back are left out, as are imports that were themselves taken back.
    """
    condition, values = within("agreement_id", agreements)
    query = f"""
        SELECT * FROM events WHERE kind <> 'corrected' AND id > :event AND {condition}
        AND coalesce(import_id, 0) NOT IN (SELECT corrects FROM events WHERE kind = 'import_undone')
        AND id NOT IN (SELECT corrects FROM events WHERE kind = 'corrected')
        AND coalesce(import_id, 0) <> CAST(:event AS INTEGER)
        ORDER BY id
    """  # noqa: S608 - our own text
    return [(row["agreement_id"], event_of(row)) for row in db.execute(query, values | {"event": str(event_id)})]


def agreements_since(db: Database, event_id: int, institutions: Collection[int]) -> list[tuple[int, str]]:
    """Institution and number of each agreement drafted after an event with one of these institutions."""
    condition, values = within("institution_id", institutions)
    query = f"""
        SELECT p.institution_id, a.number FROM parties p JOIN agreements a ON a.id = p.agreement_id
        WHERE {condition.replace("institution_id", "p.institution_id")} AND :event < (
            SELECT min(id) FROM events WHERE agreement_id = a.id)
        ORDER BY a.number
    """  # noqa: S608 - our own text
    return [(row[0], row[1]) for row in db.execute(query, values | {"event": str(event_id)})]


def _record(event: Event, undone_by: int | None) -> ImportRecord:
    data = event.data
    counts = {name: value for name, value in data.items() if isinstance(value, int)}
    told = str(data["import"]), str(data["file"]), str(data["sha256"])
    return ImportRecord(event.id, *told, event.recorded_at, event.actor, counts, undone_by)
