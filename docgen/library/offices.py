"""Offices above and below: the key, packages handed up and taken in, who has handed in, drafts handed down and adopted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.documents.adopting import adopt
from yiyu.docgen.documents.handing_down import hand_down
from yiyu.docgen.library.action import Group, action
from yiyu.registry.offices.conflicts import conflicts
from yiyu.registry.offices.exporting import hand_up
from yiyu.registry.offices.importing import Receipts, receive
from yiyu.registry.offices.keys import fingerprint, office_key
from yiyu.registry.offices.listing import tree
from yiyu.registry.rules.districts import district_name
from yiyu.registry.session import OfficeSession


@dataclass(frozen=True, slots=True)
class PublicKey:
    """What the office above is told of this one; ``fingerprint``: to be read out over the telephone."""

    region: str
    name: str
    key: str
    fingerprint: str


def key(office: OfficeSession, *, again: bool = False) -> PublicKey:
    """The public half of the office's key, which is made when first asked for; ``again``: the old one was lost.

    Raises ProgramFault without the extra ``office``, FileFault for a key that was lost, that others can read, or that is none.
    """
    public, region = office_key(office, again=again).public, office.workspace.config.region
    return PublicKey(region, district_name(region), public, fingerprint(public))


def import_(office: OfficeSession, packages: Sequence[Path], *, reason: str = "", dry_run: bool = False) -> Receipts:
    """Take in packages of offices below, each judged by itself; ``reason``: why one whose chain does not go on is taken.

    What was refused is told in ``refused``; of a single package it is raised.
    """
    return receive(office, packages, reason=reason.strip(), dry_run=dry_run)


class Offices(Group):
    """Offices above and below."""

    command = "office"

    key = action(key)
    export = action(hand_up, writes=("path",))
    import_ = action(import_, reads=("packages",))
    list = action(tree)
    conflicts = action(conflicts)
    hand_down = action(hand_down, reads=("templates",), writes=("path",))
    adopt = action(adopt, reads=("path",))
