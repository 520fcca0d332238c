"""Which rows of a table are records: what is none is skipped and counted, what a reader does not see waits."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.row_words import group_district, is_institutional, lone_reason, skip_reason
from yiyu.registry.workbooks.headings import heading_key
from yiyu.registry.workbooks.layout import SourceTable
from yiyu.registry.workbooks.text import clean_line, discreet, presentable, written

HIDDEN = "hidden"
"""The word of ``--accept`` for rows, columns and sheets that a reader does not see."""
_LONGEST_SHOWN = 30
_BLANK_LINE = "空行"
_CODE = re.compile("[0-9A-Z]{18}")
_WORDS_OF_NAMES = frozenset({"合计", "标题", "说明"})
"""Reasons whose words begin a name now and then: 附件托育园, 其中书院托育中心."""


@dataclass(frozen=True, slots=True)
class LeftRow:
    """A row not read as a record: why, and what it begins with. ``row`` counts as Excel does, 0 for a whole sheet."""

    sheet: str
    row: int
    reason: str
    text: str


@dataclass(slots=True)
class LeftOut:
    """What of a file was not read: ``skipped`` is no record, ``waiting`` may be one and waits for ``--accept``."""

    accepted: Collection[str] = ()
    skipped: list[LeftRow] = field(default_factory=list)
    waiting: list[LeftRow] = field(default_factory=list)

    def skip(self, table: SourceTable, row: int, reason: str, text: str) -> None:
        self.skipped.append(LeftRow(table.grid.sheet, row + 1, reason, shown(text)))

    def waits(self, table: SourceTable, row: int, keys: Sequence[str]) -> bool:
        """Whether a row (0-based) is one that a reader does not see, and nobody accepted it; then it is kept in mind."""
        reason = _unseen(table, row, keys)
        if not reason or HIDDEN in self.accepted:
            return False
        texts = [written(table.grid.cell(row, table.columns[key])) for key in keys if key in table.columns]
        self.waiting.append(LeftRow(table.grid.sheet, row + 1, reason, shown("、".join(filter(None, texts)))))
        return True


def record_rows(table: SourceTable, left: LeftOut, *keys: str) -> Iterator[int]:
    """The rows (0-based) that may hold a record, by what they begin with and, of ``keys``, the columns that name it."""
    for row in range(table.first, table.last + 1):
        cells = [text for cell in table.grid.rows[row] if cell not in (None, "") and (text := written(cell)).strip()]
        if not cells:
            continue
        named = [written(table.grid.cell(row, table.columns[key])) for key in keys if key in table.columns]
        reason, text = next(filter(_given, ((skip_reason(one), one) for one in (cells[0], *named))), ("", cells[0]))
        if reason in _WORDS_OF_NAMES and _coded(table, row) and is_institutional(text):
            reason = ""
        if not reason and len(cells) == 1 and not any(named[:1]):
            reason = "" if group_district(cells[0]) else lone_reason(cells[0])
        if not reason and len(cells) == 1 and cells[0].strip().isdecimal() and not _of_a_field(table, row):
            reason = _BLANK_LINE
        if not reason and _repeats_headings(table, row, keys):
            reason = "重复的表头"
        if reason:
            left.skip(table, row, reason, text)
        else:
            yield row


def repeated_headings(tables: Iterable[SourceTable], left: LeftOut) -> None:
    """Count the headings that only stand again on a further page: the same table goes on."""
    for table in tables:
        if table.continues:
            left.skip(table, table.first - 1, "重复的表头", next(iter(table.headings.values()), ""))


def shown(text: str) -> str:
    """A cell's text as a message may hold it."""
    return discreet(presentable(clean_line(text)))[:_LONGEST_SHOWN]


def _given(reason: tuple[str, str]) -> bool:
    return reason[0] != ""


def _coded(table: SourceTable, row: int) -> bool:
    """Whether a 统一社会信用代码 stands in the row: no total and no note has one."""
    return _CODE.fullmatch(fold(written(table.grid.cell(row, table.columns.get("code", -1)))).upper()) is not None


def _of_a_field(table: SourceTable, row: int) -> bool:
    return any(table.grid.cell(row, column) is not None for column in table.columns.values())


def _repeats_headings(table: SourceTable, row: int, keys: Sequence[str]) -> bool:
    """Whether at least two cells, and all that are filled, say what stands above them."""
    for key in keys[:1]:
        column = table.columns.get(key, -1)
        if heading_key(written(table.grid.cell(row, column))) not in heading_key(table.headings.get(column, "")):
            return False
    cells = {column: table.grid.cell(row, column) for column in table.headings}
    texts = {column: heading_key(written(cell)) for column, cell in cells.items() if cell is not None}
    return len(texts) > 1 and all(text in heading_key(table.headings[column]) for column, text in texts.items())


def _unseen(table: SourceTable, row: int, keys: Sequence[str]) -> str:
    grid = table.grid
    if row in grid.hidden_rows:
        return "被筛选隐藏的行" if grid.filtered else "隐藏的行"
    crossed = any((row, table.columns[key]) in grid.struck for key in keys if key in table.columns)
    return "名称有删除线" if crossed else ""
