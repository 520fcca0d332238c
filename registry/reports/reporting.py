"""签约率 beside 履约率, by 旗区, town, provider or office, with the figures that come from elsewhere."""

from collections.abc import Iterable

from yiyu.registry.duties.listing import period_named
from yiyu.registry.errors import BadInput
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.rate_tables import RateRow, RateTable, rate_table
from yiyu.registry.reports.rolling import OFFICE, ask, put_together
from yiyu.registry.rules.duties import Period
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import OfficeSession, PartOfRegion, Question
from yiyu.registry.store.bulk import gc_paused


def report_rates(
    office: OfficeSession, *, by: str | None = None, period: str | None = None
) -> tuple[list[RateRow], list[str]]:
    """One row a group and the total last, and what is left out of the numbers, in words.

    ``by``: a key of :data:`yiyu.registry.rules.rates.GROUPS`, or ``office``; None: by office where offices report to this one,
    else by 旗区. ``period`` defaults to the quarter of the day asked for; nothing after its last day counts, and what an
    indicator counts in it says :data:`yiyu.registry.rules.indicators.INDICATORS`.
    """
    table = rates_of(office, asked_period(office, period), by)
    return list(table.rows), [*table.left_out.said, *not_handed_in(office)]


def rates_of(office: OfficeSession, period: Period, by: str | None = None) -> RateTable:
    """The same as a table, without who has not handed in."""
    return ask(office, rates_question(period.text, by or (OFFICE if office.below else "district")))


def rates_question(period: str, by: str) -> Question[RateTable]:
    """The rates of an office in a period; the rows of an office without others below it are by 旗区 where ``by`` is office."""
    asked = period_named(period)

    @gc_paused()
    def own(office: OfficeSession) -> RateTable:
        inputs = rate_inputs(office, asked)
        return rate_table(inputs, inputs.all_units(), "district" if by == OFFICE else by)

    def join(office: OfficeSession, answers: Iterable[tuple[PartOfRegion, RateTable]]) -> RateTable:
        return put_together(office, asked.year, answers, by)

    return Question("rates", {"period": period, "by": by}, own, join)


def rate_rows(office: OfficeSession, indicator: str, *, period: str | None = None) -> list[Unit]:
    """The units behind an indicator, those that do not count first. Raises BadInput for an unknown one."""
    if indicator not in INDICATORS:
        raise BadInput(f"没有指标“{indicator}”", remedy=f"可用的有：{'、'.join(INDICATORS)}")
    found = ask(office, rows_question(asked_period(office, period).text, indicator))
    return units_of(found, indicator)


def rows_question(period: str, indicator: str) -> Question[list[Unit]]:
    """The units of an office behind an indicator."""

    def own(office: OfficeSession) -> list[Unit]:
        return [unit for unit in rate_inputs(office, period_named(period)).units() if unit.indicator == indicator]

    def join(_office: OfficeSession, answers: Iterable[tuple[PartOfRegion, list[Unit]]]) -> list[Unit]:
        return [unit for _, units in answers for unit in units]

    return Question("rows", {"period": period, "indicator": indicator}, own, join)


def not_handed_in(office: OfficeSession) -> list[str]:
    """In words, who of the offices below has not handed in; none where there are none below."""
    return [] if office.below is None else office.below.left_out(office)


def units_of(units: Iterable[Unit], indicator: str) -> list[Unit]:
    """Those of one indicator, those that do not count first."""
    found = [unit for unit in units if unit.indicator == indicator]
    return sorted(found, key=lambda unit: (unit.counts, unit.district, unit.institution, unit.number, unit.note))


def asked_period(office: OfficeSession, period: str | None) -> Period:
    """The period as written, else the quarter of the day asked for."""
    return period_named(period or f"{office.today.year}Q{(office.today.month + 2) // 3}")
