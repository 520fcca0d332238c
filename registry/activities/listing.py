"""Activities as a person looks for them, each with whom it was done for, its scan and what it lacks."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from yiyu.registry.activities.checking import ActivityChecker
from yiyu.registry.agreements.listing import numbers_in_scope, scope_test
from yiyu.registry.errors import NotFound, StepNotAllowed
from yiyu.registry.institutions.lookup import did_you_mean, directory, numbers_to_ids
from yiyu.registry.model import Agreement, Institution
from yiyu.registry.rules.activities import Activity
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import activity_ids, activity_numbers, load_activities
from yiyu.registry.store.activity_pages import activity_page
from yiyu.registry.store.agreements import agreement_ids, load_agreements
from yiyu.registry.store.record_sheets import RecordSheet, record_sheets
from yiyu.registry.store.sides import side_rows

TRAINING = "集中培训"
"""服务方式 of an item that leaves a 签到表."""


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What a listing is limited to; everything given must hold. ``number`` is an agreement's."""

    number: str = ""
    form: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    person: str = ""
    lacking: bool = False
    voided: bool = False
    """Void ones as well."""
    institution: int = 0
    """Id of an institution: what was done for it, under an agreement or not."""


@dataclass(frozen=True, slots=True)
class Listed:
    """``agreements`` without their lists; ``scans`` are paths of record sheets that came home, from the workspace."""

    activity: Activity
    agreements: tuple[Agreement, ...]
    scans: tuple[str, ...]
    lacking: tuple[str, ...]
    institutions: tuple[Institution, ...] = ()
    """Those it was done for where there is no agreement, as they are called on the day."""

    @property
    def institution_ids(self) -> frozenset[int]:
        """Every institution that had part in it."""
        parties = (party.institution_id for one in self.agreements for party in one.parties)
        return frozenset((*parties, *(one.id for one in self.institutions)))

    @property
    def medical(self) -> str:
        """甲方 of the agreements, each once."""
        return "、".join(dict.fromkeys(one.medical.facts.name for one in self.agreements))

    @property
    def childcare(self) -> str:
        named = [one.childcare.facts.name for one in self.agreements] or [one.name for one in self.institutions]
        return "、".join(dict.fromkeys(named))


def list_activities(office: OfficeSession, wanted: ActivityFilter) -> list[Listed]:
    """Activities up to the day asked for, by day and number. Raises NotFound for an unknown agreement."""
    ids = [*numbers_to_ids(office, [wanted.number]).values()] if wanted.number else None
    last = min(wanted.last or office.today, office.today)
    found = load_activities(office.db, first=wanted.first, last=last, agreement_ids=ids, voided=wanted.voided)
    rows = of_scope(office, listed(office, [one for one in found if _fits(one, wanted)]))
    return [
        one for one in rows if (one.lacking or not wanted.lacking) and wanted.institution in (0, *one.institution_ids)
    ]


def listed(office: OfficeSession, activities: Sequence[Activity]) -> list[Listed]:
    """Add to activities what stands elsewhere."""
    ids = agreement_ids(office.db, dict.fromkeys(number for one in activities for number in one.agreements))
    known = {one.number: one for one in load_agreements(office.db, [*ids.values()], items=False)}
    scans: dict[str, list[str]] = {}
    for sheet in record_sheets(office.db, ids.values()):
        if sheet.activity and sheet.scan:
            scans.setdefault(sheet.activity, []).append(sheet.scan)

    known_by = directory(office) if any(one.institutions for one in activities) else None

    @cache
    def trainings(pack: str) -> frozenset[str]:
        entries = office.pack_named(pack).catalogue
        return frozenset(entry.key for entry in entries if entry.mode == TRAINING)

    return [
        Listed(
            one,
            agreements := tuple(known[number] for number in one.agreements),
            tuple(scans.get(one.number, ())),
            one.lacking({code for agreement in agreements for code in trainings(agreement.pack)}),
            tuple(filter(None, map(known_by.holder, one.institutions))) if known_by else (),
        )
        for one in activities
    ]


def newest_page(
    office: OfficeSession, wanted: ActivityFilter, most: int, skip: int, own: Collection[int] | None = None
) -> tuple[list[Listed], int]:
    """``most`` of the list after the first ``skip``, the newest first, and how many it has; not by what lacks.

    ``own``: ids of the agreements that the session is limited to, None where it is not. Raises NotFound for an unknown one.
    """
    ids = set(numbers_to_ids(office, [wanted.number]).values()) if wanted.number else None
    sides = side_rows(office.db, office.today) if own is not None and ids is None else {}
    keys, total = activity_page(
        office.db,
        most=most,
        skip=skip,
        first=wanted.first,
        last=min(wanted.last or office.today, office.today),
        form=wanted.form,
        person=wanted.person,
        institution=wanted.institution,
        agreement_ids=own if ids is None else ids if own is None else ids & set(own),
        of_institutions=[one.id for one in sides.values() if office.scope.fits(one.district, one.town, ())],
        voided=wanted.voided,
    )
    found = {one.id: one for one in load_activities(office.db, ids=keys, voided=True)} if keys else {}
    return listed(office, [found[key] for key in keys]), total


def of_scope(office: OfficeSession, rows: Sequence[Listed]) -> list[Listed]:
    """Those that the session is limited to: by the 旗区 of an agreement served, or of an institution where there is none."""
    if office.scope.whole:
        return [*rows]
    own = scope_test(office, [one for row in rows for one in row.agreements])
    return [
        row
        for row in rows
        if any(map(own, row.agreements))
        or any(office.scope.fits(one.district, one.town, ()) for one in row.institutions)
    ]


def show_activity(office: OfficeSession, number: str) -> tuple[Listed, tuple[str, ...]]:
    """One activity, and what is odd about it as things stand now, in words. Raises NotFound."""
    one = find_activity(office, number)
    checker = ActivityChecker(office, set(agreement_ids(office.db, one.agreements).values()))
    return listed(office, [one])[0], tuple(remark.message for remark in checker.remarks(one))


def find_activity(office: OfficeSession, number: str) -> Activity:
    """The activity of a number, void ones included. Raises NotFound with the nearest numbers.

    One outside what the session is limited to is as unknown, and no number like it is named.
    """
    known = activity_ids(office.db, [number])
    found = load_activities(office.db, ids=known.values(), voided=True) if known else []
    if not of_scope(office, listed(office, found)) if not office.scope.whole else not found:
        hint = did_you_mean(number, activity_numbers(office.db)) if office.scope.whole else ""
        raise NotFound(f"没有编号为“{number}”的活动", remedy=hint or "请用 activity list 查看已有编号")
    return found[0]


def find_valid(office: OfficeSession, number: str) -> Activity:
    """The same, to be changed. Raises NotFound, and StepNotAllowed where it is void."""
    one = find_activity(office, number)
    if one.voided_on is not None:
        raise StepNotAllowed(f"活动 {number} 已于 {one.voided_on} 作废", remedy="用 activity show 可查看原因")
    return one


def waiting_sheets(office: OfficeSession) -> list[RecordSheet]:
    """待补录: record sheets whose scan is home and that no activity tells of yet."""
    found = [one for one in record_sheets(office.db) if one.scan and not one.activity]
    if office.scope.whole or not found:
        return found
    own = set(numbers_in_scope(office, [one.number for one in found]))
    return [one for one in found if one.number in own]


def _fits(one: Activity, wanted: ActivityFilter) -> bool:
    served = not wanted.person or any(wanted.person == person.name for person in one.people)
    return wanted.form in (None, one.form) and served
