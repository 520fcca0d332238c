"""Institutions as duties, rates and lists see them, read in bulk."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlite_utils import Database

from yiyu.registry.model import Kind, open_on
from yiyu.registry.rules.institution_history import concerning
from yiyu.registry.store.bulk import day_of, plain
from yiyu.registry.store.institutions import facts_on
from yiyu.registry.store.opening import within


class InstitutionBrief(NamedTuple):
    """An institution as it is on a day."""

    id: int
    kind: Kind
    name: str
    category: str
    district: str
    town: str
    filings: tuple[tuple[dt.date, str, str | None], ...]
    """Facts of 备案 that concern days up to that day, in the order they begin."""
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
    known = facts_on(db, day, _OF_THE_DAY, ids)
    filings = defaultdict[int, list[tuple[str, str, str | None]]](list)
    condition, values = within("institution_id", ids)
    query = f"""
        SELECT institution_id, valid_from, fact, value FROM institution_facts
        WHERE fact IN ('filed', 'filed_on') AND struck_at IS NULL AND {condition}
        ORDER BY valid_from, id
    """  # noqa: S608 - our own text
    for key, *row in plain(db, query, values):
        filings[key].append(tuple(row))
    query = f"""
        SELECT institution_id, text FROM parked WHERE field = 'filed_on' AND settled_on IS NULL AND {condition} ORDER BY id
    """  # noqa: S608 - our own text
    for key, text in plain(db, query, values):
        filings[key].insert(0, (str(dt.date.min), "filed_month", text))
    condition, values = within("id", ids)
    query = f"SELECT id, kind, merged_into FROM institutions WHERE {condition} ORDER BY id"  # noqa: S608 - our own text
    return {
        key: _brief(key, Kind(kind), known[key], concerning(filings.get(key, ()), day), merged=merged is not None)
        for key, kind, merged in plain(db, query, values)
        if key in known
    }


def _brief(
    key: int,
    kind: Kind,
    facts: Mapping[str, str | None],
    filings: Sequence[tuple[str, str, str | None]],
    *,
    merged: bool,
) -> InstitutionBrief:
    name, category, district, town = (facts.get(field) or "" for field in _OF_THE_DAY[:4])
    closed = facts.get("closed_on")
    told = tuple([(day_of(begins), fact, value) for begins, fact, value in filings])
    return InstitutionBrief(key, kind, name, category, district, town, told, day_of(closed) if closed else None, merged)


_OF_THE_DAY = ("name", "category", "district", "town", "closed_on")
