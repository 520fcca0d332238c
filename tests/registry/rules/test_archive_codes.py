"""Claims about 档号 as texts: written by a pattern they tell their place again, and no two places share one."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yiyu.registry.config import Config
from yiyu.registry.rules.archive_codes import (
    ArchivePlace,
    code_key,
    doubled_serials,
    file_code,
    kept_until,
    missing_serials,
    read_code,
    serial_text,
    series_of,
    term_code,
    write_code,
)

DEFAULT = Config().archive_pattern
NEWER = "{fonds}-{category}·{year}·{term}·{office}-{serial:04}"
PLACE = ArchivePlace("Z109", "WS", 2026, "D10", "BGS", 1)

places = st.builds(
    ArchivePlace,
    fonds=st.sampled_from(("Z109", "0194", "A439", "")),
    category=st.sampled_from(("WS", "ZP", "KU")),
    year=st.integers(1949, 2199),
    term=st.sampled_from(("Y", "D30", "D10")),
    office=st.sampled_from(("BGS", "办公室", "JKK", "003", "")),
    serial=st.integers(1, 123_456),
)
patterns = st.builds(
    lambda dots, digits: DEFAULT.replace("·", dots[0]).replace("{year}-", "{year}" + dots[1]).replace("04", digits),
    dots=st.tuples(st.sampled_from("·・•．."), st.sampled_from("-·・•．.")),
    digits=st.sampled_from(("04", "03", "05")),
)


@pytest.mark.parametrize(
    ("pattern", "place", "code"),
    [
        (DEFAULT, PLACE, "Z109-WS·2026-D10-BGS-0001"),
        (NEWER, replace(PLACE, office="办公室"), "Z109-WS·2026·D10·办公室-0001"),
        (DEFAULT, replace(PLACE, fonds=""), "WS·2026-D10-BGS-0001"),
        (DEFAULT, replace(PLACE, office="", term="Y"), "Z109-WS·2026-Y-0001"),
        (
            "{fonds}-{category}·{year}·{term}-{serial:03}",
            replace(PLACE, fonds="Z008", serial=37),
            "Z008-WS·2026·D10-037",
        ),
        ("0194-{category}·{year}-{term}-{office}-{serial:04}", PLACE, "0194-WS·2026-D10-BGS-0001"),
        (DEFAULT, replace(PLACE, serial=12345), "Z109-WS·2026-D10-BGS-12345"),
    ],
)
def test_a_code_has_the_form_of_the_standard_or_of_the_office(pattern: str, place: ArchivePlace, code: str) -> None:
    assert write_code(pattern, place) == code


@given(patterns, places)
def test_a_code_tells_the_place_it_was_written_for(pattern: str, place: ArchivePlace) -> None:
    code = write_code(pattern, place)
    assert read_code(pattern, code) == place
    assert not set(code) & set("・•．.")
    assert int(serial_text(code, place.serial)) == place.serial
    assert code_key(file_code(code)) == code_key(code)


@given(patterns, places, places)
def test_two_places_never_share_a_code_nor_two_classes_a_series(
    pattern: str, one: ArchivePlace, other: ArchivePlace
) -> None:
    assume(one != other)
    assert write_code(pattern, one) != write_code(pattern, other)
    alike = replace(one, serial=0, fonds="") == replace(other, serial=0, fonds="")
    assert (series_of(pattern, one) == series_of(pattern, other)) is alike


@pytest.mark.parametrize(
    "typed", ["Z109-WS・2026-D10-BGS-0001", "ｚ109-WS．2026-D10-BGS-0001", "Z109-WS_2026-D10-BGS-0001 "]
)
def test_a_code_is_found_however_its_separator_was_typed(typed: str) -> None:
    assert code_key(typed) == code_key(write_code(DEFAULT, PLACE))


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("{fonds}-{year}-{term}", "缺少“{serial}”"),
        ("{fonds}-{serial:04}", "缺少“{year}”"),
        ("{fond}-{year}-{serial}", "不认识“{fond}”"),
        ("{year.real}-{serial}", "不认识“{year.real}”"),
        ("{year}-{serial!r}", "不认识"),
        ("{year}-{serial}-{serial}", "写了两次"),
        ("{year:06}-{serial}", "写法不对"),
        ("{year}-{serial:99999}", "写法不对"),
        ("{year-{serial}", "花括号|不认识"),
        ("{fonds}{office}{year}{serial}", "不能还原"),
    ],
)
def test_a_pattern_that_could_confuse_two_codes_is_refused_with_the_reason(pattern: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        write_code(pattern, PLACE)


def test_a_value_with_a_space_is_refused() -> None:
    with pytest.raises(ValueError, match="不含空格"):
        write_code(DEFAULT, replace(PLACE, office="办 公室"))


def test_a_text_of_another_form_is_no_code() -> None:
    assert read_code(DEFAULT, "Z109-WS·26-D10-BGS-0001") is None


def test_terms_count_from_the_year_after_and_the_permanent_one_never_ends() -> None:
    assert kept_until(2016, "D10") == dt.date(2026, 12, 31)
    assert kept_until(2016, "D30") == dt.date(2046, 12, 31)
    assert kept_until(2016, "Y") is None
    assert [term_code(text) for text in ("永久", "30年", "10 年")] == ["Y", "D30", "D10"]
    with pytest.raises(ValueError, match="长期"):
        term_code("长期")


@given(st.lists(st.integers(1, 30)))
def test_gaps_and_doubles_are_exactly_what_keeps_serials_from_being_a_count(serials: list[int]) -> None:
    sound = not missing_serials(serials) and not doubled_serials(serials)
    assert sound is (sorted(serials) == list(range(1, len(serials) + 1)))
