"""One period beside the same of the year before, for the reports an office hands up."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from yiyu.registry.errors import BadInput
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.manual_figures import STEPS, SelfAssessmentCycle, loops
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.reporting import RateRow, asked_period, rate_table, report_rates, units_of
from yiyu.registry.rules.duties import Period, periods
from yiyu.registry.rules.hours import PersonHours
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.bulk import gc_paused


@dataclass(frozen=True, slots=True)
class PeriodComparison:
    """``rows`` as :func:`report_rates` gives them at the end of the period (or on the day asked for, if earlier), the total

    last; ``before`` the same months of the year before, by group. The names are those of what is not as it should be.
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
    units: tuple[Unit, ...]
    """The rows behind every rate."""


@gc_paused()
def compare(office: OfficeSession, period: str | None = None) -> PeriodComparison:
    """The numbers of a period and of the same months a year before. Raises BadInput for one that has not begun.

    Of a period that still runs, what is compared runs to the same day of the year before. Of one that is over every visit not
    made is named: on its last day those due on it were not late yet.
    """
    asked = asked_period(office, period)
    if asked.first > office.today:
        raise BadInput(f"{asked.text} 还没有开始", where=f"今天是 {office.today}", remedy="请换一个时段")
    earlier, day = year_before(asked), min(asked.last, office.today)
    now = replace(office, today=day)
    then = replace(office, today=earlier.last if day == asked.last else _a_year_before(day))
    inputs = rate_inputs(now, asked)
    units = inputs.all_units()
    rows, left_out = rate_table(inputs, units, "district")
    return PeriodComparison(
        period=asked,
        day=now.today,
        day_before=then.today,
        rows=tuple(rows),
        before={row.group: row for row in report_rates(then, period=earlier.text)[0]},
        left_out=tuple(left_out),
        unsigned=_not_counted(units, "signed"),
        unvisited=_not_counted(units, "visits", overdue=asked.last >= office.today),
        unrectified=_not_counted(units, "rectified", overdue=True),
        loops=tuple(
            one
            for one in loops(now, asked.year)
            if office.scope.fits(one.institution.district, one.institution.town, ())
        ),
        people=tuple(report_hours(now, asked.year, inputs.standings)),
        units=tuple(units),
    )


def other_figures(found: PeriodComparison) -> dict[str, str]:
    """What a report says in figures beside the rates, by name: 自评, hours, and figures from elsewhere."""
    taken = {step: sum(one.steps[step] is not None for one in found.loops) for step in STEPS}
    counted = [one for one in found.people if one.minutes]
    told = {f"年度自评的{label}": f"{taken[step]}/{len(found.loops)} 家" for step, label in STEPS.items()}
    told["服务时长"] = f"{len(counted)} 人 {sum(one.minutes for one in counted) / 60:.4g} 小时"
    return told | {
        one.title: f"{one.value:g}{one.unit}" for one in found.rows[-1].entered.values() if one.value is not None
    }


def half_year(day: dt.date) -> str:
    """The half-year a day lies in, as it is written."""
    return f"{day.year}H{1 if day.month <= 6 else 2}"


def year_before(period: Period) -> Period:
    """The same period of the year before: of 2026H1 it is 2025H1."""
    return periods(period.per, period.year - 1)[periods(period.per, period.year).index(period)]


def _a_year_before(day: dt.date) -> dt.date:
    """The same day of the year before; of 29 February it is the 28th."""
    return day.replace(year=day.year - 1, day=min(day.day, calendar.monthrange(day.year - 1, day.month)[1]))


def _not_counted(units: Iterable[Unit], indicator: str, *, overdue: bool = False) -> tuple[str, ...]:
    """What is missing in words: who answers for it, for whom, by which agreement, and why. ``overdue``: only for good."""
    found = units_of(units, indicator)
    return tuple(dict.fromkeys(_in_words(one) for one in found if not one.counts and (one.overdue or not overdue)))


def _in_words(one: Unit) -> str:
    who = "" if one.responsible == one.institution else f"（责任单位：{one.responsible}）"
    return f"{'　'.join(filter(None, (one.institution, one.number, one.note)))}：{one.reason}{who}"
