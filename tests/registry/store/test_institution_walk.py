"""Random walks of 500 commands: the registry rebuilt from its events equals the registry, now and as it was known."""

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from build import CLOCK, INSTITUTIONS, new_office, opened

from yiyu.registry.errors import UserError
from yiyu.registry.imports.undoing import undo_import
from yiyu.registry.institutions.duplicates import merge, unmerge
from yiyu.registry.institutions.editing import edit_institution, new_institution
from yiyu.registry.institutions.importing import import_roster
from yiyu.registry.model import Institution, Kind
from yiyu.registry.reports.people import erase
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import broken_links
from yiyu.registry.store.institutions import all_institutions, merged_institutions, projection_faults
from yiyu.registry.store.moments import as_known_on
from yiyu.registry.workbooks.previews import Leave

NAMES = [one.name for one in INSTITUTIONS if one.kind is Kind.CHILDCARE] + [f"东胜区{n}号托育中心" for n in range(30)]
VALUES = {
    "name": NAMES,
    "legal_person": ["王某某", "李某某", ""],
    "phone": ["0477-8000001", "0477-8000002", ""],
    "district": ["150602", "150603", "150623"],
    "town": ["林荫街道", "诃额伦街道", ""],
    "category": ["托育机构", "幼儿园托班"],
    "filed": [True, False],
    "filed_on": [dt.date(2026, 3, 1), None],
    "inclusive": [True, False, None],
    "places": [40, 60, None],
    "closed_on": [dt.date(2026, 10, 1), None],
    "remark": ["甲", ""],
}


def changes(dice: random.Random) -> dict[str, object]:
    return {name: dice.choice(VALUES[name]) for name in dice.sample(sorted(VALUES), dice.randint(1, 3))}


def any_of(office: OfficeSession, dice: random.Random) -> str:
    """The name of a childcare institution that is there."""
    every = [one.name for one in all_institutions(office.db, office.today) if one.kind is Kind.CHILDCARE]
    return dice.choice([name for name in every if every.count(name) == 1])


def add(office: OfficeSession, dice: random.Random, folder: Path) -> None:
    values = {"district": "150602"} | changes(dice) | {"name": dice.choice(NAMES)}
    new_institution(office, Institution(Kind.CHILDCARE, **values))  # type: ignore[arg-type]  # field to value


def edit(office: OfficeSession, dice: random.Random, folder: Path) -> None:
    day = office.today - dt.timedelta(days=dice.randint(-30, 300)) if dice.random() < 0.6 else None
    edit_institution(office, any_of(office, dice), changes(dice), from_day=day, correct=dice.random() < 0.4)


def bring(office: OfficeSession, dice: random.Random, folder: Path) -> None:
    lines = ["机构名称,旗区,托位数,联系电话,法定代表人"]
    for name in dice.sample(NAMES, dice.randint(1, 4)):
        place = dice.choice(["东胜区", "康巴什区"])
        lines.append(f"{name},{place},{dice.choice(['', 30, 45])},{dice.choice(['', '0477-8000003'])},王某某")
    (folder / "名册.csv").write_text("\n".join(lines), "utf-8")
    import_roster(office, folder / "名册.csv", kind=Kind.CHILDCARE, leave=Leave(apply=True, undo=True))


def join(office: OfficeSession, dice: random.Random, folder: Path) -> None:
    merge(office, any_of(office, dice), any_of(office, dice))


def part(office: OfficeSession, dice: random.Random, folder: Path) -> None:
    unmerge(office, str(dice.choice(merged_institutions(office.db, office.today) or [(INSTITUTIONS[0], 0)])[0].id))


def undo(office: OfficeSession, dice: random.Random, folder: Path) -> None:
    undo_import(office)


def forget(office: OfficeSession, dice: random.Random, folder: Path) -> None:
    if dice.random() < 0.5:
        erase(office, any_of(office, dice))


COMMANDS: dict[Callable[[OfficeSession, random.Random, Path], None], int] = {
    add: 3, edit: 8, bring: 3, join: 2, part: 1, undo: 2, forget: 1,
}  # fmt: skip


def test_what_is_rebuilt_from_events_is_what_is_there(tmp_path: Path) -> None:
    dice, done = random.Random(1), dict.fromkeys(COMMANDS, 0)  # noqa: S311 - no secret
    known: dict[dt.date, tuple[list[Institution], object]] = {}
    with opened(new_office(tmp_path / "office")) as first:
        for turn in range(500):
            now = CLOCK + dt.timedelta(hours=turn)
            office = replace(first, now=now.isoformat(), today=now.date())
            command = dice.choices(list(COMMANDS), list(COMMANDS.values()))[0]
            try:
                command(office, dice, tmp_path)
                done[command] += 1
            except UserError:
                continue
            if turn % 25 == 24:
                assert projection_faults(office.db) == []
            known[now.date()] = all_institutions(office.db, CLOCK.date()), holders(office)
        assert projection_faults(first.db) == []
        assert list(broken_links(first.db)) == []
        for day, (told, held) in known.items():
            with as_known_on(first.db, day):
                again = all_institutions(first.db, CLOCK.date())
                assert holders(first) == held, day
            assert [_without_contact(one) for one in again] == [_without_contact(one) for one in told], day
    assert min(done.values()) >= 5, done


def holders(office: OfficeSession) -> object:
    """Whose every party is."""
    return list(map(tuple, office.db.execute("SELECT agreement_id, role, institution_id FROM parties ORDER BY 1, 2")))


def _without_contact(one: Institution) -> Institution:
    """What was erased since is known of no moment."""
    return replace(one, contact="", phone="")
