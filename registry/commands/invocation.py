"""What a command was called with: which workspace, which day, who; it opens the office for the action.

The front door imports this module, so what opens a registry is imported when one is opened.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import getpass
import os
import sys
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiyu.registry.rules.districts import COUNTY
from yiyu.registry.store.driver import passphrase_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from yiyu.registry.config import Workspace
    from yiyu.registry.rules.places import Places
    from yiyu.registry.session import OfficeSession

KNOWN_ON, SCOPE = "yiyu.known_on", "yiyu.scope"
"""Where the context of a command keeps the day of --known-on, and what --district, --town and --provider say."""


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

    def places(self) -> Places:
        """The districts of the workspace, for options that are read before it is opened; without one, of the country."""
        from yiyu.registry.errors import UserError
        from yiyu.registry.packs.places import places_of, shipped_table
        from yiyu.registry.rules.places import Places

        try:
            return places_of(self.workspace)
        except UserError:
            return Places(shipped_table)

    @contextlib.contextmanager
    def office(self, as_of: dt.date | None = None) -> Iterator[OfficeSession]:
        """An open session as of the day asked for; the registry is closed when the command is done.

        Where --known-on was given, it is of what was known on that day, and as of that day if no other is asked for.
        """
        from yiyu.registry.session import OfficeSession
        from yiyu.registry.store.moments import as_known_on
        from yiyu.registry.store.opening import open_registry

        workspace = self.workspace
        now = dt.datetime.now().astimezone()
        context = click.get_current_context(silent=True)
        known_on = context.meta.get(KNOWN_ON) if context else None
        day = as_of or known_on or now.date()
        with open_registry(workspace.registry_path) as db, as_known_on(db, known_on):
            office = OfficeSession(workspace, db, day, now.isoformat(timespec="seconds"), actor(), known_on)
            if workspace.adopting.is_file():
                from yiyu.registry.offices.draft_placing import settle_drafts

                settle_drafts(office)
            if workspace.config.offices:
                from yiyu.registry.offices.below import with_offices_below

                office = with_offices_below(office)
            yield limited(office, **context.meta.get(SCOPE, {})) if context else office


def limited(office: OfficeSession, *, district: str = "", town: str = "", provider: str = "") -> OfficeSession:
    """Limited to what is given; the provider under the name it has on the day. Raises NotFound for an unknown one."""
    from yiyu.registry.institutions.lookup import directory
    from yiyu.registry.model import Kind
    from yiyu.registry.rules.scope import Scope

    here = office.below is None  # the institutions of offices below are in no directory of this one
    name = directory(office).find(provider, Kind.MEDICAL).name if provider and here else provider
    return replace(office, scope=Scope(district, town, name))


def local(text: str) -> str:
    """A text of ours with the region's own word for 旗区; as it is where no workspace says one."""
    context = click.get_current_context(silent=True)
    invocation = context.find_object(Invocation) if context and COUNTY in text else None
    if invocation is None:
        return text
    from yiyu.registry.errors import UserError
    from yiyu.registry.packs import load_pack

    try:
        workspace = invocation.workspace
        return text.replace(COUNTY, load_pack(workspace.config.pack, office=workspace.templates).county_word)
    except UserError:
        return text


pass_invocation = click.make_pass_decorator(Invocation)


def today() -> dt.date:
    return dt.datetime.now().astimezone().date()


def actor() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "未知"


_MOST_KEY = 4096
_VARIABLE, _FILE_VARIABLE = "YIYU_KEY", "YIYU_KEY_FILE"


def set_passphrase_source(*, ask: bool = True) -> None:
    """Let the store ask for the key; where not ``ask``, only the environment and the file that it names.

    A file that only its owner can read is the better place: what runs as the same person may read the environment of
    another program. The variable is taken out of the environment: programs we start, readers of foreign files among them, inherit none.
    """
    set_passphrase(os.environ.pop(_VARIABLE, ""), ask=ask)


def set_passphrase(key: str = "", *, ask: bool = False) -> None:
    """Let the store have this key; without one that of the file the environment names, then what a person types."""
    named = os.environ.get(_FILE_VARIABLE)
    passphrase_source.set(_Clerk(_folded(key), Path(named) if named else None, asks=ask))


class _Clerk:
    """Types it once."""

    def __init__(self, key: str, file: Path | None, *, asks: bool) -> None:
        self._key, self._file, self._asks = key, file, asks

    def __call__(self, *, new: bool = False) -> str:
        if not self._key and self._file:
            self._key = _folded(_key_in(self._file))
        if not self._key and self._asks and sys.stdin.isatty() and sys.stderr.isatty():
            label = "新口令" if new else "登记库口令"
            again = "再输入一次" if new else False
            self._key = _folded(click.prompt(label, hide_input=True, confirmation_prompt=again, err=True))
        return self._key


def _key_in(path: Path) -> str:
    """The first line of a file that nobody else may read. Raises FileFault."""
    from yiyu.registry.errors import FileFault
    from yiyu.registry.files import read_bytes

    text = read_bytes(path, limit=_MOST_KEY).decode("utf-8-sig", "replace")
    if os.name != "nt" and path.stat().st_mode & 0o077:
        raise FileFault("口令文件别人也能读，没有使用", where=str(path), remedy=f"请先运行 chmod 600 {path}")
    return text.splitlines()[0] if text else ""


def _folded(key: str) -> str:
    """Full-width letters are ordinary ones: a hidden prompt does not show how the input method is set."""
    return unicodedata.normalize("NFKC", key.strip())
