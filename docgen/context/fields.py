"""The dictionary of fields a template may name, and a live sample of each. Pure.

A path ends in ``[]`` where a list is meant: ``服务项目[].项目`` is ``项.项目`` inside ``{%tr for 项 in 服务项目 %}``.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from yiyu.docgen.context.making import Context, Planned, coded, context_for
from yiyu.registry.model import Agreement, DocKind, Institution, Item, Kind, Party, Variant

PARTY = {
    "称谓": "甲方、乙方或丙方",
    "全称": "名称，有院区或分园的在括号中写明",
    "名称": "机构名称，与公章一致",
    "分支": "院区或分园名称，没有则为空",
    "机构类别": "如苏木卫生院、妇幼保健院",
    "机构性质": "事业单位、社会服务机构或营利性",
    "信用代码": "统一社会信用代码",
    "法定代表人": "法定代表人或主要负责人",
    "联系人": "联系人姓名",
    "电话": "联系电话",
    "地址": "详细地址",
    "旗区": "所在旗区名称",
    "乡镇": "苏木乡镇或街道",
    "等级": "医院等级或示范等级",
    "备案": "是否已备案（许可）",
    "备案日期": "备案通过日期",
    "备案编号": "备案编号，没有则为空",
    "普惠": "“是”“否”，不详为空",
    "托位数": "托位数",
    "在托数": "在托婴幼儿数",
    "从业人员数": "从业人员数",
    "保健员数": "保健员数",
}

FIELDS: dict[str, str] = {
    "协议.编号": "协议编号",
    "协议.类型": "协议类型名称",
    "协议.类型代码": "JC 基层、FY 妇幼、ZY 中（蒙）医、YL 医联体专科、SF 三方、TB 幼儿园托班",
    "协议.生效日期": "起始日期，含当日",
    "协议.截止日期": "截止日期，含当日",
    "协议.期限月数": "期限，月",
    "协议.期限": "期限的写法，如一年、6个月",
    "协议.年度": "起始日期所在年度",
    "协议.清单版本": "服务项目清单的版本号",
    "协议.项目数": "清单列明的项目数",
    "协议.勾选数": "清单中已勾选的项目数",
    "协议.份数": "协议份数",
    "协议.份数大写": "协议份数大写",
    "协议.份数说明": "各方持有份数，合计等于份数",
    "协议.服务方式": "服务方式名称",
    "协议.巡回指导": "是否采取巡回指导",
    "协议.协议派驻": "是否采取协议派驻",
    "协议.续签方式": "none 期满终止、negotiate 协商续签、auto_once 顺延一次、auto 自动顺延",
    "协议.提前天数": "续签或异议提前通知的天数",
    "协议.原协议编号": "所续签的原协议编号，首次签订为空",
    "协议.收费": "托育机构是否向医疗卫生机构付费",
    "协议.各方称谓": "双方、三方或各方",
    "协议.医方称谓": "医疗卫生机构一侧的称谓，如“甲方”“甲方、丙方”",
    "协议.上门频次": "清单中上门指导的频次",
    "协议.培训频次": "清单中从业人员培训的频次",
    **{f"{side}.{name}": f"{side}：{meaning}" for side in ("甲方", "乙方", "丙方") for name, meaning in PARTY.items()},
    **{f"各方[].{name}": meaning for name, meaning in PARTY.items()},
    "服务项目[].序号": "从1起的序号",
    "服务项目[].代码": "服务目录代码",
    "服务项目[].类别": "服务类别",
    "服务项目[].项目": "服务项目名称",
    "服务项目[].内容": "服务内容及要求",
    "服务项目[].对象": "服务对象",
    "服务项目[].提供主体": "由哪一方提供",
    "服务项目[].方式": "上门、到院、线上、集中培训或随访",
    "服务项目[].频次": "服务频次",
    "服务项目[].责任科室": "责任科室",
    "服务项目[].收费": "基本公卫免费、免费或按价收费",
    "服务项目[].勾选": "☑ 或 □",
    "服务项目[].必选": "口径要求的项目",
    "服务项目[].备注": "备注",
    "勾选.各类[].序": "勾选的类别依次编号：一、二……",
    "勾选.各类[].代码": "类别代码，服务目录代码的第一个字母",
    "勾选.各类[].类别": "有勾选项目的服务类别",
    "勾选.各类[].提供方": "由哪一方提供",
    "勾选.各类[].项目": "勾选的项目，写明次数的带频次",
    "勾选.续款[]": "接着往下编号：勾选了三类的，从四起",
    "勾选.建档": "是否勾选了电子健康档案",
    "勾选.应急": "是否勾选了应急与绿色通道的项目",
    "依据[]": "依据文件的完整写法",
    "口径.名称": "口径包名称",
    "口径.地区": "协议所属旗区",
    "口径.主管部门": "所属旗区的卫生健康行政部门",
    "口径.依据": "全部依据文件的连写，放在“根据”之后：《甲》、《乙》和《丙》等规定",
    "口径.中医": "当地的说法：中医，或中（蒙）医",
    "口径.中医药": "当地的说法：中医药，或中（蒙）医药",
    "文书.标记": "印在二维码旁的编号、文书和版本，没有登记的文书为空",
    "文书.编码": "二维码的内容，画在可选文字为“页面码”的图片处，没有登记的文书为空",
    "记录.编号": "活动记录编号，空白表为空（仅活动记录表）",
    "记录.年度": "活动记录所属年度（仅活动记录表）",
    "记录.季度": "1 至 4，时段不在一个季度之内的为空（仅活动记录表）",
    "记录.时段": "预填表所属时段的写法，空白表为空（仅活动记录表）",
    "记录.事项": "预填表对应的应履约事项，没有则为空（仅活动记录表）",
    "记录.最迟日期": "该事项最迟办完的日期，没有则为空（仅活动记录表）",
    "记录.形式[].名称": "活动形式（仅活动记录表）",
    "记录.形式[].勾选": "☑ 或 □，该事项只能以这种形式完成时已勾（仅活动记录表）",
    "记录.余地": "随附的表还排得下几行，负数表示手写栏要矮一些（仅活动记录表）",
    "记录.项目[]": "完成该事项的服务项目代码，空白表没有（仅活动记录表）",
}
"""Path to meaning."""

TYPE_LABEL = {str: "文字", bool: "是/否", int: "整数"}


@dataclass(frozen=True, slots=True)
class TemplateField:
    path: str
    type: str
    """文字, 是/否 or 整数."""
    meaning: str
    sample: str


def fields_of(kind: DocKind) -> tuple[TemplateField, ...]:
    """Every field a template of ``kind`` may name, with a live sample."""
    return tuple(
        TemplateField(path=path, type=TYPE_LABEL[type(value)], meaning=FIELDS[path], sample=str(value))
        for path, value in _leaves(sample_context(kind), "")
    )


def _leaves(value: object, path: str) -> Iterator[tuple[str, str | bool | int]]:
    """Walk the leaves with their paths, of a list its first entry."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        yield from _leaves(value[0], f"{path}[]")
    elif isinstance(value, str | bool | int):
        yield path, value


