"""What two offices say of one thing: an institution in both, a number of an agreement in both. A person decides."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from yiyu.registry.offices.below import offices_below
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.districts import district_name
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import all_numbers
from yiyu.registry.store.institutions import all_institutions

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
    found = defaultdict[tuple[str, str], list[Side]](list)
    own = district_name(office.workspace.config.region)
    _tell(found, office, office.workspace.config.region, f"{own}本级")
    for part in offices_below(office):
        with part.open(office) as session:
            _tell(found, session, part.region, part.name)
    several = {key: sides for key, sides in found.items() if len({side.region for side in sides}) > 1}
    told = {side for (kind, _), sides in several.items() if kind == "code" for side in sides}
    return [
        Conflict(kind, sides[0].name if kind == "name" else value.rpartition(" ")[2], tuple(sides))
        for (kind, value), sides in sorted(several.items())
        if kind != "name" or not told.issuperset(sides)
    ]


def institutions_twice(office: OfficeSession) -> int:
    """How many institutions stand in the registries of two offices or more: each counts in all of them."""
    return sum(one.kind != "number" for one in conflicts(office))


def _tell(found: defaultdict[tuple[str, str], list[Side]], office: OfficeSession, region: str, name: str) -> None:
    for one in all_institutions(office.db, office.today):
        if one.open_on(office.today):
            side = Side(region, name, one.name, one.code)
            for place in _places(one.kind, one.code, one.branch, one.name):
                found[place].append(side)
    for number in all_numbers(office.db):
        found["number", number].append(Side(region, name))


def _places(kind: str, code: str, branch: str, name: str) -> Iterator[tuple[str, str]]:
    """Under what an institution is looked for; branches share a code and are not one."""
    if code:
        yield "code", f"{kind} {fold(branch)} {code}"
    yield "name", f"{kind} {fold(name)}"
