"""Yes and no as offices write them in columns such as 是否备案 and 是否普惠, with the date some put behind. Pure."""

import re

YES = frozenset({
    "是", "有", "√", "✓", "✔", "☑", "✅", "y", "yes", "true", "1", "已", "对", "是的",
    "已备案", "备案", "备案通过", "已通过", "已通过备案", "通过备案", "通过", "已办理", "已办理备案", "完成备案", "已完成备案", "备案成功", "已备",
    "普惠", "普惠性", "普惠型", "普惠托育", "普惠园", "普惠性托育", "普惠型托育", "普惠性机构", "普惠机构", "普惠托育机构", "普惠性托育机构",
    "普惠性托育服务机构", "普惠托位", "已认定", "认定普惠", "已认定普惠", "公办普惠", "民办普惠", "普惠性民办",
})  # fmt: skip
NO = frozenset({
    "否", "无", "×", "x", "✗", "✘", "❌", "n", "no", "false", "0", "未", "不是", "没有",
    "未备案", "没有备案", "尚未备案", "暂未备案", "未办理", "未办理备案", "未通过", "未通过备案", "备案中", "正在备案", "审核中", "待备案",
    "非普惠", "非普惠性", "非普惠型", "非普惠托育", "非普惠机构", "非普惠性机构", "非普惠托育机构", "不普惠", "未认定", "未认定普惠",
})  # fmt: skip
_DATE = r"(?:19|20)\d\d(?:年(?:\d{1,2}月(?:\d{1,2}[日号]?)?|度)?|[-./]\d{1,2}(?:[-./]\d{1,2})?|\d{2}(?:\d{2})?)?"
_BEHIND = re.compile(
    rf"(?P<word>.*?[^\d,，、;；:：(（\[【])[,，、;；:：]?[(（\[【]?(?:于)?(?P<date>{_DATE})(?:通过|备案|起|认定)?[)）\]】]?"
)
_BEFORE = re.compile(rf"(?:于)?(?P<date>{_DATE})(?P<word>\D+)")


def read_yes_no(text: str) -> tuple[bool | None, str]:
    """Whether a folded text says yes, and the date written with it or "": 已备案（2025年）, 已备案，2025.3.

    None where it says neither in words known here; a date beside anything but a yes says nothing certain either.
    """
    told = text.casefold().replace("\ufe0f", "")  # ✔ in colour
    if told in YES or told in NO:
        return told in YES, ""
    for pattern in (_BEHIND, _BEFORE):
        found = pattern.fullmatch(told)
        if found and found["word"] in YES:
            return True, found["date"]
    return None, ""
