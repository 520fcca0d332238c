"""What a cell of the ledger means, and how a value is written there."""

import re

import msgspec

from yiyu.registry.agreements.ledger.columns import FIELDS, LedgerField, Use
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.dates import says_nothing
from yiyu.registry.workbooks.text import Cell, clean_line, presentable, written
from yiyu.registry.workbooks.values import CellFault, read_value

_READ_LIKE = {"text": "town", "paragraphs": "remark", "code": "code", "date": "filed_on", "yes": "filed"}
"""A cell is read as that field of a roster is."""

_COUNT = re.compile(r"(?:一式|提前|共)?(.+?)(个?月|年|份|[天日])?")
_MOST_OF_NUMBER = 60
_UNFIT_FOR_NUMBER = re.compile(r"\*")
"""Stands for the serial where numbers are counted."""


def read_cell(name: str, cell: Cell, *, date1904: bool = False) -> object:
    """Turn a cell into text, date, number, truth or the value of a choice; blank is "" or None. Raises CellFault."""
    one = FIELDS[name]
    if one.use is Use.SHOWN:
        return presentable(clean_line(written(cell)))
    if name == "fingerprint":
        return _fingerprint(cell)
    if one.reads in _READ_LIKE:
        value = read_value(_READ_LIKE[one.reads], cell, date1904=date1904)
        return _number(str(value)) if name == "number" else _blank(one, value)
    text = fold(str(read_value("town", cell))).casefold()
    if says_nothing(text):
        return None if one.reads == "count" else ""
    return _count(name, one, text) if one.reads == "count" else _choice(name, one, text)


def text_of(name: str, value: object) -> str:
    """A value as the ledger shows it; reading the text again gives the value."""
    text = written(value)  # type: ignore[arg-type]  # what read_cell gives
    text = FIELDS[name].labels.get(text, text)
    return text if FIELDS[name].reads == "paragraphs" else clean_line(text)


def fingerprint(texts: dict[str, str]) -> str:
    """The row as exported, for the hidden column."""
    return msgspec.json.encode(texts).decode()


def _blank(one: LedgerField, value: object) -> object:
    return "" if one.reads == "text" and says_nothing(str(value)) else value


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


def _choice(name: str, one: LedgerField, text: str) -> str:
    for value, label in one.labels.items():
        words = (value, label, *one.spellings.get(value, "").split())
        if text in {fold(word).casefold() for word in words}:
            return str(value)
    code = "variant-unknown" if name == "variant" else "choice-unknown"
    raise CellFault(code, f"“{text[:20]}”不认识，{one.heading}可填：{'、'.join(one.labels.values())}")


def _count(name: str, one: LedgerField, text: str) -> int:
    found = _COUNT.fullmatch(text)
    number = _whole(found[1]) if found else None
    if found is None or number is None:
        raise CellFault("value-unreadable", f"“{text[:20]}”不是整数，请只填数字")
    if name == "months" and found[2] == "年":
        number *= 12
    if not one.least <= number <= one.most:
        raise CellFault("number-out-of-range", f"{one.heading}应在 {one.least} 到 {one.most} 之间，现为 {number}")
    return number


def _whole(text: str) -> int | None:
    """Arabic, or Han as contracts write copies: 肆, 两, 十二 (domain.md#written-forms)."""
    import cn2an

    try:
        number = float(text) if text.isascii() else float(cn2an.cn2an(text, "smart"))
    except ValueError:
        return None
    return int(number) if number.is_integer() else None
