"""A sheet as rows of plain cells, whatever file it came from."""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from yiyu.registry.workbooks.text import Cell

Span = tuple[int, int, int, int]
"""First row, first column, last row, last column; 0-based, inclusive."""

_TALLEST_HEADER = 3


@dataclass(frozen=True, slots=True)
class Grid:
    """``rows[r][c]`` from A1 on; rows may be of different length. ``sheet`` is "" for CSV.

    A cell whose value the file does not hold has the error's text, or :data:`NOT_CALCULATED`.
    """

    sheet: str
    rows: Sequence[Sequence[Cell]]
    merges: Sequence[Span] = ()
    date1904: bool = False
    """Serial numbers count from 1904-01-01."""
    hidden: bool = False
    """The sheet is not shown."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    filtered: bool = False
    """A filter is set: rows not shown are those it leaves out."""
    struck: frozenset[tuple[int, int]] = frozenset()
    """Cells crossed out, as (row, column)."""
    blind: bool = False
    """Whether rows are hidden or crossed out cannot be seen: of a file in an old format."""

    def cell(self, row: int, column: int) -> Cell:
        """A cell, or None outside the rows."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            value = self.rows[row][column]
            return None if value == "" else value
        return None

    def wide_merges(self) -> dict[int, list[Span]]:
        """The merges of several columns by each row they touch; taller than a header is no header."""
        by_row: dict[int, list[Span]] = {}
        for span in self.merges:
            if span[3] > span[1] and span[2] - span[0] < _TALLEST_HEADER:
                for row in range(span[0], span[2] + 1):
                    by_row.setdefault(row, []).append(span)
        return by_row


class TallMerges:
    """Vertical merges: every cell of one means its top cell."""

    def __init__(self, merges: Sequence[Span]) -> None:
        self._by_column: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, right in merges:
            if left == right and bottom > top:
                self._by_column.setdefault(left, []).append((top, bottom))
        for spans in self._by_column.values():
            spans.sort()

    def top(self, row: int, column: int) -> int:
        """The row whose cell speaks for this one: its own outside a merge."""
        spans = self._by_column.get(column, [])
        at = bisect.bisect_right(spans, row, key=lambda span: span[0]) - 1
        return spans[at][0] if at >= 0 and row <= spans[at][1] else row
