"""What an agreement said of its parties before it followed the registry."""

FORMER_PARTIES = (
    """CREATE TABLE former_parties (
        id INTEGER PRIMARY KEY,
        agreement_id INTEGER NOT NULL REFERENCES agreements (id),
        role TEXT NOT NULL CHECK (role IN ('甲', '乙', '丙', '丁')),
        snapshot TEXT NOT NULL CHECK (snapshot LIKE '{%}'),
        replaced_at TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX former_parties_agreement ON former_parties (agreement_id, role)",
)
"""Without 联系人 and 电话, so that erasing them has no second place to look in."""
