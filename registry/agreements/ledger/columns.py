"""签约台账: the one table of its columns, what each holds, and whether it may come back changed (domain.md#columns)."""

from collections.abc import Mapping
from enum import Enum, auto
from typing import Any

from yiyu.registry.institutions.columns import COLUMNS as ROSTER_COLUMNS
from yiyu.registry.lifecycle import FILING_LABEL, FORCE_LABEL, SIGNING_LABEL
from yiyu.registry.model import MODE_LABEL, MODE_SPELLINGS, RENEWAL_LABEL, VARIANT_LABEL, Variant
from yiyu.registry.workbooks.columns import Column


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


def _column(heading: str, width: float, use: Use, aliases: str = "", **rest: Any) -> Column:  # noqa: ANN401 - of Column
    """A column that the ledger may use in that way; what may come back changed is open on the protected page."""
    return Column(heading, width, aliases, use=use, editable=use in (Use.TERMS, Use.DATED), **rest)


SIDES = {"甲": "medical", "乙": "childcare", "丙": "third"}
"""Party letters with the first part of their fields' names."""


def _sided(heading: str, use: Use, words: str) -> dict[str, Column]:
    """A date of each party: 甲方盖章日期 and the ways two header rows put it."""
    return {
        side: _column(
            f"{role}方{heading}",
            12,
            use,
            " ".join(f"{word}/{role}方 {role}方{word} {role}方/{word}" for word in words.split()),
            cell="day",
        )
        for role, side in SIDES.items()
    }


_SIGNED = _sided("签字日期", Use.DATED, "签字日期 签字时间 签字 签署日期 签订日期 签订时间")
_SEALED = _sided("盖章日期", Use.DATED, "盖章日期 盖章时间 盖章 盖章情况 用印日期 用印时间")

