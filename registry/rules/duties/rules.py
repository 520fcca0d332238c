"""Periods, and which duties one agreement brings in them: what the pack asks for, as its own list sets it.

The list comes first, because it is what both sides signed (民法典 204 and 509):

* A ticked row with a frequency replaces the frequency of the pack's duty that names its item (the first such row, where
  a duty names several items). What the list asks for is owed as long as the agreement lives, also after the pack's years.
* Where all rows of a duty's items are there but unticked, the duty is exempt: S0 part 1 leaves it to the provider's own
  capacity. Where the list has no such row, the pack stands as it is.
* A ticked row with a frequency whose item no counted duty of the pack names is a duty of its own, under the item's code.
  Only an activity that names the item counts for it, unless a pack duty without period names just this item: then it is
  that duty, with its forms, and with the frequency of the list.
* Where the list changes within the term, each list owes on its days; a period in which it changes is owed by the one that
  holds on most of them, the earlier of two alike, and what the later no longer asks for stops being owed on its day.
* by_age, on_demand, standing and once have no period: they are not counted and give no rows.
"""

import calendar
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from yiyu.registry.model import Item, Variant
from yiyu.registry.rules.providers import VARIANT_PROVIDERS

PARTS = {"year": 1, "half_year": 2, "quarter": 4, "month": 12}
"""How often a frequency comes in a year. What has no period (by_age, on_demand, standing, once) is not counted."""

_WRITTEN = re.compile(r"([1-9]\d{3})(?:H([12])|Q([1-4])|-(0[1-9]|1[0-2]))?")
_TITLE = {"year": "{0}年", "half_year": "{0}年{2}半年", "quarter": "{0}年第{3}季度", "month": "{0}年{1}月"}
_FORM = {"year": "{0}", "half_year": "{0}H{1}", "quarter": "{0}Q{1}", "month": "{0}-{1:02}"}


@dataclass(frozen=True, slots=True)
class Period:
    """``per`` is a key of PARTS; both days belong to it."""

    text: str
    per: str
    first: dt.date
    last: dt.date

    @property
    def year(self) -> int:
        return self.first.year

    @property
    def title(self) -> str:
        """As people say it: 2026年上半年, 2026年第三季度."""
        month = self.first.month
        return _TITLE[self.per].format(self.year, month, "上" if month == 1 else "下", "一二三四"[(month - 1) // 3])


@lru_cache(maxsize=256)
def periods(per: str, year: int) -> tuple[Period, ...]:
    """The periods of a year in order; calendar ones (domain.md#duties: nothing says rolling)."""
    months = 12 // PARTS[per]
    return tuple(
        Period(
            _FORM[per].format(year, part + 1),
            per,
            dt.date(year, part * months + 1, 1),
            dt.date(year, end := (part + 1) * months, calendar.monthrange(year, end)[1]),
        )
        for part in range(PARTS[per])
    )


@lru_cache(maxsize=256)
def read_period(text: str) -> Period:
    """Raises ValueError for any other writing."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError("时段请写成 2026、2026H1、2026Q3 或 2026-07")
    year, half, quarter, month = found.groups()
    per = "half_year" if half else "quarter" if quarter else "month" if month else "year"
    return periods(per, int(year))[int(half or quarter or month or 1) - 1]


@dataclass(frozen=True, slots=True)
class Rule:
    """A duty as it applies to one agreement. ``due`` is MM-DD within a year; ``steps`` stand beside ``forms``."""

    duty: str
    title: str
    providers: tuple[str, ...]
    per: str
    times: int
    due: str = ""
    filed_only: bool = False
    items: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    source: str = ""
    valid_from: int = 0
    valid_to: int = 9999
    unticked: bool = False
    by_list: bool = False
    follows: bool = False
    """Whether it goes with the institution from one provider to the next (see :mod:`yiyu.registry.duties.listing`)."""
    latest: bool = False
    """Whether the last agreement in force in the period owes it, not the one that is in force on most days."""

    until: dt.date | None = None
    """The day from which a later list of the same agreement no longer asks for it."""

    @property
    def counted(self) -> bool:
        """Whether it comes in periods."""
        return self.per in PARTS and self.times > 0


def owed_through(rules: Sequence[Rule], variant: Variant, items: Sequence[Item]) -> tuple[Rule, ...]:
    """The counted duties of one agreement of ``variant`` with the list ``items``."""
    mine = [rule for rule in rules if set(VARIANT_PROVIDERS[variant]).intersection(rule.providers)]
    counted = [rule for rule in mine if rule.counted]
    named = {code for rule in counted for code in rule.items}
    alone = {rule.items[0]: rule for rule in mine if not rule.counted and len(rule.items) == 1}
    found = [_as_listed(rule, [item for item in items if item.code in rule.items]) for rule in counted]
    for item in items:
        if item.selected and item.code and item.code not in named and timed(item):
            named.add(item.code)
            found.append(_own(item, alone.get(item.code)))
    return tuple(found)


def given_up(earlier: Sequence[Rule], later: Sequence[Rule], day: dt.date) -> tuple[Rule, ...]:
    """The rules of a list that another follows on ``day``: those the later one does not ask for end there."""
    asked = {rule.duty for rule in later if not rule.unticked}
    return tuple(rule if rule.unticked or rule.duty in asked else replace(rule, until=day) for rule in earlier)


def timed(item: Item) -> bool:
    """Whether the row says how often in which period."""
    return bool(item.times) and item.per in PARTS


def _as_listed(rule: Rule, rows: Sequence[Item]) -> Rule:
    ticked = [item for item in rows if item.selected]
    if rows and not ticked:
        return replace(rule, unticked=True)
    first = next(filter(timed, ticked), None)
    return rule if first is None else _often(rule, first)


def _own(item: Item, pack: Rule | None) -> Rule:
    if pack is not None:
        return _often(pack, item)
    place = f"服务项目清单第{item.seq}项"
    rule = Rule(item.code, item.name, tuple(item.provider.split("、")), item.per, 0, items=(item.code,), source=place)
    return _often(rule, item)


def _often(rule: Rule, item: Item) -> Rule:
    due = rule.due if item.per == rule.per else ""
    return replace(rule, per=item.per, times=item.times or 0, due=due, by_list=True)
