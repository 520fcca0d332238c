"""目录封面 and 备考表 of DA/T 22-2015: a cover for each catalogue, bound with it; for each box a sheet that lies in it last."""

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from yiyu.docgen.fill.author.layout import body, p, page, tbl, tc, tr
from yiyu.docgen.fill.author.package import new_document, packed

NAME = "归档文件目录封面和备考表"
COVER = 'w:w="16838" w:h="11906" w:orient="landscape"', 'w:top="2268" w:right="1134" w:bottom="1134" w:left="1701"'
"""A4 landscape like the catalogue, the side of the binding at the left."""
NOTE = 'w:w="11906" w:h="16838"', 'w:top="2098" w:right="1474" w:bottom="1984" w:left="1588"'

LABEL, VALUE = 52.0, 128.0
FACTS = (
    ("全 宗 名 称", "{{ 册.全宗名称 }}"),
    ("年　　　度", "{{ 册.年度 }}"),
    ("保 管 期 限", "{{ 册.保管期限 }}"),
    ("机构（问题）", "{{ 册.机构 }}"),
)
WIDE = 156.0
CONTENTS = (
    "盒内文件情况说明：",
    "{{ 盒.情况说明 }}",
    "{{ 册.年度 }}年度　{{ 册.保管期限 }}　{{ 册.机构 }}　盒号：{{ 盒.盒号|填空(3) }}",
    "本盒共{{ 盒.件数 }}件，件号{{ 盒.起止件号 }}，共{{ 盒.页数|填空(3) }}页。",
)
PEOPLE = (
    ("整理人：{{ 盒.整理人 }}", "检查人：{{ 盒.检查人 }}"),
    ("整理日期：{{ 盒.整理日期 }}", "检查日期：{{ 盒.检查日期 }}"),
)


def build() -> bytes:
    document = new_document(NAME, two_sided=False)
    page(document, margins=(37, 26, 35, 28))
    # The last section begins on the page of the last sheet: what follows the loops is no page of its own.
    document.element.body.sectPr.insert(0, parse_xml(f'<w:type {nsdecls("w")} w:val="continuous"/>'))
    loops = ("{%p for 册 in 目录 %}", "{%p for 盒 in 册.盒 %}", "{%p endfor %}")
    opened, boxed, ended = (p(tag, "Nothing") for tag in loops)
    body(document, opened + _cover() + boxed + _note() + ended + ended + p("", "Nothing"))
    return packed(document)


def _cover() -> str:
    rows = [
        tr([tc(LABEL, label, style="PartyName"), tc(VALUE, tag, style="PartyLine")], height=16) for label, tag in FACTS
    ]
    return (
        p("", "Title") * 2
        + p("归 档 文 件 目 录", "Title")
        + p("", "Title")
        + tbl((LABEL, VALUE), rows)
        + p("", "Signature")
        + p("{{ 册.链头 }}", "TableCentre")
        + _end(*COVER)
    )


def _note() -> str:
    half = WIDE / 2
    rows = [tr([tc(WIDE, *CONTENTS, style="Signature", span=2, top=True)], height=150)]
    rows += [tr([tc(half, text, style="SheetFacts") for text in pair], height=14) for pair in PEOPLE]
    return p("备　考　表", "Title") + tbl((half, half), rows) + _end(*NOTE)


def _end(size: str, margins: str) -> str:
    """End a section, each of which begins on a new page."""
    return (
        f'<w:p><w:pPr><w:pStyle w:val="Nothing"/><w:sectPr><w:pgSz {size}/>'
        f'<w:pgMar {margins} w:header="1134" w:footer="1134" w:gutter="0"/></w:sectPr></w:pPr></w:p>'
    )
