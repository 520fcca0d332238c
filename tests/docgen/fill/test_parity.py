"""Both roads write what docxtpl writes: canonical XML of every part, bytes of every other, over the whole dialect."""

import base64
import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_SECTION
from docxtpl import DocxTemplate, InlineImage, Listing, RichText, RichTextParagraph

from yiyu.docgen.fill.compiled import compile_template

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
PARTY = {"名称": "某某卫生院", "电话": "0477-8580000", "地址": "", "备案": True, "床位": 12}
ROWS = [
    {"序号": 1, "项目": "入园健康指导", "子项": ["晨检", "午检"], "选": True},
    {"序号": 2, "项目": "膳食营养", "子项": [], "选": False},
    {"序号": 3, "项目": "疾病预防", "子项": ["手足口病"], "选": True},
]
CONTEXT: dict[str, Any] = {
    "甲方": PARTY,
    "乙方": {**PARTY, "名称": "某某托育园"},
    "rows": ROWS,
    "cols": ["甲", "乙", "丙"],
    "空": [],
    "color": "FF0000",
    "span": 2,
    "lines": "第一行\n第二行\t缩进\r\n第三行",
    "yes": True,
    "no": False,
}


def cases(word: Any) -> dict[str, bytes]:
    p, table, cell, build = word.paragraph, word.table, word.cell, word.build
    tc = "<w:tc><w:tcPr><w:tcW w:w='1'/></w:tcPr>{}</w:tc>"
    picture = (
        '<w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="7" name="图"/>'
        '<a:graphic><a:graphicData uri="x"/></a:graphic></wp:inline></w:drawing></w:r>'
    )
    return {
        "plain values": build(
            "甲方：{{ 甲方.名称 }}，电话{{甲方.电话}}", "床位 {{ 甲方['床位'] }} 张，{{ 甲方.备案|勾选 }}"
        ),
        "values in no text": build("无标签的模板"),
        "tags split over runs": build(
            p("甲方：{", "{ 甲", "方.名", "称 }", "}。"),
            p("{%", "p if yes %}"),
            p("有{{ 甲方.", "电话 }}"),
            p("{%p end", "if %}"),
        ),
        "blanks and words": build("地址：{{ 甲方.地址|填空(6) }}，共{{ 4|大写份数 }}份，{{ 1640902|大写金额 }}"),
        "paragraph conditions": build(
            "{%p if yes %}", "有", "{%p elif no %}", "或", "{%p else %}", "无", "{%p endif %}"
        ),
        "conditions inside a paragraph": build("{% if no %}无{% else %}有{{ 甲方.名称 }}{% endif %}。"),
        "a condition over paragraphs": build("前{% if yes %}始", "中", "末{% endif %}后"),
        "a condition over paragraphs, not met": build("前{% if no %}始", "中", "末{% endif %}后"),
        "nested loops": build(
            "{%p for 行 in rows if 行.选 %}",
            "{{ loop.index }}/{{ loop.length }} {{ 行.项目 }}：{% for 子 in 行.子项 %}{{ 子 }}{% if not loop.last %}、{% endif %}"
            "{% else %}（空）{% endfor %}",
            "{%p endfor %}",
        ),
        "rows": build(
            table(
                ("序号", "项目", "子项"),
                ("{%tr for 行 in rows %}", "", ""),
                ("{{ 行.序号 }}", "{{ 行.项目 }}", "{{ 行.子项|join('、') }}"),
                ("{%tr endfor %}", "", ""),
            )
        ),
        "rows with conditions": build(
            table(
                ("{%tr for 行 in rows %}", ""),
                ("{%tr if 行.选 %}", ""),
                ("{{ 行.项目 }}", "是"),
                ("{%tr else %}", ""),
                ("{{ 行.项目 }}", "否"),
                ("{%tr endif %}", ""),
                ("{%tr endfor %}", ""),
            )
        ),
        "a table that loses all its rows": build(
            table(("{%tr for 行 in 空 %}", ""), ("{{ 行.项目 }}", "x"), ("{%tr endfor %}", "")), "后"
        ),
        "a table whose grid is wrong": build(
            table(("一", "二", "{{ 甲方.名称 }}"), columns=2), table(("一",), columns=4)
        ),
        "a nested table": build(table((table(("{{ 甲方.名称 }}", "二")) + p(""), "乙"))),
        "a nested table wider than the outer": build(table((table(("{{ 甲方.名称 }}", "二", "三")) + p(""), "乙"))),
        "columns": build(
            table(
                ("项", "{%tc for 列 in cols %}", "{{ 列 }}", "{%tc endfor %}"),
                ("{{ 甲方.名称 }}", "{%tc for 列 in cols %}", "{{ 列 }}值", "{%tc endfor %}"),
                columns=2,
            )
        ),
        "colspan": build(table(("{% colspan span %}{{ 甲方.名称 }}", "二"), ("一", "二", "三"))),
        "cellbg": build(
            table(("{%tr for 行 in rows %}", ""), ("{% cellbg color %}{{ 行.项目 }}", "二"), ("{%tr endfor %}", ""))
        ),
        "vm": build(
            table(
                ("{%tr for 行 in rows %}", ""),
                ("{% vm %}{{ 甲方.名称 }}", "{{ 行.项目 }}"),
                ("{%tr endfor %}", ""),
            )
        ),
        "hm": build(table(("{%tc for 列 in cols %}", "{% hm %}{{ 甲方.名称 }}", "{%tc endfor %}"), ("一", "二", "三"))),
        "hm over a span": build(
            "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='1'/><w:gridCol w:w='1'/></w:tblGrid><w:tr>"
            + cell("{%tc for 列 in cols %}")
            + "<w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>"
            + p("{% hm %}{{ 甲方.名称 }}")
            + "</w:tc>"
            + cell("{%tc endfor %}")
            + "</w:tr></w:tbl>"
        ),
        "runs": build(p("甲方", "{%r if yes %}", "是{{ 甲方.名称 }}", "{%r endif %}", "。")),
        "minus signs": build("一{%- if yes %}", "二{%- endif -%}", "三", "四 {{- 甲方.名称 -}} 五"),
        "comments": build(
            "{#p 注释 #}", "一{# 注 #}二{{ 甲方.名称 }}", table(("{#tr 行注 #}", ""), ("一", "{{ span }}"))
        ),
        "macros, sets and filters": build(
            "{% set 名 = 甲方.名称 ~ '（' ~ 甲方.床位 ~ '）' %}{{ 名 }}",
            "{% macro 强调(x) %}【{{ x }}】{% endmacro %}{{ 强调(乙方.名称) }}",
            "{% set 块 %}{{ 甲方.电话 }}&{% endset %}{{ 块 }}",
            "{% filter upper %}abc{{ 甲方.电话 }}{% endfilter %}",
            "{{ rows|map(attribute='项目')|join('；') }}{{ rows|selectattr('选')|list|length }}{{ '%02d'|format(span) }}",
            "{% macro 框(x) %}{{ x }}：{{ caller() }}{% endmacro %}{% call 框('甲') %}内{{ span }}{% endcall %}",
            "{% with a = 1 %}{{ a + 1 }}{% endwith %}{{ cols|batch(2)|list|length }}",
            "{% for x in [[1, [2]]] recursive %}{{ loop(x) if x is not number else x }}{% endfor %}",
        ),
        "smart quotes": build("{{ 甲方[“名称”] }}{% if 甲方.电话 != ‘x’ %}有{% endif %}“{{ 甲方.名称 }}”"),
        "comparison signs": build("{% if span < 3 and span >= 2 %}小{% endif %}{{ 甲方.名称 if span > 1 else '无' }}"),
        "line breaks and tabs": build(
            "<w:p><w:pPr><w:jc w:val='center'/></w:pPr><w:r><w:rPr><w:b/></w:rPr><w:t>{{ lines }}</w:t></w:r></w:p>",
            table(("{{ lines }}", "{{ cols|join('\n') }}")),
        ),
        "line breaks of the template": build(p("一\n二\t{{ 甲方.名称 }}"), "{{ cols|join('\\n') }}"),
        "a line break in a text box": build(
            f"<w:p><w:r><w:pict><w:txbxContent>{p('{{ lines }}')}</w:txbxContent></w:pict></w:r>"
            "<w:r><w:t>{{ lines }}</w:t></w:r></w:p>",
            "{{ lines }}",
        ),
        "literal braces": build("{_{ 原样 }_} {_% 原样 %_} {{ 甲方.名称 }}"),
        "spaces": build("  {{ 甲方.名称 }}  后  ", p("前 ", "{{ 甲方.名称 }}", " 后")),
        "pictures": build(
            f"<w:p>{picture}<w:r><w:t>{{{{ 甲方.名称 }}}}</w:t></w:r></w:p>",
            "{%p for 行 in rows %}",
            f"<w:p>{picture}</w:p>",
            "{%p endfor %}",
        ),
        "content control around a cell": build(
            "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='1'/><w:gridCol w:w='1'/></w:tblGrid><w:tr>"
            f"<w:sdt><w:sdtContent>{tc.format(p('{{ 甲方.名称 }}'))}</w:sdtContent></w:sdt>"
            f"{tc.format(p('二'))}</w:tr></w:tbl>"
        ),
        "headers and footers": build("{{ 甲方.名称 }}", prepare=_sections),
        "footnotes": build("正文", footnotes="注：{{ 乙方.名称 }}，{{ lines }}"),
        "properties": build("正文", prepare=_properties),
    }


