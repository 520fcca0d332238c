"""Who may read what an office keeps: its owner, or the group it is shared with, whatever the umask."""

import os
import shutil
import stat
from collections.abc import Iterable
from pathlib import Path

from yiyu.registry.errors import FileFault

OFFICE_FILE = "yiyu.toml"
"""What makes a folder an office."""


def share(root: Path, paths: Iterable[Path], group: str = "") -> None:
    """Let nobody but the owner, or the members of ``group``, into the office ``root`` and ``paths`` of it.

    Raises FileFault for a group that there is not, or that the folder cannot be given to.
    """
    if os.name == "nt":
        return
    try:
        root.chmod(0o2770 if group else 0o700)
        for path in (root, *paths):
            if group:
                shutil.chown(path, group=group)
            path.chmod(rights(root) if path.is_dir() else rights(root) & 0o666)
    except (OSError, LookupError) as error:
        remedy = "请核对组名（Linux：getent group），并请管理员把您加进这个组"
        raise FileFault(f"工作区不能交给组“{group}”共用", where=str(root), remedy=remedy) from error


def office_of(path: Path) -> Path | None:
    """The office in which a file lies, or will; none where we may not look."""
    if path.name == OFFICE_FILE:
        return path.parent
    # Of pathlib's own, one raises where a folder cannot be entered.
    return next((folder for folder in path.parents if os.path.isfile(folder / OFFICE_FILE)), None)  # noqa: PTH113 - see above


def rights(office: Path | None) -> int:
    """Mode of a folder: its owner's in an office, whatever the umask; its group's too where that may write in its root.

    What a person takes out of the office is hers to give away: her umask says who may read it.
    """
    if office is None or os.name == "nt":
        return 0o777 & ~_umask()
    return 0o2770 if office.stat().st_mode & stat.S_IWGRP else 0o700


def refuse_readable(path: Path, what: str) -> None:
    """Raise FileFault for a file of secrets that others can read; a group may share an office, and with it its keys."""
    if os.name != "nt" and path.stat().st_mode & stat.S_IRWXO:
        raise FileFault(f"{what}别人也能读，没有使用", where=str(path), remedy=f"请先运行 chmod o= {path}")


def _umask() -> int:
    value = os.umask(0)
    os.umask(value)
    return value
