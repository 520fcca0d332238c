"""Calendar periods as they are written: ``2026``, ``2026H1``, ``2026Q3``, ``2026-07``."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

PARTS = {"year": 1, "half_year": 2, "quarter": 4, "month": 12}
"""How often a frequency comes in a year. What has no period (by_age, on_demand, standing, once) is not counted."""

_WRITTEN = re.compile(r"([1-9]\d{3})(?:H([12])|Q([1-4])|-(0[1-9]|1[0-2]))?")
_FORM = {"year": "{0}", "half_year": "{0}H{1}", "quarter": "{0}Q{1}", "month": "{0}-{1:02}"}


@dataclass(frozen=True, slots=True)
class Period:
    """``per`` is a key of PARTS; both days belong to it."""

    text: str
    per: str
    first: dt.date
    last: dt.date

    @property
    def year(self) -> int:
        return self.first.year


@lru_cache(maxsize=256)
def periods(per: str, year: int) -> tuple[Period, ...]:
    """The periods of a year in order; calendar ones (domain.md#duties: nothing says rolling)."""
    months = 12 // PARTS[per]
    return tuple(
        Period(
            _FORM[per].format(year, part + 1),
            per,
            dt.date(year, part * months + 1, 1),
            dt.date(year, end := (part + 1) * months, calendar.monthrange(year, end)[1]),
        )
        for part in range(PARTS[per])
    )


@lru_cache(maxsize=256)
def read_period(text: str) -> Period:
    """Raises ValueError for any other writing."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError("时段请写成 2026、2026H1、2026Q3 或 2026-07")
    year, half, quarter, month = found.groups()
    per = "half_year" if half else "quarter" if quarter else "month" if month else "year"
    return periods(per, int(year))[int(half or quarter or month or 1) - 1]
