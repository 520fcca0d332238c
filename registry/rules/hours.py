"""服务时长 of each person: what counts for 职称, and what does not with the reason. Pure (S0 三（二）, S1 二（六）16).

Every exclusion is decided over all the stays of a person before anything is summed, so that totals are the same however
the rows are grouped afterwards.
"""

import datetime as dt
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

LONGEST = 12 * 60
"""Minutes a day in one place beyond which a record is taken for a slip of the pen."""

REASONS = {
    "no-hours": "没有起止时间或时长",
    "too-long": "一天超过 12 小时",
    "outside-term": "不在协议期内",
    "no-evidence": "没有佐证材料",
    "overlap": "同一时间在两处",
    "department": "科室不在可计入的范围",
}

Who = tuple[str, str, str]
"""A person: name, 单位 and 科室 as it is told apart. Two of one name in one hospital are told apart by their 科室."""
_SHORT = {"儿保": "儿童保健", "妇保": "妇女保健", "公卫": "公共卫生", "防保": "预防保健"}
_ENDINGS = ("门诊", "科室", "科", "室", "部", "组")
"""What one 科室 is written with and without."""


@dataclass(slots=True)
class Stay:
    """One person at one activity. ``starts`` and ``ends`` are None where only ``minutes`` is known; that may be None, too.

    ``place`` tells places apart; ``in_term``: an agreement it serves was in force that day; ``evidence``: there is some.
    """

    person: str
    unit: str
    department: str
    title: str
    activity: str
    on: dt.date
    starts: dt.time | None
    ends: dt.time | None
    minutes: int | None
    place: str
    district: str
    in_term: bool
    evidence: bool
    excluded: str = ""
    """A key of REASONS; "" when it counts."""

    @property
    def length(self) -> int:
        """Minutes."""
        if self.starts is not None and self.ends is not None:
            return _minute(self.ends) - _minute(self.starts)
        return self.minutes or 0


@dataclass(frozen=True, slots=True)
class PersonHours:
    """``minutes`` that count; a moment recorded twice in one place counts once."""

    person: str
    unit: str
    department: str
    title: str
    minutes: int
    visits: int
    places: int
    stays: tuple[Stay, ...]

    @property
    def hours(self) -> float:
        return round(self.minutes / 60, 2)


def person_hours(stays: Iterable[Stay], departments: Collection[str]) -> list[PersonHours]:
    """One row a person (see :data:`Who`), the longest first. ``departments``: parts of names of 科室 that count; none: all."""
    found = list(stays)
    people: dict[Who, list[Stay]] = defaultdict(list)
    for who, stay in zip(_who(found), found, strict=True):
        people[who].append(stay)
    rows = [_summed(who, _judged(own, departments)) for who, own in people.items()]
    return sorted(rows, key=lambda row: (-row.minutes, row.unit, row.person, row.department))


def _judged(stays: Iterable[Stay], departments: Collection[str]) -> list[Stay]:
    """The stays of one person by day and activity, with what excludes them."""
    found = sorted(stays, key=lambda stay: (stay.on, stay.activity))
    days: dict[dt.date, list[int]] = defaultdict(list)
    for index, stay in enumerate(found):
        if stay.starts is not None and stay.ends is not None and stay.length > 0:
            days[stay.on].append(index)
    twice = {index for day in days.values() for index in _in_two_places(found, day)}
    reasons = (_alone(stay, departments) or ("overlap" if index in twice else "") for index, stay in enumerate(found))
    return [replace(stay, excluded=reason) if reason else stay for stay, reason in zip(found, reasons, strict=True)]


def _alone(stay: Stay, departments: Collection[str]) -> str:
    """What excludes a stay looked at by itself."""
    length = stay.length
    tests = (
        ("no-hours", length <= 0),
        ("too-long", length > LONGEST),
        ("outside-term", not stay.in_term),
        ("no-evidence", not stay.evidence),
        ("department", bool(departments) and not any(part in stay.department for part in departments)),
    )
    return next((reason for reason, broken in tests if broken), "")


def _who(stays: Sequence[Stay]) -> list[Who]:
    """Of each stay the person. A record without 科室 is of the one 科室 that the name has in the 单位, if it has one."""
    departments: dict[tuple[str, str], set[str]] = defaultdict(set)
    for stay in stays:
        departments[stay.person, stay.unit] |= {_same(stay.department)} - {""}
    only = {one: min(own) for one, own in departments.items() if len(own) == 1}
    return [
        (stay.person, stay.unit, _same(stay.department) or only.get((stay.person, stay.unit), "")) for stay in stays
    ]


@lru_cache(maxsize=1024)
def _same(department: str) -> str:
    """儿童保健 for 儿保科, 儿保门诊 and 儿童保健科."""
    name = re.sub(f"({'|'.join(_ENDINGS)})+$", "", "".join(department.split()))
    return _SHORT.get(name, name)


def _in_two_places(stays: Sequence[Stay], day: Iterable[int]) -> Iterator[int]:
    """Those of a day that overlap another in another place, by index: which of them is true, only a person can say.

    Among all that began before a stay ended, the latest end in another place decides.
    """
    spans = sorted((*_span(stays[index]), stays[index].place, index) for index in day)
    starts, latest = [span[0] for span in spans], list(accumulate(spans, _later, initial=(0, "", 0)))
    for start, end, place, index in spans:
        last, where, elsewhere = latest[bisect_left(starts, end)]
        if (elsewhere if where == place else last) > start:
            yield index


def _later(known: tuple[int, str, int], span: tuple[int, int, str, int]) -> tuple[int, str, int]:
    """The latest end, where, and the latest end anywhere else, with one more."""
    (last, where, elsewhere), (_, end, place, _) = known, span
    if place == where:
        return max(last, end), where, elsewhere
    return (end, place, last) if end > last else (last, where, max(elsewhere, end))


def _summed(who: Who, stays: Sequence[Stay]) -> PersonHours:
    counted = [stay for stay in stays if not stay.excluded]
    minutes = sum(stay.length for stay in counted if stay.starts is None or stay.ends is None)
    days: dict[tuple[dt.date, str], list[tuple[int, int]]] = defaultdict(list)
    for stay in counted:
        if stay.starts is not None and stay.ends is not None:
            days[stay.on, stay.place].append(_span(stay))
    minutes += sum(_union(spans) for spans in days.values())
    visits = len({(stay.on, stay.place) for stay in counted})
    places = len({stay.place for stay in counted})
    department = next((stay.department for stay in reversed(stays) if stay.department), "")
    return PersonHours(who[0], who[1], department, stays[-1].title, minutes, visits, places, tuple(stays))


def _union(spans: Iterable[tuple[int, int]]) -> int:
    total, reached = 0, -1
    for first, last in sorted(spans):
        total += max(0, last - max(first, reached))
        reached = max(reached, last)
    return total


def _span(stay: Stay) -> tuple[int, int]:
    assert stay.starts is not None  # noqa: S101 - only stays with hours come here; narrows the type
    assert stay.ends is not None  # noqa: S101
    return _minute(stay.starts), _minute(stay.ends)


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute
