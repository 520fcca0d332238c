"""Which bound scans make up a 件."""

from collections.abc import Collection

from sqlite_utils import Database

from yiyu.registry.model import DocKind
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.documents import current_documents
from yiyu.registry.store.record_sheets import record_sheets
from yiyu.registry.store.scans import BoundRow, bound_scans

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
        """The scans of the agreement and its list as they stand now, and which of the two has no complete scan."""
        rows: list[BoundRow] = []
        lacking: list[DocKind] = []
        for kind in _ONE_UNIT:
            current = self._current.get((agreement_id, kind))
            row = self._bound.get((agreement_id, kind, current.version)) if current else None
            if row is not None:
                rows.append(row)
            elif current is not None:
                lacking.append(kind)
        return rows, lacking

    def of_records(self, agreement_id: int, year: int) -> list[BoundRow]:
        """The scanned record sheets that tell of activities of ``year``."""
        return self._records.get((agreement_id, year), [])
