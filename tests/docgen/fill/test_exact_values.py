"""Never silently different: a value stands in the document as given, or is refused with its field and place."""

import functools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Undefined
from markupsafe import Markup

from yiyu.docgen.fill.compiled import CompiledTemplate, compile_template
from yiyu.docgen.fill.values import check
from yiyu.registry.errors import BadInput, ExitCode

SNIPPETS = (
    *("&", "<", ">", '"', "'", "&amp;", "&#38;", "<b>", "</w:t></w:r></w:p>", "]]>", "<![CDATA[", "<!--", "<?xml"),
    *("{{", "}}", "{%", "%}", "{#", "{{ 7*7 }}", "{_{", "}_}", "{_%", "%_}", "{_{ x }_}", "{%p if x %}"),
    *("\n", "\t", "\r\n", "  ", " ", "　", "\u200b", "\u202e", "\ufeff", "\u2028", "\x7f", "\x85"),
    *("甲乙", "ᠮᠣᠩ", "𠀀", "𱁬", "👩\u200d⚕️", "é", "e\u0301", "\ue000", "\uf8ff", "None", "nan", "True"),
)
texts = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=8), max_size=6).map("".join)
clean = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
everything = texts | st.text(st.characters(), max_size=20) | clean
loose = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


Compiled = Callable[[], CompiledTemplate]


@pytest.fixture(scope="module")
def template(word: Any) -> Compiled:
    """Behind a function, because hypothesis would print the whole template beside a failing example."""

    def areas(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "〔{{ 甲方.名称 }}〕"

    compiled = compile_template(
        word.build(
            "〔{{ 甲方.名称 }}〕",
            word.table(("{%tr for 行 in 行列 %}", ""), ("〔{{ 行.值 }}〕", "{{ loop.index }}"), ("{%tr endfor %}", "")),
            "{% set 变量 = 甲方.名称 ~ '｜' %}〔{{ 变量 }}〕",
            "{%p for 键, 值 in 字典|dictsort %}",
            "〔{{ 键 }}〕",
            "{%p endfor %}",
            footnotes="〔{{ 甲方.名称 }}〕",
            prepare=areas,
        ),
        name="逐字",
    )
    return lambda: compiled


@functools.cache
def _code_points() -> frozenset[str]:
    """What XML 1.0 section 2.2 leaves out, and CR."""
    controls = {chr(code) for code in range(0x20)} - {"\t", "\n"}
    return frozenset(controls | {"\ufffe", "\uffff"} | {chr(code) for code in range(0xD800, 0xE000)})


@loose
@given(everything, st.lists(everything, max_size=3))
def test_a_value_is_exact_or_refused_with_field_and_place(
    word: Any, template: Compiled, name: str, rows: list[str]
) -> None:
    context = {"甲方": {"名称": name}, "行列": [{"值": row} for row in rows], "字典": {}}
    given = [("甲方.名称", name), *((f"行列第{place}项.值", row) for place, row in enumerate(rows, 1))]
    bad = [
        (field, place, char)
        for field, value in given
        for place, char in enumerate(value.replace("\r\n", "\n"), 1)
        if char in _code_points()
    ]
    if bad:
        with pytest.raises(BadInput) as refused:
            template().fill(context)
        field, place, char = bad[0]
        assert f"“{field}”第{place}个字符" in refused.value.what
        assert f"U+{ord(char):04X}" in refused.value.what
        return
    document = template().fill(context)
    shown = name.replace("\r\n", "\n")
    body = word.text_of(document)
    assert body.startswith(f"〔{shown}〕\n")
    assert f"〔{shown}｜〕" in body
    for row in rows:
        assert "〔{}〕".format(row.replace("\r\n", "\n")) in body
    assert word.text_of(document, "word/header1.xml") == f"〔{shown}〕"
    assert word.text_of(document, "word/footnotes.xml") == f"〔{shown}〕"


@loose
@given(texts.filter(lambda text: text == text.replace("\r\n", "\n")))
def test_both_roads_write_the_same_text(word: Any, template: Compiled, name: str) -> None:
    context = {"甲方": {"名称": name}, "行列": [{"值": name}], "字典": {}}
    try:
        document = template().fill(context)
    except BadInput:
        return
    assert word.text_of(template().fill(context, owner=template().docxtpl())) == word.text_of(document)


@loose
@given(clean.filter(lambda text: not _code_points() & set(text)))
def test_a_field_name_that_is_printed_is_exact_too(word: Any, template: Compiled, key: str) -> None:
    document = template().fill({"甲方": {"名称": ""}, "行列": [], "字典": {key: "x"}})
    assert word.text_of(document).endswith(f"〔{key}〕")


@pytest.mark.parametrize("value", ["甲 & 乙 <丙>", "“引号” 'x' \"y\"", "&amp;", "{{ 原样 }}", "长" * 255])
def test_a_document_property_is_exact(word: Any, value: str) -> None:
    def title(document: Any) -> None:
        document.core_properties.title = "{{ 名 }}"

    document = compile_template(word.build("正文", prepare=title), name="属性").fill({"名": value})
    root = word.parse(word.members(document)["docProps/core.xml"])
    assert [each.text for each in root.iter("{*}title")] == [value]


def test_a_document_property_of_over_255_characters_is_refused(word: Any) -> None:
    def title(document: Any) -> None:
        document.core_properties.title = "{{ 名 }}"

    with pytest.raises(BadInput, match="超过255字"):
        compile_template(word.build("正文", prepare=title), name="属性").fill({"名": "&" * 256})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "“甲方.名称”没有值"),
        (float("nan"), "“甲方.名称”不是有效数字"),
        (float("inf"), "“甲方.名称”不是有效数字"),
        (Markup("<w:p/>"), "“甲方.名称”的类型不能写入"),
        ({1}, "“甲方.名称”的类型不能写入"),
        (b"x", "“甲方.名称”的类型不能写入"),
        (Undefined(), "“甲方.名称”没有值"),
        (object(), "“甲方.名称”的类型不能写入"),
        (["一", "二\x0b"], "“甲方.名称第2项”第2个字符不能写入文书（U+000B）"),
        ("单独回车\r完", "“甲方.名称”第5个字符不能写入文书（U+000D）"),
        ("长" * 1_000_001, "“甲方.名称”过长"),
    ],
)
def test_what_is_no_value_is_refused_by_name(value: object, said: str) -> None:
    with pytest.raises(BadInput) as refused:
        check({"甲方": {"名称": value}})
    assert said in refused.value.what
    assert refused.value.exit_code == ExitCode.BAD_INPUT


def test_nesting_without_end_is_refused() -> None:
    context: dict[str, Any] = {}
    context["自己"] = context
    with pytest.raises(BadInput, match="嵌套过深"):
        check(context)


def test_a_clean_context_is_not_copied() -> None:
    context = {"甲方": {"名称": "某某", "备案": True, "床位": 3}, "行": [{"值": "一\n二"}]}
    assert check(context).context is context


def test_windows_line_ends_become_one_break_and_the_callers_data_stay_as_they_are() -> None:
    context = {"行": [{"值": "一\r\n二"}]}
    assert check(context).context == {"行": [{"值": "一\n二"}]}
    assert context == {"行": [{"值": "一\r\n二"}]}
