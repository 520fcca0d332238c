"""双随机 draws of the institutions of a 旗区: recorded as they were drawn, and which of them were inspected since."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.lifecycle import Event
from yiyu.registry.model import Institution, Kind
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.drawing import Draw, draw
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.activity_pages import activity_page
from yiyu.registry.store.events import NewEvent, append_events, events_of_kind
from yiyu.registry.store.opening import changing

INSPECTION = "监督检查"


@dataclass(frozen=True, slots=True)
class DrawnInstitution:
    """One that was drawn; ``inspected_on``: the first 监督检查 of it since, as known on the day asked for, or None."""

    draw: int
    on: dt.date
    district: str
    seed: str
    listed: int
    digest: str
    institution: str
    inspectors: tuple[str, ...]
    inspected_on: dt.date | None = None
    activity: str = ""


def draw_institutions(
    office: OfficeSession,
    district: str,
    count: int,
    *,
    seed: str,
    inspectors: Sequence[str] = (),
    each: int = 2,
    dry_run: bool = False,
) -> list[DrawnInstitution]:
    """Draw ``count`` of the open 托育机构 of a 旗区, by code where they have one, and keep the draw as an event.

    Raises NotFound where there is none, BadInput for more than there are, or for fewer inspectors than ``each``.
    """
    known = {_lot(one): one for one in directory(office).all if _of(one, district, office.today)}
    where = district_name(district)
    if not known or not office.scope.fits(district, office.scope.town, ()):
        raise NotFound(f"{where}没有在办的托育机构", remedy="请核对 --district，或先导入名册")
    if count > len(known):
        raise BadInput(f"{where}只有 {len(known)} 家托育机构，抽不出 {count} 家", remedy="请把 --count 写小一些")
    if inspectors and len(set(inspectors)) < each:
        raise BadInput(f"检查人员只有 {len(set(inspectors))} 人，不够每家 {each} 人", remedy="请多写几个 --inspector")
    found = draw(known, count, seed, inspectors=inspectors, each=each)
    names = [(known[lot].name, people) for lot, people in found.drawn]
    with changing(office.db, dry_run=dry_run):
        said = {
            "district": district, "seed": seed, "listed": found.listed, "digest": found.digest,
            "drawn": [[known[lot].id, known[lot].name, list(people)] for lot, people in found.drawn],
        }  # fmt: skip
        note = f"{where}{found.listed}家中抽{count}家，种子{seed}：{'、'.join(name for name, _ in names)}"
        drawn = NewEvent("drawn", office.today, office.now, office.actor, note=note, data=said)
        (key,) = append_events(office.db, [drawn])
    return [_row(key, office.today, district, found, name, people) for name, people in names]


def draws(office: OfficeSession) -> list[DrawnInstitution]:
    """Everything drawn up to the day asked for, the newest draw first, each with its inspection since."""
    events = events_of_kind(office.db, "drawn")
    if not events:
        return []
    holder = directory(office).holder
    inspections, _ = activity_page(office.db, last=office.today, form=INSPECTION)
    visits: dict[int, list[tuple[dt.date, str]]] = {}
    for one in load_activities(office.db, ids=inspections):
        for now in map(holder, one.institutions):
            if now is not None:
                visits.setdefault(now.id, []).append((one.on, one.number))
    rows = []
    for event in events:
        own = event.on <= office.today and office.scope.fits(_data(event)["district"], office.scope.town, ())
        for key, then, people in _data(event)["drawn"] if own else ():
            now = holder(key)
            since = [visit for visit in visits.get(now.id if now else 0, ()) if visit[0] >= event.on]
            rows.append(_told(event, now.name if now else then, tuple(people), *min(since, default=(None, ""))))
    return sorted(rows, key=lambda row: -row.draw)


def _told(event: Event, name: str, people: tuple[str, ...], on: dt.date | None, activity: str) -> DrawnInstitution:
    data = _data(event)
    facts = (data["district"], data["seed"], data["listed"], data["digest"])
    return DrawnInstitution(event.id, event.on, *facts, name, people, on, activity)


def _row(key: int, on: dt.date, district: str, found: Draw, name: str, people: tuple[str, ...]) -> DrawnInstitution:
    return DrawnInstitution(key, on, district, found.seed, found.listed, found.digest, name, people)


def _data(event: Event) -> dict[str, Any]:
    return dict(event.data)


def _of(one: Institution, district: str, day: dt.date) -> bool:
    return one.kind is Kind.CHILDCARE and one.district == district and one.open_on(day)


def _lot(one: Institution) -> str:
    """What stands for it in the draw: code and branch, else the name."""
    return f"{one.code} {one.branch}".strip() if one.code else f"{one.name} {one.branch}".strip()
