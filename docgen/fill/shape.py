"""What can be proved of a template's markup before any data is seen.

Every branch and loop body is walked as if written once, with a stack of open elements. If each leaves the stack as it
found it, every document is well-formed whatever the data; if cell counts cannot change either, docxtpl's repair of table
grids would find nothing to do. What cannot be proved is checked document by document instead.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from jinja2 import nodes

_TAG = re.compile(r"<(/?)([^\s/>]+)([^>]*?)(/?)>")
_SPAN = re.compile(r'\sw:val="(\d+)"')


_ONCE = frozenset({
    "w:bookmarkStart", "w:bookmarkEnd", "w:commentRangeStart", "w:commentRangeEnd", "w:commentReference", "w:footnoteReference",
    "w:endnoteReference", "wp:docPr", "w:sdt", "w:sdtPr", "w14:checkbox", "w:fldChar", "w:instrText", "w:fldSimple", "w:txbxContent",
    "w:permStart", "w:permEnd",
})  # fmt: skip
"""What may stand only once, or is judged by what it holds: in a branch or loop each document is looked at."""
_STORIES = frozenset({"w:hdr", "w:ftr", "w:footnote"})
"""What a branch writes right into one of these may be all it has."""
_WRITTEN_INTO = frozenset({"w:instrText", "w:instr"})
_STATED = re.compile(r'\sw14:val="(?:0|1|true|false)"')


@dataclass(frozen=True, slots=True)
class PartShape:
    """What holds for all data.

    ``balanced``: the part is well-formed. ``grids_fixed``: docxtpl's fix_tables would change nothing, for tables that may
    lose all their rows (``may_be_empty``) as long as they keep one. ``sound``: what :mod:`yiyu.docgen.fill.gate` finds in
    one filled part it finds in all whose tables keep a row and, where ``cells_may_end_bare``, whose cells end with a paragraph.
    """

    balanced: bool
    grids_fixed: bool
    may_be_empty: bool = False
    sound: bool = False
    cells_may_end_bare: bool = False


@dataclass(slots=True)
class _Table:
    number: int
    branch: int
    grid: int = 0
    rows: list[tuple[int, int, bool]] = field(default_factory=list)
    """Cells, grid columns spanned, and whether the row is always there."""
    row: int = 0
    """Number of the open row, 0 between rows; then its cells and the columns they span so far."""
    cells: int = 0
    span: int = 0
    rows_only: bool = True
    """Nothing but rows stands after the grid."""

    @property
    def state(self) -> tuple[int, ...]:
        return self.number, self.grid, self.row, self.cells, self.span


class _Unprovable(Exception):
    pass


def shape_of(tree: nodes.Template) -> PartShape:
    """Walk a prepared tree (see fill.tree)."""
    walk = _ShapeWalk()
    try:
        walk.body(tree.body)
    except _Unprovable:
        return PartShape(balanced=False, grids_fixed=False)
    balanced = not walk.stack and not walk.tail
    fixed = balanced and walk.grids_fixed
    sound = fixed and walk.sound
    return PartShape(
        balanced=balanced,
        grids_fixed=fixed,
        may_be_empty=walk.may_be_empty,
        sound=sound,
        cells_may_end_bare=walk.cells_bare,
    )


class _ShapeWalk:
    def __init__(self) -> None:
        self.stack: list[str] = []
        self.tables: list[_Table] = []
        self.tail = ""
        self.branch = 0
        self.opened_so_far = 0
        self.grids_fixed = True
        self.may_be_empty = False
        self.sound = True
        self.cells_bare = False
        self.box = False
        self.cells: list[tuple[int, bool]] = []
        """Of each open cell: in which branch it was opened, and whether it now ends with a paragraph whatever the data."""

    def body(self, body: Iterable[nodes.Node]) -> None:
        for node in body:
            self.sound = self.sound and (isinstance(node, nodes.Output) or not self.in_box)
            match node:
                case nodes.Output():
                    for child in node.nodes:
                        if isinstance(child, nodes.TemplateData):
                            self.text(child.data)
                        elif self.tail or self.in_box or (self.stack and self.stack[-1] in _WRITTEN_INTO):
                            self.sound = False
                case nodes.If():
                    for branch in (node.body, *(elif_.body for elif_ in node.elif_), node.else_):
                        self.branched(branch)
                case nodes.For():
                    self.branched(node.body)
                    self.branched(node.else_)
                case nodes.With():
                    self.branched(node.body)
                case nodes.Macro() | nodes.CallBlock() | nodes.AssignBlock() | nodes.FilterBlock():
                    # Its text appears elsewhere, any number of times; plain text harms nowhere.
                    if any("<" in data.data for data in node.find_all(nodes.TemplateData)):
                        raise _Unprovable

    @property
    def in_box(self) -> bool:
        """Inside a check box whose state is written down: what it shows may contradict that."""
        return self.box and "w:sdtContent" in self.stack

    def branched(self, body: list[nodes.Node]) -> None:
        """Walk what may run any number of times, and ask that it leaves everything as it was."""
        stack, tail, tables = list(self.stack), self.tail, [table.state for table in self.tables]
        self.branch += 1
        self.body(body)
        self.branch -= 1
        if self.stack != stack or bool(self.tail) != bool(tail) or (tail and not self.tail.startswith(tail)):
            raise _Unprovable
        self.tail = tail
        self.grids_fixed = self.grids_fixed and [table.state for table in self.tables] == tables

    def text(self, text: str) -> None:
        if self.tail and ("<" in text.partition(">")[0]):
            raise _Unprovable
        text = self.tail + text
        if "<!" in text:
            raise _Unprovable  # a comment could hide anything
        end = text.rfind("<")
        cut = end if end > text.rfind(">") else len(text)
        self.tail = text[cut:]
        for closing, name, attributes, empty in _TAG.findall(text[:cut]):
            if name.startswith("?"):
                continue
            if closing:
                self.closed(name)
            else:
                self.opened(name, attributes)
                if empty:
                    self.closed(name)

    def opened(self, name: str, attributes: str) -> None:
        parents = self.stack[-2:]
        table = self.tables[-1] if self.tables else None
        self.opened_so_far += 1
        self.sound = self.sound and not (self.branch and (name in _ONCE or _STORIES & set(parents[-1:])))
        if name in ("w:sdt", "w14:checked"):
            self.box = _STATED.search(attributes) is not None
        if name == "w:tc":
            self.cells.append((self.branch, False))
        elif parents[-1:] == ["w:tc"] and self.cells:
            self.cells[-1] = (self.cells[-1][0], name == "w:p" and self.cells[-1][0] == self.branch)
        match name:
            case "w:tbl":
                self.tables.append(_Table(self.opened_so_far, self.branch))
            case "w:gridCol" if table and parents == ["w:tbl", "w:tblGrid"]:
                table.grid += 1
            case "w:tr" if table:
                table.row, table.cells, table.span = self.opened_so_far, 0, 0
            case "w:tc" if table:
                self.grids_fixed = self.grids_fixed and parents[-1:] == ["w:tr"]
                table.cells += 1
                table.span += 1
            case "w:gridSpan" if table:
                width = _SPAN.search(attributes)
                self.grids_fixed = self.grids_fixed and width is not None and parents == ["w:tc", "w:tcPr"]
                table.span += int(width.group(1)) - 1 if width else 0
            case "w:tblPr" | "w:tblGrid":
                pass
            case _ if table and parents[-1:] == ["w:tbl"]:
                table.rows_only = False
        self.stack.append(name)

    def closed(self, name: str) -> None:
        if not self.stack or self.stack.pop() != name:
            raise _Unprovable
        if name == "w:tc" and self.cells:
            self.cells_bare = not self.cells.pop()[1] or self.cells_bare
        if name == "w:tr" and self.tables:
            inner = self.tables[-1]
            # docxtpl counts the rows of nested tables to the outer one as well.
            for table in self.tables:
                table.rows.append((inner.cells, inner.span, self.branch == table.branch))
            inner.row = inner.cells = inner.span = 0
        elif name == "w:tbl" and self.tables:
            table = self.tables.pop()
            fits = all(cells <= table.grid and span <= table.grid for cells, span, _ in table.rows)
            full = any(span == table.grid and always for _, span, always in table.rows)
            if not full and table.rows_only and all(span == table.grid for _, span, _ in table.rows):
                full = self.may_be_empty = True
            self.grids_fixed = self.grids_fixed and fits and full
