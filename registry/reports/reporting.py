"""签约率 beside 履约率, by 旗区, town, provider or office, with the figures that come from elsewhere."""

from collections.abc import Iterable

from yiyu.registry.duties.listing import period_named
from yiyu.registry.errors import BadInput
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.rate_tables import RateRow, RateTable, rate_table
from yiyu.registry.reports.rolling import OFFICE, asked_everywhere, put_together
from yiyu.registry.rules.duties import Period
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import OfficeSession, Question
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
    by = by or (OFFICE if office.below else "district")
    question = rates_question(period.text, "district" if by == OFFICE else by)
    if office.below is None and by != OFFICE:
        return question.answer(office)
    return put_together(office, period.year, asked_everywhere(office, question), by)


def rates_question(period: str, by: str) -> Question[RateTable]:
    """The rates of one office in a period."""

    @gc_paused()
    def answer(office: OfficeSession) -> RateTable:
        inputs = rate_inputs(office, period_named(period))
        return rate_table(inputs, inputs.all_units(), by)

    return Question("rates", {"period": period, "by": by}, answer)


def rate_rows(office: OfficeSession, indicator: str, *, period: str | None = None) -> list[Unit]:
    """The units behind an indicator, those that do not count first. Raises BadInput for an unknown one."""
    if indicator not in INDICATORS:
        raise BadInput(f"没有指标“{indicator}”", remedy=f"可用的有：{'、'.join(INDICATORS)}")
    question = rows_question(asked_period(office, period).text, indicator)
    return units_of((unit for _, those in asked_everywhere(office, question) for unit in those), indicator)


def rows_question(period: str, indicator: str) -> Question[list[Unit]]:
    """The units of one office behind an indicator."""

    def answer(office: OfficeSession) -> list[Unit]:
        return [unit for unit in rate_inputs(office, period_named(period)).units() if unit.indicator == indicator]

    return Question("rows", {"period": period, "indicator": indicator}, answer)


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
