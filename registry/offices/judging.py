"""Whether a package goes on from the one before it, and whether a recount of it gives the figures it says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yiyu.registry.config import REGISTRY_NAME
from yiyu.registry.errors import StepNotAllowed
from yiyu.registry.offices.below import opened_part
from yiyu.registry.offices.exporting import recounted
from yiyu.registry.offices.facts import Facts
from yiyu.registry.offices.models import model_of
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.office_packages import ReceivedPackage
from yiyu.registry.store.read_models import hash_at, read_model

_WORDS = {"childcare": "托育机构", "filed": "备案", "signed": "签约", "visits_due": "应上门", "visits_done": "已上门"}
_MOST = 20


def says_nothing_new(
    office: OfficeSession, one: ReceivedPackage, held: ReceivedPackage, made: Path, *, accepted: bool
) -> bool:
    """Whether the registry of a package stands where that of the one held does; False: it has gone on from there.

    ``made``: the model of ``one``. Raises StepNotAllowed for an older one and, unless ``accepted``, for one of another chain.
    """
    if not _one_chain(office, one, held, made):
        if accepted:
            return False
        raise StepNotAllowed(
            f"“{held.name}”的记录链与上次交来的不是一条：上次截至 {held.as_of} 链头 {held.head}，这次截至 {one.as_of} 链头 {one.head}",
            remedy="请向对方问清原因（例如用备份恢复过）；确实以这次为准，写明原因再收（--reason）",
        )
    if one.order < held.order:
        raise StepNotAllowed(
            f"“{held.name}”的这份包比收过的旧：收过的截至 {held.as_of} 链头 {held.head}，这份截至 {one.as_of} 链头 {one.head}",
            remedy="收过的没有动；要更新，请对方重新做一份",
        )
    return one.order == held.order


def differences(office: OfficeSession, made: Path, facts: Facts) -> tuple[str, ...]:
    """Where a recount on the model gives another figure than the package says, in words; at most so many, and how many more."""
    with opened_part(made, today=office.today, now=office.now, actor=office.actor) as part:
        counted = recounted(part, facts.as_of)
    found = list(_differing(facts.figures, counted))
    more = [f"……另有 {len(found) - _MOST} 处"] if len(found) > _MOST else []
    return (*found[:_MOST], *more)


def _one_chain(office: OfficeSession, one: ReceivedPackage, held: ReceivedPackage, made: Path) -> bool:
    """Whether the shorter of two chains is the beginning of the longer."""
    if (one.events, one.changes) == (held.events, held.changes):
        return (one.last_hash, one.head) == (held.last_hash, held.head)
    shorter, folder = (held, made) if one.events >= held.events else (one, model_of(office.workspace, held))
    with read_model(folder / REGISTRY_NAME) as db:
        return hash_at(db, shorter.events) == shorter.last_hash


def _differing(told: dict[str, list[dict[str, Any]]], counted: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    for period in sorted(told.keys() | counted.keys()):
        rows, ours = _by_place(told.get(period, [])), _by_place(counted.get(period, []))
        for place in dict.fromkeys([*rows, *ours]):
            yield from _in_row(f"{period} {place}", rows.get(place, {}), ours.get(place, {}))


def _by_place(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By 旗区 in words; the last is the total."""
    return {f"{row.get('district')} {row.get('district_code') or ''}".strip(): row for row in rows}


def _in_row(place: str, told: dict[str, Any], counted: dict[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys([*told, *counted]):
        first, second = told.get(key), counted.get(key)
        if first == second:
            continue
        if isinstance(first, dict) and isinstance(second, dict) and key == "entered":
            for name in dict.fromkeys([*first, *second]):
                one, other = (side.get(name) or {} for side in (first, second))
                if one != other:
                    title = (one or other).get("title", name)
                    yield f"{place} {title}：包里 {_shown(one)}，重算 {_shown(other)}"
        else:
            yield f"{place} {_title(key)}：包里 {_shown(first)}，重算 {_shown(second)}"


def _title(key: str) -> str:
    indicator = INDICATORS.get(key.removesuffix("_rate"))
    return indicator.title if indicator else _WORDS.get(key, key)


def _shown(value: Any) -> str:  # noqa: ANN401 - JSON
    match value:
        case {"numerator": part, "denominator": whole, "percent": _}:
            return f"{part}/{whole}"
        case {"value": figure, **rest}:
            return f"{'未填' if figure is None else f'{figure:g}'}（{rest.get('source') or '没有来源'}，目标 {rest.get('target')}）"
        case None | {}:
            return "没有"
    return str(value)
