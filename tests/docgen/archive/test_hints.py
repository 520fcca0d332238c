"""Claims about the words for red ink: what was seen where, never that a seal is there."""

import pytest

from yiyu.docgen.archive.filing import seal_hint
from yiyu.docgen.scans.page import Ink, Red

PLAIN, GREY = Ink(Red.NOT_SEEN), Ink(Red.GREY)
LEFT, RIGHT, BELOW = (0.3, 0.4), (0.7, 0.41), (0.31, 0.6)


def sealed(*at: tuple[float, float], edge: bool = False) -> Ink:
    return Ink(Red.SEEN, at, edge)


@pytest.mark.parametrize(
    ("roles", "last", "hint"),
    [
        ("甲乙", sealed(LEFT, RIGHT), "甲方栏见红章、乙方栏见红章"),
        ("甲乙", sealed(RIGHT), "甲方栏未见红章、乙方栏见红章"),
        ("甲乙", PLAIN, "甲方栏未见红章、乙方栏未见红章"),
        ("甲乙丙", sealed(LEFT, RIGHT, BELOW), "甲、丙方栏见红章 2 处、乙方栏见红章"),
        ("甲乙", GREY, "灰度无法判断"),
    ],
)
def test_red_is_told_by_the_column_of_the_sign_page(roles: str, last: Ink, hint: str) -> None:
    assert seal_hint(tuple(roles), [last], "seen") == hint


def test_a_sign_page_read_another_day_says_only_what_was_written_down() -> None:
    assert seal_hint(("甲", "乙"), [None], "not_seen") == "未见红章"
    assert seal_hint(("甲", "乙"), [None], "") == ""


def test_edges_are_counted_over_the_pages_in_colour() -> None:
    pages = [sealed(edge=True), sealed(edge=True), GREY, None, PLAIN]
    assert seal_hint(("甲", "乙"), pages, "").endswith("；骑缝：3 页彩色，2 页边缘见红")
    assert seal_hint(("甲", "乙"), [GREY, GREY], "") == "灰度无法判断"
