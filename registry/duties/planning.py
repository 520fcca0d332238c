"""When the visits that a quarter still owes can be made; and waiving what will not be owed."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from yiyu.registry.duties.listing import duty_rows, period_named
from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.lookup import did_you_mean, numbers_to_ids
from yiyu.registry.model import CHILDCARE_ROLE
from yiyu.registry.office.holidays import load_year_tables
from yiyu.registry.rules.duties import DutyRow, periods
from yiyu.registry.rules.duties.planning import Trip, plan_trips
from yiyu.registry.rules.workdays import Tables, is_working_day, previous_working_day
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.duties import add_waiver, party_ids
from yiyu.registry.store.events import add_event
from yiyu.registry.store.opening import changing
from yiyu.registry.store.sides import side_rows

PER_DAY = 2
"""Trips a provider makes in a day, where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One trip: ``on`` is None where it cannot be met any more, ``reason`` says why. ``last`` is the last working day.

    ``published`` is false where the days rest on a year whose holidays nobody has published.
    """

    trip: Trip
    on: dt.date | None
    published: bool
    reason: str = ""

    @property
    def last(self) -> dt.date:
        return self.trip.last


def plan_visits(
    office: OfficeSession, *, quarter: str | None = None, per_day: int = PER_DAY, district: str | None = None
) -> list[Visit]:
    """A plan for all that must be done through agreements by the end of a quarter (default: the current one).

    What one provider owes one institution for the same days is one trip. By provider and day, those that cannot be met
    last. Raises BadInput for a period that is no quarter, for one that is over, and for a faulty year table.
    """
    today = office.today
    wanted = period_named(quarter) if quarter else periods("quarter", today.year)[(today.month - 1) // 3]
    if wanted.per != "quarter":
        raise BadInput(f"“{quarter}”不是季度", remedy="请写成 2026Q4 这样的形式")
    if wanted.last < today:
        raise BadInput(f"{wanted.text} 已经过去，不能再安排", remedy="没有做的请用 duty list --state missed 查看")
    tables = load_year_tables(office.workspace.root)
    first = max(today, wanted.first)
    span = [first + dt.timedelta(days=index) for index in range((wanted.last - first).days + 1)]
    days = [day for day in span if is_working_day(day, tables).working]
    rows = [
        row
        for row in duty_rows(office, year=wanted.first.year, district=district)
        if row.number and row.state in ("due", "not_yet") and first <= row.due_by <= wanted.last
    ]
    towns = {key: side.town for key, side in side_rows(office.db, today).items()}
    trips = list(_trips(rows, first, tables, towns))
    planned = plan_trips(trips, days, per_day)
    visits = [_visit(trip, on, days, per_day, tables) for trip, on in zip(trips, planned, strict=True)]
    names = {trip.provider_id: trip.rows[0].provider for trip in trips}
    return sorted(
        visits, key=lambda one: (one.on is None, names[one.trip.provider_id], one.on or one.last, one.trip.town)
    )


def _trips(rows: Sequence[DutyRow], first: dt.date, tables: Tables, towns: dict[int, str]) -> Iterator[Trip]:
    """What can be settled together goes together; a duty of several times needs as many trips."""
    together: dict[tuple[int, int, dt.date, dt.date], list[DutyRow]] = {}
    for row in rows:
        last = previous_working_day(row.due_by, tables).day
        key = (row.provider_id, row.institution_id, max(first, row.opens_on), last)
        together.setdefault(key, []).append(row)
    for (provider, institution, opens, last), members in together.items():
        base = Trip(provider, towns.get(institution, ""), opens, last)
        for turn in range(max(row.needed - row.done for row in members)):
            yield replace(base, rows=tuple(row for row in members if row.needed - row.done > turn))


def _visit(trip: Trip, on: dt.date | None, days: Sequence[dt.date], per_day: int, tables: Tables) -> Visit:
    published = is_working_day(trip.last, tables).known
    if on is not None:
        return Visit(trip, on, published and is_working_day(on, tables).known)
    possible = any(trip.opens <= day <= trip.last for day in days)
    reason = (
        f"截止前的工作日已排满（每天 {per_day} 次）" if possible else f"截止 {trip.rows[0].due_by} 之前没有工作日了"
    )
    return Visit(trip, None, published, reason)


def waive(office: OfficeSession, number: str, *, duty: str, period: str, reason: str, dry_run: bool = False) -> DutyRow:
    """Record that a duty is not asked for in a period; gives the row as it stood before.

    What an institution owes by itself is waived through any of its agreements. Raises NotFound for an unknown agreement,
    duty, or a period in which it is not owed; BadInput for a period in another writing or no reason; StepNotAllowed where
    it is done, waived or exempt already.
    """
    if not reason.strip():
        raise BadInput("没有写免除的理由", where=number, remedy="请用 --reason 写明，例如 放假停托")
    wanted = period_named(period)
    with changing(office.db, dry_run=dry_run):
        key = numbers_to_ids(office, [number])[number]
        row = _row(office, key, number, duty, wanted.text)
        if row.state in ("done", "late", "waived", "exempt"):
            raise StepNotAllowed(
                f"{wanted.text} 的“{row.title}”不需要免除：{row.reason}", where=number, remedy="请用 duty list 核对"
            )
        add_waiver(office.db, key, row.duty, row.period, reason.strip(), recorded_at=office.now, actor=office.actor)
        add_event(
            office.db,
            key,
            "waived",
            on=office.today,
            recorded_at=office.now,
            actor=office.actor,
            note=f"{row.title} {row.period}：{reason.strip()}",
            data={"duty": row.duty, "period": row.period},
        )
    return row


def _row(office: OfficeSession, key: int, number: str, duty: str, period: str) -> DutyRow:
    """The row of a duty, given by its code or its title."""
    childcare, year = party_ids(office.db, [key])[key][CHILDCARE_ROLE], period_named(period).year
    rows = duty_rows(office, year=year, numbers=[number])
    if not any(duty in (row.duty, row.title) for row in rows):
        rows += [row for row in duty_rows(office, year=year) if not row.number and row.institution_id == childcare]
    meant = [row for row in rows if duty in (row.duty, row.title)]
    if found := next((row for row in meant if row.period == period), None):
        return found
    if meant:
        known = "、".join(row.period for row in meant)
        raise NotFound(f"{period} 没有“{meant[0].title}”这一项", where=number, remedy=f"这项的时段有：{known}")
    titles = sorted({row.title for row in rows})
    near = [title for title in titles if duty in title]
    names = sorted({row.duty for row in rows}) if duty.isascii() else titles
    hint = f"您是不是要找：{'、'.join(near)}" if near else did_you_mean(duty, names)
    known = f"可写的有：{'、'.join(titles)}" if titles else "请用 duty list 查看"
    raise NotFound(f"没有事项“{duty}”", where=number, remedy=hint or known)
