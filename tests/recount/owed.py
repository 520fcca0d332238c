"""What is owed in a period and whether it was done: the recount's own reading of duties (domain.md#duties, decision 11)."""

import calendar
import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recount.facts import DAY, Activity, Agreement, Known, Standing

PROVIDES = {"JC": ("JC",), "TB": ("JC",), "FY": ("FY",), "SF": ("JC", "FY"), "ZY": ("ZY", "MY"), "YL": ("YL",)}
"""domain.md#variants: "owes as"."""
PERIODS = {"year": 1, "half_year": 2, "quarter": 4}

STEP = {"self_assessment": "self_assessed", "self_assessment_report": "rectified", "year_report": "summarised"}
"""Which step of 自评—指导—整改—总结 does what an institution owes by itself (S3 四（一）（二）, G58 38)."""


@dataclass(frozen=True)
class Rule:
    """One thing that is owed ``times`` in each period; ``provider``: who of several medical sides."""

    key: str
    items: tuple[str, ...]
    forms: tuple[str, ...]
    times: int
    per: str
    filed_only: bool = False
    follows: bool = False
    provider: str = ""
    due: str = ""


@dataclass(frozen=True)
class Row:
    institution: str
    provider: str
    duty: str
    period: str
    last: dt.date
    state: str
    number: str = ""


def pack(root: Path, name: str = "ordos") -> dict[str, Any]:
    """A pack as its file says, over the one it extends: keys of each table are inherited one by one."""
    own = tomllib.loads((root / name / "pack.toml").read_text("utf-8"))
    if "extends" not in own:
        return own
    whole = pack(root, own["extends"])
    for table, content in own.items():
        if not isinstance(content, dict):
            whole[table] = content
            continue
        for key, value in content.items():
            inherited = whole.setdefault(table, {}).get(key)
            whole[table][key] = inherited | value if isinstance(value, dict) and inherited else value
    return whole


def rules(said: dict[str, Any], variant: str) -> list[Rule]:
    """What an agreement of a type owes: its list as drafted, and what of the pack stands in no row of it (decision 11).

    A ticked row with a frequency is what was promised; one that is not ticked is not owed.
    """
    ticked, rows = {}, {}
    for code, row in said["catalogue"].items():
        if variant in row.get("variants", ()):
            rows[code] = row
            if variant in (*row.get("selected", ()), *row.get("mandatory", ())):
                ticked[code] = row
    found, told = [], set()
    for key, duty in said["duties"].items():
        provider = [one for one in duty.get("provider", ()) if one in PROVIDES[variant]]
        if not provider or duty.get("kind") in ("once", "encouraged"):
            continue
        listed = [code for code in duty.get("items", ()) if code in rows]
        told |= set(listed)
        promised = [ticked[code] for code in listed if code in ticked]
        frequency = next((row for row in promised if row["per"] in PERIODS), duty)
        if (listed and not promised) or frequency.get("per") not in PERIODS:
            continue
        found.append(Rule(
            key, tuple(duty.get("items", ())), tuple(duty.get("forms", ())), frequency["times"], frequency["per"],
            duty.get("filed_only", False) and variant != "TB", duty.get("follows") == "institution", provider[0], duty.get("due", ""),
        ))  # fmt: skip
    for code, row in ticked.items():
        if code not in told and row["per"] in PERIODS:
            provider = [one for one in row["provider"] if one in PROVIDES[variant]]
            found.append(Rule(code, (code,), (), row["times"], row["per"], provider=provider[0] if provider else ""))
    return found


def periods(per: str, year: int) -> Iterator[tuple[str, dt.date, dt.date]]:
    """Name, first and last day of the periods of a year, by the calendar (domain.md#duties)."""
    count = PERIODS[per]
    for turn in range(count):
        months = 12 // count
        first = dt.date(year, turn * months + 1, 1)
        last = (dt.date(year, turn * months + months, 28) + 4 * DAY).replace(day=1) - DAY
        yield {1: f"{year}", 2: f"{year}H{turn + 1}", 4: f"{year}Q{turn + 1}"}[count], first, last


