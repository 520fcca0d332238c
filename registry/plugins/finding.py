"""Which packages of this Python installation declare entry points for yiyu. Nothing of theirs is imported here.

Looked at are the folders into which pip installs, and nothing else of the import path: a folder of an office, or the one
somebody happens to stand in, is never a place for code.
"""

import site
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # its import takes longer than all of our start
    from importlib.metadata import EntryPoint

PACKS, LAYOUTS, REPORTS, COMMANDS = "yiyu.packs", "yiyu.layouts", "yiyu.reports", "yiyu.commands"
GROUP_LABEL = {PACKS: "口径包", LAYOUTS: "表样", REPORTS: "报表", COMMANDS: "命令"}
"""Groups of entry points to what people call what stands in them."""
_SIGN = b"[yiyu."
"""Stands in an ``entry_points.txt`` that has a group of ours."""


@dataclass(frozen=True, slots=True)
class Plugin:
    """A package as pip knows it."""

    package: str
    version: str

    def __str__(self) -> str:
        return f"{self.package} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class PluginEntry:
    """One entry point of a plugin; ``point`` is None where the file of entry points itself cannot be read."""

    plugin: Plugin
    group: str
    name: str
    point: "EntryPoint | None"

    def __str__(self) -> str:
        named = f"的{GROUP_LABEL.get(self.group, self.group)}“{self.name}”" if self.group else ""
        return f"插件 {self.plugin} {named}".rstrip()


def installation_folders() -> list[Path]:
    """Where pip puts packages of this Python: its own folders, and the person's where Python looks there."""
    own = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    return [Path(folder) for folder in (*site.getsitepackages(), *own)]


def installed_entries(folders: Sequence[Path]) -> Iterator[PluginEntry]:
    """Every entry point of a group whose name begins with ``yiyu.``, by the name of the package.

    Where no package has one, nothing is imported and only the small files of entry points are read. Of a package that
    stands in two folders the first is the one Python imports.
    """
    packages: dict[str, Path] = {}
    for file in (file for folder in folders for file in sorted(folder.glob("[!~]*.dist-info/entry_points.txt"))):
        packages.setdefault(_package(file.parent).package, file)
    for _, file in sorted(packages.items()):
        try:
            ours = _SIGN in file.read_bytes()
        except OSError:  # another account's package, or one that is being installed
            continue
        if ours:
            yield from _entries_of(file.parent)


def _package(folder: Path) -> Plugin:
    """Name and version, which pip writes into the name of the folder ``NAME-VERSION.dist-info``."""
    name, _, version = folder.name.removesuffix(".dist-info").partition("-")
    return Plugin(name.replace("_", "-"), version)


def _entries_of(folder: Path) -> Iterator[PluginEntry]:
    from importlib.metadata import PathDistribution

    plugin = _package(folder)
    try:
        points = [one for one in PathDistribution(folder).entry_points if one.group.startswith("yiyu.")]
    except (TypeError, ValueError):  # a line without a sign, bytes that are no text
        yield PluginEntry(plugin, "", "", None)
        return
    yield from (PluginEntry(plugin, one.group, one.name, one) for one in points)
