"""Claims about forms that refer to clauses: what stands there in the end, and what is told where it cannot."""

import io
from collections.abc import Callable
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from yiyu.docgen.fill.clauses import expanded
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.lint import Expectations, check_form
from yiyu.registry.errors import TemplateFault
from yiyu.registry.packs.clauses import ClauseText


def clause(code: str, name: str, text: str, title: str = "") -> ClauseText:
    return ClauseText(code, name, title or name, "qi", "1", "", "S0 一", text)


TEXTS = (
    clause("T01", "费用", "（一）免费。\n（二）有争议的，按{{ 条号.争议 }}办理。"),
    clause("T02", "争议", "{%p if 起诉 %}\n起诉。\n{%p else %}\n协商{{ 甲方 }}。\n{%p endif %}", "{{ 甲方 }}的争议"),
)
DATA = {"甲方": "卫生院", "起诉": False}
Build = Callable[..., bytes]


@pytest.fixture
def paragraphs(word: Any) -> Callable[..., list[Any]]:
    def run(*body: str) -> list[Any]:
        filled = compile_template(expanded(word.build(*body), "范本", TEXTS).data, name="范本").fill(DATA)
        return list(docx.Document(io.BytesIO(filled)).paragraphs)

    return run


def test_a_reference_becomes_heading_and_text_and_numbers_follow_the_form(paragraphs: Any) -> None:
    texts = [one.text for one in paragraphs("引言", "{{ 条款.费用 }}", "{{p 条款.T02 }}", "见{{ 条号.费用 }}。")]
    assert texts == [
        "引言",
        "第一条　费用",
        "（一）免费。",
        "（二）有争议的，按第二条办理。",
        "第二条　卫生院的争议",
        "协商卫生院。",
        "见第一条。",
    ]


def test_the_count_goes_on_from_a_heading_the_author_typed(paragraphs: Any) -> None:
    texts = [
        one.text for one in paragraphs("第五条　自写", "文字", "{{ 条款.争议 }}", "第七条 又自写", "{{ 条文.费用 }}")
    ]
    assert texts[2] == "第六条　卫生院的争议"
    assert texts[5:] == ["（一）免费。", "（二）有争议的，按第六条办理。"]


def test_a_tag_spread_over_runs_is_read_and_the_rest_of_its_line_kept(paragraphs: Any, word: Any) -> None:
    body = (
        word.paragraph("{{ 条", "款.费", "用 }}"),
        "{{ 条款.争议 }}",
        word.paragraph("按{{ 条", "号.费用 }}和", "别的"),
    )
    assert [one.text for one in paragraphs(*body)][-1] == "按第一条和别的"


def test_the_clause_looks_as_its_place_in_the_form_does(paragraphs: Any) -> None:
    place = (
        '<w:p><w:pPr><w:keepNext/><w:jc w:val="right"/></w:pPr><w:r><w:rPr><w:i/></w:rPr>'
        "<w:t>{{ 条款.费用 }}</w:t></w:r></w:p>"
    )
    heading, first, last, *_ = paragraphs(place, "{{ 条款.争议 }}")
    assert all(one.runs[0].italic and one.alignment == 2 for one in (heading, first, last))
    assert [bool(one.runs[0].bold) for one in (heading, first, last)] == [True, False, False]
    assert [bool(one.paragraph_format.keep_with_next) for one in (first, last)] == [False, True]


def test_a_form_has_its_heading_style_used(word: Any) -> None:
    def style(document: Any) -> None:
        document.styles.add_style("条款标题", 1)

    data = expanded(word.build("{{ 条款.争议 }}", prepare=style), "范本", TEXTS).data
    assert docx.Document(io.BytesIO(data)).paragraphs[0].style.name == "条款标题"


def test_a_form_without_references_is_left_as_it_is_and_any_other_comes_out_the_same_every_time(word: Any) -> None:
    plain, referring = word.build("{{ 甲方 }}"), word.build("{{ 条款.争议 }}", "{{ 甲方 }}")
    assert expanded(plain, "范本", TEXTS).data is plain
    assert expanded(plain, "范本", TEXTS).clauses == ()
    first = expanded(referring, "一", TEXTS)
    assert first == expanded(referring, "二", TEXTS)
    assert [one.code for one in first.clauses] == ["T02"]
    before, after = word.members(referring), word.members(first.data)
    assert [name for name in before if before[name] != after[name]] == ["word/document.xml"]
    assert "w14:paraId" not in after["word/document.xml"].decode()


WRONG = {
    "{{ 条款.费勇 }}": ("没有条款“费勇”", "T01 费用"),
    "前{{ 条款.费用 }}后": ("没有独占一段", "独占一段"),
    "见{{ 条号.费勇 }}": ("没有条款“费勇”", "T01 费用"),
    "见{{ 条号.争议 }}": ("这份文书里没有这一条", "{{ 条款.争议 }}"),
}


@pytest.mark.parametrize("text", WRONG)
def test_a_reference_that_leads_nowhere_is_one_sentence_with_place_and_remedy(word: Any, text: str) -> None:
    with pytest.raises(TemplateFault) as caught:
        expanded(word.build("引言", text), "范本.docx", TEXTS)
    what, remedy = WRONG[text]
    assert what in caught.value.what
    assert remedy in caught.value.remedy
    assert caught.value.where.startswith("模板 范本.docx")
    assert caught.value.code == "clause-unknown"


@pytest.mark.parametrize("text", WRONG)
def test_the_check_tells_it_at_its_paragraph_and_once(word: Any, text: str) -> None:
    data = word.build("引言{{ 甲方 }}", text, "{{ 条款.T09 }}")
    found, _ = check_form(data, "范本.docx", lambda _told: Expectations(data=DATA), TEXTS)
    assert [(one.code, one.place) for one in found] == [
        ("clause-unknown", "正文 第2段"),
        ("clause-unknown", "正文 第3段"),
    ]


def test_a_fault_in_a_clause_is_told_in_the_clause_and_one_after_it_where_the_author_finds_it(word: Any) -> None:
    texts = (clause("T01", "费用", "第一段。\n{{ 无此字段 }}"),)
    data = word.build("引言", "{{ 条款.费用 }}", "{{ 也没有 }}")
    found, _ = check_form(data, "范本.docx", lambda _told: Expectations(data=DATA), texts)
    told = [(one.code, one.place, one.paragraph) for one in found]
    assert told == [("field-unknown", "条款“费用”（qi 第1版）第2段", 1), ("field-unknown", "正文 第3段", 2)]


def test_no_two_paragraphs_of_a_clause_share_what_must_be_unique(word: Any) -> None:
    w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    place = f'<w:p {w14} w14:paraId="00000001"><w:r><w:t>{{{{ 条款.费用 }}}}</w:t></w:r></w:p>'
    data = expanded(word.build(place, "{{ 条款.争议 }}"), "范本", TEXTS).data
    body = docx.Document(io.BytesIO(data)).element.body
    assert not [one for one in body.iter(qn("w:p")) if any("paraId" in name for name in one.attrib)]
