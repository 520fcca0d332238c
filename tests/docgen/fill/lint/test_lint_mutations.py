"""The check finds every kind of fault put into the shipped templates, with its code, at its place, and nothing else."""

import io
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from yiyu.docgen.context import sample_context
from yiyu.docgen.fill.compiled import compile_template
from yiyu.registry.model import DocKind, Severity

Edit = Callable[[Any], str]
"""Puts a fault into a python-docx document and gives the place it is to be found at, counted here."""


def swap(old: str, new: str, *, at: str = "", nth: int = 0) -> Edit:
    """Put ``new`` for the first ``old``; the place is that paragraph, or the nth that holds ``at`` then."""

    def edit(document: Any) -> str:
        text = next(one for one in document.element.body.iter(qn("w:t")) if old in (one.text or ""))
        paragraph = next(text.iterancestors(qn("w:p")))
        text.text = text.text.replace(old, new, 1)
        return place_of(document, holder(document, at, nth) if at else paragraph)

    return edit


def add(after: str, *texts: str, at: int = 0) -> Edit:
    """Add paragraphs after the one that holds ``after``; the place is that of ``texts[at]``."""

    def edit(document: Any) -> str:
        last, new = holder(document, after), []
        for text in texts:
            last.addnext(paragraph(text))
            new.append(last := last.getnext())
        return place_of(document, new[at])

    return edit


def paragraph(text: str) -> Any:
    element = parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t xml:space='preserve'/></w:r></w:p>")
    element.find(f"{qn('w:r')}/{qn('w:t')}").text = text
    return element


def holder(document: Any, text: str, nth: int = 0) -> Any:
    """The nth paragraph that holds ``text``."""
    paragraphs = document.element.body.iter(qn("w:p"))
    return [p for p in paragraphs if text in "".join(t.text or "" for t in p.iter(qn("w:t")))][nth]


def steps(*edits: Edit) -> Edit:
    """Several edits for one fault; the place is that of the last."""
    return lambda document: [edit(document) for edit in edits][-1]


def place_of(document: Any, element: Any) -> str:
    body, parent = document.element.body, element.getparent()
    if parent is body:
        return f"正文 第{body.findall(qn('w:p')).index(element) + 1}段"
    row = parent.getparent()
    table = row.getparent()
    place = "正文 表{}行{}列{}".format(
        body.findall(qn("w:tbl")).index(table) + 1,
        table.findall(qn("w:tr")).index(row) + 1,
        row.findall(qn("w:tc")).index(parent) + 1,
    )
    own = parent.findall(qn("w:p"))
    return place + (f"第{own.index(element) + 1}段" if len(own) > 1 else "")


def header(text: str) -> Edit:
    def edit(document: Any) -> str:
        document.sections[0].header.paragraphs[0].runs[0].text = text
        return "页眉1 第1段"

    return edit


def footer(text: str) -> Edit:
    def edit(document: Any) -> str:
        document.sections[0].footer.paragraphs[0].add_run(text)
        return "页脚1 第1段"

    return edit


def title(text: str) -> Edit:
    def edit(document: Any) -> str:
        document.core_properties.title = text
        return "文档属性“标题”"

    return edit


def split_runs(old: str, new: str) -> Edit:
    """Write a tag in three runs, as Word does after a correction."""

    def edit(document: Any) -> str:
        place = swap(old, new)(document)
        run = next(t for t in document.element.body.iter(qn("w:t")) if new in (t.text or "")).getparent()
        whole = run.find(qn("w:t")).text
        for number, cut in enumerate((whole[:3], whole[3:7], whole[7:])):
            piece = run if number == 2 else parse_xml(f"<w:r {nsdecls('w')}><w:t xml:space='preserve'/></w:r>")
            piece.find(qn("w:t")).text = cut
            run.addprevious(piece) if number < 2 else None
        return place

    return edit


def small_table(*rows: tuple[str, ...], at: tuple[int, int]) -> Edit:
    """Add a table after the title; the place is its cell ``at``, counted from one."""

    def edit(document: Any) -> str:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.paragraphs[0].add_run(text)
        document.element.body.findall(qn("w:p"))[1].addnext(table._tbl)
        return f"正文 表1行{at[0]}列{at[1]}"

    return edit


def page_break(before: str) -> Edit:
    def edit(document: Any) -> str:
        broken = parse_xml(f"<w:p {nsdecls('w')}><w:r><w:br w:type='page'/></w:r></w:p>")
        document.element.body.findall(qn("w:tbl"))[0].addprevious(broken)
        return place_of(document, holder(document, before))

    return edit