def _sections(document: Any) -> None:
    first = document.sections[0]
    first.different_first_page_header_footer = True
    document.settings.odd_and_even_pages_header_footer = True
    second = document.add_section(WD_SECTION.NEW_PAGE)
    for section, name in ((first, "甲方"), (second, "乙方")):
        for part in (
            "header",
            "footer",
            "first_page_header",
            "first_page_footer",
            "even_page_header",
            "even_page_footer",
        ):
            area = getattr(section, part)
            area.is_linked_to_previous = False
            area.paragraphs[0].text = f"{part} {{{{ {name}.名称 }}}}{{% if yes %}}&{{% endif %}}"
    second.header.paragraphs[0].add_run("{{ lines }}")
    second.footer.paragraphs[0].text = "无标签的页脚"


def _properties(document: Any) -> None:
    document.core_properties.title = "{{ 甲方.名称 }}协议{% if yes %}（一）{% endif %}"
    document.core_properties.author = "{{ 乙方.名称 }}"
    document.core_properties.comments = "无标签"


NAMES = (
    *("plain values", "values in no text", "tags split over runs", "blanks and words", "paragraph conditions"),
    *("conditions inside a paragraph", "a condition over paragraphs", "a condition over paragraphs, not met"),
    *("nested loops", "rows", "rows with conditions", "a table that loses all its rows", "a table whose grid is wrong"),
    *("a nested table", "a nested table wider than the outer", "columns", "colspan", "cellbg", "vm", "hm"),
    *("hm over a span", "runs", "minus signs", "comments", "macros, sets and filters", "smart quotes"),
    *("comparison signs", "line breaks and tabs", "line breaks of the template", "a line break in a text box"),
    *("literal braces", "spaces", "pictures", "content control around a cell", "headers and footers", "footnotes"),
    "properties",
)


