"""What plugins offer, looked at when it is first asked for; what of it cannot be used is told once, and never fatal."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Generic, TypeVar

from yiyu.registry.errors import UserError, legible
from yiyu.registry.plugins.finding import COMMANDS, GROUP_LABEL, PluginEntry, installation_folders, installed_entries

if TYPE_CHECKING:  # the front door imports this module
    from importlib.resources.abc import Traversable

T = TypeVar("T")

_LONGEST = 200
"""Characters of a foreign error that are told."""


class OfferFault(Exception):
    """Why what a plugin offers is not what its group is for, in Chinese."""


class PluginFailure(Exception):
    """What a plugin offers has failed while it ran; the error itself is the cause."""

    def __init__(self, entry: PluginEntry) -> None:
        self.entry = entry
        super().__init__(str(entry))


@dataclass(frozen=True, slots=True)
class PluginFault:
    """Something of a plugin that is not used; all else goes on without it."""

    entry: PluginEntry
    what: str

    @property
    def remedy(self) -> str:
        package = self.entry.plugin.package
        return f"请 pip install -U {package} 升级，或 pip uninstall {package} 卸载；这一次不用插件，加 --no-plugins"

    def __str__(self) -> str:
        return f"{self.entry}{'' if self.entry.name else ' '}没有采用：{self.what}；{self.remedy}。"


@dataclass(frozen=True, slots=True)
class Offer(Generic[T]):
    """One thing in a folder that a plugin offers, under the name by which people ask for it."""

    entry: PluginEntry
    name: str
    value: T


class Plugins:
    """The plugins of one run. ``tell`` is called with each fault as it is found, once."""

    def __init__(
        self,
        *,
        folders: Sequence[Path] | None = None,
        enabled: bool = True,
        commands: Container[str] = (),
        tell: Callable[[PluginFault], object] | None = None,
    ) -> None:
        """``folders``: where packages are installed; None: those of this Python. ``commands``: names of ours."""
        self.enabled, self.faults = enabled, list[PluginFault]()
        self._folders, self._tell = folders, tell
        self._ours = {COMMANDS: commands}
        self._found: list[PluginEntry] | None = None

    def entries(self) -> list[PluginEntry]:
        """Every entry of a group there is; a group of another name is a fault, as it would be ignored in silence."""
        if self._found is None:
            self._found = []
            folders = installation_folders() if self._folders is None else self._folders
            for entry in installed_entries(folders) if self.enabled else ():
                if entry.point is None:
                    self.fault(entry, "它的 entry_points.txt 读不懂")
                elif entry.group not in GROUP_LABEL:
                    self.fault(entry, f"没有 {entry.group} 这一类，可用的有：{'、'.join(GROUP_LABEL)}")
                else:
                    self._found.append(entry)
        return self._found

    def named(self, group: str) -> dict[str, PluginEntry]:
        """Name to entry, for groups in which an entry is what its name says; one of our own names is not given away."""
        every = ((one.name, one, one) for one in self._of(group))
        return {offer.name: offer.entry for offer in self._apart(every, self._ours.get(group, ()))}

    def load(self, entry: PluginEntry, accept: Callable[[object], T]) -> T | None:
        """What an entry leads to, as ``accept`` gives it; None where it cannot be used, which has been told then.

        ``accept`` raises OfferFault for what is of another kind.
        """
        try:
            return accept(entry.point.load() if entry.point else None)
        except OfferFault as fault:
            self.fault(entry, str(fault))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a package does when it is imported
            said = " ".join(legible(str(error)).split())[:_LONGEST]
            self.fault(entry, f"载入时出错（{type(error).__name__}{'：' if said else ''}{said}）")
        return None

    def held(
        self, group: str, parts: Callable[[Traversable], Iterable[tuple[str, T]]], ours: Container[str] = ()
    ) -> dict[str, Offer[T]]:
        """Name to what stands under it in the folders of a group; ``parts`` gives names and things of one folder."""

        def read(value: object) -> list[tuple[str, T]]:
            return list(parts(_folder(value)))

        every = ((name, one, part) for one in self._of(group) for name, part in self.load(one, read) or ())
        return {offer.name: offer for offer in self._apart(every, ours)}

    def _of(self, group: str) -> list[PluginEntry]:
        return [one for one in self.entries() if one.group == group]

    def _apart(self, every: Iterable[tuple[str, PluginEntry, T]], ours: Container[str]) -> Iterator[Offer[T]]:
        """Each name once: ours stays ours, and of two plugins the first by package has it."""
        taken: dict[str, PluginEntry] = {}
        for name, entry, value in every:
            if name in ours:
                self.fault(entry, f"随附的已经有“{name}”，不能顶替")
            elif name in taken:
                self.fault(entry, f"“{name}”已由插件 {taken[name].plugin} 提供")
            else:
                taken[name] = entry
                yield Offer(entry, name, value)

    def fault(self, entry: PluginEntry, what: str) -> None:
        """Keep a fault, and tell it if it is new."""
        fault = PluginFault(entry, what)
        if fault not in self.faults:
            self.faults.append(fault)
            if self._tell:
                self._tell(fault)


def _folder(value: object) -> Traversable:
    """The folder an entry leads to: a package with data, a folder itself, or a function that gives one."""
    from importlib.resources import files as package_files
    from importlib.resources.abc import Traversable

    if isinstance(value, ModuleType):
        return package_files(value)
    if callable(value) and not isinstance(value, Traversable):
        value = value()
    if isinstance(value, Traversable) and value.is_dir():
        return value
    raise OfferFault("应是一个装着数据的包、一个文件夹，或给出文件夹的函数")


@contextlib.contextmanager
def blamed(entry: PluginEntry) -> Iterator[None]:
    """What fails within is the plugin's: raises PluginFailure. A refusal in our own form stays what it says."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        raise PluginFailure(entry) from error


plugins_in_use: ContextVar[Plugins] = ContextVar("plugins_in_use", default=Plugins())  # noqa: B039
"""The plugins of this run; the front door sets them, with the person they are told to."""
