"""Packages received from the offices below: one row for each that was taken, none ever changed."""

import datetime as dt
from dataclasses import asdict, dataclass

import msgspec
from sqlite_utils import Database

from yiyu.registry.store.opening import insert


@dataclass(frozen=True, slots=True)
class ReceivedPackage:
    """``path`` from the workspace. ``events``, ``changes``, ``last_hash``, ``head``: how far its registry had come.

    ``differences``: where a recount gave another figure than the package says. ``reason``: why another chain was accepted.
    """

    region: str
    name: str
    path: str
    sha256: str
    size: int
    as_of: dt.date
    made_at: str
    events: int
    changes: int
    last_hash: str
    head: str
    contacts: bool
    differences: tuple[str, ...]
    reason: str
    received_at: str
    actor: str
    id: int = 0

    @property
    def order(self) -> tuple[int, int, dt.date, bool]:
        """What makes one of a chain newer than another."""
        return self.events, self.changes, self.as_of, self.contacts


def add_package(db: Database, one: ReceivedPackage) -> None:
    """Insert one; call inside ``changing``."""
    row = asdict(one) | {"as_of": str(one.as_of), "differences": msgspec.json.encode(one.differences).decode()}
    del row["id"]
    insert(db, "office_packages", row)


def held_packages(db: Database, moment: str | None = None) -> dict[str, ReceivedPackage]:
    """The package that each office below is known by, or was at an ISO moment: the last that was taken, by region."""
    query = """
        SELECT * FROM office_packages WHERE id IN (
            SELECT max(id) FROM office_packages
            WHERE ?1 IS NULL OR unixepoch(received_at) <= unixepoch(?1) GROUP BY region)
    """
    return {row["region"]: _package(dict(zip(row.keys(), row, strict=True))) for row in db.execute(query, [moment])}


def package_files(db: Database) -> dict[str, str]:
    """SHA-256 of every package that was taken, by path."""
    return {row[0]: row[1] for row in db.execute("SELECT path, sha256 FROM office_packages")}


def _package(row: dict[str, object]) -> ReceivedPackage:
    told = {"contacts": bool(row["contacts"]), "differences": msgspec.json.decode(str(row["differences"]))}
    return msgspec.convert(row | told, ReceivedPackage)
