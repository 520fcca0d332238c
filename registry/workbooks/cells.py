"""What a cell means by the kind of its column, or why it means nothing."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from yiyu.registry.model import Problem, Severity
from yiyu.registry.rules.activity_words import read_lines
from yiyu.registry.rules.cleaning import clean
from yiyu.registry.rules.codes import CodeFault, check_credit_code, fold
from yiyu.registry.rules.dates import read_date, says_nothing
from yiyu.registry.rules.districts import places_in_use
from yiyu.registry.rules.phones import read_phones
from yiyu.registry.rules.places import PlaceFault
from yiyu.registry.rules.yes_no import read_yes_no
from yiyu.registry.workbooks.columns import CellKind, Column
from yiyu.registry.workbooks.text import (
    MOST_CHARACTERS,
    Cell,
    cell_error,
    entry_fault,
    presentable,
    written,
)

MOST_COUNTED = 99_999
_LONGEST_LINE = 1000
"""Of what is one line on paper; a name of that length is a slip of the clipboard."""
_DAYS_1904 = 1462
"""Excel's day 0 of the 1904 system, counted in the 1900 system."""
_BEYOND_SERIALS = 100_000
"""From here on a number in a date column is 20241015."""
_PARKED = "这一格先留空"
_SEVERAL = re.compile(r"\d[,、]?\s+[,、]?\d")
"""Two numbers of one cell, or a number that broke: nobody knows which."""
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))|,$")
_UNIT = re.compile(r"(?:个托位|[个人名张处家位])$")
_QUANTITY = re.compile(r"(?:一式|提前|共)?(.+?)(个?月|年|份|[天日])?")
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")


class CellFault(ValueError):
    """A cell that cannot be used: the problem's ``code``, a sentence, and whether its row can still be taken."""

    def __init__(self, code: str, message: str, severity: Severity = Severity.ERROR) -> None:
        self.code, self.severity = code, severity
        super().__init__(message)


def read_cell(column: Column, cell: Cell, *, date1904: bool = False) -> Any:  # noqa: ANN401 - by the kind of its column
    """Turn a cell into the value its column keeps: text, lines, date, number, truth, or the value of a choice.

    Blank is "", () or None. Raises CellFault.
    """
    if cell_error(cell):
        raise CellFault("cell-error", cell_error(cell))
    if isinstance(cell, str):
        cell = _kept(cell, column.cell)
    return _READERS[column.cell](_renumbered(cell) if date1904 and column.cell == "day" else cell, column)


def parked(fault: CellFault) -> CellFault:
    """The same fault of a cell without which its row is taken: the cell waits to be filled."""
    return CellFault(fault.code, f"{fault}；{_PARKED}" if _PARKED not in str(fault) else str(fault), Severity.WARNING)


def without_parking(fault: CellFault) -> str:
    """What is wrong with a cell whose value was found elsewhere."""
    return str(fault).removesuffix(f"；{_PARKED}")


def left_blank(problem: Problem) -> bool:
    """Whether a problem tells of a cell that was parked, so that its value is still wanted."""
    return problem.message.endswith(_PARKED)


def _kept(text: str, kind: CellKind) -> str:
    """The text cleaned. Raises CellFault for one that is damaged, or says that the value is still to come."""
    found = clean(text, kind)
    if found.fault:
        raise CellFault("cell-character", f"{found.fault}，请重新录入")
    if found.awaited and kind != "name":
        raise CellFault("value-awaited", f"“{text.strip()[:20]}”，还没有内容；{_PARKED}", Severity.WARNING)
    if kind == "phone" and not found.text and text.strip()[:1].isalpha() and text.isascii():
        raise CellFault("phone-unfit", f"“{text.strip()}”不是电话号码，请补填")
    return found.text


def holds_id_number(cell: Cell) -> bool:
    """Whether a text holds a valid 公民身份号码 (domain.md#trap-id-numbers); it may be a child's and is not kept."""
    numbers = _ID_NUMBER.findall(written(cell))
    if not numbers:
        return False
    from stdnum.cn import ric

    return any(ric.is_valid(number) for number in numbers)


def _line(cell: Cell, _: Column | None = None) -> str:
    text = _allowed(written(cell))
    if len(text) > _LONGEST_LINE:
        raise CellFault("cell-too-long", f"文字过长（{len(text)} 字，最多 {_LONGEST_LINE} 字），请检查是否粘贴错了")
    return text


def _allowed(text: str) -> str:
    if fault := entry_fault(text):
        code = "cell-too-long" if len(text) > MOST_CHARACTERS else "cell-character"
        raise CellFault(code, f"{fault}，请重新录入")
    return text


def _name(cell: Cell, _: Column | None = None) -> str:
    name = _line(cell)
    if says_nothing(name):
        raise CellFault("name-missing", "没有机构名称，请补填")
    return name


def _code(cell: Cell, _: Column | None = None) -> str:
    if isinstance(cell, bool | dt.date):
        raise CellFault("code-character", "统一社会信用代码不是文字，请重新录入")
    if cell is None or (isinstance(cell, str) and says_nothing(cell)):
        return ""
    try:
        return check_credit_code(cell)
    except CodeFault as fault:
        raise CellFault(fault.code, str(fault)) from fault


