"""Pages that an intake found no place for, until a person places them or says that they belong nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class UnplacedRow:
    """Page ``file_page``, or a ``half`` of it, of the file kept under ``path``; ``whole``: all of the file is meant.

    ``number``, ``kind``, ``page`` of ``pages``: what it may be, "" and 0 where nothing tells.
    """

    path: str
    file_page: int
    half: str
    reason: str
    whole: bool
    number: str
    kind: str
    page: int
    pages: int
    recorded_at: str
    actor: str = ""
    """Who brought the file in."""


def put_unplaced(db: Database, rows: Iterable[UnplacedRow]) -> None:
    """Remember pages, each once however often its file comes; what was set aside stays so. Call inside ``changing``."""
    sql = """INSERT OR IGNORE INTO unplaced
        (file_id, file_page, half, reason, whole, number, kind, page, pages, recorded_at)
        SELECT id, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM incoming WHERE path = ?"""
    db.conn.executemany(
        sql,
        (
            (r.file_page, r.half, r.reason, int(r.whole), r.number, r.kind, r.page, r.pages, r.recorded_at, r.path)
            for r in rows
        ),
    )


def unplaced_pages(db: Database) -> list[UnplacedRow]:
    """Those that have no place yet and were not set aside, the newest file first, its pages in order."""
    query = """SELECT i.path, u.file_page, u.half, u.reason, u.whole, u.number, u.kind, u.page, u.pages, u.recorded_at, i.actor
        FROM unplaced u JOIN incoming i ON i.id = u.file_id
        WHERE u.set_aside = '' AND NOT EXISTS (SELECT 1 FROM scans s
            WHERE s.file_id = u.file_id AND s.file_page = u.file_page AND (s.half = u.half OR '' IN (s.half, u.half)))
        ORDER BY u.file_id DESC, u.file_page, u.half"""
    found = db.execute(query)
    return [UnplacedRow(path, at, half, why, bool(whole), *rest) for path, at, half, why, whole, *rest in found]


def set_aside(db: Database, path: str, file_page: int, half: str, said: str) -> bool:
    """Say that a page belongs nowhere, ``said`` by whom and when; False where there is none. Call inside ``changing``."""
    sql = """UPDATE unplaced SET set_aside = ? WHERE set_aside = '' AND file_page = ? AND half = ?
        AND file_id = (SELECT id FROM incoming WHERE path = ?)"""
    return db.execute(sql, [said, file_page, half, path]).rowcount > 0
