"""The figures of every report, as docs/site/indicators.md defines them: the recount's own reading, counted from raw inputs."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from recount.facts import Agreement, Institution, Known, Standing
from recount.inputs import DISTRICTS
from recount.owed import Owed, Row

BASIC = ("JC", "TB", "SF")
MOTHERS = ("FY", "SF")
"""domain.md#variants: what stands for 基层 and for 妇幼."""
GRASSROOTS = ("社区卫生服务中心", "乡镇卫生院", "苏木卫生院", "中心卫生院")
KEYS = (
    "signed", "signed_all", "both", "participation", "filed", "visits", "training", "duties", "archived", "renewed", "rectified",
)  # fmt: skip


class Unit(NamedTuple):
    """One thing that is counted: of which rate, where, under whom, and whether it is in the numerator."""

    key: str
    district: str
    town: str
    provider: str
    counts: bool
    overdue: bool = False
    """Missing for good: its last day is over."""


class Asked(NamedTuple):
    """As of ``day``, for a period: both its days belong to it, and nothing after it counts (decision 15, indicators.md)."""

    day: dt.date
    first: dt.date
    last: dt.date

    @property
    def until(self) -> dt.date:
        return min(self.day, self.last)


def period(text: str) -> tuple[dt.date, dt.date]:
    """First and last day of 2025, 2025H1 or 2025Q4."""
    year, part = int(text[:4]), text[4:]
    first, months = {"": (1, 12), "H": (int(part[1:] or 1) * 6 - 5, 6), "Q": (int(part[1:] or 1) * 3 - 2, 3)}[part[:1]]
    after = dt.date(year + (first + months) // 13, (first + months - 1) % 12 + 1, 1)
    return dt.date(year, first, 1), after - dt.timedelta(days=1)


class Figures:
    """All figures of one question."""

    def __init__(self, known: Known, said: dict[str, Any], asked: Asked, rows: list[Row] | None = None) -> None:
        """``rows``: what is owed in the year of the period up to its day, where it is at hand."""
        self.known, self.asked, self._day = known, asked, asked.until
        self.standings = {key: found for key, one in known.agreements.items() if (found := one.on(self._day))}
        self.rows = list(Owed(known, said, self._day, asked.first.year).rows()) if rows is None else rows
        self.units = list(self._units())

    def rates(
        self, by: str, district: str = "", town: str = "", provider: str = ""
    ) -> dict[str, dict[str, tuple[int, int]]]:
        """Numerator and denominator by group and key; all together under "". ``district`` and so on limit what is counted."""
        found: dict[str, Counter[tuple[str, bool]]] = defaultdict(Counter, {"": Counter()})
        for unit in self.units:
            if not (district in ("", unit.district) and town in ("", unit.town) and provider in ("", unit.provider)):
                continue
            group = {"district": unit.district, "town": f"{unit.district} {unit.town}", "provider": unit.provider}[by]
            for name in {"", group}:
                found[name][unit.key, unit.counts] += 1
        return {
            group: {key: (counted[key, True], counted[key, True] + counted[key, False]) for key in KEYS}
            for group, counted in found.items()
        }

    def _units(self) -> Iterator[Unit]:
        yield from self._of_institutions()
        yield from self._of_duties()
        yield from self._of_agreements()
        yield from self._of_findings()

    def _unit(self, key: str, at: Institution, provider: str, counts: bool, overdue: bool = False) -> Unit:
        """Where the institution is on the day (decision 15: 旗区 and 乡镇 are dated)."""
        district, town = at.value("district", self._day) or "", at.value("town", self._day) or ""
        return Unit(key, district, town, provider, counts, overdue)

    def _of_institutions(self) -> Iterator[Unit]:
        """签约率、双签率、基层参与率、备案率: by what is in force on the day; 停办 is not counted."""
        force: dict[str, list[Standing]] = defaultdict(list)
        active: set[str] = set()
        for one in self.standings.values():
            if one.in_force:
                force[one.one.childcare].append(one)
                active |= set(one.one.medical)
        for key, at in self.known.institutions.items():
            if not at.open(self._day):
                continue
            if at.kind == "medical":
                if at.value("category", self._day) in GRASSROOTS:
                    yield self._unit("participation", at, key, key in active)
                continue
            variants, filed = {one.one.variant for one in force[key]}, at.filed(self._day)
            yield self._unit("signed_all", at, "", bool(variants))
            yield self._unit("filed", at, "", filed)
            if filed:
                yield self._unit("signed", at, "", bool(variants))
                both = not variants.isdisjoint(BASIC) and not variants.isdisjoint(MOTHERS)
                yield self._unit("both", at, "", both)

    def _of_duties(self) -> Iterator[Unit]:
        """履约率: what fell due within the period, up to the day; 免除 and 不计 stand in no denominator. A training covers
        the institution for the year, whoever gave it; it counts for the first who did, by number, else for the first who owes it."""
        trained: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            if row.state in ("waived", "exempt", "not_yet"):
                continue
            at = self.known.institutions[row.institution]
            done = row.state in ("done", "late")
            if row.duty == "training":
                trained[row.institution].append(row)
            if self.asked.first <= row.last <= self.asked.last:
                yield self._unit("duties", at, row.provider, done)
                if row.duty == "visit":
                    yield self._unit("visits", at, row.provider, done, row.state == "missed")
        for key, rows in trained.items():
            given = [row for row in rows if row.state in ("done", "late")] or rows
            first = min(given, key=lambda row: self._order(self.known.agreements[row.number]))
            done = first.state in ("done", "late")
            yield self._unit("training", self.known.institutions[key], first.provider, done)

    def _of_agreements(self) -> Iterator[Unit]:
        """归档率 and 到期续签率."""
        for one in self.standings.values():
            at = self.known.institutions[one.one.childcare]
            if one.signed_on is None or one.voided:
                continue
            yield self._unit("archived", at, one.one.medical[0], "checked" in one.filing)
            if not one.terminated and self.asked.first <= one.ends <= self._day:
                yield self._unit("renewed", at, one.one.medical[0], self._renewed(one))

    def _renewed(self, old: Standing) -> bool:
        """A next one that all had signed by the last day (indicators.md: 起草不是续签)."""
        return any(
            one.one.data["renews"] == old.one.key
            and not one.voided
            and one.signed_on is not None
            and one.signed_on <= old.ends
            for one in self.standings.values()
        )

    def _of_findings(self) -> Iterator[Unit]:
        """问题整改率: what was found within the period, up to the day."""
        for act in self.known.activities.values():
            if not self.asked.first <= act.on <= self._day:
                continue
            first = min((self.known.agreements[key] for key in act.data["agreements"]), key=self._order)
            at = self.known.institutions[first.childcare]
            for order, finding in enumerate(act.data["findings"]):
                seen = act.seen.get(order, dt.date.max) <= self._day
                late = not seen and finding["due"] is not None and finding["due"] < self._day
                yield self._unit("rectified", at, first.medical[0], seen, late)

    def _order(self, one: Agreement) -> tuple[object, ...]:
        """Of an activity that served several, the one whose number comes first, those made by the day before others: 旗区 when
        drafted, year, type, place in the series."""
        at = self.known.institutions[one.childcare]
        place = at.value("district", one.written), one.data["starts"].year, one.variant, one.written
        return one.key not in self.standings, *place

    def shares(self) -> dict[str, dict[str, tuple[int, int]]]:
        """建档率 and 普惠托位占比 by 旗区, "" for all: of institutions of which both parts are registered (indicators.md)."""
        found: dict[str, dict[str, list[int]]] = {
            "records": defaultdict(lambda: [0, 0]),
            "inclusive": defaultdict(lambda: [0, 0]),
        }
        made: Counter[str] = Counter()
        for act in self.known.activities.values():
            if act.on <= self._day and "新建档案" in act.data["counts"]:
                made[self.known.agreements[act.data["agreements"][0]].childcare] += act.data["counts"]["新建档案"]
        for key, at in self.known.institutions.items():
            if at.kind != "childcare" or not at.open(self._day):
                continue
            places, inclusive, enrolled = (at.value(name, self._day) for name in ("places", "inclusive", "enrolled"))
            for district in ("", at.value("district", self._day)):
                if enrolled and key in made:
                    _add(found["records"][district], min(made[key], enrolled), enrolled)
                if places and inclusive is not None:
                    _add(found["inclusive"][district], places * inclusive, places)
        return {key: {place: (pair[0], pair[1]) for place, pair in places.items()} for key, places in found.items()}

    def typed(self, key: str, district: str) -> float | None:
        """What was typed in; of 二级以上公立医疗机构办托 the city's is the sum over the 旗区 that are asked for one, none standing in
        for another (S0 一; domain.md#duties)."""
        year, figures = self.asked.first.year, self.known.figures
        if key != "hospital" or district or year < 2025:
            return figures.get((district or "150600", year, key))
        told = [figures[one, year, key] for one in DISTRICTS if one != "150603" and (one, year, key) in figures]
        return sum(min(one, 1) for one in told) if told else None


def _add(pair: list[int], part: int, whole: int) -> None:
    pair[0] += part
    pair[1] += whole
