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


_OF_A_DOCUMENT = """document_version INTEGER GENERATED ALWAYS AS (nullif(version, 0)) VIRTUAL,
        FOREIGN KEY (agreement_id, kind, document_version) REFERENCES documents (agreement_id, kind, version)"""
"""Version 0 is paper that no document of ours was printed on: it refers to its agreement alone."""

_SCAN_COLUMNS = "file_id, file_page, agreement_id, kind, version, page, pages, turn, red, code, placed_at, actor"
_BOUND_COLUMNS = "agreement_id, kind, version, path, sha256, size, pages, made_at"

OLD_PAPER = (
    f"""CREATE TABLE scans_new (
        file_id INTEGER NOT NULL REFERENCES incoming (id),
        file_page INTEGER NOT NULL CHECK (file_page > 0),
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version >= 0),
        page INTEGER NOT NULL CHECK (page BETWEEN 1 AND pages),
        pages INTEGER NOT NULL,
        turn INTEGER NOT NULL CHECK (turn IN (0, 90, 180, 270)),
        red TEXT NOT NULL CHECK (red IN ('', 'seen', 'not_seen', 'grey')),
        code TEXT NOT NULL,
        placed_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        {_OF_A_DOCUMENT},
        PRIMARY KEY (file_id, file_page)
    ) STRICT""",
    f"INSERT INTO scans_new ({_SCAN_COLUMNS}) SELECT {_SCAN_COLUMNS} FROM scans",  # noqa: S608 - our own names
    "DROP TABLE scans",
    "ALTER TABLE scans_new RENAME TO scans",
    "CREATE INDEX scans_document ON scans (agreement_id, kind, version)",
    f"""CREATE TABLE bound_scans_new (
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version >= 0),
        path TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        pages INTEGER NOT NULL CHECK (pages > 0),
        made_at TEXT NOT NULL,
        {_OF_A_DOCUMENT},
        PRIMARY KEY (agreement_id, kind, version)
    ) STRICT""",
    f"INSERT INTO bound_scans_new ({_BOUND_COLUMNS}) SELECT {_BOUND_COLUMNS} FROM bound_scans",  # noqa: S608 - our own names
    "DROP TABLE bound_scans",
    "ALTER TABLE bound_scans_new RENAME TO bound_scans",
)

COMPARED = (
    """CREATE TABLE compared_pages (
        file_id INTEGER NOT NULL REFERENCES incoming (id),
        file_page INTEGER NOT NULL CHECK (file_page > 0),
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        fits INTEGER NOT NULL CHECK (fits IN (0, 1)),
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        PRIMARY KEY (file_id, file_page)
    ) STRICT""",
    """CREATE TABLE differences (
        id INTEGER PRIMARY KEY,
        file_id INTEGER NOT NULL,
        file_page INTEGER NOT NULL,
        kind TEXT NOT NULL,
        printed TEXT NOT NULL,
        read TEXT NOT NULL,
        picture BLOB NOT NULL,
        FOREIGN KEY (file_id, file_page) REFERENCES compared_pages (file_id, file_page)
    ) STRICT""",
    "CREATE INDEX differences_page ON differences (file_id, file_page)",
)


HALVES = (
    f"""CREATE TABLE scans_of_halves (
        file_id INTEGER NOT NULL REFERENCES incoming (id),
        file_page INTEGER NOT NULL CHECK (file_page > 0),
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version >= 0),
        page INTEGER NOT NULL CHECK (page BETWEEN 1 AND pages),
        pages INTEGER NOT NULL,
        turn INTEGER NOT NULL CHECK (turn IN (0, 90, 180, 270)),
        red TEXT NOT NULL CHECK (red IN ('', 'seen', 'not_seen', 'grey')),
        code TEXT NOT NULL,
        placed_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        half TEXT NOT NULL DEFAULT '' CHECK (half IN ('', 'left', 'right', 'top', 'bottom')),
        {_OF_A_DOCUMENT},
        PRIMARY KEY (file_id, file_page, half)
    ) STRICT""",
    f"INSERT INTO scans_of_halves ({_SCAN_COLUMNS}) SELECT {_SCAN_COLUMNS} FROM scans",  # noqa: S608 - our own names
    "DROP TABLE scans",
    "ALTER TABLE scans_of_halves RENAME TO scans",
    "CREATE INDEX scans_document ON scans (agreement_id, kind, version)",
)


COMPARED_HALVES = (
    """CREATE TABLE compared_halves (
        file_id INTEGER NOT NULL REFERENCES incoming (id),
        file_page INTEGER NOT NULL CHECK (file_page > 0),
        half TEXT NOT NULL DEFAULT '' CHECK (half IN ('', 'left', 'right', 'top', 'bottom')),
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        fits INTEGER NOT NULL CHECK (fits IN (0, 1)),
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        PRIMARY KEY (file_id, file_page, half)
    ) STRICT""",
    """INSERT INTO compared_halves (file_id, file_page, agreement_id, kind, version, fits, recorded_at, actor)
        SELECT file_id, file_page, agreement_id, kind, version, fits, recorded_at, actor FROM compared_pages""",
    """CREATE TABLE differences_of_halves (
        id INTEGER PRIMARY KEY,
        file_id INTEGER NOT NULL,
        file_page INTEGER NOT NULL,
        half TEXT NOT NULL DEFAULT '',
        kind TEXT NOT NULL,
        printed TEXT NOT NULL,
        read TEXT NOT NULL,
        picture BLOB NOT NULL,
        FOREIGN KEY (file_id, file_page, half) REFERENCES compared_halves (file_id, file_page, half)
    ) STRICT""",
    """INSERT INTO differences_of_halves (id, file_id, file_page, kind, printed, read, picture)
        SELECT id, file_id, file_page, kind, printed, read, picture FROM differences""",
    "DROP TABLE differences",
    "DROP TABLE compared_pages",
    "ALTER TABLE compared_halves RENAME TO compared_pages",
    "ALTER TABLE differences_of_halves RENAME TO differences",
    "CREATE INDEX differences_page ON differences (file_id, file_page, half)",
    """CREATE TABLE signing_places (
        file_id INTEGER NOT NULL,
        file_page INTEGER NOT NULL,
        half TEXT NOT NULL DEFAULT '',
        party TEXT NOT NULL,
        signature TEXT NOT NULL CHECK (signature IN ('', 'filled', 'empty', 'unclear')),
        seal TEXT NOT NULL CHECK (seal IN ('filled', 'empty', 'unclear')),
        PRIMARY KEY (file_id, file_page, half, party),
        FOREIGN KEY (file_id, file_page, half) REFERENCES compared_pages (file_id, file_page, half)
    ) STRICT""",
)
"""Half a sheet is compared as any page; what was seen in the places to sign is kept beside."""
