"""What every action needs: the open registry, the workspace, and who asks on which day."""

import datetime as dt
from dataclasses import dataclass

from sqlite_utils import Database

from yiyu.registry.config import Workspace
from yiyu.registry.packs import Pack, load_pack


@dataclass(frozen=True, slots=True)
class OfficeSession:
    """``now`` is an ISO time with offset, kept with what is recorded; ``today`` the civil date rules are asked for."""

    workspace: Workspace
    db: Database
    today: dt.date
    now: str
    actor: str

    @property
    def pack(self) -> Pack:
        return load_pack(self.workspace.config.pack, office=self.workspace.templates)
