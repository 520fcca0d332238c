"""What the registry holds of a person, shown and taken out again (个人信息保护法 44, 45, 47); and service hours."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Self

from yiyu.registry.errors import NotFound
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.rules.activities import Activity, Person
from yiyu.registry.rules.duties.spans import Span
from yiyu.registry.rules.hours import PersonHours, Stay, person_hours
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import load_activities
from yiyu.registry.store.bulk import gc_paused
from yiyu.registry.store.opening import changing
from yiyu.registry.store.people import Mention, erase_contact, mentions
from yiyu.registry.store.record_sheets import all_documents
from yiyu.registry.store.standings import AgreementStatus, standings

PLACE_LABEL = {
    "institution": "机构资料",
    "agreement": "协议当事方",
    "activity": "活动记录",
    "hours": "服务时长",
    "finding": "发现问题",
    "event": "操作记录",
    "waiver": "免除事项",
    "assessment": "年度自评",
    "parked": "待核内容",
    "figure": "填报指标",
    "progress": "工作清单",
    "archive": "归档目录",
    "scan": "收到的扫描件",
}
ROLE_LABEL = {
    "contact": "联系人",
    "legal_person": "法定代表人",
    "served": "服务人员",
    "organiser": "组织者",
    "actor": "经办人",
    "mentioned": "文字中提到",
}


@dataclass(frozen=True, slots=True)
class Erased:
    """``agreements``: numbers whose printed contact was blanked as well; ``documents``: paths that still show it.

    ``held``: there was something to blank.
    """

    name: str
    held: bool
    agreements: tuple[str, ...]
    documents: tuple[str, ...]


def person(office: OfficeSession, who: str) -> list[Mention]:
    """All records that name a person, and the hours that follow from them, of every year he served in.

    Raises NotFound when there is none; the text looked for is not repeated.
    """
    who = who.strip()
    found = mentions(office.db, who)
    if not found:
        raise NotFound("登记库里没有这个人的记录", remedy="请写全姓名，或改用登记时的电话号码")
    years = sorted({int(one.day[:4]) for one in found if one.role == "served"})
    return found + [_hours(one, year) for year in years for one in report_hours(office, year) if one.person == who]


def _hours(one: PersonHours, year: int) -> Mention:
    left_out = sum(bool(stay.excluded) for stay in one.stays)
    text = f"计入 {one.hours:g} 小时，{one.visits} 次；不计入 {left_out} 次"
    return Mention("hours", f"{year} 年 {one.unit}".strip(), "served", text, f"{year}-12-31")


def erase(office: OfficeSession, text: str, *, dry_run: bool = False) -> Erased:
    """Blank contact and phone of one institution, here and in its agreements; other records stay.

    Word files already made, scans and backups still show them; the files are named for a person to decide.
    """
    with changing(office.db, dry_run=dry_run):
        one = directory(office).find(text)
        touched = erase_contact(office.db, one.id, on=office.today, recorded_at=office.now, actor=office.actor)
        documents = tuple(row.path for row in all_documents(office.db) if row.agreement_id in touched)
    return Erased(one.name, bool(one.contact or one.phone or touched), tuple(touched.values()), documents)


def masked(phone: str) -> str:
    """A telephone number as lists show it, its first three and last four digits: 138****5678."""
    digits = sum(character.isdigit() for character in phone)
    shown, seen = "", 0
    for character in phone:
        kept = (seen < 3 and digits > 7) or seen >= digits - 4
        shown += character if kept or not character.isdigit() else "*"
        seen += character.isdigit()
    return shown


@gc_paused()
def report_hours(office: OfficeSession, year: int, known: Iterable[AgreementStatus] | None = None) -> list[PersonHours]:
    """Hours of each person in a year up to the day asked for, counted for the departments the office's pack names.

    ``known``: how all agreements stood on that day, where that is at hand.
    """
    last = min(dt.date(year, 12, 31), office.today)
    activities = load_activities(
        office.db, first=dt.date(year, 1, 1), last=last, parts=("activity_people", "activity_evidence")
    )
    standing = standings(office.db, office.today) if known is None else known
    served = {one.agreement.number: _Served.of(one) for one in standing}
    stays = (stay for activity in activities if activity.agreements for stay in _stays(activity, served))
    people, scope = person_hours(stays, office.pack.departments), office.scope
    return people if scope.whole else [one for one in people if any(_within(scope, stay) for stay in one.stays)]


def _within(scope: Scope, stay: Stay) -> bool:
    """By the 旗区 of the agreement and the 单位 of the person: towns are not known of hours."""
    return scope.fits(stay.district, scope.town, (stay.unit,))


class _Served(NamedTuple):
    """What hours ask of an agreement: where it was served, for whom, and on which days."""

    place: str
    district: str
    unit: str
    span: Span | None

    @classmethod
    def of(cls, one: AgreementStatus) -> Self:
        agreement = one.agreement
        return cls(agreement.childcare.facts.name, agreement.district, agreement.medical.facts.name, one.span)


def _stays(activity: Activity, served: dict[str, _Served]) -> Iterator[Stay]:
    serving = [served[number] for number in activity.agreements if number in served]
    place = activity.place or "、".join(sorted({one.place for one in serving}))
    district, unit = (serving[0].district, serving[0].unit) if serving else ("", "")
    in_term = any(one.span[0] <= activity.on <= one.span[1] for one in serving if one.span)
    for person in activity.people:
        yield _stay(activity, person, unit, place=place, district=district, in_term=in_term)


def _stay(activity: Activity, person: Person, unit: str, *, place: str, district: str, in_term: bool) -> Stay:
    """A person's own hours count before those of the activity; ``unit`` is the 单位 of who does not name one."""
    own = person.arrives is not None and person.leaves is not None
    starts, ends = (person.arrives, person.leaves) if own else (activity.starts, activity.ends)
    return Stay(
        person=person.name,
        unit=person.unit or unit,
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
