"""A backup becomes a workspace again: proven first, whole or not at all, into a folder of its own."""

import contextlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

import msgspec

from yiyu.registry.config import CONFIG_NAME, KEY_NAME, REGISTRY_NAME
from yiyu.registry.errors import FileFault
from yiyu.registry.files import TEMPORARY_SUFFIX, file_sha256, place_folder, read_bytes, replacing, write_atomic
from yiyu.registry.office.backing_up import FOLDERS, NOTE_IN_ZIP
from yiyu.registry.office.backups import OFFICE, SUFFIX, Held, Note, backups_in, checksummed, note_of, read_note
from yiyu.registry.office.restore_advice import within
from yiyu.registry.office.workspaces import FOLDERS as WORKSPACE_FOLDERS
from yiyu.registry.rights import share
from yiyu.registry.store.copying import Contents, files_named, holds_event, look_into

_MOST_NOTE = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Restored:
    """``missing``: files the registry names that the backup does not hold, or holds as they were not recorded.

    ``proven``: byte for byte, by its note or the one within the zip. ``files``: how many it held beside the registry.
    ``newer``: the backup beside it that holds more events of the same chain, and how many more; None where none does.
    """

    folder: Path
    contents: Contents
    files: int
    missing: list[str]
    proven: bool
    newer: tuple[Path, int] | None = None


