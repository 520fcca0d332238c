"""What has a place in the archive: one row a 件, and where its number stands.

``record_year`` is 0 for an agreement, which is one 件 for good; ``box`` is "" until it lies in one.
"""

from yiyu.registry.store.schema.columns import date

ARCHIVE = (
    f"""CREATE TABLE archive_items (
        id INTEGER PRIMARY KEY,
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        unit TEXT NOT NULL CHECK (unit IN ('agreement', 'records')),
        record_year INTEGER NOT NULL,
        code TEXT NOT NULL UNIQUE,
        series TEXT NOT NULL,
        serial INTEGER NOT NULL CHECK (serial > 0),
        fonds TEXT NOT NULL,
        year INTEGER NOT NULL,
        term TEXT NOT NULL CHECK (term IN ('Y', 'D30', 'D10')),
        office TEXT NOT NULL,
        title TEXT NOT NULL,
        responsible TEXT NOT NULL,
        {date("document_date")},
        secrecy TEXT NOT NULL,
        pages INTEGER NOT NULL CHECK (pages >= 0),
        remark TEXT NOT NULL,
        box TEXT NOT NULL,
        numbered_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        UNIQUE (series, serial),
        UNIQUE (agreement_id, unit, record_year)
    ) STRICT""",
)
