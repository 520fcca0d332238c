"""Content controls of Word live on in what is filled: a box is set from data, and agrees with the sign it shows."""

import io
from typing import Any

import pytest
from docx import Document

from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.controls import W14
from yiyu.docgen.fill.fields import W
from yiyu.docgen.fill.lint import check_template
from yiyu.registry.errors import BadInput, TemplateFault

_NS = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
_PLAIN = (
    '<w14:checkedState w14:val="2611" w14:font="MS Gothic"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/>'
)
_WINGDINGS = (
    '<w14:checkedState w14:val="00FE" w14:font="Wingdings"/><w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/>'
)


def box(tag: str, states: str = _PLAIN, *, name: str = "tag", shown: str = "☐", more: str = "") -> str:
    """A paragraph with an inline check box control that names a field."""
    own = f'<w:{name} w:val="{tag}"/>' if tag else ""
    inside = f'<w14:checkbox {_NS}><w14:checked w14:val="0"/>{states}</w14:checkbox>'
    run = f'<w:r><w:rPr><w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic"/></w:rPr><w:t>{shown}</w:t></w:r>'
    control = f"<w:sdt><w:sdtPr>{own}{more}{inside}</w:sdtPr><w:sdtContent>{run}</w:sdtContent></w:sdt>"
    return f'<w:p>{control}<w:r><w:t xml:space="preserve"> 已备案</w:t></w:r></w:p>'


def state(document: bytes) -> list[tuple[str | None, str]]:
    """Of each box its state and the sign shown."""
    body = Document(io.BytesIO(document)).element.body
    return [
        (at.find(f".//{W14}checked").get(f"{W14}val"), "".join(one.text for one in at.iter(f"{W}t")))
        for at in body.iter(f"{W}sdt")
    ]


@pytest.mark.parametrize("name", ["tag", "alias"])
@pytest.mark.parametrize(
    ("value", "shown"), [(True, ("1", "☑")), (False, ("0", "☐")), ("是", ("1", "☑")), ("", ("0", "☐"))]
)
def test_a_box_named_after_a_field_is_ticked_by_it(word: Any, name: str, value: object, shown: tuple[str, str]) -> None:
    template = compile_template(word.build(box("{{ 乙方.备案 }}", name=name)), name="模板.docx")
    for _ in range(2):
        filled = template.fill({"乙方": {"备案": value}})
        assert state(filled) == [shown]
    assert b"{{" not in word.members(filled)["word/document.xml"]
    assert "乙方.备案".encode() in word.members(filled)["word/document.xml"]


def test_boxes_in_a_loop_are_each_ticked(word: Any) -> None:
    body = ("{%p for 一 in 项 %}", box("{{ 一.勾 == &quot;是&quot; }}"), "{%p endfor %}")
    template = compile_template(word.build(*body), name="模板.docx")
    filled = template.fill({"项": [{"勾": "是"}, {"勾": "否"}, {"勾": "是"}]})
    assert state(filled) == [("1", "☑"), ("0", "☐"), ("1", "☑")]


def test_a_sign_of_a_symbol_font_is_written_as_word_writes_it(word: Any) -> None:
    template = compile_template(word.build(box("{{ 真 }}", _WINGDINGS)), name="模板.docx")
    for value, font, char in ((True, "Wingdings", "F0FE"), (False, "MS Gothic", "2610")):
        body = Document(io.BytesIO(template.fill({"真": value}))).element.body
        (sign,) = body.iter(f"{W}sym")
        assert (sign.get(f"{W}font"), sign.get(f"{W}char")) == (font, char)


def test_what_is_no_yes_or_no_is_refused(word: Any) -> None:
    template = compile_template(word.build(box("{{ 真 }}")), name="模板.docx")
    with pytest.raises((BadInput, TemplateFault), match="复选框只用于是/否，现为“大概”"):
        template.fill({"真": "大概"})


def test_check_knows_the_field_a_box_names(word: Any) -> None:
    (finding,) = check_template(word.build(box("{{ 乙方.备案情况表 }}")), "模板.docx")
    assert (finding.code, finding.place) == ("field-unknown", "正文 第1段")
    assert not check_template(word.build(box("{{ 乙方.普惠 }}"), "{{ 甲方.名称 }}"), "模板.docx")


@pytest.mark.parametrize("first", [True, False])
def test_a_box_follows_the_sign_filled_into_it_document_after_document(word: Any, first: bool) -> None:
    sign = "{{ &quot;☑&quot; if 真 else &quot;☐&quot; }}"
    template = compile_template(word.build(box("", shown=sign)), name="模板.docx")
    for value in (first, not first, first):
        assert state(template.fill({"真": value})) == [("1", "☑") if value else ("0", "☐")]


def test_a_control_bound_to_other_data_shows_what_was_filled_in(word: Any) -> None:
    bound = '<w:dataBinding w:xpath="/a" w:storeItemID="{3325B669-0000-0000-0000-000000000000}"/>'
    properties = f"<w:sdtPr><w:showingPlcHdr/>{bound}<w:text/></w:sdtPr>"
    controls = [
        f"<w:sdt>{properties}<w:sdtContent>{word.paragraph(text)}</w:sdtContent></w:sdt>" for text in ("{{甲}}", "原样")
    ]
    filled = compile_template(word.build(*controls), name="模板.docx").fill({"甲": "王某某"})
    assert word.text_of(filled).startswith("王某某\n原样")
    assert len(list(Document(io.BytesIO(filled)).element.body.iter(f"{W}dataBinding"))) == 1