def loosened(styles: tuple[str, ...], direct: tuple[str, ...], at: str) -> Edit:
    """Take “keep with next” from styles, and from paragraphs that have it themselves."""

    def edit(document: Any) -> str:
        elements = [s for s in document.styles.element if s.get(qn("w:styleId")) in styles]
        elements += [holder(document, text) for text in direct]
        for element in elements:
            keep = element.find(f"{qn('w:pPr')}/{qn('w:keepNext')}")
            keep.getparent().remove(keep)
        return place_of(document, holder(document, at))

    return edit


def without_signing(document: Any) -> str:
    for table in document.element.body.findall(qn("w:tbl")):
        document.element.body.remove(table)
    return place_of(document, document.paragraphs[-1]._p)


def commented(document: Any) -> str:
    document.add_comment(document.paragraphs[4].runs, text="请核对", author="王某某")
    return "正文 第5段"


def tracked(document: Any) -> str:
    run = document.paragraphs[6].runs[0]._r
    change = parse_xml(f"<w:ins {nsdecls('w')} w:id='9' w:author='王某某'/>")
    run.addprevious(change)
    change.append(run)
    return "正文 第7段"


def text_box(text: str) -> Edit:
    def edit(document: Any) -> str:
        box = "<w:pict><v:textbox xmlns:v='urn:schemas-microsoft-com:vml'><w:txbxContent><w:p><w:r><w:t/></w:r></w:p>"
        run = parse_xml(f"<w:r {nsdecls('w')}>{box}</w:txbxContent></v:textbox></w:pict></w:r>")
        next(run.iter(qn("w:t"))).text = text
        document.paragraphs[1]._p.append(run)
        return "正文 第2段的文本框第1段"

    return edit


class Case(NamedTuple):
    code: str
    edit: Edit
    severity: Severity = Severity.ERROR
    kind: DocKind = DocKind.AGREEMENT


WARNING, LIST, RECORD = Severity.WARNING, DocKind.SERVICE_LIST, DocKind.ACTIVITY_RECORD
NAME, PHONE = "{{ 甲方.全称 }}", "{{ 甲方.地址|填空(20) }}"
CLAUSE = "（四）协议终止后，依法保存"
IF_TB = '{%p if 协议.类型代码 == "TB" %}'
IF_LONG = "{%p if 甲方.联系人|length > 10 %}"

