"""The three-way merge of a cell: what a file said when we wrote it, what the registry says now, what the file says now."""

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


def merge_cell(*, differs: bool, file_changed: bool, registry_changed: bool) -> Merge:
    """What to do with a cell; ``file_changed`` and ``registry_changed`` are seen from what was written.

    A file that somebody else wrote counts as changed in every cell it holds, and the registry as not.
    """
    if not differs:
        return Merge.SAME
    if not file_changed:
        return Merge.REGISTRY
    return Merge.CONFLICT if registry_changed else Merge.FILE
