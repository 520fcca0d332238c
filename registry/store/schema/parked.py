"""Cells of a roster that could not be taken, kept as written until somebody settles them."""

from yiyu.registry.store.schema.columns import date

PARKED = (
    f"""CREATE TABLE parked (
        id INTEGER PRIMARY KEY,
        institution_id INTEGER NOT NULL REFERENCES institutions (id),
        field TEXT NOT NULL CHECK (field <> ''),
        text TEXT NOT NULL,
        message TEXT NOT NULL,
        file TEXT NOT NULL,
        sheet TEXT NOT NULL,
        row INTEGER NOT NULL CHECK (row > 0),
        column TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        {date("settled_on", null=True)}
    ) STRICT""",
    "CREATE INDEX parked_open ON parked (institution_id, field) WHERE settled_on IS NULL",
)
