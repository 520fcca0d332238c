"""One period beside the one before, for the reports an office hands up."""

import datetime as dt
from dataclasses import dataclass, replace

from yiyu.registry.errors import BadInput
from yiyu.registry.reports.manual_figures import SelfAssessmentCycle, loops
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.reporting import RateRow, asked_period, rate_rows, report_rates
from yiyu.registry.rules.duties import PARTS, Period, periods
from yiyu.registry.rules.hours import PersonHours
from yiyu.registry.session import OfficeSession


@dataclass(frozen=True, slots=True)
class PeriodComparison:
    """``rows`` as :func:`report_rates` gives them at the end of the period (or on the day asked for, if earlier), the total

    last; ``before`` the same of the period before, by group. The names are those of what is not as it should be.
    """

    period: Period
    day: dt.date
    day_before: dt.date
    rows: tuple[RateRow, ...]
    before: dict[str, RateRow]
    left_out: tuple[str, ...]
    unsigned: tuple[str, ...]
    unvisited: tuple[str, ...]
    unrectified: tuple[str, ...]
    loops: tuple[SelfAssessmentCycle, ...]
    people: tuple[PersonHours, ...]


def compare(office: OfficeSession, period: str | None = None) -> PeriodComparison:
    """The numbers of a period and of the one before it. Raises BadInput for one that has not begun."""
    asked = asked_period(office, period)
    if asked.first > office.today:
        raise BadInput(f"{asked.text} 还没有开始", where=f"今天是 {office.today}", remedy="请换一个时段")
    earlier = previous(asked)
    now = replace(office, today=min(asked.last, office.today))
    then = replace(office, today=earlier.last)
    rows, left_out = report_rates(now, period=asked.text)
    return PeriodComparison(
        period=asked,
        day=now.today,
        day_before=then.today,
        rows=tuple(rows),
        before={row.group: row for row in report_rates(then, period=earlier.text)[0]},
        left_out=tuple(left_out),
        unsigned=_not_counted(now, "signed", asked),
        unvisited=_not_counted(now, "visits", asked),
        unrectified=_not_counted(now, "rectified", asked),
        loops=tuple(loops(now, asked.year)),
        people=tuple(report_hours(now, asked.year)),
    )


def half_year(day: dt.date) -> str:
    """The half-year a day lies in, as it is written."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def previous(period: Period) -> Period:
    """The period of the same kind before: of 2026H1 it is 2025H2."""
    both = (*periods(period.per, period.year - 1), *periods(period.per, period.year))
    return both[PARTS[period.per] + both[PARTS[period.per] :].index(period) - 1]


def _not_counted(office: OfficeSession, indicator: str, period: Period) -> tuple[str, ...]:
    units = (unit for unit in rate_rows(office, indicator, period=period.text) if not unit.counts)
    found = ("　".join(text for text in (unit.institution, unit.number, unit.note) if text) for unit in units)
    return tuple(dict.fromkeys(found))
