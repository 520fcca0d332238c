"""A backup and the note beside it that proves it: ``registry-20261122-090000.db`` and ``registry-20261122-090000.json``.

The note holds the SHA-256 of the backup, what is in it and the settings of the office, and seals itself: a byte changed
in either of the two is found.
"""

import datetime as dt
import hashlib
import itertools
import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from yiyu.registry.errors import FileFault
from yiyu.registry.files import TEMPORARY_SUFFIX, read_bytes

REGISTRY, OFFICE = "registry", "office"
SUFFIX = {REGISTRY: ".db", OFFICE: ".zip"}
"""The registry alone, or all that the office keeps."""

_NAME = re.compile(r"(registry|office)-(\d{8}-\d{6})(?:-\d+)?\.(db|zip)")
_STAMP = "%Y%m%d-%H%M%S"


class Held(msgspec.Struct, frozen=True):
    """One file in a backup of the office."""

    size: int
    sha256: str


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup holds. ``schema``, ``tables``, ``last_hash``: of the registry, see ``store.copying.Contents``.

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
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that stands under its name. ``note`` is None where the one beside it is missing or broken."""

    path: Path
    kind: str
    made: dt.datetime
    note: Note | None

    @property
    def sound(self) -> bool:
        """Whether every byte of it is as it was when it was proven; a look through the whole file."""
        try:
            return self.note is not None and digest(self.path) == self.note.sha256
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


def digest(path: Path) -> str:
    """SHA-256 of a file of any size. Raises FileFault for one that cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise FileFault("无法读取文件", where=str(path), remedy="请检查文件是否还在、有没有读取权限") from error


def free_name(folder: Path, kind: str, now: dt.datetime) -> Path:
    """Where a backup made now goes; a second one in the same second gets a number."""
    stem = f"{kind}-{now.strftime(_STAMP)}"
    stems = itertools.chain([stem], (f"{stem}-{n}" for n in itertools.count(2)))
    paths = (folder / f"{one}{SUFFIX[kind]}" for one in stems)
    return next(path for path in paths if not path.exists() and not note_of(path).exists())


def backups_in(folder: Path, kind: str = "") -> list[Backup]:
    """All under our names in ``folder``, the newest first; other files are not ours to look at."""
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
    return sorted(found, key=lambda one: (one.made, one.path.name), reverse=True)


def notes_alone(folder: Path) -> list[Path]:
    """Notes whose backup never came to stand, of runs that were broken off; one just being made has its temporary file."""
    notes = [path for path in folder.glob("*.json") if _NAME.fullmatch(f"{path.stem}.db")]
    if any(folder.glob(f".*{TEMPORARY_SUFFIX}")):
        return []
    return [note for note in notes if not any(note.with_suffix(suffix).exists() for suffix in SUFFIX.values())]


def _encode(note: Note) -> bytes:
    return msgspec.json.format(msgspec.json.encode(note), indent=1)
