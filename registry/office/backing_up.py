"""Verified copies of the registry, alone or with everything the office keeps, and no more of them than asked for."""

import datetime as dt
import hashlib
import math
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import msgspec

from yiyu.registry.config import CONFIG_NAME, KEY_NAME, PACKAGE_SUFFIX, PACKAGES, REGISTRY_NAME
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.files import TEMPORARY_SUFFIX, file_sha256, read_bytes, replacing, scratch, write_atomic
from yiyu.registry.office.backups import (
    OFFICE,
    REGISTRY,
    Backup,
    Held,
    Note,
    backups_in,
    checksummed,
    clock_doubt,
    free_names,
    note_of,
    notes_alone,
    taking_name,
)
from yiyu.registry.session import OfficeSession, Progress, unwatched
from yiyu.registry.store.copying import Contents, contents, copy_registry, files_named, knows_event
from yiyu.registry.store.events import last_recorded

FOLDERS = ("output", "archive", "templates", PACKAGES)
NOTE_IN_ZIP = "manifest.json"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """``altered``: files in the copy that are not what the registry recorded. ``damaged``: older backups that are no good.

    ``removed``: older backups rotated away. In a dry run ``note`` has no digest, and nothing was written or removed.
    ``clock``: why nothing was rotated away, "" where it was.
    """

    path: Path
    note: Note
    altered: list[str]
    removed: list[Path]
    damaged: list[Path]
    clock: str = ""


def back_up(
    office: OfficeSession,
    folder: Path | None = None,
    *,
    with_files: bool = False,
    keep: int | None = None,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> BackedUp:
    """Make a backup in ``folder``, prove it, then rotate; ``folder`` and ``keep`` default to those of ``yiyu.toml``.

    ``progress`` counts the files of a backup ``with_files``: each is hashed, stored and read back. Raises BadInput for
    a folder that is itself backed up, FileFault where there is no room or no right to write, RegistryFault where the
    registry is not sound: a backup of a damaged registry would push out the good ones.
    """
    folder = folder or office.workspace.backups
    kind = OFFICE if with_files else REGISTRY
    if any(folder.resolve().is_relative_to((office.workspace.root / name).resolve()) for name in FOLDERS):
        raise BadInput(
            "备份不能放在文书、归档或模板文件夹里面", where=str(folder), remedy="请换一个文件夹，最好在另一个磁盘"
        )
    now = dt.datetime.fromisoformat(office.now)
    sources = dict(_sources(office.workspace.root)) if with_files else {}
    _refuse_full(folder, _need(office, sources))
    altered: list[str] = []
    if dry_run:
        path, note = next(free_names(folder, kind, now)), _note(office, contents(office.db))
    else:
        with taking_name(folder, kind, now, office.workspace.root) as path:
            note, altered = _office(office, path, sources, progress) if with_files else (_registry(office, path), [])
            if not Backup(path, kind, now, note).sound:
                raise FileFault("备份写成后读回不符，不能使用", where=str(path), remedy="请检查这个磁盘，再备份一次")
    clock = clock_doubt(last_recorded(office.db), now)
    keep = keep or office.workspace.config.backups_kept
    removed, damaged = _rotate(office, folder, kind, path, math.inf if clock else keep, dry_run=dry_run)
    return BackedUp(path, note, altered, removed, damaged, clock)


def _registry(office: OfficeSession, path: Path) -> Note:
    with replacing(path, office=office.workspace.root) as temporary:
        held = copy_registry(office.db, temporary)
        return _prove(office, path, temporary, _note(office, held))


def _office(office: OfficeSession, path: Path, sources: dict[str, Path], progress: Progress) -> tuple[Note, list[str]]:
    """Store the registry and all files in one zip, then read every byte of it back."""
    with replacing(path, office=office.workspace.root) as temporary, scratch(path.parent) as aside:
        copy = aside / REGISTRY_NAME
        held = copy_registry(office.db, copy)
        sources = {REGISTRY_NAME: copy, **sources}
        steps = 3 * len(sources)
        files: dict[str, Held] = {}
        for done, (name, source) in enumerate(sources.items(), start=1):
            files[name] = Held(source.stat().st_size, file_sha256(source))
            progress(done, steps)
        note = msgspec.structs.replace(_note(office, held), files=files)
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED, strict_timestamps=False) as pack:
            pack.writestr(NOTE_IN_ZIP, checksummed(note))
            for done, (name, source) in enumerate(sources.items(), start=len(sources) + 1):
                pack.write(source, name)
                progress(done, steps)
        for done, _ in enumerate(_read_back(temporary, files), start=2 * len(sources) + 1):
            progress(done, steps)
        recorded = files_named(copy)
        altered = [name for name, one in files.items() if recorded.get(name, one.sha256) != one.sha256]
        return _prove(office, path, temporary, note), altered


