"""The tree of offices below: who has handed in, as of when, how far its chain is, and who has not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from yiyu.registry.offices.below import MissingOffice, PartOffice, facts_in, missing, offices_below
from yiyu.registry.offices.keys import fingerprint
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.office_packages import ReceivedPackage, held_packages


class HandedIn(StrEnum):
    UP_TO_DATE = "up_to_date"
    EARLIER = "earlier"
    NOTHING = "nothing"


HANDED_IN_LABEL = {HandedIn.UP_TO_DATE: "已交", HandedIn.EARLIER: "截至日期较早", HandedIn.NOTHING: "未交"}


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """One office of the tree. ``fingerprint`` "": its key is not known yet. ``part`` None: it has handed in nothing.

    ``received``: the package it is known by, of those that hand in here themselves; ``head`` of its chain.
    """

    path: tuple[str, ...]
    name: str
    fingerprint: str
    state: HandedIn
    part: PartOffice | None = None
    head: str = ""
    received: ReceivedPackage | None = None

    @property
    def differences(self) -> tuple[str, ...]:
        """Where a recount gave another figure than the package says, in words."""
        return self.received.differences if self.received else ()

    def as_json(self) -> dict[str, object]:
        """The keys other programs rely on, with the words a table shows."""
        part, received = self.part, self.received
        return {
            "region": self.path[-1],
            "above": self.path[-2] if len(self.path) > 1 else None,
            "name": self.name,
            "fingerprint": self.fingerprint,
            "state": str(self.state),
            "state_label": HANDED_IN_LABEL[self.state],
            "as_of": str(part.as_of) if part else None,
            "events": part.events if part else None,
            "head": self.head,
            "contacts": part.contacts if part else False,
            "received_at": received.received_at if received else None,
            "differences": list(self.differences),
        }


def tree(office: OfficeSession) -> list[OfficeRow]:
    """Every office below by region, each before those below it, as of the day asked for."""
    late, held = {one.path: one for one in missing(office)}, held_packages(office.db)
    keys: dict[tuple[str, ...], str] = {(region,): one.key for region, one in office.workspace.config.offices.items()}
    rows: dict[tuple[str, ...], OfficeRow] = {}
    for part in offices_below(office):
        facts = facts_in(part.folder)
        keys |= {(*part.path, below.region): below.key for below in facts.offices}
        state = HandedIn.EARLIER if part.path in late else HandedIn.UP_TO_DATE
        received = held.get(part.region) if len(part.path) == 1 else None
        rows[part.path] = OfficeRow(
            part.path, part.name, _read_out(keys[part.path]), state, part, facts.chain.head, received
        )
    rows |= {path: _nothing(one, keys) for path, one in late.items() if one.as_of is None}
    return [rows[path] for path in sorted(rows)]


def _nothing(one: MissingOffice, keys: Mapping[tuple[str, ...], str]) -> OfficeRow:
    return OfficeRow(one.path, one.name, _read_out(keys[one.path]), HandedIn.NOTHING)


def _read_out(key: str) -> str:
    return fingerprint(key) if key else ""
