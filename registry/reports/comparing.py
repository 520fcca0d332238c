"""One period beside the same of the year before, for the reports an office hands up."""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain
from operator import add, attrgetter
from typing import Any, NamedTuple

from yiyu.registry.duties.listing import period_named
from yiyu.registry.errors import BadInput
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.manual_figures import STEPS, loops
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.rate_tables import RateRow, RateTable, rate_table
from yiyu.registry.reports.reporting import asked_period, not_handed_in, rates_question, units_of
from yiyu.registry.reports.rolling import OFFICE, ask, put_together
from yiyu.registry.rules.duties import Period, periods
from yiyu.registry.rules.hours import PersonHours
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import OfficeSession, PartOfRegion, Question
from yiyu.registry.store.bulk import gc_paused


@dataclass(frozen=True, slots=True)
class LoopCounts:
    """How many institutions owe the yearly 自评, have taken each of its steps, and were not in time with the first."""

    due: int
    taken: Mapping[str, int]
    overdue: int

    def __add__(self, other: "LoopCounts") -> "LoopCounts":
        taken = {step: self.taken[step] + other.taken[step] for step in STEPS}
        return LoopCounts(self.due + other.due, taken, self.overdue + other.overdue)


class HourCounts(NamedTuple):
    """服务时长: how many people have hours that count, how many minutes, and how many stays do not count.

    Who served two offices that keep registries of their own is counted in each.
    """

    people: int
    minutes: int
    left_out: int

    @property
    def hours(self) -> str:
        return f"{self.minutes / 60:.4g}"


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not as it should be, in words: who has not signed, was not visited, has not put right what was found."""

    unsigned: tuple[str, ...]
    unvisited: tuple[str, ...]
    unrectified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComparedOffice:
    """What one office says of a period and of the same months of the year before; ``units``: the rows behind every rate."""

    now: RateTable
    before: RateTable
    missing: Missing
    loops: LoopCounts
    hours: HourCounts
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class PeriodComparison:
    """``rows`` as :func:`report_rates` gives them at the end of the period (or on the day asked for, if earlier), the total

    last; ``before`` the same months of the year before, by group.
    """

    period: Period
    day: dt.date
    day_before: dt.date
    rows: tuple[RateRow, ...]
    before: dict[str, RateRow]
    left_out: tuple[str, ...]
    missing: Missing
    loops: LoopCounts
    hours: HourCounts
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
    found = ask(office, compare_question(asked.text))
    return PeriodComparison(
        period=asked,
        day=min(asked.last, office.today),
        day_before=_day_before(asked, office.today),
        rows=found.now.rows,
        before={row.group: row for row in found.before.rows},
        left_out=(*found.now.left_out.said, *not_handed_in(office)),
        missing=found.missing,
        loops=found.loops,
        hours=found.hours,
        units=found.units,
    )


def compare_question(period: str) -> Question[ComparedOffice]:
    """What an office says of a period that has begun; see :func:`compare`."""
    asked = period_named(period)

    def own(office: OfficeSession) -> ComparedOffice:
        now = replace(office, today=min(asked.last, office.today))
        then = replace(office, today=_day_before(asked, office.today))
        inputs = rate_inputs(now, asked)
        units = inputs.all_units()
        return ComparedOffice(
            rate_table(inputs, units, "district"),
            rates_question(year_before(asked).text, "district").own(then),
            Missing(
                _not_counted(units, "signed"),
                _not_counted(units, "visits", overdue=asked.last >= office.today),
                _not_counted(units, "rectified", overdue=True),
            ),
            _loop_counts(now, asked.year),
            _hour_counts(report_hours(now, asked.year, inputs.standings)),
            tuple(units),
        )

    def join(office: OfficeSession, answers: Iterable[tuple[PartOfRegion, ComparedOffice]]) -> ComparedOffice:
        parts, found = zip(*answers, strict=True)

        def tables(name: str) -> RateTable:
            return put_together(office, asked.year, zip(parts, map(attrgetter(name), found), strict=True), OFFICE)

        return ComparedOffice(
            tables("now"),
            tables("before"),
            Missing(*(tuple(_all(found, f"missing.{name}")) for name in Missing.__slots__)),
            reduce(add, (one.loops for one in found)),
            HourCounts(*map(sum, zip(*(one.hours for one in found), strict=True))),
            tuple(_all(found, "units")),
        )

    return Question("compare", {"period": period}, own, join)


def _all(found: Iterable[ComparedOffice], name: str) -> Iterable[Any]:
    return chain.from_iterable(map(attrgetter(name), found))


def other_figures(found: PeriodComparison) -> dict[str, str]:
    """What a report says in figures beside the rates, by name: 自评, hours, and figures from elsewhere."""
    told = {f"年度自评的{label}": f"{found.loops.taken[step]}/{found.loops.due} 家" for step, label in STEPS.items()}
    told["服务时长"] = f"{found.hours.people} 人 {found.hours.hours} 小时"
    return told | {
        one.title: f"{one.value:g}{one.unit}" for one in found.rows[-1].entered.values() if one.value is not None
    }


def _loop_counts(office: OfficeSession, year: int) -> LoopCounts:
    fits = office.scope.fits
    found = [one for one in loops(office, year) if fits(one.institution.district, one.institution.town, ())]
    taken = {step: sum(one.steps[step] is not None for one in found) for step in STEPS}
    return LoopCounts(len(found), taken, sum(one.overdue for one in found))


def _hour_counts(people: Iterable[PersonHours]) -> HourCounts:
    known = list(people)
    minutes = [one.minutes for one in known if one.minutes]
    return HourCounts(len(minutes), sum(minutes), sum(bool(stay.excluded) for one in known for stay in one.stays))


def _day_before(period: Period, today: dt.date) -> dt.date:
    """The day a year before that what is known of a period today is held against."""
    return year_before(period).last if today >= period.last else _a_year_before(today)


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
