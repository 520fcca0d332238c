"""补充协议: old and new of what changed in a signed agreement, between the same parties."""

from yiyu.docgen.fill.author.agreement import SIGN_WIDTHS, sign_rows
from yiyu.docgen.fill.author.layout import body, clause, lines, p, page, page_numbers, tag_row, tbl, tc, tr
from yiyu.docgen.fill.author.package import new_document, packed

COLUMNS = (
    ("序号", 12.0, "{{ 项.序号 }}"),
    ("变更事项", 42.0, "{{ 项.事项 }}"),
    ("原约定", 51.0, "{{ 项.原 }}"),
    ("变更为", 51.0, "{{ 项.现 }}"),
)
OPENING = """
{{ 协议.各方称谓 }}于{{ 签订日期 }}签订《医疗卫生机构支持托育服务发展合作协议书》（编号：{{ 协议.编号 }}，以下简称原协议）。经协商一致，依照原协议第十条，订立本补充协议。
"""
REMARKS = """
{%p if 说明 %}
{{ 说明 }}
{%p endif %}
"""
CLOSING = "（以下为签署部分）"
_WIDTHS = [width for _, width, _ in COLUMNS]


def build() -> bytes:
    document = new_document("补充协议", two_sided=True)
    section = page(document, margins=(37, 26, 35, 28))
    page_numbers(section, distance=23)
    rows = [
        tr([tc(width, label, style="TableHead") for label, width, _ in COLUMNS], head=True),
        tag_row("{%tr for 项 in 变更 %}", _WIDTHS),
        tr([tc(width, text, style="TableText") for _, width, text in COLUMNS], height=9),
        tag_row("{%tr endfor %}", _WIDTHS),
    ]
    text = p("编号：{{ 编号 }}", "Number") + p("补充协议", "Title") + p("", "PartyLine")
    text += (
        p("{%p for 方 in 各方 %}", "Nothing")
        + p("{{ 方.称谓 }}：\t{{ 方.全称 }}", "PartyLine", hang=3)
        + p("{%p endfor %}", "Nothing")
    )
    text += lines(OPENING, "ClauseText") + clause("变更事项") + tbl(_WIDTHS, rows) + lines(REMARKS, "ClauseText")
    text += clause("补充协议的效力", keep=True) + p(CLOSING, "ClauseText", keep=True)
    body(document, text + tbl(SIGN_WIDTHS, sign_rows(), borders=False) + p("", "Nothing"))
    return packed(document)