def _district(cell: Cell, _: Column | None = None) -> str:
    text = written(cell)
    if says_nothing(text):
        raise CellFault("district-unknown", "没有旗区，请补填")
    try:
        return places_in_use().place(text).code
    except PlaceFault as fault:
        raise CellFault(fault.code, presentable(str(fault))) from fault


def _date(cell: Cell, _: Column | None = None) -> dt.date | None:
    try:
        return read_date(cell)
    except ValueError as fault:
        raise CellFault("date-unreadable", f"日期读不懂：{fault}") from fault


def _renumbered(cell: Cell) -> Cell:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and cell < _BEYOND_SERIALS:
        return cell + _DAYS_1904
    return cell


def _number(cell: Cell, _: Column | None = None) -> int | None:
    text = _THOUSANDS.sub("", _of_one_number(written(cell)))
    if says_nothing(text):
        return None
    text = _UNIT.sub("", text)
    try:
        number = float(text)
    except ValueError:
        raise CellFault("value-unreadable", f"“{text[:20]}”不是确切的数，应为整数，请只填数字") from None
    if not 0 <= number <= MOST_COUNTED:
        raise CellFault("number-out-of-range", f"数字 {text} 超出范围，应在 0 到 {MOST_COUNTED} 之间")
    if number != int(number):
        raise CellFault("value-unreadable", f"“{text}”不是整数")
    return int(number)


def _of_one_number(text: str) -> str:
    """The text folded. Raises CellFault for two numbers of one cell, which folding would join."""
    if _SEVERAL.search(unicodedata.normalize("NFKC", text)):
        raise CellFault("value-unreadable", f"“{' '.join(text.split())[:20]}”不是一个确切的数，应为整数，请只填数字")
    return fold(text)


def _yes_or_no(cell: Cell, _: Column | None = None) -> bool | None:
    text = fold(written(cell))
    said, _date = read_yes_no(text)
    if said is not None:
        return said
    if says_nothing(text):
        return None
    raise CellFault("value-unreadable", "应填“是”或“否”")


def _phone(cell: Cell, _: Column | None = None) -> str:
    if isinstance(cell, bool | dt.date) or (isinstance(cell, float) and not cell.is_integer()):
        raise CellFault("phone-unfit", f"“{written(cell)}”不像电话号码，请核对")
    text = _dialled(cell) if isinstance(cell, int | float) else _line(cell)
    try:
        return read_phones(text)
    except ValueError as fault:
        raise CellFault("phone-unfit", str(fault)) from fault


def _dialled(number: float) -> str:
    """A number has lost the 0 of its area code; eleven digits from 1 on are a mobile phone, ten from 13 on lack one."""
    digits = f"{number:.0f}"
    mobile = digits[:1] == "1" and (len(digits) == 11 or digits[1:2] >= "3")
    return f"0{digits}" if len(digits) in (10, 11) and not mobile else digits


def _paragraphs(cell: Cell, _: Column | None = None) -> str:
    return _allowed(written(cell))


def _lines(cell: Cell, _: Column) -> tuple[str, ...]:
    return tuple("" if says_nothing(line) else line for line in read_lines(_paragraphs(cell)))


def _quantity(cell: Cell, column: Column) -> int | None:
    """A number with its unit, Arabic or Han as contracts write copies: 肆份, 两, 12个月 (domain.md#written-forms)."""
    text = _of_one_number(_line(cell)).casefold()
    if says_nothing(text):
        return None
    amount = _QUANTITY.fullmatch(text)
    number = _whole(amount[1]) if amount else None
    if amount is None or number is None:
        raise CellFault("value-unreadable", f"“{text[:20]}”不是整数，请只填数字")
    if column.cell == "months" and amount[2] == "年":
        number *= 12
    if not column.least <= number <= column.most:
        raise CellFault(
            "number-out-of-range", f"{column.heading}应在 {column.least} 到 {column.most} 之间，现为 {number}"
        )
    return number


def _whole(text: str) -> int | None:
    import cn2an

    try:
        number = float(text) if text.isascii() else float(cn2an.cn2an(text, "smart"))
    except ValueError:
        return None
    return int(number) if number.is_integer() else None


def _choice(cell: Cell, column: Column) -> str:
    text = fold(_line(cell)).casefold()
    if says_nothing(text):
        return ""
    for value, label in column.labels.items():
        words = (value, label, *column.spellings.get(value, "").split())
        if text in {fold(word).casefold() for word in words}:
            return str(value)
    raise CellFault(column.unknown, f"“{text[:20]}”不认识，{column.heading}可填：{'、'.join(column.labels.values())}")


_READERS: dict[CellKind, Callable[[Cell, Column], object]] = {
    "line": _line,
    "whole": _line,
    "own": _line,
    "kept": _line,
    "paragraphs": _paragraphs,
    "lines": _lines,
    "name": _name,
    "code": _code,
    "district": _district,
    "day": _date,
    "count": _number,
    "quantity": _quantity,
    "months": _quantity,
    "yes_no": _yes_or_no,
    "phone": _phone,
    "choice": _choice,
}
