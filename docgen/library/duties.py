"""Duties: what is owed, waived, planned."""

from collections.abc import Sequence
from typing import Literal

from yiyu.docgen.library.action import Group, action
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.duties.planning import PER_DAY, Visit, plan_visits, waive
from yiyu.registry.rules.duties import DutyRow
from yiyu.registry.session import OfficeSession

State = Literal["not_yet", "due", "done", "late", "missed", "waived", "exempt"]


def listed(
    office: OfficeSession,
    *,
    states: Sequence[State] = (),
    period: str | None = None,
    year: int | None = None,
    numbers: Sequence[str] = (),
) -> list[DutyRow]:
    """What is owed in the periods of a year (None: that of the day) or in one ``period``, and whether it was done.

    Periods: 2026, 2026H1, 2026Q3, 2026-07. ``numbers``: of agreements. Raises BadInput for a period nobody can read.
    """
    rows = duty_rows(office, period=period, numbers=numbers or None, year=None if period else year)
    return [row for row in rows if not states or row.state in states]


def plan(office: OfficeSession, *, quarter: str | None = None, per_day: int = PER_DAY) -> list[Visit]:
    """Days for what is not yet done of a quarter (None: that of the day), those that find none last.

    ``per_day``: visits of one provider a day at most. Raises BadInput for a quarter nobody can read.
    """
    return plan_visits(office, quarter=quarter, per_day=per_day)


class Duties(Group):
    """Duties: listed, waived, planned."""

    command = "duty"

    list = action(listed)
    waive = action(waive)
    plan = action(plan)
