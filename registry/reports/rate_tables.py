"""The rates of one office by 旗区, town or provider, with its figures from elsewhere, and what they leave out."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from yiyu.registry.reports.counting import RateInputs
from yiyu.registry.reports.indicator_values import IndicatorValue, IndicatorValues
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.rates import Rate, Unit, rates

TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class RateRow:
    """One line. ``code`` is the six-digit code of the 旗区 or office, "" for other groups and the total."""

    group: str
    code: str
    rates: Mapping[str, Rate]
    entered: Mapping[str, IndicatorValue]

    @property
    def childcare(self) -> int:
        return self.rates["signed_all"].denominator

    @property
    def filed(self) -> int:
        return self.rates["filed"].numerator

    @property
    def signed(self) -> int:
        return self.rates["signed_all"].numerator

    @property
    def visits_due(self) -> int:
        return self.rates["visits"].denominator

    @property
    def visits_done(self) -> int:
        return self.rates["visits"].numerator

    @property
    def trained(self) -> int:
        return self.rates["training"].numerator

    def as_json(self) -> dict[str, object]:
        """The keys other programs rely on; each rate under its indicator's name and ``_rate``.

        Source: design.md#command-line.
        """
        counts = {name: getattr(self, name) for name in _COUNTS}
        shares = {f"{key}_rate": rate.as_json() for key, rate in self.rates.items()}
        typed = {key: {n: getattr(one, n) for n in IndicatorValue.__slots__} for key, one in self.entered.items()}
        return {"district": self.group, "district_code": self.code, **counts, **shares, "entered": typed}


_COUNTS = ("childcare", "filed", "signed", "visits_due", "visits_done", "trained")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What no number holds, so that nobody has to guess: closed institutions, duties waived, and exempt with a reason."""

    known_on: dt.date | None
    closed: int
    waived: int
    exempt: int

    def __add__(self, other: "LeftOut") -> "LeftOut":
        sums = self.closed + other.closed, self.waived + other.waived, self.exempt + other.exempt
        return LeftOut(self.known_on, *sums)

    @property
    def said(self) -> list[str]:
        said = [f"{self.known_on} 以后录入的记录不计"] if self.known_on else []
        said += [f"已停办的托育机构 {self.closed} 家不计"] if self.closed else []
        said += [f"免除的事项 {self.waived} 项不计"] if self.waived else []
        return said + ([f"不应计的事项 {self.exempt} 项"] if self.exempt else [])


@dataclass(frozen=True, slots=True)
class RateTable:
    """One row a group, and the total last."""

    rows: tuple[RateRow, ...]
    left_out: LeftOut

    @property
    def total(self) -> RateRow:
        return self.rows[-1]


def rate_table(inputs: RateInputs, units: Iterable[Unit], by: str) -> RateTable:
    """The table of units at hand; ``by``: a key of :data:`yiyu.registry.rules.rates.GROUPS`."""
    found = rates(units, by)
    values, scope = IndicatorValues(inputs.office, inputs.period.year), inputs.office.scope

    def entered(code: str) -> dict[str, IndicatorValue]:
        """Figures are of a 旗区 or the region: of one town or provider they would say what is not asked."""
        return {} if scope.town or scope.provider else values.of(code or scope.district)

    rows = [_row(name, name if by == "district" else "", found[name], entered) for name in sorted(found.keys() - {""})]
    return RateTable((*rows, _row("", "", found[""], entered)), _left_out(inputs))


def group_name(name: str) -> str:
    """A group as people call it: of a 旗区 or a town its first word is the code."""
    code, _, town = name.partition(" ")
    return f"{district_name(code)} {town or '（未填乡镇）'}" if " " in name and code.isdigit() else district_name(name)


def _row(
    name: str, code: str, found: Mapping[str, Rate], entered: Callable[[str], dict[str, IndicatorValue]]
) -> RateRow:
    return RateRow(group_name(name) if name else TOTAL, code, found, entered(code) if code or not name else {})


def _left_out(inputs: RateInputs) -> LeftOut:
    first, last = inputs.period.first, inputs.period.last
    states = Counter(row.state for row in inputs.outside if first <= row.due_by <= last)
    return LeftOut(inputs.office.known_on, inputs.closed, states["waived"], states["exempt"])
