"""名册: the table of its columns, which kind of institution a file lists, the words for 机构类别.

Source: domain.md#columns.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from yiyu.registry.errors import BadInput
from yiyu.registry.model import Kind
from yiyu.registry.rules.codes import fold
from yiyu.registry.workbooks.columns import Column
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.layout import SourceTable

_CHILDCARE = (Kind.CHILDCARE,)

COLUMNS: Mapping[str, Column] = {
    "district": Column(
        "旗区",
        11,
        "所在地 旗县区 所属旗区 所属区域 所在旗区 行政区划 行政区划代码 区域 属地 旗县 县区 区县 旗（区） 县（区） 所属地 辖区 地区 县市区 市县区 区（县） 县（市、区） 区县市 区市县 县区市 所在县区 所在区县 所在县市区 所在县 所在区 所属县区 所属区县 所属县市区 所在县（市、区） 所属县（市、区）",
        cell="district",
    ),
    "town": Column("苏木乡镇/街道", 11, "苏木乡镇 乡镇/街道 街道/乡镇 乡镇 街道 苏木镇 镇/街道 苏木镇/街道"),
    "name": Column(
        "机构名称",
        26,
        "机构注册登记名称 注册登记名称 机构全称 单位名称 名称 托育机构名称 托育机构 托育服务机构名称 园所名称 托幼机构名称 托育园名称 机构注册名称 登记名称"
        " 园所全称 托育园所 托育机构全称 托育服务机构 托育服务机构全称 托育点名称 单位全称 幼儿园名称 医疗机构名称 医疗卫生机构名称 医疗卫生机构 医院名称",
        cell="name",
    ),
    "branch": Column("分支名称", 9, "分园名称 分支机构名称 分园 院区 院区名称", cell="whole"),
    "code": Column(
        "统一社会信用代码",
        20,
        "信用代码 社会统一信用代码 统一社会信用代码/组织机构代码 社会信用代码 统一信用代码 统一社会信用代码证号 信用代码证号",
        cell="code",
    ),
    "category": Column("机构类别", 12, "卫生机构类别 卫生机构类别代码 医疗机构类别 机构类型 机构分类 类别 类型"),
    "grade": Column("等级", 7, "医院等级 机构等级 级别 示范等级 示范级别 评定等级"),
    "nature": Column("机构性质", 10, "性质 单位性质 办园性质 举办性质 经济性质"),
    "filed": Column(
        "是否备案",
        6,
        "备案情况 备案状态 备案 已备案 是否已备案 是否通过备案 备案情况/是否备案",
        kinds=_CHILDCARE,
        cell="yes_no",
    ),
    "filed_on": Column(
        "备案时间",
        11,
        "备案日期 备案通过时间 备案通过日期 通过备案时间 备案情况/时间 备案情况/日期 备案/时间",
        kinds=_CHILDCARE,
        cell="day",
    ),
    "filing_no": Column("备案编号", 10, "备案号 备案证号 备案登记号 备案情况/编号", kinds=_CHILDCARE, cell="whole"),
    "inclusive": Column(
        "是否普惠",
        6,
        "普惠 是否普惠性 是否为普惠 普惠情况 普惠性 是否普惠机构 是否普惠托育机构",
        kinds=_CHILDCARE,
        cell="yes_no",
    ),
    "places": Column(
        "托位数",
        6,
        "托位总数 总托位 总托位数 托位数量 托位 核定托位 核定托位数 可提供托位数 设计托位数 托位情况/总数 托位/总数",
        kinds=_CHILDCARE,
        cell="count",
    ),
    "enrolled": Column(
        "在托数",
        6,
        "在托人数 在托婴幼儿数 在托婴幼儿 在托幼儿数 实际在托数 3岁以下入托数 入托婴幼儿数 入托数 入托人数 实际入托数 收托数 实际收托数",
        kinds=_CHILDCARE,
        cell="count",
    ),
    "staff": Column(
        "从业人员数",
        7,
        "从业人员 从业人员总数 从业人数 职工总数 教职工数 工作人员 工作人员数 工作人员/总数 工作人员总数 全职人员数 从业人员/总数 从业人员/合计",
        cell="count",
    ),
    "health_workers": Column(
        "保健员数", 7, "保健员 保健人员 保健人员数 卫生保健人员 保健医", kinds=_CHILDCARE, cell="count"
    ),
    "legal_person": Column("法定代表人", 9, "法人 法人代表 法人姓名 法定代表人姓名 法定代表人/姓名 法人/姓名"),
    "contact": Column("联系人", 9, "联系人姓名 联系人/姓名 负责人 负责人姓名 负责人/姓名 机构负责人 主要负责人 园长"),
    "phone": Column(
        "联系电话",
        14,
        "联系方式 电话 手机 手机号 手机号码 联系人电话 联系人/电话 负责人电话 负责人/电话 机构电话 单位电话 办公电话",
        cell="phone",
    ),
    "address": Column("地址", 22, "机构地址 单位地址 机构住所 住所 详细地址 所在地址 注册地址 服务地址 通讯地址"),
    "closed_on": Column("停办日期", 11, "停办时间 停业日期 停业时间 注销日期 注销时间 关停时间 撤销日期", cell="day"),
    "remark": Column("备注", 14, "备注说明 说明 附注", cell="paragraphs"),
}
"""Every field of Institution a file may hold, in the order we write them (domain.md#columns)."""

EXPORTED, EXPORTED_HEADING = "exported", "导出校验（请勿改动）"
"""The hidden column of a roster we wrote, no field of an institution (:mod:`yiyu.registry.institutions.exported`)."""

TO_FILL = "待补"
"""In the title of a workbook of ours that lists only what is to be filled in."""


_IN_CHARGE = re.compile("负责人|园长")
"""Headings of a contact who may stand where a form asks for 法定代表人（主要负责人）."""


def with_person_in_charge(table: SourceTable) -> SourceTable:
    """A roster that names no 法定代表人 but a 负责人: the column is read as both."""
    columns = [table.columns[name] for name in ("contact",) if name in table.columns]
    columns += table.more.get("contact", ())
    found = next((column for column in columns if _IN_CHARGE.search(table.headings[column])), None)
    if found is None or "legal_person" in table.columns:
        return table
    return replace(table, columns={**table.columns, "legal_person": found})


def only_in_charge(table: SourceTable) -> bool:
    """Whether the 法定代表人 of a table is its 负责人, who fills a blank and contradicts nobody."""
    column = table.columns.get("legal_person")
    return column is not None and column in (table.columns.get("contact"), *table.more.get("contact", ()))


def institution_headings(aliases: Mapping[str, Sequence[str]] | None = None) -> Headings:
    """Join the table above with the office's own words (``aliases`` of yiyu.toml). Raises BadInput for a bad field."""
    for field in aliases or {}:
        if field not in COLUMNS:
            raise BadInput(
                f"配置 aliases 中没有“{field}”这个字段", where="yiyu.toml", remedy=f"可用的字段：{'、'.join(COLUMNS)}"
            )
    own = {name: column.headings for name, column in COLUMNS.items()}
    return Headings(aliases or {}, own, {EXPORTED: (EXPORTED_HEADING,)})


_BY_CODE = {
    "A100": "综合医院",
    "A210": "中医院",
    "A300": "中西医结合医院",
    "A411": "蒙医院",
    "A519": "儿童医院",
    "B100": "社区卫生服务中心",
    "B200": "社区卫生服务站",
    "C100": "街道卫生院",
    "C210": "中心卫生院",
    "C220": "乡镇卫生院",
    "D600": "村卫生室",
    "G100": "妇幼保健院",
}
"""卫生机构类别 of the WS 218 family (domain.md#institution-codes)."""

_ENDINGS = (
    ("社区卫生服务中心", r"社区卫生服务中心|社区服务中心"),
    ("社区卫生服务站", r"社区卫生服务站|社区卫生站"),
    ("中心卫生院", r"中心卫生院"),
    ("苏木卫生院", r"苏木(第.)?卫生院"),
    ("街道卫生院", r"街道(办事处)?(第.)?卫生院"),
    ("乡镇卫生院", r"(乡镇|乡|镇)(第.)?卫生院"),
    ("卫生院", r"卫生院"),
    ("妇幼保健计划生育服务中心", r"妇幼保健(和)?计划生育(技术)?服务(中心|站)"),
    ("妇幼保健所", r"妇幼保健(所|站)|妇保(所|站)"),
    ("妇幼保健院", r"妇幼保健(院|服务中心|院\(所、?站\))|妇保院|妇幼保健院\(.*\)"),
    ("中西医结合医院", r"中西医结合(医院|专科医院)"),
    ("蒙医院", r"蒙医(医院|综合医院|专科医院|院)|蒙医院"),
    ("中医院", r"中医(医院|综合医院|\(综合\)医院|院)"),
    ("儿童医院", r"儿童(专科)?医院"),
    ("综合医院", r"综合医院|人民医院|中心医院"),
    ("疾控中心", r"疾控中心|疾病预防控制中心"),
)
_FAMILY = re.compile(r"机构$|^基层|^公立|公共卫生|\(站\)$|^其[他它]")
_PATTERNS = [(label, re.compile(f".*({ending})")) for label, ending in _ENDINGS]
_WHOLE = {label: re.compile(ending) for label, ending in _ENDINGS}


def normal_category(text: str, name: str = "") -> str:
    """The model's word for a 机构类别 as written or for its code; where that names none, what the ``name`` ends in.

    基层医疗卫生机构 and 妇幼保健机构 are whole families of which only the name tells the member. The text itself stays
    where neither tells.
    """
    key = fold(text).replace("、", "")
    code = _BY_CODE.get(key[:4].upper())
    known = code or next((label for label, pattern in _WHOLE.items() if pattern.fullmatch(key)), "")
    return known or category_of_name(name) or text


def is_family(category: str) -> bool:
    """Whether a word names a whole family of institutions, of which nobody can be paired."""
    return _FAMILY.search(fold(category)) is not None


def category_of_name(name: str) -> str:
    """The 机构类别 a medical institution's name ends in, or ""; for rosters without the column."""
    key = fold(name)
    return next((label for label, pattern in _PATTERNS if pattern.fullmatch(key)), "")
