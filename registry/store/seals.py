"""Seals: the head of the chain under a passphrase, which nobody who only has the file can make again."""

import hashlib
import hmac
from collections.abc import Iterator

from sqlite_utils import Database

from yiyu.registry.rules.chain import Head, head_of
from yiyu.registry.store.bulk import plain
from yiyu.registry.store.opening import changing, insert, registry_mark

_ROUNDS = 300_000
"""About a fifth of a second for each passphrase somebody tries."""


def put_seal(db: Database, passphrase: str, *, sealed_at: str, actor: str) -> Head | None:
    """Seal all that there is; gives the head that was sealed, None where nothing was ever entered."""
    key = _stretched(db, passphrase)
    with changing(db):
        row = db.execute("SELECT id, events, hash FROM chain_links ORDER BY id DESC LIMIT 1").fetchone()
        if row is None:
            return None
        seal = {"link_id": row[0], "sealed_at": sealed_at, "actor": actor, "mac": _mac(key, row[0], row[2])}
        insert(db, "chain_seals", seal)
    return head_of(row[1], row[2])


def seals_broken(db: Database, passphrase: str) -> tuple[int, list[int]]:
    """How many seals there are, and the numbers of those that do not fit the chain under this passphrase."""
    key = _stretched(db, passphrase)
    seals = list(_seals(db))
    return len(seals), [number for number, link, digest, mac in seals if mac != _mac(key, link, digest)]


def _seals(db: Database) -> Iterator[tuple[int, int, str, str]]:
    query = """SELECT s.id, s.link_id, coalesce(k.hash, ''), s.mac
        FROM chain_seals s LEFT JOIN chain_links k ON k.id = s.link_id ORDER BY s.id"""
    yield from plain(db, query, {})


def _stretched(db: Database, passphrase: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", passphrase.encode(), registry_mark(db).encode(), _ROUNDS)


def _mac(key: bytes, link: int, digest: str) -> str:
    return hmac.new(key, f"{link}\n{digest}".encode(), "sha256").hexdigest()
