"""The office's own year tables: ``holidays-2027.toml`` beside ``yiyu.toml``, filled from the State Council's notice.

A file of its own, so that the city can hand the same one to every office, and a slip in it does not stop other work::

    off = [[2027-01-01, 2027-01-03], 2027-04-05]   # 放假：一段写首尾两天，一天写一个
    working = [2027-02-14]                         # 调休上班的周末
"""

import datetime as dt
import re
from pathlib import Path
from typing import NoReturn

import msgspec

from yiyu.registry.errors import BadInput
from yiyu.registry.files import read_bytes
from yiyu.registry.rules.workdays import FIXED_HOLIDAYS, YearTable, is_published, is_working_day
from yiyu.registry.toml import MOST_BYTES, TomlFault, convert, parse

_NAME = re.compile(r"holidays-(\d{4})\.toml")
_EXAMPLE = "请写成 off = [[2027-01-01, 2027-01-03], 2027-04-05] 和 working = [2027-02-14]"


class _Notice(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    off: tuple[dt.date | tuple[dt.date, dt.date], ...]
    working: tuple[dt.date, ...] = ()


def load_year_tables(root: Path) -> tuple[YearTable, ...]:
    """Every year table of the workspace at ``root``, in the order of years.

    Raises BadInput naming file and day: unreadable, another year, off and worked at once, a weekday given as 调休, and
    for a year that chinesecalendar lacks, a table without the holidays the law fixes, which cannot be whole.
    """
    return tuple(map(_read, sorted(root.glob("holidays-*.toml"))))


def _read(path: Path) -> YearTable:
    name = _NAME.fullmatch(path.name)
    if name is None:
        _refuse(path, "文件名里看不出年份", "请改名为 holidays-2027.toml 这样的形式")
    try:
        notice = convert(parse(read_bytes(path, limit=MOST_BYTES)), _Notice)
    except TomlFault as fault:
        where = f"{path.name}，{fault.place}" if fault.place else path.name
        raise BadInput(f"放假安排读不懂：{fault}", where=where, remedy=_EXAMPLE) from fault
    spans = [one if isinstance(one, tuple) else (one, one) for one in notice.off]
    days = {day for first, last in spans for day in _days(first, last, path)}
    table = YearTable(int(name[1]), frozenset(days), frozenset(notice.working))
    _check(table, path)
    return table


def _days(first: dt.date, last: dt.date, path: Path) -> list[dt.date]:
    if not 0 <= (last - first).days < 31:
        _refuse(path, f"放假的一段 {first} 至 {last} 首尾不对", "请对照通知核对这两天")
    return [first + dt.timedelta(days=index) for index in range((last - first).days + 1)]


def _check(table: YearTable, path: Path) -> None:
    for day in sorted(table.off | table.working):
        if not dt.date(table.year - 1, 12, 1) <= day <= dt.date(table.year, 12, 31):
            _refuse(path, f"{day} 不属于 {table.year} 年的放假安排", "请核对年份和文件名")
        if day in table.off & table.working:
            _refuse(path, f"{day} 同时写成放假和上班", "请对照通知删去一处")
        if day in table.working and day.weekday() < 5 and is_working_day(day, ()).working:
            _refuse(path, f"{day} 不是周末，本来就上班", "working 只写调休上班的周末，请对照通知核对")
    missing = [f"{month}月{day}日" for month, day in FIXED_HOLIDAYS if dt.date(table.year, month, day) not in table.off]
    if missing and not is_published(table.year):
        _refuse(path, f"放假安排没有填全，缺{'、'.join(missing)}", "请把通知里的七个节日都填上")


def _refuse(path: Path, what: str, remedy: str) -> NoReturn:
    raise BadInput(what, where=path.name, remedy=remedy)
