"""What a cell of the ledger means, and how a value is written there."""

import re

import msgspec

from yiyu.registry.agreements.ledger.columns import COLUMNS, Use
from yiyu.registry.model import Severity
from yiyu.registry.rules.cleaning import clean
from yiyu.registry.rules.dates import says_nothing
from yiyu.registry.workbooks.cells import CellFault, read_cell
from yiyu.registry.workbooks.text import Cell, clean_line, presentable, written

_MOST_OF_NUMBER = 60
_UNFIT_FOR_NUMBER = re.compile(r"\*")
"""Stands for the serial where numbers are counted."""


def read_value(name: str, cell: Cell, *, date1904: bool = False) -> object:
    """Turn a cell into text, date, number, truth or the value of a choice; blank is "" or None. Raises CellFault."""
    column = COLUMNS[name]
    if column.use is Use.SHOWN:
        return presentable(clean_line(written(cell)))
    if name == "fingerprint":
        return _fingerprint(cell)
    try:
        value = read_cell(column, cell, date1904=date1904)
    except CellFault as fault:
        raise _milder(name, fault) from None
    if name == "number":
        return _number(str(value))
    return "" if column.cell in ("line", "whole") and says_nothing(str(value)) else value


def _milder(name: str, fault: CellFault) -> CellFault:
    """A word for 效力 that we do not know is no fault of the row: force follows from dates and events."""
    if name != "force" or fault.code != "choice-unknown":
        return fault
    return CellFault("not-taken", f"{fault}；这一格未导入，效力按日期和登记计算", Severity.WARNING)


def text_of(name: str, value: object) -> str:
    """A value as the ledger shows it; reading the text again gives the value."""
    text = written(value)
    text = COLUMNS[name].labels.get(text, text)
    kind = COLUMNS[name].cell
    return text if kind == "paragraphs" else clean(text, kind).text if kind == "line" else clean_line(text)


def fingerprint(texts: dict[str, str]) -> str:
    """The row as exported, for the hidden column."""
    return msgspec.json.encode(texts).decode()


def _fingerprint(cell: Cell) -> dict[str, str] | None:
    if cell is None:
        return None
    try:
        return msgspec.json.decode(str(cell), type=dict[str, str])
    except msgspec.DecodeError:
        raise CellFault("row-altered", "隐藏的导出校验被改动，不能与导出时比较；请重新导出台账后再修改") from None


def _number(text: str) -> str:
    if says_nothing(text):
        return ""
    if len(text) > _MOST_OF_NUMBER or _UNFIT_FOR_NUMBER.search(text):
        raise CellFault("number-unfit", f"协议编号不能含 * 号，也不能超过 {_MOST_OF_NUMBER} 个字")
    return text
