"""What a service list has ticked, as the clauses of an agreement speak of it: by 服务类别, with who provides it. Pure.

A clause that reads this cannot promise what the list leaves out.
"""

from collections.abc import Callable, Sequence
from typing import Any

from yiyu.registry.model import Item

_ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四")
RECORDS, EMERGENCY = "A03", "G"
"""The item of 电子健康档案, and the category of 应急与绿色通道 (domain.md#catalogue)."""


def ticked(items: Sequence[Item], provider: Callable[[Item], str], frequency: Callable[[Item], str]) -> dict[str, Any]:
    """``各类``: each category that has a ticked item, in the order of the catalogue, with the items in words.

    ``续款``: the numerals of the sub-clauses that follow. ``frequency`` gives "" where it is not worth saying.
    """
    chosen = sorted((item for item in items if item.selected), key=lambda item: item.code)
    categories = []
    for number, code in enumerate(dict.fromkeys(item.code[:1] for item in chosen)):
        own = [item for item in chosen if item.code[:1] == code]
        categories.append(
            {
                "序": _ORDINALS[number],
                "代码": code,
                "类别": own[0].group,
                "提供方": "、".join(dict.fromkeys(side for item in own for side in provider(item).split("、"))),
                "项目": _listed([item.name + (f"（{often}）" if (often := frequency(item)) else "") for item in own]),
            }
        )
    codes = {item.code for item in chosen}
    return {
        "各类": categories,
        "续款": list(_ORDINALS[len(categories) :]),
        "建档": RECORDS in codes,
        "应急": any(code.startswith(EMERGENCY) for code in codes),
    }


def _listed(names: Sequence[str]) -> str:
    """Names one after another, told apart also where one holds a 、 itself."""
    return ("；" if any("、" in name for name in names) else "、").join(names)
