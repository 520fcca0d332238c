"""活动记录表 that were printed to be filled in by hand: for which period, whether home, and which activity they tell of."""

from collections.abc import Collection
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
