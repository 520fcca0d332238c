"""签约台账: the one table of its columns, what each holds, and whether it may come back changed (domain.md#columns)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from yiyu.registry.lifecycle import FILING_LABEL, FORCE_LABEL, SIGNING_LABEL
from yiyu.registry.model import MODE_LABEL, RENEWAL_LABEL, VARIANT_LABEL, Variant
from yiyu.registry.workbooks.fields import FIELDS as ROSTER_FIELDS


class Use(Enum):
    """What the ledger may do to a field of an agreement the registry already has.

    The rule (docs/decisions/0008): nothing that stands on paper changes through a ledger. What the paper does not fix
    until somebody signs it may change until then; what happens on paper is recorded as by ``agreement sign`` and
    ``agreement seal``, under the same conditions; the rest is looked at only.
    """

    FIXED = auto()
    """Parties, term, number: read for an agreement that is new to the registry, never changed."""
    TERMS = auto()
    """Changeable before any signature or seal."""
    DATED = auto()
    """Signing and sealing: recorded where nothing was, never altered."""
    SHOWN = auto()
    """Written for the reader; computed, or kept elsewhere."""


@dataclass(frozen=True, slots=True)
class LedgerField:
    """``reads`` text, paragraphs, code, date, count, choice or yes; ``labels`` of a choice by value."""

    heading: str
    width: float
    use: Use
    aliases: str = ""
    """Separated by blanks; ``盖章日期/甲方`` stands for two levels."""
    reads: str = "text"
    labels: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    """Other words for a choice, blanks between them, by value."""
    least: int = 0
    most: int = 0

    @property
    def editable(self) -> bool:
        return self.use in (Use.TERMS, Use.DATED)


SIDES = {"甲": "medical", "乙": "childcare", "丙": "third"}
"""Party letters with the first part of their fields' names."""


def _sided(heading: str, use: Use, words: str) -> dict[str, LedgerField]:
    """A date of each party: 甲方盖章日期 and the ways two header rows put it."""
    return {
        side: LedgerField(
            f"{role}方{heading}",
            12,
            use,
            " ".join(f"{word}/{role}方 {role}方{word} {role}方/{word}" for word in words.split()),
            reads="date",
        )
        for role, side in SIDES.items()
    }


_SIGNED = _sided("签字日期", Use.DATED, "签字日期 签字时间 签字 签署日期 签订日期 签订时间")
_SEALED = _sided("盖章日期", Use.DATED, "盖章日期 盖章时间 盖章 盖章情况 用印日期 用印时间")

