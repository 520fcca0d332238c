"""Who works in the office from a browser: roles, what each may do, and the 旗区 one is limited to. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

ROLE_LABEL = {"clerk": "经办", "manager": "管理", "archivist": "档案", "reader": "只读", "keeper": "保管"}
"""Role to its word; a person may have several, as in a small office one does all."""
DEEDS: dict[str, frozenset[str]] = {
    "look": frozenset(ROLE_LABEL),
    "roster": frozenset({"clerk"}),
    "draft": frozenset({"clerk"}),
    "print": frozenset({"clerk", "manager", "archivist"}),
    "sign": frozenset({"clerk", "manager"}),
    "decide": frozenset({"manager"}),
    "visit": frozenset({"clerk"}),
    "scan": frozenset({"archivist"}),
    "report": frozenset({"manager"}),
    "hand_up": frozenset({"manager", "keeper"}),
    "keep": frozenset({"keeper"}),
}
"""What is done on a page, to the roles that may: look at lists, bring in a roster, draft and renew, make documents, record
signing and sealing, end or waive, record visits, bring scans home and file, issue reports, hand packages up and take them in, keep the office itself.
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A person with a login. ``district``: the code of the 旗区 one is limited to, "" for the whole office.

    ``epoch`` grows with each change of password, role or 旗区: a login made before it holds no more.
    """

    id: int
    name: str
    roles: tuple[str, ...]
    district: str
    epoch: int
    password: str
    invited_until: str
    closed: bool

    def may(self, deed: str) -> bool:
        """Whether one of the roles allows a deed of :data:`DEEDS`."""
        return may(self.roles, deed)


def may(roles: Collection[str], deed: str) -> bool:
    """Whether any of the roles allows the deed."""
    return not DEEDS[deed].isdisjoint(roles)