def restore(
    backup: Path, folder: Path, *, without_note: bool = False, shared_group: str = "", dry_run: bool = False
) -> Restored:
    """Make ``folder``, which must be empty or not there, the workspace of ``backup``.

    ``without_note`` takes one without its note, by its inner soundness alone, with the ``yiyu.toml`` that lies beside it
    or in the folder above. The registry stays as old as it is: it is brought up to date when it is opened.
    Only its owner gets in, or the members of ``shared_group``.
    Raises FileFault for a folder in use or a backup that is not what its note says, RegistryFault for one that is no
    sound registry or is of a newer yiyu.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileFault(
            "要恢复到的文件夹不是空的", where=str(folder), remedy="请换一个新的文件夹名，原有文件不会被覆盖"
        )
    if not backup.is_file():
        raise FileFault("找不到备份文件", where=str(backup), remedy="请给出 backups 文件夹里 .db 或 .zip 的完整路径")
    note = None if without_note and not note_of(backup).exists() else _proven(backup)
    try:
        with _scratch(folder, dry_run=dry_run) as made:
            restored = _unpacked(backup, note, made) if backup.suffix == SUFFIX[OFFICE] else _alone(backup, note, made)
            share(made, made.rglob("*"), shared_group)
            if not dry_run:
                if folder.exists():
                    folder.rmdir()
                place_folder(made, folder)
    except OSError as error:
        raise FileFault(
            "恢复没有写成", where=str(folder.parent), remedy=f"请检查写入权限，并留出 {_need(backup)} MB 空间再试"
        ) from error
    return replace(restored, folder=folder, newer=_newer(backup, restored.contents))


def _newer(backup: Path, held: Contents) -> tuple[Path, int] | None:
    """The backup with the most events among those beside ``backup`` whose chain goes on from its last event."""
    events = held.tables.get("events", 0)
    for one in backups_in(backup.parent):
        if one.position <= events:
            return None
        if one.sound and within(one, partial(holds_event, digest=held.last_hash)):
            return one.path, one.position - events
    return None


@contextlib.contextmanager
def _scratch(folder: Path, *, dry_run: bool) -> Iterator[Path]:
    """Where the workspace is made; what a run broken off left there goes first."""
    if dry_run:
        with tempfile.TemporaryDirectory() as elsewhere:
            yield Path(elsewhere) / folder.name
        return
    made = folder.parent / f".{folder.name}{TEMPORARY_SUFFIX}"
    shutil.rmtree(made, ignore_errors=True)
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _proven(backup: Path) -> Note:
    if not note_of(backup).is_file():
        raise FileFault(
            "备份旁边没有校验文件，不能证明它完好",
            where=str(note_of(backup)),
            remedy="请把同名的 .json 放回旁边；确实没有，可加 --without-note 只做结构检查",
        )
    note = read_note(backup)
    if file_sha256(backup) != note.sha256:
        raise FileFault("备份已损坏：内容与校验值不符", where=str(backup), remedy="请改用另一份备份")
    return note


def _alone(backup: Path, note: Note | None, made: Path) -> Restored:
    with replacing(made / REGISTRY_NAME) as temporary:
        shutil.copyfile(backup, temporary)
    settings = note.settings if note else _settings_near(backup)
    for name, data in settings.items():
        write_atomic(made / _inside(name), data)
    return _finished(made, note, {})


def _unpacked(backup: Path, note: Note | None, made: Path) -> Restored:
    try:
        with zipfile.ZipFile(backup) as pack:
            inner = _inner_note(pack, backup)
            for name, held in inner.files.items():
                _unpack(pack, name, held, made)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileFault("备份已损坏，打不开", where=str(backup), remedy="请改用另一份备份") from error
    return _finished(made, note or inner, inner.files)


def _inner_note(pack: zipfile.ZipFile, backup: Path) -> Note:
    refused = FileFault("不是 yiyu backup --with-files 做的备份", where=str(backup), remedy="请检查文件是否选对")
    if pack.getinfo(NOTE_IN_ZIP).file_size > _MOST_NOTE:
        raise refused
    data = pack.read(NOTE_IN_ZIP)
    try:
        note = msgspec.json.decode(data, type=Note)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise refused from error
    if checksummed(note) != data or REGISTRY_NAME not in note.files or CONFIG_NAME not in note.files:
        raise refused
    return note


def _unpack(pack: zipfile.ZipFile, name: str, held: Held, made: Path) -> None:
    info = pack.getinfo(name)
    # Ours are stored as they are: what unpacks to more than it takes is not ours.
    sound = info.compress_type == zipfile.ZIP_STORED and info.file_size == held.size
    with replacing(made / _inside(name)) as temporary:
        if sound:
            with pack.open(info) as stream, temporary.open("wb") as target:
                shutil.copyfileobj(stream, target)
        if not sound or file_sha256(temporary) != held.sha256:
            raise FileFault(f"备份里的“{name}”已损坏", where=pack.filename or "", remedy="请改用另一份备份")


def _finished(made: Path, note: Note | None, files: dict[str, Held]) -> Restored:
    """Check what now stands in ``made`` as a workspace."""
    registry = made / REGISTRY_NAME
    contents = look_into(registry)
    if note and (note.tables, note.last_hash) != (contents.tables, contents.last_hash):
        raise FileFault("备份与它的校验文件不是一对", where=REGISTRY_NAME, remedy="请改用另一份备份")
    for name in WORKSPACE_FOLDERS:
        (made / name).mkdir(exist_ok=True)
    named = files_named(registry)
    missing = [name for name, known in sorted(named.items()) if name not in files or files[name].sha256 != known]
    beside = [name for name in files if name.split("/")[0] in FOLDERS]
    return Restored(made, contents, len(beside), missing, note is not None)


def _settings_near(backup: Path) -> dict[str, bytes]:
    for folder in (backup.parent, backup.resolve().parent.parent):
        if (folder / CONFIG_NAME).is_file():
            return {one.name: read_bytes(one) for one in _settings_in(folder)}
    raise FileFault(
        "没有校验文件，旁边也没有 yiyu.toml，不知道单位的设置",
        where=str(backup.parent),
        remedy="请把原工作区的 yiyu.toml（或 yiyu init 新建的一份）放在备份旁边再试",
    )


def _settings_in(folder: Path) -> Iterator[Path]:
    yield folder / CONFIG_NAME
    yield from sorted(folder.glob("holidays-*.toml"))


def _inside(name: str) -> str:
    """The name if it stays in the workspace, among what a backup holds."""
    parts = PurePosixPath(name).parts
    plain = name == "/".join(parts) and ".." not in parts and not (os.name == "nt" and set(name) & set('\\:*?"<>|'))
    top = parts[0] in FOLDERS if len(parts) > 1 else name in (REGISTRY_NAME, KEY_NAME) or name.endswith(".toml")
    if not (plain and top):
        raise FileFault("备份里的文件名会写到工作区以外", where=name, remedy="这份备份不可信，请勿使用")
    return name


def _need(backup: Path) -> str:
    return f"{backup.stat().st_size / 1_000_000:.1f}"
