"""What to act on and by when, from where agreements stand. Pure; rules: domain.md#notice-days.

Silent are agreements that are terminated, void, or renewed: a draft that not all have signed renews nothing. Evidence is that of the agreement itself: seals, and the original
in the file; that of visits comes with them.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

from yiyu.registry.lifecycle import AgreementState
from yiyu.registry.model import Agreement
from yiyu.registry.rules.copies import notice_by
from yiyu.registry.rules.workdays import CountedDay, Tables, next_working_day, previous_working_day, start_by


class ReminderKind(StrEnum):
    EXPIRED = "expired"
    EXPIRING = "expiring"
    NOTICE = "notice"
    UNSIGNED = "unsigned"
    EVIDENCE = "evidence"


class Stands(Protocol):
    """Where an agreement stands on a day, as the registry tells it."""

    @property
    def agreement(self) -> Agreement: ...
    @property
    def state(self) -> AgreementState: ...
    @property
    def ends_on(self) -> dt.date: ...
    @property
    def renewed_by(self) -> str: ...
    @property
    def renewal(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Settings:
    """``steps`` in days before the end; ``lead`` in working days, for printing, sealing and posting."""

    steps: tuple[int, ...] = (90, 60, 30, 7)
    unsigned_days: int = 14
    evidence_days: int = 30
    lead: int = 10


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to do about one agreement; ``days`` only where the kind has steps.

    ``on``: the day it begins to be listed. ``deadline``: the last day as the paper says it; ``act_by``: the same, moved
    earlier to a working day; ``statutory``: moved later by 民法典 203, where that rule applies and gives another day;
    ``start_by``: leaves the working days of ``Settings.lead``. ``detail`` says the same on every day.
    """

    agreement: Agreement
    kind: ReminderKind
    days: int | None
    on: dt.date
    deadline: dt.date
    act_by: CountedDay
    start_by: CountedDay
    statutory: CountedDay | None
    detail: str

    @property
    def step(self) -> str:
        return str(self.kind) if self.days is None else f"{self.kind}-{self.days}"

    @property
    def label(self) -> str:
        return f"{self.days}天内到期" if self.kind is ReminderKind.EXPIRING else _LABEL[self.kind]

    @property
    def known(self) -> bool:
        """Whether every date rests on published years."""
        return all(found.known for found in (self.act_by, self.start_by, self.statutory) if found is not None)


_LABEL = {
    ReminderKind.EXPIRED: "已到期未续签",
    ReminderKind.NOTICE: "续签通知",
    ReminderKind.UNSIGNED: "催签",
    ReminderKind.EVIDENCE: "缺凭据",
}


class _ReminderFacts(NamedTuple):
    """What a reminder is made from; the dates to act by are counted only for those that are wanted."""

    kind: ReminderKind
    on: dt.date
    deadline: dt.date
    detail: str
    days: int | None = None
    statutory: CountedDay | None = None


