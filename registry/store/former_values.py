"""What the fields of institutions said before."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from typing import Any

from sqlite_utils import Database

from yiyu.registry.lifecycle import Event
from yiyu.registry.store.institutions import institution_events
from yiyu.registry.store.opening import within


def former_values(db: Database, ids: Collection[int]) -> dict[tuple[int, str], set[str]]:
    """By institution and field, every value it had before the last one, as text; blanks are left out.

    联系人 and 电话 are not there: events do not keep them.
    """
    found: dict[tuple[int, str], set[str]] = {}
    last: dict[tuple[int, str], str] = {}
    fields = (
        (key, name, str(value))
        for key, event in institution_events(db, ids)
        for name, value in _set_fields(event).items()
    )
    for key, fact, value in chain(_facts(db, ids), fields):
        found.setdefault((key, fact), set()).add(value)
        last[key, fact] = value
    return {place: values - {last[place], ""} for place, values in found.items()}


def _set_fields(event: Event) -> Mapping[str, object]:
    data: Mapping[str, Any] = event.data
    return data.get("fields", {})  # type: ignore[no-any-return]  # as the chain keeps it


def _facts(db: Database, ids: Iterable[int]) -> list[tuple[int, str, str]]:
    condition, values = within("institution_id", ids)
    query = (
        "SELECT institution_id, fact, coalesce(value, '') FROM institution_facts"  # noqa: S608 - our own text
        f" WHERE {condition} ORDER BY id"
    )
    return [tuple(row) for row in db.execute(query, values)]
