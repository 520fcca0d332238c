"""Whoever wrote the template or the data is told what is wrong, where, and what to do; in Chinese."""

import re
from typing import Any

import pytest

from yiyu.docgen.fill.compiled import compile_template
from yiyu.registry.errors import BadInput, ExitCode, TemplateFault

VALUES = {
    "甲方": {"名称": "某某卫生院", "电话": ""},
    "rows": [{"项目": "一"}, {"其他": "二"}],
    "yes": True,
    "no": False,
    "文": "x",
}


def fault(template: bytes, values: dict[str, Any] = VALUES) -> TemplateFault:
    with pytest.raises(TemplateFault) as refused:
        compile_template(template, name="协议.docx").fill(values)
    assert refused.value.exit_code == ExitCode.TEMPLATE
    assert "模板 协议.docx" in refused.value.where
    assert refused.value.remedy
    # Latin letters only as names of tags, fields and files.
    assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]", str(refused.value))
    return refused.value


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("电话 {{ 甲方.手机 }}", "缺少字段“甲方.手机”"),
        ("电话 {{ 甲方['手机'] }}", "缺少字段“甲方.手机”"),
        ("{{ 丁方.名称 }}", "缺少字段“丁方”"),
        ("{% for 行 in rows %}{{ 行.项目 }}{% endfor %}", "缺少字段“rows第2项.项目”"),
        ("{% if 甲方.备案 %}有{% endif %}", "缺少字段“甲方.备案”"),
        ("{{ 甲方.地址|填空(4) }}", "缺少字段“甲方.地址”"),
        ("{{ 甲方.名称.简称 }}", "缺少字段“简称”"),
        ("{{ 甲方.get('手机') }}", "标签的结果为空"),
        ("{{ none }}", "标签的结果为空"),
        ("{{ 甲方 }}", "标签的结果是列表或一组字段"),
        ("{{ rows }}", "标签的结果是列表或一组字段"),
        ("{{ 1e308 * 10 }}", "标签的结果不是有效数字"),
        ("{{ 甲方.名称 + 1 }}", "标签的计算出错"),
        ("{{ 1 / 0 }}", "标签的计算出错"),
        ("{{ 甲方.名称.__class__ }}", "不允许的内容"),
        ("{{ 'x' * 10**9 }}", "一段文字超过"),
    ],
)
def test_what_goes_wrong_while_filling_names_the_paragraph(word: Any, tag: str, said: str) -> None:
    refused = fault(word.build("第一段", tag + "完", "末段"))
    assert said in refused.what
    assert "正文，段落“" in refused.where
    assert "完”" in refused.where


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("{{ 甲方.名称", "标签没有写完"),
        ("{% if yes %}有", "缺少“{% endif %}”"),
        ("{% for 行 in rows %}", "缺少“{% endfor %}”"),
        ("{% endif %}", "“endif”前面没有对应的开头"),
        ("{% if yes %}{% endfor %}", "标签“endfor”的位置不对"),
        ("{% 如果 yes %}", "不认识的标签“如果”"),
        ("{{ 甲方.名称|不存在 }}", "没有名为“不存在”的过滤器"),
        ("{{ 甲方.名称|safe }}", "没有名为“safe”的过滤器"),
        ("{% if yes is 好 %}{% endif %}", "没有名为“好”的判断"),
        ("{{ 甲方，名称 }}", "不能识别的字符"),
        ("{{ 甲方 名称 }}", "标签中应为"),
        ("{{ }}", "标签中缺少内容"),
        ("{% include 'x' %}", "不能使用“include”标签"),
        ("{# 注释", "注释没有写完"),
    ],
)
def test_a_tag_that_cannot_be_read_names_the_paragraph(word: Any, tag: str, said: str) -> None:
    refused = fault(word.build("第一段", tag))
    assert said in refused.what
    assert "正文" in refused.where


def test_a_character_no_document_can_hold_is_refused_in_a_tag_too(word: Any) -> None:
    assert "不能含有的字符（U+0000）" in fault(word.build(r"{{ '\x00' }}")).what


