"""督导材料: the sheet that tells of one institution what the documents behind it do not say together."""

from yiyu.docgen.fill.author.layout import body, p, page, page_numbers, tag_row, tbl, tc, tr
from yiyu.docgen.fill.author.package import new_document, packed

_Columns = tuple[tuple[str, float, str], ...]
_AGREEMENTS: _Columns = (
    ("协议编号", 42.0, "{{ 行.编号 }}"), ("类型", 24.0, "{{ 行.类型 }}"), ("对方", 48.0, "{{ 行.对方 }}"),
    ("起止", 46.0, "{{ 行.起止 }}"), ("状态", 18.0, "{{ 行.状态 }}"),
)  # fmt: skip
_DUTIES: _Columns = (
    ("事项", 46.0, "{{ 行.事项 }}"), ("时段", 18.0, "{{ 行.时段 }}"), ("最迟", 23.0, "{{ 行.最迟 }}"),
    ("已做/应做", 20.0, "{{ 行.次数 }}"), ("状态", 15.0, "{{ 行.状态 }}"), ("说明", 56.0, "{{ 行.说明 }}"),
)  # fmt: skip
_VISITS: _Columns = (
    ("日期", 26.0, "{{ 行.日期 }}"), ("编号", 30.0, "{{ 行.编号 }}"), ("形式", 24.0, "{{ 行.形式 }}"),
    ("服务人员", 40.0, "{{ 行.人员 }}"), ("存档材料", 58.0, "{{ 行.材料 }}"),
)  # fmt: skip
_FINDINGS: _Columns = (
    ("问题", 56.0, "{{ 行.问题 }}"), ("整改要求", 48.0, "{{ 行.要求 }}"), ("期限", 26.0, "{{ 行.期限 }}"),
    ("状态", 20.0, "{{ 行.状态 }}"), ("活动", 28.0, "{{ 行.活动 }}"),
)  # fmt: skip


def build() -> bytes:
    document = new_document("督导材料", two_sided=False)
    section = page(document, margins=(25, 16, 22, 16))
    page_numbers(section, distance=12)
    text = p("{{ 机构.名称 }}", "FormTitle") + p(
        "支持托育服务情况（{{ 年度 }}年，截至{{ 截至 }}）", "Number", side="center"
    )
    text += p("{{ 机构.简况 }}", "SheetFacts")
    for heading, rows, columns in (
        ("一、协议", "协议", _AGREEMENTS),
        ("二、应履约事项", "事项", _DUTIES),
        ("三、上门指导、培训等活动", "活动", _VISITS),
        ("四、发现的问题", "问题", _FINDINGS),
    ):
        text += p(heading, "AnnexMark") + p(f"{{%p if {rows} %}}", "Nothing") + _table(columns, rows)
        text += p("{%p else %}", "Nothing") + p("没有记录。", "TableText") + p("{%p endif %}", "Nothing")
    text += p("五、缺什么", "AnnexMark") + p("{%p for 项 in 缺口 %}", "Nothing")
    text += p("{{ loop.index }}. {{ 项 }}", "TableText") + p("{%p else %}", "Nothing") + p("没有发现。", "TableText")
    body(document, text + p("{%p endfor %}", "Nothing"))
    return packed(document)


def _table(columns: _Columns, rows: str) -> str:
    widths = [width for _, width, _ in columns]
    head = tr([tc(width, label, style="TableHead") for label, width, _ in columns], head=True)
    row = tr([tc(width, tag, style="TableText") for _, width, tag in columns])
    return tbl(widths, [head, tag_row(f"{{%tr for 行 in {rows} %}}", widths), row, tag_row("{%tr endfor %}", widths)])
