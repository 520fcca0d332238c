"""The offices below, each as an open office to be counted: reports ask them one after another."""

import contextlib
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import msgspec

from yiyu.registry.config import REGISTRY_NAME
from yiyu.registry.offices.facts import Facts
from yiyu.registry.offices.models import model_manifest, model_of, model_workspace
from yiyu.registry.packs import Pack
from yiyu.registry.packs.places import places_of
from yiyu.registry.rules.districts import places_in_use
from yiyu.registry.rules.scope import EVERYTHING
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.moments import as_known_on
from yiyu.registry.store.office_packages import held_packages
from yiyu.registry.store.read_models import read_model


@dataclass(frozen=True, slots=True)
class PartOffice:
    """One office below. ``path``: regions from the top, so of a 旗区 that a city handed up two. ``events``: how far its chain is.

    ``contacts``: whether contacts and names came along.
    """

    path: tuple[str, ...]
    region: str
    name: str
    as_of: dt.date
    events: int
    contacts: bool
    folder: Path
    _asking: OfficeSession = field(repr=False, compare=False)
    _packs: dict[str, Pack] = field(repr=False, compare=False)

    @contextlib.contextmanager
    def open(self) -> Iterator[OfficeSession]:
        """A session of it, read only, for the day, the moment and the clerk of the office that asks; close it before the next.

        Its districts are in use meanwhile, those of the asking office again afterwards. Raises RegistryFault where it cannot be
        read.
        """
        asking, workspace = self._asking, model_workspace(self.folder)
        packs = {} if workspace.templates.is_dir() else self._packs
        with read_model(self.folder / REGISTRY_NAME) as db, as_known_on(db, asking.known_on):
            try:
                yield replace(asking, workspace=workspace, db=db, scope=EVERYTHING, packs_read=packs)
            finally:
                places_in_use.set(partial(places_of, asking.workspace))


@dataclass(frozen=True, slots=True)
class MissingOffice:
    """An office below that has not handed in for the day: nothing yet (``as_of`` None), or as of an earlier one."""

    path: tuple[str, ...]
    region: str
    name: str
    as_of: dt.date | None


def offices_below(office: OfficeSession) -> Iterator[PartOffice]:
    """Every office below that has handed in, by region, each before those below it; the asking office's own is not among them.

    Raises FileFault where a package that was received is gone.
    """
    held, packs = held_packages(office.db), dict[str, Pack]()
    for region, declared in sorted(office.workspace.config.offices.items()):
        if region in held:
            folder = model_of(office.workspace, held[region])
            yield from _within(office, folder, (region,), declared.name, packs)


def part_of(office: OfficeSession, folder: Path) -> PartOffice:
    """The office of a model by itself, without those below it."""
    facts, signer = _facts(folder), model_manifest(folder).office
    return PartOffice(
        (signer.region,),
        signer.region,
        signer.name,
        facts.as_of,
        facts.chain.events,
        facts.contacts,
        folder,
        office,
        {},
    )


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
        for below in _facts(part.folder).offices:
            if below.package is None:
                path = (*part.path, below.region)
                found[path] = MissingOffice(path, below.region, below.name, None)
    return [found[path] for path in sorted(found)]


def _within(
    office: OfficeSession, folder: Path, path: tuple[str, ...], name: str, packs: dict[str, Pack]
) -> Iterator[PartOffice]:
    facts = _facts(folder)
    yield PartOffice(path, path[-1], name, facts.as_of, facts.chain.events, facts.contacts, folder, office, packs)
    for below in sorted(facts.offices, key=lambda one: one.region):
        if below.package is not None:
            yield from _within(office, folder / below.region, (*path, below.region), below.name, packs)


def _facts(folder: Path) -> Facts:
    return msgspec.json.decode(bytes(model_manifest(folder).body), type=Facts)
