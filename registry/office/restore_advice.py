"""Which backup to go back to, and what would be lost by it: asked only where the registry is no longer what it was."""

import datetime as dt
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from yiyu.registry.config import REGISTRY_NAME, Workspace
from yiyu.registry.errors import UserError
from yiyu.registry.office.backups import OFFICE, SUFFIX, Backup, backups_in
from yiyu.registry.store.copying import facts_as_recorded

Answer = TypeVar("Answer")
Events = Callable[[str], int | None]


@dataclass(frozen=True, slots=True)
class RestoreAdvice:
    """``backup``: path as the workspace names it. ``lost``: events recorded since; None where the registry does not say."""

    backup: str
    made: dt.datetime
    lost: int | None

    def __str__(self) -> str:
        since = "其后录入的" if self.lost is None else f"其后的 {self.lost} 条记录"
        again = "" if self.lost == 0 else f"，{since}要重新录入"
        return (
            f"可以恢复到备份 {self.backup}（{self.made:%Y-%m-%d %H:%M} 所做）：yiyu restore {self.backup} 新目录{again}"
        )


NO_BACKUP = "没有可用的备份；请停止录入，把整个工作区另存一份，再请维护人员查看"


def advice(workspace: Workspace, events: Events | None = None) -> RestoreAdvice | None:
    """The newest backup every byte of which is as it was made, and whose facts are as recorded; None where there is none.

    ``events`` tells how many events the registry has recorded since one with a given hash; None: it cannot be asked.
    """
    for one in backups_in(workspace.backups):
        if one.note and one.sound and within(one, facts_as_recorded):
            lost = events(one.note.last_hash) if events else None
            return RestoreAdvice(workspace.named(one.path), one.made, lost)
    return None


def remedy(workspace: Workspace, events: Events | None = None) -> str:
    """What to do about a registry that is not what it was, for the end of a sentence."""
    found = advice(workspace, events)
    return f"请停止录入；{found}" if found else NO_BACKUP


def within(backup: Backup, ask: Callable[[Path], Answer]) -> Answer | None:
    """Ask the registry in a sound backup; None where it cannot be read, as under another passphrase."""
    try:
        with registry_in(backup.path) as path:
            return ask(path)
    except (UserError, OSError):
        return None


@contextmanager
def registry_in(backup: Path) -> Iterator[Path]:
    """The registry of a backup: the file itself, or taken out of the zip for as long as it is looked at."""
    if backup.suffix != SUFFIX[OFFICE]:
        yield backup
        return
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(backup) as pack:
        yield Path(pack.extract(REGISTRY_NAME, folder))
