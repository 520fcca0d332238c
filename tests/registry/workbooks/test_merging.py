"""Claims about the three-way merge: the whole table, and what holds for any three texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.workbooks.merging import Merge, merge_cell

TEXTS = st.sampled_from(["", "甲", "乙", "丙"])


@pytest.mark.parametrize(
    ("then", "now", "given_text", "expected"),
    [
        ("甲", "甲", "甲", Merge.SAME),
        ("甲", "乙", "甲", Merge.REGISTRY),
        ("甲", "甲", "乙", Merge.FILE),
        ("甲", "乙", "乙", Merge.SAME),
        ("甲", "乙", "丙", Merge.CONFLICT),
    ],
)
def test_each_case_is_told(then: str, now: str, given_text: str, expected: Merge) -> None:
    assert merge_cell(then, now, given_text) is expected


@pytest.mark.parametrize(
    ("now", "given_text", "expected"),
    [
        ("", "甲", Merge.FILE),
        ("乙", "甲", Merge.CONFLICT),
        ("乙", "", Merge.REGISTRY),
        ("乙", "乙", Merge.SAME),
    ],
)
def test_of_a_file_that_somebody_else_wrote_blanks_say_nothing(now: str, given_text: str, expected: Merge) -> None:
    assert merge_cell("", now, given_text) is expected


def test_what_was_not_written_is_decided_by_a_person_where_both_sides_speak() -> None:
    assert merge_cell(None, "甲", "乙") is Merge.CONFLICT
    assert merge_cell(None, "甲", "甲") is Merge.SAME


@given(TEXTS, TEXTS, TEXTS)
def test_no_change_of_one_side_alone_is_lost_or_asked_about(then: str, now: str, given_text: str) -> None:
    outcome = merge_cell(then, now, given_text)
    if now == then:
        assert outcome is (Merge.SAME if given_text == now else Merge.FILE)
    if given_text == then:
        assert outcome in (Merge.SAME, Merge.REGISTRY)
    assert (outcome is Merge.CONFLICT) == (len({then, now, given_text}) == 3)
