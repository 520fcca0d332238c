"""A column of a workbook, whatever the subject: one description serves reading, writing and correcting."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from yiyu.registry.model import Kind

CellKind = Literal[
    "line",
    "whole",
    "own",
    "kept",
    "paragraphs",
    "lines",
    "name",
    "code",
    "district",
    "day",
    "count",
    "quantity",
    "months",
    "yes_no",
    "phone",
    "choice",
]
"""What a cell holds, and so how it is read (:func:`yiyu.registry.workbooks.cells.read_cell`).

``line``: values on one line, never joined where it was broken; ``whole``: one run of characters, as a code or a name;
``own``: what its subject reads in a way of its own; ``kept``: what we wrote ourselves and read as it stands.
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its ``heading`` in what we write, ``width`` in characters (0: read, never written), other headings.

    A new column is one row of its subject's table ``COLUMNS``, and what its subject does with the value.
    """

    heading: str
    width: float = 12
    aliases: str = ""
    """Separated by blanks; ``负责人/姓名`` stands for two levels."""
    cell: CellKind = "line"
    kinds: tuple[Kind, ...] = (Kind.MEDICAL, Kind.CHILDCARE)
    """Of a roster: the kinds of institution whose workbooks we write with this column."""
    use: Enum | None = None
    """What the subject may do with it, in a word of the subject."""
    shown: bool = False
    """Written for the reader, never read."""
    editable: bool = False
    """Open on a protected page."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Of a choice: what we write, by value."""
    spellings: Mapping[str, str] = field(default_factory=dict)
    """Of a choice: other words, blanks between them, by value."""
    unknown: str = "choice-unknown"
    """Of a choice: the code of the problem where the word is none of them."""
    least: int = 0
    most: int = 99_999

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading it is known by, our own first."""
        return (self.heading, *self.aliases.split())
