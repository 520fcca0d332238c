"""Institutions entered twice: found, and merged when a person says so."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import KIND_LABEL, Institution
from yiyu.registry.rules.similar import Alike, alike
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.events import add_event
from yiyu.registry.store.institutions import FACTS, change_institution, merge_institution
from yiyu.registry.store.opening import changing

_NEVER_FILLED = ("id", "kind", "name", "branch", "filed")


@dataclass(frozen=True, slots=True)
class MergedInstitution:
    """``filled``: fields the kept one did not know; ``agreements``: numbers that now name the kept one."""

    kept: Institution
    duplicate: Institution
    filled: Mapping[str, object]
    agreements: tuple[str, ...]


def duplicates(office: OfficeSession) -> list[Alike]:
    """Pairs that may be one institution, the surest first. Nothing is changed."""
    return alike(directory(office).all)


def merge(office: OfficeSession, kept: str, duplicate: str, *, dry_run: bool = False) -> MergedInstitution:
    """Merge ``duplicate`` into ``kept`` (each a name or code): agreements go over, blanks are filled, nothing is lost.

    The paper stays as printed. Raises NotFound, BadInput for one institution named twice or two kinds, and
    StepNotAllowed where the two are parties of one agreement.
    """
    with changing(office.db, dry_run=dry_run):
        institutions = directory(office)
        stays, goes = institutions.find(kept), institutions.find(duplicate)
        _refuse(office, stays, goes)
        filled = {name: getattr(goes, name) for name in _fillable(stays, goes)}
        touched = merge_institution(office.db, goes.id, stays.id, filled.keys() & set(FACTS))
        simple = {name: value for name, value in filled.items() if name not in FACTS}
        if simple:
            change_institution(office.db, stays, simple, from_day=office.today, recorded_at=office.now, source="合并")
        note = f"{goes.name}（{goes.code or '无信用代码'}）并入 {stays.name}（{stays.code or '无信用代码'}）"
        for key in touched:
            add_event(
                office.db,
                key,
                "merged",
                on=office.today,
                recorded_at=office.now,
                actor=office.actor,
                note=note,
                data={"from": goes.id, "to": stays.id},
            )
        numbers = tuple(agreement.number for agreement in load_agreements(office.db, touched, items=False))
    return MergedInstitution(stays, goes, filled, numbers)


def _fillable(stays: Institution, goes: Institution) -> list[str]:
    names = [field.name for field in fields(Institution) if field.name not in _NEVER_FILLED]
    blanks = [name for name in names if getattr(stays, name) in ("", None) and getattr(goes, name) not in ("", None)]
    return blanks + ["filed"] * (goes.filed and not stays.filed)


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
