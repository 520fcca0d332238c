"""Who served how long: the hours of a year from its activities."""

import datetime as dt
from collections.abc import Iterator

from yiyu.registry.rules.activities import Activity, Person
from yiyu.registry.rules.hours import PersonHours, Stay, person_hours
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.standings import AgreementStatus, standings


def report_hours(office: OfficeSession, year: int) -> list[PersonHours]:
    """Hours of each person in a year up to the desk's day, counted for the departments the office's pack names."""
    last = min(dt.date(year, 12, 31), office.today)
    activities = load_activities(office.db, first=dt.date(year, 1, 1), last=last)
    known = {one.agreement.number: one for one in standings(office.db, office.today)}
    stays = (stay for activity in activities for stay in _stays(activity, known))
    return person_hours(stays, office.pack.departments)


def _stays(activity: Activity, known: dict[str, AgreementStatus]) -> Iterator[Stay]:
    serving = [known[number] for number in activity.agreements if number in known]
    sides = {one.agreement.childcare.institution_id: one.agreement.childcare.facts.name for one in serving}
    place = activity.place or "、".join(sorted(sides.values()))
    district = serving[0].agreement.district if serving else ""
    in_term = any(_in_term(one, activity.on) for one in serving)
    for person in activity.people:
        yield _stay(activity, person, place=place, district=district, in_term=in_term)


def _stay(activity: Activity, person: Person, *, place: str, district: str, in_term: bool) -> Stay:
    """A person's own hours count before those of the activity."""
    own = person.arrives is not None and person.leaves is not None
    starts, ends = (person.arrives, person.leaves) if own else (activity.starts, activity.ends)
    return Stay(
        person=person.name,
        unit=person.unit or activity.organiser,
        department=person.department,
        title=person.title,
        activity=activity.number,
        on=activity.on,
        starts=starts,
        ends=ends,
        minutes=activity.minutes,
        place=place,
        district=district,
        in_term=in_term,
        evidence=bool(activity.evidence),
    )


def _in_term(one: AgreementStatus, day: dt.date) -> bool:
    signed, ended = one.state.signed_on, one.state.terminated_on
    return (
        signed is not None
        and max(one.agreement.starts_on, signed) <= day <= one.ends_on
        and (ended is None or day < ended)
    )
