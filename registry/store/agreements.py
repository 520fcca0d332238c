"""Agreements with their parties and lists. Nothing here is ever deleted; numbers are never reused.

An agreement whose import was taken back keeps its row, but under another number: what is imported anew may have its own.
"""

import datetime as dt
import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlite_utils import Database

from yiyu.registry.model import ROLES, WITHDRAWN, Agreement, Institution, Item, Party, Variant
from yiyu.registry.store.bulk import day_of, plain
from yiyu.registry.store.item_lists import ListVersion, list_versions, version_on
from yiyu.registry.store.opening import insert, within

_SELECT = """
SELECT a.id, a.number, a.variant, a.pack, a.district, a.starts_on, a.ends_on, a.months, a.mode, a.renewal, a.notice_days,
       a.copies, coalesce(p.number, '')
FROM agreements a LEFT JOIN agreements p ON p.id = a.renews_id
"""


STANDING = f"a.number NOT LIKE '%{WITHDRAWN}'"
"""Condition on agreements ``a``: not withdrawn."""


def next_number(db: Database, pattern: str, *, district: str, year: int, variant: str) -> tuple[str, str, int]:
    """The next free number, its series and serial; call inside ``changing`` so that two clerks never get one.

    Raises ValueError or KeyError when ``pattern`` names an unknown token or lacks ``{serial}``.
    """
    tokens = {"district": district, "year": year, "variant": variant}
    probes = [pattern.format(**tokens, serial=serial) for serial in (1, 2)]
    if probes[0] == probes[1]:
        raise ValueError("缺少 {serial}")
    series = _series(pattern, tokens)
    last = db.execute("SELECT coalesce(max(serial), 0) FROM agreements WHERE series = ?", [series]).fetchone()[0]
    serial = int(last) + 1
    while agreement_ids(db, [pattern.format(**tokens, serial=serial)]):
        serial += 1  # a number that came with a ledger, under another pattern
    return pattern.format(**tokens, serial=serial), series, serial


def number_place(pattern: str, number: str) -> tuple[str, int]:
    """Series and serial of a number that was given elsewhere.

    One that follows ``pattern`` takes its place in that series, which then counts on from it; any other is a series of
    its own. Raises ValueError or KeyError as :func:`next_number` does.
    """
    shapes = {"district": r"\d{6}", "year": r"\d{4}", "variant": "|".join(Variant), "serial": r"\d+"}
    parts, seen = [], set()
    for text, name, _, _ in string.Formatter().parse(pattern):
        parts.append(re.escape(text))
        if name is not None:
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>{shapes[name]})")
            seen.add(name)
    found = re.fullmatch("".join(parts), number, re.ASCII)
    if found and "serial" in seen:
        tokens: dict[str, Any] = found.groupdict() | {"year": int(found.groupdict().get("year") or 0)}
        serial = int(tokens.pop("serial"))
        if serial and pattern.format(**tokens, serial=serial) == number:
            return _series(pattern, tokens), serial
    return number, 1


def change_terms(db: Database, key: int, terms: Mapping[str, object]) -> None:
    """Set columns of an agreement that nobody has signed: ``mode``, ``renewal``, ``notice_days``, ``copies``."""
    db.table("agreements").update(key, dict(terms))
    db.execute("UPDATE agreements SET version = version + 1 WHERE id = ?", [key])


def withdraw_agreement(db: Database, key: int, import_id: int) -> None:
    """Leave an agreement to its history, since the import that brought it was taken back; its number is free again."""
    db.execute(
        "UPDATE agreements SET number = number || :mark, series = number || :mark, serial = 1, renews_id = NULL,"
        " version = version + 1 WHERE id = :id",
        {"mark": f"（{import_id}{WITHDRAWN}", "id": key},
    )


def renewing(db: Database, ids: Iterable[int]) -> list[tuple[int, str]]:
    """Ids of these agreements that others renew, each with the other's number."""
    condition, values = within("a.renews_id", ids)
    query = f"SELECT a.renews_id, a.number FROM agreements a WHERE {condition} AND {STANDING} ORDER BY a.number"  # noqa: S608 - our own text
    return [(row[0], row[1]) for row in db.execute(query, values)]


