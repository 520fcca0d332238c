"""Tables of a sheet that is a known export: told by its headings, refused with what changed, read by its own columns.

A sheet that is no known export is read by headings as any roster is. So is one to which somebody has added columns we
know: it is nobody's export any more.
"""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.columns import COLUMNS, with_person_in_charge
from yiyu.registry.institutions.known_layouts import AUTO, NONE, Layout, known_layouts, layout_named
from yiyu.registry.workbooks.grid import Grid
from yiyu.registry.workbooks.headings import Headings, heading_key
from yiyu.registry.workbooks.layout import SourceTable, find_tables, is_serial, place
from yiyu.registry.workbooks.text import clean_line

_ROWS_LOOKED_AT, _LONGEST = 20, 40
_FEWEST_ASKED = 2
"""Of the columns of a layout that was asked for, a row has so many or is no row of its headings."""
_ALIKE = 0.5
_REMEDY = (
    "请核对新导出的表；确实只是列名变了的，加 --layout none 只按列名读（工作台上在“表样”里选“只按列名读”），"
    "不认识的列用 --heading 指明"
)


@dataclass(frozen=True, slots=True)
class LayoutChange:
    """What of an export's columns is otherwise than its layout says."""

    missing: tuple[str, ...]
    added: tuple[str, ...]
    renamed: tuple[tuple[str, str], ...]
    """Heading of the layout, and the one that may be it now."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.added or self.renamed)

    def __str__(self) -> str:
        parts = [
            f"少了{_quoted(self.missing)}" if self.missing else "",
            f"多了{_quoted(self.added)}" if self.added else "",
            f"可能改名：{'、'.join(f'“{old}”→“{new}”' for old, new in self.renamed)}" if self.renamed else "",
        ]
        return "；".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class _Header:
    layout: Layout
    row: int
    headings: Sequence[str]
    titled: bool

    @property
    def matched(self) -> int:
        """How many of the layout's columns are there."""
        return len({heading_key(one) for one in self.headings} & self.layout.keys.keys())


class RosterTables:
    """Finds the tables of each sheet of a roster; ``wanted``: ``auto``, ``none``, or the name of a layout.

    Raises NotFound for a name nobody has.
    """

    def __init__(self, headings: Headings, own: Mapping[str, Sequence[str]], wanted: str, path: Path) -> None:
        """``headings``: of any roster, with those of the office by field, ``own``, among them."""
        self._headings, self._words, self._own, self._path = headings, own, Headings(own), path
        self._asked = None if wanted in (AUTO, NONE) else layout_named(wanted)
        self._known = [self._asked] if self._asked else [] if wanted == NONE else [*known_layouts().values()]
        self.found: list[Layout] = []

    @property
    def readable(self) -> Headings:
        """All headings by which a text file shows that it was decoded rightly."""
        words = (*(layout.fields for layout in self._known), {name: one.headings for name, one in COLUMNS.items()})
        return Headings(self._words, *words) if self._known else self._headings

    def __call__(self, grid: Grid) -> list[SourceTable]:
        """Raises BadInput where the sheet is a known export whose columns changed, and as find_tables does."""
        header = self._header(grid)
        if header is None:
            if self._asked:
                return []
            return [with_person_in_charge(table) for table in find_tables(grid, self._headings, required=("name",))]
        if change := self._change(header):
            where = f"{self._path} {place(grid, header.row)}".strip()
            what = f"列和表样“{header.layout.title}”的不一样了，没有导入：{change}"
            raise BadInput(what, where=where, remedy=_REMEDY, code="layout-changed")
        self.found.append(header.layout)
        return [*self._tables(grid, header.layout)]

    def is_known(self, grid: Grid) -> bool:
        """Whether the sheet is a known export, changed or not."""
        return self._header(grid) is not None

    def refuse_unfound(self) -> None:
        """Raise BadInput where a layout was asked for and no sheet has its headings."""
        if self._asked and not self.found:
            wanted = "、".join(self._asked.required)
            raise BadInput(
                f"没有找到表样“{self._asked.title}”的表头，没有导入",
                where=str(self._path),
                remedy=f"它的列是：{wanted}；不是这种表的，请去掉 --layout",
            )

    def _tables(self, grid: Grid, layout: Layout) -> Iterator[SourceTable]:
        unread = {key for key, heading in layout.keys.items() if not layout.columns[heading]}
        for table in find_tables(grid, Headings(self._words, layout.fields), required=("name",)):
            kept = {at: text for at, text in table.headings.items() if heading_key(text) not in unread}
            yield replace(table, headings=kept, kind=layout.kind)

    def _header(self, grid: Grid) -> _Header | None:
        """The row of headings of the layout that has most of its columns there, of those the sheet is."""
        rows = [(at, _texts(row)) for at, row in enumerate(grid.rows[:_ROWS_LOOKED_AT])]
        lines = {clean_line(text) for text in (grid.sheet, *(texts[0] for _, texts in rows if len(texts) == 1))}
        every = (
            _Header(layout, at, texts, not lines.isdisjoint(layout.titles))
            for layout in self._known
            for at, texts in rows
            if len(texts) > 1
        )
        return max(filter(self._is, every), key=lambda one: one.matched / len(one.layout.required), default=None)

    def _is(self, header: _Header) -> bool:
        """Whether a row is that of the layout's headings, changed or not."""
        layout, matched = header.layout, header.matched
        if self._asked:
            return matched >= _FEWEST_ASKED
        if header.titled:
            return matched * 2 >= len(layout.required)
        there = {heading_key(one) for one in header.headings}
        signs = sum(heading_key(one) in there for one in layout.signs)
        most = matched * 3 >= len(layout.required) * 2 and matched * 3 >= len(header.headings) * 2
        return most and signs * 2 >= len(layout.signs) and not self._extended(header)

    def _extended(self, header: _Header) -> bool:
        """Whether it has every column of the layout and others that any roster may have."""
        change = self._change(header)
        known = all(self._headings.recognise([one]) for one in change.added)
        return bool(change.added) and known and not change.missing and not change.renamed

    def _change(self, header: _Header) -> LayoutChange:
        """What is otherwise; a heading the office itself has explained stands for the column of its field."""
        layout = header.layout
        there = {heading_key(one): one for one in header.headings}
        missing = [one for one in layout.required if heading_key(one) not in there]
        added = [one for key, one in there.items() if key not in layout.keys]
        explained = {one: found[1] for one in added if (found := self._own.recognise([one]))}
        missing = [one for one in missing if layout.columns[one] not in explained.values()]
        added = [one for one in added if one not in explained]
        renamed: list[tuple[str, str]] = []
        for old in [*missing]:
            if new := self._renamed(old, layout.columns[old], added):
                renamed.append((old, new))
                missing.remove(old)
                added.remove(new)
        return LayoutChange(tuple(missing), tuple(added), tuple(renamed))

    def _renamed(self, old: str, field: str, added: Sequence[str]) -> str:
        """The added heading that means the same field in any roster, else the one most like it, else ""."""
        same = (one for one in added if field and (found := self._headings.recognise([one])) and found[1] == field)
        close = difflib.get_close_matches(old, added, n=1, cutoff=_ALIKE)
        return next(same, close[0] if close else "")


def _texts(row: Sequence[object]) -> list[str]:
    texts = (clean_line(cell) for cell in row if isinstance(cell, str) and 0 < len(cell.strip()) <= _LONGEST)
    return [text for text in texts if not is_serial(text)]


def _quoted(headings: Sequence[str]) -> str:
    return "、".join(f"“{one}”" for one in headings)
