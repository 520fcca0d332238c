"""The tables, as named migrations. A released migration is never edited; a change is a new one."""

from sqlite_utils import Database, Migrations

APPLICATION_ID = 0x59495955
"""``YIYU`` in ASCII; tells our registry from any other SQLite file."""

migrations = Migrations("yiyu")

_DATE = "CHECK ({0} IS date({0}))"


def _date(column: str, *, null: bool = False) -> str:
    """A column for an ISO date; SQLite's own date() refuses 30 February by answering another day."""
    return f"{column} TEXT {'' if null else 'NOT NULL '}{_DATE.format(column)}"


def _statements(*statements: str) -> tuple[str, ...]:
    return statements


_INSTITUTIONS = _statements(
    """CREATE TABLE institutions (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL CHECK (kind IN ('medical', 'childcare')),
        code TEXT NOT NULL,
        branch TEXT NOT NULL,
        category TEXT NOT NULL,
        nature TEXT NOT NULL,
        district TEXT NOT NULL,
        town TEXT NOT NULL,
        address TEXT NOT NULL,
        contact TEXT NOT NULL,
        phone TEXT NOT NULL,
        grade TEXT NOT NULL,
        inclusive INTEGER CHECK (inclusive IN (0, 1)),
        staff INTEGER CHECK (staff >= 0),
        health_workers INTEGER CHECK (health_workers >= 0),
        remark TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 1
    ) STRICT""",
    "CREATE UNIQUE INDEX institutions_code ON institutions (kind, code, branch) WHERE code <> ''",
    f"""CREATE TABLE institution_facts (
        id INTEGER PRIMARY KEY,
        institution_id INTEGER NOT NULL REFERENCES institutions (id),
        fact TEXT NOT NULL CHECK (fact IN (
            'name', 'legal_person', 'filed', 'filed_on', 'filing_no', 'places', 'enrolled', 'closed_on')),
        value TEXT,
        {_date("valid_from")},
        recorded_at TEXT NOT NULL,
        source TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX institution_facts_current ON institution_facts (institution_id, fact, valid_from)",
)

_AGREEMENTS = _statements(
    f"""CREATE TABLE agreements (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        series TEXT NOT NULL,
        serial INTEGER NOT NULL CHECK (serial > 0),
        variant TEXT NOT NULL CHECK (variant IN ('JC', 'FY', 'ZY', 'YL', 'SF', 'TB')),
        pack TEXT NOT NULL,
        district TEXT NOT NULL,
        {_date("starts_on")},
        {_date("ends_on")},
        months INTEGER NOT NULL CHECK (months > 0),
        mode TEXT NOT NULL CHECK (mode IN ('visit', 'resident', 'both')),
        renewal TEXT NOT NULL CHECK (renewal IN ('none', 'negotiate', 'auto_once', 'auto')),
        notice_days INTEGER NOT NULL CHECK (notice_days >= 0),
        copies INTEGER NOT NULL CHECK (copies > 0),
        renews_id INTEGER REFERENCES agreements (id),
        version INTEGER NOT NULL DEFAULT 1,
        UNIQUE (series, serial),
        CHECK (ends_on >= starts_on)
    ) STRICT""",
    "CREATE INDEX agreements_ends_on ON agreements (ends_on)",
    "CREATE INDEX agreements_renews ON agreements (renews_id) WHERE renews_id IS NOT NULL",
    """CREATE TABLE parties (
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        role TEXT NOT NULL CHECK (role IN ('甲', '乙', '丙', '丁')),
        institution_id INTEGER NOT NULL REFERENCES institutions (id),
        snapshot TEXT NOT NULL CHECK (snapshot LIKE '{%}'),
        PRIMARY KEY (agreement_id, role)
    ) STRICT""",
    "CREATE INDEX parties_institution ON parties (institution_id)",
    """CREATE TABLE items (
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        list_version INTEGER NOT NULL CHECK (list_version > 0),
        seq INTEGER NOT NULL CHECK (seq > 0),
        item TEXT NOT NULL CHECK (item LIKE '{%}'),
        PRIMARY KEY (agreement_id, list_version, seq)
    ) STRICT""",
)

_EVENTS = _statements(
    f"""CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL,
        party TEXT NOT NULL,
        {_date("on_date")},
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        note TEXT NOT NULL,
        corrects INTEGER REFERENCES events (id),
        data TEXT NOT NULL CHECK (data LIKE '{{%}}'),
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX events_agreement ON events (agreement_id, on_date)",
    "CREATE INDEX events_signed ON events (agreement_id, party, on_date) WHERE kind = 'signed'",
    "CREATE INDEX events_moving_the_end ON events (agreement_id) WHERE kind IN ('extended', 'supplemented')",
    "CREATE INDEX events_corrected ON events (agreement_id) WHERE kind = 'corrected'",
    "CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    "CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are append-only'); END",
    """CREATE TABLE documents (
        id INTEGER PRIMARY KEY,
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL CHECK (kind IN ('agreement', 'service_list', 'activity_record')),
        version INTEGER NOT NULL CHECK (version > 0),
        path TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        template_sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        made_at TEXT NOT NULL,
        UNIQUE (agreement_id, kind, version)
    ) STRICT""",
)

_SCANS = _statements(
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


@migrations(name="0001_registry")
def _registry(db: Database) -> None:
    for statement in (*_INSTITUTIONS, *_AGREEMENTS, *_EVENTS):
        db.execute(statement)


@migrations(name="0002_scans")
def _scans(db: Database) -> None:
    for statement in _SCANS:
        db.execute(statement)
