"""Numbered lists start again where the author of a template sees them start: with each pass of the outer loop."""

import io
from collections import defaultdict
from typing import Any

import pytest
from docx import Document

from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.fields import W

DATA = {"所": [{"名": "甲园", "项": ["一", "二"]}, {"名": "乙园", "项": ["三"]}, {"名": "丙园", "项": ["四", "五"]}]}


def numbered(text: str, number: int = 0, level: int = 0) -> str:
    """A numbered paragraph, by itself or (0) by the style List Number."""
    own = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    style = "" if number else '<w:pStyle w:val="ListNumber"/>'
    return f'<w:p><w:pPr>{style}{own}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def lists(document: bytes) -> list[tuple[int, str]]:
    """Each numbered paragraph with its number as Word counts it: on within a ``w:num``, anew where one overrides."""
    opened = Document(io.BytesIO(document))
    root = opened.part.numbering_part.element
    numbers = {one.get(f"{W}numId"): one for one in root.findall(f"{W}num")}
    assert len(numbers) == len(root.findall(f"{W}num"))
    style = opened.styles.element.find(f"{W}style[@{W}styleId='ListNumber']/{W}pPr/{W}numPr/{W}numId")
    counted: defaultdict[str, int] = defaultdict(int)
    seen = set[str]()
    found = []
    for paragraph in opened.element.body.iter(f"{W}p"):
        at = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        at = style if at is None and paragraph.find(f"{W}pPr/{W}pStyle") is not None else at
        if at is None:
            continue
        own = numbers[at.get(f"{W}val")]
        kind = own.find(f"{W}abstractNumId").get(f"{W}val")
        if at.get(f"{W}val") not in seen and own.find(f"{W}lvlOverride/{W}startOverride") is not None:
            counted[kind] = 0
        seen.add(at.get(f"{W}val"))
        counted[kind] += 1
        found.append((counted[kind], "".join(text.text for text in paragraph.iter(f"{W}t"))))
    return found


def filled(word: Any, *body: str) -> list[tuple[int, str]]:
    template = compile_template(word.build(*body), name="模板.docx")
    first = template.fill(DATA)
    assert first == template.fill(DATA)
    assert b"restart" not in word.members(first)["word/document.xml"]
    assert lists(first) == lists(template.fill(DATA, owner=template.docxtpl()))
    return lists(first)


@pytest.mark.parametrize("number", [0, 2])
def test_a_list_in_an_inner_loop_starts_again_with_each_pass_of_the_outer(word: Any, number: int) -> None:
    inner = ("{%p for 一 in 每.项 %}", numbered("{{ 一 }}", number), "{%p endfor %}")
    assert filled(word, "{%p for 每 in 所 %}", "{{ 每.名 }}", *inner, "{%p endfor %}") == [
        (1, "一"),
        (2, "二"),
        (1, "三"),
        (1, "四"),
        (2, "五"),
    ]


def test_several_numbered_paragraphs_of_one_pass_start_again(word: Any) -> None:
    body = ("{%p for 每 in 所 %}", "{{ 每.名 }}", numbered("甲"), numbered("乙"), "{%p endfor %}")
    assert filled(word, *body) == [(1, "甲"), (2, "乙")] * 3


def test_rows_of_a_table_start_again(word: Any) -> None:
    rows = word.table(("{%tr for 每 in 所 %}",), (numbered("甲") + numbered("乙"),), ("{%tr endfor %}",))
    assert filled(word, rows, "后") == [(1, "甲"), (2, "乙")] * 3


def test_one_numbered_paragraph_of_one_loop_counts_through(word: Any) -> None:
    body = ("{%p for 每 in 所 %}", "间", numbered("{{ 每.名 }}"), "{%p endfor %}")
    assert filled(word, *body) == [(1, "甲园"), (2, "乙园"), (3, "丙园")]
    either = ("{%p if 每.项 %}", numbered("有"), "{%p else %}", numbered("无"), "{%p endif %}")
    assert filled(word, "{%p for 每 in 所 %}", *either, "{%p endfor %}") == [(1, "有"), (2, "有"), (3, "有")]


def test_a_list_the_text_around_shares_counts_through(word: Any) -> None:
    body = (numbered("先"), "{%p for 每 in 所 %}", numbered("甲"), numbered("乙"), "{%p endfor %}", numbered("后"))
    assert [number for number, _ in filled(word, *body)] == [*range(1, 9)]


def test_a_list_whose_upper_level_counts_the_passes_is_left_to_word(word: Any) -> None:
    inner = ("{%p for 一 in 每.项 %}", numbered("{{ 一 }}", 2, level=1), "{%p endfor %}")
    template = word.build("{%p for 每 in 所 %}", numbered("{{ 每.名 }}", 2), *inner, "{%p endfor %}")
    members = word.members(compile_template(template, name="模板.docx").fill(DATA))
    assert b"startOverride" not in members["word/numbering.xml"]
