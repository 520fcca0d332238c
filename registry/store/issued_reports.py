"""Reports that were issued, each a row beside its event: what stood in it, the rows behind it, and its file."""

import datetime as dt
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import msgspec
from sqlite_utils import Database

from yiyu.registry.files import sha256
from yiyu.registry.lifecycle import Event
from yiyu.registry.rules.rates import Rate, Unit
from yiyu.registry.store.events import add_event, event_of
from yiyu.registry.store.opening import insert

ISSUED = "report_issued"
Figures = dict[str, dict[str, Rate]]
"""Rates by 旗区 ("" for all of the report) and indicator."""
_ROW = tuple(one.name for one in fields(Unit))


@dataclass(frozen=True, slots=True)
class IssuedReport:
    """One report as it went out. ``district`` "" is all of the office; ``replaces`` the number of the one it corrects.

    ``head``: of the chain, as it is printed on it; "" on those of before, which bear none.

    ``as_of``: the day its figures are of; ``issued_on``: the day it went out. ``path`` from the workspace.
    """

    number: str
    form: str
    period: str
    district: str
    as_of: dt.date
    issued_on: dt.date
    recorded_at: str
    actor: str
    reason: str
    replaces: str
    path: str
    sha256: str
    size: int
    figures: Figures
    frozen_sha256: str = ""
    event_id: int = 0
    head: str = ""


@dataclass(frozen=True, slots=True)
class Frozen:
    """The rows behind every figure of a report, and what else its document says, by name."""

    units: tuple[Unit, ...]
    said: Mapping[str, str]


def add_issued(db: Database, report: IssuedReport, frozen: Frozen) -> None:
    """Record what went out, as an event and its row. Call inside ``changing``."""
    data = _encoded(frozen)
    told = _told(report) | {"frozen_sha256": sha256(data)}
    event = add_event(
        db,
        None,
        ISSUED,
        on=report.issued_on,
        recorded_at=report.recorded_at,
        actor=report.actor,
        note=f"{report.number} {report.period}" + (f"（更正印发：{report.reason}）" if report.reason else ""),
        data=told,
    )
    insert(db, "issued_reports", _columns(event, report, told) | {"frozen": zlib.compress(data)})


def issued_reports(db: Database) -> list[IssuedReport]:
    """All of them in the order in which they went out."""
    query = f"SELECT {_NAMES}, {_HEAD} FROM issued_reports ORDER BY event_id"  # noqa: S608 - our own names
    rows = db.execute(query)
    return [_report(dict(zip(row.keys(), row, strict=True))) for row in rows]


def frozen_of(db: Database, report: IssuedReport) -> Frozen:
    """The rows as they were when the report went out."""
    query = "SELECT frozen FROM issued_reports WHERE event_id = ?"
    units, said = msgspec.json.decode(zlib.decompress(db.execute(query, [report.event_id]).fetchone()[0]))
    return Frozen(tuple(Unit(*row) for row in units), said)


def issued_faults(db: Database) -> Iterator[str]:
    """Numbers of reports whose row says something else than the event does, or whose frozen rows are others."""
    rows = {
        row["event_id"]: dict(zip(row.keys(), row, strict=True)) for row in db.execute("SELECT * FROM issued_reports")
    }
    for found in db.execute("SELECT * FROM events WHERE kind = ? ORDER BY id", [ISSUED]).fetchall():
        event = event_of(found)
        row = rows.pop(event.id, None)
        try:
            frozen = zlib.decompress(row.pop("frozen")) if row else b""
        except zlib.error:
            frozen = b""
        if row != _replayed(event) or sha256(frozen) != event.data["frozen_sha256"]:
            yield str(event.data["number"])
    yield from (row["number"] for row in rows.values())


_HEAD = "coalesce((SELECT data ->> 'head' FROM events WHERE id = event_id), '') AS head"
"""It stands in the event, which is chained, and not in the row."""
_OWN = ("number", "form", "period", "district", "as_of", "replaces", "path", "sha256", "size", "reason")
_NAMES = (
    "event_id, number, form, period, district, as_of, issued_on, recorded_at, actor, reason, replaces, path, sha256, size,"
    " figures, frozen_sha256"
)


def _told(report: IssuedReport) -> dict[str, object]:
    figures = {
        group: {key: (rate.numerator, rate.denominator) for key, rate in rates.items()}
        for group, rates in report.figures.items()
    }
    return {name: getattr(report, name) for name in _OWN} | {
        "as_of": str(report.as_of),
        "figures": figures,
        "head": report.head,
    }


def _columns(event: int, report: IssuedReport, told: Mapping[str, object]) -> dict[str, Any]:
    return _row(event, str(report.issued_on), report.recorded_at, report.actor, told)


def _replayed(event: Event) -> dict[str, Any]:
    """The row as the event tells it, without what is frozen."""
    return _row(event.id, str(event.on), event.recorded_at, event.actor, event.data)


def _row(event: int, on: str, recorded_at: str, actor: str, told: Mapping[str, object]) -> dict[str, Any]:
    own = {name: told[name] for name in (*_OWN, "frozen_sha256")}
    figures = msgspec.json.encode(told["figures"]).decode()
    said = {"event_id": event, "issued_on": on, "recorded_at": recorded_at, "actor": actor, "figures": figures}
    return own | said | {"replaces": told["replaces"] or None}


def _report(row: dict[str, Any]) -> IssuedReport:
    figures = {
        group: {key: Rate(*pair) for key, pair in rates.items()}
        for group, rates in msgspec.json.decode(row["figures"]).items()
    }
    days = {name: dt.date.fromisoformat(row[name]) for name in ("as_of", "issued_on")}
    return IssuedReport(**(row | days | {"figures": figures, "replaces": row["replaces"] or ""}))


def _encoded(frozen: Frozen) -> bytes:
    rows = [[getattr(unit, name) for name in _ROW] for unit in frozen.units]
    return msgspec.json.encode([rows, dict(frozen.said)])
