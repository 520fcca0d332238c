"""Terms of agreements to the day, and where their originals are: 一式N份 as a ledger. Pure (domain.md#term-end).

Moves are events of kind ``moved`` with ``count``, ``source`` and ``target``; N originals begin as 未印.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from yiyu.registry.lifecycle import Event

UNPRINTED = "unprinted"
PLACES: dict[str, str] = {
    UNPRINTED: "未印",
    "printed": "已印待签",
    "sealing": "送出用印",
    "甲": "甲方",
    "乙": "乙方",
    "丙": "丙方",
    "authority": "主管部门",
    "box": "档案盒",
}


def balance(copies: int, events: Iterable[Event]) -> dict[str, int]:
    """How many originals are where, for every place; the values sum to ``copies``.

    Corrected moves do not count. The events are those of one agreement, in the order recorded.
    """
    known = list(events)
    corrected = {event.corrects for event in known}
    places = dict.fromkeys(PLACES, 0) | {UNPRINTED: copies}
    for event in known:
        if event.kind == "moved" and event.id not in corrected:
            count, source, target = read_move(event.data)
            places[source] -= count
            places[target] += count
    return places


def refused_move(places: Mapping[str, int], count: int, source: str, target: str) -> str:
    """Why so many originals cannot go from one place to another, or ""."""
    if source == target:
        return "起点和去向相同"
    if count < 1:
        return "份数至少是 1"
    if places[source] < count:
        return f"{PLACES[source]}处只有 {places[source]} 份，不够 {count} 份"
    return ""


def read_move(data: Mapping[str, object]) -> tuple[int, str, str]:
    """``count``, ``source``, ``target`` of a move."""
    return int(str(data["count"])), str(data["source"]), str(data["target"])


class EndCustom(StrEnum):
    """How an end date is proposed; the printed inclusive date is what then holds (民法典 204)."""

    DAY_BEFORE = "day-before"
    CIVIL_CODE = "civil-code"


def propose_end(start: dt.date, months: int, custom: EndCustom = EndCustom.DAY_BEFORE) -> dt.date:
    """The inclusive end of a term of ``months``.

    ``civil-code`` gives the corresponding day, ``day-before`` the day before it; a month without that day
    ends on its last day in both (民法典 202). Raises ValueError for a term below one month.
    """
    if months < 1:
        raise ValueError("期限至少一个月")
    corresponding = start + relativedelta(months=months)
    if corresponding.day != start.day or custom is EndCustom.CIVIL_CODE:
        return corresponding
    return corresponding - dt.timedelta(days=1)


def notice_by(ends_on: dt.date, notice_days: int) -> dt.date:
    """The last day on which notice before the end may be given: 截止日期 − N days (domain.md#notice-days)."""
    return ends_on - dt.timedelta(days=notice_days)
