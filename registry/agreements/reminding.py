"""What to act on and by when, and the calendar file that says so ahead of time."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from yiyu.registry.agreements.drafting import closed_side
from yiyu.registry.agreements.listing import in_scope
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.lifecycle import OF_SERVICE
from yiyu.registry.office.holidays import load_year_tables
from yiyu.registry.rules.calendars import CalendarEntry, Written, write_calendar
from yiyu.registry.rules.custody import LOAN_STEPS, Loan, loans
from yiyu.registry.rules.duties import DutyRow
from yiyu.registry.rules.reminders import Planner, Reminder, ReminderKind, Settings, dated
from yiyu.registry.rules.workdays import previous_working_day
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activity_marks import found_by
from yiyu.registry.store.archive_items import item_events
from yiyu.registry.store.events import events_of
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.standings import AgreementStatus, standings

_AHEAD = dt.timedelta(days=14)
_MONTH = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Recheck:
    """A finding, by its id, that is to be rechecked by ``due_on``; ``activity`` is the number of what found it."""

    finding: int
    institution: str
    problem: str
    demand: str
    due_on: dt.date
    activity: str
    overdue: bool


@dataclass(frozen=True, slots=True)
class Reminded:
    """What is due on ``day``; ``calendar``: what became of the calendar file, if one was asked for.

    ``rechecks``: findings still open whose 期限 is over or within a month, the earliest first. ``loans``: filed paper that
    is out and was to be back before the day.
    """

    day: dt.date
    due: tuple[Reminder, ...]
    rechecks: tuple[Recheck, ...] = ()
    loans: tuple[Loan, ...] = ()
    calendar: Written | None = None


def remind(
    office: OfficeSession, settings: Settings, ics: Path | None = None, found: list[AgreementStatus] | None = None
) -> Reminded:
    """What to act on as of the day asked for; with ``ics`` also what lies ahead, written there as a calendar.

    ``found``: the agreements of the session's scope as they stand on that day, where they are at hand.
    Raises BadInput for a faulty year table, or when the file at ``ics`` is no calendar of ours; FileFault when it cannot
    be read or written.
    """
    found = in_scope(office, standings(office.db, office.today)) if found is None else found
    rechecks = _rechecks(office, found)
    soon = tuple(one for one in rechecks if one.due_on <= office.today + _MONTH)
    out = _out(office, found)
    late = tuple(one for one in out if one.overdue_on(office.today))
    planner = _planner(office, found, settings)
    if ics is None:
        return Reminded(office.today, tuple(planner.plan(found, until=office.today)), soon, late)
    plan = planner.plan(found)
    entries = [*(_entry(one, office.workspace.config.region) for one in plan), *_owed(office)]
    entries += [_recheck_entry(office, one) for one in rechecks]
    entries += [_loan_entry(office, one) for one in out]
    due = tuple(one for one in plan if one.on <= office.today)
    return Reminded(office.today, due, soon, late, _export(office, entries, ics))


def due_of(office: OfficeSession, found: list[AgreementStatus], settings: Settings) -> list[Reminder]:
    """What to act on of these agreements alone, the earliest first."""
    return _planner(office, found, settings).plan(found, until=office.today)


def _planner(office: OfficeSession, found: list[AgreementStatus], settings: Settings) -> Planner:
    drafted = {one.agreement.id: _drafted(office, one.agreement.id) for one in found if one.unsigned}
    tables = load_year_tables(office.workspace.root)
    return Planner(office.today, tables, drafted, settings, _barred(office, found))


def _rechecks(office: OfficeSession, found: list[AgreementStatus]) -> list[Recheck]:
    """What is to be rechecked by a 期限 of what the session is limited to, the earliest first."""
    sides = {one.agreement.number: one.agreement.childcare.facts.name for one in found}
    known = directory(office)
    rows = []
    for activity in found_by(office.db, office.today):
        names = [sides[number] for number in activity.agreements if number in sides]
        if not activity.agreements:
            holders = [one for one in map(known.holder, activity.institutions) if one is not None][:1]
            names = [one.name for one in holders if office.scope.fits(one.district, one.town, ())]
        for one in activity.findings if names else ():
            if one.due_on and one.open_on(office.today):
                who = "、".join(dict.fromkeys(names))
                overdue = one.overdue_on(office.today)
                rows.append(Recheck(one.id, who, one.problem, one.demand, one.due_on, activity.number, overdue))
    return sorted(rows, key=attrgetter("due_on", "finding"))


def _out(office: OfficeSession, found: list[AgreementStatus]) -> list[Loan]:
    """Filed paper that is out, of what the session is limited to, by the day it is to be back."""
    numbers = {one.agreement.number for one in found}
    rows = loans(item_events(office.db, LOAN_STEPS), office.today)
    return sorted((one for one in rows if one.returned_on is None and one.number in numbers), key=attrgetter("due_on"))


def _loan_entry(office: OfficeSession, one: Loan) -> CalendarEntry:
    return CalendarEntry(
        key=f"loan.{one.archive_no}.{one.lent_on}@{office.workspace.config.region}.yiyu",
        day=previous_working_day(one.due_on, load_year_tables(office.workspace.root)).day,
        title=f"归还档案：{one.borrower}",
        text=f"{one.archive_no}（协议 {one.number}），{one.lent_on} 借出，应于 {one.due_on} 归还",
    )


def _recheck_entry(office: OfficeSession, one: Recheck) -> CalendarEntry:
    return CalendarEntry(
        key=f"finding.{one.finding}@{office.workspace.config.region}.yiyu",
        day=previous_working_day(one.due_on, load_year_tables(office.workspace.root)).day,
        title=f"复查整改：{one.institution}",
        text=f"{one.problem}（{one.activity}，期限 {one.due_on}）\n{one.demand}".strip(),
    )


def _barred(office: OfficeSession, found: list[AgreementStatus]) -> dict[int, str]:
    """Why ``renew`` would refuse an agreement for one of its sides, by id; those that may be renewed are not there."""
    sides = {party.institution_id for one in found for party in one.agreement.parties}
    known = {one.id: one for one in all_institutions(office.db, office.today, sides)}
    closed = {one.agreement.id: closed_side([known[p.institution_id] for p in one.agreement.parties]) for one in found}
    return {key: reason for key, reason in closed.items() if reason}


def _drafted(office: OfficeSession, key: int) -> dt.date:
    """The first day of an agreement; what was recorded wrongly was never so (docs/decisions/0015), and a visit is no draft."""
    events = events_of(office.db, key)
    wrong = {event.corrects for event in events}
    return min(event.on for event in events if event.id not in wrong and event.kind not in OF_SERVICE)


def _owed(office: OfficeSession) -> Iterator[CalendarEntry]:
    """What is still to be done this year, one entry for each provider and last day; each rings two weeks before too."""
    tables = load_year_tables(office.workspace.root)
    owed: dict[tuple[int, dt.date], list[DutyRow]] = {}
    for row in duty_rows(office):
        if row.number and row.state in ("due", "not_yet"):
            owed.setdefault((row.provider_id, row.due_by), []).append(row)
    for (provider, due_by), rows in owed.items():
        day = previous_working_day(due_by, tables)
        lines = [f"以下 {len(rows)} 项最迟 {dated(day)} 完成：", *sorted(map(_line, rows))]
        yield CalendarEntry(
            key=f"duty.{provider}.{due_by}@{office.workspace.config.region}.yiyu",
            day=day.day,
            title=f"应履约 {len(rows)} 项：{rows[0].provider}",
            text="\n".join(lines),
            also_on=(day.day - _AHEAD,),
        )


def _line(row: DutyRow) -> str:
    times = "" if row.needed == 1 else f"，共 {row.needed} 次，已做 {row.done} 次"
    return f"{row.institution}：{row.title}（{row.period}{times}，{row.number}）"


def _export(office: OfficeSession, entries: list[CalendarEntry], path: Path) -> Written:
    written = write_calendar(
        entries,
        name="医育协议提醒",
        now=dt.datetime.fromisoformat(office.now),
        today=office.today,
        previous=read_bytes(path) if path.exists() else None,
        where=str(path),
    )
    write_atomic(path, written.data)
    return written


def _entry(one: Reminder, region: str) -> CalendarEntry:
    """A notice stands on its last day and rings when to start as well; the rest on the day it begins."""
    number = one.agreement.number
    names = [party.facts.name for party in one.agreement.parties]
    lines = [
        f"协议 {number}：{one.detail}。",
        f"最迟起办：{dated(one.start_by)}（留出印制、用印、寄送的时间）；最迟办妥：{dated(one.act_by)}。",
        *(f"{party.role}方：{party.facts.name}" for party in one.agreement.parties),
    ]
    notice = one.kind is ReminderKind.NOTICE
    return CalendarEntry(
        key=f"{number}.{one.step}@{region}.yiyu",
        day=one.act_by.day if notice else one.on,
        title=f"{one.label}：{' — '.join(reversed(names))}",
        text="\n".join(lines),
        also_on=(one.on,) if notice else (),
    )
