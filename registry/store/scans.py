"""Scans that came in, which page of which document each of their pages is, and the documents bound from them."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, fields

from sqlite_utils import Database

from yiyu.registry.model import DocKind
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.opening import insert, within
from yiyu.registry.store.record_sheets import current_documents, record_sheets

OLD = 0
"""The version of paper from before: no document of ours was printed on it."""


@dataclass(frozen=True, slots=True)
class IncomingRow:
    """A file as it was handed in; ``path`` of its copy is relative to the workspace."""

    id: int
    sha256: str
    path: str
    pages: int
    size: int
    received_at: str
    actor: str


@dataclass(frozen=True, slots=True)
class ScanRow:
    """Page ``file_page`` of an incoming file is page ``page`` of ``pages`` of one version of a document, or of OLD paper.

    ``turn`` sets it upright, clockwise on top of how a viewer shows it. ``red``: a value of Red, "" where nobody looked.
    ``code``: what was read off it, "" where a person placed it. ``half`` of the upright sheet that is the page: "" for all
    of it, "left", "right", "top" or "bottom".
    """

    file_id: int
    file_page: int
    agreement_id: int
    kind: str
    version: int
    page: int
    pages: int
    turn: int
    red: str
    code: str
    placed_at: str
    actor: str
    half: str = ""

    @property
    def place(self) -> tuple[int, str]:
        """Page and half in its file."""
        return self.file_page, self.half

    @property
    def document(self) -> tuple[int, str, int]:
        """Agreement id, kind and version."""
        return self.agreement_id, self.kind, self.version


@dataclass(frozen=True, slots=True)
class BoundRow:
    """The one PDF of a complete document, made of scanned pages; ``path`` is relative to the workspace."""

    agreement_id: int
    kind: str
    version: int
    path: str
    sha256: str
    size: int
    pages: int
    made_at: str


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """One version of one document with the number of its agreement: what a page code stands for."""

    number: str
    agreement_id: int
    kind: str
    version: int


_SCAN = ", ".join(field.name for field in fields(ScanRow))
_BOUND = ", ".join(field.name for field in fields(BoundRow))


def printed_documents(db: Database) -> list[PrintedRow]:
    """Every version of every document that was made."""
    query = (
        "SELECT a.number, d.agreement_id, d.kind, d.version FROM documents d JOIN agreements a ON a.id = d.agreement_id"
    )
    return [PrintedRow(*row) for row in db.execute(query)]


def incoming_files(db: Database) -> list[IncomingRow]:
    """All of them, in the order they came."""
    return [IncomingRow(*row) for row in db.execute("SELECT * FROM incoming ORDER BY id")]


def find_incoming(db: Database, sha256: str) -> IncomingRow | None:
    """The file with these bytes, if it came before."""
    row = db.execute("SELECT * FROM incoming WHERE sha256 = ?", [sha256]).fetchone()
    return IncomingRow(*row) if row else None


def add_incoming(
    db: Database, *, sha256: str, path: str, pages: int, size: int, received_at: str, actor: str
) -> IncomingRow:
    """Record a file whose copy stands under ``path``; call inside ``changing``."""
    key = insert(
        db,
        "incoming",
        {"sha256": sha256, "path": path, "pages": pages, "size": size, "received_at": received_at, "actor": actor},
    )
    return IncomingRow(key, sha256, path, pages, size, received_at, actor)


def scans_of_file(db: Database, file_id: int) -> dict[tuple[int, str], ScanRow]:
    """What is known of the pages of a file, by page and half."""
    rows = db.execute(f"SELECT {_SCAN} FROM scans WHERE file_id = ?", [file_id])  # noqa: S608 - our own names
    return {scan.place: scan for scan in (ScanRow(*row) for row in rows)}


def scans_of_agreements(db: Database, ids: Collection[int]) -> list[ScanRow]:
    """Every scanned page of these agreements, the newest file first, its pages in order."""
    condition, values = within("agreement_id", ids)
    query = f"SELECT {_SCAN} FROM scans WHERE {condition} ORDER BY file_id DESC, file_page, half"  # noqa: S608 - our own text
    return [ScanRow(*row) for row in db.execute(query, values)]


def put_scans(db: Database, rows: Iterable[ScanRow]) -> None:
    """Record pages, each in place of what was known of it; call inside ``changing``."""
    db.table("scans").insert_all((asdict(row) for row in rows), replace=True)


def drop_scans(db: Database, rows: Iterable[ScanRow]) -> None:
    """Forget where these pages belong; call inside ``changing``."""
    for row in rows:
        db.table("scans").delete((row.file_id, *row.place))


def bound_scans(db: Database, ids: Collection[int] | None = None) -> dict[tuple[int, str, int], BoundRow]:
    """The documents bound so far, of all agreements or of ``ids``, by agreement id, kind and version."""
    condition, values = within("agreement_id", ids)
    found = db.execute(f"SELECT {_BOUND} FROM bound_scans WHERE {condition} ORDER BY path", values)  # noqa: S608 - our own names
    rows = (BoundRow(*row) for row in found)
    return {(row.agreement_id, row.kind, row.version): row for row in rows}


def put_bound_scan(db: Database, row: BoundRow) -> None:
    """Record what was bound, in place of an earlier binding; call inside ``changing`` after the file stands."""
    db.table("bound_scans").insert(asdict(row), replace=True)


def drop_bound_scan(db: Database, document: tuple[int, str, int]) -> BoundRow | None:
    """Forget what was bound of a document, and give it; call inside ``changing``, before the file goes."""
    gone = bound_scans(db).get(document)
    db.execute("DELETE FROM bound_scans WHERE agreement_id = ? AND kind = ? AND version = ?", document)
    return gone


_ONE_UNIT = (DocKind.AGREEMENT, DocKind.SERVICE_LIST)
"""正文 and 附件 are one 件, in this order (DA/T 22-2015)."""


class UnitScans:
    """The bound scans of some agreements (None: of all), read once for many 件."""

    def __init__(self, db: Database, agreement_ids: Collection[int] | None = None) -> None:
        self._bound = bound_scans(db)
        self._current = current_documents(db)
        years = {one.number: one.on.year for one in load_activities(db, agreement_ids=agreement_ids)}
        self._records: dict[tuple[int, int], list[BoundRow]] = {}
        for sheet in record_sheets(db, agreement_ids):
            row = self._bound.get((sheet.agreement_id, str(DocKind.ACTIVITY_RECORD), sheet.version))
            if row is not None and sheet.activity in years:
                self._records.setdefault((sheet.agreement_id, years[sheet.activity]), []).append(row)

    def of_agreement(self, agreement_id: int) -> tuple[list[BoundRow], list[DocKind]]:
        """The scans of the agreement and its list as they stand now, else of OLD paper; which of the two has none."""
        rows: list[BoundRow] = []
        lacking: list[DocKind] = []
        for kind in _ONE_UNIT:
            current = self._current.get((agreement_id, kind))
            row = self._bound.get((agreement_id, kind, current.version)) if current else None
            row = row or self._bound.get((agreement_id, kind, OLD))
            if row is not None:
                rows.append(row)
            elif current is not None:
                lacking.append(kind)
        return rows, lacking

    def of_item(self, unit: str, agreement_id: int, record_year: int) -> list[BoundRow]:
        """The scans of one 件."""
        return self.of_agreement(agreement_id)[0] if unit == "agreement" else self.of_records(agreement_id, record_year)

    def of_records(self, agreement_id: int, year: int) -> list[BoundRow]:
        """The scanned record sheets that tell of activities of ``year``."""
        return self._records.get((agreement_id, year), [])
