"""Merges that are done again and again: which files, in which order, kept under a name with the office.

A source is a file or a pattern such as 月报/*.pdf; where it lies in the workspace, its path is kept from there, so that the
recipe goes with a workspace that is moved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.archive.merge_sources import expanded
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.institutions.lookup import did_you_mean
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import NewEvent, append_events, events_of_kind
from yiyu.registry.store.opening import changing

SAVED, REMOVED = "recipe_saved", "recipe_removed"
_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Recipe:
    """``sources`` as they were saved, in order."""

    name: str
    sources: tuple[str, ...]
    saved_at: str
    actor: str


def recipes(office: OfficeSession) -> list[Recipe]:
    """Those that stand, by name; saved twice, the last counts."""
    found: dict[str, Recipe] = {}
    events = [*events_of_kind(office.db, SAVED), *events_of_kind(office.db, REMOVED)]
    for event in sorted(events, key=lambda one: one.id):
        found.pop(event.note, None)
        if event.kind == SAVED:
            sources = event.data["sources"]
            assert isinstance(sources, list)  # noqa: S101 - written below; narrows the type
            found[event.note] = Recipe(event.note, tuple(sources), event.recorded_at, event.actor)
    return [found[name] for name in sorted(found)]


def save_recipe(office: OfficeSession, name: str, files: Sequence[Path]) -> None:
    """Keep ``files`` under ``name``, in place of what had it. Raises BadInput for a name that cannot be."""
    refuse_name(name)
    _record(office, SAVED, name, {"sources": [office.workspace.named(path) for path in files]})


def refuse_name(name: str) -> None:
    """Raise BadInput for a name that cannot be."""
    if not name.isprintable() or not 0 < len(name.strip()) <= _LONGEST or name != name.strip():
        raise BadInput(f"“{name}”不能作配方的名字", remedy=f"请写 1 至 {_LONGEST} 个字")


def remove_recipe(office: OfficeSession, name: str) -> None:
    """Forget a recipe; files stay. Raises NotFound for one that is none."""
    _recipe(office, name)
    _record(office, REMOVED, name, {})


def files_of(office: OfficeSession, name: str) -> list[Path]:
    """The files a recipe names today. Raises NotFound for a recipe that is none, FileFault for a pattern that fits none."""
    return list(expanded([office.workspace.root / source for source in _recipe(office, name).sources]))


def _recipe(office: OfficeSession, name: str) -> Recipe:
    known = {one.name: one for one in recipes(office)}
    if name not in known:
        remedy = did_you_mean(name, list(known)) or "请用 archive recipes 查看，或用 archive merge --save 保存"
        raise NotFound(f"没有名为“{name}”的合并配方", remedy=remedy)
    return known[name]


def _record(office: OfficeSession, kind: str, name: str, data: dict[str, object]) -> None:
    with changing(office.db):
        append_events(office.db, [NewEvent(kind, office.today, office.now, office.actor, note=name, data=data)])
