"""What raw inputs say of institutions and agreements on a day: the recount's own reading of them.

Nothing of the program is used. Two times (decision 15): of what was written down by ``known_on``, all that concerns days up to
the one asked for counts, whenever it was written.
"""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from recount.inputs import Entry, term_end

DAY = dt.timedelta(days=1)
EVER = dt.date.min
"""What is told when an institution is entered holds for any earlier day (decision 5)."""


@dataclass
class Institution:
    """``rows`` by fact: the value that begins on each day."""

    key: str
    kind: str
    category: str
    rows: dict[str, dict[dt.date, Any]] = field(default_factory=lambda: defaultdict(dict))
    _told: dict[str, list[tuple[dt.date, dt.date, bool]]] = field(default_factory=dict)

    def value(self, name: str, day: dt.date) -> Any:
        """The value that began last, by ``day``; None where none had."""
        began = max((since for since in self.rows[name] if since <= day), default=None)
        return None if began is None else self.rows[name][began]

    def _holds(self, name: str, date: str, day: dt.date) -> bool:
        """Whether a state with a day of its own holds: 备案 with its day, 停办 which is one.

        Decision 15: learned later, it counts from the day it concerns, not from the day on which the office changed its roster;
        a day of 备案 from before it was last lost says nothing of the new one.
        """
        if name not in self._told:
            told: list[tuple[dt.date, dt.date, bool]] = []
            denied = EVER
            for written in sorted({*self.rows[name], *self.rows[date]}):
                holds, on = self.value(name, written), self.value(date, written)
                told.append((on if holds and on and on > denied else written, written, bool(holds)))
                denied = denied if holds else written
            self._told[name] = sorted(told)
        place = bisect_right(self._told[name], day, key=lambda one: one[0])
        return place > 0 and self._told[name][place - 1][2]

    def filed(self, day: dt.date) -> bool:
        """备案 on a day (domain.md#filing; #trap-unfiled: where it ends, it ends on its day)."""
        return self._holds("filed", "filed_on", day)

    def open(self, day: dt.date) -> bool:
        """停办 begins on its day (indicators.md: 已停办的不计入)."""
        return not self._holds("closed_on", "closed_on", day)


@dataclass
class Agreement:
    """What was agreed, and what happened to it: kind, party, day and what a step adds."""

    key: str
    data: dict[str, Any]
    written: dt.date
    steps: list[tuple[str, str, dt.date, Any]] = field(default_factory=list)

    @property
    def childcare(self) -> str:
        return str(self.data["childcare"])

    @property
    def variant(self) -> str:
        return str(self.data["variant"])

    @property
    def medical(self) -> tuple[str, ...]:
        """甲, and of 三方型 丙 (domain.md#variants)."""
        return tuple([one for one in (self.data["medical"], self.data["third"]) if one])

    @property
    def roles(self) -> tuple[str, ...]:
        return ("甲", "乙", "丙") if self.data["third"] else ("甲", "乙")

    def on(self, day: dt.date) -> "Standing | None":
        """As it stood at the end of ``day``; None where nothing of it had happened yet."""
        done = [step for step in self.steps if step[2] <= day]
        if not done and day < self.written:
            return None
        signed = {party: on for kind, party, on, _ in done if kind == "signed"}
        sealed = {party for kind, party, _, _ in done if kind == "sealed"}
        ends = self.data["ends"]
        extended = 0
        for kind, _, _, until in sorted(done, key=lambda step: step[2]):
            if kind == "extended":  # for another term (domain.md#renewal)
                extended += 1
                ends = term_end(ends + DAY, self.data["months"])
            elif kind == "supplemented":
                ends = until
        kinds = {step[0]: step[2] for step in done}
        filing: list[str] = [one for one in ("received", "scanned", "checked") if one in kinds]
        return Standing(self, day, signed, sealed, filing, ends, extended, kinds.get("voided"), kinds.get("terminated"))


@dataclass
class Standing:
    """An agreement on a day (domain.md#term-end, #axes)."""

    one: Agreement
    day: dt.date
    signed: dict[str, dt.date]
    sealed: set[str]
    filing: list[str]
    ends: dt.date
    extended: int
    voided: dt.date | None
    terminated: dt.date | None

    @property
    def signed_on(self) -> dt.date | None:
        """All have signed: the day of the last (民法典 490)."""
        return max(self.signed.values()) if len(self.signed) == len(self.one.roles) else None

    @property
    def over(self) -> bool:
        return self.voided is not None or self.terminated is not None

    @property
    def in_force(self) -> bool:
        """生效 ≤ day ≤ 截止, signed by all, neither void nor terminated (domain.md#term-end)."""
        return not self.over and self.signed_on is not None and self.one.data["starts"] <= self.day <= self.ends

    @property
    def span(self) -> tuple[dt.date, dt.date] | None:
        """Days under agreement: from 生效 and the last signature to the end or the day before 解除."""
        if self.signed_on is None or self.voided:
            return None
        first, last = max(self.one.data["starts"], self.signed_on), self.ends
        if self.terminated:
            last = min(last, self.terminated - DAY)
        return (first, last) if first <= last else None


