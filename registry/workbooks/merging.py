"""The three-way merge of a cell: what it said when we wrote it, what the registry says now, what the file says now."""

from enum import Enum, auto


class Merge(Enum):
    SAME = auto()
    """The file says what the registry says."""
    REGISTRY = auto()
    """Only the registry has moved on: what the file still says from then is no wish."""
    FILE = auto()
    """Only the file was changed: its value is wanted."""
    CONFLICT = auto()
    """Both were changed, each to something else: a person decides."""

    @property
    def wanted(self) -> bool:
        """Whether the file asks for a change."""
        return self in (Merge.FILE, Merge.CONFLICT)


def merge_cell(base: str | None, ours: str, theirs: str) -> Merge:
    """What to do with a cell: ``base`` as we wrote it, ``ours`` the registry, ``theirs`` the file; texts or digests.

    A base of None is like neither side. Of a file that somebody else wrote take "" as the base: what it says where the
    registry has nothing is wanted, what it says otherwise is a conflict, and its blanks say nothing.
    """
    if theirs == ours:
        return Merge.SAME
    if theirs == base:
        return Merge.REGISTRY
    return Merge.FILE if ours == base else Merge.CONFLICT
