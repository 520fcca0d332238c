"""What a rate is made of: units, each with where it belongs and whether it counts. Pure (domain.md#rates).

The units behind a number and the number come from one list, so that a percentage can always be opened.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

INDICATORS = {
    "signed": ("签约率（备案机构）", "已备案托育机构中，当日有有效协议的"),
    "signed_all": ("签约率（全部机构）", "全部托育机构中，当日有有效协议的"),
    "both": ("双签率", "已备案托育机构中，基层和妇幼协议都有效的"),
    "participation": ("基层参与率", "基层医疗卫生机构中，至少有一份有效协议的"),
    "filed": ("备案率", "全部托育机构中，当日已备案的"),
    "visits": ("履约率（上门）", "本期应上门指导的次数中，已完成的"),
    "training": ("培训覆盖率", "本年应培训的签约备案机构中，已培训的"),
    "duties": ("履约率（全部事项）", "本期全部应履约事项中，已完成的"),
    "archived": ("归档率", "各方已签的协议中，扫描件已校验归档的"),
    "renewed": ("到期续签率", "本期到期的协议中，到期日以前各方已签下一份的"),
    "rectified": ("问题整改率", "本年发现的问题中，已复查整改的"),
}
"""Key to title and what is divided by what. The denominator is always stated."""

ENTERED = {
    "tcm": ("0—3岁婴幼儿中医药（蒙医药）健康管理率", "%", "tcm"),
    "records": ("电子健康档案建档率", "%", ""),
    "health": ("婴幼儿健康管理率", "%", "health_management"),
    "screening": ("0—3岁儿童发育监测筛查率", "%", "screening"),
    "coverage": ("城市社区托育服务覆盖率", "%", "community_cover"),
    "knowledge": ("家长科学育儿知识普及率", "%", "parenting_knowledge"),
    "certified": ("从业人员持证率", "%", "certified_staff"),
    "places": ("每千人口托位数", "个", "places"),
    "inclusive": ("普惠托位占比", "%", "inclusive_places"),
    "hospital": ("二级以上公立医疗机构办托", "所", "hospital_childcare"),
}
"""Figures from elsewhere: key to title, unit, and what the keys of its targets in a pack begin with.

Source: domain.md#rates.
"""

EXCLUDED = {("hospital", "150603"): "S0 一：康巴什区除外"}
"""Where a target does not apply, with the place that says so."""

UNKNOWN = "未填"


@dataclass(frozen=True, slots=True)
class Rate:
    """``percent`` to one place, None where there is nothing to divide by: no rate is better than a false 0."""

    numerator: int
    denominator: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.numerator / self.denominator, 1) if self.denominator else None

    def __str__(self) -> str:
        share = "—" if self.percent is None else f"{self.percent:.1f}%"
        return f"{share}（{self.numerator}/{self.denominator}）"

    def as_json(self) -> dict[str, object]:
        return {"numerator": self.numerator, "denominator": self.denominator, "percent": self.percent}


@dataclass(slots=True)
class Unit:
    """One thing in a denominator; ``counts`` puts it into the numerator too. Texts are "" where they say nothing."""

    indicator: str
    district: str
    town: str
    provider: str
    institution: str
    number: str
    counts: bool
    note: str


GROUPS: dict[str, Callable[[Unit], str]] = {
    "district": lambda unit: unit.district,
    "town": lambda unit: f"{unit.district} {unit.town}",
    "provider": lambda unit: unit.provider,
}


def rates(units: Iterable[Unit], by: str) -> dict[str, dict[str, Rate]]:
    """Rates by group and indicator; the group "" holds all units. A unit without a group is only in "" (see GROUPS)."""
    group_of = GROUPS[by]
    counted: dict[str, dict[str, list[int]]] = {"": {key: [0, 0] for key in INDICATORS}}
    for (group, indicator, counts), number in Counter((group_of(u), u.indicator, u.counts) for u in units).items():
        for name in {"", group} if group.strip() else {""}:
            if name not in counted:
                counted[name] = {key: [0, 0] for key in INDICATORS}
            pair = counted[name][indicator]
            pair[0] += number * counts
            pair[1] += number
    return {group: {key: Rate(*pair) for key, pair in pairs.items()} for group, pairs in counted.items()}