@dataclass(frozen=True, slots=True)
class Planner:
    """Works out reminders as of ``day``; ``drafted`` gives the day of drafting by agreement id, for the unsigned.

    ``barred``: why an agreement cannot be renewed, by its id; of those nobody is asked to renew or to agree on it.
    """

    day: dt.date
    tables: Tables
    drafted: Mapping[int, dt.date]
    settings: Settings = Settings()
    barred: Mapping[int, str] = field(default_factory=dict)

    def plan(self, standings: Iterable[Stands], until: dt.date = dt.date.max) -> list[Reminder]:
        """What begins to be due up to ``until``, the earliest to act by first; one for an agreement and step.

        ``standings`` are those of ``day``. Of the steps before the end that have begun, only the last is given.
        """
        found = [
            self._reminder(standing.agreement, step)
            for standing in standings
            for step in self._steps(standing)
            if step.on <= until
        ]
        return sorted(found, key=lambda one: (one.act_by.day, one.agreement.number, one.step))

    def _reminder(self, one: Agreement, step: _ReminderFacts) -> Reminder:
        return Reminder(
            agreement=one,
            kind=step.kind,
            days=step.days,
            on=step.on,
            deadline=step.deadline,
            act_by=previous_working_day(step.deadline, self.tables),
            start_by=start_by(step.deadline, self.settings.lead, self.tables),
            statutory=step.statutory,
            detail=step.detail,
        )

    def _steps(self, standing: Stands) -> Iterator[_ReminderFacts]:
        one, state, ends_on = standing.agreement, standing.state, standing.ends_on
        if state.ended or standing.renewed_by:
            return
        if state.signing != "signed":
            yield self._unsigned(one, state)
            return
        yield from self._evidence(one, state)
        clause, barred = _clause(one, state), self.barred.get(one.id, "")
        if ends_on < self.day:
            yield _expired(ends_on, clause, standing.renewal, barred)
        else:
            renewal = f"{barred}，{_ENDING}" if barred else standing.renewal
            yield from self._expiring(one, ends_on, clause, renewal)
            if not barred or clause == "auto":
                yield from self._notice(one, ends_on, clause)

    def _unsigned(self, one: Agreement, state: AgreementState) -> _ReminderFacts:
        since = max([self.drafted[one.id], *state.signed.values()])
        on = previous_working_day(since + dt.timedelta(days=self.settings.unsigned_days), self.tables).day
        missing = "、".join(role for role in state.roles if role not in state.signed)
        detail = f"自 {since} 起未签齐，还差{missing}方签字；协议自 {one.starts_on} 起生效"
        return _ReminderFacts(ReminderKind.UNSIGNED, on, one.starts_on, detail)

    def _evidence(self, one: Agreement, state: AgreementState) -> Iterator[_ReminderFacts]:
        """Signed, and still without every seal or without the original in the file.

        Source: domain.md#paper-and-pdf, domain.md#axes.
        """
        unsealed = [f"{role}方盖章" for role in state.roles if role not in state.sealed]
        missing = unsealed + ["原件归档"] * (state.filing == "none")
        if missing and state.signed_on is not None:
            deadline = state.signed_on + dt.timedelta(days=self.settings.evidence_days)
            on = previous_working_day(deadline, self.tables).day
            yield _ReminderFacts(
                ReminderKind.EVIDENCE, on, deadline, f"{state.signed_on} 已签齐，还缺{'、'.join(missing)}"
            )

    def _expiring(self, one: Agreement, ends_on: dt.date, clause: str, renewal: str) -> Iterator[_ReminderFacts]:
        """The step the agreement is in and those ahead; a step that falls before its beginning is none."""
        begins: dict[int, dt.date] = {}
        for days in self.settings.steps:
            counted = ends_on - dt.timedelta(days=days)
            if counted >= one.starts_on:
                begins[days] = max(previous_working_day(counted, self.tables).day, one.starts_on)
        current = min((days for days, on in begins.items() if on <= self.day), default=0)
        detail = f"{ends_on} 到期，{renewal or ('按约定自动顺延' if clause == 'auto' else '尚未续签')}"
        for days, on in begins.items():
            if days == current or on > self.day:
                yield _ReminderFacts(ReminderKind.EXPIRING, on, ends_on, detail, days)

    def _notice(self, one: Agreement, ends_on: dt.date, clause: str) -> Iterator[_ReminderFacts]:
        """From the day to start up to the law's last day; the registry does not know whether notice was given."""
        deadline = notice_by(ends_on, one.notice_days)
        latest = next_working_day(deadline, self.tables)
        if clause == "none" or deadline < one.starts_on or latest.day < self.day:
            return
        moved = latest if latest.day != deadline else None
        what, after = ("不再续签的书面异议", "，过期自动顺延") if clause == "auto" else ("续签协商的书面通知", "")
        until = f"（逢休息日，依法可到 {dated(moved)}）" if moved else ""
        on = max(start_by(deadline, self.settings.lead, self.tables).day, one.starts_on)
        detail = f"{what}最迟 {deadline} 提出{until}{after}；协议 {ends_on} 到期"
        yield _ReminderFacts(ReminderKind.NOTICE, on, deadline, detail, statutory=moved)


_ENDING = "不能续签，请登记解除（agreement terminate）"


def _expired(ends_on: dt.date, clause: str, renewal: str, barred: str) -> _ReminderFacts:
    advice = "按约定自动顺延，请登记" if clause == "auto" else "请续签，不再合作的请登记解除"
    if renewal:
        advice = "请催签，不再合作的请作废草稿、登记解除"
    if barred:
        renewal, advice = barred, _ENDING
    detail = f"已于 {ends_on} 到期，{renewal or '尚未续签'}；{advice}"
    return _ReminderFacts(ReminderKind.EXPIRED, ends_on + dt.timedelta(days=1), ends_on, detail)


def _clause(one: Agreement, state: AgreementState) -> str:
    """What the renewal clause still says: auto, negotiate or none; "once" is used up by an extension.

    Source: domain.md#renewal.
    """
    if one.renewal == "auto_once":
        return "none" if state.extensions else "auto"
    return one.renewal


def dated(found: CountedDay) -> str:
    """The date, and beside it that its year has not been published."""
    return str(found.day) if found.known else f"{found.day}（仅按周末推算）"