FIELDS: Mapping[str, LedgerField] = {
    "number": LedgerField("协议编号", 22, Use.FIXED, "编号 协议号 协议书编号 合同编号 合同号"),
    "district": LedgerField("旗区", 11, Use.SHOWN, ROSTER_FIELDS["district"].aliases),
    "medical": LedgerField(
        "甲方名称", 26, Use.FIXED, "甲方 甲方单位 甲方机构 医疗卫生机构 医疗机构 医疗卫生机构名称 医疗机构名称"
    ),
    "medical_category": LedgerField("甲方类别", 14, Use.SHOWN, "甲方机构类别 甲方类型"),
    "medical_code": LedgerField(
        "甲方代码", 20, Use.FIXED, "甲方信用代码 甲方统一社会信用代码 医疗卫生机构代码 医疗机构代码", reads="code"
    ),
    "childcare": LedgerField(
        "乙方名称", 26, Use.FIXED, "乙方 乙方单位 乙方机构 托育机构 托育机构名称 托育服务机构 托育服务机构名称"
    ),
    "childcare_code": LedgerField(
        "乙方代码", 20, Use.FIXED, "乙方信用代码 乙方统一社会信用代码 托育机构代码", reads="code"
    ),
    "childcare_filed": LedgerField("乙方备案状态", 10, Use.SHOWN, "乙方是否备案 备案状态"),
    "third": LedgerField("丙方名称", 26, Use.FIXED, "丙方 丙方单位 丙方机构"),
    "third_code": LedgerField("丙方代码", 20, Use.FIXED, "丙方信用代码 丙方统一社会信用代码", reads="code"),
    "variant": LedgerField(
        "协议类型",
        13,
        Use.FIXED,
        "类型 协议类别 签约类型",
        reads="choice",
        labels={str(value): label for value, label in VARIANT_LABEL.items()},
        spellings={
            Variant.JC: "基层",
            Variant.FY: "妇幼 妇幼保健型",
            Variant.ZY: "中医型 蒙医型 中蒙医型 中医 蒙医 中医药型",
            Variant.YL: "医联体型 医联体 专科型",
            Variant.SF: "三方",
            Variant.TB: "托班型 托班 幼儿园型",
        },
    ),
    "mode": LedgerField(
        "服务方式",
        16,
        Use.TERMS,
        "服务形式 支持方式",
        reads="choice",
        labels=MODE_LABEL,
        spellings={
            "visit": "巡回 上门指导",
            "resident": "派驻 驻点",
            "both": "两者 巡回指导、协议派驻 巡回指导,协议派驻 巡回指导及协议派驻",
        },
    ),
    "drafted_on": LedgerField("起草日期", 12, Use.FIXED, "起草时间 拟稿日期", reads="date"),
    "signed_on": LedgerField(
        "签订日期", 12, Use.DATED, "签约日期 签署日期 签订时间 签约时间 签署时间 签字日期 协议签订日期", reads="date"
    ),
    "starts_on": LedgerField(
        "生效日期",
        12,
        Use.FIXED,
        "生效时间 开始日期 开始时间 起始日期 起始时间 起始日 有效期起 协议期限/起 协议期限/开始 有效期/起 有效期/自",
        reads="date",
    ),
    "ends_on": LedgerField(
        "截止日期",
        12,
        Use.FIXED,
        "截止时间 结束日期 结束时间 终止日期 到期日期 到期时间 到期日 失效日期 有效期止 协议期限/止 协议期限/结束"
        " 有效期/止 有效期/至",
        reads="date",
    ),
    "months": LedgerField(
        "期限（月）", 8, Use.FIXED, "期限 协议期限 合同期限 有效期限", reads="count", least=1, most=120
    ),
    "extended_to": LedgerField("现行截止日期", 12, Use.SHOWN),
    "renewal": LedgerField(
        "续签方式",
        13,
        Use.TERMS,
        "续约方式 到期处理 续签约定",
        reads="choice",
        labels=RENEWAL_LABEL,
        spellings={
            "none": "期满自动终止 到期终止 不续签 终止 另行签订",
            "negotiate": "协商 双方协商 书面协商续签",
            "auto_once": "顺延一次 自动续签一次 自动顺延一年",
            "auto": "自动续签 自动续约 顺延",
        },
    ),
    "notice_days": LedgerField(
        "提前通知天数", 8, Use.TERMS, "提前通知（天） 提前通知 通知天数", reads="count", most=365
    ),
    "notice_by": LedgerField("通知截止日", 12, Use.SHOWN, "通知截止日期"),
    "renews": LedgerField("续签自", 22, Use.FIXED, "原协议编号 原协议 上期协议编号 上一份协议编号"),
    "signing": LedgerField(
        "签字状态",
        11,
        Use.DATED,
        "签约状态 签署状态 签订状态 签字情况",
        reads="choice",
        labels=SIGNING_LABEL,
        spellings={
            "draft": "未签 未签字 未签订 未签约 尚未签订",
            "awaiting": "待签订 待签字",
            "one_signed": "一方已签",
            "signed": "已签 已签订 已签字 已签约 已签署 各方已签 三方已签",
        },
    ),
    **{f"signed_{side}": one for side, one in _SIGNED.items()},
    **{f"sealed_{side}": one for side, one in _SEALED.items()},
    "seam": LedgerField("骑缝章", 8, Use.DATED, "是否盖骑缝章 骑缝章情况", reads="yes"),
    "copies": LedgerField("份数", 6, Use.TERMS, "一式份数 协议份数 正本份数", reads="count", least=1, most=99),
    "copies_at": LedgerField("原件存放", 18, Use.SHOWN, "原件去向 原件位置"),
    "filing": LedgerField("归档状态", 10, Use.SHOWN, "归档情况", labels=FILING_LABEL),
    "force": LedgerField(
        "效力",
        9,
        Use.FIXED,
        "协议状态 状态 效力状态 履约状态",
        reads="choice",
        labels=FORCE_LABEL,
        spellings={
            "in_force": "生效 生效中 履行中 履约中 执行中 正常 即将到期 在有效期内",
            "expired": "到期 过期 已过期 期满",
            "terminated": "解除 提前解除",
            "void": "已作废 废止",
        },
    ),
    "ended_on": LedgerField(
        "解除（作废）日期", 12, Use.FIXED, "解除日期 作废日期 解除时间 作废时间 解除/作废日期", reads="date"
    ),
    "contact": LedgerField("联系人", 10, Use.SHOWN, "乙方联系人"),
    "phone": LedgerField("联系电话", 14, Use.SHOWN, "电话 联系方式 乙方联系电话 乙方电话"),
    "remark": LedgerField("备注", 16, Use.FIXED, "备注说明 附注", reads="paragraphs"),
    "fingerprint": LedgerField("导出校验（请勿改动）", 4, Use.FIXED),
}
"""Every column, in the order we write them. ``fingerprint`` is hidden: the row as it was when it was written."""
