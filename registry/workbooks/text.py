"""Text of cells: cleaned for keeping and printing, folded for comparing."""

import datetime as dt
import re

from yiyu.registry.rules.cleaning import closed_up, plain
from yiyu.registry.rules.codes import fold
from yiyu.registry.workbooks.wire import NOT_CALCULATED

Cell = str | int | float | bool | dt.date | None
"""What a cell holds. Numbers that are whole come as int, but for those past Excel's 15 exact digits."""

_ERRORS = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", NOT_CALCULATED}
)
_LOOKING_ALIKE = str.maketrans("・•‧∙⋅●‐‑‒–—―−○◯АВЕКМНОРСТХ戶戸靑黃", "······-------〇〇ABEKMHOPCTX户户青黄")
"""Dots, dashes, rings, letters, and the forms that Unicode has for ⼾, ⾭ and ⿈, that print as others do."""
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_LONG_NUMBER = re.compile(r"[0-9０-９]{7,}[Xx]?|[01][0-9]{2,3}[ -][0-9]{7,8}|1[0-9]{2}[ -][0-9]{4}[ -][0-9]{4}")
_QUOTED = re.compile("“[^”]*”")
MOST_CHARACTERS = 32767
"""Excel's own limit for a cell."""


def comparison_key(name: str) -> str:
    """The form in which names are equal that look alike: width, brackets, dots, dashes, white space, case, what is unseen."""
    return fold(name).translate(_LOOKING_ALIKE).casefold()


def clean_line(text: str) -> str:
    """Close up a heading or a name: no line breaks, nothing unseen, no blanks at the ends; brackets stay as typed."""
    return closed_up(plain(text).text)


def cell_error(cell: Cell) -> str:
    """The sentence for a cell that shows an error instead of a value, or ""."""
    text = cell.strip() if isinstance(cell, str) else ""
    if text not in _ERRORS:
        return ""
    if text == NOT_CALCULATED:
        return "公式没有计算结果，请在 WPS 或 Excel 中打开并保存后再试，或改填内容"
    return f"单元格是错误值 {text}，请改填内容"


def text_fault(text: str) -> str:
    """What keeps a text out of a document or workbook, in words, or "": its length, a control, a mark of direction."""
    if len(text) > MOST_CHARACTERS:
        return f"文字过长（{len(text)} 字，最多 {MOST_CHARACTERS} 字）"
    character = _FORBIDDEN.search(text)
    return f"第 {character.start() + 1} 个字是看不见的控制字符" if character else ""


def entry_fault(text: str) -> str:
    """The same of a text that comes in; one whose characters were lost on the way is refused as well."""
    garbled = text.find("\ufffd") + 1
    return text_fault(text) or (f"第 {garbled} 个字是乱码" if garbled else "")


def presentable(text: str) -> str:
    """A text as a workbook can hold it: U+FFFD, which no reader takes, for what must not enter or is too long."""
    if text.isprintable() and len(text) <= MOST_CHARACTERS:
        return text
    text = _FORBIDDEN.sub("\ufffd", text)
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "\ufffd"


def discreet(message: str, *, of_person: bool = False) -> str:
    """A message without what could be a telephone or an ID number, or, of a person's column, without any value."""
    return _LONG_NUMBER.sub("…", _QUOTED.sub("“…”", message) if of_person else message)


def written(cell: object) -> str:
    """A cell, or a value that goes into one, as a person sees it: no ``.0``, dates as 2024-10-15, 是 and 否."""
    return cell if type(cell) is str else _written(cell)  # nearly all are texts


def _written(cell: object) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "是" if cell else "否"
        case float():
            return f"{cell:.15g}"
        case dt.datetime():
            return cell.date().isoformat()
        case dt.date():
            return cell.isoformat()
    return str(cell)


def column_letter(index: int) -> str:
    """The Excel letter of a 0-based column."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
