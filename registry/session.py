"""What every action needs: the open registry, the workspace, and who asks on which day."""

import datetime as dt
from dataclasses import dataclass, field

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
    packs_read: dict[str, Pack] = field(default_factory=dict, repr=False, compare=False)
    """Packs by name, each read once a run; a copy of the session for another day shares them."""

    @property
    def pack(self) -> Pack:
        """The office's own pack. Raises as ``load_pack`` does."""
        return self.pack_named(self.workspace.config.pack)

    def pack_named(self, name: str) -> Pack:
        """The pack of that name, shipped or of the office. Raises as ``load_pack`` does."""
        if name not in self.packs_read:
            self.packs_read[name] = load_pack(name, office=self.workspace.templates)
        return self.packs_read[name]
