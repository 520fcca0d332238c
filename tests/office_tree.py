"""A tree of offices for tests: small ones that hand up packages, and one above that names them and their keys."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from build import ACTOR, CHILDCARE, CLOCK, MEDICAL, opened

from yiyu.registry.activities.adding import add
from yiyu.registry.agreements.drafting import DraftRequest, draft_agreements
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.config import CONFIG_NAME
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Institution, Kind, Variant
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.offices.exporting import hand_up
from yiyu.registry.offices.keys import office_key
from yiyu.registry.rules.activities import Activity, Finding, Person
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.opening import changing

CITY, PROVINCE = "150600", "150000"
DONGSHENG, KANGBASHI = "150602", "150603"
NAMES = {DONGSHENG: "东胜区", KANGBASHI: "康巴什区", CITY: "鄂尔多斯市"}
TELEPHONE, LINKMAN, HEAD, VISITOR = "13947712345", "云某某", "额某某", "照某某"
"""What only travels where it is asked for: a telephone, 联系人, 法定代表人, who made a visit."""


def lower_office(folder: Path, region: str, institutions: Iterable[Institution] = ()) -> Path:
    """An office of a 旗区 with an agreement in force, a visit that found something, and people whom it can reach."""
    make_workspace(folder, pack="ordos", region=region)
    with opened(folder) as session:
        entered = (CLOCK - dt.timedelta(hours=1)).isoformat()
        with changing(session.db):
            for one in institutions or sides(region):
                add_institution(session.db, one, recorded_at=entered, source="测试")
        if not institutions:
            visit(session, sign(session, region))
    return folder


def sides(region: str) -> list[Institution]:
    """A hospital and a nursery of the region, with people, under codes of their own."""
    at = [DONGSHENG, KANGBASHI, CITY].index(region)
    people = {"contact": LINKMAN, "phone": TELEPHONE, "legal_person": HEAD, "district": region}
    name = NAMES[region]
    return [
        Institution(Kind.MEDICAL, f"{name}社区卫生服务中心", MEDICAL[at].code, category="社区卫生服务中心", **people),
        Institution(Kind.CHILDCARE, f"{name}托育中心", CHILDCARE[at].code, filed=True, places=60, **people),
    ]  # type: ignore[arg-type]


def sign(session: OfficeSession, region: str) -> str:
    """The number of an agreement between the two, signed."""
    known = directory(session)
    pair = [known.find(f"{NAMES[region]}{what}", kind) for what, kind in _WHO]
    draft_agreements(session, [DraftRequest(pair[0], pair[1], Variant.JC, dt.date(2026, 1, 1), 12)])
    number = f"{region}-2026-JC-0001"
    record_step(session, [number], "signed", on=dt.date(2026, 1, 1), party="all")
    return number


_WHO = (("社区卫生服务中心", Kind.MEDICAL), ("托育中心", Kind.CHILDCARE))


def visit(session: OfficeSession, number: str, on: dt.date = dt.date(2026, 11, 3)) -> str:
    """The number of a visit that found something; texts of it tell a telephone."""
    found = (Finding(f"门卫电话 {TELEPHONE} 打不通", "改好", dt.date(2026, 11, 10)),)
    person = Person(VISITOR, department="儿童保健科")
    one = Activity(
        "", on, "上门指导", (number,), ("F01",), starts=dt.time(9), ends=dt.time(11), organiser=VISITOR,
        content=f"请打 {TELEPHONE}", people=(person,), findings=found,
    )  # fmt: skip
    return add(session, one).listed.activity.number


def above(folder: Path, region: str = CITY) -> Path:
    """An office that knows nothing itself yet."""
    make_workspace(folder, pack="ordos", region=region)
    return folder


def declare(folder: Path, region: str, key: str) -> None:
    """Name an office below in ``yiyu.toml``."""
    with (folder / CONFIG_NAME).open("a", encoding="utf-8") as settings:
        settings.write(f'\n[offices.{region}]\nname = "{NAMES[region]}卫健委"\nkey = "{key}"\n')


def key_of(folder: Path) -> str:
    with opened(folder) as session:
        return office_key(session).public


def handed(folder: Path, path: Path, *, minutes: int = 0, contacts: bool = False) -> Path:
    """The package of an office, made so many minutes after the clock."""
    from yiyu.registry.offices.below import with_offices_below

    with opened(folder, now=CLOCK + dt.timedelta(minutes=minutes), actor=ACTOR) as session:
        hand_up(with_offices_below(session), path, contacts=contacts)
    return path
