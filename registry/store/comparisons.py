"""Scanned pages held against what was printed on them, where they differ, what a person says of it, and places to sign."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from yiyu.registry.lifecycle import VERDICTS
from yiyu.registry.store.opening import insert, within


@dataclass(frozen=True, slots=True)
class ComparedPage:
    """Page ``file_page`` of an incoming file, or a ``half`` of it, held against a version of a document.

    ``fits``: it was that page.
    """

    file_id: int
    file_page: int
    half: str
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
    """A difference on page ``page`` of a document; ``verdict`` is the last of VERDICTS a person gave, "" for none yet.

    ``half`` of page ``file_page`` that was read, "" for all of it.
    """

    id: int
    number: str
    agreement_id: int
    document: str
    version: int
    page: int
    file: str
    file_page: int
    half: str
    kind: str
    printed: str
    read: str
    verdict: str
    reason: str

    @property
    def key(self) -> tuple[int, str, int]:
        """Agreement id, kind and version of the document."""
        return self.agreement_id, self.document, self.version


@dataclass(frozen=True, slots=True)
class NewSigningPlace:
    """What was seen where ``party`` signs ("" where it has no line for that) and seals: filled, empty or unclear."""

    party: str
    signature: str
    seal: str


@dataclass(frozen=True, slots=True)
class SigningRow:
    """What was seen where ``party`` signs and seals page ``page`` of a document; no ``signature`` where it has no line."""

    number: str
    agreement_id: int
    document: str
    version: int
    page: int
    party: str
    signature: str | None
    seal: str
    recorded_at: str

    @property
    def key(self) -> tuple[int, str, int]:
        """Agreement id, kind and version of the document."""
        return self.agreement_id, self.document, self.version


def put_comparison(
    db: Database, page: ComparedPage, found: Iterable[NewDifference], signing: Iterable[NewSigningPlace] = ()
) -> list[int]:
    """Record a page, what differs on it and what is in its places to sign; the ids of the differences.

    Call inside ``changing``.
    """
    db.table("compared_pages").insert(asdict(page))
    place = {"file_id": page.file_id, "file_page": page.file_page, "half": page.half}
    db.table("signing_places").insert_all(place | asdict(one) for one in signing)
    return [insert(db, "differences", place | asdict(one)) for one in found]


def compared_pages(db: Database) -> set[tuple[int, int, str]]:
    """File, page and half of all that were compared."""
    return {(row[0], row[1], row[2]) for row in db.execute("SELECT file_id, file_page, half FROM compared_pages")}


_WRONG = "SELECT corrects FROM events WHERE corrects IS NOT NULL"
_VERDICT = f"""SELECT e.{{}} FROM events e WHERE e.agreement_id = s.agreement_id AND e.kind IN {VERDICTS}
    AND e.data ->> 'difference' = d.id AND e.id NOT IN ({_WRONG}) ORDER BY e.id DESC LIMIT 1"""  # noqa: S608 - our own names


_PLACED = """compared_pages c
        JOIN scans s ON (s.file_id, s.file_page, s.agreement_id, s.kind, s.version)
            = (c.file_id, c.file_page, c.agreement_id, c.kind, c.version)
            AND (s.half = c.half OR c.half = '' AND NOT EXISTS (SELECT 1 FROM compared_pages own
                WHERE (own.file_id, own.file_page, own.half) = (s.file_id, s.file_page, s.half)))
        JOIN agreements a ON a.id = s.agreement_id"""
"""What was compared and is still placed as it was. A sheet compared whole and cut in two later speaks for the half it was."""


def differences(db: Database, agreement_ids: Collection[int] | None = None) -> list[DifferenceRow]:
    """What differs on the pages of these agreements (None: of all), those moved elsewhere since left out."""
    condition, values = within("s.agreement_id", agreement_ids)
    query = f"""
        SELECT d.id, a.number, s.agreement_id, s.kind, s.version, s.page, i.path, d.file_page, d.half, d.kind, d.printed, d.read,
            coalesce(({_VERDICT.format("kind")}), ''), coalesce(({_VERDICT.format("note")}), '')
        FROM {_PLACED} JOIN incoming i ON i.id = c.file_id
        JOIN differences d ON (d.file_id, d.file_page, d.half) = (c.file_id, c.file_page, c.half)
        WHERE {condition} ORDER BY a.number, s.kind, s.page, d.id
    """  # noqa: S608 - our own names
    return [DifferenceRow(*row) for row in db.execute(query, values)]


def signing_places(db: Database, agreement_ids: Collection[int] | None = None) -> list[SigningRow]:
    """What is in the places to sign of these agreements (None: of all), by the newest scan of each page that was compared."""
    condition, values = within("s.agreement_id", agreement_ids)
    query = f"""
        SELECT a.number, s.agreement_id, s.kind, s.version, s.page, p.party, nullif(p.signature, ''), p.seal, c.recorded_at
        FROM {_PLACED}
        JOIN signing_places p ON (p.file_id, p.file_page, p.half) = (c.file_id, c.file_page, c.half)
        WHERE {condition} ORDER BY a.number, s.kind, s.version, s.page, p.rowid, c.file_id
    """  # noqa: S608 - our own names
    newest = {(row[1:6]): SigningRow(*row) for row in db.execute(query, values)}
    return list(newest.values())


def difference_picture(db: Database, key: int) -> bytes:
    """The place of a difference as PNG."""
    row = db.execute("SELECT picture FROM differences WHERE id = ?", [key]).fetchone()
    return bytes(row[0])
