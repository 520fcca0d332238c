"""The engine against an oracle that walks every day of a period and knows none of its arithmetic."""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from yiyu.registry.model import Variant
from yiyu.registry.rules.duties import Act, Asked, DutyRow, Owner, Period, Rule, Side, Term, judge, periods, read_period
from yiyu.registry.rules.duties.spans import ALWAYS, Span, joined

DAY = dt.timedelta(days=1)
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2026, 12, 31)
"""Two years without a 29 February, and so is the next: moving by a year keeps every period's length."""

_quarters = (*periods("quarter", 2025), *periods("quarter", 2026))
_edges = {
    day
    for one in _quarters
    for middle in (one.first + (one.last - one.first) // 2,)
    for day in (one.first, one.first + DAY, one.last - DAY, one.last, middle, middle + DAY)
}
days = st.sampled_from(sorted(_edges)) | st.integers(0, (LAST - FIRST).days).map(lambda count: FIRST + count * DAY)
"""Often the first, the last and the middle of a quarter: there the rules turn."""
rules = st.builds(
    Rule,
    duty=st.just("visit"),
    title=st.just("上门"),
    providers=st.just(("JC",)),
    per=st.sampled_from(["quarter", "half_year", "year", "month"]),
    times=st.sampled_from([1, 1, 2, 3]),
    due=st.sampled_from(["", "", "06-30", "02-29"]),
    filed_only=st.booleans(),
    items=st.just(("F01",)),
    forms=st.just(("上门指导",)),
    valid_from=st.sampled_from([0, 0, 0, 2026]),
    valid_to=st.sampled_from([9999, 9999, 9999, 2025]),
    unticked=st.sampled_from([False] * 7 + [True]),
    by_list=st.booleans(),
)
acts = st.builds(
    Act,
    on=days,
    number=st.integers(0, 99).map("HD-{:02}".format),
    form=st.sampled_from(["上门指导", "上门指导", "培训讲座"]),
    items=st.sampled_from(
        [frozenset(), frozenset(), frozenset({"F01"}), frozenset({"F01", "E01"}), frozenset({"E01"})]
    ),
)


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Runs of days in order and apart, the last perhaps without end."""
    marks = sorted(draw(st.lists(days, max_size=5, unique=True)))
    ends = [*marks[1::2], dt.date.max] if draw(st.booleans()) else marks[1::2]
    return tuple(joined(zip(marks[::2], ends, strict=False)))


@st.composite
def offices(draw: st.DrawFn) -> tuple[list[Term], Side, Asked]:
    known = {act.number: act for act in draw(st.lists(acts, min_size=4, max_size=20))}.values()
    rule, variant = draw(rules), draw(st.sampled_from([Variant.JC, Variant.TB]))
    terms = []
    for number in range(draw(st.sampled_from([1, 1, 2, 3]))):
        starts, since, ends = sorted(draw(st.tuples(st.just(FIRST) | days, days, st.just(LAST) | days)))
        done = [act for act in known if starts <= act.on <= ends and draw(st.sampled_from([True, True, False]))]
        done = [act._replace(late_for=draw(late_periods(act.on, rule.per))) for act in done]
        waived = {("visit", one.text): "放假" for one in draw(st.lists(st.sampled_from(_all(rule.per)), max_size=2))}
        term = Term(f"N{number}", variant, "150602", since, ends, [rule], {"": Owner(1, "甲")}, _sorted(done), waived)
        terms.append(term)
    terms.sort(key=lambda term: term.since)
    side = Side(2, "乙", draw(st.just(ALWAYS) | spans()), draw(st.none() | st.none() | days))
    year = draw(st.sampled_from([2025, 2026]))
    one = draw(st.none() | st.sampled_from(periods(rule.per, year)))
    return (
        terms,
        side,
        Asked(draw(st.just(LAST) | days), year, one, draw(st.sampled_from(["half", "half", "always", "never"]))),
    )


def _all(per: str) -> tuple[Period, ...]:
    return (*periods(per, 2025), *periods(per, 2026))


def late_periods(on: dt.date, per: str) -> st.SearchStrategy[str]:
    """No sheet, or one made for a period that was over by then, of the duty's kind or another."""
    over = [one.text for kind in {per, "quarter"} for one in _all(kind) if one.last < on]
    return st.sampled_from(["", *over])


def _sorted(done: list[Act]) -> list[Act]:
    """One activity may serve several agreements, with a sheet for one of them: the latest period a sheet names holds."""
    latest = {act.number: act for act in sorted(done, key=lambda act: act.late_for)}
    return sorted(latest.values(), key=lambda act: (act.on, act.number))


def walked(terms: list[Term], side: Side, asked: Asked) -> Iterator[tuple[str, str, str, dt.date | None, str]]:
    """Number, period, state, day of completion and activity of each row, found by looking at one day after the other."""
    rule = terms[0].rules[0]
    acts_of_all = _sorted([act for term in terms for act in term.acts])
    fits = [act for act in acts_of_all if ("F01" in act.items if act.items else act.form == "上门指导")]
    for period in [asked.period] if asked.period else periods(rule.per, asked.year):
        window = [day for day in walk(period.first, period.last) if not _after_due(day, rule)]
        held = [sum(term.since <= day <= term.ends for day in window) for term in terms]
        if not any(held):
            continue
        term = next(one for one, count in zip(terms, held, strict=True) if count == max(held))
        force = [day for day in window if any(one.since <= day <= one.ends for one in terms)]
        care = [day for day in force if _cares(day, side, rule, term)]
        if period.year < rule.valid_from and not rule.by_list:
            continue
        exempt = rule.unticked or not care or (period.year > rule.valid_to and not rule.by_list)
        stops = max(care) + DAY if care and max(care) < force[-1] else None
        counted = sum(day in care or (stops is not None and day >= stops) for day in force)
        if asked.partial == "never":
            exempt = exempt or counted < len(window)
        elif asked.partial == "half":
            exempt = exempt or counted < len(window) - counted
        for_period = [act for act in fits if _belongs(act, period)]
        in_time = [act for act in for_period if act.on in force or act.on < force[-1]]
        in_time = [act for act in in_time if stops is None or act.on < stops]
        state, done = "missed", None
        if exempt:
            state = "exempt"
        elif len(in_time) >= rule.times:
            state, done = "done", in_time[rule.times - 1]
        elif stops and asked.day >= stops:
            state = "exempt"
        elif any((rule.duty, period.text) in one.waived for one in terms):
            state = "waived"
        elif len(for_period) >= rule.times:
            state, done = "late", for_period[rule.times - 1]
        elif asked.day < care[0]:
            state = "not_yet"
        elif asked.day <= force[-1]:
            state = "due"
        number = done.number if done else for_period[-1].number if for_period else ""
        yield term.number, period.text, state, done.on if done else None, number


def walk(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += DAY


def _after_due(day: dt.date, rule: Rule) -> bool:
    return rule.per == "year" and rule.due != "" and f"{day:%m-%d}" > rule.due


def _cares(day: dt.date, side: Side, rule: Rule, term: Term) -> bool:
    open_ = side.closed_on is None or day < side.closed_on
    asks = rule.filed_only and term.variant is not Variant.TB
    return open_ and (not asks or any(first <= day <= last for first, last in side.filed))


def _belongs(act: Act, period: Period) -> bool:
    if act.late_for and read_period(act.late_for).per == period.per:
        return act.late_for == period.text
    return period.first <= act.on <= period.last


def told(row: DutyRow) -> tuple[str, str, str, dt.date | None, str]:
    return row.number, row.period, row.state, row.done_on, row.activity


@settings(max_examples=300)
@given(offices())
def test_the_engine_says_what_walking_every_day_says(office: tuple[list[Term], Side, Asked]) -> None:
    rows = sorted(map(told, judge(*office)), key=str)
    assert rows == sorted(walked(*office), key=str)


@settings(max_examples=200)
@given(offices())
def test_moving_all_dates_by_a_year_moves_all_results(office: tuple[list[Term], Side, Asked]) -> None:
    terms, side, asked = office
    moved_side = replace(side, filed=tuple(map(_span, side.filed)), closed_on=side.closed_on and _day(side.closed_on))
    period = asked.period and read_period(_text(asked.period.text))
    moved_asked = Asked(_day(asked.day), asked.year + 1, period, asked.partial)
    moved = list(judge(list(map(_term, terms)), moved_side, moved_asked))
    expected = list(judge(*office))
    assert [told(row) for row in moved] == [
        (number, _text(text), state, done and _day(done), act) for number, text, state, done, act in map(told, expected)
    ]
    assert [row.due_by for row in moved] == [_day(row.due_by) for row in expected]


def _day(day: dt.date) -> dt.date:
    return day if day == dt.date.max else day.replace(year=day.year + 1)


def _span(span: tuple[dt.date, dt.date]) -> tuple[dt.date, dt.date]:
    return _day(span[0]), _day(span[1])


def _text(text: str) -> str:
    return f"{int(text[:4]) + 1}{text[4:]}"


def _term(term: Term) -> Term:
    moved = [
        replace(rule, valid_from=rule.valid_from and rule.valid_from + 1, valid_to=rule.valid_to + 1)
        for rule in term.rules
    ]
    done = [act._replace(on=_day(act.on), late_for=act.late_for and _text(act.late_for)) for act in term.acts]
    waived = {(duty, _text(text)): why for (duty, text), why in term.waived.items()}
    return replace(
        term,
        since=_day(term.since),
        ends=_day(term.ends),
        rules=moved,
        acts=done,
        waived=waived,
    )


@given(st.sampled_from(["quarter", "half_year", "year", "month"]), st.integers(1000, 9998))
def test_periods_follow_each_other_without_gap_and_read_back(per: str, year: int) -> None:
    found = (*periods(per, year), *periods(per, year + 1))
    assert all(one.last + DAY == after.first for one, after in itertools.pairwise(found))
    assert (found[0].first, found[-1].last) == (dt.date(year, 1, 1), dt.date(year + 1, 12, 31))
    assert all(read_period(one.text) == one for one in found)
