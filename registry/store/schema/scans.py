"""Files that came in, the place of each of their pages, and what was bound from them."""

from yiyu.registry.store.schema.columns import date

SCANS = (
    """CREATE TABLE incoming (
        id INTEGER PRIMARY KEY,
        sha256 TEXT NOT NULL UNIQUE,
        path TEXT NOT NULL UNIQUE,
        pages INTEGER NOT NULL CHECK (pages > 0),
        size INTEGER NOT NULL CHECK (size > 0),
        received_at TEXT NOT NULL,
        actor TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE scans (
        file_id INTEGER NOT NULL REFERENCES incoming (id),
        file_page INTEGER NOT NULL CHECK (file_page > 0),
        agreement_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        page INTEGER NOT NULL CHECK (page BETWEEN 1 AND pages),
        pages INTEGER NOT NULL,
        turn INTEGER NOT NULL CHECK (turn IN (0, 90, 180, 270)),
        red TEXT NOT NULL CHECK (red IN ('', 'seen', 'not_seen', 'grey')),
        code TEXT NOT NULL,
        placed_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        PRIMARY KEY (file_id, file_page),
        FOREIGN KEY (agreement_id, kind, version) REFERENCES documents (agreement_id, kind, version)
    ) STRICT""",
    "CREATE INDEX scans_document ON scans (agreement_id, kind, version)",
    """CREATE TABLE bound_scans (
        agreement_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        path TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        pages INTEGER NOT NULL CHECK (pages > 0),
        made_at TEXT NOT NULL,
        PRIMARY KEY (agreement_id, kind, version),
        FOREIGN KEY (agreement_id, kind, version) REFERENCES documents (agreement_id, kind, version)
    ) STRICT""",
)


MERGED = (
    "ALTER TABLE institutions ADD COLUMN merged_into INTEGER REFERENCES institutions (id)",
    "DROP INDEX institutions_code",
    """CREATE UNIQUE INDEX institutions_code ON institutions (kind, code, branch)
        WHERE code <> '' AND merged_into IS NULL""",
)


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
