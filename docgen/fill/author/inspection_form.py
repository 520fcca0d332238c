"""四性检测报告: every test of 真实性, 完整性, 可用性 and 安全性 with its result, and the opinion of who tested."""

from yiyu.docgen.fill.author.layout import body, lines, p, page, page_numbers, tag_row, tbl, tc, tr
from yiyu.docgen.fill.author.package import new_document, packed

COLUMNS = (
    ("四性", 20.0, "{{ 项.四性 }}"),
    ("检测项目", 34.0, "{{ 项.项目 }}"),
    ("检测内容", 62.0, "{{ 项.内容 }}"),
    ("检测数", 18.0, "{{ 项.数量 }}"),
    ("结果", 20.0, "{{ 项.结果 }}"),
    ("问题，或未检测的原因", 88.0, "{{ 项.说明 }}"),
)


def build() -> bytes:
    document = new_document("四性检测报告", two_sided=False)
    page_numbers(page(document, margins=(26, 22, 22, 23), landscape=True), distance=14)
    text = p("电子档案四性检测报告", "Title")
    text += p("单位：{{ 单位 }}　　检测日期：{{ 检测日期 }}", "Number")
    text += _table() + p("", "Nothing")
    text += lines("检测结论：\n检测人（签字）：　　　　　　　　　　　审核人（签字）：", "Signature", keep=True)
    body(document, text)
    return packed(document)


def _table() -> str:
    widths = [width for _, width, _ in COLUMNS]
    head = tr([tc(width, label, style="TableHead") for label, width, _ in COLUMNS], head=True)
    row = tr([tc(width, tag, style="FormText") for _, width, tag in COLUMNS], height=9)
    return tbl(widths, [head, tag_row("{%tr for 项 in 检测 %}", widths), row, tag_row("{%tr endfor %}", widths)])
