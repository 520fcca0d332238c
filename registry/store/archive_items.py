"""件 that have a 档号, and every file the archive holds. A row is never deleted; only its box and its 密级 may change."""

import datetime as dt
import itertools
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from yiyu.registry.rules.custody import ItemEvent
from yiyu.registry.store.events import event_of
from yiyu.registry.store.opening import insert, within


@dataclass(frozen=True, slots=True)
class ArchiveItem:
    """One 件. ``number`` is its agreement's; ``record_year`` 0 for an agreement; ``pages`` 0 where nobody counted.

    ``id`` is 0 before it is stored.
    """

    agreement_id: int
    number: str
    unit: str
    """A key of UNIT_LABEL."""
    record_year: int
    code: str
    """档号."""
    series: str
    """What its 件号 counts within."""
    serial: int
    """件号."""
    fonds: str
    year: int
    term: str
    office: str
    title: str
    responsible: str
    document_date: dt.date
    pages: int
    secrecy: str = ""
    remark: str = ""
    box: str = ""
    numbered_at: str = ""
    actor: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class CatalogPart:
    """件 of one year, 保管期限 and 机构, by 件号: what one 归档文件目录 lists. ``office`` in words where it has any."""

    year: int
    term: str
    office: str
    items: tuple[ArchiveItem, ...]


def catalog_parts(items: Iterable[ArchiveItem], offices: Mapping[str, str]) -> list[CatalogPart]:
    """Part 件, ordered as :func:`archive_items` gives them, into catalogues; ``offices``: code to name."""
    parts = itertools.groupby(items, key=lambda one: (one.year, one.term, one.office))
    return [CatalogPart(year, term, offices.get(code) or code, tuple(some)) for (year, term, code), some in parts]


def archive_items(
    db: Database, *, year: int | None = None, term: str | None = None, agreement_ids: Collection[int] | None = None
) -> list[ArchiveItem]:
    """件 in the order of a catalogue: by year, term, office, 件号. None leaves a condition out."""
    condition, values = within("i.agreement_id", agreement_ids)
    query = f"""
        SELECT i.*, a.number FROM archive_items i JOIN agreements a ON a.id = i.agreement_id
        WHERE {condition} AND coalesce(i.year = :year, 1) AND coalesce(i.term = :term, 1)
        ORDER BY i.year, instr('Y  D30D10', i.term), i.office, i.series, i.serial"""  # noqa: S608 - our own text
    return [_item(row) for row in db.execute(query, values | {"year": year, "term": term})]


def serials_by_series(db: Database) -> dict[str, list[int]]:
    """Every 件号 given, by what it counts within."""
    grouped: dict[str, list[int]] = {}
    for series, serial in db.execute("SELECT series, serial FROM archive_items ORDER BY series, serial"):
        grouped.setdefault(series, []).append(serial)
    return grouped


def last_serial(db: Database, series: str) -> int:
    """The last 件号 of a class, 0 where there is none; call inside ``changing``: two clerks never get the same next."""
    found = db.execute("SELECT coalesce(max(serial), 0) FROM archive_items WHERE series = ?", [series]).fetchone()
    return int(found[0])


def add_archive_item(db: Database, item: ArchiveItem) -> int:
    """Give a 件 its number for good; call inside ``changing``."""
    left_out = ("id", "number")
    row = {name: value for name, value in asdict(item).items() if name not in left_out}
    return insert(db, "archive_items", row | {"document_date": str(item.document_date)})


def put_secrecy(db: Database, ids: Iterable[int], secrecy: str) -> None:
    """Say which 密级 these 件 bear; call inside ``changing``."""
    for key in ids:
        db.execute("UPDATE archive_items SET secrecy = ? WHERE id = ?", [secrecy, key])


def put_in_box(db: Database, ids: Iterable[int], box: str) -> None:
    """Say in which box these 件 lie; call inside ``changing``."""
    for key in ids:
        db.execute("UPDATE archive_items SET box = ? WHERE id = ?", [box, key])


def _item(row: Any) -> ArchiveItem:  # noqa: ANN401 - sqlite3.Row
    facts = {name: row[name] for name in ArchiveItem.__dataclass_fields__}
    return ArchiveItem(**(facts | {"document_date": dt.date.fromisoformat(row["document_date"])}))


def item_events(db: Database, kinds: Collection[str]) -> list[ItemEvent]:
    """Events of these kinds that name a 件, in the order they were recorded; what was corrected was never so."""
    places = ", ".join("?" * len(kinds))
    query = f"""
        SELECT e.*, a.number, json_extract(e.data, '$.archive_no') AS archive_no
        FROM events e JOIN agreements a ON a.id = e.agreement_id
        WHERE e.kind IN ({places}) AND NOT EXISTS (SELECT 1 FROM events c WHERE c.corrects = e.id) ORDER BY e.id"""  # noqa: S608 - our own text
    return [ItemEvent(row["number"], row["archive_no"], event_of(row)) for row in db.execute(query, list(kinds))]


INCOMING, ISSUED = "incoming", "issued"


@dataclass(frozen=True, slots=True)
class ArchivedFile:
    """``path`` is relative to the workspace; ``numbers`` of every agreement it has something of, in order.

    ``kind``: INCOMING, ISSUED, a value of DocKind, or a key of EVIDENCE_LABEL. ``code``: the 档号, "" where it has none.
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

_ISSUED = "SELECT path, sha256, size, 'issued', NULL, '', NULL FROM issued_reports"


def archived_files(db: Database) -> list[ArchivedFile]:
    """All of them by path; one that serves several activities once."""
    numbers: dict[ArchivedFile, dict[str, None]] = {}
    for *facts, number in db.execute(f"{_INCOMING} UNION {_BOUND} UNION {_EVIDENCE} UNION {_ISSUED} ORDER BY 1, 7"):
        path, sha256, size, kind, pages, code = facts
        one = ArchivedFile(path, sha256, size, kind, pages, code=code)
        numbers.setdefault(one, {}).update({number: None} if number else {})
    return [
        ArchivedFile(one.path, one.sha256, one.size, one.kind, one.pages, tuple(found), one.code)
        for one, found in numbers.items()
    ]
