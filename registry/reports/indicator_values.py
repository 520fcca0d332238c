"""Figures beside their targets, by 旗区: computed where the registry holds their parts, else as typed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from yiyu.registry.model import Institution, Kind
from yiyu.registry.packs import Pack, list_packs
from yiyu.registry.packs.rows import Target
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.indicators import FIGURES
from yiyu.registry.rules.rates import Rate
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.duties import new_records
from yiyu.registry.store.figures import ManualFigure, figures
from yiyu.registry.store.institutions import all_institutions


@dataclass(frozen=True, slots=True)
class IndicatorValue:
    """A figure beside its target. ``value`` None: 未填; ``target`` None: the pack has none.

    ``target_year`` may lie in the past: then it was to be reached by that year's end. ``excluded``: why no target
    applies here, with the place that says so. ``numerator`` and ``denominator``: what the registry computes it from, None
    where it cannot; ``typed``: what was typed in beside that.
    """

    indicator: str
    title: str
    """As the region calls it."""
    value: float | None
    unit: str
    source: str
    target: float | None
    target_year: int | None
    reached: bool | None
    excluded: str
    numerator: int | None = None
    denominator: int | None = None
    typed: float | None = None


class IndicatorValues:
    """Figures of a year and the targets they are to reach, as of the day asked for.

    ``below``: by code of their region the values of offices that report to this one; they count among its own.
    """

    def __init__(
        self, office: OfficeSession, year: int, below: Iterable[tuple[str, Mapping[str, IndicatorValue]]] = ()
    ) -> None:
        self._office, self._year, self._below = office, year, list(below)
        self._figures = figures(office.db, year)
        for code, values in self._below:
            typed = {key: one for key, one in values.items() if one.typed is not None}
            self._figures |= {
                (code, key): ManualFigure(code, year, key, None, None, one.typed, one.source, "", "")
                for key, one in typed.items()
            }
        self._packs = list_packs(office.workspace.templates)
        self._region = office.workspace.config.region

    def of(self, code: str) -> dict[str, IndicatorValue]:
        """Every indicator for a 旗区; "" stands for the region of the office."""
        pack = self._pack(code)
        return {key: self._one(key, code or self._region, pack) for key in FIGURES}

    def _one(self, key: str, code: str, pack: Pack) -> IndicatorValue:
        unit, target = FIGURES[key].unit, _target(pack, FIGURES[key].goals, self._year)
        title = pack.worded(FIGURES[key].title)
        figure, counted = self._figures.get((code, key)), self._counted(key, code)
        if target and target.scope == "district" and code == self._region and code.endswith("00"):
            return self._summed(key, title, target, [one for one in pack.regions if not one.endswith("00")])
        excluded = _excluded(target, code)
        if excluded or (target and target.scope == "region" and code != self._region):
            target = None
        value = _value(figure) if counted is None else counted.percent
        goal, by = (target.value, target.year) if target else (None, None)
        reached = None if value is None or target is None else (value >= target.value) == target.at_least
        part, whole = (None, None) if counted is None else (counted.numerator, counted.denominator)
        source, typed = _source(figure, counted), _value(figure)
        return IndicatorValue(key, title, value, unit, source, goal, by, reached, excluded, part, whole, typed)

    def _summed(self, key: str, title: str, target: Target, districts: Iterable[str]) -> IndicatorValue:
        """What each 旗区 is to reach, over all of them: each adds no more than its own target, so that none stands in."""
        figure = self._figures.get((self._region, key))
        asked = [code for code in districts if not _excluded(target, code)]
        known = [found for code in asked if (found := self._figures.get((code, key)))]
        value = sum(min(one.value, target.value) for one in known) if known else None
        goal = target.value * len(asked)
        source = f"{len(asked)} 个旗区中 {len(known)} 个已填，合计" if known else ""
        source += f"；另填报全市 {figure.value:g}（{figure.source}）" if figure else ""
        reached = None if value is None else value >= goal
        unit = FIGURES[key].unit
        return IndicatorValue(key, title, value, unit, source, goal, target.year, reached, "", typed=_value(figure))

    def _counted(self, key: str, code: str) -> Rate | None:
        """What the registry computes; None where it does not hold the parts."""
        found = self._parts.get(key, {}).get("" if code == self._region else code)
        return found if found and found.denominator else None

    @cached_property
    def _parts(self) -> dict[str, dict[str, Rate]]:
        """By indicator and 旗区, "" for all: shares of what institutions that are open on the day are known to have."""
        office = self._office
        known = [
            one
            for one in all_institutions(office.db, office.today)
            if one.kind is Kind.CHILDCARE and one.open_on(office.today)
        ]
        told = [one for one in known if one.places and one.inclusive is not None]
        records = new_records(office.db, office.today)
        filed = {one.id: min(records[one.id], one.enrolled) for one in known if one.enrolled and one.id in records}
        parts = {
            "inclusive": _shares(told, {one.id: (one.places or 0) * bool(one.inclusive) for one in told}, "places"),
            "records": _shares([one for one in known if one.id in filed], filed, "enrolled"),
        }
        for code, values in self._below:
            for key, shares in parts.items():
                _add(shares, code, values.get(key))
        return parts

    def _pack(self, code: str) -> Pack:
        """The pack made for the fewest regions that has this one: a 旗 with its own targets before its city."""
        fitting = [pack for pack in self._packs if code and code in pack.regions]
        return min(fitting, key=lambda pack: len(pack.regions), default=self._office.pack)


def _shares(institutions: Iterable[Institution], parts: Mapping[int, int], whole: str) -> dict[str, Rate]:
    sums: dict[str, list[int]] = {}
    for one in institutions:
        for code in ("", one.district):
            pair = sums.setdefault(code, [0, 0])
            pair[0] += parts[one.id]
            pair[1] += getattr(one, whole) or 0
    return {code: Rate(*pair) for code, pair in sums.items()}


def _add(shares: dict[str, Rate], code: str, value: IndicatorValue | None) -> None:
    """Add what an office below computes to what is known of its region and of all."""
    if value is not None and value.numerator is not None and value.denominator is not None:
        for name in ("", code):
            known = shares.get(name, Rate(0, 0))
            shares[name] = Rate(known.numerator + value.numerator, known.denominator + value.denominator)


def _target(pack: Pack, goals: str, year: int) -> Target | None:
    """The target of the year, else the last one before it: what had to be reached by then still says something."""
    found = [one for one in pack.targets if goals and one.key.startswith(goals) and one.year <= year]
    return max(found, key=lambda one: one.year, default=None)


def _excluded(target: Target | None, code: str) -> str:
    return f"{target.source}：{district_name(code)}除外" if target and code in target.excluded else ""


def _value(figure: ManualFigure | None) -> float | None:
    return None if figure is None else figure.value


def _source(figure: ManualFigure | None, counted: Rate | None) -> str:
    """Where it comes from; a typed figure beside a computed one shows both."""
    typed = figure.source if figure else ""
    if counted is None:
        return typed
    computed = f"登记库 {counted.numerator}/{counted.denominator}"
    return computed + (f"；填报 {figure.value:g}，{typed}" if figure else "")
