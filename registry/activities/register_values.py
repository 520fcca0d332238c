"""What a cell of a 活动登记册 means."""

import datetime as dt
import re
from collections.abc import Callable
from typing import TypeVar

from yiyu.registry.activities.register_columns import COLUMNS, FORM_SPELLINGS
from yiyu.registry.rules.activities import FORMS, INDEPENDENT_FORMS
from yiyu.registry.rules.activity_words import read_hours, read_minutes, read_people, read_takers, read_time
from yiyu.registry.rules.cleaning import clean, plain
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.dates import says_nothing
from yiyu.registry.workbooks.cells import CellFault, read_cell
from yiyu.registry.workbooks.columns import Column
from yiyu.registry.workbooks.text import Cell, cell_error, written

T = TypeVar("T")
DAY = Column("日期", cell="day")

_WEEKDAY = re.compile(r"[(（]?(?:星期|周)[一二三四五六日天][)）]?")
_DAY_ALONE = re.compile(r"(\d{1,2})(?:月|[./-])(\d{1,2})[日号]?")
_YEAR = re.compile(r"(20\d\d)年?")
_DAY_OF_TWO = re.compile(r"(\d{1,2}月\d{1,2}日|20\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?)(.*)")


def read_value(name: str, cell: Cell, *, year: int | None = None, date1904: bool = False) -> object:
    """Turn a cell into date, hours, people, counts or text; blank is None, () or "". Raises CellFault.

    ``year`` is taken for a day written without one.
    """
    if cell_error(cell):
        raise CellFault("cell-error", cell_error(cell))
    if isinstance(cell, str) and (fault := plain(cell).fault):
        raise CellFault("cell-character", f"{fault}，请重新录入")
    if name in _READERS:
        return _READERS[name](cell, year, date1904)
    value = read_cell(COLUMNS[name], cell)
    return "" if isinstance(value, str) and says_nothing(value) else value


def year_named(titles: tuple[str, ...]) -> int | None:
    """The only year that the sheet's name and the rows above the table speak of."""
    years = {int(found) for title in titles for found in _YEAR.findall(title)}
    return years.pop() if len(years) == 1 else None


def read_day(cell: Cell, year: int | None, date1904: bool = False) -> dt.date | None:
    """A date, of ``year`` where it names none. Raises CellFault."""
    if isinstance(cell, str):
        text = _WEEKDAY.sub("", fold(cell))
        found = _DAY_ALONE.fullmatch(text)
        cell = f"{year}-{found[1]}-{found[2]}" if found and year else text
    day = read_cell(DAY, cell, date1904=date1904)
    return day if isinstance(day, dt.date) else None


def _when(cell: Cell, year: int | None, date1904: bool) -> tuple[dt.date | None, tuple[dt.time, dt.time] | None]:
    """A column 活动时间 may hold the day, the hours, or both."""
    if not isinstance(cell, str):
        return read_day(cell, year, date1904), None
    text = _WEEKDAY.sub("", fold(cell))
    found = _DAY_OF_TWO.match(text)
    day, rest = (found[1], found[2]) if found else ("", text)
    hours = _worded(read_hours, rest) if rest and (day or re.search("[:时点]", rest)) else None
    return read_day(day or (None if hours else text), year), hours


def _time(cell: Cell, _year: int | None, _date1904: bool) -> dt.time | None:
    return None if says_nothing(written(cell)) else _worded(read_time, written(cell))


def _form(cell: Cell, _year: int | None, _date1904: bool) -> str:
    text = fold(written(cell))
    for form in (*FORMS, *INDEPENDENT_FORMS):
        if text in {form, *FORM_SPELLINGS.get(form, "").split()}:
            return form
    if says_nothing(text):
        raise CellFault("form-missing", "没有活动形式，请补填")
    raise CellFault("form-unknown", f"没有“{text[:20]}”这种活动形式，可填：{'、'.join(FORMS)}")


def _worded(read: Callable[[str], T], text: str) -> T:
    try:
        return read(text)
    except ValueError as fault:
        raise CellFault("value-unreadable", str(fault)) from fault


_READERS: dict[str, Callable[[Cell, int | None, bool], object]] = {
    "on": read_day,
    "when": _when,
    "starts": _time,
    "ends": _time,
    "form": _form,
    "people": lambda cell, _year, _old: _worded(read_people, clean(written(cell), "paragraphs").text),
    "minutes": lambda cell, _year, _old: _worded(read_minutes, written(cell)),
    "takers": lambda cell, _year, _old: _worded(read_takers, written(cell)),
}
