"""Runs of days, each with both its ends, in order and apart."""

import datetime as dt
from collections.abc import Iterable, Sequence

from yiyu.registry.rules.dates import read_month

Span = tuple[dt.date, dt.date]

ALWAYS: tuple[Span, ...] = ((dt.date.min, dt.date.max),)
_DAY = dt.timedelta(days=1)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The days in any of ``spans``."""
    found: list[Span] = []
    for first, last in sorted(one for one in spans if one[0] <= one[1]):
        if found and (found[-1][1] == dt.date.max or first <= found[-1][1] + _DAY):
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def shared(one: Sequence[Span], other: Sequence[Span]) -> list[Span]:
    """The days in both."""
    return [
        (max(first, start), min(last, end))
        for first, last in one
        for start, end in other
        if first <= end and start <= last
    ]


def days(spans: Iterable[Span]) -> int:
    return sum((last - first).days + 1 for first, last in spans)


def until(day: dt.date | None) -> tuple[Span, ...]:
    """All days before ``day``; None: without end."""
    return ALWAYS if day is None else ((dt.date.min, day - _DAY),)


def filed_spans(facts: Iterable[tuple[dt.date, str, str | None]]) -> tuple[Span, ...]:
    """When 备案 held, from facts (valid from, name, value) in the order they were learned.

    It begins on 备案通过日期 where that is known and not from before the last cancellation (domain.md#filing-number: the date that
    matters; a roster tells it later), else with the fact; it ends the day before the fact that denies it. Of a day known
    only by its month (``filed_month``, see :func:`yiyu.registry.rules.dates.read_month`) it holds from the month's last
    day on, when it is certain to hold: for quarters and half-years nothing else is needed.
    """
    spans: list[Span] = []
    since: dt.date | None = None
    filed, passed, cancelled = False, None, dt.date.min
    for valid_from, name, value in facts:
        was = filed
        if name == "filed":
            filed = value == "1"
        elif name == "filed_on":
            passed = dt.date.fromisoformat(value) if value else None
        elif name == "filed_month" and passed is None and value:
            month = read_month(value)
            passed = month[1] if month else None
        if filed:
            since = passed if passed is not None and passed > cancelled else valid_from if not was else since
        elif was and since is not None:
            spans.append((since, valid_from - _DAY))
            since, cancelled = None, valid_from
    if since is not None:
        spans.append((since, dt.date.max))
    return tuple(joined(spans))
