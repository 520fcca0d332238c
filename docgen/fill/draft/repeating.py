"""Rows of a table that repeat: a heading row over empty rows, or a row in another dialect's loop. Pure."""

import re
from dataclasses import dataclass

from yiyu.docgen.fill.draft.form import Cell, Form
from yiyu.docgen.fill.draft.labels import read_column
from yiyu.docgen.fill.draft.proposal import LOOP_ITEM, LOOP_LIST, BlankKind, Proposal

_FILLER = re.compile(r"[\d一二三四五六七八九十.．、…．\s　_＿—/]*")
_CELL_TAG = re.compile(r"\{\{?[ 　]*(\w+)[ 　]*\}\}?|\[(\w+)\]")
_OPEN, _CLOSE = re.compile(r"\{[#][ 　]*\w+[ 　]*\}"), re.compile(r"\{/[ 　]*\w*[ 　]*\}")
_FEWEST = 2
"""Columns known to be of the service list before rows are taken for it."""


@dataclass(frozen=True, slots=True)
class RowLoop:
    """A row printed once for each 服务项目: the line it is found by, the surplus rows, and the proposals of its cells.

    ``lines``: every line of the model row and the surplus ones; ``surplus``: a line of each row that goes.
    ``head``: a line of the row above, where a comment can stand; ``marks``: spans that are part of it.
    """

    model: int
    head: int
    surplus: tuple[int, ...]
    lines: frozenset[int]
    proposals: tuple[Proposal, ...]
    marks: frozenset[tuple[int, int]] = frozenset()

    @property
    def opening(self) -> str:
        """The tag of the row before."""
        return f"{{%tr for {LOOP_ITEM} in {LOOP_LIST} %}}"


CLOSING = "{%tr endfor %}"


def row_loops(form: Form) -> tuple[RowLoop, ...]:
    """Give the rows that repeat, at most one run a heading."""
    found = []
    for rows in form.tables.values():
        for at, head in enumerate(rows[:-1]):
            loop = _marked(form, head, rows[at + 1]) or _empty_rows(form, head, rows[at + 1 :])
            if loop:
                found.append(loop)
                break
    return tuple(found)


def _columns(head: list[Cell], row: list[Cell]) -> dict[int, str]:
    """Field of each column of ``row``, by its grid column; none unless it is a list of services."""
    fields = {cell.column: read_column(cell.text) for cell in head}
    known = {column: field for column, field in fields.items() if field}
    services = {"项目", "内容"} & set(known.values())
    enough = len(known) >= _FEWEST and 2 * len(known) >= len(head) and services
    return known if enough and [one.column for one in head] == [one.column for one in row] else {}


def _empty_rows(form: Form, head: list[Cell], rows: list[list[Cell]]) -> RowLoop | None:
    own = []
    for row in rows:
        if [cell.column for cell in row] != [cell.column for cell in head]:
            break
        if not all(_FILLER.fullmatch(cell.text) for cell in row):
            break
        own.append(row)
    if not own or not (columns := _columns(head, own[0])):
        return None
    proposals = tuple(_cell(form, cell, columns[cell.column], head) for cell in own[0] if cell.column in columns)
    lines = frozenset(index for row in own for cell in row for index in cell.lines)
    surplus = tuple(row[0].lines[0] for row in own[1:])
    return RowLoop(own[0][0].lines[0], head[0].lines[0], surplus, lines, _unique(proposals))


def _unique(proposals: tuple[Proposal, ...]) -> tuple[Proposal, ...]:
    return tuple({one.field: one for one in reversed(proposals)}.values())[::-1]


def _cell(form: Form, cell: Cell, field: str, head: list[Cell]) -> Proposal:
    title = next(one.text for one in head if one.column == cell.column).replace("\n", "")
    index = cell.lines[0]
    return _proposal(form, index, 0, len(form.lines[index].text), field, f"空行上面的列名是“{title}”，逐项重复")


def _proposal(form: Form, index: int, start: int, end: int, field: str, reason: str) -> Proposal:
    path, line = f"{LOOP_LIST}[].{field}", form.lines[index]
    title = form.column_label(index).replace("\n", "") or field
    return Proposal(0, line.place, f"{title}〔　〕", BlankKind.ROWS, path, reason, (), index, start, end)


def _marked(form: Form, head: list[Cell], row: list[Cell]) -> RowLoop | None:
    """A row between {#items} and {/items}, as docxtemplater repeats it."""
    text = "".join(cell.text for cell in row)
    if not (_OPEN.search(text) and _CLOSE.search(text)):
        return None
    titles = {cell.column: cell.text for cell in head}
    proposals, marks = [], set()
    for cell in row:
        for index in cell.lines:
            line = form.lines[index].text
            marks |= {(index, found.start()) for pattern in (_OPEN, _CLOSE) for found in pattern.finditer(line)}
            for found in _CELL_TAG.finditer(line):
                name = found[1] or found[2]
                if field := read_column(name) or read_column(titles.get(cell.column, "")):
                    reason = f"循环里的“{name}”，列名是“{titles.get(cell.column, '')}”"
                    proposals.append(_proposal(form, index, *found.span(), field, reason))
    if not proposals:
        return None
    lines = frozenset(index for cell in row for index in cell.lines)
    return RowLoop(row[0].lines[0], head[0].lines[0], (), lines, tuple(proposals), frozenset(marks))
