"""The clauses documents hold: a set is kept once, whatever number of documents hold it."""

from collections.abc import Sequence

from sqlite_utils import Database

from yiyu.registry.packs.clauses import ClauseText
from yiyu.registry.store.record_sheets import DocumentRow

_COLUMNS = tuple(ClauseText.__dataclass_fields__)


def keep_clause_set(db: Database, name: str, clauses: Sequence[ClauseText]) -> None:
    """Keep a set under the name documents give it; call inside ``changing``."""
    rows = (
        {"clause_set": name, "seq": seq} | {c: getattr(one, c) for c in _COLUMNS} for seq, one in enumerate(clauses)
    )
    db.table("clause_texts").insert_all(rows, ignore=True)


def hold_clause_set(db: Database, row: DocumentRow, name: str) -> None:
    """Say of a document which set it holds; call inside ``changing``."""
    place = [name, row.agreement_id, row.kind, row.version]
    db.execute("UPDATE documents SET clauses = ? WHERE agreement_id = ? AND kind = ? AND version = ?", place)


def clause_set(db: Database, name: str) -> tuple[ClauseText, ...]:
    query = f"SELECT {', '.join(_COLUMNS)} FROM clause_texts WHERE clause_set = ? ORDER BY seq"  # noqa: S608 - our own names
    return tuple(ClauseText(*row) for row in db.execute(query, [name]))


def sets_with(db: Database, code: str) -> dict[str, ClauseText]:
    """The version of clause ``code`` in each set that has one."""
    query = f"SELECT clause_set, {', '.join(_COLUMNS)} FROM clause_texts WHERE code = ?"  # noqa: S608 - our own names
    return {name: ClauseText(*row) for name, *row in db.execute(query, [code])}
