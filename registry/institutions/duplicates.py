"""Institutions entered twice: found, and merged when a person says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.lookup import directory, institution_of, within_scope
from yiyu.registry.model import KIND_LABEL, Institution
from yiyu.registry.rules.institution_history import Origin
from yiyu.registry.rules.similar import Alike, alike
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.events import NewEvent, append_events
from yiyu.registry.store.institution_merging import merge_institution, unmerge_institution
from yiyu.registry.store.institutions import merged_institutions
from yiyu.registry.store.opening import changing

_NEVER_FILLED = ("id", "kind", "name", "branch", "filed", "closed_on")


@dataclass(frozen=True, slots=True)
class MergedInstitution:
    """``filled``: fields the kept one did not know; ``agreements``: numbers that now name the kept one."""

    kept: Institution
    duplicate: Institution
    filled: Mapping[str, object]
    agreements: tuple[str, ...]


def duplicates(office: OfficeSession) -> list[Alike]:
    """Pairs that may be one institution, the surest first. Nothing is changed."""
    return alike([one for one in directory(office).all if within_scope(office, one)])


def merged(office: OfficeSession) -> list[tuple[Institution, Institution]]:
    """Every institution that was merged into another, with that other one."""
    pairs = [(one, institution_of(office, one.id)) for one, _ in merged_institutions(office.db, office.today)]
    return [(one, kept) for one, kept in pairs if within_scope(office, kept)]


def merge(office: OfficeSession, kept: str | int, duplicate: str | int, *, dry_run: bool = False) -> MergedInstitution:
    """Merge ``duplicate`` into ``kept`` (each a name, code or id): agreements go over, blanks are filled, nothing is lost.

    The paper stays as printed. Raises NotFound, BadInput for one institution named twice or two kinds, and
    StepNotAllowed where the two are parties of one agreement.
    """
    with changing(office.db, dry_run=dry_run):
        institutions = directory(office)
        stays, goes = institutions.find(kept), institutions.find(duplicate)
        _refuse(office, stays, goes)
        filled = {name: getattr(goes, name) for name in _fillable(stays, goes)} | _living(office, stays, goes)
        touched = merge_institution(office.db, goes.id, stays.id, filled, on=office.today, origin=_by(office, "合并"))
        _note(office, "merged", touched, f"{_called(goes)}并入 {_called(stays)}", goes, stays)
        numbers = tuple(one.number for one in load_agreements(office.db, touched, items=False))
    return MergedInstitution(stays, goes, filled, numbers)


def unmerge(office: OfficeSession, duplicate: str, *, dry_run: bool = False) -> MergedInstitution:
    """Take the merge of ``duplicate`` (its name, code or id) back: what went over with it goes back.

    What was drafted or changed since stays with the kept one. Raises NotFound where it is not merged into another,
    BadInput where two merged ones are so called or its code has come to another institution.
    """
    with changing(office.db, dry_run=dry_run):
        known = directory(office)
        goes, stays = known.find_merged(duplicate)
        touched = unmerge_institution(office.db, goes.id, on=office.today, origin=_by(office, "撤销合并"))
        _note(office, "unmerged", touched, f"{_called(goes)}不再并入 {_called(stays)}", stays, goes)
        numbers = tuple(one.number for one in load_agreements(office.db, touched, items=False))
    return MergedInstitution(stays, goes, {}, numbers)


def _note(
    office: OfficeSession, kind: str, touched: Iterable[int], note: str, giver: Institution, taker: Institution
) -> None:
    """What an agreement's own history says of it."""
    data = {"from": giver.id, "to": taker.id}
    append_events(
        office.db,
        [
            NewEvent(kind, office.today, office.now, office.actor, agreement_id=key, note=note, data=data)
            for key in touched
        ],
    )


def _by(office: OfficeSession, what: str) -> Origin:
    return Origin(note=what, actor=office.actor, recorded_at=office.now)


def _called(one: Institution) -> str:
    return f"{one.name}（{one.code or '无信用代码'}）"


def _fillable(stays: Institution, goes: Institution) -> list[str]:
    names = [field.name for field in fields(Institution) if field.name not in _NEVER_FILLED]
    found = [name for name in names if getattr(stays, name) in ("", None) and getattr(goes, name) not in ("", None)]
    return found + ["filed"] * (goes.filed and not stays.filed)


def _living(office: OfficeSession, stays: Institution, goes: Institution) -> dict[str, object]:
    """The code that is alive: of one that is closed and one that is open the second's; then it is not closed."""
    if stays.open_on(office.today) or not goes.open_on(office.today):
        return {}
    return {"closed_on": None} | ({"code": goes.code, "branch": goes.branch} if goes.code else {})


def _refuse(office: OfficeSession, stays: Institution, goes: Institution) -> None:
    if stays.id == goes.id:
        raise BadInput("两处写的是同一家机构", where=stays.name, remedy="请写出要保留的和要并入的两家")
    if stays.kind is not goes.kind:
        kinds = f"{stays.name}是{KIND_LABEL[stays.kind]}，{goes.name}是{KIND_LABEL[goes.kind]}"
        raise BadInput("两家机构种类不同，不能合并", where=kinds, remedy="请核对名称")
    for agreement in load_agreements(office.db, items=False):
        sides = [party.institution_id for party in agreement.parties]
        if stays.id in sides and goes.id in sides:
            raise StepNotAllowed("两家是同一份协议的两方，不能合并", where=agreement.number, remedy="请先核对该协议")
