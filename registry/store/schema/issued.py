"""What was issued: one row for each report that went out, beside its event; never changed, never deleted."""

from yiyu.registry.store.schema.columns import date

ISSUED = (
    f"""CREATE TABLE issued_reports (
        event_id INTEGER PRIMARY KEY REFERENCES events (id),
        number TEXT NOT NULL UNIQUE,
        form TEXT NOT NULL CHECK (form IN ('bulletin', 'year')),
        period TEXT NOT NULL,
        district TEXT NOT NULL CHECK (district = '' OR district GLOB '[0-9][0-9][0-9][0-9][0-9][0-9]'),
        {date("as_of")},
        {date("issued_on")},
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL,
        replaces TEXT REFERENCES issued_reports (number),
        path TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        size INTEGER NOT NULL CHECK (size > 0),
        figures TEXT NOT NULL CHECK (figures LIKE '{{%}}'),
        frozen BLOB NOT NULL,
        frozen_sha256 TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX issued_reports_of ON issued_reports (form, period, district)",
    *(
        f"CREATE TRIGGER issued_reports_no_{what.lower()} BEFORE {what} ON issued_reports"
        " BEGIN SELECT RAISE(ABORT, 'what was issued stays as it was'); END"
        for what in ("UPDATE", "DELETE")
    ),
)
