"""Whether a duty is owed in a period, from when and until when; the rules stand in :mod:`yiyu.registry.duties.judging`."""

import calendar
import datetime as dt
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from yiyu.registry.duties.facts import Asked, Side, Term
from yiyu.registry.duties.periods import Period
from yiyu.registry.duties.rules import Rule
from yiyu.registry.duties.spans import Span, days, joined, shared, until
from yiyu.registry.model import Variant

_DAY = dt.timedelta(days=1)


class Owed(NamedTuple):
    """``exempt`` says why it is not owed; ``stops`` is the day from which it no longer is, with ``why``."""

    opens: dt.date
    due_by: dt.date
    exempt: str = ""
    stops: dt.date | None = None
    why: str = ""


class Line:
    """Agreements of one variant between the same institutions, in the order they begin."""

    def __init__(self, terms: Sequence[Term], side: Side, asked: Asked) -> None:
        self._terms, self._side, self._partial = terms, side, asked.partial
        self._force = tuple(joined((term.since, term.ends) for term in terms))
        self._open = until(side.closed_on)
        self._filed = tuple(shared(side.filed, self._open))

    def owed(self, term: Term, rule: Rule, period: Period) -> Owed | None:
        """None where it is no matter of this agreement."""
        window = (period.first, deadline(rule, period))
        care = self._filed if rule.filed_only and term.variant is not Variant.TB else self._open
        found = _within(window, self._force, care, self._partial)
        if found is None or not self._carries(term, window):
            return None
        if not rule.by_list:
            if period.year < rule.valid_from:
                return None
            if period.year > rule.valid_to:
                return found._replace(exempt=f"这项要求只到{rule.valid_to}年")
        if rule.unticked:
            return found._replace(exempt="服务项目清单没有勾选这一项")
        if found.stops is None:
            return found
        why = self._why_not(found.stops)
        return found._replace(why=why, exempt=found.exempt or (why if found.stops <= found.opens else ""))

    def _carries(self, term: Term, window: Span) -> bool:
        if len(self._terms) == 1:
            return True
        held = [days(shared([(one.since, one.ends)], [window])) for one in self._terms]
        return self._terms[held.index(max(held))] is term

    def _why_not(self, day: dt.date) -> str:
        """Why nothing is owed to the institution on ``day``."""
        if self._side.closed_on is not None and self._side.closed_on <= day:
            return f"机构自 {self._side.closed_on} 起停办"
        ended = [last for _, last in self._side.filed if last < day]
        return f"备案自 {ended[-1] + _DAY} 起取消" if ended else "机构没有备案，这项只对备案机构要求"


@lru_cache(maxsize=65_536)
def _within(window: Span, force: Sequence[Span], care: Sequence[Span], partial: str) -> Owed | None:
    """What is owed by the days alone: when there is an agreement, and when the institution is one it is owed to.

    ``stops`` is no later than ``opens`` where it is not owed on any day. Kept, as a large office has few different terms.
    """
    force = shared(force, [window])
    if not force:
        return None
    first, due_by = force[0][0], force[-1][1]
    care = shared(force, care)
    if not care:
        return Owed(first, due_by, stops=first)
    opens, last = care[0][0], care[-1][1]
    stops = None if last == due_by else last + _DAY
    counted = days(care) + (0 if stops is None else days(shared(force, [(stops, due_by)])))
    return Owed(opens, due_by, too_short(counted, days([window]), partial), stops)


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