def sample_context(kind: DocKind) -> Context:
    """Make the context of an invented agreement of three parties, with no field left empty that can be filled."""
    return coded(context_for(kind, _SAMPLE, _SamplePack(), _PLANNED), kind, 1)


class _SamplePack:
    title = "示例口径"
    citations = ("《关于促进医疗卫生机构支持托育服务发展的指导意见》（国卫办人口发〔2023〕14号）",)

    def region_name(self, _code: str) -> str:
        return "示例旗"

    def authority_of(self, _code: str) -> str:
        return "示例旗卫生健康委员会"

    def provider_label(self, _code: str) -> str:
        return "医疗卫生机构"

    def worded(self, text: str) -> str:
        return text


def _medical(role: str, name: str, category: str) -> Party:
    facts = Institution(
        kind=Kind.MEDICAL,
        name=name,
        code="12150600MB0000000X",
        category=category,
        nature="事业单位",
        district="150600",
        town="示例苏木",
        address="示例旗示例苏木健康街1号",
        legal_person="王某某",
        contact="李某某",
        phone="0477-0000000",
        grade="一级",
    )
    return Party(role, 0, facts)


_PLANNED = Planned(
    period="2026年第二季度",
    first=dt.date(2026, 4, 1),
    last=dt.date(2026, 6, 30),
    title="每季度上门对接和指导1次",
    due_by=dt.date(2026, 6, 30),
    items=("F01",),
    forms=("上门指导",),
)

_CHILDCARE = Institution(
    kind=Kind.CHILDCARE,
    name="示例旗示例托育服务有限公司",
    code="91150600MA0000000X",
    branch="第二分园",
    category="托育机构",
    nature="营利性",
    district="150600",
    town="示例街道",
    address="示例旗示例街道育才路2号",
    legal_person="张某某",
    contact="赵某某",
    phone="0477-0000001",
    grade="市级示范",
    filed=True,
    filed_on=dt.date(2023, 5, 11),
    filing_no="示例备案1号",
    inclusive=True,
    places=90,
    enrolled=72,
    staff=20,
    health_workers=1,
)

_SAMPLE = Agreement(
    id=0,
    number="150600-2026-SF-0001",
    variant=Variant.SF,
    pack="national",
    district="150600",
    starts_on=dt.date(2026, 3, 1),
    ends_on=dt.date(2027, 2, 28),
    months=12,
    mode="visit",
    renewal="negotiate",
    notice_days=30,
    copies=5,
    list_version=1,
    renews="150600-2025-SF-0001",
    parties=(
        _medical("甲", "示例旗示例苏木卫生院", "苏木卫生院"),
        Party("乙", 0, _CHILDCARE),
        _medical("丙", "示例旗妇幼保健院", "妇幼保健院"),
    ),
    items=(
        Item(
            seq=1,
            code="F01",
            group="上门指导与派驻",
            name="上门对接和指导",
            content="现场指导卫生保健和疾病防控，提出书面意见，下次上门时复查整改。",
            target="托育机构",
            provider="JC",
            mode="上门",
            times=1,
            per="quarter",
            department="公共卫生科",
            fee="免费",
            mandatory=True,
            remark="填写活动记录表",
        ),
        Item(
            seq=2,
            code="E01",
            group="人员培训",
            name="从业人员卫生保健培训",
            content="培训卫生保健常规、传染病防控和急救，留存签到和课件。",
            target="从业人员",
            provider="FY",
            mode="集中培训",
            times=1,
            per="year",
            department="儿童保健科",
            fee="免费",
            selected=False,
            remark="可与其他机构合办",
        ),
    ),
)
