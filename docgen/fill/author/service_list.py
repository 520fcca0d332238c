"""服务项目清单: the columns of domain.md#service-list, landscape, header row on every page."""

from yiyu.docgen.fill.author.layout import body, code_in_header, labelled, p, page, page_numbers, tag_row, tbl, tc, tr
from yiyu.docgen.fill.author.package import new_document, packed

NAME = "医疗卫生机构支持托育服务发展项目清单"

COLUMNS = (
    ("序号", 10.0, "{{ 项.序号 }}", "TableCentre"),
    ("服务类别", 18.0, "{{ 项.类别 }}", "TableCentre"),
    ("服务项目", 26.0, "{{ 项.项目 }}", "TableText"),
    ("服务内容及要求", 68.0, "{{ 项.内容 }}", "TableText"),
    ("服务对象", 18.0, "{{ 项.对象 }}", "TableCentre"),
    ("提供\n主体", 13.5, "{{ 项.提供主体 }}", "TableCentre"),
    ("服务\n方式", 11.5, "{{ 项.方式 }}", "TableCentre"),
    ("服务频次", 21.5, "{{ 项.频次 }}", "TableCentre"),
    ("责任科室\n（责任人）", 21.0, "{{ 项.责任科室 }}", "TableCentre"),
    ("是否收费", 17.5, "{{ 项.收费 }}", "TableCentre"),
    ("{{ 协议.各方称谓 }}\n勾选", 10.0, "{{ 项.勾选 }}", "FormLabel"),
    ("备注", 16.0, "{{ 项.备注 }}", "TableText"),
)
"""Heading, width in millimetres, tag, style."""
WIDTHS = tuple(width for _, width, _, _ in COLUMNS)

FACTS = """
甲方：{{ 甲方.全称 }}
乙方：{{ 乙方.全称 }}
{%p if 丙方.名称 %}
丙方：{{ 丙方.全称 }}
{%p endif %}
协议编号：{{ 协议.编号 }}　　清单版本：第{{ 协议.清单版本 }}版　　生效日期：{{ 协议.生效日期 }}　　共{{ 协议.项目数 }}项
"""

NOTES = (
    "说明：1．标☑的为约定提供的项目，标□的可以补勾；增减项目由{{ 协议.各方称谓 }}在本清单上签字确认或者签署新版清单。",
    "2．服务对象为婴幼儿的项目须征得监护人同意；标明“按价收费”的由监护人自愿选择，执行医疗机构公示价格。",
)

THIRD = "{% if 丙方.名称 %}丙方（盖章）：{% else %}见证（指导）单位（如有，盖章）：{% endif %}"
SIGNING = (
    f"甲方（盖章）：\t乙方（盖章）：\t{THIRD}",
    "",
    "负责人（签字）：\t负责人（签字）：\t负责人（签字）：",
    "日期：　　　　年　　月　　日\t日期：　　　　年　　月　　日\t日期：　　　　年　　月　　日",
)
"""Side by side by tab stops: one row that does not break, so signatures never stand alone on a page."""


def build() -> bytes:
    document = new_document(NAME, two_sided=True)
    section = page(document, margins=(28, 23, 20, 23), landscape=True)
    code_in_header(section, "协议编号：{{ 协议.编号 }}", top=10, two_sided=True)
    page_numbers(section, distance=13)
    body(
        document,
        p("附件1", "AnnexMark")
        + p(NAME, "Title")
        + "".join(map(_fact, FACTS.strip().splitlines()))
        + tbl(WIDTHS, _rows())
        + p("", "Nothing"),
    )
    return packed(document)


def _fact(line: str) -> str:
    return labelled(line, "SheetFacts") if line[1:].startswith("方：") else p(line, "SheetFacts")


def _rows() -> list[str]:
    return [
        tr([tc(width, *title.split("\n"), style="TableHead") for title, width, _, _ in COLUMNS], height=11, head=True),
        tag_row("{%tr for 项 in 服务项目 %}", WIDTHS),
        tr([tc(width, tag, style=style) for _, width, tag, style in COLUMNS], height=9),
        tag_row("{%tr endfor %}", WIDTHS),
        tr([tc(sum(WIDTHS), *NOTES, "", *SIGNING, style="SignSmall", span=len(WIDTHS))]),
    ]
