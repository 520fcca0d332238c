"""限期整改通知书: what an inspection found, by when it is to be put right, when it is looked at again, and the reply to it."""

from yiyu.docgen.fill.author.layout import body, p, page, page_numbers, tag_row, tbl, tc, tr
from yiyu.docgen.fill.author.package import new_document, packed

_Columns = tuple[tuple[str, float, str], ...]
_FOUND: _Columns = (
    ("序号", 13.0, "{{ loop.index }}"),
    ("发现的问题", 54.0, "{{ 项.问题 }}"),
    ("整改要求", 45.0, "{{ 项.要求 }}"),
    ("整改期限", 44.0, "{{ 项.期限 }}"),
)
_REPLY: _Columns = (
    ("序号", 13.0, "{{ loop.index }}"),
    ("发现的问题", 54.0, "{{ 项.问题 }}"),
    ("整改情况", 45.0, ""),
    ("完成日期", 44.0, ""),
)
_OPENING = (
    "{{ 检查日期 }}，我单位{{ 形式 }}时，发现你单位存在下列问题。请逐项整改，"
    "在期限内把整改情况连同照片等材料，用所附回执书面报我单位。"
)
_CLOSING = (
    "我单位定于{{ 复查日期 }}复查。期限内整改确有困难的，请在期限届满以前书面说明原因和打算；"
    "对本通知有不同意见的，可以向我单位陈述。"
)
_Line = str | tuple[str, str, str]
_SEALED: tuple[_Line, ...] = tuple(
    (text, "Signature", "right") for text in ("{{ 单位 }}（盖章）", "　　　　年　　月　　日")
)
_ANSWERED: tuple[_Line, ...] = tuple(
    (text, "Signature", "right") for text in ("{{ 机构 }}（盖章）", "负责人（签字）：", "　　　　年　　月　　日")
)


def build() -> bytes:
    document = new_document("限期整改通知书", two_sided=False)
    page_numbers(page(document, margins=(37, 26, 35, 28)), distance=28)
    text = p("限期整改通知书", "Title") + p("编号：{{ 编号 }}", "Number") + p("{{ 机构 }}：", "Signature")
    text += p(_OPENING, "ClauseText", side="left") + _table(_FOUND, 11) + p("", "Nothing")
    text += p(_CLOSING, "ClauseText", side="left", keep=True)
    text += _signatures(
        "检查人员（签字）：{{ 检查人员 }}", *_SEALED, "签收人（签字）：", "签收日期：　　　　年　　月　　日"
    )
    text += p("回　执", "FormTitle", new_page=True) + p("编号：{{ 编号 }}", "Number") + p("{{ 单位 }}：", "Signature")
    text += p("你单位提出的问题，整改情况如下。", "ClauseText") + _table(_REPLY, 20) + p("", "Nothing")
    text += p("以上为我单位的整改情况，请予复查。", "ClauseText", keep=True)
    text += _signatures(*_ANSWERED, "复查意见：", "复查人员（签字）：　　　　　　　　　　年　　月　　日")
    body(document, text)
    return packed(document)


def _signatures(*texts: _Line) -> str:
    """Write the places to sign as one row, which does not break over pages."""
    return tbl((156.0,), [tr([tc(156.0, *texts, style="Signature")])], borders=False) + p("", "Nothing")


def _table(columns: _Columns, height: float) -> str:
    widths = [width for _, width, _ in columns]
    head = tr([tc(width, label, style="TableHead") for label, width, _ in columns], head=True)
    row = tr([tc(width, tag, style="FormText") for _, width, tag in columns], height=height)
    return tbl(widths, [head, tag_row("{%tr for 项 in 问题 %}", widths), row, tag_row("{%tr endfor %}", widths)])
