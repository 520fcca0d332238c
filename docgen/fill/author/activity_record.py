"""活动记录表: one A4 page, the items of the agreement to tick, the rest to write by hand (domain.md#record-sheet)."""

from yiyu.docgen.fill.author.layout import body, code_in_header, p, page, tag_row, tbl, tc, tr
from yiyu.docgen.fill.author.package import new_document, packed

NAME = "医疗卫生机构支持托育服务发展活动记录表"

WIDTHS = (22.0, 29.0, 29.0, 22.0, 29.0, 29.0)
LABEL, WIDE = WIDTHS[0], WIDTHS[1] + WIDTHS[2]
REST = sum(WIDTHS) - LABEL

TIME = "{{ 记录.年度|填空(2) }}年___月___日（第{{ 记录.季度|填空(1) }}季度）　____时___分至____时___分，共___小时"
DUE = "{{ 记录.事项 }}（{{ 记录.时段 }}，{{ 记录.最迟日期 }}前）"
FORMS = tuple(
    f"{{% for 形 in 记录.形式[{some}] %}}{{{{ 形.勾选 }}}}{{{{ 形.名称 }}}}{{% if not loop.last %}}　{{% endif %}}{{% endfor %}}"
    for some in (":5", "5:")
)
"""On two lines, so that none is broken across them."""
ITEMS = (
    '{% for 项 in 服务项目 if 项.勾选 == "☑" %}{{ (项.代码 in 记录.项目)|勾选 }}{{ 项.序号 }}．{{ 项.项目 }}　{% endfor %}'
    "□其他______"
)
PEOPLE = ("姓名", "单位", "科室", "职称", "到达—离开时间")
PEOPLE_ROWS = 2
ROOM = ("{%tr if 记录.余地 > 0 %}", "{%tr if 记录.余地 > 1 %}")
"""Where the sheet has room for one more, and for yet another."""
WRITTEN = (
    ("{%tr if 记录.余地 >= 0 %}", 40),
    ("{%tr if 记录.余地 == -1 %}", 36),
    ("{%tr if 记录.余地 < -1 %}", 25),
)
"""Height of what is written by hand: 40 mm (domain.md#record-sheet), less where names and items leave no room for it."""
LONG = 30
"""Characters of a name that stand on two lines of half the sheet; a longer one is printed smaller."""
TAKERS = "□婴幼儿______人　□从业人员______人　□家长______人　合计______人"
COUNTS = "建档___份  更新___份  筛查___人  异常___人  转诊___人  {{ 口径.中医药 }}___人"
EVIDENCE = "□书面　□图片（___张）　□印刷　□影音　□签到表（___人）　□其他____"


def build() -> bytes:
    document = new_document(NAME, two_sided=False)
    code_in_header(page(document, margins=(27, 24, 11.5, 26)), top=10, two_sided=False)
    body(document, p("附件2", "AnnexMark") + p(NAME, "FormTitle") + tbl(WIDTHS, _rows()) + p("", "Nothing"))
    return packed(document)


def _rows() -> list[str]:
    return [
        _pairs("协议编号", "{{ 协议.编号 }}", "记录编号", "{{ 记录.编号 }}"),
        _names("甲方", "乙方"),
        tag_row("{%tr if 丙方.名称 %}", WIDTHS),
        _line("丙　　方", *_name("丙方", 37)),
        tag_row("{%tr endif %}", WIDTHS),
        tag_row("{%tr if 记录.事项 %}", WIDTHS),
        _line("应做事项", DUE),
        tag_row("{%tr endif %}", WIDTHS),
        _line("活动时间", TIME),
        _pairs("活动地点", "", "活动主题", ""),
        _line("活动形式", *FORMS),
        _line("服务项目", ITEMS, style="ItemTicks"),
        *_people(),
        _line("参加对象", TAKERS),
        *(row for when, height in WRITTEN for row in _written(when, height)),
        _pairs("总结评价", "", "发放资料", "种类________，共____份"),
        _line("服务数量", COUNTS),
        _line("存档材料", EVIDENCE),
        _signatures(),
    ]


def _line(label: str, *texts: str | tuple[str, str], style: str = "FormSmall") -> str:
    return tr([tc(LABEL, label, style="FormLabel"), tc(REST, *texts, style=style, span=5)], height=7.5)


def _pairs(label: str, text: str, label2: str, text2: str) -> str:
    return tr(
        [
            tc(LABEL, label, style="FormLabel"),
            tc(WIDE, text, style="FormSmall", span=2),
            tc(LABEL, label2, style="FormLabel"),
            tc(WIDE, text2, style="FormSmall", span=2),
        ],
        height=7.5,
    )


def _names(left: str, right: str) -> str:
    """Write two names beside each other."""
    cells = [
        cell
        for side in (left, right)
        for cell in (
            tc(LABEL, f"{side[0]}　　{side[1]}", style="FormLabel"),
            tc(WIDE, *_name(side, LONG), style="FormSmall", span=2),
        )
    ]
    return tr(cells, height=11)


def _name(side: str, long: int) -> tuple[str | tuple[str, str], ...]:
    """Write a name, smaller where it is longer than ``long``."""
    name = f"{{{{ {side}.全称 }}}}"
    return f"{{%p if {side}.全称|length > {long} %}}", (name, "ItemTicks"), "{%p else %}", name, "{%p endif %}"


def _people() -> list[str]:
    label = [tc(LABEL, "服务人员", style="FormLabel", merge="restart")]
    below = [tc(LABEL, style="FormLabel", merge="continue")]
    heads = [tc(width, text, style="TableHead") for width, text in zip(WIDTHS[1:], PEOPLE, strict=True)]
    blanks = [tc(width, style="FormSmall") for width in WIDTHS[1:]]
    row = tr(below + blanks, height=7.5)
    return [
        tr(label + heads, height=6.5),
        *[row] * PEOPLE_ROWS,
        *(line for room in ROOM for line in (tag_row(room, WIDTHS), row, tag_row("{%tr endif %}", WIDTHS))),
    ]


def _written(when: str, height: float) -> list[str]:
    """Write what is filled in by hand, in rows of ``height``."""
    half, hint = sum(WIDTHS) / 2, "（主要内容、上次问题整改情况）"
    halves = "发现问题：", "指导意见和整改要求（期限：___月___日）："
    return [
        tag_row(when, WIDTHS),
        tr(
            [tc(LABEL, "活动内容", style="FormLabel"), tc(REST, hint, style="FormSmall", span=5, top=True)],
            height=height,
        ),
        tr([tc(half, text, style="FormSmall", span=3, top=True) for text in halves], height=height),
        tag_row("{%tr endif %}", WIDTHS),
    ]


def _signatures() -> str:
    half = sum(WIDTHS) / 2
    left = ("服务人员（签字）：", "", "填表人（签字）：")
    right = ("乙方负责人（签字、盖章）：", "", "填表日期：　　　　年　　月　　日")
    return tr([tc(half, *texts, style="FormText", span=3, top=True) for texts in (left, right)], height=16)
