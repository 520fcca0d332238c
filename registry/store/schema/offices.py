"""Packages that came in from the offices below, each as it was received; the newest of an office is what it holds."""

from yiyu.registry.store.schema.columns import date

OFFICES = (
    f"""CREATE TABLE office_packages (
        id INTEGER PRIMARY KEY,
        region TEXT NOT NULL CHECK (region GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]'),
        name TEXT NOT NULL CHECK (name <> ''),
        path TEXT NOT NULL CHECK (path <> ''),
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL CHECK (size > 0),
        {date("as_of")},
        made_at TEXT NOT NULL,
        events INTEGER NOT NULL CHECK (events >= 0),
        changes INTEGER NOT NULL CHECK (changes >= 0),
        last_hash TEXT NOT NULL,
        head TEXT NOT NULL,
        contacts INTEGER NOT NULL CHECK (contacts IN (0, 1)),
        differences TEXT NOT NULL CHECK (differences LIKE '[%]'),
        reason TEXT NOT NULL,
        received_at TEXT NOT NULL,
        actor TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX office_packages_of ON office_packages (region, id)",
)
"""``differences``: where a recount gave another figure than the package says. ``reason``: why another chain was accepted."""
