"""The clauses (条款) of a pack: ``clauses.toml`` of it and of its parents, each clause with its versions.

A version belongs to the pack whose file holds it. On a day the version of the nearest pack holds that has one for that day,
the latest of them; so a word changed by the country never takes the place of what an office wrote for itself.
"""

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol, TypeVar

import msgspec
from msgspec.structs import replace

from yiyu.registry.errors import BadInput
from yiyu.registry.files import read_bytes, sha256
from yiyu.registry.packs.rows import Pack
from yiyu.registry.toml import MOST_BYTES, TomlFault, convert, parse

CLAUSES_FILE = "clauses.toml"
_CODE = re.compile(r"[A-Z]\d{2,3}")


class VersionRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One version as ``clauses.toml`` has it; without ``since`` it holds from ever on."""

    text: str
    source: str
    since: dt.date | None = None
    note: str = ""
    """What it changed, and why."""


class ClauseRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One clause as ``clauses.toml`` has it. A child pack that only adds a version writes neither name nor title."""

    name: str = ""
    title: str = ""
    versions: dict[str, Any] = {}
    """By label; each is read by itself, so that a fault of it is told with its label."""


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A version of a clause, whole: what a form prints where it refers to it."""

    code: str
    name: str
    title: str
    """The heading as printed, with fields; the name where nothing else is said."""
    pack: str
    version: str
    since: str
    """ISO day, or ""."""
    source: str
    text: str

    @property
    def sha256(self) -> str:
        """Of the words alone: two versions that say the same are the same."""
        return sha256(f"{self.title}\n{self.text}".encode())

    @property
    def label(self) -> str:
        return f"{self.pack} 第{self.version}版"


@dataclass(frozen=True, slots=True)
class Clause:
    """``layers``: the versions of each pack, the nearest pack first, the latest version first."""

    code: str
    name: str
    layers: tuple[tuple[ClauseText, ...], ...]

    @property
    def versions(self) -> tuple[ClauseText, ...]:
        return tuple(one for layer in self.layers for one in layer)

    def on(self, day: dt.date) -> ClauseText:
        """The version that holds on ``day``; before all of them the oldest of the pack that is the base of the others."""
        holding = (one for one in self.versions if one.since <= day.isoformat())
        return next(holding, self.layers[-1][-1])


def set_name(clauses: Iterable[ClauseText]) -> str:
    """The name of a set: the same versions with the same words have the same; "" for none."""
    told = "\n".join(f"{one.code} {one.label} {one.sha256}" for one in clauses)
    return sha256(told.encode()) if told else ""


class ClauseFault(Exception):
    """A fault of a ``clauses.toml``: ``folder`` of the pack, ``place`` the dotted key, the text what is wrong."""

    def __init__(self, folder: Traversable, place: str, message: str) -> None:
        self.folder, self.place = folder, place
        super().__init__(message)


class Named(Protocol):
    """What has a code and a name: a clause, or one of its versions."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


NamedT = TypeVar("NamedT", bound=Named)


def called(clauses: Iterable[NamedT], said: str) -> NamedT | None:
    """The one of that code or name."""
    word = said.strip()
    return next((one for one in clauses if word.upper() == one.code or word == one.name), None)


def nearest(clauses: Iterable[Named], said: str) -> str:
    """What might be meant, in a sentence for the person."""
    words = {word: one for one in clauses for word in (one.code, one.name)}
    close = difflib.get_close_matches(said.strip(), words, n=3, cutoff=0.3)
    told = "、".join(dict.fromkeys(f"{words[word].code} {words[word].name}" for word in close))
    return f"相近的有：{told}；全部见 yiyu pack clauses" if told else "全部条款见 yiyu pack clauses"


def load_clauses(pack: Pack) -> tuple[Clause, ...]:
    """Raises BadInput with file and key for the first fault of a ``clauses.toml``."""
    clauses, faults = read_clauses(pack.folders)
    for fault in faults:
        where = f"{fault.folder.name}/{CLAUSES_FILE}" + (f"，{fault.place}" if fault.place else "")
        raise BadInput(f"条款库有错：{fault}", where=where, remedy="请改正该处后再试") from fault
    return clauses


def read_clauses(folders: tuple[Traversable, ...]) -> tuple[tuple[Clause, ...], list[ClauseFault]]:
    """The clauses of a pack's folders (its own first) by code, and every fault of their files; what is faulty is left out."""
    faults: list[ClauseFault] = []
    files = [(folder, dict(_rows(folder, faults))) for folder in folders if (folder / CLAUSES_FILE).is_file()]
    codes = dict.fromkeys(code for _, rows in reversed(files) for code in rows)
    clauses: list[Clause] = []
    for code in sorted(codes):
        own = [(folder, rows[code]) for folder, rows in files if code in rows]
        name = next((row.name for _, row in own if row.name), "")
        title = next((row.title for _, row in own if row.title), name)
        layers = tuple(_versions(folder, code, name, title, row) for folder, row in own if row.versions)
        if not name or not layers:
            faults.append(ClauseFault(own[-1][0], code, "没有写 name" if not name else "没有一个版本 versions"))
        elif not name.isidentifier():
            faults.append(ClauseFault(own[-1][0], f"{code}.name", f"名称“{name}”里只能有汉字、字母和数字"))
        elif twice := next((one for one in clauses if one.name == name), None):
            faults.append(ClauseFault(own[0][0], f"{code}.name", f"名称“{name}”与 {twice.code} 相同"))
        else:
            clauses.append(Clause(code, name, layers))
    return tuple(clauses), faults


def _rows(folder: Traversable, faults: list[ClauseFault]) -> Iterator[tuple[str, ClauseRow]]:
    file = folder / CLAUSES_FILE
    try:
        raw = parse(read_bytes(file, limit=MOST_BYTES) if isinstance(file, Path) else file.read_bytes())
    except TomlFault as fault:
        faults.append(ClauseFault(folder, fault.place, str(fault)))
        return
    for code, entry in raw.items():
        if not _CODE.fullmatch(code):
            faults.append(ClauseFault(folder, code, "编号应是一个大写字母加两三位数字，如 T51"))
            continue
        try:
            row = convert(entry, ClauseRow, code)
            versions = {label: _version(one, f"{code}.versions.{label}") for label, one in row.versions.items()}
        except TomlFault as fault:
            faults.append(ClauseFault(folder, fault.place, str(fault)))
        else:
            yield code, replace(row, versions=versions)


def _version(entry: object, place: str) -> VersionRow:
    """Raises TomlFault."""
    row = convert(entry, VersionRow, place)
    if not row.text.strip():
        raise TomlFault(f"{place}.text", "没有写文字")
    return row


def _versions(folder: Traversable, code: str, name: str, title: str, row: ClauseRow) -> tuple[ClauseText, ...]:
    """The versions of one file, the latest first; of two of one day the one written last."""
    found = [
        ClauseText(code, name, title, folder.name, label, str(one.since or ""), one.source, one.text.strip())
        for label, one in row.versions.items()
    ]
    return tuple(sorted(found, key=lambda one: one.since)[::-1])
