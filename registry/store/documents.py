"""Which files were made for which agreement, with their fixity."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from yiyu.registry.store.opening import within


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
