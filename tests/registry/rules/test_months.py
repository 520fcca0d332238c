"""Claims about dates of which only the month is told: kept as such, and never a day guessed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.rules.dates import read_date, read_month
from yiyu.registry.rules.duties import filed_spans

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31))
FORMS = ("{0.year}年{0.month}月", "{0:%Y-%m}", "{0:%Y.%m}", "{0:%Y/%m}", "{0:%Y%m}", "{0.year}年{0.month}")


@given(DAYS, st.sampled_from(FORMS))
def test_a_month_is_its_first_and_last_day_and_no_date(day: dt.date, form: str) -> None:
    text = form.format(day)
    first, last = read_month(text) or pytest.fail(text)
    assert (first.day, (last + dt.timedelta(days=1)).day, first <= day <= last) == (1, 1, True)
    with pytest.raises(ValueError, match="日期"):
        read_date(text)


@pytest.mark.parametrize(
    "written", ["2024.1", "2024", "2024年", "2024.13", "2024.0", "24.3", "24年3月", "2024.3.5", "约2024.3", ""]
)
def test_what_may_be_another_month_is_none(written: str) -> None:
    assert read_month(written) is None


@given(DAYS, DAYS, st.sampled_from(FORMS))
def test_outside_the_month_the_answer_is_the_one_the_day_would_give(passed: dt.date, asked: dt.date, form: str) -> None:
    text = form.format(passed)
    first, last = read_month(text) or pytest.fail(text)
    filed = (dt.date.min, "filed", "1")
    by_day = filed_spans([(dt.date.min, "filed_on", str(passed)), filed])
    by_month = filed_spans([(dt.date.min, "filed_month", text), filed])
    holds = [any(since <= asked <= until for since, until in spans) for spans in (by_day, by_month)]
    assert holds[0] == holds[1] or first <= asked < last
    assert not holds[1] or holds[0], "it is never said to hold where it may not"


def test_the_day_itself_stands_over_the_month() -> None:
    facts = [
        (dt.date.min, "filed_month", "2025.3"),
        (dt.date.min, "filed", "1"),
        (dt.date(2025, 4, 1), "filed_on", "2025-03-05"),
    ]
    assert filed_spans(facts) == ((dt.date(2025, 3, 5), dt.date.max),)