def add_agreement(db: Database, agreement: Agreement, *, series: str, serial: int) -> int:
    """Insert the agreement with parties and list; gives the new id."""
    renews = db.execute("SELECT id FROM agreements WHERE number = ?", [agreement.renews]).fetchone()
    row = {
        "number": agreement.number,
        "series": series,
        "serial": serial,
        "variant": str(agreement.variant),
        "pack": agreement.pack,
        "district": agreement.district,
        "starts_on": str(agreement.starts_on),
        "ends_on": str(agreement.ends_on),
        "months": agreement.months,
        "mode": agreement.mode,
        "renewal": agreement.renewal,
        "notice_days": agreement.notice_days,
        "copies": agreement.copies,
        "renews_id": renews[0] if renews else None,
    }
    key = insert(db, "agreements", row)
    db.table("parties").insert_all(
        {
            "agreement_id": key,
            "role": party.role,
            "institution_id": party.institution_id,
            "snapshot": msgspec.json.encode(party.facts).decode(),
        }
        for party in agreement.parties
    )
    db.table("items").insert_all(
        {
            "agreement_id": key,
            "list_version": agreement.list_version,
            "seq": item.seq,
            "item": msgspec.json.encode(item).decode(),
        }
        for item in agreement.items
    )
    return key


def agreement_ids(db: Database, numbers: Iterable[str]) -> dict[str, int]:
    """Number to id, for those of ``numbers`` that exist."""
    return {
        row["number"]: row["id"]
        for number in numbers
        for row in db.execute("SELECT id, number FROM agreements WHERE number = ?", [number])
    }


def agreements_of(db: Database, institution_id: int) -> set[int]:
    """Ids of the agreements to which an institution is a party."""
    rows = db.execute("SELECT agreement_id FROM parties WHERE institution_id = ?", [institution_id])
    return {row[0] for row in rows}


def all_numbers(db: Database) -> list[str]:
    return [row[0] for row in db.execute(f"SELECT a.number FROM agreements a WHERE {STANDING} ORDER BY number")]  # noqa: S608 - our own text


def load_agreements(
    db: Database, ids: Sequence[int] | None = None, *, items: bool = True, on: dt.date = dt.date.max
) -> list[Agreement]:
    """Agreements in the order of their numbers; all of them, or those of ``ids``. Lists left out on request.

    The list is the one that holds ``on`` that day, or on 生效日期 where that is later.
    """
    parties = _parties(db, ids)
    lists = _items(db, ids) if items else {}
    versions = list_versions(db, ids)
    condition, values = within("a.id", ids) if ids is not None else (STANDING, {})
    rows = plain(db, f"{_SELECT} WHERE {condition} ORDER BY a.number", values)
    return [
        # In the order of Agreement's fields.
        Agreement(
            key, number, Variant(variant), pack, district, day_of(starts), day_of(ends), months, mode, renewal,
            notice_days, copies, version, renews, parties[key], lists.get((key, version), ()),
        )
        for (key, number, variant, pack, district, starts, ends, months, mode, renewal, notice_days, copies,
             renews, version) in _with_version(rows, versions, on)
    ]  # fmt: skip


def _with_version(
    rows: Iterable[tuple[Any, ...]], versions: Mapping[int, Sequence[ListVersion]], on: dt.date
) -> Iterator[tuple[Any, ...]]:
    """Each row with the version of its list; of most there is but one."""
    for row in rows:
        changed = versions.get(row[0])
        yield (*row, 1 if changed is None else version_on(changed, max(on, day_of(row[5]))))


def _series(pattern: str, tokens: dict[str, Any]) -> str:
    """The number without its serial: what a serial counts within."""
    head, _, tail = pattern.partition("{serial")
    return head.format(**tokens) + "*" + tail.partition("}")[2].format(**tokens)


def _parties(db: Database, ids: Sequence[int] | None) -> dict[int, tuple[Party, ...]]:
    decode = msgspec.json.Decoder(Institution).decode
    condition, values = within("agreement_id", ids)
    grouped = defaultdict[int, list[Party]](list)

    @cache
    def party(role: str, institution: int, snapshot: str) -> Party:
        """Of all agreements of one institution the same, as a rule: made once."""
        return Party(role, institution, decode(snapshot))

    query = f"SELECT agreement_id, role, institution_id, snapshot FROM parties WHERE {condition}"  # noqa: S608 - our own text
    for key, role, institution, snapshot in plain(db, query, values):
        grouped[key].append(party(role, institution, snapshot))
    return {key: tuple(sorted(parties, key=lambda one: ROLES.index(one.role))) for key, parties in grouped.items()}


def _items(db: Database, ids: Sequence[int] | None) -> dict[tuple[int, int], tuple[Item, ...]]:
    decode = msgspec.json.Decoder(Item).decode
    condition, values = within("agreement_id", ids)
    grouped: dict[tuple[int, int], list[Item]] = {}
    query = f"SELECT * FROM items WHERE {condition} ORDER BY agreement_id, list_version, seq"  # noqa: S608 - our own text
    for row in db.execute(query, values):
        grouped.setdefault((row["agreement_id"], row["list_version"]), []).append(decode(row["item"]))
    return {key: tuple(value) for key, value in grouped.items()}
