"""Dates as people write them in workbooks. Pure."""

import datetime as dt
import re
import unicodedata

from yiyu.registry.rules.cleaning import no_value
from yiyu.registry.rules.codes import fold

EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2099, 12, 31)
"""Outside these a year is a typing error, such as 2205 for 2025 (domain.md#trap-years)."""

NOTHING = frozenset({"", "/", "\\", "-", "--", "无", "暂无", "未备案", "未办理", "长期", "空"})
"""What people write where there is nothing to write (domain.md#date-spellings); "-" stands for every dash."""

_EPOCH = dt.date(1899, 12, 30)
"""Excel's day 0 in the 1900 system, right from serial 61 (1900-03-01) on."""

_TIME = re.compile(r"[T\s]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s*$")
_FULL = re.compile(
    r"(?P<y>\d{4})(?:年(?P<m1>\d{1,2})月(?P<d1>\d{1,2})[日号]?"
    r"|(?P<sep>[-./])(?P<m2>\d{1,2})(?P=sep)(?P<d2>\d{1,2})|(?P<m3>\d\d)(?P<d3>\d\d))"
)
_NO_CENTURY = re.compile(r"['’]?\d\d(?:年|(?=[-./]\d{1,2}[-./]\d{1,2}$))")
_MONTH = re.compile(r"(?P<y>\d{4})(?:年(?P<m1>\d{1,2})月?|[-./](?P<m2>\d{1,2})|(?P<m3>\d\d))")
_PARTIAL = re.compile(r"\d{4}(?:年(?:\d{1,2}月?)?|[-./]\d{1,2}|\d{2})?")


def read_date(value: object) -> dt.date | None:
    """Read the date a cell holds: a date, a serial number of the 1900 system, or any spelling offices use.

    Source: domain.md#date-spellings.

    None for the words in :data:`NOTHING`. Raises ValueError with a reason in Chinese when the cell is anything else:
    year and month only, a day that does not exist, a year that cannot be meant.
    """
    match value:
        case None:
            return None
        case dt.datetime():
            return _sane(value.date())
        case dt.date():
            return _sane(value)
        case bool():
            raise ValueError("不是日期")
        case int() | float():
            return _from_number(value)
    return _from_text(str(value))


def read_month(written: str) -> tuple[dt.date, dt.date] | None:
    """First and last day of the month a text names where it tells no day (2024.3, 2024年3月, 2024-03); else None.

    The day itself is never guessed: before the first and from the last on, what depends on it is known all the same.
    2024.1 names no month: a cell that was 2024.10 has become that number.
    """
    found = _MONTH.fullmatch(_fold(unicodedata.normalize("NFKC", written)))
    if not found or not EARLIEST.year <= int(found["y"]) <= LATEST.year:
        return None
    month = int(found["m1"] or found["m2"] or found["m3"])
    if written.strip().endswith(".1"):
        return None
    if not 1 <= month <= 12:
        return None
    first = dt.date(int(found["y"]), month, 1)
    return first, (first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def says_nothing(text: str) -> bool:
    """Whether a cell's text is blank, one of :data:`NOTHING`, or what anybody writes for nothing."""
    return no_value(text) or _fold(text) in NOTHING


def _fold(text: str) -> str:
    return re.sub(r"[‐-―−]", "-", fold(text))


def _from_number(value: float) -> dt.date:
    text = f"{value:.15g}"
    if len(text) == 8 and text.isdigit():
        return _day(text[:4], text[4:6], text[6:])
    if (EARLIEST - _EPOCH).days <= value < (LATEST - _EPOCH).days + 1:
        return _EPOCH + dt.timedelta(days=int(value))
    if _PARTIAL.fullmatch(text):
        raise ValueError(f"“{text}”不是完整日期，请写全年月日")
    raise ValueError(f"数字“{text}”不是日期，请写成 2024-10-15 的样子")


def _from_text(written: str) -> dt.date | None:
    text = _fold(_TIME.sub("", unicodedata.normalize("NFKC", written)))
    if says_nothing(text):
        return None
    if found := _FULL.fullmatch(text):
        month = found["m1"] or found["m2"] or found["m3"]
        return _day(found["y"], month, found["d1"] or found["d2"] or found["d3"])
    if _PARTIAL.fullmatch(text):
        raise ValueError(f"“{text}”不是完整日期，请写全年月日")
    if _NO_CENTURY.match(text):
        raise ValueError("日期只写了两位年份，请写全四位")
    raise ValueError("看不懂这个日期，请写成 2024-10-15 的样子")


def _day(year: str, month: str, day: str) -> dt.date:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"{year}年{int(month)}月{int(day)}日不存在") from None
    return _sane(found)


def _sane(day: dt.date) -> dt.date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"年份{day.year}不在{EARLIEST.year}—{LATEST.year}年之间")
    return day
