"""Claims about yes and no as offices write them, with the date some put behind."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.dates import read_date
from yiyu.registry.rules.yes_no import NO, YES, read_yes_no

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31))
DAY_FORMS = (
    "{0.year}年{0.month}月{0.day}日",
    "{0.year}.{0.month}.{0.day}",
    "{0:%Y%m%d}",
    "{0.year}-{0.month:02}-{0.day:02}",
)
FRAMES = ("{0}（{1}）", "{0}({1})", "{0}，{1}", "{0},{1}", "{0} {1}", "{0}：{1}", "{1}{0}", "{0}（{1}通过）")


@pytest.mark.parametrize("written", ["普惠型", "普惠性", "已备案", "备案通过", "√", "Ｙ", "是", "✔️", "☑️", "✅"])
def test_words_of_offices_are_a_yes(written: str) -> None:
    assert read_yes_no(fold(written)) == (True, "")


@pytest.mark.parametrize(
    "written", ["拟备案", "部分普惠", "未备案（2025年）", "备案号123", "2025", "备案中，2025.3", "已备案约2025年"]
)
def test_what_is_unclear_is_neither(written: str) -> None:
    assert read_yes_no(fold(written)) == (None, "")


@given(
    st.sampled_from(sorted(one for one in YES if not one.isdigit())),
    DAYS,
    st.sampled_from(DAY_FORMS),
    st.sampled_from(FRAMES),
)
def test_a_day_beside_a_yes_is_kept(word: str, day: dt.date, form: str, frame: str) -> None:
    said, text = read_yes_no(fold(frame.format(word, form.format(day))))
    assert (said, read_date(text)) == (True, day)


@given(st.sampled_from(sorted(NO)), DAYS, st.sampled_from(DAY_FORMS), st.sampled_from(FRAMES))
def test_a_day_beside_a_no_is_no_answer(word: str, day: dt.date, form: str, frame: str) -> None:
    assert read_yes_no(fold(frame.format(word, form.format(day))))[0] is not True


def test_no_word_is_both() -> None:
    assert set() == YES & NO
