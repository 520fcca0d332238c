"""Written forms of a Chinese contract: blanks, tick boxes, amounts, dates, counts (domain.md#written-forms). Pure.

Every function is total over the inputs its docstring names and raises ValueError with a Chinese sentence for any other.
An unknown date is "" all through the program, so the date forms give "" for "".
The numerals are written here and not by cn2an, whose import costs 0.1 s; the tests hold both to the same result.
"""

import datetime as dt
import re

WITH_WHAT_STANDS_BEFORE = "方年月日号版项次份条元个岁"
"""A line that began with one of them would tear 乙方, 15日, 第3版 or 2026年 (GB/T 9704-1999: 数字、年份不能回行)."""
BEGINS_NO_LINE = (
    "!%),.:;>?]}¢¨°·ˇˉ―‖’”…‰′″›℃∶、。〃〉》」』】〕〗〞︶︺︾﹀﹄﹚﹜﹞！＂％＇），．：；？］｀｜｝～￠"
    + WITH_WHAT_STANDS_BEFORE
)
ENDS_NO_LINE = "$([{£¥·‘“〈《「『【〔〖〝﹙﹛﹝＄（．［｛￡￥"
"""The punctuation of both is what Word itself takes for Chinese."""
_UPPER = "零壹贰叁肆伍陆柒捌玖"
_HAN = "〇一二三四五六七八九"
_FEN_LIMIT = 10**14
_BLANK_LIMIT = 60
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})-([0-9]{2})|年([0-9]{1,2})月([0-9]{1,2})日)")

_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_WIDE = "　" + "".join(map(chr, range(0xFF01, 0xFF5F)))
_TO_HALF = str.maketrans(_WIDE, _ASCII)
_TO_FULL = str.maketrans(_ASCII, _WIDE)


def blank(value: str | int, width: int = 8) -> str:
    """Give the value, or where it is "" a line to write on, as wide as ``width`` Chinese characters (1 to 60)."""
    if not isinstance(width, int) or isinstance(width, bool) or not 1 <= width <= _BLANK_LIMIT:
        raise ValueError(f"填空宽度应为1至{_BLANK_LIMIT}的整数，现为“{width}”")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(f"填空只用于文字或整数，现为“{value}”")
    return "__" * width if value == "" else str(value)


def tick(value: bool) -> str:
    """☑ for True, □ for False."""
    if not isinstance(value, bool):
        raise ValueError(f"勾选只用于是/否，现为“{value}”")
    return "☑" if value else "□"


_YES, _NO = frozenset(("是", "有", "1", "√", "✓", "☑", "☒", "■")), frozenset(("", "否", "无", "没有", "0", "☐", "□"))


def chosen(value: bool | str, yes: str, no: str) -> str:
    """``yes`` or ``no`` for a box that data ticks: True, False, or the words and signs a roster has for them."""
    if isinstance(value, bool):
        return yes if value else no
    text = value.strip() if isinstance(value, str) else None
    if text not in _YES | _NO:
        raise ValueError(f"复选框只用于是/否，现为“{value}”")
    return yes if text in _YES else no


def amount(fen: int) -> str:
    """RMB in words of 0 to under 10^14 分: 1640902 → 壹万陆仟肆佰零玖元零贰分.

    Source: 支付结算办法 (银发〔1997〕393号) 附一 第三、四条: 整 after 元, optional after 角 (not written here),
    never after 分; 零 before 分 where 角 is 0, unless nothing stands before it.
    """
    if not isinstance(fen, int) or isinstance(fen, bool) or not 0 <= fen < _FEN_LIMIT:
        raise ValueError(f"金额应以分为单位，为0至{_FEN_LIMIT - 1}的整数，现为“{fen}”")
    yuan, cents = divmod(fen, 100)
    tenths, hundredths = divmod(cents, 10)
    text = _upper(yuan) + "元" if yuan or not cents else ""
    if not cents:
        return text + "整"
    if tenths:
        text += _UPPER[tenths] + "角"
    elif text:
        text += "零"
    return text + (_UPPER[hundredths] + "分" if hundredths else "")


