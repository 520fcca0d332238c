"""Whether a duty is owed in a period, from when and until when; the rules stand in :mod:`yiyu.registry.rules.duties.judging`."""

import calendar
import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from yiyu.registry.model import open_on
from yiyu.registry.rules.duties.facts import Side
from yiyu.registry.rules.duties.rules import Period, Rule
from yiyu.registry.rules.duties.spans import Span, days, joined, shared, until

_DAY = dt.timedelta(days=1)


class Owed(NamedTuple):
    """``exempt`` says why it is not owed; ``stops`` is the day from which it no longer is, where nothing exempts it before."""

    opens: dt.date
    due_by: dt.date
    exempt: str = ""
    stops: dt.date | None = None


class TermShape(NamedTuple):
    """An agreement among those of its line (of one variant, between the same institutions) in the days asked for.

    ``terms``: when each of the line is in force, in the order they begin; ``at``: which of them this is. ``filed`` and
    ``opened``: when the institution is one it is owed to, where 备案 is asked for and where not. Two of one shape owe the same.
    """

    terms: tuple[Span, ...]
    at: int
    filed: tuple[Span, ...]
    opened: tuple[Span, ...]


@lru_cache(maxsize=65_536)
def eligible_days(
    filed: Sequence[Span], closed_on: dt.date | None, asked: Span
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The days within ``asked`` on which an institution is open with 备案, and on which it is open."""
    opened = shared(until(closed_on), [asked])
    return tuple(shared(filed, opened)), tuple(opened)


def owed(shape: TermShape, rule: Rule, period: Period, partial: str) -> Owed | None:
    """What is owed by the days and the rule alone; None where it is no matter of this agreement.

    ``stops`` is no later than ``opens`` where it is not owed on any day.
    """
    window = (period.first, deadline(rule, period))
    eligible = shape.filed if rule.filed_only else shape.opened
    if rule.until is not None:
        eligible = tuple(shared(eligible, until(rule.until)))
    found = _within(window, shape.terms, eligible, partial, latest=rule.latest)
    if found is None or found[0] != shape.at:
        return None
    due = found[1]
    if not rule.by_list:
        if period.year < rule.valid_from:
            return None
        if period.year > rule.valid_to:
            return due._replace(exempt=f"这项要求只到{rule.valid_to}年", stops=None)
    return due._replace(exempt="服务项目清单没有勾选这一项", stops=None) if rule.unticked else due


@lru_cache(maxsize=65_536)
def _within(
    window: Span, terms: tuple[Span, ...], eligible_days: tuple[Span, ...], partial: str, *, latest: bool
) -> tuple[int, Owed] | None:
    """Which of the line's agreements it is owed through, and what by the days alone; None where none is in force."""
    force = shared(joined(terms), [window])
    if not force:
        return None
    held = [days(shared([term], [window])) for term in terms]
    most = max(at for at, count in enumerate(held) if count) if latest else held.index(max(held))
    first, due_by = force[0][0], force[-1][1]
    cared = shared(force, eligible_days)
    if not cared:
        return most, Owed(first, due_by, stops=first)
    last = cared[-1][1]
    stops = None if last == due_by else last + _DAY
    counted = days(cared) + (0 if stops is None else days(shared(force, [(stops, due_by)])))
    exempt = too_short(counted, days([window]), partial)
    return most, Owed(cared[0][0], due_by, exempt, None if exempt else stops)


def ineligible_reason(side: Side, rule: Rule, day: dt.date) -> str:
    """Why nothing is owed to the institution on ``day`` by this rule."""
    if rule.until is not None and rule.until <= day:
        return f"服务项目清单自 {rule.until} 起不再勾选这一项"
    if not open_on(side.closed_on, day):
        return f"机构自 {side.closed_on} 起停办"
    ended = [last for _, last in side.filed if last < day]
    return f"备案自 {ended[-1] + _DAY} 起取消" if ended else "机构没有备案，这项只对备案机构要求"


def deadline(rule: Rule, period: Period) -> dt.date:
    """The last day of the period, or the one the duty sets in its year."""
    if not rule.due or rule.per != "year":
        return period.last
    month, day = int(rule.due[:2]), int(rule.due[3:])
    return dt.date(period.year, month, min(day, calendar.monthrange(period.year, month)[1]))


def too_short(counted: int, whole: int, partial: str) -> str:
    """Why a period with ``counted`` of its ``whole`` days does not count; "" when it does."""
    if counted == whole or partial == "always" or (partial == "half" and 2 * counted >= whole):
        return ""
    short = "不足一半" if partial == "half" else "不是整期"
    return f"本期 {whole} 天中只有 {counted} 天在约，{short}，按设置不计"
