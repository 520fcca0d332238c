"""What was done: activities with their people, evidence and findings; what was waived; figures from elsewhere."""

from yiyu.registry.store.schema.columns import date

_TIME = "CHECK ({0} IS NULL OR {0} = strftime('%H:%M', {0}))"


def _time(column: str) -> str:
    return f"{column} TEXT {_TIME.format(column)}"


ACTIVITIES = (
    f"""CREATE TABLE activities (
        id INTEGER PRIMARY KEY,
        number TEXT NOT NULL UNIQUE,
        {date("on_date")},
        form TEXT NOT NULL,
        {_time("starts_at")},
        {_time("ends_at")},
        minutes INTEGER CHECK (minutes > 0),
        place TEXT NOT NULL,
        topic TEXT NOT NULL,
        organiser TEXT NOT NULL,
        content TEXT NOT NULL,
        advice TEXT NOT NULL,
        summary TEXT NOT NULL,
        handouts TEXT NOT NULL,
        remark TEXT NOT NULL,
        counts TEXT NOT NULL CHECK (counts LIKE '{{%}}'),
        signed_in INTEGER CHECK (signed_in >= 0),
        source TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        {date("voided_on", null=True)},
        void_reason TEXT NOT NULL DEFAULT '',
        version INTEGER NOT NULL DEFAULT 1
    ) STRICT""",
    "CREATE INDEX activities_on ON activities (on_date)",
    """CREATE TABLE activity_agreements (
        activity_id INTEGER NOT NULL REFERENCES activities (id),
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        PRIMARY KEY (activity_id, agreement_id)
    ) STRICT""",
    "CREATE INDEX activity_agreements_agreement ON activity_agreements (agreement_id)",
    """CREATE TABLE activity_items (
        activity_id INTEGER NOT NULL REFERENCES activities (id),
        item TEXT NOT NULL,
        PRIMARY KEY (activity_id, item)
    ) STRICT""",
    f"""CREATE TABLE activity_people (
        activity_id INTEGER NOT NULL REFERENCES activities (id),
        seq INTEGER NOT NULL CHECK (seq > 0),
        name TEXT NOT NULL,
        unit TEXT NOT NULL,
        department TEXT NOT NULL,
        title TEXT NOT NULL,
        {_time("arrives_at")},
        {_time("leaves_at")},
        PRIMARY KEY (activity_id, seq)
    ) STRICT""",
    """CREATE TABLE activity_evidence (
        activity_id INTEGER NOT NULL REFERENCES activities (id),
        seq INTEGER NOT NULL CHECK (seq > 0),
        kind TEXT NOT NULL CHECK (kind IN ('photo', 'sign_in', 'scan', 'material')),
        path TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL,
        PRIMARY KEY (activity_id, seq)
    ) STRICT""",
    f"""CREATE TABLE findings (
        id INTEGER PRIMARY KEY,
        activity_id INTEGER NOT NULL REFERENCES activities (id),
        problem TEXT NOT NULL,
        demand TEXT NOT NULL,
        {date("due_on", null=True)},
        {date("rechecked_on", null=True)},
        outcome TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    "CREATE INDEX findings_activity ON findings (activity_id)",
    "CREATE INDEX activity_evidence_sha256 ON activity_evidence (sha256)",
    """CREATE TABLE sheets (
        agreement_id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        version INTEGER NOT NULL,
        period TEXT NOT NULL,
        duty TEXT NOT NULL DEFAULT '',
        activity_id INTEGER REFERENCES activities (id),
        PRIMARY KEY (agreement_id, kind, version),
        FOREIGN KEY (agreement_id, kind, version) REFERENCES documents (agreement_id, kind, version)
    ) STRICT""",
)

NUMBERS = (
    """CREATE TABLE waivers (
        id INTEGER PRIMARY KEY,
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        duty TEXT NOT NULL,
        period TEXT NOT NULL,
        reason TEXT NOT NULL CHECK (reason <> ''),
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        UNIQUE (agreement_id, duty, period)
    ) STRICT""",
    """CREATE TABLE figures (
        id INTEGER PRIMARY KEY,
        district TEXT NOT NULL,
        year INTEGER NOT NULL,
        indicator TEXT NOT NULL,
        numerator REAL,
        denominator REAL,
        percent REAL,
        source TEXT NOT NULL CHECK (source <> ''),
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        CHECK (percent IS NOT NULL OR (numerator IS NOT NULL AND denominator > 0))
    ) STRICT""",
    "CREATE INDEX figures_of ON figures (district, year, indicator)",
    f"""CREATE TABLE assessments (
        id INTEGER PRIMARY KEY,
        institution_id INTEGER NOT NULL REFERENCES institutions (id),
        year INTEGER NOT NULL,
        step TEXT NOT NULL CHECK (step IN ('self_assessed', 'guided', 'rectified', 'summarised')),
        {date("on_date")},
        problems INTEGER CHECK (problems >= 0),
        note TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL
    ) STRICT""",
    f"""CREATE TABLE work_progress (
        id INTEGER PRIMARY KEY,
        district TEXT NOT NULL,
        task TEXT NOT NULL,
        {date("on_date")},
        status TEXT NOT NULL CHECK (status IN ('not_started', 'going', 'done')),
        note TEXT NOT NULL,
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL
    ) STRICT""",
)

EVIDENCE_LATER = (
    "ALTER TABLE activity_evidence ADD COLUMN recorded_at TEXT NOT NULL DEFAULT ''",
    """UPDATE activity_evidence
        SET recorded_at = (SELECT recorded_at FROM activities WHERE activities.id = activity_id)""",
    "CREATE INDEX events_editing ON events (id) WHERE kind = 'activity_edited'",
)
"""Evidence that comes after its activity has a moment of its own; corrections of activities are found by themselves."""

OTHER_COLUMNS = ("ALTER TABLE activities ADD COLUMN others TEXT NOT NULL DEFAULT '{}' CHECK (others LIKE '{%}')",)
"""What a register said under headings that have no field, by heading."""

WITHOUT_AGREEMENT = (
    "ALTER TABLE activities ADD COLUMN institutions TEXT NOT NULL DEFAULT '[]' CHECK (institutions LIKE '[%]')",
    "CREATE INDEX events_drawing ON events (id) WHERE kind = 'drawn'",
)
"""Work that belongs to institutions, by id, rather than to agreements; draws by lot are found by themselves."""

ASSESSMENT_FORMS = (
    "ALTER TABLE assessments ADD COLUMN score REAL CHECK (score >= 0)",
    "ALTER TABLE assessments ADD COLUMN grade TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE assessments ADD COLUMN items TEXT NOT NULL DEFAULT '{}' CHECK (items LIKE '{%}')",
)
"""What a self-assessment's form says: score, class, and its items by heading."""
