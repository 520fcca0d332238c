"""One obligation in one period and how it stands: what every list, rate and sheet is made of."""

import datetime as dt
from dataclasses import dataclass

from yiyu.registry.model import Variant

STATE_LABEL = {
    "not_yet": "未到期",
    "due": "应做",
    "done": "已完成",
    "late": "逾期完成",
    "missed": "未完成",
    "waived": "免除",
    "exempt": "不计",
}
"""The states of a duty. ``waived`` and ``exempt`` leave the denominator of every rate."""


@dataclass(slots=True)
class DutyRow:
    """One duty, one period. What the institution itself owes (provider TY) has neither number nor variant.

    ``duty`` is the pack's key, or the item's code where only the agreement's own list asks for it. ``district`` is the
    six-digit code; ``activity`` the number of the activity that completes it, or the last that counted so far;
    ``source`` the place in the notice. Not frozen: of a large office there are hundreds of thousands, and freezing would
    take a third of the time.
    """

    duty: str
    title: str
    institution: str
    institution_id: int
    provider: str
    provider_id: int
    number: str
    district: str
    variant: Variant | None
    period: str
    due_by: dt.date
    state: str
    done_on: dt.date | None
    activity: str
    reason: str
    items: tuple[str, ...]
    forms: tuple[str, ...]
    needed: int
    done: int
    source: str
    opens_on: dt.date
    """From when it is owed."""
    activities: tuple[str, ...] = ()
    """Every activity that counts, in the order of days."""
