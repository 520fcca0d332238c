"""Terms of agreements to the day. Pure; rules and tables: domain.md#term-end (民法典 201, 202, 204)."""

import datetime as dt
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class EndCustom(StrEnum):
    """How an end date is proposed; the printed inclusive date is what then holds (民法典 204)."""

    DAY_BEFORE = "day-before"
    CIVIL_CODE = "civil-code"


def propose_end(start: dt.date, months: int, custom: EndCustom = EndCustom.DAY_BEFORE) -> dt.date:
    """The inclusive end of a term of ``months``.

    ``civil-code`` gives the corresponding day, ``day-before`` the day before it; a month without that day
    ends on its last day in both (民法典 202). Raises ValueError for a term below one month.
    """
    if months < 1:
        raise ValueError("期限至少一个月")
    corresponding = start + relativedelta(months=months)
    if corresponding.day != start.day or custom is EndCustom.CIVIL_CODE:
        return corresponding
    return corresponding - dt.timedelta(days=1)


def notice_by(ends_on: dt.date, notice_days: int) -> dt.date:
    """The last day on which notice before the end may be given: 截止日期 − N days (domain.md#term-end)."""
    return ends_on - dt.timedelta(days=notice_days)
