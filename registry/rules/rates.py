"""What a rate is made of: units, each with where it belongs and whether it counts. Pure (domain.md#rates).

The units behind a number and the number come from one list, so that a percentage can always be opened.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from yiyu.registry.rules.indicators import INDICATORS

UNKNOWN = "未填"


@dataclass(frozen=True, slots=True)
class Rate:
    """``percent`` to one place, None where there is nothing to divide by: no rate is better than a false 0."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.numerator / self.denominator, 1) if self.denominator else None

    @property
    def text(self) -> str:
        return "—" if self.percent is None else f"{self.percent:.1f}%"

    def __str__(self) -> str:
        return f"{self.text}（{self.numerator}/{self.denominator}）"

    def as_json(self) -> dict[str, object]:
        return {"numerator": self.numerator, "denominator": self.denominator, "percent": self.percent}


@dataclass(slots=True)
class Unit:
    """One thing in a denominator; ``counts`` puts it into the numerator too. Texts are "" where they say nothing.

    ``provider``: the medical institution it is counted under. ``responsible``: who answers for it, ``reason``: why it does
    not count, ``number``: the agreement that says so. ``overdue``: its last day has passed, so that it is missing for good.
    """

    indicator: str
    district: str
    town: str
    provider: str
    institution: str
    number: str
    counts: bool
    note: str
    responsible: str = ""
    reason: str = ""
    overdue: bool = False


GROUPS: dict[str, Callable[[Unit], str]] = {
    "district": lambda unit: unit.district,
    "town": lambda unit: f"{unit.district} {unit.town}",
    "provider": lambda unit: unit.provider,
}


def rates(units: Iterable[Unit], by: str) -> dict[str, dict[str, Rate]]:
    """Rates by group and indicator; the group "" holds all units. A unit without a group is only in "" (see GROUPS)."""
    group_of = GROUPS[by]
    counted: dict[str, dict[str, list[int]]] = {"": {key: [0, 0] for key in INDICATORS}}
    for (group, indicator, counts), number in Counter((group_of(u), u.indicator, u.counts) for u in units).items():
        for name in {"", group} if group.strip() else {""}:
            if name not in counted:
                counted[name] = {key: [0, 0] for key in INDICATORS}
            pair = counted[name][indicator]
            pair[0] += number * counts
            pair[1] += number
    return {group: {key: Rate(*pair) for key, pair in pairs.items()} for group, pairs in counted.items()}
