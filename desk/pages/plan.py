"""安排: a month on one page, the trips that ``duty plan`` proposes and what reminders ask for, day by day."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import quote

import click
from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.registry.agreements.remind_commands import row_of
from yiyu.registry.agreements.reminding import Reminded, remind
from yiyu.registry.duties.commands import PLAN_FIELDS, plan_row
from yiyu.registry.duties.planning import PER_DAY, Visit, plan_visits
from yiyu.registry.errors import BadInput
from yiyu.registry.office.holidays import load_year_tables
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.rules.workdays import is_working_day
from yiyu.registry.session import OfficeSession

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
_PER_DAY = click.IntRange(1, 50)
_MOST_OF_DAY, _LEFT = 24, 100
"""So many things of a day, and so many trips that cannot be met, are shown."""


class Entry(NamedTuple):
    """One thing of a day; ``kind``: the class it is drawn with."""

    kind: str
    text: str
    path: str


class CalendarDay(NamedTuple):
    """``working`` as the year tables say; ``within``: it is of the month asked for."""

    day: dt.date
    working: bool
    within: bool
    entries: list[Entry]


def show(asking: Asking) -> Response:
    """The month that is asked for, else this one."""
    with asking.office() as office:
        first = _month(asking, office.today)
        per_day = asking.asked("per_day", _PER_DAY, "一天去几家") or PER_DAY
        visits = _visits(asking, office, first, per_day)
        reminded = asking.counted(office, "reminded", lambda own: remind(own, Settings()))
        days = _days(office, first, [*_of_visits(_shown_days(visits, first)), *_of_reminders(reminded)])
        today = office.today
    left = [one for one in visits if one.on is None]
    return asking.page(
        "plan.html", first=first, days=days, per_day=per_day, today=today, before=_shown(first, -1), after=_shown(first, 1),
        left=[plan_row(one) for one in left[:_LEFT]], unplanned=len(left), most=_MOST_OF_DAY,
        columns=[one for one in PLAN_FIELDS if one.key in ("provider", "institution", "matters", "due_by", "reason")],
        unpublished=not all(one.published for one in visits),
    )  # fmt: skip


def _month(asking: Asking, today: dt.date) -> dt.date:
    text = asking.query.get("month", "") or f"{today:%Y-%m}"
    if not (found := _MONTH.fullmatch(text)):
        raise BadInput(f"看不懂月份“{text}”", remedy="请写成 2026-11 的样子")
    return dt.date(int(found[1]), int(found[2]), 1)


def _visits(asking: Asking, office: OfficeSession, first: dt.date, per_day: int) -> list[Visit]:
    """The plan of the quarter the month lies in; none of a quarter that is over, or lies in another year's rules."""
    quarter = f"{first.year}Q{(first.month + 2) // 3}"
    last = dt.date(first.year, (first.month + 2) // 3 * 3, 28)
    if (last.year, last.month) < (office.today.year, office.today.month):
        return []
    return asking.counted(
        office, ("plan", quarter, per_day), lambda own: plan_visits(own, quarter=quarter, per_day=per_day)
    )


def _shown_days(visits: Iterable[Visit], first: dt.date) -> list[Visit]:
    """Those within the weeks that the page shows."""
    days = set(calendar.Calendar().itermonthdates(first.year, first.month))
    return [one for one in visits if one.on in days]


def _of_visits(visits: Iterable[Visit]) -> Iterable[tuple[dt.date, Entry]]:
    for one in visits:
        if one.on is not None:
            row, rows = plan_row(one), one.trip.rows
            numbers = "&".join(f"number={quote(number)}" for number in dict.fromkeys(duty.number for duty in rows))
            yield (
                one.on,
                Entry("visit", f"{row['institution']}：{row['matters']}", f"/visits/new?{numbers}&on={one.on}"),
            )


def _of_reminders(reminded: Reminded) -> Iterable[tuple[dt.date, Entry]]:
    for one in reminded.due:
        row = row_of(one, reminded.day)
        path = f"/agreements/one/{quote(one.agreement.number)}"
        yield max(one.act_by.day, reminded.day), Entry("remind", f"{row['label']}：{row['childcare']}", path)
    for found in reminded.rechecks:
        text = f"复查：{found.institution} {found.problem}"
        yield max(found.due_on, reminded.day), Entry("recheck", text, f"/visits/findings/{found.finding}")


def _days(office: OfficeSession, first: dt.date, entries: Iterable[tuple[dt.date, Entry]]) -> list[CalendarDay]:
    tables, of_day = load_year_tables(office.workspace.root), dict[dt.date, list[Entry]]()
    for day, entry in entries:
        of_day.setdefault(day, []).append(entry)
    return [
        CalendarDay(day, is_working_day(day, tables).working, day.month == first.month, of_day.get(day, []))
        for day in calendar.Calendar().itermonthdates(first.year, first.month)
    ]


def _shown(first: dt.date, by: int) -> str:
    month = first.year * 12 + first.month - 1 + by
    return f"{month // 12}-{month % 12 + 1:02}"
