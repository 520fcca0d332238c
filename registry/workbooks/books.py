"""A file opened for its tables: every sheet looked into, what a reader does not see kept apart, nothing left out unsaid."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.errors import BadInput
from yiyu.registry.workbooks.grid import Grid
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.layout import SourceTable
from yiyu.registry.workbooks.loading import load_grids
from yiyu.registry.workbooks.records import HIDDEN, LeftOut, LeftRow, repeated_headings
from yiyu.registry.workbooks.rows import same_heading
from yiyu.registry.workbooks.text import column_letter


@dataclass(frozen=True, slots=True)
class OpenedBook:
    """``grids``: the sheets looked into. ``left``: what is no record or waits, filled further while rows are read."""

    grids: Sequence[Grid]
    tables: Sequence[SourceTable]
    left: LeftOut
    unread: Sequence[str]
    """Sheets without a table, in words."""
    notes: Sequence[str]
    """What a person should know of what was read, in words."""


def open_book(
    path: Path,
    headings: Headings,
    find: Callable[[Grid], list[SourceTable]],
    *,
    sheet: str | None = None,
    accept: Collection[str] = (),
    own: Collection[str] = (),
) -> OpenedBook:
    """Open a file and ``find`` the tables of each sheet; one that is hidden is read if named by ``sheet`` or accepted.

    ``own``: fields whose column we hide ourselves. Raises as load_grids and ``find`` do.
    """
    left = LeftOut(accept)
    grids: list[Grid] = []
    tables: list[SourceTable] = []
    unread: list[str] = []
    for grid in load_grids(path, headings, sheet=sheet):
        waits = grid.hidden and sheet is None and HIDDEN not in accept
        found = _of_hidden(grid, find) if waits else find(grid)
        if found and waits:
            left.waiting.append(LeftRow(grid.sheet, 0, "隐藏的工作表", f"{found[-1].last - found[0].first + 1} 行"))
            continue
        tables += found
        grids += [] if waits else [grid]
        if grid.rows and not found:
            unread.append(f"工作表“{grid.sheet}”{'（隐藏）' if grid.hidden else ''}")
    repeated_headings(tables, left)
    notes = [*_hidden_columns(tables, own)]
    if any(grid.blind for grid in grids):
        notes.append("旧格式（.xls、.et）看不出隐藏、划掉的行和错误值，请核对；另存为 .xlsx 后能看出")
    return OpenedBook(grids, tables, left, unread, notes)


def unread_columns(table: SourceTable) -> Iterator[str]:
    """The columns nobody takes, and those that only fill what another column of their meaning leaves blank, in words."""
    yield from (f"列“{text}”" for text in table.free.values())
    for name, columns in table.more.items():
        first = table.headings[table.columns[name]]
        if name != "phone":
            taken = set(table.columns.values())
            rest = (one for one in columns if one not in taken and not same_heading(table, name, one))
            others = (table.headings[column] for column in rest)
            yield from (f"列“{text}”（与“{first}”同义，只在其空白时读入）" for text in others)


def _of_hidden(grid: Grid, find: Callable[[Grid], list[SourceTable]]) -> list[SourceTable]:
    try:
        return find(grid)
    except BadInput:  # nothing of it is read
        return []


def _hidden_columns(tables: Sequence[SourceTable], own: Collection[str]) -> Iterator[str]:
    for table in tables:
        for name, column in table.columns.items():
            if column in table.grid.hidden_columns and name not in own:
                place = f"工作表“{table.grid.sheet}”{column_letter(column)}列"
                yield f"{place}“{table.headings[column]}”是隐藏的，也已读入"
