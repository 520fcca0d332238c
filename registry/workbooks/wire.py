"""What passes between the program and the child process that parses a workbook."""

import msgspec

NOT_CALCULATED = "#公式未计算"
"""Stands for a formula saved without its result, as programs that write workbooks leave them."""
SECONDS = 30
"""Of processor time that reading may take: the clock says little of a machine with other work. A roster of 100,000 rows takes 18."""
WireCell = str | int | float | bool | list[str] | None
"""A date is a list of its ISO form; JSON has no other way to tell it from text."""


class WireSheet(msgspec.Struct, frozen=True):
    """One sheet: rows from A1, merges (first row, first column, last row, last column), and what a reader does not see.

    ``hidden_rows`` and ``hidden_columns`` count from 0, as do ``struck``, the cells that are crossed out (row, column).
    """

    name: str
    rows: list[list[WireCell]]
    merges: list[tuple[int, int, int, int]]
    hidden: bool = False
    hidden_rows: list[int] = []
    hidden_columns: list[int] = []
    filtered: bool = False
    struck: list[tuple[int, int]] = []


class WorkbookAnswer(msgspec.Struct, frozen=True):
    """Sheets, or why there are none: ``what`` happened and what to do (``remedy``)."""

    sheets: list[WireSheet] = []
    date1904: bool = False
    blind: bool = False
    """Of an old format: which rows are hidden or crossed out cannot be seen."""
    what: str = ""
    remedy: str = ""