def chinese_date(value: str | dt.date) -> str:
    """2024年10月15日, no leading zeros, from a date, ``2024-10-15`` or ``2024年10月15日``; "" stays ""."""
    day = _date(value)
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def han_date(value: str | dt.date) -> str:
    """二〇二四年十月十五日, from the same inputs as :func:`chinese_date`."""
    day = _date(value)
    if not day:
        return ""
    year = "".join(_HAN[int(digit)] for digit in f"{day.year:04}")
    return f"{year}年{han_number(day.month)}月{han_number(day.day)}日"


def cheque_date(value: str | dt.date) -> str:
    """零壹拾月零贰拾日, from the same inputs as :func:`chinese_date`.

    Source: 支付结算办法 附一 第五条: months 1, 2, 10 and days 1-9, 10, 20, 30 take 零; 11-19 take 壹.
    """
    day = _date(value)
    if not day:
        return ""
    year = "".join(_UPPER[int(digit)] for digit in f"{day.year:04}")
    month = ("零" if day.month in {1, 2, 10} else "") + _upper(day.month)
    number = ("零" if day.day < 10 or day.day % 10 == 0 else "") + _upper(day.day)
    return f"{year}年{month}月{number}日"


def quarter(number: int) -> str:
    """第一季度 to 第四季度, from 1 to 4."""
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 4:
        raise ValueError(f"季度应为1至4的整数，现为“{number}”")
    return f"第{_HAN[number]}季度"


def copies(number: int) -> str:
    """Count of copies in capital numerals (一式肆份 takes 肆), from 1 to 99."""
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= 99:
        raise ValueError(f"份数应为1至99的整数，现为“{number}”")
    return _upper(number)


def half_width(text: str) -> str:
    """Full-width letters, digits, punctuation and space as their ASCII forms (U+FF01-FF5E, U+3000)."""
    if not isinstance(text, str):
        raise ValueError(f"半角只用于文字，现为“{text}”")
    return text.translate(_TO_HALF)


def full_width(text: str) -> str:
    """ASCII letters, digits, punctuation and space as their full-width forms."""
    if not isinstance(text, str):
        raise ValueError(f"全角只用于文字，现为“{text}”")
    return text.translate(_TO_FULL)


def _date(value: str | dt.date) -> dt.date | None:
    """Read the day meant; None for "". Raises ValueError for any other text, and for days that do not exist."""
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str):
        raise ValueError(f"日期应写作“2024-10-15”或“2024年10月15日”，现为“{value}”")
    if value == "":
        return None
    if found := _DATE.fullmatch(value):
        year, month, day = (int(group) for group in found.groups() if group)
        try:
            return dt.date(year, month, day)
        except ValueError as error:
            raise ValueError(f"没有“{value}”这一天") from error
    raise ValueError(f"日期应写作“2024-10-15”或“2024年10月15日”，现为“{value}”")


def _upper(number: int) -> str:
    """Capital numerals of 0 to under 10^12; a run of zeros is one 零, none before a group that starts at 仟."""
    text, gap = "", False
    for power, unit in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group = number // power % 10**4
        if not group:
            gap = True
            continue
        text += ("零" if text and (gap or group < 1000) else "") + _under_10000(group) + unit
        gap = False
    return text or "零"


def _under_10000(group: int) -> str:
    text, gap = "", False
    for power, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = group // power % 10
        if digit:
            text += ("零" if gap and text else "") + _UPPER[digit] + unit
        gap = not digit
    return text


def han_number(number: int) -> str:
    """Plain numerals of 1 to 99: 十二."""
    tens, units = divmod(number, 10)
    return ("" if tens < 2 else _HAN[tens]) + ("十" if tens else "") + (_HAN[units] if units else "")
