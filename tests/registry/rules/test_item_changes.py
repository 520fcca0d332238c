"""Claims about frequencies in words, and about a list made again from what an event keeps of its change."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiyu.registry.model import Item
from yiyu.registry.rules.duties.rules import PARTS
from yiyu.registry.rules.frequencies import CADENCE_LABEL, frequency, read_frequency
from yiyu.registry.rules.item_changes import item_changes, kept_changes, remade

TIMED = st.tuples(st.integers(1, 99), st.sampled_from([*PARTS, "once"]))
OFTEN = TIMED | st.tuples(st.none(), st.sampled_from(list(CADENCE_LABEL)))


@given(OFTEN)
def test_a_frequency_is_read_back_from_its_words(often: tuple[int | None, str]) -> None:
    assert read_frequency(frequency(*often)) == often


@pytest.mark.parametrize(
    ("text", "often"),
    [
        ("每季度一次", (1, "quarter")),
        ("每季 1 次", (1, "quarter")),
        ("每半年不少于1次", (1, "half_year")),
        ("每年两次", (2, "year")),
        ("每个月1次", (1, "month")),
        ("3次", (3, "once")),
    ],
)
def test_a_frequency_is_read_as_people_write_it(text: str, often: tuple[int, str]) -> None:
    assert read_frequency(text) == often


@pytest.mark.parametrize("text", ["", "常常", "每季度", "每季度0次", "每周1次", "1", "每季度1次2次"])
def test_other_words_are_refused_with_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match="请写成 每季度1次"):
        read_frequency(text)


def _item(seq: int, often: tuple[int | None, str], selected: bool, remark: str) -> Item:
    return Item(
        seq, f"F{seq:02}", "随访", f"项目{seq}", "", "", "JC", "", *often, "", "", selected=selected, remark=remark
    )


ROWS = st.lists(st.tuples(OFTEN, st.booleans(), st.text(max_size=5)), min_size=1, max_size=6)


@given(ROWS, st.data())
def test_a_list_is_made_again_from_its_base_and_what_the_event_keeps(
    rows: list[tuple[tuple[int | None, str], bool, str]], data: st.DataObject
) -> None:
    old = [_item(seq, *row) for seq, row in enumerate(rows, 1)]
    changed = data.draw(
        st.lists(st.tuples(OFTEN, st.booleans(), st.text(max_size=5)), min_size=len(old), max_size=len(old))
    )
    new = tuple(
        replace(item, times=often[0], per=often[1], selected=selected, remark=remark)
        for item, (often, selected, remark) in zip(old, changed, strict=True)
    )
    assert remade(old, kept_changes(old, new)) == new
    assert bool(item_changes(old, new)) == (tuple(old) != new)
