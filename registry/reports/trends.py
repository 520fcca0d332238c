"""Quarter by quarter: what each report said when it went out, and what is known of the same quarter today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yiyu.registry.reports.reporting import rates_of
from yiyu.registry.rules.duties import Period, periods
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.rules.rates import Rate
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.issued_reports import IssuedReport, issued_reports

MOST_QUARTERS = 8


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """Rates of one quarter by indicator. ``issued`` has those of them that went out, the newest where several did."""

    quarter: Period
    issued: Mapping[str, Rate]
    now: Mapping[str, Rate]


def quarter_trend(
    office: OfficeSession, period: Period, current: Mapping[str, Rate], *, back: int = 0
) -> list[QuarterFigures]:
    """The quarters of which something was issued, up to the one ``period`` ends in, and that one itself.

    At most MOST_QUARTERS of them. ``current``: the rates of ``period``, used where it is a quarter. ``back``: so many quarters
    before the last are counted again though nothing was issued of them; in a large office each takes seconds.
    """
    reports = issued_reports(office.db)
    quarters = _up_to(period)
    found = []
    for at, quarter in enumerate(quarters, start=1 - len(quarters)):
        issued = _issued(reports, quarter, office.scope.district)
        if issued or -at <= back:
            counted = current if quarter == period else _counted(office, quarter)
            found.append(QuarterFigures(quarter, issued, counted))
    return found


def _up_to(period: Period) -> list[Period]:
    """The last quarters up to the one in which a period ends."""
    last = periods("quarter", period.last.year)[(period.last.month - 1) // 3]
    every = [one for year in range(last.year - 2, last.year + 1) for one in periods("quarter", year)]
    return [one for one in every if one.first <= last.first][-MOST_QUARTERS:]


def _counted(office: OfficeSession, quarter: Period) -> Mapping[str, Rate]:
    return rates_of(office, quarter).total.rates


def _issued(reports: Sequence[IssuedReport], quarter: Period, district: str) -> dict[str, Rate]:
    """What went out of a quarter: by a report of it, or, of figures of a day or of the year, by one as of its last day."""
    found: dict[str, Rate] = {}
    for report in reports:
        own = report.figures.get("" if report.district == district else district)
        if own is None or report.district not in ("", district):
            continue
        same = report.period == quarter.text
        found |= {
            key: rate
            for key, rate in own.items()
            if same or (report.as_of == quarter.last and INDICATORS[key].per != "period")
        }
    return found