@dataclass
class Activity:
    key: str
    on: dt.date
    data: dict[str, Any]
    seen: dict[int, dt.date] = field(default_factory=dict)
    """Of each finding by its place: the day on which somebody saw it put right."""


class Known:
    """All that was written down by ``known_on`` (None: all)."""

    def __init__(self, entries: Sequence[Entry], known_on: dt.date | None = None) -> None:
        self.institutions: dict[str, Institution] = {}
        self.agreements: dict[str, Agreement] = {}
        self.activities: dict[str, Activity] = {}
        self.waived: set[tuple[str, str, str]] = set()
        self.assessed: dict[tuple[str, int, str], dt.date] = {}
        self.figures: dict[tuple[str, int, str], float] = {}
        for one in entries:
            if known_on is None or one.recorded <= known_on:
                getattr(self, f"_{one.what}")(one)

    @cached_property
    def served(self) -> dict[str, list[Activity]]:
        """Activities by agreement."""
        found = defaultdict[str, list[Activity]](list)
        for one in self.activities.values():
            for key in one.data["agreements"]:
                found[key].append(one)
        return found

    def _institution(self, one: Entry) -> None:
        new = self.institutions[one.key] = Institution(one.key, one.data["kind"], one.data["category"])
        for name, value in one.data.items():
            new.rows[name][EVER] = value

    def _change(self, one: Entry) -> None:
        at = self.institutions[one.key]
        for name, value in _with_consequences(one.data["fields"]).items():
            if (at.value(name, one.on) or None) != (value or None) or (
                name == "inclusive" and at.value(name, one.on) is None
            ):
                at.rows[name][one.on] = value

    def _correct(self, one: Entry) -> None:
        """In the place of what stands on the day of writing, or from its own day (``--from``); the wrong row answers no more."""
        at = self.institutions[one.key]
        given = _with_consequences(one.data["fields"])
        if one.data.get("since") and "filed" in given:
            given = {"filed_on": None} | given
        for name, value in given.items():
            rows = at.rows[name]
            began = max((since for since in rows if since <= one.recorded), default=None)
            if not one.data.get("since"):
                rows[EVER if began is None else began] = value
            elif (
                name in one.data["fields"] or at.value(name, one.recorded) is not None
            ):  # the day told with what was wrong
                if began is not None:
                    del rows[began]
                rows[one.on] = value

    def _draft(self, one: Entry) -> None:
        ends = term_end(one.data["starts"], one.data["months"])
        self.agreements[one.key] = Agreement(one.key, one.data | {"ends": ends}, one.recorded)

    def _renewal(self, one: Entry) -> None:
        """From the day after the old one ends, as known on the day of writing."""
        old = self.agreements[one.data["renews"]].on(one.recorded)
        assert old is not None
        starts = old.ends + DAY
        sides = {side: old.one.data[side] for side in ("medical", "childcare", "third", "variant")}
        ends = term_end(starts, one.data["months"])
        self.agreements[one.key] = Agreement(one.key, one.data | sides | {"starts": starts, "ends": ends}, one.recorded)

    def _step(self, one: Entry) -> None:
        step = (one.data["kind"], one.data.get("party", ""), one.on, one.data.get("ends"))
        self.agreements[one.key].steps.append(step)

    def _take_back(self, one: Entry) -> None:
        """A correction concerns the day of what it corrects (decision 15): that was never so."""
        self.agreements[one.key].steps.remove((one.data["kind"], one.data["party"], one.data["wrong"], None))

    def _activity(self, one: Entry) -> None:
        self.activities[one.key] = Activity(one.key, one.on, one.data)

    def _void_activity(self, one: Entry) -> None:
        del self.activities[one.key]

    def _recheck(self, one: Entry) -> None:
        self.activities[one.key].seen[one.data["order"]] = one.on

    def _waive(self, one: Entry) -> None:
        self.waived.add((one.key, one.data["duty"], one.data["period"]))

    def _assess(self, one: Entry) -> None:
        self.assessed[one.key, one.data["year"], one.data["step"]] = one.on

    def _figure(self, one: Entry) -> None:
        given = one.data
        value = given["value"] if "value" in given else 100 * given["numerator"] / given["denominator"]
        self.figures[given["district"] or "150600", given["year"], one.key] = value


def _with_consequences(given: dict[str, Any]) -> dict[str, Any]:
    """What is not 备案 has no day of 备案."""
    return given | ({"filed_on": None} if given.get("filed") is False else {})
