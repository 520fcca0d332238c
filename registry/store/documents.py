"""Which files were made for which agreement, with their fixity."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database


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


def all_documents(db: Database) -> list[DocumentRow]:
    """Every version of every document, older ones first."""
    columns = ", ".join(DocumentRow.__dataclass_fields__)
    rows = db.execute(f"SELECT {columns} FROM documents ORDER BY version")  # noqa: S608 - names of our own fields
    return [DocumentRow(*row) for row in rows]


def current_documents(db: Database) -> dict[tuple[int, str], DocumentRow]:
    """The newest version of each document, by agreement id and kind."""
    return {(row.agreement_id, row.kind): row for row in all_documents(db)}


def add_documents(db: Database, rows: Iterable[DocumentRow]) -> None:
    """Insert the rows of one batch; call inside ``changing`` after the files stand under their final names."""
    db.table("documents").insert_all(
        {name: getattr(row, name) for name in DocumentRow.__dataclass_fields__} for row in rows
    )
