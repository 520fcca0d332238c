"""An institution that turned out to be another one: its row stays and points to the one that is kept."""

MERGED = (
    "ALTER TABLE institutions ADD COLUMN merged_into INTEGER REFERENCES institutions (id)",
    "DROP INDEX institutions_code",
    """CREATE UNIQUE INDEX institutions_code ON institutions (kind, code, branch)
        WHERE code <> '' AND merged_into IS NULL""",
)
