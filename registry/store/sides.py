"""Institutions as duties, rates and lists see them, read in bulk."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import NamedTuple

from sqlite_utils import Database

from yiyu.registry.model import Kind, open_on
from yiyu.registry.store.bulk import day_of, plain
from yiyu.registry.store.opening import within


class InstitutionBrief(NamedTuple):
    """An institution as it is today but for its name, 备案 and closing, which are those of the day."""

    id: int
    kind: Kind
    name: str
    category: str
    district: str
    town: str
    filings: tuple[tuple[dt.date, str, str | None], ...]
    """Facts of 备案 as learned, in order."""
    closed_on: dt.date | None
    merged: bool

    @property
    def filed(self) -> bool:
        """Whether 备案 holds, as last learned."""
        return next((value == "1" for _, fact, value in reversed(self.filings) if fact == "filed"), False)

    def open_on(self, day: dt.date) -> bool:
        """Whether it is not yet 停办 on ``day``."""
        return open_on(self.closed_on, day)


def side_rows(db: Database, day: dt.date, ids: Collection[int] | None = None) -> dict[int, InstitutionBrief]:
    """Every institution (or those of ``ids``) that is known on ``day``, by id; those merged into another too, marked."""
    facts = defaultdict[int, list[tuple[dt.date, str, str | None]]](list)
    known = defaultdict[int, dict[str, str | None]](dict)
    condition, values = within("institution_id", ids)
    query = f"""
        SELECT institution_id, fact, value, valid_from FROM institution_facts
        WHERE fact IN ('name', 'filed', 'filed_on', 'closed_on') AND valid_from <= :day AND {condition}
        ORDER BY valid_from, id
    """  # noqa: S608 - our own text
    for key, fact, value, valid_from in plain(db, query, values | {"day": str(day)}):
        if fact in ("name", "closed_on"):
            known[key][fact] = value
        else:
            facts[key].append((day_of(valid_from), fact, value))
    condition, values = within("id", ids)
    query = f"SELECT id, kind, category, district, town, merged_into FROM institutions WHERE {condition} ORDER BY id"  # noqa: S608 - our own text
    return {
        key: InstitutionBrief(
            key,
            Kind(kind),
            known[key].get("name") or "",
            category,
            district,
            town,
            tuple(facts.get(key, ())),
            day_of(closed) if (closed := known[key].get("closed_on")) else None,
            merged is not None,
        )
        for key, kind, category, district, town, merged in plain(db, query, values)
        if key in known
    }
