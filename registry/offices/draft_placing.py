"""Put files into ``templates/`` together: all of them or none, whenever the program is killed.

What is to be written lies first, with what stands there, in one hidden file. The event in the chain decides: a run that
was broken off before it was recorded is taken back by the next that opens the office, one broken off after it is finished.
"""

import contextlib
import datetime as dt
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import msgspec

from yiyu.registry.errors import StepNotAllowed
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.lifecycle import DRAFTS_ADOPTED
from yiyu.registry.offices.drafts import FORMER
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import add_event, events_of_kind
from yiyu.registry.store.opening import changing

_MOST_JOURNAL = 1 << 30


class _Placed(msgspec.Struct, frozen=True):
    """A file below ``templates/`` as it is to be, and as it is; None: not there."""

    path: str
    new: bytes
    former: bytes | None


class _Journal(msgspec.Struct, frozen=True):
    """``package``: SHA-256, which the event names, too. ``former``: the folder below ``templates/`` for what is replaced."""

    package: str
    former: str
    files: tuple[_Placed, ...]


def place_drafts(
    office: OfficeSession,
    package: str,
    files: Mapping[str, bytes],
    seen: Mapping[str, bytes | None],
    *,
    note: str,
    data: Mapping[str, object],
    dry_run: bool = False,
) -> str:
    """Write ``files`` (by path below ``templates/``) and the event; gives the folder that keeps the former ones, from the workspace.

    ``seen``: what stood there when it was decided. Raises StepNotAllowed where that is not so any more, FileFault where
    a file cannot be written; then nothing is changed.
    """
    templates = office.workspace.templates
    former = _free_folder(templates, office.today) if any(one is not None for one in seen.values()) else ""
    placed = tuple(_Placed(path, new, seen[path]) for path, new in files.items())
    try:
        with changing(office.db, dry_run=dry_run):
            if changed := next((path for path in files if _standing(templates / path) != seen[path]), ""):
                raise StepNotAllowed("刚才看过以后，本级的文件又有改动", where=changed, remedy="请再运行一次，看过再用")
            add_event(
                office.db,
                None,
                DRAFTS_ADOPTED,
                on=office.today,
                recorded_at=office.now,
                actor=office.actor,
                note=note,
                data={**data, "package": package, "former": f"{templates.name}/{former}" if former else ""},
            )
            if not dry_run:
                journal = _Journal(package, former, placed)
                write_atomic(office.workspace.adopting, msgspec.json.encode(journal))
                _write(templates, journal)
    except BaseException:
        with contextlib.suppress(Exception):  # the next run that opens the office does it
            settle_drafts(office)
        raise
    office.workspace.adopting.unlink(missing_ok=True)
    office.packs_read.clear()
    return f"{templates.name}/{former}" if former else ""


def settle_drafts(office: OfficeSession) -> None:
    """Finish what a broken-off run had recorded, take back what it had not; what a person changed since is left alone."""
    templates, left = office.workspace.templates, office.workspace.adopting
    if not left.is_file():
        return
    with changing(office.db):  # who is still writing has ended by then
        if not left.is_file():
            return
        journal = msgspec.json.decode(read_bytes(left, limit=_MOST_JOURNAL), type=_Journal)
        if any(one.data["package"] == journal.package for one in events_of_kind(office.db, DRAFTS_ADOPTED)):
            _write(templates, journal)
        else:
            _take_back(templates, journal)
        left.unlink()
    office.packs_read.clear()


def _write(templates: Path, journal: _Journal) -> None:
    for one in journal.files:
        kept = templates / journal.former / one.path
        if one.former is not None and not kept.exists():
            write_atomic(kept, one.former)
        if _standing(templates / one.path) == one.former:
            write_atomic(templates / one.path, one.new)


def _take_back(templates: Path, journal: _Journal) -> None:
    for one in journal.files:
        path = templates / one.path
        if _standing(path) == one.new and one.former is not None:
            write_atomic(path, one.former)
        elif _standing(path) == one.new:
            path.unlink()
        if one.former is None:
            _remove_if_empty(path.parent)
    if journal.former:  # the name was free: all in it is of this run
        shutil.rmtree(templates / journal.former, ignore_errors=True)
        _remove_if_empty((templates / journal.former).parent)


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _free_folder(templates: Path, day: dt.date) -> str:
    names = (str(PurePosixPath(FORMER, f"{day}{f'-{count}' if count > 1 else ''}")) for count in range(1, 10_000))
    return next(name for name in names if not (templates / name).exists())


def _standing(path: Path) -> bytes | None:
    return read_bytes(path) if path.exists() else None
