"""Written forms: golden tables (domain.md#written-forms) and an independent oracle."""

import datetime as dt

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.docgen import wording


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (100, "壹元整"),
        (101, "壹元零壹分"),
        (1000, "壹拾元整"),
        (100000000, "壹佰万元整"),
        (10000000100, "壹亿零壹元整"),
        (10001000000, "壹亿零壹万元整"),
        (10**14 - 1, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_an_amount_is_written_as_payment_rules_ask(fen: int, words: str) -> None:
    assert wording.amount(fen) == words


@given(st.integers(0, 10**14 - 1))
def test_an_amount_reads_back_as_itself(fen: int) -> None:
    words = wording.amount(fen)
    assert words.endswith("整") == (fen % 100 == 0)
    assert cn2an.an2cn(f"{fen // 100}.{fen % 100:02}", "rmb") == words


@pytest.mark.parametrize("fen", [-1, 10**14, 1.0, "100", True, None])
def test_an_amount_that_is_no_count_of_fen_is_refused(fen: object) -> None:
    with pytest.raises(ValueError, match="金额应以分为单位"):
        wording.amount(fen)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "plain", "han", "cheque"),
    [
        ("2024-10-15", "2024年10月15日", "二〇二四年十月十五日", "贰零贰肆年零壹拾月壹拾伍日"),
        ("2026年3月1日", "2026年3月1日", "二〇二六年三月一日", "贰零贰陆年叁月零壹日"),
        ("2024-10-20", "2024年10月20日", "二〇二四年十月二十日", "贰零贰肆年零壹拾月零贰拾日"),
        ("2024-01-15", "2024年1月15日", "二〇二四年一月十五日", "贰零贰肆年零壹月壹拾伍日"),
        ("2024-02-09", "2024年2月9日", "二〇二四年二月九日", "贰零贰肆年零贰月零玖日"),
        ("2024-11-10", "2024年11月10日", "二〇二四年十一月十日", "贰零贰肆年壹拾壹月零壹拾日"),
        ("2024-12-30", "2024年12月30日", "二〇二四年十二月三十日", "贰零贰肆年壹拾贰月零叁拾日"),
        ("2024-05-31", "2024年5月31日", "二〇二四年五月三十一日", "贰零贰肆年伍月叁拾壹日"),
        ("2000-09-19", "2000年9月19日", "二〇〇〇年九月十九日", "贰零零零年玖月壹拾玖日"),
        ("", "", "", ""),
    ],
)
def test_a_date_is_written_three_ways(value: str, plain: str, han: str, cheque: str) -> None:
    assert (wording.chinese_date(value), wording.han_date(value), wording.cheque_date(value)) == (plain, han, cheque)


@given(st.dates(min_value=dt.date(1000, 1, 1)))
def test_a_date_and_its_written_forms_are_the_same_day(day: dt.date) -> None:
    assert wording.han_date(wording.chinese_date(day)) == wording.han_date(day) == wording.han_date(day.isoformat())


@pytest.mark.parametrize("value", ["2024-2-1", "2024/10/15", "2024-02-30", "2025年2月29日", "明年", 20241015, None])
def test_a_text_that_is_no_day_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"日期应写作|没有“"):
        wording.chinese_date(value)  # type: ignore[arg-type]


def test_a_blank_is_as_wide_as_asked_and_a_value_is_left_alone() -> None:
    assert wording.blank("", 4) == "________"
    assert wording.blank("") == "_" * 16
    assert wording.blank("某某卫生院", 2) == "某某卫生院"
    assert wording.blank(" ", 2) == " "
    assert wording.blank(0, 2) == "0"


@pytest.mark.parametrize(("value", "width"), [("", 0), ("", 61), ("", "4"), ("", True), (None, 4), (True, 4), (1.5, 4)])
def test_a_blank_of_no_width_or_no_text_is_refused(value: object, width: object) -> None:
    with pytest.raises(ValueError, match="填空"):
        wording.blank(value, width)  # type: ignore[arg-type]


def test_tick_boxes_take_yes_or_no_only() -> None:
    assert (wording.tick(True), wording.tick(False)) == ("☑", "□")
    for value in ("是", 1, "", None):
        with pytest.raises(ValueError, match="勾选"):
            wording.tick(value)  # type: ignore[arg-type]


def test_quarters_and_counts_of_copies() -> None:
    assert [wording.quarter(number) for number in (1, 2, 3, 4)] == ["第一季度", "第二季度", "第三季度", "第四季度"]
    assert [wording.copies(number) for number in (1, 4, 10, 12, 20)] == ["壹", "肆", "壹拾", "壹拾贰", "贰拾"]
    for value in (0, 5, "1", True):
        with pytest.raises(ValueError, match="季度"):
            wording.quarter(value)  # type: ignore[arg-type]
    for value in (0, 100, "4", True):
        with pytest.raises(ValueError, match="份数"):
            wording.copies(value)  # type: ignore[arg-type]


def test_widths_of_letters_and_digits() -> None:
    assert wording.half_width("０４７７－８５８　ＪＣ（１）") == "0477-858 JC(1)"
    assert wording.full_width("JC (1)") == "ＪＣ　（１）"
    assert wording.half_width("卫生院。《通知》") == "卫生院。《通知》"
    for change in (wording.half_width, wording.full_width):
        with pytest.raises(ValueError, match="角只用于文字"):
            change(1)  # type: ignore[arg-type]


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_ascii_survives_the_way_to_full_width_and_back(text: str) -> None:
    assert wording.half_width(wording.full_width(text)) == text