COLUMNS: Mapping[str, Column] = {
    "number": _column("协议编号", 22, Use.FIXED, "编号 协议号 协议书编号 合同编号 合同号", cell="whole"),
    "district": _column("旗区", 11, Use.SHOWN, ROSTER_COLUMNS["district"].aliases),
    "medical": _column(
        "甲方名称",
        26,
        Use.FIXED,
        "甲方 甲方单位 甲方机构 医疗卫生机构 医疗机构 医疗卫生机构名称 医疗机构名称",
        cell="whole",
    ),
    "medical_category": _column("甲方类别", 14, Use.SHOWN, "甲方机构类别 甲方类型"),
    "medical_code": _column(
        "甲方代码", 20, Use.FIXED, "甲方信用代码 甲方统一社会信用代码 医疗卫生机构代码 医疗机构代码", cell="code"
    ),
    "childcare": _column(
        "乙方名称",
        26,
        Use.FIXED,
        "乙方 乙方单位 乙方机构 托育机构 托育机构名称 托育服务机构 托育服务机构名称",
        cell="whole",
    ),
    "childcare_code": _column("乙方代码", 20, Use.FIXED, "乙方信用代码 乙方统一社会信用代码 托育机构代码", cell="code"),
    "childcare_filed": _column("乙方备案状态", 10, Use.SHOWN, "乙方是否备案 备案状态"),
    "third": _column("丙方名称", 26, Use.FIXED, "丙方 丙方单位 丙方机构", cell="whole"),
    "third_code": _column("丙方代码", 20, Use.FIXED, "丙方信用代码 丙方统一社会信用代码", cell="code"),
    "variant": _column(
        "协议类型",
        13,
        Use.FIXED,
        "类型 协议类别 签约类型",
        cell="choice",
        unknown="variant-unknown",
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
    "mode": _column(
        "服务方式",
        16,
        Use.TERMS,
        "服务形式 支持方式",
        cell="choice",
        labels=MODE_LABEL,
        spellings=MODE_SPELLINGS,
    ),
    "drafted_on": _column("起草日期", 12, Use.FIXED, "起草时间 拟稿日期", cell="day"),
    "signed_on": _column(
        "签订日期", 12, Use.DATED, "签约日期 签署日期 签订时间 签约时间 签署时间 签字日期 协议签订日期", cell="day"
    ),
    "starts_on": _column(
        "生效日期",
        12,
        Use.FIXED,
        "生效时间 开始日期 开始时间 起始日期 起始时间 起始日 有效期起 协议期限/起 协议期限/开始 有效期/起 有效期/自",
        cell="day",
    ),
    "ends_on": _column(
        "截止日期",
        12,
        Use.FIXED,
        "截止时间 结束日期 结束时间 终止日期 到期日期 到期时间 到期日 失效日期 有效期止 协议期限/止 协议期限/结束"
        " 有效期/止 有效期/至",
        cell="day",
    ),
    "term": _column(
        "起止时间",
        0,
        Use.FIXED,
        "协议起止时间 起止日期 协议起止日期 合同起止时间 合同起止日期 有效期起止 协议期限/起止 协议期限起止 履约期限 有效期间",
    ),
    "months": _column(
        "期限（月）", 8, Use.FIXED, "有效期 期限 协议期限 合同期限 有效期限", cell="months", least=1, most=120
    ),
    "extended_to": _column("现行截止日期", 12, Use.SHOWN),
    "renewal": _column(
        "续签方式",
        13,
        Use.TERMS,
        "续约方式 到期处理 续签约定",
        cell="choice",
        labels=RENEWAL_LABEL,
        spellings={
            "none": "期满自动终止 到期终止 不续签 终止 另行签订",
            "negotiate": "协商 双方协商 书面协商续签",
            "auto_once": "顺延一次 自动续签一次 自动顺延一年",
            "auto": "自动续签 自动续约 顺延",
        },
    ),
    "notice_days": _column("提前通知天数", 8, Use.TERMS, "提前通知（天） 提前通知 通知天数", cell="quantity", most=365),
    "notice_by": _column("通知截止日", 12, Use.SHOWN, "通知截止日期"),
    "renews": _column("续签自", 22, Use.FIXED, "原协议编号 原协议 上期协议编号 上一份协议编号", cell="whole"),
    "signing": _column(
        "签字状态",
        11,
        Use.DATED,
        "签约状态 签署状态 签订状态 签字情况",
        cell="choice",
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
    "seam": _column("骑缝章", 8, Use.DATED, "是否盖骑缝章 骑缝章情况", cell="yes_no"),
    "copies": _column("份数", 6, Use.TERMS, "一式份数 协议份数 正本份数", cell="quantity", least=1, most=99),
    "copies_at": _column("原件存放", 18, Use.SHOWN, "原件去向 原件位置"),
    "filing": _column("归档状态", 10, Use.SHOWN, "归档情况", labels=FILING_LABEL),
    "force": _column(
        "效力",
        9,
        Use.FIXED,
        "协议状态 状态 效力状态 履约状态",
        cell="choice",
        labels=FORCE_LABEL,
        spellings={
            "in_force": "生效 生效中 履行中 履约中 执行中 正常 即将到期 在有效期内",
            "expired": "到期 过期 已过期 期满",
            "terminated": "解除 提前解除",
            "void": "已作废 废止",
        },
    ),
    "ended_on": _column(
        "解除（作废）日期", 12, Use.FIXED, "解除日期 作废日期 解除时间 作废时间 解除/作废日期", cell="day"
    ),
    "contact": _column("联系人", 10, Use.SHOWN, "乙方联系人"),
    "phone": _column("联系电话", 14, Use.SHOWN, "电话 联系方式 乙方联系电话 乙方电话"),
    "remark": _column("备注", 16, Use.FIXED, "备注说明 附注", cell="paragraphs"),
    "fingerprint": _column("导出校验（请勿改动）", 4, Use.FIXED, cell="kept"),
}
"""Every column, in the order we write them. ``fingerprint`` is hidden: the row as it was when it was written."""
