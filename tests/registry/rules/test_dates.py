import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.rules.dates import EARLIEST, LATEST, NOTHING, read_date

days = st.dates(EARLIEST, LATEST)

SPELLINGS = (
    "{0:%Y-%m-%d}",
    "{0:%Y/%m/%d}",
    "{0:%Y.%m.%d}",
    "{0:%Y%m%d}",
    "{0:%Y年%m月%d日}",
    "{0.year}-{0.month}-{0.day}",
    "{0.year}/{0.month}/{0.day}",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}年{0.month}月{0.day}日",
    "{0.year}年{0.month}月{0.day}号",
    " {0.year} 年 {0.month} 月 {0.day} 日 ",
    "{0:%Y-%m-%d} 00:00:00",
    "{0.year}/{0.month}/{0.day} 9:30",
    "{0:%Y-%m-%d}T00:00:00.000",
)


def widened(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


@given(days)
def test_every_date_is_read_from_every_spelling(day: dt.date) -> None:
    for spelling in SPELLINGS:
        text = spelling.format(day)
        assert read_date(text) == day, text
        assert read_date(widened(text)) == day, text


@given(days)
def test_every_date_is_read_from_what_excel_may_hold(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    assert read_date(day) == read_date(serial) == read_date(float(serial)) == read_date(serial + 0.75) == day
    assert read_date(dt.datetime.combine(day, dt.time(9, 30))) == day
    assert read_date(int(f"{day:%Y%m%d}")) == read_date(float(f"{day:%Y%m%d}")) == day


@pytest.mark.parametrize("text", [None, *sorted(NOTHING), "—", "——", "－", "／", " 长 期 ", "\u3000"])
def test_what_stands_for_no_date_is_no_date(text: str | None) -> None:
    assert read_date(text) is None


@pytest.mark.parametrize("value", ["2024年10月", "2024.10", "2024-10", "202410", "2024", "2024年", 2024, 2024.1])
def test_a_date_without_its_day_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="不是完整日期"):
        read_date(value)


@pytest.mark.parametrize("text", ["2025-02-30", "2023.2.29", "20241301", "2024年0月5日", 20250230])
def test_a_day_that_does_not_exist_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="不存在"):
        read_date(text)


@pytest.mark.parametrize(
    "value",
    ["2205-01-01", "1024.10.15", dt.date(2205, 1, 1), dt.date(1900, 1, 1), "19000101", "2100-01-01", "1989-12-31"],
)
def test_a_year_that_cannot_be_meant_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="年份"):
        read_date(value)


@pytest.mark.parametrize(
    "value", ["见附件", "24.10.15", "2024-10/15", "15/10/2024", "2024-6-200:00", True, -5, 7, 20241, float("nan")]
)
def test_anything_else_is_refused_in_chinese(value: object) -> None:
    with pytest.raises(ValueError, match="日期"):
        read_date(value)
