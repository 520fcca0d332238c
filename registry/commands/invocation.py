"""The open desk behind a command: which workspace, which day, who.

The front door imports this module, so what opens a registry is imported when one is opened.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yiyu.registry.config import Workspace
    from yiyu.registry.session import OfficeSession


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the root command was given."""

    given: Path | None
    debug: bool = False

    @property
    def workspace(self) -> Workspace:
        """DIR of --workspace, else $YIYU_WORKSPACE, else the nearest folder upward with a yiyu.toml."""
        from yiyu.registry.config import find_workspace, load_workspace

        named = self.given or (Path(os.environ["YIYU_WORKSPACE"]) if os.environ.get("YIYU_WORKSPACE") else None)
        return load_workspace(named if named is not None else find_workspace(Path.cwd()))

    @contextlib.contextmanager
    def office(self, as_of: dt.date | None = None) -> Iterator[OfficeSession]:
        """An open desk on the day asked for; the registry is closed when the command is done."""
        from yiyu.registry.session import OfficeSession
        from yiyu.registry.store.opening import open_registry

        workspace = self.workspace
        now = dt.datetime.now().astimezone()
        with open_registry(workspace.registry_path) as db:
            yield OfficeSession(workspace, db, as_of or now.date(), now.isoformat(timespec="seconds"), actor())


pass_invocation = click.make_pass_decorator(Invocation)


def today() -> dt.date:
    return dt.datetime.now().astimezone().date()


def actor() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "未知"
