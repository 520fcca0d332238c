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
    assert merge(then, now, given_text) is expected


def merge(then: str, now: str, given_text: str) -> Merge:
    return merge_cell(differs=given_text != now, file_changed=given_text != then, registry_changed=now != then)


@given(TEXTS, TEXTS, TEXTS)
def test_no_change_of_one_side_alone_is_lost_or_asked_about(then: str, now: str, given_text: str) -> None:
    outcome = merge(then, now, given_text)
    if now == then:
        assert outcome is (Merge.SAME if given_text == now else Merge.FILE)
    if given_text == then:
        assert outcome in (Merge.SAME, Merge.REGISTRY)
    assert (outcome is Merge.CONFLICT) == (len({then, now, given_text}) == 3)
