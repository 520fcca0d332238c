"""合作协议书: the twelve clauses of domain.md#clauses, from the library, for all six variants."""

from yiyu.docgen.fill.author.layout import (
    body,
    clause,
    code_in_header,
    labelled,
    lines,
    p,
    page,
    page_numbers,
    tag_row,
    tbl,
    tc,
    tr,
)
from yiyu.docgen.fill.author.package import new_document, packed

NAME = "医疗卫生机构支持托育服务发展合作协议书"

PARTIES = """
甲方（医疗卫生机构）：{{ 甲方.全称 }}
统一社会信用代码：{{ 甲方.信用代码|填空(12) }}
机构类别：{{ 甲方.机构类别|填空(10) }}
法定代表人（主要负责人）：{{ 甲方.法定代表人|填空(6) }}
地址：{{ 甲方.地址|填空(20) }}
联系人：{{ 甲方.联系人|填空(5) }}　　联系电话：{{ 甲方.电话|填空(8) }}
乙方（托育机构）：{{ 乙方.全称 }}
统一社会信用代码：{{ 乙方.信用代码|填空(12) }}
{%p if 协议.类型代码 == "TB" %}
托班登记情况：{{ 乙方.备案|勾选 }}已登记　□未登记
{%p else %}
备案情况：{{ 乙方.备案|勾选 }}已备案{% if 乙方.备案日期 %}（{{ 乙方.备案日期 }}）{% endif %}　{{ (not 乙方.备案)|勾选 }}未备案
{%p endif %}
托位数：{{ 乙方.托位数|填空(3) }}个　　在托婴幼儿：{{ 乙方.在托数|填空(3) }}人
法定代表人（主要负责人）：{{ 乙方.法定代表人|填空(6) }}
地址：{{ 乙方.地址|填空(20) }}
联系人：{{ 乙方.联系人|填空(5) }}　　联系电话：{{ 乙方.电话|填空(8) }}
{%p if 丙方.名称 %}
丙方（医疗卫生机构）：{{ 丙方.全称 }}
统一社会信用代码：{{ 丙方.信用代码|填空(12) }}
机构类别：{{ 丙方.机构类别|填空(10) }}
法定代表人（主要负责人）：{{ 丙方.法定代表人|填空(6) }}
地址：{{ 丙方.地址|填空(20) }}
联系人：{{ 丙方.联系人|填空(5) }}　　联系电话：{{ 丙方.电话|填空(8) }}
{%p endif %}
"""

OPENING = """
为促进医疗卫生服务与托育服务融合发展，提升托育机构科学养育照护水平，保障婴幼儿健康成长，根据{{ 口径.依据 }}，{{ 协议.各方称谓 }}在平等自愿、协商一致的基础上，就卫生健康服务合作签订本协议，共同遵守。
"""

CLAUSES = (
    "合作目的与原则",
    "服务方式与内容",
    "医方的权利和义务",
    "乙方的权利和义务",
    "应急与绿色通道",
    "健康档案与个人信息保护",
    "费用",
    "活动记录与评价",
    "协议期限与续签",
    "变更与终止",
    "责任与争议解决",
    "其他",
)
"""Their words stand in ``templates/national/clauses.toml``."""

CLOSING = """
（以下为签署部分）
"""

LONG_CONTACT = 10
"""Characters of a name beside which a telephone number does not fit on a line of 28."""
SIGN_WIDTHS = (80.0, 76.0)
SIGN_GAP = 5.0
"""Between the names of two sides, within the first width; each is 13 characters wide."""


def build() -> bytes:
    document = new_document(NAME, two_sided=True)
    section = page(document, margins=(37, 26, 35, 28), grid=True)
    code_in_header(section, "编号：{{ 协议.编号 }}", top=10, two_sided=True)
    page_numbers(section, distance=23)
    body(
        document,
        p("医疗卫生机构支持托育服务发展", "Title")
        + p("合作协议书", "Title")
        + p("", "PartyLine")
        + "".join(map(_party_line, PARTIES.strip().splitlines()))
        + lines(OPENING, "ClauseText")
        + "".join(clause(name, keep=name == CLAUSES[-1]) for name in CLAUSES)
        + lines(CLOSING, "ClauseText", keep=True)
        + tbl(SIGN_WIDTHS, sign_rows(), borders=False)
        + p("", "Nothing"),
    )
    return packed(document)


def _party_line(line: str) -> str:
    """Write one line of a side's block: the name stands out and has two more lines of the block below it on its page."""
    if line[1:].startswith("方（"):
        return labelled(line, "PartyName", keep=True)
    if line.startswith("联系人："):
        return _contact(line)
    if line.count("：") != 1 or "　" in line:
        return p(line, "PartyLine")
    return labelled(line, "PartyLine", keep=line.startswith("统一"))


def _contact(line: str) -> str:
    """Write who to ask and the telephone on one line, on two where the number would be torn."""
    person, _, phone = line.partition("　　")
    name = person.partition("{{ ")[2].partition("|")[0]
    apart = p(f"{{%p if {name}|length > {LONG_CONTACT} %}}", "Nothing") + labelled(person, "PartyLine")
    return (
        apart
        + labelled(phone, "PartyLine")
        + p("{%p else %}", "Nothing")
        + p(line, "PartyLine")
        + p("{%p endif %}", "Nothing")
    )


SEAL = ("{{ 方.称谓 }}（盖章）：", "{{ 方.名称 }}")
SEAL_OF_WITNESS = ("见证（指导）单位（如有）", "（盖章）：")
SIGNED = ("法定代表人（主要负责人）", "或委托代理人（签字）：")
SIGNED_BY_WITNESS = ("负责人或经办人", "（签字）：")
DATE = ("日期：　　年　　月　　日",)


def sign_rows() -> list[str]:
    """Two sides a row; the witness takes the free place of an odd number, else a row of its own."""
    return [
        tag_row("{%tr for 行 in 各方|batch(2) %}", SIGN_WIDTHS),
        _sign_row(_of(SEAL, "行[0]"), _second(_of(SEAL, "行[1]"), SEAL_OF_WITNESS), height=32),
        _sign_row(SIGNED, _second(SIGNED, SIGNED_BY_WITNESS), height=25),
        _sign_row(DATE, DATE, height=16),
        tag_row("{%tr endfor %}", SIGN_WIDTHS),
        tag_row("{%tr if 各方|length is even %}", SIGN_WIDTHS),
        _sign_row(SEAL_OF_WITNESS, (*SIGNED_BY_WITNESS, *DATE), height=34),
        tag_row("{%tr endif %}", SIGN_WIDTHS),
    ]


def _sign_row(left: tuple[str, ...], right: tuple[str, ...], *, height: float) -> str:
    first, second = SIGN_WIDTHS
    cells = [
        tc(first, *left, style="SignCell", top=True, gap=SIGN_GAP),
        tc(second, *right, style="SignCell", top=True),
    ]
    return tr(cells, height=height)


def _of(texts: tuple[str, ...], side: str) -> tuple[str, ...]:
    return tuple(text.replace("方.", f"{side}.") for text in texts)


def _second(side: tuple[str, ...], witness: tuple[str, ...]) -> tuple[str, ...]:
    return ("{%p if 行|length > 1 %}", *side, "{%p else %}", *witness, "{%p endif %}")
