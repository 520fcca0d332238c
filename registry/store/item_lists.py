"""Service lists of agreements: each version with the day from which it holds.

Version 1 is the list of the draft and holds from the first day. Of several that hold from one day the last recorded answers.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from sqlite_utils import Database

from yiyu.registry.model import Item
from yiyu.registry.rules.item_changes import remade
from yiyu.registry.store.bulk import day_of, plain
from yiyu.registry.store.opening import within

FIRST = dt.date.min
"""From when the list of the draft holds."""


class ListVersion(NamedTuple):
    """A version, the day from which it holds, and when it was recorded ("" for the list of the draft)."""

    since: dt.date
    version: int
    recorded_at: str = ""


class ListSince(NamedTuple):
    """A list and the day from which it holds."""

    since: dt.date
    items: tuple[Item, ...]


def list_versions(db: Database, ids: Collection[int] | None) -> dict[int, list[ListVersion]]:
    """The versions of each agreement whose list was changed, in the order in which they hold; of one day the last."""
    condition, values = within("agreement_id", ids)
    query = f"""
        SELECT DISTINCT agreement_id, list_version, valid_from, recorded_at FROM items
        WHERE list_version > 1 AND {condition} ORDER BY agreement_id, valid_from, list_version
    """  # noqa: S608 - our own text
    found: dict[int, dict[dt.date, ListVersion]] = {}
    for key, version, text, recorded_at in plain(db, query, values):
        since = day_of(text)
        found.setdefault(key, {FIRST: ListVersion(FIRST, 1)})[since] = ListVersion(since, version, recorded_at)
    return {key: list(versions.values()) for key, versions in found.items()}


def version_on(versions: Sequence[ListVersion], day: dt.date) -> int:
    """The version that holds on ``day``; 1 where none was changed."""
    return next((one.version for one in reversed(versions) if one.since <= day), 1)


def list_at(db: Database, agreement_id: int, moment: str, starts_on: dt.date) -> tuple[int, tuple[Item, ...]]:
    """Version and list that a document made at ``moment`` (ISO) printed: as recorded by then, as of that day or 生效日期."""
    query = """
        SELECT list_version, CAST(group_concat(item, ',') AS BLOB) FROM items
        WHERE agreement_id = ? AND recorded_at <= ? AND coalesce(valid_from, '') <= ?
        GROUP BY list_version ORDER BY coalesce(valid_from, '') DESC, list_version DESC LIMIT 1
    """
    day = max(dt.date.fromisoformat(moment[:10]), starts_on)
    version, text = db.execute(query, [agreement_id, moment, str(day)]).fetchone()
    return version, _list(text)


def list_of(db: Database, agreement_id: int, version: int) -> tuple[Item, ...]:
    """The items of one version, in their order."""
    query = "SELECT item FROM items WHERE agreement_id = ? AND list_version = ? ORDER BY seq"
    return tuple(_item(row[0]) for row in db.execute(query, [agreement_id, version]))


def newest_version(db: Database, agreement_id: int) -> int:
    """The last version that was recorded, from whatever day it holds."""
    query = "SELECT coalesce(max(list_version), 0) FROM items WHERE agreement_id = ?"
    return int(db.execute(query, [agreement_id]).fetchone()[0])


def service_lists(db: Database, ids: Collection[int] | None) -> dict[int, tuple[ListSince, ...]]:
    """The lists of each agreement in the order in which they hold; equal lists are one object."""
    condition, values = within("agreement_id", ids)
    # As bytes: few lists differ, and only those are made into text.
    query = f"""
        SELECT agreement_id, list_version, CAST(group_concat(item, ',') AS BLOB) FROM items WHERE {condition}
        GROUP BY agreement_id, list_version ORDER BY agreement_id, list_version
    """  # noqa: S608 - our own text
    changed, found = list_versions(db, ids), dict[int, tuple[ListSince, ...]]()
    texts: dict[tuple[int, int], bytes] = {}
    for key, version, text in plain(db, query, values):
        if key in changed:
            texts[key, version] = text
        else:
            found[key] = _alone(text)
    for key, versions in changed.items():
        found[key] = tuple(ListSince(one.since, _list(texts[key, one.version])) for one in versions)
    return found


def add_list(
    db: Database, agreement_id: int, version: int, items: Iterable[Item], *, since: dt.date, recorded_at: str
) -> None:
    """Insert a version; call inside ``changing``, beside its event."""
    key = {"agreement_id": agreement_id, "list_version": version}
    told = {"valid_from": str(since), "recorded_at": recorded_at}
    db.table("items").insert_all(
        key | {"seq": item.seq, "item": msgspec.json.encode(item).decode()} | told for item in items
    )


def list_faults(db: Database) -> list[str]:
    """Numbers of agreements whose lists say something else than their events make of the list of the draft."""
    rows = db.execute(
        """SELECT agreement_id, number, list_version, coalesce(valid_from, ''), recorded_at, item
        FROM items JOIN agreements ON agreements.id = agreement_id
        WHERE agreement_id IN (
            SELECT agreement_id FROM items WHERE list_version > 1
            UNION SELECT agreement_id FROM events WHERE kind = 'items_changed')
        ORDER BY agreement_id, list_version, seq"""
    )
    stands: dict[str, dict[int, tuple[str, str, list[Item]]]] = {}
    numbers: dict[int, str] = {}
    for key, number, version, since, recorded_at, item in rows:
        numbers[key] = number
        stands.setdefault(number, {}).setdefault(version, (since, recorded_at, []))[2].append(_item(item))
    made = {number: {1: ("", "", lists[1][2])} for number, lists in stands.items() if 1 in lists}
    for key, on, recorded_at, data in _events(db):
        lists = made[numbers[key]]
        lists[data["version"]] = (on, recorded_at, list(remade(lists[data["base"]][2], data["changes"])))
    return [number for number, lists in stands.items() if lists != made.get(number)]


def _events(db: Database) -> Iterator[tuple[int, str, str, Mapping[str, Any]]]:
    query = "SELECT agreement_id, on_date, recorded_at, data FROM events WHERE kind = 'items_changed' ORDER BY id"
    for key, on, recorded_at, data in db.execute(query):
        yield key, on, recorded_at, msgspec.json.decode(data)


_items = msgspec.json.Decoder(tuple[Item, ...]).decode
_item = msgspec.json.Decoder(Item).decode


@lru_cache(maxsize=512)
def _list(rows: bytes) -> tuple[Item, ...]:
    return tuple(sorted(_items(b"[%s]" % rows), key=lambda item: item.seq))


@lru_cache(maxsize=512)
def _alone(rows: bytes) -> tuple[ListSince, ...]:
    return (ListSince(FIRST, _list(rows)),)
