"""What two offices say of one thing: an institution in both, a number of an agreement in both. A person decides."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from yiyu.registry.offices.below import offices_below
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.districts import district_name
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import all_numbers
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.sides_noted import noted_sides

CONFLICT_LABEL = {"code": "信用代码相同", "name": "名称相同", "number": "协议编号相同"}


class Side(NamedTuple):
    """Where it stands: the office, and what it calls it; "" of an agreement."""

    region: str
    office: str
    name: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """``kind``: a key of CONFLICT_LABEL; ``value``: the code, name or number that two offices have."""

    kind: str
    value: str
    sides: tuple[Side, ...]


def conflicts(office: OfficeSession) -> list[Conflict]:
    """Institutions open on the day by their code, else by their name, and numbers of agreements, in two offices or more."""
    return _found(office, numbers=True)


def institutions_twice(office: OfficeSession) -> int:
    """How many institutions stand in the registries of two offices or more: each counts in all of them."""
    return len(_found(office, numbers=False))


def _found(office: OfficeSession, *, numbers: bool) -> list[Conflict]:
    """What all offices have lies on disk meanwhile: only what several have is held at once."""
    region, own = office.workspace.config.region, district_name(office.workspace.config.region)
    with noted_sides() as noted:
        noted.add(_sides(office, Side(region, f"{own}本级"), numbers=numbers))
        for part in offices_below(office):
            with part.open(office) as session:
                noted.add(_sides(session, Side(part.region, part.name), numbers=numbers))
        several = {key: tuple(Side(*side) for side in sides) for key, sides in noted.of_several()}
    told = {side for (kind, _), sides in several.items() if kind == "code" for side in sides}
    return [
        Conflict(kind, {"name": sides[0].name, "code": sides[0].code}.get(kind, value), sides)
        for (kind, value), sides in several.items()
        if kind != "name" or not told.issuperset(sides)
    ]


def _sides(office: OfficeSession, at: Side, *, numbers: bool) -> Iterator[tuple[str, str, *tuple[str, ...]]]:
    """Of one office: under what to look for what it has, and the side it is."""
    for one in all_institutions(office.db, office.today):
        if one.open_on(office.today):
            for place in _places(one.kind, one.code, one.branch, one.name):
                yield (*place, *at._replace(name=one.name, code=one.code))
    for number in all_numbers(office.db) if numbers else ():
        yield ("number", number, *at)


def _places(kind: str, code: str, branch: str, name: str) -> Iterator[tuple[str, str]]:
    """Under what an institution is looked for; branches share a code and are not one."""
    if code:
        yield "code", f"{kind} {fold(branch)} {code}"
    yield "name", f"{kind} {fold(name)}"
