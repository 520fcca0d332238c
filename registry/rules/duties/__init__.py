"""What is owed in each period and whether it was done. Pure: no clock, no files, no SQL.

``rules`` tells which duties an agreement brings, ``judging`` how each stands in each period, ``planning`` when the rest
can still be done.
"""

from yiyu.registry.rules.duties.facts import Act, Asked, Owner, Partial, Side, Term
from yiyu.registry.rules.duties.judging import Judge, judge
from yiyu.registry.rules.duties.planning import STATE_LABEL, DutyRow
from yiyu.registry.rules.duties.rules import PARTS, Period, Rule, given_up, owed_through, periods, read_period, timed
from yiyu.registry.rules.duties.spans import filed_spans

__all__ = [
    "PARTS",
    "STATE_LABEL",
    "Act",
    "Asked",
    "DutyRow",
    "Judge",
    "Owner",
    "Partial",
    "Period",
    "Rule",
    "Side",
    "Term",
    "filed_spans",
    "given_up",
    "judge",
    "owed_through",
    "periods",
    "read_period",
    "timed",
]
