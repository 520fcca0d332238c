"""The second strand of the chain: what each change left in each row, and a link that seals the entries of one change."""

ROW_CHANGES = (
    """CREATE TABLE chain_links (
        id INTEGER PRIMARY KEY,
        events INTEGER NOT NULL CHECK (events >= 0),
        last_hash TEXT NOT NULL,
        digest TEXT NOT NULL,
        previous_hash TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX chain_links_events ON chain_links (events)",
    """CREATE TABLE row_changes (
        id INTEGER PRIMARY KEY,
        link_id INTEGER NOT NULL,
        table_name TEXT NOT NULL,
        row_key TEXT NOT NULL,
        digest BLOB NOT NULL
    ) STRICT""",
    *(
        f"CREATE TRIGGER {table}_no_{what.lower()} BEFORE {what} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in ("chain_links", "row_changes")
        for what in ("UPDATE", "DELETE")
    ),
)
"""``row_changes.link_id`` has no foreign key: the link is written after its entries, once their digest is known."""

SEALS = (
    """CREATE TABLE chain_seals (
        id INTEGER PRIMARY KEY,
        link_id INTEGER NOT NULL REFERENCES chain_links (id),
        sealed_at TEXT NOT NULL,
        actor TEXT NOT NULL,
        mac TEXT NOT NULL
    ) STRICT""",
)
"""A row as any other: the next link tells of it."""
