"""A form as drafting sees it: its lines, the cells of its tables, and whose blank stands where. Pure."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from yiyu.docgen.fill.draft.blanks import find_blanks
from yiyu.docgen.fill.draft.labels import compact, side_in
from yiyu.docgen.fill.draft.proposal import Blank
from yiyu.docgen.fill.lint.paragraphs import Paragraph, Spot
from yiyu.docgen.fill.lint.sides import assign
from yiyu.docgen.fill.lint.trial import Line
from yiyu.registry.model import DocKind

_FAR = 200
"""Characters back that are looked at for a side."""
_LABEL = 24
"""Characters of the longest label of a cell."""


NOWHERE = Spot()


@dataclass(frozen=True, slots=True)
class FormLine:
    """One paragraph of a form. ``text`` has underlined spaces as "_", each character in its place.

    ``controls``: start, end and name of the content controls in it that still ask for a value.
    """

    part: str
    place: str
    text: str
    spot: Spot = NOWHERE
    controls: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: the indices of its lines and their text."""

    lines: tuple[int, ...]
    text: str
    row: int
    column: int

    @property
    def label(self) -> str:
        """The text where it is a label, else ""."""
        plain = compact(self.text)
        asks = any(one.start < len(self.text.rstrip("：: 　")) for one in find_blanks(self.text))
        return self.text.strip() if plain and len(plain) <= _LABEL and not asks else ""


@dataclass(frozen=True)
class Form:
    """The lines of a form and the kind of document it is (None: unknown)."""

    lines: Sequence[FormLine]
    kind: DocKind | None = None
    title: str = ""

    @cached_property
    def has_third(self) -> bool:
        """Whether a 丙方 is named: only then does 妇幼保健机构 mean it."""
        return any("丙方" in compact(line.text) for line in self.lines)

    @cached_property
    def blanks(self) -> tuple[tuple[Blank, ...], ...]:
        """The blanks of each line."""
        return tuple(find_blanks(line.text, line.controls) for line in self.lines)

    @cached_property
    def tables(self) -> dict[int, list[list[Cell]]]:
        """Rows of cells of each table, by its number."""
        cells: dict[tuple[int, int, int], list[int]] = defaultdict(list)
        for index, line in enumerate(self.lines):
            if line.spot.cell:
                cells[line.spot.table, line.spot.row, line.spot.cell].append(index)
        found: dict[int, dict[int, list[Cell]]] = defaultdict(lambda: defaultdict(list))
        for (table, row, _), members in cells.items():
            text = "\n".join(self.lines[index].text for index in members)
            found[table][row].append(Cell(tuple(members), text, row, self.lines[members[0]].spot.column))
        return {table: list(rows.values()) for table, rows in found.items()}

    @cached_property
    def cell_of(self) -> dict[int, Cell]:
        """The cell of a line in a table."""
        return {index: cell for rows in self.tables.values() for row in rows for cell in row for index in cell.lines}

    def row_of(self, index: int) -> list[Cell]:
        """The cells of the row a line stands in; none outside tables."""
        spot = self.lines[index].spot
        return next((row for row in self.tables.get(spot.table, []) if row[0].row == spot.row), [])

    def row_label(self, index: int) -> str:
        """The label left of a line's cell; under headings, of the first cell left of it that says anything."""
        cell = self.cell_of.get(index)
        left = [one for one in self.row_of(index) if cell and one.column < cell.column]
        while left and self.column_label(index) and not left[-1].text.strip():
            left.pop()
        return left[-1].label if left else ""

    def column_label(self, index: int) -> str:
        """The label over a line's cell in the first row of its table, where that row is one of headings."""
        cell, rows = self.cell_of.get(index), self.tables.get(self.lines[index].spot.table, [])
        if cell is None or not rows or cell in rows[0] or sum(bool(one.label) for one in rows[0]) < len(rows[0]) - 1:
            return ""
        return next((one.label for one in rows[0] if one.column == cell.column), "")

    def side(self, text: str) -> str:
        """The side a text names last, in this form."""
        named = side_in(compact(text))
        return "甲" if named == "丙" and not self.has_third else named

    def side_of(self, index: int, offset: int) -> tuple[str, str]:
        """The side a blank belongs to, and where that is told; ("", "") for none."""
        line = self.lines[index]
        if piece := self._pieces.get(index):
            known = [role for start, role in piece if start <= offset and role in "甲乙丙"]
            if known and known[-1]:
                return known[-1], "所在段落属于"
        for label, where in ((self._row_side(index), "本行是"), (self.column_label(index), "本列是")):
            if side := self.side(label):
                return side, where
        if side := self._section_side(index):
            return side, "这一栏是"
        if side := self.side(line.text[max(0, offset - _FAR) : offset]):
            return side, "本段前文提到"
        if side := self._title_side:
            return side, "标题说的是"
        return (side, "上文最近提到") if (side := self._named_before[index]) else ("", "")

    def _row_side(self, index: int) -> str:
        row, cell = self.row_of(index), self.cell_of.get(index)
        return row[0].label if row and cell and row[0] is not cell else ""

    def _section_side(self, index: int) -> str:
        """A row of one cell over the line that names a side, with no other such row between."""
        spot = self.lines[index].spot
        above = [row for row in self.tables.get(spot.table, []) if row[0].row < spot.row and len(row) == 1]
        return self.side(above[-1][0].label) if above else ""

    @cached_property
    def _named_before(self) -> list[str]:
        """Of each line the side named last before it."""
        named, last = [], ""
        for line in self.lines:
            named.append(last)
            last = self.side(line.text[-_FAR:]) or last
        return named

    @cached_property
    def _title_side(self) -> str:
        """The side a title is of; "" where it names both kinds of institution."""
        medical = any(word in self.title for word in ("医疗", "医院", "卫生院", "保健院"))
        childcare = any(word in self.title for word in ("托育", "幼儿园", "托班"))
        return "" if medical == childcare else "甲" if medical else "乙"

    @cached_property
    def _pieces(self) -> dict[int, list[tuple[int, str]]]:
        """Start and side of each piece of a line that stands under a label of a side."""
        lines = [Line(index, line.text) for index, line in enumerate(self.lines)]
        paragraphs = [Paragraph(line.part, line.place, line.text, line.spot) for line in self.lines]
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        ends: dict[int, int] = {}
        for piece in assign(lines, paragraphs):
            start = max(self.lines[piece.line].text.find(piece.text, ends.get(piece.line, 0)), 0)
            ends[piece.line] = start + len(piece.text)
            found[piece.line].append((start, piece.role if piece.role in ("甲", "乙", "丙") else ""))
        return dict(found)