def _prove(office: OfficeSession, path: Path, temporary: Path, note: Note) -> Note:
    """Write the note before the backup takes its name: a backup that stands is one that can be proven."""
    proven = msgspec.structs.replace(note, size=temporary.stat().st_size, sha256=file_sha256(temporary))
    write_atomic(note_of(path), checksummed(proven), office=office.workspace.root)
    return proven


def _note(office: OfficeSession, held: Contents) -> Note:
    root = office.workspace.root
    settings = {one.name: read_bytes(one) for one in (root / CONFIG_NAME, *sorted(root.glob("holidays-*.toml")))}
    return Note(0, "", office.now, held.schema, held.tables, held.last_hash, settings, head=held.head)


def _sources(root: Path) -> Iterator[tuple[str, Path]]:
    """What an office keeps beside its registry, by path from the workspace; half-written files are left out."""
    settings = [root / CONFIG_NAME, *sorted(root.glob("holidays-*.toml"))]
    key = [root / KEY_NAME] if (root / KEY_NAME).is_file() else []
    kept = (one for name in FOLDERS for one in sorted((root / name).rglob("*")) if one.is_file())
    # What is made of a package is made of it again.
    kept = (one for one in kept if PACKAGES not in one.relative_to(root).parts[:1] or one.suffix == PACKAGE_SUFFIX)
    for path in (*settings, *key, *kept):
        name = path.relative_to(root).as_posix()
        if not name.isprintable():
            shown = name.encode("utf-8", "replace").decode()
            raise FileFault("文件名里有读不出的字符，放不进备份", where=shown, remedy="请给它改名后再备份")
        if not (path.name.startswith(".") and path.name.endswith(TEMPORARY_SUFFIX)):
            yield name, path


def _read_back(path: Path, files: dict[str, Held]) -> Iterator[str]:
    """Read every file of the zip and give its name once its bytes are those that were hashed."""
    with zipfile.ZipFile(path) as pack:
        for name, one in files.items():
            with pack.open(name) as stream:
                if _stream_digest(stream) != one.sha256:
                    raise FileFault(f"备份时“{name}”还在变化", remedy="请关闭正在编辑的文书，等收件完成后再备份")
                yield name


def _stream_digest(stream: IO[bytes]) -> str:
    found = hashlib.sha256()
    while part := stream.read(1024 * 1024):
        found.update(part)
    return found.hexdigest()


def _need(office: OfficeSession, sources: dict[str, Path]) -> int:
    """Bytes the new backup takes while it is made: of the registry twice, as its copy is put into the zip."""
    registry = office.workspace.registry_path.stat().st_size
    return registry * (2 if sources else 1) + sum(one.stat().st_size for one in sources.values())


def _refuse_full(folder: Path, need: int) -> None:
    there = next(one for one in (folder, *folder.resolve().parents) if one.is_dir())
    free = shutil.disk_usage(there).free
    if free < need:
        raise FileFault(
            f"磁盘空间不够：备份需要 {megabytes(need)} MB，只剩 {megabytes(free)} MB",
            where=str(folder),
            remedy="请清理该磁盘或换一个文件夹（--to），原有备份未动",
        )


def megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}"


def _rotate(
    office: OfficeSession, folder: Path, kind: str, new: Path, keep: float, *, dry_run: bool
) -> tuple[list[Path], list[Path]]:
    """Remove all but the ``keep`` good ones with the most events; give what was removed and what is no good.

    Only a backup that is whole, ours and whose last event is in this registry's chain goes: one of another office in the
    same folder, or of a branch left behind by a restore, stays for a person to judge.
    """
    removed, damaged, good = [], [], 1
    for one in backups_in(folder, kind):
        if one.path == new:
            continue
        if not one.sound:
            damaged.append(one.path)
        elif _ours(office, one):
            good += 1
            if good > keep:
                removed.append(one.path)
                if not dry_run:
                    _remove(one.path)
    for note in () if dry_run else notes_alone(folder):
        _remove(note)
    return removed, damaged


def _ours(office: OfficeSession, backup: Backup) -> bool:
    """Without an event nothing tells whose it is, but that it lies in the office's own folder."""
    last = backup.note.last_hash if backup.note else ""
    at_home = backup.path.resolve().is_relative_to(office.workspace.root.resolve())
    return knows_event(office.db, last) if last else at_home


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
        note_of(path).unlink(missing_ok=True)
    except OSError as error:
        raise FileFault("新备份已完成，但旧备份删不掉", where=str(path), remedy="请检查该文件夹的写入权限") from error
