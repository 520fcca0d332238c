"""How each duty stands in each period.

Agreements of one variant between the same institutions are one line: a renewal goes on where the old one ends, two that
overlap owe once (domain.md#trap-overlap), and an activity under either counts. Its row names the agreement that is in force on
most days of the period, the earlier of two that are alike.

A period counts from its first day to its last, or to ``due`` where the duty sets a day within it, and:

* not at all where the line is not in force on any of these days;
* as ``exempt`` where 备案 is asked for and does not hold (登记 stands for it with 托班, domain.md#variants), where the
  institution is closed, where the list leaves the item unticked, where the pack's years are over, or where it is in force
  on too few of these days for the setting;
* where 备案 or the institution itself ends before the deadline, it stops being owed from that day (domain.md#trap-unfiled): ``done``
  if it was done before, else ``exempt``.

The deadline is the last of these days on which the line is in force. Then: enough activities up to the deadline are
``done``; a waiver is ``waived``; enough with those after it are ``late``; else ``not_yet``, ``due`` or ``missed`` by the day.

An activity counts in the period its day lies in, and for no other: a visit after the end leaves the period missed. Only
one recorded on a sheet that was made for an earlier period counts for that one instead, as late.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from yiyu.registry.model import Variant
from yiyu.registry.rules.duties.facts import Act, Asked, Owner, Side, Term
from yiyu.registry.rules.duties.owing import Owed, TermShape, eligible_days, ineligible_reason, owed
from yiyu.registry.rules.duties.planning import DutyRow
from yiyu.registry.rules.duties.rules import Period, Rule, read_period

_NOBODY = Owner(0, "")
_Standing = tuple[str, str, Act | None]
"""State, reason, and the activity that completes it."""


def judge(terms: Sequence[Term], side: Side, asked: Asked) -> Iterator[DutyRow]:
    """The rows of one line; ``terms`` in the order they begin. All they name must be known on ``asked.day``."""
    return Judge(asked).rows(terms, side)


class Judge:
    """Line after line of one question. What they have in common is worked out once: a large office has few shapes."""

    def __init__(self, asked: Asked) -> None:
        first, last = dt.date(asked.year, 1, 1), dt.date(asked.year, 12, 31)
        self._asked, self._span = asked, (asked.period.first, asked.period.last) if asked.period else (first, last)
        self._sheets: dict[int, _PeriodGrid] = {}

    def rows(self, terms: Sequence[Term], side: Side) -> Iterator[DutyRow]:
        """As :func:`judge`. ``rules`` that are one object are looked at once."""
        acts = terms[0].acts if len(terms) == 1 else _together(terms)
        waived = {key: reason for term in terms for key, reason in term.waived.items()}
        spans = tuple([(max(term.since, self._span[0]), min(term.ends, self._span[1])) for term in terms])
        filed, opened = eligible_days(side.filed, side.closed_on, self._span)
        for at, term in enumerate(terms):
            sheet = self._sheet(term.rules)
            counted = sheet.counted(acts)
            for place, due, idle in sheet.owed(
                TermShape(spans, at, opened if term.variant is Variant.TB else filed, opened)
            ):
                rule, period = sheet.places[place]
                done = counted.get(place, ())
                waiver = waived.get((rule.duty, period.text), "") if waived else ""
                if done or waiver or idle is None:
                    why = "" if due.stops is None else ineligible_reason(side, rule, due.stops)
                    standing = _stand(due, why, rule.times, done, waiver, self._asked.day)
                else:
                    standing = idle
                yield _row(term, side, rule, period, due, standing, done)

    def _sheet(self, rules: Sequence[Rule]) -> "_PeriodGrid":
        found = self._sheets.get(id(rules))
        if found is None:
            found = self._sheets[id(rules)] = _PeriodGrid(rules, self._asked)
        return found


class _PeriodGrid:
    """What one list of rules asks: a place for each rule in each period."""

    def __init__(self, rules: Sequence[Rule], asked: Asked) -> None:
        self._rules = rules  # kept, for its id stands for it
        self._asked = asked
        self.places = [(rule, period) for rule in rules for period in asked.periods(rule.per)]
        self._owed: dict[TermShape, list[tuple[int, Owed, _Standing | None]]] = {}
        self._fitting: dict[tuple[object, ...], tuple[int, ...]] = {}

    def owed(self, shape: TermShape) -> list[tuple[int, Owed, _Standing | None]]:
        """What is owed at which place, and how it stands while nothing was done or waived (None: the reason is the side's)."""
        if shape not in self._owed:
            found = [(place, owed(shape, *one, self._asked.partial)) for place, one in enumerate(self.places)]
            self._owed[shape] = [
                (place, due, self._idle(due, self.places[place][0])) for place, due in found if due is not None
            ]
        return self._owed[shape]

    def _idle(self, due: Owed, rule: Rule) -> _Standing | None:
        return _stand(due, "", rule.times, (), "", self._asked.day) if due.stops is None else None

    def counted(self, acts: Sequence[Act]) -> Mapping[int, list[Act]]:
        """The activities that count at each place, in their order."""
        found: defaultdict[int, list[Act]] = defaultdict(list)
        fitting = self._fitting
        for act in acts:
            key = (act.items or act.form, act.on, act.late_for)
            places = fitting.get(key)
            if places is None:
                places = fitting[key] = tuple(at for at, one in enumerate(self.places) if _counts(act, *one))
            for place in places:
                found[place].append(act)
        return found


def _together(terms: Sequence[Term]) -> list[Act]:
    """Each activity once, whichever agreements it served; as made up for a period, where any of its sheets says so."""
    found: dict[str, Act] = {}
    for act in (act for term in terms for act in term.acts):
        found[act.number] = max(found.get(act.number, act), act, key=lambda one: one.late_for)
    return sorted(found.values(), key=lambda act: (act.on, act.number))


def _counts(act: Act, rule: Rule, period: Period) -> bool:
    """By its items, or by its form where it names none; by its day, or as made up for the period.

    The latter where its record sheet says so, of periods of this kind only.
    """
    fits = not act.items.isdisjoint(rule.items) if act.items else act.form in rule.forms + rule.steps
    if act.late_for and read_period(act.late_for).per == rule.per:
        return fits and act.late_for == period.text
    return fits and period.first <= act.on <= period.last


def _stand(due: Owed, why: str, needed: int, counted: Sequence[Act], waiver: str, day: dt.date) -> _Standing:
    """``why`` nothing is owed from the day on which it stops."""
    last, stops = due.due_by, due.stops
    if due.exempt or (stops is not None and stops <= due.opens):
        return "exempt", due.exempt or why, None
    in_time = [act for act in counted if act.on <= last and (stops is None or act.on < stops)]
    if len(in_time) >= needed:
        done = in_time[needed - 1]
        return "done", f"{done.on} 已完成" if needed == 1 else f"{needed} 次均已完成，末次 {done.on}", done
    if stops is not None and stops <= day:
        return "exempt", f"{why}，其后不再计", None
    if waiver:
        return "waived", f"已免除：{waiver}", None
    if len(counted) >= needed:
        done = counted[needed - 1]
        return "late", f"{done.on} 才完成，晚于 {last}", done
    return (*_open(due, needed - len(counted), day), None)


def _open(due: Owed, left: int, day: dt.date) -> tuple[str, str]:
    short = f"还差 {left} 次"
    if day > due.due_by:
        return "missed", f"到 {due.due_by} {short}"
    return ("due", f"{short}，最迟 {due.due_by}") if day >= due.opens else ("not_yet", f"{due.opens} 起计")


def _row(
    term: Term, side: Side, rule: Rule, period: Period, due: Owed, standing: _Standing, counted: Sequence[Act]
) -> DutyRow:
    state, reason, done = standing
    owner, last = _owner(term, rule), done or (counted[-1] if counted else None)
    return DutyRow(
        rule.duty,
        rule.title,
        side.name,
        side.id,
        owner.name,
        owner.id,
        term.number,
        term.district,
        term.variant,
        period.text,
        due.due_by,
        state,
        None if done is None else done.on,
        "" if last is None else last.number,
        reason,
        rule.items,
        rule.forms,
        rule.times,
        len(counted),
        rule.source,
        due.opens,
        tuple([act.number for act in counted]) if counted else (),
    )


def _owner(term: Term, rule: Rule) -> Owner:
    for code in rule.providers:
        if code in term.owners:
            return term.owners[code]
    return term.owners.get("", _NOBODY)
