"""Institutions, agreements, their events and documents."""

from yiyu.registry.store.schema.columns import date

INSTITUTIONS = (
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
        {date("valid_from")},
        recorded_at TEXT NOT NULL,
        source TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX institution_facts_current ON institution_facts (institution_id, fact, valid_from)",
)

AGREEMENTS = (
    f"""CREATE TABLE agreements (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        series TEXT NOT NULL,
        serial INTEGER NOT NULL CHECK (serial > 0),
        variant TEXT NOT NULL CHECK (variant IN ('JC', 'FY', 'ZY', 'YL', 'SF', 'TB')),
        pack TEXT NOT NULL,
        district TEXT NOT NULL,
        {date("starts_on")},
        {date("ends_on")},
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

EVENTS = (
    f"""CREATE TABLE events (
        id INTEGER PRIMARY KEY,
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        kind TEXT NOT NULL,
        party TEXT NOT NULL,
        {date("on_date")},
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
