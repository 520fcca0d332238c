"""Generated documents, and the 活动记录表 that were printed to be filled in by hand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from yiyu.registry.model import DocKind
from yiyu.registry.store.opening import within


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """One version of the record sheet of an agreement.

    ``period`` and ``duty`` are "" where it was made without a thought of either, ``activity`` is the number of the one
    it tells of, or "", ``scan`` the path of its bound scan from the workspace, or "".
    """

    agreement_id: int
    number: str
    version: int
    sha256: str
    path: str
    period: str
    duty: str
    activity: str
    scan: str


_SELECT = """
SELECT d.agreement_id, a.number, d.version, d.sha256, d.path, coalesce(s.period, ''), coalesce(s.duty, ''),
       coalesce(v.number, ''), coalesce(b.path, '')
FROM documents d JOIN agreements a ON a.id = d.agreement_id
LEFT JOIN sheets s USING (agreement_id, kind, version)
LEFT JOIN activities v ON v.id = s.activity_id
LEFT JOIN bound_scans b USING (agreement_id, kind, version)
"""


def record_sheets(db: Database, agreement_ids: Collection[int] | None = None) -> list[RecordSheet]:
    """Every version of every record sheet, or of those of these agreements, by agreement number and version."""
    condition, values = within("d.agreement_id", agreement_ids)
    query = f"{_SELECT} WHERE d.kind = :kind AND {condition} ORDER BY a.number, d.version"
    return [RecordSheet(*row) for row in db.execute(query, values | {"kind": str(DocKind.ACTIVITY_RECORD)})]


def add_record_sheet(db: Database, agreement_id: int, version: int, *, period: str, duty: str) -> None:
    """Say what a version was made for; call inside ``changing`` after its document is recorded."""
    row = {"agreement_id": agreement_id, "kind": str(DocKind.ACTIVITY_RECORD), "version": version}
    db.table("sheets").insert(row | {"period": period, "duty": duty})


def tie_record_sheet(db: Database, sheet: RecordSheet, activity_id: int) -> None:
    """Say which activity a sheet tells of; call inside ``changing``."""
    db.execute(
        "INSERT INTO sheets (agreement_id, kind, version, period, activity_id) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET activity_id = excluded.activity_id",
        [sheet.agreement_id, str(DocKind.ACTIVITY_RECORD), sheet.version, sheet.period, activity_id],
    )


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One generated file; ``path`` is relative to the workspace, with forward slashes."""

    agreement_id: int
    kind: str
    version: int
    path: str
    sha256: str
    template_sha256: str
    size: int
    made_at: str
    clauses: str | None = None
    """The name of the set of clauses it holds; "" for none, None where that was not kept yet."""


def all_documents(db: Database, ids: Iterable[int] | None = None) -> list[DocumentRow]:
    """Every version of every document, or of those of the agreements ``ids``, older ones first."""
    columns = ", ".join(DocumentRow.__dataclass_fields__)
    condition, values = within("agreement_id", ids)
    rows = db.execute(f"SELECT {columns} FROM documents WHERE {condition} ORDER BY version", values)  # noqa: S608 - names of our own fields
    return [DocumentRow(*row) for row in rows]


def current_documents(db: Database, ids: Iterable[int] | None = None) -> dict[tuple[int, str], DocumentRow]:
    """The newest version of each document, of all agreements or of ``ids``, by agreement id and kind."""
    return {(row.agreement_id, row.kind): row for row in all_documents(db, ids)}


def plain_documents(db: Database, ids: Iterable[int] | None = None) -> dict[tuple[int, str], DocumentRow]:
    """The newest version of each document, record sheets left out that were prefilled for a period."""
    query = "SELECT agreement_id, kind, version FROM sheets WHERE period <> ''"
    prefilled = set(map(tuple, db.execute(query)))
    rows = (row for row in all_documents(db, ids) if (row.agreement_id, row.kind, row.version) not in prefilled)
    return {(row.agreement_id, row.kind): row for row in rows}


def add_documents(db: Database, rows: Iterable[DocumentRow]) -> None:
    """Insert the rows of one batch; call inside ``changing`` after the files stand under their final names."""
    db.table("documents").insert_all(
        {name: getattr(row, name) for name in DocumentRow.__dataclass_fields__} for row in rows
    )