def test_the_part_is_named(word: Any) -> None:
    def header(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "编号 {{ 协议.编号 }}"

    def title(document: Any) -> None:
        document.core_properties.title = "{{ 协议.编号 }}"

    def broken_title(document: Any) -> None:
        document.core_properties.subject = "{{ 协议.编号"

    assert "页眉1，段落“编号 {{ 协议.编号 }}”" in fault(word.build("x", prepare=header)).where
    assert "脚注，段落“{{ 协议.编号 }}”" in fault(word.build("x", footnotes="{{ 协议.编号 }}")).where
    assert "文档属性，段落“{{ 协议.编号 }}”" in fault(word.build("x", prepare=title)).where
    assert "文档属性“主题”" in fault(word.build("x", prepare=broken_title)).where


def test_a_value_a_filter_cannot_write_is_a_fault_of_the_data(word: Any) -> None:
    with pytest.raises(BadInput, match="日期应写作") as refused:
        compile_template(word.build("{{ 文|中文日期 }}"), name="协议.docx").fill(VALUES)
    assert "段落“{{ 文|中文日期 }}”" in refused.value.where


def test_a_long_value_is_told_by_its_beginning(word: Any) -> None:
    with pytest.raises(BadInput, match=f"现为“{'9' * 40}…”"):
        compile_template(word.build("{{ ('9' * 5000)|中文日期 }}"), name="协议.docx").fill(VALUES)


def test_a_loop_over_rows_written_in_one_row_is_told_so(word: Any) -> None:
    found = fault(word.build(word.table(("{%tr for 项 in 表 %}", "{%tr endfor %}"), ("一", "二"))))
    assert found.what == "“endfor”前面没有对应的开头；{%tr … %} 须各占一个表格行"


def test_tags_opened_and_closed_at_different_levels_are_refused_only_when_they_break_the_document(word: Any) -> None:
    template = compile_template(word.build("前{% if 有 %}", word.table(("{% endif %}甲", "乙"))), name="结构")
    assert "甲" in word.text_of(template.fill({"有": True}))
    with pytest.raises(TemplateFault, match="结构不完整"):
        template.fill({"有": False})


@pytest.mark.parametrize(
    ("member", "root", "label"),
    [
        ("word/comments.xml", "w:comments", "批注"),
        ("word/endnotes.xml", "w:endnotes", "尾注"),
        ("word/其他/E1.XML", "w:endnotes", "尾注"),
        ("word/charts/chart1.xml", "c:chartSpace", "图表"),
        ("word/diagrams/data1.xml", "dgm:dataModel", "SmartArt"),
        ("docProps/custom.xml", "Properties", "自定义"),
    ],
)
def test_a_tag_where_nothing_is_filled_is_refused(word: Any, member: str, root: str, label: str) -> None:
    def relate(document: Any) -> None:
        word.attach(document, member, f"<{root}><x>{{{{ 甲方.</x><x>名称 }}}}</x></{root}>")

    assert label in fault(word.build("正文", prepare=relate)).what


def test_no_template_output_holds_a_tag_or_an_empty_word(word: Any) -> None:
    template = compile_template(
        word.build("{{ 甲方.电话|填空(3) }}{{ 甲方.名称 }}{{ 甲方.别名|default('') }}{% if no %}{{ 无 }}{% endif %}"),
        name="x",
    )
    body = word.members(template.fill(VALUES))["word/document.xml"].decode()
    assert not re.search(r"\{\{|\{%|None|nan|Undefined", body)


def test_what_was_rendered_and_is_not_in_the_result_is_refused(word: Any) -> None:
    part = compile_template(word.build("{{ 甲方.名称 }}"), name="核对").parts[0]
    part._read_back([b"\xe7\x94\xb2", b"&#34;"], '<w:t>甲"</w:t>'.encode())
    for shown in ([b"\xe4\xb9\x99"], [b"&#34;", b"\xe7\x94\xb2"]):
        with pytest.raises(TemplateFault, match="核对失败"):
            part._read_back(shown, '<w:t>甲"</w:t>'.encode())
