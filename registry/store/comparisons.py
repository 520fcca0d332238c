"""Scanned pages held against what was printed on them, where they differ, and what a person says of it."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from yiyu.registry.lifecycle import VERDICTS
from yiyu.registry.store.opening import insert, within


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """Page ``file_page`` of an incoming file held against a version of a document; ``fits``: it was that page."""

    file_id: int
    file_page: int
    agreement_id: int
    kind: str
    version: int
    fits: bool
    recorded_at: str
    actor: str


@dataclass(frozen=True, slots=True)
class NewDifference:
    """``picture``: the place in the scan, as PNG."""

    kind: str
    printed: str
    read: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """A difference on page ``page`` of a document; ``verdict`` is the last of VERDICTS a person gave, "" for none yet."""

    id: int
    number: str
    agreement_id: int
    document: str
    version: int
    page: int
    file: str
    file_page: int
    kind: str
    printed: str
    read: str
    verdict: str
    reason: str

    @property
    def key(self) -> tuple[int, str, int]:
        """Agreement id, kind and version of the document."""
        return self.agreement_id, self.document, self.version


def put_comparison(db: Database, page: ComparedPage, found: Iterable[NewDifference]) -> list[int]:
    """Record a page and what differs on it; the ids of the differences. Call inside ``changing``."""
    db.table("compared_pages").insert(asdict(page))
    place = {"file_id": page.file_id, "file_page": page.file_page}
    return [insert(db, "differences", place | asdict(one)) for one in found]


def compared_pages(db: Database) -> set[tuple[int, int]]:
    """File and page of all that were compared."""
    return {(row[0], row[1]) for row in db.execute("SELECT file_id, file_page FROM compared_pages")}


_WRONG = "SELECT corrects FROM events WHERE corrects IS NOT NULL"
_VERDICT = f"""SELECT e.{{}} FROM events e WHERE e.agreement_id = s.agreement_id AND e.kind IN {VERDICTS}
    AND e.data ->> 'difference' = d.id AND e.id NOT IN ({_WRONG}) ORDER BY e.id DESC LIMIT 1"""  # noqa: S608 - our own names


def differences(db: Database, agreement_ids: Collection[int] | None = None) -> list[DifferenceRow]:
    """What differs on the pages of these agreements (None: of all), those moved elsewhere since left out."""
    condition, values = within("s.agreement_id", agreement_ids)
    query = f"""
        SELECT d.id, a.number, s.agreement_id, s.kind, s.version, s.page, i.path, d.file_page, d.kind, d.printed, d.read,
            coalesce(({_VERDICT.format("kind")}), ''), coalesce(({_VERDICT.format("note")}), '')
        FROM differences d JOIN compared_pages c USING (file_id, file_page)
        JOIN scans s ON (s.file_id, s.file_page, s.agreement_id, s.kind, s.version)
            = (c.file_id, c.file_page, c.agreement_id, c.kind, c.version)
        JOIN agreements a ON a.id = s.agreement_id JOIN incoming i ON i.id = d.file_id
        WHERE {condition} ORDER BY a.number, s.kind, s.page, d.id
    """  # noqa: S608 - our own names
    return [DifferenceRow(*row) for row in db.execute(query, values)]


def difference_picture(db: Database, key: int) -> bytes:
    """The place of a difference as PNG."""
    row = db.execute("SELECT picture FROM differences WHERE id = ?", [key]).fetchone()
    return bytes(row[0])
