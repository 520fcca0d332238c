"""Files that came in, the place of each of their pages, and what was bound from them."""

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
