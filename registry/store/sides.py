"""Institutions as duties, rates and lists see them, read in bulk."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlite_utils import Database

from yiyu.registry.model import Kind, open_on
from yiyu.registry.rules.duties import filed_spans
from yiyu.registry.rules.duties.spans import Span
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
    filed_in: tuple[Span, ...]
    """The days on which 备案 holds, begun by that day, by what concerns days up to it."""
    filed: bool
    """Whether it holds on that day: not yet before its own day, whatever was told by then."""
    closed_on: dt.date | None
    merged: bool

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
        key: _brief(key, Kind(kind), known[key], concerning(filings.get(key, ()), day), day, merged=merged is not None)
        for key, kind, merged in plain(db, query, values)
        if key in known
    }


def _brief(
    key: int,
    kind: Kind,
    facts: Mapping[str, str | None],
    filings: Sequence[tuple[str, str, str | None]],
    day: dt.date,
    *,
    merged: bool,
) -> InstitutionBrief:
    name, category, district, town = (facts.get(field) or "" for field in _OF_THE_DAY[:4])
    closed = facts.get("closed_on")
    spans = filed_spans([(day_of(begins), fact, value) for begins, fact, value in filings])
    filed_in = tuple([(first, last) for first, last in spans if first <= day])
    filed = bool(filed_in) and filed_in[-1][1] >= day
    closed_on = day_of(closed) if closed else None
    return InstitutionBrief(key, kind, name, category, district, town, filed_in, filed, closed_on, merged)


_OF_THE_DAY = ("name", "category", "district", "town", "closed_on")
