"""How each duty stands in each period.

Agreements of one variant between the same institutions are one line: a renewal goes on where the old one ends, two that
overlap owe once (domain 16.16), and an activity under either counts. Its row names the agreement that is in force on
most days of the period, the earlier of two that are alike.

A period counts from its first day to its last, or to ``due`` where the duty sets a day within it, and:

* not at all where the line is not in force on any of these days;
* as ``exempt`` where 备案 is asked for and does not hold (登记 stands for it with 托班, domain 3.1.4), where the
  institution is closed, where the list leaves the item unticked, where the pack's years are over, or where it is in force
  on too few of these days for the setting;
* where 备案 or the institution itself ends before the deadline, it stops being owed from that day (domain 16.3): ``done``
  if it was done before, else ``exempt``.

The deadline is the last of these days on which the line is in force. Then: enough activities up to the deadline are
``done``; a waiver is ``waived``; enough with those after it are ``late``; else ``not_yet``, ``due`` or ``missed`` by the day.

An activity counts in the period its day lies in, and for no other: a visit after the end leaves the period missed. Only
one recorded on a sheet that was made for an earlier period counts for that one instead, as late.
"""

from collections.abc import Iterator, Sequence

from yiyu.registry.duties.facts import Act, Asked, Owner, Side, Term
from yiyu.registry.duties.owing import Line, Owed
from yiyu.registry.duties.periods import Period, read_period
from yiyu.registry.duties.rows import DutyRow
from yiyu.registry.duties.rules import Rule

_NOBODY = Owner(0, "")


def judge(terms: Sequence[Term], side: Side, asked: Asked) -> Iterator[DutyRow]:
    """The rows of one line; ``terms`` in the order they begin. All they name must be known on ``asked.day``."""
    line = Line(terms, side, asked)
    acts = terms[0].acts if len(terms) == 1 else _together(terms)
    waived = {key: reason for term in terms for key, reason in term.waived.items()}
    for term in terms:
        for rule in term.rules:
            done, owner = _for_rule(acts, rule), _owner(term, rule)
            for period in asked.periods(rule.per):
                owed = line.owed(term, rule, period)
                if owed is not None:
                    counted = _counted(done, rule, period)
                    waiver = waived.get((rule.duty, period.text), "") if waived else ""
                    standing = _stand(owed, rule.times, counted, waiver, asked)
                    yield _row(term, side, owner, rule, period, owed, standing, counted)


def _together(terms: Sequence[Term]) -> list[Act]:
    """Each activity once, whichever agreements it served; as made up for a period, where any of its sheets says so."""
    found: dict[str, Act] = {}
    for act in (act for term in terms for act in term.acts):
        found[act.number] = max(found.get(act.number, act), act, key=lambda one: one.late_for)
    return sorted(found.values(), key=lambda act: (act.on, act.number))


def _for_rule(acts: Sequence[Act], rule: Rule) -> list[Act]:
    """By the items, or by the form where a record names no item."""
    items, forms = rule.items, rule.forms + rule.steps
    return [act for act in acts if (not act.items.isdisjoint(items) if act.items else act.form in forms)]


def _counted(done: Sequence[Act], rule: Rule, period: Period) -> list[Act]:
    """In the period by its day; or made up for it, where its record sheet says so (of periods of this kind only)."""
    first, last = period.first, period.last
    return [
        act
        for act in done
        if (
            first <= act.on <= last
            if not act.late_for or read_period(act.late_for).per != rule.per
            else act.late_for == period.text
        )
    ]


_Standing = tuple[str, str, Act | None]
"""State, reason, and the activity that completes it."""


def _stand(owed: Owed, needed: int, counted: Sequence[Act], waiver: str, asked: Asked) -> _Standing:
    if owed.exempt:
        return "exempt", owed.exempt, None
    last, stops = owed.due_by, owed.stops
    in_time = [act for act in counted if act.on <= last and (stops is None or act.on < stops)]
    if len(in_time) >= needed:
        done = in_time[needed - 1]
        return "done", f"{done.on} 已完成" if needed == 1 else f"{needed} 次均已完成，末次 {done.on}", done
    if stops is not None and stops <= asked.day:
        return "exempt", f"{owed.why}，其后不再计", None
    if waiver:
        return "waived", f"已免除：{waiver}", None
    if len(counted) >= needed:
        done = counted[needed - 1]
        return "late", f"{done.on} 才完成，晚于 {last}", done
    return (*_open(owed, needed, len(counted), asked), None)


def _open(owed: Owed, needed: int, counted: int, asked: Asked) -> tuple[str, str]:
    short = f"还差 {needed - counted} 次"
    if asked.day > owed.due_by:
        return "missed", f"到 {owed.due_by} {short}"
    return ("due", f"{short}，最迟 {owed.due_by}") if asked.day >= owed.opens else ("not_yet", f"{owed.opens} 起计")


def _row(
    term: Term,
    side: Side,
    owner: Owner,
    rule: Rule,
    period: Period,
    owed: Owed,
    standing: _Standing,
    counted: Sequence[Act],
) -> DutyRow:
    state, reason, done = standing
    last = done or (counted[-1] if counted else None)
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
        owed.due_by,
        state,
        None if done is None else done.on,
        "" if last is None else last.number,
        reason,
        rule.items,
        rule.forms,
        rule.times,
        len(counted),
        rule.source,
        owed.opens,
        tuple([act.number for act in counted]),
    )


def _owner(term: Term, rule: Rule) -> Owner:
    for code in rule.providers:
        if code in term.owners:
            return term.owners[code]
    return term.owners.get("", _NOBODY)
