"""Every file the registry names in the archive: scans as they came, documents bound from them, evidence of activities."""

from dataclasses import dataclass

from sqlite_utils import Database

INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """``path`` is relative to the workspace; ``numbers`` of every agreement it has something of, in order.

    ``kind``: INCOMING, a value of DocKind, or a key of EVIDENCE_LABEL. ``code``: the 档号, "" where it has none.
    """

    path: str
    sha256: str
    size: int
    kind: str
    pages: int | None = None
    numbers: tuple[str, ...] = ()
    code: str = ""


_INCOMING = """
    SELECT i.path, i.sha256, i.size, 'incoming', i.pages, '', a.number
    FROM incoming i LEFT JOIN scans s ON s.file_id = i.id LEFT JOIN agreements a ON a.id = s.agreement_id"""
# Records of a pair are one 件 for each year: which, only a single one tells.
_BOUND = """
    SELECT b.path, b.sha256, b.size, b.kind, b.pages, coalesce((
        SELECT min(t.code) FROM archive_items t
        WHERE t.agreement_id = b.agreement_id
            AND t.unit = CASE WHEN b.kind = 'activity_record' THEN 'records' ELSE 'agreement' END
        HAVING count(*) = 1), ''), a.number
    FROM bound_scans b JOIN agreements a ON a.id = b.agreement_id"""
_EVIDENCE = """
    SELECT e.path, e.sha256, e.size, e.kind, NULL, '', a.number
    FROM activity_evidence e
    LEFT JOIN activity_agreements p ON p.activity_id = e.activity_id LEFT JOIN agreements a ON a.id = p.agreement_id"""


def archived_files(db: Database) -> list[ArchivedFile]:
    """All of them by path; one that serves several activities once."""
    numbers: dict[ArchivedFile, dict[str, None]] = {}
    for *facts, number in db.execute(f"{_INCOMING} UNION {_BOUND} UNION {_EVIDENCE} ORDER BY 1, 7"):
        path, sha256, size, kind, pages, code = facts
        one = ArchivedFile(path, sha256, size, kind, pages, code=code)
        numbers.setdefault(one, {}).update({number: None} if number else {})
    return [
        ArchivedFile(one.path, one.sha256, one.size, one.kind, one.pages, tuple(found), one.code)
        for one, found in numbers.items()
    ]
