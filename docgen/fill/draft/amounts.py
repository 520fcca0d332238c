"""Blanks told by what stands around them: dates, numbers with a unit, boxes to tick. Pure."""

import re

from yiyu.docgen.fill.draft.labels import compact
from yiyu.docgen.fill.draft.proposal import Answer
from yiyu.registry.model import RENEWAL_LABEL, VARIANT_LABEL

START, END = "协议.生效日期", "协议.截止日期"
_DATE_BEFORE = (
    (re.compile(r"备案(?:通过)?(?:日期|时间)?[为是：:（(]*$"), "乙方.备案日期"),
    (re.compile(r"最迟(?:完成)?(?:日期)?[为是：:]*$|办理期限[：:]*$"), "记录.最迟日期"),
    (
        re.compile(
            r"(?:自|从|(?:起始|开始|生效)(?:日期|时间|日)?[为是：:]*|有效期限?[：:]*|起止(?:时间|日期|期限)[：:]*)$"
        ),
        START,
    ),
    (re.compile(r"(?:至|到|(?:截止|终止|结束|届满|到期|期满)(?:日期|时间|日)?[为是：:于]*)$"), END),
)
_DATE_AFTER = (
    (re.compile(r"^(?:之?日)?(?:起|开始|生效)"), START),
    (re.compile(r"^(?:之?日)?(?:止|终止|到期|期满|届满|结束)"), END),
)
_MOMENT = re.compile(r"^[_＿ 　\d]*时")
_COUNTS = (
    (re.compile(r"(?:自|从|起始日期|生效日期)[为是：:]*$"), re.compile(r"^(?:之?日)?(?:起|至|到)"), START),
    (re.compile(r"(?:至|到)$"), re.compile(r"^(?:之?日)?(?:止|期满|届满|终止|结束)"), END),
    (re.compile(r"(?:期限|有效期|为期|期)[为是共：:]*$"), re.compile(r"^个?月(?![_＿ 　]*日)"), "协议.期限月数"),
    (re.compile(r"(?:期限|有效期|为期)[为是共：:]*$"), re.compile(r"^年(?!度|[_＿ 　]*月)"), "协议.期限月数 // 12"),
    (re.compile(r"(?:一式|协议书?|合同)[共为]*$"), re.compile(r"^份"), "协议.份数大写"),
    (re.compile(r"(?:提前|期满前|届满前|到期前)[至少]*$"), re.compile(r"^个?(?:工作)?[日天]"), "协议.提前天数"),
    (re.compile(r"(?:届满|期满|到期)前?$"), re.compile(r"^个?(?:工作)?[日天][之以]?前"), "协议.提前天数"),
    (re.compile(r"(?:共[计有]?|项目)$"), re.compile(r"^项"), "协议.项目数"),
    (re.compile(r"(?:清单|》)?[（(]?第$"), re.compile(r"^版"), "协议.清单版本"),
    (re.compile(r"频次[（(]?为?$"), re.compile(r"^[）)]?[^，。；]{0,20}培训"), "协议.培训频次"),
    (re.compile(r"频次[（(]?为?$"), re.compile(r"^[）)]?[^，。；]{0,20}(?:上门|巡回)"), "协议.上门频次"),
    (
        re.compile(r"(?:接受|报告|报|提请|由|向)$"),
        re.compile(r"^的?(?:指导和?监督|监督和?指导|监督管理|协调|备案)"),
        "口径.主管部门",
    ),
    (re.compile(r"第$"), re.compile(r"^季度"), "记录.季度"),
    (re.compile(r"^$"), re.compile(r"^年度"), "协议.年度"),
)
"""Text before, text behind, field."""
_YES, _NO = re.compile(r"^(?:是|有|已|收)"), re.compile(r"^(?:否|无|未|不)")
_OPTION = re.compile(r"[^□☐▢☑；;，。、的\t]*")
_NATURES = {"民办非企业": "社会服务机构", "民办非企业单位": "社会服务机构", "企业": "营利性", "营利性机构": "营利性"}
_NATURE = ("事业单位", "社会服务机构", "营利性")


def date_answer(before: str, after: str, label: str) -> Answer:
    """The field for 年 月 日: by the words right before and behind it, else by the label of its cell."""
    if _MOMENT.match(after):
        return Answer(reason="活动的起止时刻由人工填写", by_hand=True)
    near = compact(before)[-16:]
    for patterns, text in ((_DATE_AFTER, compact(after)), (_DATE_BEFORE, near), (_DATE_BEFORE, compact(label))):
        for pattern, field in patterns:
            if found := pattern.search(text):
                said = found[0].strip("：:（(")
                return Answer(field, f"日期旁写着“{said}”")
    return Answer(reason="签署和填表的日期由人工填写", by_hand=True)


def count_answer(before: str, after: str) -> Answer | None:
    """The field for a blank between a word and a unit (一式__份), None where the two say nothing."""
    left, right = compact(before), after.lstrip(" 　")
    for pattern, unit, field in _COUNTS:
        if (known := pattern.search(left)) and (found := unit.search(right)):
            return Answer(field, f"空白前后写着“{left[known.start() :][-6:]}…{found[0]}”")
    return None


def option_after(text: str) -> str:
    """The words of a box: what follows it, up to the next box or mark."""
    return compact((_OPTION.match(text) or [""])[0]).rstrip("：:")


def box_answer(question: str, option: str, side: str) -> Answer | None:
    """The expression for a box to tick; ``question``: the label of the row and what stands before the first box."""
    asked = compact(question)
    for word, field in (("巡回", "协议.巡回指导"), ("派驻", "协议.协议派驻")):
        if word in option:
            return Answer(field, f"选项“{option}”是服务方式")
    return _one_of(asked, option, side) or _yes_or_no(asked + option, option)


def _one_of(asked: str, option: str, side: str) -> Answer | None:
    """A box for one of the values a field may have."""
    renewal = next((key for key, words in RENEWAL_LABEL.items() if words == option), "")
    if option in (*_NATURE, *_NATURES) and side:
        return _equal(f"{side}方.机构性质", _NATURES.get(option, option), option)
    if renewal:
        return _equal("协议.续签方式", renewal, option)
    if option in VARIANT_LABEL.values():
        return _equal("协议.类型", option, option)
    return _equal(f"{side}方.机构类别", option, option) if "类别" in asked and side and option else None


def _yes_or_no(asked: str, option: str) -> Answer | None:
    yes, no = _YES.match(option), _NO.match(option)
    if not (yes or no):
        return None
    if "普惠" in asked:
        return _equal("乙方.普惠", "否" if no else "是", option)
    for word, field in (("备案", "乙方.备案"), ("登记", "乙方.备案"), ("收费", "协议.收费")):
        if word in asked:
            return Answer(f"not {field}" if no else field, f"“{word}”一项的选项“{option}”")
    return None


def _equal(field: str, value: str, option: str) -> Answer:
    return Answer(f'{field} == "{value}"', f"选项“{option}”与字段“{field}”的值对应")
