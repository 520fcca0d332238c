"""Pages without a place, kept so that they wait for a person beyond the intake that found them."""

UNPLACED = (
    """CREATE TABLE unplaced (
        file_id INTEGER NOT NULL REFERENCES incoming (id),
        file_page INTEGER NOT NULL CHECK (file_page > 0),
        half TEXT NOT NULL DEFAULT '' CHECK (half IN ('', 'left', 'right', 'top', 'bottom')),
        reason TEXT NOT NULL,
        whole INTEGER NOT NULL CHECK (whole IN (0, 1)),
        number TEXT NOT NULL,
        kind TEXT NOT NULL,
        page INTEGER NOT NULL,
        pages INTEGER NOT NULL,
        recorded_at TEXT NOT NULL,
        set_aside TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (file_id, file_page, half)
    ) STRICT""",
)
"""``set_aside``: by whom and when it was said to belong nowhere."""