BETTER = {"a table that loses all its rows"}
"""Where what docxtpl writes is no valid document; see test_gate.py for what we write."""


@pytest.fixture(scope="module")
def templates(word: Any) -> dict[str, bytes]:
    return cases(word)


def nothing(_template: DocxTemplate) -> dict[str, Any]:
    return {}


@pytest.mark.parametrize("name", NAMES)
def test_a_compiled_template_writes_what_docxtpl_writes(word: Any, templates: dict[str, bytes], name: str) -> None:
    template = templates[name]
    context = {**CONTEXT, "lines": CONTEXT["lines"].replace("\r\n", "\n")}
    ours = word.canonical(compile_template(template, name=name).fill(context))
    assert (ours == word.canonical(word.by_docxtpl(template, context, nothing))) is (name not in BETTER)


@pytest.mark.parametrize("name", NAMES)
def test_the_docxtpl_road_writes_the_same_parts(word: Any, templates: dict[str, bytes], name: str) -> None:
    compiled = compile_template(templates[name], name=name)
    document = compiled.fill(CONTEXT)
    assert word.canonical(compiled.fill(CONTEXT, owner=compiled.docxtpl())) == word.canonical(document)


def test_no_case_of_the_dialect_is_left_out(templates: dict[str, bytes]) -> None:
    assert set(NAMES) == set(templates)


