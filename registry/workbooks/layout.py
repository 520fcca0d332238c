"""Find the tables in a sheet: header rows of one to three levels, and the rows of data under them."""

import itertools
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from yiyu.registry.errors import BadInput
from yiyu.registry.model import Kind
from yiyu.registry.rules.row_words import skip_reason
from yiyu.registry.workbooks.grid import Grid, Span
from yiyu.registry.workbooks.headings import Headings, is_private
from yiyu.registry.workbooks.text import Cell, clean_line, column_letter, written

_LEVELS = 3
_TITLE_ROWS = 3
_LONGEST_HEADING = 40
_TITLED = frozenset({"", "标题"})
"""What :func:`skip_reason` says of a title; other lines above a heading end the page before."""
HINTS = ("原表位置", "问题说明", "原表标题")
"""Headings of what a problems workbook tells the person who corrects it; no field has them, so reading leaves them out."""
_SERIAL = re.compile("序号|编号|№|no")
_HEADING_WORD = re.compile(
    r"(?:名称?|姓名|全称|号码?|序号|电话|方式|地址?|住址|时间|日期|数量?|人数|[类种]别|类型|性质|等级|级别|旗区|区域|区县|街道|乡镇|所在地"
    r"|备注|代码|状态|情况|单位|机构|人员?|负责人|联系人|内容|项目|形式|期限)(?:[(（].*[)）])?[:：*]?$"
)
_FEWEST_LIKELY = 2
_ROWS_SEEN, _MOST_SEEN, _LONGEST_SEEN = 10, 20, 20
_PRIVACY_ROWS = 10
"""Rows looked at for headings of children's data when a sheet has no table we know."""


@dataclass(frozen=True, slots=True)
class SourceTable:
    """``columns``: field to 0-based column; data in rows ``first`` to ``last`` (0-based, inclusive)."""

    grid: Grid
    columns: Mapping[str, int]
    headings: Mapping[int, str]
    """Every column's own heading as written, levels joined by "/"."""
    first: int
    last: int
    titles: tuple[str, ...]
    """Sheet name, and the rows of a single text just above the headings: title, 填报单位."""
    more: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Further columns of a field, from the left; :func:`yiyu.registry.workbooks.rows.row_cells` joins them."""
    kind: Kind | None = None
    """Of a known export: whom it lists; None: the table has to tell."""
    continues: bool = False
    """The headings of the table above stand again, without a title: it goes on, on another page."""

    @property
    def free(self) -> dict[int, str]:
        """Columns no field takes with their headings, but for 序号 and the hints of a problems workbook."""
        taken = {*self.columns.values(), *(column for columns in self.more.values() for column in columns)}
        return {column: text for column, text in self.headings.items() if column not in taken and not is_serial(text)}


@dataclass(frozen=True, slots=True)
class _Header:
    first: int
    last: int
    columns: Mapping[str, int]
    headings: Mapping[int, str]
    more: Mapping[str, Sequence[int]]


def find_tables(grid: Grid, headings: Headings, *, required: Collection[str] = ()) -> list[SourceTable]:
    """Find every table whose headings name all ``required`` fields and at least two in all.

    Raises BadInput for headings that announce children's personal data; no value is shown.
    """
    merges = grid.wide_merges()
    headers: list[_Header] = []
    row = 0
    while row < len(grid.rows):
        header = None
        if _recognised(grid, row, headings) >= min(2, len(headings)):
            header = _best_header(grid, row, headers[-1].last + 1 if headers else 0, headings, merges)
        if header and len(header.columns) >= min(2, len(headings)) and set(required) <= set(header.columns):
            headers.append(header)
            row = header.last
        row += 1
    _refuse_private(grid, headers)
    ends = [*(header.first - 1 for header in headers[1:]), len(grid.rows) - 1][: len(headers)]
    return [
        SourceTable(
            grid, h.columns, h.headings, h.last + 1, end, titles, h.more, continues=_continues(before, h, titles)
        )
        for before, h, end in zip([None, *headers], headers, ends)  # noqa: B905 - the last has none after it
        for titles in [_titles(grid, before.last + 1 if before else 0, h.first)]
    ]


def is_serial(heading: str) -> bool:
    """Whether a column only counts the rows, or is of those we add for who corrects them."""
    return heading in HINTS or _SERIAL.match(heading.lower()) is not None


def place(grid: Grid, row: int, column: int | None = None) -> str:
    """Name a cell or row (0-based) as a person finds it: 工作表“东胜区”第5行C列."""
    sheet = f"工作表“{grid.sheet}”" if grid.sheet else ""
    return f"{sheet}第{row + 1}行" + ("" if column is None else f"{column_letter(column)}列")


def _titles(grid: Grid, free: int, row: int) -> tuple[str, ...]:
    rows = grid.rows[max(free, row - _TITLE_ROWS) : row]
    above = [[cell for cell in cells if cell not in (None, "")] for cells in rows]
    return (grid.sheet, *(written(cells[0]) for cells in above if len(cells) == 1))


def _continues(before: _Header | None, header: _Header, titles: tuple[str, ...]) -> bool:
    same = before is not None and [*before.headings.items()] == [*header.headings.items()]
    return same and not any(skip_reason(title) in _TITLED for title in titles[1:])


def headings_seen(grids: Sequence[Grid], headings: Headings) -> str:
    """What the first rows look to have for headings, by sheet, in words; "" where nothing looks like one."""
    found = {grid.sheet: likely_headings(grid, headings) for grid in grids}
    return "；".join(
        f"{f'工作表“{sheet}”：' if sheet else ''}{'、'.join(texts[:_MOST_SEEN])}"
        for sheet, texts in found.items()
        if texts
    )


def likely_headings(grid: Grid, headings: Headings) -> list[str]:
    """The texts of the first row that looks like one of headings; none where no row does."""
    return next(filter(None, (_like_headings(row, headings) for row in grid.rows[:_ROWS_SEEN])), [])


def _like_headings(row: Sequence[Cell], headings: Headings) -> list[str]:
    """The texts of a row where most are or end as headings do; other texts could be a child's data and are not shown."""
    texts = [clean_line(cell) for cell in row if isinstance(cell, str) and cell.strip()]
    likely = [text for text in texts if len(text) <= _LONGEST_SEEN and _may_head(text, headings)]
    if len(likely) < _FEWEST_LIKELY or len(likely) * 2 < len(texts):
        return []
    return [text for text in texts if len(text) <= _LONGEST_SEEN and not any(map(str.isdigit, text))]


