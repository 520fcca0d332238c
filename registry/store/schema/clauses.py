"""Which versions of clauses a document holds, with their words: a library that is edited does not change what was printed."""

CLAUSES = (
    "ALTER TABLE documents ADD COLUMN clauses TEXT",
    """CREATE TABLE clause_texts (
        clause_set TEXT NOT NULL,
        seq INTEGER NOT NULL,
        code TEXT NOT NULL,
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        pack TEXT NOT NULL,
        version TEXT NOT NULL,
        since TEXT NOT NULL,
        source TEXT NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (clause_set, seq)
    ) STRICT""",
)
"""``documents.clauses`` names a set; "" is a form without clauses, NULL a document made before sets were kept."""
