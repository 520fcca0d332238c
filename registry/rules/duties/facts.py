"""What the engine is told: who, in force when, and what was done."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from yiyu.registry.model import Variant
from yiyu.registry.rules.duties.rules import Period, Rule, periods
from yiyu.registry.rules.duties.spans import ALWAYS, Span

Partial = Literal["half", "always", "never"]
"""Whether a first or last period counts in which an agreement is in force only in part (domain.md#duties)."""


class Act(NamedTuple):
    """One activity, or a step of the yearly assessment (``form`` is the step then, ``number`` empty).

    ``late_for``: the period its record sheet was made for, where the day is after that period; else "".
    """

    on: dt.date
    number: str
    form: str
    items: frozenset[str] = frozenset()
    late_for: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A childcare institution as known on the day asked for; ``filed`` are the days on which 备案 holds."""

    id: int
    name: str
    filed: Sequence[Span] = ALWAYS
    closed_on: dt.date | None = None


class Owner(NamedTuple):
    """Who owes: id and name."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """One agreement as known on the day asked for, or (without number) what an institution owes by itself.

    In force from ``since`` (生效, but not before all had signed) to ``ends``. ``acts`` are those within the term, from
    生效日期 on, oldest first.
    """

    number: str
    variant: Variant | None
    district: str
    since: dt.date
    ends: dt.date
    rules: Sequence[Rule]
    owners: Mapping[str, Owner]
    """By provider code; "" stands for any other."""
    acts: Sequence[Act] = ()
    waived: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Reason by duty and period."""


@dataclass(frozen=True, slots=True)
class Asked:
    """As of which day, which periods: those of ``year``, or just ``period``."""

    day: dt.date
    year: int
    period: Period | None = None
    partial: Partial = "half"

    def periods(self, per: str) -> tuple[Period, ...]:
        if self.period is None:
            return periods(per, self.year)
        return (self.period,) if self.period.per == per else ()
