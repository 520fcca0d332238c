"""Every change an event: of institutions and of the office too; facts in two times.

A registry of before gets one event an institution that says all that was known of it, so that replay gives it again.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec
from sqlite_utils import Database

from yiyu.registry.rules.chain import link
from yiyu.registry.store.schema.columns import date

_EVENTS = (
    "ALTER TABLE events RENAME TO events_before",
    f"""CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        agreement_id INTEGER REFERENCES agreements (id),
        kind TEXT NOT NULL,
        party TEXT NOT NULL,
        {date("on_date")},
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        note TEXT NOT NULL,
        corrects INTEGER REFERENCES events (id),
        data TEXT NOT NULL CHECK (data LIKE '{{%}}'),
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL,
        institution_id INTEGER REFERENCES institutions (id),
        import_id INTEGER REFERENCES events (id)
    ) STRICT""",
    "INSERT INTO events SELECT *, NULL, NULL FROM events_before ORDER BY id",
    "DROP TABLE events_before",
    "CREATE INDEX events_agreement ON events (agreement_id, on_date) WHERE agreement_id IS NOT NULL",
    "CREATE INDEX events_institution ON events (institution_id) WHERE institution_id IS NOT NULL",
    "CREATE INDEX events_of_import ON events (import_id) WHERE import_id IS NOT NULL",
    "CREATE INDEX events_importing ON events (id) WHERE kind IN ('imported', 'import_undone')",
    "CREATE INDEX events_signed ON events (agreement_id, party, on_date) WHERE kind = 'signed'",
    "CREATE INDEX events_moving_the_end ON events (agreement_id) WHERE kind IN ('extended', 'supplemented')",
    "CREATE INDEX events_corrected ON events (agreement_id) WHERE kind = 'corrected'",
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    """CREATE TABLE event_contacts (
        event_id INTEGER PRIMARY KEY REFERENCES events (id),
        institution_id INTEGER NOT NULL REFERENCES institutions (id),
        contact TEXT,
        phone TEXT
    ) STRICT""",
    "CREATE INDEX event_contacts_institution ON event_contacts (institution_id)",
)

_FACTS = (
    "ALTER TABLE institution_facts RENAME TO facts_before",
    f"""CREATE TABLE institution_facts (
        id INTEGER PRIMARY KEY,
        institution_id INTEGER NOT NULL REFERENCES institutions (id),
        fact TEXT NOT NULL CHECK (fact IN (
            'name', 'legal_person', 'district', 'town', 'category', 'filed', 'filed_on', 'filing_no', 'inclusive',
            'places', 'enrolled', 'closed_on')),
        value TEXT,
        {date("valid_from")},
        recorded_at TEXT NOT NULL,
        source TEXT NOT NULL,
        struck_at TEXT
    ) STRICT""",
    """INSERT INTO institution_facts
        SELECT *, lead(recorded_at) OVER (PARTITION BY institution_id, fact, valid_from ORDER BY id)
        FROM facts_before ORDER BY id""",
    "DROP TABLE facts_before",
    *(
        f"""INSERT INTO institution_facts (institution_id, fact, value, valid_from, recorded_at, source)
        SELECT i.id, '{name}', CAST(i.{name} AS TEXT), '0001-01-01', f.recorded_at, f.source
        FROM institutions i JOIN institution_facts f ON f.id = (
            SELECT min(id) FROM institution_facts WHERE institution_id = i.id)
        WHERE i.{name} IS NOT NULL AND i.{name} <> '' ORDER BY i.id"""  # noqa: S608 - our own names
        for name in ("district", "town", "category", "inclusive")
    ),
    *(f"ALTER TABLE institutions DROP COLUMN {name}" for name in ("district", "town", "category", "inclusive")),
    """CREATE UNIQUE INDEX institution_facts_answering ON institution_facts (institution_id, fact, valid_from)
        WHERE struck_at IS NULL""",
    "CREATE INDEX institution_facts_of ON institution_facts (institution_id)",
)

HISTORIES = (*_EVENTS, *_FACTS)

_PLAIN = ("code", "branch", "nature", "address", "grade", "staff", "health_workers", "remark")
_CONTACT = ("contact", "phone")


def tell_what_is_known(db: Database) -> None:
    """One event for each institution of before, at the time the newest of its facts was recorded."""
    facts = _facts(db)
    last = db.execute("SELECT id, hash FROM events ORDER BY id DESC LIMIT 1").fetchone()
    key, previous = (last[0], last[1]) if last else (0, "")
    columns = ", ".join(("id", "kind", "merged_into", "version", *_PLAIN, *_CONTACT))
    for row in db.execute(f"SELECT {columns} FROM institutions ORDER BY id").fetchall():  # noqa: S608 - our own names
        key, institution = key + 1, row["id"]
        contacts = {name: row[name] for name in _CONTACT if row[name]}
        data = {
            "kind": row["kind"],
            "version": row["version"],
            "fields": {name: row[name] for name in _PLAIN if row[name] not in ("", None)},
            "contacts": list(contacts),
            "facts": facts[institution],
            "merged_into": row["merged_into"],
        }
        at = max(fact[3] for fact in facts[institution])
        told: dict[str, Any] = {
            "agreement_id": None,
            "kind": "institution_known",
            "party": "",
            "on_date": at[:10],
            "recorded_at": at,
            "actor": "yiyu",
            "note": "",
            "corrects": None,
            "data": msgspec.json.encode(data).decode(),
            "institution_id": institution,
        }
        told |= {"previous_hash": previous, "hash": link(previous, told)}
        previous = told["hash"]
        db.table("events").insert({"id": key, **told})
        if contacts:
            db.table("event_contacts").insert({"event_id": key, "institution_id": institution, **contacts})


def _facts(db: Database) -> dict[int, list[list[Any]]]:
    found = defaultdict[int, list[list[Any]]](list)
    query = """SELECT institution_id, fact, value, valid_from, recorded_at, source, struck_at
        FROM institution_facts ORDER BY id"""
    for institution, *rest in _plain(db, query):
        found[institution].append(rest)
    return found


def _plain(db: Database, query: str) -> Iterator[tuple[Any, ...]]:
    yield from (tuple(row) for row in db.execute(query))
