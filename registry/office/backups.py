"""A backup and the note beside it that proves it: ``registry-20261122-090000.db`` and ``registry-20261122-090000.json``.

The note holds the SHA-256 of the backup, what is in it and the settings of the office, and seals itself: a byte changed
in either of the two is found.
"""

import contextlib
import datetime as dt
import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from yiyu.registry.errors import FileFault
from yiyu.registry.files import TEMPORARY_SUFFIX, file_sha256, read_bytes, taking, under_way

REGISTRY, OFFICE = "registry", "office"
SUFFIX = {REGISTRY: ".db", OFFICE: ".zip"}
"""The registry alone, or all that the office keeps."""

_NAME = re.compile(r"(registry|office)-(\d{8}-\d{6})(?:-\d+)?\.(db|zip)")
_STAMP = "%Y%m%d-%H%M%S"
_CLOCKS_DIFFER = dt.timedelta(minutes=10)
_LONG_IDLE = dt.timedelta(days=366)


class Held(msgspec.Struct, frozen=True):
    """One file in a backup of the office."""

    size: int
    sha256: str


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds. ``schema``, ``tables``, ``last_hash``, ``head``: of the registry, see ``store.copying.Contents``.

    ``settings``: ``yiyu.toml`` and the year tables by name. ``files``: of an office, by path from the workspace.
    """

    size: int
    sha256: str
    made_at: str
    schema: int
    tables: dict[str, int]
    last_hash: str
    settings: dict[str, bytes] = {}
    files: dict[str, Held] = {}
    head: str = ""
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that stands under its name. ``note`` is None where the one beside it is missing or broken."""

    path: Path
    kind: str
    made: dt.datetime
    note: Note | None

    @property
    def position(self) -> int:
        """How many events the chain of its registry had: what orders backups, whatever the clock said; -1 unknown."""
        return self.note.tables.get("events", 0) if self.note else -1

    @property
    def sound(self) -> bool:
        """Whether every byte of it is as it was when it was proven; a look through the whole file."""
        try:
            return self.note is not None and file_sha256(self.path) == self.note.sha256
        except FileFault:
            return False


def note_of(path: Path) -> Path:
    return path.with_suffix(".json")


def checksummed(note: Note) -> bytes:
    """The note as it is written."""
    blank = msgspec.structs.replace(note, seal="")
    sealed = msgspec.structs.replace(note, seal=hashlib.sha256(_encode(blank)).hexdigest())
    return _encode(sealed)


def read_note(path: Path) -> Note:
    """The note beside the backup ``path``. Raises FileFault where there is none or a byte of it was changed."""
    beside = note_of(path)
    data = read_bytes(beside)
    try:
        note = msgspec.json.decode(data, type=Note)
    except (msgspec.DecodeError, UnicodeDecodeError):
        note = None
    if note is None or checksummed(note) != data:
        raise FileFault("备份的校验文件被改动过", where=str(beside), remedy="请改用另一份备份")
    return note


def free_names(folder: Path, kind: str, now: dt.datetime) -> Iterator[Path]:
    """Where a backup made now may go; a second one in the same second gets a number."""
    stem = f"{kind}-{now.strftime(_STAMP)}"
    stems = itertools.chain([stem], (f"{stem}-{n}" for n in itertools.count(2)))
    paths = (folder / f"{one}{SUFFIX[kind]}" for one in stems)
    return (path for path in paths if not path.exists() and not note_of(path).exists())


@contextlib.contextmanager
def taking_name(folder: Path, kind: str, now: dt.datetime, office: Path) -> Iterator[Path]:
    """The name of a backup about to be made, held by its note: two begun in the same second do not get one name."""
    with taking(map(note_of, free_names(folder, kind, now)), office) as note:
        yield note.with_suffix(SUFFIX[kind])


def clock_doubt(newest: str, now: dt.datetime) -> str:
    """Why the clock is not to be believed beside the time of the newest event, "" where it may be."""
    try:
        ahead = now - dt.datetime.fromisoformat(newest) if newest else dt.timedelta()
    except (ValueError, OverflowError):
        return f"最近一条记录的时间“{newest}”读不懂"
    if ahead < -_CLOCKS_DIFFER:
        return f"最近一条记录的时间（{newest}）比这台电脑的时间（{now:%Y-%m-%d %H:%M}）还晚"
    if ahead > _LONG_IDLE:
        return f"这台电脑的时间（{now:%Y-%m-%d %H:%M}）比最近一条记录（{newest}）晚了一年多"
    return ""


def backups_in(folder: Path, kind: str = "") -> list[Backup]:
    """All under our names in ``folder``, the newest by its events first; other files are not ours to look at."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        parts = _NAME.fullmatch(path.name)
        if parts is None or kind not in ("", parts[1]) or not path.is_file():
            continue
        try:
            made = dt.datetime.strptime(parts[2], _STAMP).astimezone()
        except ValueError:
            continue
        try:
            note: Note | None = read_note(path)
        except FileFault:
            note = None
        found.append(Backup(path, parts[1], made, note))
    return sorted(found, key=lambda one: (one.position, one.made, one.path.name), reverse=True)


def notes_alone(folder: Path) -> list[Path]:
    """Notes whose backup never came to stand, of runs that were broken off; one just being made has its temporary file."""
    notes = [path for path in folder.glob("*.json") if _NAME.fullmatch(f"{path.stem}.db")]
    if any(folder.glob(f".*{TEMPORARY_SUFFIX}")):
        return []
    alone = [note for note in notes if not any(note.with_suffix(suffix).exists() for suffix in SUFFIX.values())]
    return [note for note in alone if not under_way(note)]


def _encode(note: Note) -> bytes:
    told = msgspec.structs.asdict(note)
    if not note.head:  # of a yiyu that knew of none: its note is still what it wrote
        del told["head"]
    return msgspec.json.format(msgspec.json.encode(told), indent=1)
