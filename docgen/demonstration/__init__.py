"""A whole year on a made-up roster, asking for all a person asks for."""

import datetime as dt
import itertools
from collections.abc import Iterator
from pathlib import Path

from yiyu.docgen.demonstration.season import season
from yiyu.docgen.demonstration.year import home, reports, year
from yiyu.registry.config import load_workspace
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import open_registry

_DEFAULT_NAME = "yiyu-demo"


def free_folder(base: Path) -> Path:
    """``yiyu-demo`` beside what is there, or the next free number."""
    names = itertools.chain([_DEFAULT_NAME], (f"{_DEFAULT_NAME}-{n}" for n in itertools.count(2)))
    return next(base / name for name in names if not (base / name).exists())


def play(folder: Path, *, today: dt.date, now: str, actor: str) -> Iterator[str]:
    """Play the year in a new workspace; each step is done when its line is given."""
    workspace = load_workspace(folder)
    with open_registry(workspace.registry_path) as db:
        office = OfficeSession(workspace, db, today, now, actor)
        for part in (season, year, home, reports):
            yield from part(office)


def play_season(folder: Path, *, today: dt.date, now: str, actor: str) -> None:
    """Only the first season, without visits, scans and reports."""
    workspace = load_workspace(folder)
    with open_registry(workspace.registry_path) as db:
        list(season(OfficeSession(workspace, db, today, now, actor)))
