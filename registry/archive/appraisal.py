"""到期待鉴定: 件 whose term is over. They are listed for an appraisal, and nothing is ever deleted.

Source: 档案法; domain.md#retention.
"""

import datetime as dt
from dataclasses import dataclass

from yiyu.registry.rules.archive_codes import kept_until
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.archive_items import ArchiveItem, archive_items


@dataclass(frozen=True, slots=True)
class Due:
    """A 件 and the last day of its term."""

    item: ArchiveItem
    kept_until: dt.date


def due_for_appraisal(office: OfficeSession) -> list[Due]:
    """What the desk's day is past the term of, longest over first; 永久 never."""
    found = [(item, kept_until(item.year, item.term)) for item in archive_items(office.db)]
    due = [Due(item, last) for item, last in found if last is not None and last < office.today]
    return sorted(due, key=lambda one: one.kept_until)
