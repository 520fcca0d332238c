"""The recount beside the program: each figure that differs, in words."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from recount.entering import Entered
from recount.facts import DAY, Known
from recount.inputs import DISTRICTS
from recount.lists import Lists
from recount.owed import Owed, Row, pack
from recount.rates import KEYS, Asked, Figures, period

from yiyu.docgen.reports.board import board_of
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.agreements.reminding import remind
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.reports.comparing import compare
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.rate_tables import RateRow, rate_table
from yiyu.registry.reports.reporting import asked_period, report_rates
from yiyu.registry.rules.rates import Rate
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.moments import as_known_on

PACK = pack(Path(__file__).parents[2] / "templates")
SOON, EXPIRING = 30, 90
_LEFT_OUT = ("已停办的托育机构 (\\d+) 家", "免除的事项 (\\d+) 项", "不应计的事项 (\\d+) 项")
Pairs = dict[str, tuple[int, int]]


class Comparison:
    """As of ``day``, with what was recorded by ``known_on`` (None: all)."""

    def __init__(self, entered: Entered, session: OfficeSession, day: dt.date, known_on: dt.date | None) -> None:
        self._office = replace(session, today=day, known_on=known_on)
        self._day, self._known = day, Known(entered.accepted, known_on)
        self._keys = {number: key for key, number in entered.names.items()}
        self._institutions = {key: name for name, key in entered.ids.items()}
        self._turn = day.toordinal() + (known_on is not None)
        self._owed: dict[tuple[dt.date, int], list[Row]] = {}

    def differences(self) -> Iterator[str]:
        """What the two do not agree on."""
        parts: tuple[Callable[[], Iterator[str]], ...] = (
            self._duties, self._lists, self._reminders, self._rates, self._limited, self._board,
            self._year if self._turn % 2 else self._bulletin,
        )  # fmt: skip
        with as_known_on(self._office.db, self._office.known_on):
            for part in parts:
                for found in part():
                    yield f"{self._day}, known on {self._office.known_on}, {part.__name__[1:]}: {found}"

    @cached_property
    def _quarter(self) -> str:
        return f"{self._day.year}Q{(self._day.month + 2) // 3}"

    def _figures(self, day: dt.date, text: str) -> Figures:
        first, last = period(text)
        asked = Asked(day, first, last)
        key = asked.until, first.year
        if key not in self._owed:
            self._owed[key] = list(Owed(self._known, PACK, *key).rows())
        return Figures(self._known, PACK, asked, self._owed[key])

    def _name(self, key: str) -> str:
        return str(self._known.institutions[key].value("name", self._day)) if key else ""

    def _duties(self) -> Iterator[str]:
        mine = set(self._figures(self._day, str(self._day.year)).rows)
        theirs = {
            Row(
                self._institutions[row.institution_id],
                self._institutions[row.provider_id] if row.number else "",
                row.duty, row.period, row.due_by, row.state, self._keys.get(row.number, ""),
            )
            for row in duty_rows(self._office)
        }  # fmt: skip
        yield from _apart(mine, theirs)

    def _lists(self) -> Iterator[str]:
        lists = Lists(self._known, self._day)
        asked: dict[str, tuple[set[str], dict[str, Any]]] = {
            "all": ({one.one.key for one in lists.all}, {}),
            "unsigned": (lists.unsigned(), {"unsigned": True}),
            "expired": (lists.expired(), {"expired": True}),
            **{f"expiring {days}": (lists.expiring(days), {"expiring": days}) for days in (30, 90)},
            "in force": ({one.one.key for one in lists.all if one.in_force}, {"in_force": True}),
        }
        for name, (mine, wanted) in asked.items():
            found = list_agreements(self._office, AgreementFilter(**wanted))
            theirs = {self._keys[one.agreement.number] for one in found}
            yield from (f"{name}: {one}" for one in _apart(mine, theirs))

    def _reminders(self) -> Iterator[str]:
        theirs = {
            (self._keys[one.agreement.number], one.step, one.on, one.act_by.day, one.start_by.day)
            for one in remind(self._office, Settings()).due
        }
        yield from _apart(Lists(self._known, self._day).reminders(), theirs)

    def _rates(self) -> Iterator[str]:
        """Of the quarter, by 旗区, town and provider, what is left out, and the figures beside the rates."""
        mine = self._figures(self._day, self._quarter)
        inputs = rate_inputs(self._office, asked_period(self._office, None))
        units = inputs.all_units()
        for by in ("district", "town", "provider"):
            table = rate_table(inputs, units, by)
            yield from self._table(mine.rates(by), table.rows, by)
        yield from self._beside(mine, rate_table(inputs, units, "district").rows)
        said = [re.search(words, " ".join(table.left_out.said)) for words in _LEFT_OUT]
        theirs = [int(one[1]) if one else 0 for one in said]
        outside = Counter(row.state for row in mine.rows if mine.asked.first <= row.last <= mine.asked.last)
        closed = sum(one.kind == "childcare" and not one.open(self._day) for one in self._known.institutions.values())
        if theirs != [closed, outside["waived"], outside["exempt"]]:
            yield f"left out: {[closed, outside['waived'], outside['exempt']]}, program {theirs}"

    def _limited(self) -> Iterator[str]:
        """--district, --town or --provider, one after the other from question to question."""
        turn = self._turn
        limits = (
            {"district": DISTRICTS[turn % 9]},
            {"town": f"镇{turn % 2}"},
            {"provider": f"M{turn % 9}{turn % 5 + 1}"},
        )
        limit = limits[turn % 3]
        named = {name: self._name(value) if name == "provider" else value for name, value in limit.items()}
        rows, _ = report_rates(replace(self._office, scope=Scope(**named)))
        mine = self._figures(self._day, self._quarter).rates("district", **limit)
        yield from (f"{limit} {one}" for one in self._table(mine, rows, "district"))

    def _board(self) -> Iterator[str]:
        mine, board = self._figures(self._day, self._quarter), board_of(self._office)
        groups = {one.name: one.shares for one in (board.total, *board.groups)}
        for code, pairs in mine.rates("district").items():
            shares = groups[self._group(code, "district")]
            yield from _differing(code, pairs, {key: (share.part, share.whole) for key, share in shares.items()})
        lists, soon = Lists(self._known, self._day), self._day + SOON * DAY
        late = [
            row for row in mine.rows if row.state == "missed" or (row.state in ("due", "not_yet") and row.last <= soon)
        ]
        done = [act for act in self._known.activities.values() if act.on <= self._day]
        overdue = [
            1
            for act in done
            for order, finding in enumerate(act.data["findings"])
            if finding["due"] and finding["due"] < self._day < act.seen.get(order, dt.date.max)
        ]
        lengths = {
            "unsigned": len(lists.unsigned()),
            "behind": len(late),
            "expired": len(lists.expired()),
            "expiring": len(lists.expiring(EXPIRING)),
            "lacking": sum(act.on.year == self._day.year for act in done),  # nobody has evidence here
            "findings": len(overdue),
        }
        theirs = {one.key: len(one.rows) for one in board.lists}
        if theirs != lengths:
            yield f"lists: {lengths}, program {theirs}"
        ending, months = lists.ending(), {one.prefix: (one.ending, one.renewed) for one in board.months}
        later = sum(pair[0] for month, pair in ending.items() if month not in months)
        if months != {month: ending.get(month, (0, 0)) for month in months} or later != board.later:
            yield f"ending: {ending}, program {months} and {board.later}"

    def _bulletin(self) -> Iterator[str]:
        yield from self._compared(f"{self._day.year}H{1 if self._day.month <= 6 else 2}")

    def _year(self) -> Iterator[str]:
        yield from self._compared(str(self._day.year))

    def _compared(self, text: str) -> Iterator[str]:
        """A period beside the same months of last year, up to the same day, and how many stand in the lists below."""
        found, mine = compare(self._office, text), self._figures(self._day, text)
        yield from self._table(mine.rates("district"), found.rows, "district")
        earlier = f"{self._day.year - 1}{text[4:]}"
        last = period(earlier)[1]
        then = last if self._day == mine.asked.last else self._day.replace(year=self._day.year - 1)
        before = self._figures(then, earlier).rates("district")
        yield from (f"before {one}" for one in self._table(before, list(found.before.values()), "district"))
        steps = Counter(step for (key, year, step), on in self._known.assessed.items()
                        if year == self._day.year and on <= self._day and self._known.institutions[key].open(self._day))  # fmt: skip
        if steps != +Counter(found.loops.taken):
            yield f"自评: {steps}, program {found.loops.taken}"
        running = mine.asked.last >= self._day
        listed = [
            sum(one.key == "signed" and not one.counts for one in mine.units),
            sum(one.key == "visits" and not one.counts and (one.overdue or not running) for one in mine.units),
            sum(one.key == "rectified" and one.overdue for one in mine.units),
        ]
        missing = found.missing
        named = [len(missing.unsigned), len(missing.unvisited), len(missing.unrectified)]
        if listed != named:
            yield f"named: {listed}, program {named}"

    def _table(self, mine: dict[str, Pairs], rows: Sequence[RateRow], by: str) -> Iterator[str]:
        theirs = {row.group: {key: _pair(rate) for key, rate in row.rates.items()} for row in rows}
        named = {self._group(group, by): pairs for group, pairs in mine.items()}
        if named.keys() != theirs.keys():
            yield f"groups by {by}: {named.keys() ^ theirs.keys()}"
        for group in named.keys() & theirs.keys():
            yield from _differing(group, named[group], theirs[group])
        for row in rows:
            pairs = theirs[row.group]
            counts = row.childcare, row.filed, row.signed, row.visits_done, row.visits_due, row.trained
            if counts != (*pairs["filed"][::-1], pairs["signed_all"][0], *pairs["visits"], pairs["training"][0]):
                yield f"{row.group}: columns {counts} beside {pairs}"

    def _beside(self, mine: Figures, rows: Sequence[RateRow]) -> Iterator[str]:
        """建档率, 普惠托位占比 and what was typed in."""
        shares = mine.shares()
        for row in rows:
            for key in ("records", "inclusive"):
                one, pair = row.entered[key], shares[key].get(row.code, (0, 0))
                if (one.numerator or 0, one.denominator or 0) != (pair if pair[1] else (0, 0)):
                    yield f"{row.group} {key}: {pair}, program {one.numerator}/{one.denominator}"
            for key in ("tcm", "hospital"):
                value, typed = row.entered[key].value, mine.typed(key, row.code)
                if (value is None) != (typed is None) or abs((value or 0) - (typed or 0)) > 0.05:
                    yield f"{row.group} {key}: {typed}, program {value}"

    def _group(self, group: str, by: str) -> str:
        """As the program calls it."""
        if not group:
            return "合计"
        if by == "provider":
            return self._name(group)
        code, _, town = group.partition(" ")
        name = str(PACK["regions"][code])
        return f"{name} {town or '（未填乡镇）'}" if by == "town" else name


def _pair(rate: Rate) -> tuple[int, int]:
    return rate.numerator, rate.denominator


def _differing(group: str, mine: Pairs, theirs: Pairs) -> Iterator[str]:
    yield from (
        f"{group or '合计'} {key}: {mine[key]}, program {theirs[key]}" for key in KEYS if mine[key] != theirs[key]
    )


def _apart(mine: set[Any], theirs: set[Any]) -> Iterator[str]:
    yield from (f"only in the recount: {one}" for one in sorted(mine - theirs, key=str)[:5])
    yield from (f"only in the program: {one}" for one in sorted(theirs - mine, key=str)[:5])