class Owed:
    """All duties of the periods of a year, as of ``day``."""

    def __init__(self, known: Known, said: dict[str, Any], day: dt.date, year: int) -> None:
        self._known, self._day, self._said = known, day, said
        self._year = [dt.date(year, 1, 1) + DAY * turn for turn in range(365 + calendar.isleap(year))]
        self._rules = {variant: rules(said, variant) for variant in PROVIDES}
        self._days: dict[tuple[str, bool], set[dt.date]] = {}

    def rows(self) -> Iterator[Row]:
        lines = defaultdict[tuple[str, str], list[Standing]](list)
        for one in self._known.agreements.values():
            standing = one.on(self._day)
            if standing and standing.span:
                lines[one.childcare, one.variant].append(standing)
        for (childcare, variant), terms in lines.items():
            for rule in self._rules[variant]:
                yield from self._line(childcare, rule, terms)
        yield from self._by_itself()

    def _line(self, childcare: str, rule: Rule, terms: list[Standing]) -> Iterator[Row]:
        """One line for each pair of sides, so that an overlap owes once; what follows the institution is one for all."""
        sides = defaultdict[tuple[str, ...], list[Standing]](list)
        for term in terms:
            sides[() if rule.follows else term.one.medical].append(term)
        for members in sides.values():
            for name, first, last in periods(rule.per, self._year[0].year):
                row = self._row(childcare, rule, members, name, first, last)
                if row:
                    yield row

    def _row(
        self, childcare: str, rule: Rule, terms: list[Standing], name: str, first: dt.date, last: dt.date
    ) -> Row | None:
        held: list[tuple[int, Standing]] = []
        under: set[dt.date] = set()
        for term in terms:
            assert term.span
            begins, ends = max(term.span[0], first), min(term.span[1], last)
            if begins <= ends:
                held.append(((ends - begins).days, term))
                under |= {begins + DAY * turn for turn in range((ends - begins).days + 1)}
        if not under:
            return None
        keys = {term.one.key for term in terms}
        through = self._through(rule, held)
        done = sorted(self._done(rule, terms, first, last))
        waived = any((key, rule.key, name) in self._known.waived for key in keys)
        state = self._state(childcare, rule, under, (last - first).days + 1, done, waived=waived)
        return Row(childcare, self._owner(rule, through.medical), rule.key, name, max(under), state, through.key)

    def _through(self, rule: Rule, held: list[tuple[int, Standing]]) -> Agreement:
        """The agreement that is in force on most days, the earlier of two alike; of what goes on with the institution
        from one provider to the next, the last."""
        order = sorted(held, key=lambda one: one[1].span or ())
        if rule.follows and len({term.one.medical for _, term in held}) > 1:
            return order[-1][1].one
        return max(order, key=lambda one: one[0])[1].one

    def _state(
        self, childcare: str, rule: Rule, under: set[dt.date], whole: int, done: list[dt.date], *, waived: bool
    ) -> str:
        """``under``: the days under agreement of the ``whole`` period; ``done``: days of what counts, in order.

        At least half of the period must be under agreement with an institution it is owed to (domain.md#duties). Where 备案, or
        the institution, ends within the term, it stops being owed from that day (domain.md#trap-unfiled), unless it was done.
        """
        asked = under & self._asking(childcare, filed_only=rule.filed_only)
        last = max(asked, default=min(under))
        ended = {day for day in under if day > last}
        if not asked or 2 * len(asked | ended) < whole:
            return "exempt"
        if len([day for day in done if not ended or day <= last]) >= rule.times:
            return "done"
        if ended and min(ended) <= self._day:
            return "exempt"
        open_ = "due" if self._day >= min(asked) else "not_yet"
        return "waived" if waived else "missed" if self._day > max(under) else open_

    def _asking(self, childcare: str, *, filed_only: bool) -> set[dt.date]:
        """Days of the year on which the institution is one it is owed to; of days to come what holds on the day asked for."""
        if (childcare, filed_only) not in self._days:
            at = self._known.institutions[childcare]
            past = [day for day in self._year if day < self._day]
            holds = [day for day in (*past, self._day) if at.open(day) and (at.filed(day) or not filed_only)]
            to_come = [day for day in self._year if day > self._day] if self._day in holds else []
            self._days[childcare, filed_only] = {*holds, *to_come}
        return self._days[childcare, filed_only]

    def _owner(self, rule: Rule, medical: tuple[str, ...]) -> str:
        """甲; of 三方型 each medical side what its kind owes (domain.md#variants)."""
        return medical[-1] if len(medical) > 1 and rule.provider == "FY" else medical[0]

    def _done(self, rule: Rule, terms: list[Standing], first: dt.date, last: dt.date) -> list[dt.date]:
        """Days of the activities of the period within their agreement's term (domain.md#trap-outside-term), each once."""
        found: dict[str, dt.date] = {}
        for term in terms:
            assert term.span
            for act in self._known.served[term.one.key]:
                inside = term.one.data["starts"] <= act.on <= term.span[1]
                if inside and first <= act.on <= min(last, self._day) and _fulfils(rule, act):
                    found[act.key] = act.on
        return list(found.values())

    def _by_itself(self) -> Iterator[Row]:
        """What every institution owes by itself, filed or not (S3 四（一）)."""
        own = {key: duty for key, duty in self._said["duties"].items() if "TY" in duty.get("provider", ())}
        first, year = self._year[0], self._year[0].year
        for key, one in self._known.institutions.items():
            if one.kind != "childcare" or not one.open(min(first, self._day)):
                continue
            for name, duty in own.items():
                if not duty.get("valid_from", 0) <= year <= duty.get("valid_to", 9999):
                    continue
                last = dt.date.fromisoformat(f"{year}-{duty.get('due', '12-31')}")
                days = {day for day in self._year if day <= last}
                on = self._known.assessed.get((key, year, STEP[name]))
                done = [on] if on and on <= self._day else []
                rule = Rule(name, (), (), 1, "year")
                state = self._state(key, rule, days, len(days), [day for day in done if day <= last], waived=False)
                if state in ("due", "missed") and done:
                    state = "late"
                yield Row(key, "", name, str(year), last, state)


def _fulfils(rule: Rule, act: Activity) -> bool:
    """By the items it names; where it names none, by its form."""
    items = act.data["items"]
    return bool(set(items) & set(rule.items)) if items else act.data["form"] in rule.forms
