"""Service lists that change within a term: from which day a version holds, and when it was recorded."""

ITEM_LISTS = (
    "ALTER TABLE items ADD COLUMN valid_from TEXT CHECK (valid_from IS date(valid_from))",
    "ALTER TABLE items ADD COLUMN recorded_at TEXT NOT NULL DEFAULT ''",
    """CREATE INDEX items_changed ON items (agreement_id, list_version, valid_from, recorded_at)
        WHERE list_version > 1""",
)
"""The list an agreement was drafted with is version 1 and has neither: it holds from the first day."""
