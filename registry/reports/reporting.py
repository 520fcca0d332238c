"""签约率 beside 履约率, by 旗区, town or provider, with the figures that come from elsewhere."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from yiyu.registry.duties.listing import period_named
from yiyu.registry.errors import BadInput
from yiyu.registry.reports.counting import RateInputs, rate_inputs
from yiyu.registry.reports.indicator_values import IndicatorValue, IndicatorValues
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.duties import Period
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.rules.rates import Rate, Unit, rates
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.bulk import gc_paused

TOTAL = "合计"


@dataclass(frozen=True, slots=True)
class RateRow:
    """One line. ``code`` is the six-digit code of the 旗区, "" for other groups and the total."""

    group: str
    code: str
    childcare: int
    filed: int
    signed: int
    visits_due: int
    visits_done: int
    trained: int
    rates: Mapping[str, Rate]
    entered: Mapping[str, IndicatorValue]

    def as_json(self) -> dict[str, object]:
        """The keys other programs rely on; each rate under its indicator's name and ``_rate``.

        Source: design.md#command-line.
        """
        counts = {name: getattr(self, name) for name in _COUNTS}
        shares = {f"{key}_rate": rate.as_json() for key, rate in self.rates.items()}
        typed = {key: {n: getattr(one, n) for n in IndicatorValue.__slots__} for key, one in self.entered.items()}
        return {"district": self.group, "district_code": self.code, **counts, **shares, "entered": typed}


_COUNTS = ("childcare", "filed", "signed", "visits_due", "visits_done", "trained")


@gc_paused()
def report_rates(
    office: OfficeSession, *, by: str = "district", period: str | None = None
) -> tuple[list[RateRow], list[str]]:
    """One row a group and the total last, and what is left out of the numbers, in words.

    ``by``: a key of :data:`yiyu.registry.rules.rates.GROUPS`. ``period`` defaults to the quarter of the day asked for; nothing
    after its last day counts, and what an indicator counts in it says :data:`yiyu.registry.rules.indicators.INDICATORS`.
    """
    inputs = rate_inputs(office, asked_period(office, period))
    return rate_table(inputs, inputs.all_units(), by)


def rate_table(inputs: RateInputs, units: Iterable[Unit], by: str) -> tuple[list[RateRow], list[str]]:
    """The same from units already at hand."""
    found = rates(units, by)
    names = sorted(found.keys() - {""})
    values, scope = IndicatorValues(inputs.office, inputs.period.year), inputs.office.scope

    def entered(code: str) -> dict[str, IndicatorValue]:
        """Figures are of a 旗区 or the region: of one town or provider they would say what is not asked."""
        return {} if scope.town or scope.provider else values.of(code or scope.district)

    rows = [_row(name, name if by == "district" else "", found[name], entered) for name in names]
    rows.append(_row("", "", found[""], entered))
    return rows, _left_out(inputs)


def rate_rows(office: OfficeSession, indicator: str, *, period: str | None = None) -> list[Unit]:
    """The units behind an indicator, those that do not count first. Raises BadInput for an unknown one."""
    if indicator not in INDICATORS:
        raise BadInput(f"没有指标“{indicator}”", remedy=f"可用的有：{'、'.join(INDICATORS)}")
    return units_of(rate_inputs(office, asked_period(office, period)).units(), indicator)


def units_of(units: Iterable[Unit], indicator: str) -> list[Unit]:
    """Those of one indicator, those that do not count first."""
    found = [unit for unit in units if unit.indicator == indicator]
    return sorted(found, key=lambda unit: (unit.counts, unit.district, unit.institution, unit.number, unit.note))


def asked_period(office: OfficeSession, period: str | None) -> Period:
    """The period as written, else the quarter of the day asked for."""
    return period_named(period or f"{office.today.year}Q{(office.today.month + 2) // 3}")


def _row(
    name: str, code: str, found: Mapping[str, Rate], entered: Callable[[str], dict[str, IndicatorValue]]
) -> RateRow:
    return RateRow(
        group=group_name(name) if name else TOTAL,
        code=code,
        childcare=found["signed_all"].denominator,
        filed=found["filed"].numerator,
        signed=found["signed_all"].numerator,
        visits_due=found["visits"].denominator,
        visits_done=found["visits"].numerator,
        trained=found["training"].numerator,
        rates=found,
        entered=entered(code) if code or not name else {},
    )


def group_name(name: str) -> str:
    """A group as people call it: of a 旗区 or a town its first word is the code."""
    code, _, town = name.partition(" ")
    return f"{district_name(code)} {town or '（未填乡镇）'}" if " " in name and code.isdigit() else district_name(name)


def _left_out(inputs: RateInputs) -> list[str]:
    """What no number holds, so that nobody has to guess."""
    rows = inputs.outside
    states = Counter(row.state for row in rows if inputs.period.first <= row.due_by <= inputs.period.last)
    known_on = inputs.office.known_on
    said = [f"{known_on} 以后录入的记录不计"] if known_on else []
    said += [f"已停办的托育机构 {inputs.closed} 家不计"] if inputs.closed else []
    said += [f"免除的事项 {states['waived']} 项不计"] if states["waived"] else []
    said += [f"不应计的事项 {states['exempt']} 项"] if states["exempt"] else []
    return said
