"""What a cell of a known column means, or why it means nothing."""

import datetime as dt
import re
from collections.abc import Callable

from yiyu.registry.rules.codes import CodeFault, check_credit_code, district_code, fold
from yiyu.registry.rules.dates import read_date, says_nothing
from yiyu.registry.workbooks.text import (
    MOST_CHARACTERS,
    Cell,
    cell_error,
    clean_line,
    clean_paragraphs,
    entry_fault,
    presentable,
    written,
)

NUMBERS = frozenset({"places", "enrolled", "staff", "health_workers"})
MOST_COUNTED = 99_999
_LONGEST_LINE = 1000
"""Of what is one line on paper; a name of that length is a slip of the clipboard."""
_DAYS_1904 = 1462
"""Excel's day 0 of the 1904 system, counted in the 1900 system."""
_BEYOND_SERIALS = 100_000
"""From here on a number in a date column is 20241015."""
_UNIT = re.compile(r"[个人名张处家]$")
_YES = frozenset({
    "是", "有", "√", "✓", "✔", "y", "yes", "true",
    "1", "已", "已备案", "备案", "已通过", "已办理", "普惠", "普惠性",
})  # fmt: skip
_NO = frozenset({
    "否", "无", "×", "x", "✗", "n", "no", "false", "0", "未",
    "未备案", "未办理", "未通过", "备案中", "正在备案", "审核中", "待备案", "非普惠", "非普惠性",
})  # fmt: skip
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")


class CellFault(ValueError):
    """A cell that cannot be used: the problem's ``code`` and a sentence."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


def read_value(field: str, cell: Cell, *, date1904: bool = False) -> object:
    """Turn a cell into the value Institution keeps in ``field``. Raises CellFault."""
    if cell_error(cell):
        raise CellFault("cell-error", cell_error(cell))
    return _READERS.get(field, _line)(_renumbered(cell) if date1904 and field in _DATES else cell)


def holds_id_number(cell: Cell) -> bool:
    """Whether a text holds a valid 公民身份号码 (domain.md#trap-id-numbers); it may be a child's and is not kept."""
    found = _ID_NUMBER.findall(written(cell))
    if not found:
        return False
    from stdnum.cn import ric

    return any(ric.is_valid(number) for number in found)


def _line(cell: Cell) -> str:
    text = _allowed(clean_line(written(cell)))
    if len(text) > _LONGEST_LINE:
        raise CellFault("cell-too-long", f"文字过长（{len(text)} 字，最多 {_LONGEST_LINE} 字），请检查是否粘贴错了")
    return text


def _allowed(text: str) -> str:
    if fault := entry_fault(text):
        code = "cell-too-long" if len(text) > MOST_CHARACTERS else "cell-character"
        raise CellFault(code, f"{fault}，请重新录入")
    return text


def _name(cell: Cell) -> str:
    name = _line(cell)
    if says_nothing(name):
        raise CellFault("name-missing", "没有机构名称，请补填")
    return name


def _code(cell: Cell) -> str:
    if isinstance(cell, bool | dt.date):
        raise CellFault("code-character", "统一社会信用代码不是文字，请重新录入")
    if cell is None or (isinstance(cell, str) and says_nothing(cell)):
        return ""
    try:
        return check_credit_code(cell)
    except CodeFault as fault:
        raise CellFault(fault.code, str(fault)) from fault


def _district(cell: Cell) -> str:
    text = written(cell)
    if says_nothing(text):
        raise CellFault("district-unknown", "没有旗区，请补填")
    code = district_code(text)
    if code is None:
        raise CellFault(
            "district-unknown",
            f"不认识旗区“{presentable(clean_line(text))[:20]}”，请写全称（如 伊金霍洛旗）或六位行政区划代码",
        )
    return code


def _date(cell: Cell) -> dt.date | None:
    try:
        return read_date(cell)
    except ValueError as fault:
        raise CellFault("date-unreadable", f"日期读不懂：{fault}") from fault


def _renumbered(cell: Cell) -> Cell:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell < _BEYOND_SERIALS:
        return cell + _DAYS_1904
    return cell


def _number(cell: Cell) -> int | None:
    text = fold(written(cell)).replace(",", "")
    if says_nothing(text):
        return None
    text = _UNIT.sub("", text)
    try:
        number = float(text)
    except ValueError:
        raise CellFault("value-unreadable", "应为整数，请只填数字") from None
    if not 0 <= number <= MOST_COUNTED:
        raise CellFault("number-out-of-range", f"数字 {text} 超出范围，应在 0 到 {MOST_COUNTED} 之间")
    if number != int(number):
        raise CellFault("value-unreadable", f"“{text}”不是整数")
    return int(number)


def _yes_or_no(cell: Cell) -> bool | None:
    text = fold(written(cell)).casefold()
    if text in _YES:
        return True
    if text in _NO:
        return False
    if says_nothing(text):
        return None
    raise CellFault("value-unreadable", "应填“是”或“否”")


def _phone(cell: Cell) -> str:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        digits = f"{cell:.0f}"
        # A number has lost the 0 of its area code; eleven digits from 1 on are a mobile phone.
        landline = len(digits) == 10 or (len(digits) == 11 and not digits.startswith("1"))
        return "0" + digits if landline else digits
    return _line(cell)


def _paragraphs(cell: Cell) -> str:
    return _allowed(clean_paragraphs(written(cell)))


_DATES = frozenset({"filed_on", "closed_on"})
_READERS: dict[str, Callable[[Cell], object]] = {
    "name": _name,
    "code": _code,
    "district": _district,
    "phone": _phone,
    "remark": _paragraphs,
    "filed": _yes_or_no,
    "inclusive": _yes_or_no,
    **dict.fromkeys(_DATES, _date),
    **dict.fromkeys(NUMBERS, _number),
}