CASES = {
    # How a tag is written
    "a tag without its end": Case("tag-unclosed", swap(NAME, "{{ 甲方.全称")),
    "a tag with half its end": Case("tag-unclosed", swap(NAME, "{{ 甲方.全称 }")),
    "a tag without its start": Case("tag-unopened", swap(NAME, "甲方.全称 }}")),
    "a block tag with half its start": Case("tag-unopened", swap("{%p endif %}", "%p endif %}")),
    "an end of the wrong kind": Case("delimiters-differ", swap(NAME, "{{ 甲方.全称 %}")),
    "full-width braces": Case("full-width-brace", swap(NAME, "｛｛ 甲方.全称 ｝｝")),
    "a full-width percent sign": Case("full-width-brace", swap("{%p endif %}", "{％p endif ％}")),
    "half of the braces full-width": Case("full-width-brace", swap(NAME, "{｛ 甲方.全称 }}")),
    "one brace on each side": Case("single-brace", swap(NAME, "{甲方.全称}")),
    "three braces": Case("extra-brace", swap(NAME, "{{{ 甲方.全称 }}}")),
    "braces with a space between them": Case("brace-apart", swap(NAME, "{ { 甲方.全称 } }")),
    "a stray brace": Case("single-brace", swap("（一）发挥医疗", "（一）{发挥医疗"), WARNING),
    "another program's placeholder": Case(
        "other-placeholder", swap("（一）发挥医疗", "（一）【甲方.名称】发挥医疗"), WARNING
    ),
    "corner brackets for quotes": Case("chinese-quotes", swap('"none"', "「none」")),
    "curly quotes": Case("chinese-quotes", swap('"TB"', "“TB”"), WARNING),
    "Chinese brackets and bar": Case("chinese-punctuation", swap("|填空(12)", "｜填空（12）")),
    "a Chinese full stop in a path": Case("chinese-punctuation", swap("甲方.全称", "甲方。全称")),
    "a Chinese comma": Case("chinese-punctuation", swap("填空(12)", "填空(12，)")),
    "full-width digits": Case("chinese-punctuation", swap("填空(12)", "填空(１２)")),
    "a full-width space": Case("odd-space", swap(NAME, "{{　甲方.全称 }}"), WARNING),
    "a space without width": Case("odd-space", swap("甲方.全称", "甲方\u200b.全称")),
    "a space before the prefix": Case("prefix-misplaced", swap("{%p endif %}", "{% p endif %}")),
    "a full-width space after the prefix": Case("prefix-misplaced", swap("{%p endif %}", "{%p　endif %}")),
    "a fault in a tag split over runs": Case("field-unknown", split_runs(NAME, "{{ 甲方.全秤 }}")),
    # What a tag says
    "a filter without a name": Case("syntax", swap("|填空(12)", "|")),
    "an empty tag": Case("syntax", swap(NAME, "{{ }}")),
    "one equals sign": Case("syntax", swap(IF_TB, IF_TB.replace("==", "="))),
    "a loop without in": Case("syntax", add(CLAUSE, "{%p for 项 服务项目 %}", "{%p endfor %}")),
    "more behind an end tag": Case("syntax", swap("{%p endif %}", "{%p endif 备案 %}")),
    "an unknown block": Case("tag-unknown", add(CLAUSE, "{% 打印 甲方 %}")),
    "elseif": Case("tag-unknown", swap("elif 协议.续签方式", "elseif 协议.续签方式")),
    "else if": Case("tag-unknown", swap("elif 协议.续签方式", "else if 协议.续签方式")),
    "a misspelled field": Case("field-unknown", swap("甲方.全称", "甲方.全稱")),
    "a field without its dot": Case("field-unknown", swap("甲方.全称", "甲方全称")),
    "a group that does not exist": Case("field-unknown", swap("口径.主管部门", "政策.主管部门")),
    "a field of a loop variable": Case("field-unknown", swap("行[0].名称", "行[0].名陈")),
    "a loop variable of another name": Case("field-unknown", swap("项.项目", "列.项目"), kind=LIST),
    "a field of an item in a table": Case("field-unknown", swap("项.频次", "项.频率"), kind=LIST),
    "a field below a text": Case("field-unknown", swap("协议.期限 ", "协议.期限.月数 ")),
    "a field in a condition": Case("field-unknown", swap("if 丙方.名称", "if 丙方.名称们")),
    "a field named to a filter": Case("field-unknown", swap(PHONE, '{{ 各方|map(attribute="名字")|join("、") }}')),
    "a field of a nested loop": Case(
        "field-unknown",
        add(CLAUSE, "{% for 方 in 各方 %}{% for 项 in 服务项目 %}{{ 方.名称 }}{{ 项.名称 }}{% endfor %}{% endfor %}"),
    ),
    "a field of a variable that was set": Case("field-unknown", add(CLAUSE, "{% set 首 = 各方|first %}{{ 首.姓名 }}")),
    "a loop variable after its loop": Case(
        "field-unknown", add(CLAUSE, "{% for 方 in 各方 %}{{ 方.名称 }}{% endfor %}{{ 方.名称 }}")
    ),
    "a field of another kind of document": Case("field-unknown", swap(PHONE, "{{ 记录.年度 }}")),
    "loop outside a loop": Case("field-unknown", swap(PHONE, "{{ loop.index }}")),
    "a group printed whole": Case("field-group", swap(NAME, "{{ 甲方 }}")),
    "a list printed whole": Case("field-group", swap("口径.依据", "依据")),
    "a field asked of a list": Case("field-of-list", swap(PHONE, "{{ 服务项目.项目 }}")),
    "a loop over a text": Case("field-no-list", swap(PHONE, "{% for 字 in 甲方.名称 %}{{ 字 }}{% endfor %}")),
    "an unknown filter": Case("filter-unknown", swap("|填空(12)", "|填控(12)")),
    "an unknown test": Case("test-unknown", swap("(not 乙方.备案)|勾选", "(乙方.备案 is flase)|勾选")),
    "a tick box over a text": Case("filter-type", swap("乙方.备案|勾选", "乙方.名称|勾选")),
    "a text where a number is due": Case("value", swap("填空(12)", '填空("长")')),
    "a required field never printed": Case("field-required", swap("{{ 协议.截止日期 }}", "________")),
    # Code
    "a way into Python": Case("code-refused", swap(PHONE, "{{ 甲方.__class__.__mro__ }}")),
    "a way in by subscript": Case("code-refused", swap(PHONE, '{{ 甲方["__class__"] }}')),
    "an unknown function": Case("code-refused", swap(PHONE, "{{ open(1) }}")),
    "another file": Case("code-refused", swap(PHONE, '{% include "other" %}')),
    "an endless loop": Case("code-refused", swap(PHONE, "{% for 数 in range(10**9) %}{{ 数 }}{% endfor %}")),
    "a text without measure": Case("code-refused", swap(PHONE, "{{ '字' * 10**9 }}")),
    "brackets without end": Case("code-refused", swap(PHONE, "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}")),
    # Blocks
    "an if without end": Case("block-unclosed", swap("{%p endif %}", "　", at=IF_LONG)),
    "a loop without end": Case("block-unclosed", swap("{%tr endfor %}", "　", at="{%tr for"), kind=LIST),
    "an end without if": Case("block-unmatched", swap("{%p if 丙方.名称 %}", "　", at="{%p endif %}", nth=4)),
    "an end of the wrong block": Case("block-unmatched", swap("{%tr endfor %}", "{%tr endif %}")),
    "an else outside": Case("block-unmatched", add(CLAUSE, "{%p else %}")),
    "two elses": Case("else-misplaced", add("备案情况：", "{%p else %}", "未登记备案。")),
    "crossing blocks": Case(
        "block-crossed", swap(PHONE, "{% for 方 in 各方 %}{% if 方.备案 %}{{ 方.名称 }}{% endfor %}{% endif %}")
    ),
    "an end without the prefix": Case("prefix-differs", swap("{%p endif %}", "{% endif %}")),
    "a row's end with another prefix": Case("prefix-differs", swap("{%tr endfor %}", "{%p endfor %}"), kind=LIST),
    "a row tag outside a table": Case("outside-table", add(CLAUSE, "{{tr 甲方.名称 }}")),
    "an if over two paragraphs": Case(
        "block-across-paragraphs", add(CLAUSE, "{% if 甲方.备案 %}见", "附录{% endif %}", at=1), WARNING
    ),
    "an if over two cells": Case(
        "block-across-cells", small_table(("{% if 甲方.备案 %}是", "否{% endif %}"), at=(1, 2))
    ),
    "a loop over two rows": Case(
        "block-across-cells", small_table(("{% for 项 in 服务项目 %}{{ 项.项目 }}",), ("{% endfor %}",), at=(2, 1))
    ),
    "a condition that ends outside its cell": Case(
        "block-elsewhere",
        steps(small_table(("{%p if 甲方.名称 %}",), at=(1, 1)), add(CLAUSE, "{%p endif %}")),
    ),
    "a row with two row tags": Case(
        "prefix-twice", small_table(("{%tr for 方 in 各方 %}{{ 方.名称 }}{%tr endfor %}", ""), at=(1, 1))
    ),
    "text beside a row tag": Case(
        "text-lost",
        small_table(("{%tr for 方 in 各方 %}", "名称"), ("{{ 方.名称 }}", ""), ("{%tr endfor %}", ""), at=(1, 2)),
    ),
    "text beside a paragraph tag": Case("text-lost", swap("{%p endif %}", "{%p endif %}以上为登记情况")),
    # Other parts
    "a field in the header": Case("field-unknown", header("编号：{{ 协议.编好 }}")),
    "a syntax fault in the footer": Case("syntax", footer("{{ 协议.编号| }}")),
    "an open block in the footer": Case("block-unclosed", footer("{% if 甲方.备案 %}")),
    "code in a document property": Case("code-refused", title("{{ 协议.__init__ }}")),
    "a field in a text box": Case("field-unknown", text_box("{{ 甲方.名城 }}")),
    "a comment that was left": Case("comment-left", commented, WARNING),
    "a tracked change": Case("change-left", tracked, WARNING),
    # The form of an agreement
    "乙方's name in 甲方's place": Case("sides-swapped", swap(NAME, "{{ 乙方.全称 }}")),
    "甲方's code in 乙方's block": Case("sides-swapped", swap("{{ 乙方.信用代码", "{{ 甲方.信用代码")),
    "甲方's seal in 乙方's column": Case("sides-swapped", swap("{{ 行[1].名称", "{{ 行[0].名称")),
    "a label for the wrong side": Case("sides-swapped", swap("甲方（医疗卫生机构）", "甲方（托育机构）")),
    "sides swapped in the list": Case("sides-swapped", swap("乙方：", "甲方："), kind=LIST),
    "sides swapped in a row of the record": Case(
        "sides-swapped", swap("甲　　方", "乙　　方", at="{{ 甲方.全称 }}", nth=1), kind=RECORD
    ),
    "a clause number that jumps": Case("clause-number", swap("第七条　", "第八条　")),
    "a clause number twice": Case("clause-number", swap("第七条　", "第六条　")),
    "an item number that jumps": Case("item-number", swap("（三）乙方是本机构", "（四）乙方是本机构")),
    "an item number of one way of renewal": Case(
        "item-number", swap("（二）期限届满，本协议自动终止", "（四）期限届满，本协议自动终止")
    ),
    "a reference to no clause": Case("clause-reference", swap("自第九条载明", "自第十九条载明")),
    "an annex the pack has not": Case(
        "annex-unknown", swap("附件2《活动记录表》以及", "附件3《廉洁承诺》以及"), WARNING
    ),
    "one number for two annexes": Case("annex-number", swap("附件2《活动记录表》以及", "附件1《活动记录表》以及")),
    "a side without seal": Case("seal-missing", swap("{{ 行[0].称谓 }}（盖章）：", "{{ 行[0].称谓 }}：")),
    "a side without signature": Case(
        "signature-missing", swap("或委托代理人（签字）：", "或委托代理人：", at="{{ 行[0].称谓 }}")
    ),
    "a side without date": Case("date-missing", swap("日期：　　年　　月　　日", "　", at="{{ 行[0].称谓 }}")),
    "no place to sign": Case("signing-missing", without_signing),
    "a sign page after a page break": Case("sign-page-alone", page_break("{{ 行[0].称谓 }}"), WARNING),
    "a sign page not held to the text": Case(
        "sign-page-alone", loosened((), ("（三）本协议一式", "（以下为签署部分）"), "{{ 行[0].称谓 }}"), WARNING
    ),
    "a sign page that may break": Case("sign-page-alone", loosened(("SignCell",), (), "{{ 行[0].称谓 }}"), WARNING),
}


