"""The offices below, each as an open office to be counted: reports ask them one after another."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from yiyu.registry.config import REGISTRY_NAME
from yiyu.registry.offices.facts import Facts
from yiyu.registry.offices.models import model_manifest, model_of, model_workspace
from yiyu.registry.packs import Pack
from yiyu.registry.reports.rolling import ask
from yiyu.registry.rules.districts import district_name, places_in_use
from yiyu.registry.rules.scope import EVERYTHING, Scope
from yiyu.registry.session import OfficeSession, PartOfRegion, Question
from yiyu.registry.store.moments import as_known_on
from yiyu.registry.store.office_packages import held_packages
from yiyu.registry.store.read_models import read_model

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class PartOffice:
    """One office below. ``path``: regions from the top, so of a 旗区 that a city handed up two. ``events``: how far its chain is.

    ``contacts``: whether contacts and names came along. ``folder``: its read model.
    """

    path: tuple[str, ...]
    region: str
    name: str
    as_of: dt.date
    events: int
    contacts: bool
    folder: Path
    _packs: dict[str, Pack] = field(default_factory=dict, repr=False, compare=False)

    @property
    def part(self) -> PartOfRegion:
        return PartOfRegion(self.region, district_name(self.region))

    @contextlib.contextmanager
    def open(self, asking: OfficeSession, scope: Scope = EVERYTHING) -> Iterator[OfficeSession]:
        """A session of it, for the day, the moment and the clerk of the office that asks; close it before the next.

        Raises RegistryFault where it cannot be read.
        """
        day, moment = asking.today, asking.known_on
        said = asking.now, asking.actor
        with opened_part(self.folder, day, moment, scope, *said, packs=self._packs) as office:
            yield office


@contextlib.contextmanager
def opened_part(
    folder: Path,
    today: dt.date,
    known_on: dt.date | None = None,
    scope: Scope = EVERYTHING,
    now: str = "",
    actor: str = "",
    *,
    packs: dict[str, Pack] | None = None,
) -> Iterator[OfficeSession]:
    """The office of a read model, with those it holds below it; nothing can be written there. Its districts are in use meanwhile.

    ``packs``: shipped packs read already; an office that handed up packs of its own has its own. Raises RegistryFault.
    """
    workspace = model_workspace(folder)
    read = {} if packs is None or workspace.templates.is_dir() else packs
    below = HeldOffices(partial(_parts_in, folder)) if any(one.package for one in facts_in(folder).offices) else None
    with places_in_use.restored(), read_model(folder / REGISTRY_NAME) as db, as_known_on(db, known_on):
        yield OfficeSession(workspace, db, today, now, actor, known_on, scope, below, read)


class HeldOffices:
    """The offices right below one (:class:`yiyu.registry.session.OfficesBelow`), each asked for itself and all below it."""

    def __init__(self, parts: Callable[[OfficeSession], list[PartOffice]]) -> None:
        self.parts = parts

    def answers(self, office: OfficeSession, question: Question[Answer]) -> Iterator[tuple[PartOfRegion, Answer]]:
        """One after another, in the order of their regions."""
        for part in self.asked(office):
            yield part.part, self.answer(office, part, question)

    def answer(self, office: OfficeSession, part: PartOffice, question: Question[Answer]) -> Answer:
        """What one of them answers. A 旗区 that is asked for is the office of it, whatever lies where."""
        scope = office.scope
        with part.open(office, replace(scope, district="") if scope.district == part.region else scope) as own:
            return ask(own, question)

    def asked(self, office: OfficeSession) -> list[PartOffice]:
        """Those the session is not limited against: of a 旗区 its own office, or the city that has it."""
        district, parts = office.scope.district, self.parts(office)
        return [one for one in parts if covers(one.region, district)]

    def left_out(self, office: OfficeSession) -> list[str]:
        """In words, who has not handed in, or only as of a day before the one asked for, and what several count."""
        from yiyu.registry.offices.conflicts import institutions_twice  # it opens offices by this module

        found = [one for one in missing(office) if covers(one.region, office.scope.district)]
        none = [one.called for one in found if one.as_of is None]
        early = [f"{one.called}（截至 {one.as_of}）" for one in found if one.as_of is not None]
        said = [f"没有交上报包、没有计入：{'、'.join(none)}"] if none else []
        said += [f"上报包早于 {office.today}：{'、'.join(early)}"] if early else []
        twice = 0 if office.scope.district else institutions_twice(office)
        return said + ([f"有 {twice} 家机构不止一个单位登记，合计里各计一次"] if twice else [])

    def known_at(self, office: OfficeSession, moment: str) -> Mapping[str, str]:
        """Of each office whose package had been received by then when that was made."""
        return {region: one.made_at for region, one in held_packages(office.db, moment).items()}


def covers(region: str, district: str) -> bool:
    """Whether a district is the region or lies in it, by GB/T 2260; every region covers "", which is all."""
    level = 2 if region.endswith("0000") else 4 if region.endswith("00") else 6
    return not district or region[:level] == district[:level]


def with_offices_below(office: OfficeSession) -> OfficeSession:
    """The session with the offices its ``yiyu.toml`` names; as it is where it names none."""
    return replace(office, below=HeldOffices(_parts_held)) if office.workspace.config.offices else office


def _parts_held(office: OfficeSession) -> list[PartOffice]:
    return [one for one in offices_below(office) if len(one.path) == 1]


def _parts_in(folder: Path, _office: OfficeSession) -> list[PartOffice]:
    packs = dict[str, Pack]()
    return [
        _part(folder / one.region, (one.region,), one.name, packs)
        for one in sorted(facts_in(folder).offices, key=lambda one: one.region)
        if one.package is not None
    ]


@dataclass(frozen=True, slots=True)
class MissingOffice:
    """An office below that has not handed in for the day: nothing yet (``as_of`` None), or as of an earlier one."""

    path: tuple[str, ...]
    region: str
    name: str
    as_of: dt.date | None

    @property
    def called(self) -> str:
        """The name of its region, of one that no list has the name of the office."""
        return self.name if (place := district_name(self.region)) == self.region else place


def offices_below(office: OfficeSession) -> Iterator[PartOffice]:
    """Every office below that has handed in, by region, each before those below it; the asking office's own is not among them.

    Raises FileFault where a package that was received is gone.
    """
    held, packs = held_packages(office.db), dict[str, Pack]()
    for region, declared in sorted(office.workspace.config.offices.items()):
        if region in held:
            yield from _within(model_of(office.workspace, held[region]), (region,), declared.name, packs)


def missing(office: OfficeSession) -> list[MissingOffice]:
    """Who has handed in nothing, or only as of a day before the one asked for; offices of those below, too."""
    found: dict[tuple[str, ...], MissingOffice] = {}
    held = held_packages(office.db)
    for region, declared in sorted(office.workspace.config.offices.items()):
        if region not in held:
            found[(region,)] = MissingOffice((region,), region, declared.name, None)
    for part in offices_below(office):
        if part.as_of < office.today:
            found[part.path] = MissingOffice(part.path, part.region, part.name, part.as_of)
        for below in facts_in(part.folder).offices:
            if below.package is None:
                path = (*part.path, below.region)
                found[path] = MissingOffice(path, below.region, below.name, None)
    return [found[path] for path in sorted(found)]


def _within(folder: Path, path: tuple[str, ...], name: str, packs: dict[str, Pack]) -> Iterator[PartOffice]:
    yield _part(folder, path, name, packs)
    for below in sorted(facts_in(folder).offices, key=lambda one: one.region):
        if below.package is not None:
            yield from _within(folder / below.region, (*path, below.region), below.name, packs)


def _part(folder: Path, path: tuple[str, ...], name: str, packs: dict[str, Pack]) -> PartOffice:
    facts = facts_in(folder)
    return PartOffice(path, path[-1], name, facts.as_of, facts.chain.events, facts.contacts, folder, packs)


def facts_in(folder: Path) -> Facts:
    """What the package behind a model says of its office."""
    return msgspec.json.decode(bytes(model_manifest(folder).body), type=Facts)