def _may_head(text: str, headings: Headings) -> bool:
    return _HEADING_WORD.search(text) is not None or (headings.may_be(text) and headings.recognise([text]) is not None)


def _recognised(grid: Grid, row: int, headings: Headings) -> int:
    texts = [cell for cell in grid.rows[row] if isinstance(cell, str) and 0 < len(cell) <= _LONGEST_HEADING]
    return sum(headings.may_be(text) and headings.recognise([text]) is not None for text in texts)


def _best_header(
    grid: Grid, anchor: int, free: int, headings: Headings, merges: Mapping[int, Sequence[Span]]
) -> _Header | None:
    """The block of one to three rows around ``anchor`` that names most fields; of equals the smallest no merge leaves."""
    blocks = [
        _read_header(grid, first, last, headings, merges)
        for first in range(max(free, anchor - _LEVELS + 1), anchor + 1)
        for last in range(anchor, min(first + _LEVELS, len(grid.rows)))
    ]
    best = max(blocks, key=lambda block: (len(block.columns), block.first - block.last), default=None)
    reach = max((bottom for top, _, bottom, _ in grid.merges if best and best.first <= top <= best.last), default=0)
    if best and best.last < reach < min(best.first + _LEVELS, len(grid.rows)):  # the rest of the cells that are merged
        return _read_header(grid, best.first, reach, headings, merges)
    return best


def _read_header(
    grid: Grid, first: int, last: int, headings: Headings, merges: Mapping[int, Sequence[Span]]
) -> _Header:
    width = max(len(grid.rows[row]) for row in range(first, last + 1))
    levels = [[_heading(grid, row, column, merges) for row in range(first, last + 1)] for column in range(width)]
    if not grid.merges:
        _spread(levels)
    columns: dict[str, list[tuple[int, int]]] = {}
    for column, texts in enumerate(levels):
        recognised = headings.recognise(texts)
        if recognised:
            rank, name = recognised
            columns.setdefault(name, []).append((rank, column))
    ranked = {name: [column for _, column in sorted(ways)] for name, ways in columns.items()}
    labels = {c: "/".join(dict.fromkeys(t for t in texts if t)) for c, texts in enumerate(levels) if any(texts)}
    best = {name: first for name, (first, *_) in ranked.items()}
    return _Header(first, last, best, labels, {name: more for name, (_, *more) in ranked.items() if more})


def _heading(grid: Grid, row: int, column: int, merges: Mapping[int, Sequence[Span]]) -> str:
    for top, left, bottom, right in merges.get(row, ()):
        if top <= row <= bottom and left <= column <= right:
            row, column = top, left
            break
    text = written(grid.cell(row, column))
    return clean_line(text) if len(text) <= _LONGEST_HEADING else ""


def _spread(levels: list[list[str]]) -> None:
    """In CSV the merges are gone: a group's heading stands over its first column only."""
    for level in range(len(levels[0]) - 1 if levels else 0):
        for before, texts in itertools.pairwise(levels):
            if not texts[level] and texts[-1]:
                texts[level] = before[level]


def _refuse_private(grid: Grid, headers: Sequence[_Header]) -> None:
    texts = [text for header in headers for label in header.headings.values() for text in label.split("/")]
    if not headers:
        texts = [cell for row in grid.rows[:_PRIVACY_ROWS] for cell in row if isinstance(cell, str)]
    private = next((text for text in texts if len(text) <= _LONGEST_HEADING and is_private(text)), None)
    if private:
        sheet = f"工作表“{grid.sheet}”" if grid.sheet else ""
        raise BadInput(
            f"表中有“{clean_line(private)}”一列，属于儿童个人信息，本系统不收",
            where=sheet,
            remedy="请删除这些列后再试",
            code="privacy",
        )
