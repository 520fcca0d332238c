"""A bureau's own form, written by someone who never saw the field dictionary: what it is told, and that it then fills."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document

from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.fill.lint import check_template
from yiyu.docgen.fill.lint.trial import samples
from yiyu.registry.errors import TemplateFault
from yiyu.registry.model import DocKind, Severity, Variant

HEAD = (
    "医育结合服务协议",
    "合同编号：{{ 合同编号 }}",
    "甲方（医疗卫生机构）：{{ 医院名称 }}",
    "负责人：{{ 甲方.法人 }}　　电话：{{ 甲方.联系电话 }}",
    "乙方（托育机构）：【乙方.名称】",
    "社会信用代码：｛｛ 乙方.信用代码 ｝｝",
    "第一条　服务期限自____年____月____日起至____年____月____日止。",
    "第三条　服务内容见下表。",
)
ROWS = (("序号", "项目", "频次"), ("{% for 项 in 清单 %}{{ 项.序号 }}", "{{ 项.名称 }}", "{{ 项.频次 }}{% endfor %}"))
TAIL = (
    "第四条　争议由{{ 主管部门 }}协调。",
    "甲方（盖章）：　　　　　　乙方（盖章）：",
    "法定代表人（签字）：　　　法定代表人（签字）：",
)

CORRECTED = {
    "{{ 合同编号 }}": "{{ 协议.编号 }}",
    "{{ 医院名称 }}": "{{ 甲方.名称 }}",
    "甲方.法人": "甲方.法定代表人",
    "甲方.联系电话": "甲方.电话",
    "【乙方.名称】": "{{ 乙方.名称 }}",
    "｛｛ 乙方.信用代码 ｝｝": "{{ 乙方.信用代码 }}",
    "自____年____月____日起至____年____月____日止": "自{{ 协议.生效日期 }}起至{{ 协议.截止日期 }}止",
    "第三条": "第二条",
    "第四条": "第三条",
    "{{ 主管部门 }}": "{{ 口径.主管部门 }}",
    "{% for 项 in 清单 %}": "",
    "{% endfor %}": "",
    "{{ 项.名称 }}": "{{ 项.项目 }}",
}
DATES = "日期：　　年　　月　　日　　日期：　　年　　月　　日"


def form(*, corrected: bool) -> bytes:
    def text(written: str) -> str:
        for wrong, right in CORRECTED.items() if corrected else ():
            written = written.replace(wrong, right)
        return written

    document = Document()
    for line in HEAD:
        document.add_paragraph(text(line))
    loop = (("{%tr for 项 in 服务项目 %}", "", ""), ROWS[1], ("{%tr endfor %}", "", "")) if corrected else ROWS[1:]
    rows = (ROWS[0], *loop)
    table = document.add_table(len(rows), 3)
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, written in zip(row.cells, texts, strict=True):
            cell.text = text(written)
    for line in (*TAIL, DATES) if corrected else TAIL:
        document.add_paragraph(text(line)).paragraph_format.keep_with_next = corrected
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_a_form_with_other_names_is_told_what_to_write_and_where(check: Callable[..., Any]) -> None:
    told = {(one.code, one.place): one.suggestion for one in check(form(corrected=False))}
    expected = {
        ("field-unknown", "正文 第2段"): "“协议.编号”",
        ("field-unknown", "正文 第3段"): "",
        ("field-required", "正文 第2段"): "{{ 协议.编号 }}",
        ("field-required", "正文 第3段"): "{{ 甲方.名称 }}",
        ("field-required", "正文 第5段"): "{{ 乙方.名称 }}",
        ("field-required", "正文 第7段"): "{{ 协议.截止日期 }}",
        ("other-placeholder", "正文 第5段"): "{{ 乙方.名称 }}",
        ("full-width-brace", "正文 第6段"): "{{ 乙方.信用代码 }}",
        ("field-unknown", "正文 表1行2列1"): "",
        ("block-across-cells", "正文 表1行2列3"): "{%tr for 项 in 清单 %}",
        ("field-unknown", "正文 第9段"): "“口径.主管部门”",
    }
    assert expected.keys() <= told.keys()
    for key, suggestion in expected.items():
        assert suggestion in told[key]
    fourth = [one.suggestion for one in check(form(corrected=False)) if one.place == "正文 第4段"]
    assert fourth == ["是不是想写“法定代表人”？", "是不是想写“电话”？"]


def test_its_clauses_and_places_to_sign_are_checked_once_its_blocks_are_right(check: Callable[..., Any]) -> None:
    data = form(corrected=True)
    document = Document(io.BytesIO(data))
    document.paragraphs[7].runs[0].text = "第三条　服务内容见下表。"
    document.paragraphs[-1].runs[0].text = ""
    target = io.BytesIO()
    document.save(target)
    found = [one for one in check(target.getvalue()) if "三方型" not in one.message]
    assert {(one.code, one.place, one.message[:2]) for one in found} == {
        ("clause-number", "正文 第8段", "序号"),
        ("date-missing", "正文 第10段", "甲方"),
        ("date-missing", "正文 第10段", "乙方"),
    }


def test_a_form_of_two_sides_is_told_that_three_cannot_sign_it(check: Callable[..., Any]) -> None:
    told = [one for one in check(form(corrected=True)) if "三方型" in one.message]
    assert {one.code for one in told} == {"seal-missing", "signature-missing", "date-missing"}
    assert all("丙方" in one.message and "另设模板" in one.suggestion for one in told)


def test_corrected_as_told_it_has_no_findings_and_fills(check: Callable[..., Any]) -> None:
    data = form(corrected=True)
    two_sides = [variant for variant in Variant if variant is not Variant.SF]
    assert [one for one in check(data) if "三方型" not in one.message] == []
    template = compile_template(data, name="范本.docx")
    for _, context in samples(DocKind.AGREEMENT, two_sides):
        filled = Document(io.BytesIO(template.fill(context)))
        text = "\n".join(paragraph.text for paragraph in filled.paragraphs)
        assert context["甲方"]["名称"] in text
        assert context["乙方"]["名称"] in text
        assert not re.search(r"[{}【】]", text)
        assert len(filled.tables[0].rows) == 1 + len(context["服务项目"])


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("{{ 甲方.名称 }}与{乙方.名称}", True),
        ("{{ 甲方.名称 }}{名称}", True),
        ("{{ 甲方.名称 }}{% raw %}{乙方.名称}{% endraw %}", False),
        ("{{ 甲方.名称 }}{_{ 乙方 }_}", False),
        ("{{ 甲方.名称 }}{见附件 1}", False),
    ],
)
def test_fill_and_check_say_the_same_of_single_braces(text: str, refused: bool) -> None:
    document = Document()
    document.add_paragraph("题")
    paragraph = document.add_paragraph()
    for piece in (text[:-4], text[-4:]):
        paragraph.add_run(piece)
    document.save(target := io.BytesIO())
    errors = [one for one in check_template(target.getvalue(), "模板.docx") if one.severity is Severity.ERROR]
    assert [one.code for one in errors] == ["single-brace"] * refused
    if not refused:
        compile_template(target.getvalue(), name="模板.docx").fill({"甲方": {"名称": "甲"}})
        return
    with pytest.raises(TemplateFault, match="只有一层花括号，会原样印出来") as fault:
        compile_template(target.getvalue(), name="模板.docx")
    assert fault.value.code == "single-brace"
    assert "段落“{{ 甲方.名称 }}" in fault.value.where