def built(case: Case, shipped: Callable[[DocKind], bytes]) -> tuple[bytes, str]:
    document = Document(io.BytesIO(shipped(case.kind)))
    place = case.edit(document)
    return saved(document), place


def saved(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


@pytest.mark.parametrize("name", CASES)
def test_a_fault_is_found_with_its_code_at_its_place_and_nothing_else(name: str, shipped: Any, check: Any) -> None:
    case = CASES[name]
    data, place = built(case, shipped)
    found = check(data, case.kind)
    assert {(one.code, one.place) for one in found} == {(case.code, place)}, found
    assert {one.severity for one in found} == {case.severity}
    assert all(one.message and one.suggestion for one in found)


def test_there_are_more_than_thirty_kinds_of_faults_and_each_has_its_code() -> None:
    assert len(CASES) >= 100
    assert len({case.code for case in CASES.values()}) >= 40


def test_faults_of_every_part_are_told_in_one_run_in_the_order_of_the_document(shipped: Any, check: Any) -> None:
    names = (
        "full-width braces",
        "an unknown filter",
        "a tick box over a text",
        "crossing blocks",
        "an annex the pack has not",
        "a field of a loop variable",
        "a field in the header",
        "a syntax fault in the footer",
        "code in a document property",
    )
    document = Document(io.BytesIO(shipped(DocKind.AGREEMENT)))
    expected = [(case.code, case.edit(document)) for case in map(CASES.get, names) if case]
    found = check(saved(document))
    assert sorted((one.code, one.place) for one in found) == sorted(expected)
    parts = [one.place.split(" ")[0].split("“")[0] for one in found]
    assert parts == sorted(parts, key=["正文", "页眉1", "页脚1", "文档属性"].index)


@pytest.mark.parametrize("kind", DocKind)
def test_a_shipped_template_has_no_findings(kind: DocKind, shipped: Any, check: Any) -> None:
    assert check(shipped(kind), kind) == ()


def test_the_check_leaves_no_trace_and_a_rendering_leaves_none_in_the_check(shipped: Any, check: Any) -> None:
    data, _ = built(CASES["an unknown filter"], shipped)
    clean = shipped(DocKind.AGREEMENT)
    context = sample_context(DocKind.AGREEMENT)
    first = (check(data), check(clean))
    document = compile_template(clean, name="a").fill(context)
    assert (check(data), check(clean)) == first
    assert compile_template(clean, name="b").fill(context) == document


def test_a_template_without_findings_is_one_the_engine_fills(shipped: Any, check: Any) -> None:
    """What the engine refuses and no rule of the check foresees is still told, in the engine's words."""
    document = Document(io.BytesIO(shipped(DocKind.AGREEMENT)))
    nested = "{% for 方 in 各方 %}" * 25 + "{% endfor %}" * 25
    add(CLAUSE, nested)(document)
    (finding,) = check(saved(document))
    assert finding.severity is Severity.ERROR