def _rich(_template: DocxTemplate) -> dict[str, Any]:
    text = RichText("甲 & <乙>", bold=True, color="#FF0000")
    text.add("丙\n丁", italic=True)
    return {"x": text, "y": Listing("一\n二\a三\f四\t五 <&>"), "z": RichTextParagraph("整段", parastyle="Title")}


def _image(template: DocxTemplate) -> dict[str, Any]:
    return {"x": InlineImage(template, io.BytesIO(PIXEL), anchor="https://example.org/"), "y": "文字 & <>\"'", "z": ""}


def _link(template: DocxTemplate) -> dict[str, Any]:
    return {"x": RichText("链接", url_id=template.build_url_id("https://example.org/")), "y": "", "z": ""}


@pytest.mark.parametrize("make", [_rich, _image, _link], ids=["rich text", "image", "link"])
def test_objects_of_docxtpl_give_what_docxtpl_gives(word: Any, make: Callable[[DocxTemplate], dict[str, Any]]) -> None:
    template = word.build(
        "{{r x }}" if make in {_rich, _link} else "{{ x }}",
        "{{ y }}",
        "{{p z }}",
        word.table(("{{ y }}", "{{ 甲方.名称 }}")),
    )
    compiled = compile_template(template, name="对象")
    owner = compiled.docxtpl()
    ours = compiled.fill({**CONTEXT, **make(owner)}, owner=owner if make is _link else None)
    assert word.canonical(ours) == word.canonical(word.by_docxtpl(template, CONTEXT, make))


def test_an_image_in_a_header_and_one_in_a_loop(word: Any) -> None:
    def header(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{ x }}"

    template = word.build("{%p for 行 in rows %}", "{{ x }}{{ 行.项目 }}", "{%p endfor %}", prepare=header)
    compiled = compile_template(template, name="图")
    ours = compiled.fill({**CONTEXT, **_image(compiled.docxtpl())})
    assert word.canonical(ours) == word.canonical(word.by_docxtpl(template, CONTEXT, _image))


def test_replaced_media_go_through_docxtpl(word: Any) -> None:
    def with_picture(document: Any) -> None:
        document.add_picture(io.BytesIO(PIXEL))

    template = word.build("{{ 甲方.名称 }}", prepare=with_picture)
    compiled = compile_template(template, name="换图")
    owner = compiled.docxtpl()
    owner.replace_media(io.BytesIO(PIXEL), io.BytesIO(b"other"))
    replaced = word.members(compiled.fill(CONTEXT, owner=owner))
    assert replaced["word/media/image1.png"] == b"other"
    assert "某某卫生院" in replaced["word/document.xml"].decode()


def test_a_sub_document_goes_through_docxtpl(word: Any) -> None:
    pytest.importorskip("docxcompose", reason="the extra docxtpl[subdoc] is not installed")
    inner = Document()
    inner.add_paragraph("附件内容")
    source = io.BytesIO()
    inner.save(source)

    def subdocument(template: DocxTemplate) -> dict[str, Any]:
        return {"x": template.new_subdoc(io.BytesIO(source.getvalue()))}

    template = word.build("前", "{{p x }}", "后{{ 甲方.名称 }}")
    compiled = compile_template(template, name="附件")
    ours = compiled.fill({**CONTEXT, **subdocument(compiled.docxtpl())})
    assert word.canonical(ours) == word.canonical(word.by_docxtpl(template, CONTEXT, subdocument))
