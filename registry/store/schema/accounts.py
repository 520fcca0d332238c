"""People who work from a browser. A password is kept as its argon2 hash, an invitation as the SHA-256 of its token."""

ACCOUNTS = (
    """CREATE TABLE accounts (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE CHECK (name <> ''),
        roles TEXT NOT NULL CHECK (roles <> ''),
        district TEXT NOT NULL CHECK (district = '' OR length(district) = 6),
        epoch INTEGER NOT NULL CHECK (epoch > 0),
        password TEXT NOT NULL,
        invite TEXT NOT NULL,
        invited_until TEXT NOT NULL,
        closed INTEGER NOT NULL CHECK (closed IN (0, 1)),
        recorded_at TEXT NOT NULL,
        actor TEXT NOT NULL
    ) STRICT""",
)
