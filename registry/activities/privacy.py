"""Children's personal data in what comes in: refused as a whole, and no value of it repeated.

Source: PIPL 28, 31; domain.md#trap-id-numbers.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from yiyu.registry.errors import BadInput
from yiyu.registry.rules.codes import CodeFault, check_credit_code, fold
from yiyu.registry.workbooks.grid import Grid
from yiyu.registry.workbooks.headings import is_private
from yiyu.registry.workbooks.layout import SourceTable
from yiyu.registry.workbooks.text import Cell, column_letter, written

_LONGEST_HEADING = 20
_PARTS = frozenset({"姓名", "名字", "电话", "联系电话", "联系方式"})
_BELOW = 2
"""Rows under the headings that may hold another level of them, where it names no field we know."""
_MORE = re.compile(r"(.*)(生日|证件号码?|学籍号|户籍|过敏史|病史)|(幼儿|儿童|婴幼儿|宝宝|患儿|学生)(信息|名册|花名册)")
_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{6}((?:19|20)\d{6})\d{3}[0-9Xx](?![0-9A-Za-z])")
_DIGITS = 18
_CHILDHOOD = 14
"""Years below which any personal data is sensitive (PIPL 28)."""


def refuse_children(grids: Iterable[Grid], tables: Sequence[SourceTable], today: dt.date) -> None:
    """Raise BadInput, naming sheet and column, where a heading or a cell of a workbook speaks of a single child."""
    for table in tables:
        for column, heading in table.headings.items():
            whole = heading.replace("/", "")
            under = (written(table.grid.cell(row, column)) for row in range(table.first, table.first + _BELOW))
            below = (f"{whole}{text}" for text in under if text in _PARTS)
            if any(map(_heads, (*heading.split("/"), whole, *below))):
                raise _refused(table.grid, column)
    for grid in grids:
        for row in grid.rows:
            told = [column for column, cell in enumerate(row) if child_number(cell, today)]
            heads = [column for column, cell in enumerate(row) if _heads(cell)]
            # One such word may stand in a text; two beside each other head a list of children.
            if told or len(heads) > 1:
                raise _refused(grid, (told or heads)[0])


def refused_heading(grid: Grid) -> BadInput:
    """The refusal of a sheet in which :func:`find_tables` met the heading of a column of children's data."""
    heads = (column for row in grid.rows for column, cell in enumerate(row) if _heads(cell))
    return _refused(grid, next(heads, 0))


def child_number(cell: Cell, today: dt.date) -> bool:
    """Whether a cell holds what looks like the ID number of somebody under fourteen, right or mistyped."""
    if isinstance(cell, float):
        cell = f"{cell:.0f}"
    text = written(cell)
    if len(text) < _DIGITS:
        return False
    text = fold(text)
    for born in _NUMBER.findall(text):
        try:
            day = dt.date(int(born[:4]), int(born[4:6]), int(born[6:]))
        except ValueError:
            continue
        if day <= today < day.replace(year=day.year + _CHILDHOOD, day=min(day.day, 28)) and not _credit_code(text):
            return True
    return False


def _heads(cell: Cell) -> bool:
    if not isinstance(cell, str) or not cell or len(cell) > _LONGEST_HEADING:
        return False
    return is_private(cell) or _MORE.fullmatch(fold(cell)) is not None


def _credit_code(text: str) -> bool:
    try:
        return bool(check_credit_code(text))
    except CodeFault:
        return False


def _refused(grid: Grid, column: int) -> BadInput:
    sheet = f"工作表“{grid.sheet}”" if grid.sheet else ""
    return BadInput(
        "表中有儿童个人信息（如姓名、证件号码、出生日期、监护人），本系统不收，整张表没有读入",
        where=f"{sheet}{column_letter(column)}列",
        remedy="请删除这些内容，只留人数后再试",
        code="privacy",
    )
