"""List, show, add and edit institutions."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.columns import category_of_name, normal_category
from yiyu.registry.institutions.comparing import with_consequences
from yiyu.registry.institutions.live_agreements import LiveAgreement, left_behind
from yiyu.registry.institutions.lookup import Directory, directory, institution_of, searched, within_scope
from yiyu.registry.institutions.parking import settle_cells
from yiyu.registry.institutions.roster_writing import write_institutions
from yiyu.registry.model import Institution, Kind
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.institution_history import Origin
from yiyu.registry.rules.search import search
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institution_changes import (
    add_institution,
    change_of,
    correct_institution,
    later_facts,
    write_changes,
)
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.opening import changing, registry_mark
from yiyu.registry.store.sides import side_rows
from yiyu.registry.workbooks.text import comparison_key


@dataclass(frozen=True, slots=True)
class InstitutionFilter:
    """What a listing is limited to; None and "" limit nothing. ``district``: a six-digit code; ``category``: a part."""

    kind: Kind | None = None
    district: str = ""
    filed: bool | None = None
    category: str = ""
    search: str = ""
    """See :func:`yiyu.registry.rules.search.search`."""

    def accepts(self, institution: Institution) -> bool:
        tests: list[tuple[bool, Callable[[], bool]]] = [
            (self.kind is not None, lambda: institution.kind is self.kind),
            (self.district != "", lambda: institution.district == self.district),
            (self.filed is not None, lambda: institution.kind is Kind.CHILDCARE and institution.filed is self.filed),
            (self.category != "", lambda: fold(self.category) in fold(institution.category)),
        ]
        return all(test() for wanted, test in tests if wanted)


def list_institutions(office: OfficeSession, wanted: InstitutionFilter) -> list[Institution]:
    """Institutions as known on the day asked for, in the order of 旗区 codes; 备案 where it holds on that day."""
    own = [one for one in all_institutions(office.db, office.today) if within_scope(office, one)]
    return search(wanted.search, filter(wanted.accepts, as_filed(office, own)), searched)


def as_filed(office: OfficeSession, institutions: Iterable[Institution]) -> Iterator[Institution]:
    """The same, ``filed`` only where 备案 holds on the day asked for: its day may be yet to come, as rates see it."""
    sides = side_rows(office.db, office.today)
    for one in institutions:
        filed = one.filed and sides[one.id].filed
        yield one if filed is one.filed else replace(one, filed=filed)


def export_institutions(office: OfficeSession, path: Path, kind: Kind, *, dry_run: bool = False) -> int:
    """Write the roster of one kind so that importing it gives the same institutions; gives their number.

    Each row keeps what it says, so that an import tells the clerk's changes from what colleagues changed since.
    """
    institutions = [one for one in directory(office).all if one.kind is kind]
    if not dry_run:
        write_institutions(path, kind, institutions, registry_mark(office.db))
    return len(institutions)


def show_institution(office: OfficeSession, text: str | int) -> Institution:
    """The one that ``text`` names, or of that id. Raises as :meth:`Directory.find` does."""
    return institution_of(office, text) if isinstance(text, int) else directory(office).find(text)


def new_institution(office: OfficeSession, institution: Institution, *, dry_run: bool = False) -> Institution:
    """Enter one by hand; of a medical one the 类别 follows from its name where none is given, as in a roster.

    Raises BadInput when it is already there.
    """
    institution = _categorised(institution)
    with changing(office.db, dry_run=dry_run):
        old = directory(office).matching(institution)
        if old is not None:
            named = f"“{_named(office, old)}”已在登记库中"
            raise BadInput(named, where=old.code, remedy="要修改请用 institution edit")
        key = add_institution(office.db, institution, recorded_at=office.now, source="手工录入", actor=office.actor)
    return replace(institution, id=key)


@dataclass(frozen=True, slots=True)
class EditedInstitution:
    """The institution before and after, on the day the change begins; ``later``: what is known otherwise from a later day.

    ``later`` holds field, value as text and that day; ``agreements`` those that 停办 or the loss of 备案 leaves behind.
    """

    before: Institution
    after: Institution
    from_day: dt.date
    later: tuple[tuple[str, str, dt.date], ...] = ()
    agreements: tuple[LiveAgreement, ...] = ()


def edit_institution(
    office: OfficeSession,
    text: str | int,
    changes: Mapping[str, Any],
    *,
    from_day: dt.date | None = None,
    correct: bool = False,
    dry_run: bool = False,
) -> EditedInstitution:
    """Change the named fields from ``from_day`` (default: today) on, or correct what was wrong all along.

    A correction takes the place of the value that stands today, from the day that one began; with ``from_day`` the
    right one begins then. What is not 备案 has no day of 备案. Raises BadInput for a code, or a name in one 旗区, that
    another one has.
    """
    if correct and from_day is not None and from_day > office.today:
        raise BadInput(
            f"更正的日期 {from_day} 还没有到",
            remedy="更正请写录错的那一天；以后才变的请去掉 --correct",
            code="date-future",
        )
    origin = Origin(note="手工更正" if correct else "手工修改", actor=office.actor, recorded_at=office.now)
    with changing(office.db, dry_run=dry_run):
        known = directory(office)
        current = known.find(text)
        day = from_day if from_day is not None and not correct else office.today
        old = current if day == office.today else all_institutions(office.db, day, [current.id])[0]
        changed = {field: value for field, value in changes.items() if correct or value != getattr(old, field)}
        new = with_consequences(old, changed)
        if correct and from_day is not None and new.get("filed") and old.filed_on is not None:
            new = {"filed_on": None} | new  # the day told with what was wrong: it holds from ``from_day``
        if from_day is None or not correct:
            new = {field: value for field, value in new.items() if value != getattr(old, field)}
        _refuse_taken_code(office, known, current, new)
        _refuse_namesake(known, current, replace(current, **new))
        if not new:
            return EditedInstitution(old, old, day)
        settle_cells(office, old.id, new)
        if correct:
            after = correct_institution(office.db, old, new, on=office.today, since=from_day, origin=origin)
            return EditedInstitution(old, after, from_day or day, (), left_behind(office, old, after, from_day or day))
        write_changes(office.db, [change_of(old, new, from_day=day, origin=origin)])
        later, after = later_facts(office.db, old.id, new, day), replace(old, **new)
        return EditedInstitution(old, after, day, tuple(later), left_behind(office, old, after, day))


def _named(office: OfficeSession, one: Institution) -> str:
    """Its name; of another 旗区 than the session is limited to only the 旗区."""
    return one.name if within_scope(office, one) else f"{district_name(one.district)}的一家机构"


def _refuse_taken_code(office: OfficeSession, known: Directory, old: Institution, new: Mapping[str, Any]) -> None:
    code = new.get("code")
    other = known.found(replace(old, code=str(code), name="")) if code else None
    if other is not None and other.id != old.id:
        raise BadInput(f"信用代码 {code} 已属于“{_named(office, other)}”", remedy="请核对代码")


def _refuse_namesake(institutions: Directory, old: Institution, new: Institution) -> None:
    same = _namesake(new)
    for other in institutions.all if same != _namesake(old) else ():
        if other.id != old.id and _namesake(other) == same:
            raise BadInput(
                f"{district_name(new.district)}已有“{other.name}”",
                where=other.code,
                remedy="若是同一家请用 institution merge 合并",
            )


def _namesake(institution: Institution) -> tuple[str, ...]:
    return institution.kind, institution.district, institution.branch, comparison_key(institution.name)


def _categorised(institution: Institution) -> Institution:
    if institution.kind is not Kind.MEDICAL:
        return institution
    return replace(
        institution,
        category=normal_category(institution.category) if institution.category else category_of_name(institution.name),
    )
