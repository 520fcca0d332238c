"""Every indicator, defined once: what is divided by what, who answers for it, what is left out, over which days.

Rates, board, 年度报告, 通报, the listings and the manual read this table; what a unit of each is, counts
:mod:`yiyu.registry.reports.counting`. Formulas are ours unless ``source`` names a notice (domain.md#rates).
"""

from dataclasses import dataclass
from typing import Literal

Per = Literal["day", "period", "year"]
"""As of the day; within the period asked for, up to the day; within the year of the period, up to the day."""
PER_LABEL: dict[Per, str] = {"day": "截至当日", "period": "本期", "year": "本年"}


@dataclass(frozen=True, slots=True)
class Indicator:
    """A share: ``numerator`` of ``denominator``, counted in ``unit``; ``responsible`` answers for what is missing."""

    key: str
    title: str
    numerator: str
    denominator: str
    unit: str
    responsible: str
    per: Per
    excluded: str = ""
    source: str = "本程序"

    @property
    def about(self) -> str:
        """What is divided by what, in one clause."""
        return f"{self.denominator}中，{self.numerator}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that comes from elsewhere, or is computed where the registry holds its parts.

    ``goals``: what the keys of its targets in a pack begin with; "" where no pack has any.
    """

    key: str
    title: str
    unit: str
    goals: str = ""
    source: str = ""
    computed: str = ""
    """What the registry computes it from, where it holds the parts."""


_CLOSED, _OUTSIDE = "已停办、已并入其他机构的", "免除的、按规定不计的、到当日还没有开始的"
INDICATORS = {
    one.key: one
    for one in (
        Indicator(
            "signed", "签约率（备案机构）", "当日有有效协议的", "已备案托育机构", "家", "基层医疗卫生机构、妇幼保健院",
            "day", _CLOSED, "S0 一、二（一）",
        ),
        Indicator("signed_all", "签约率（全部机构）", "当日有有效协议的", "全部托育机构", "家", "基层医疗卫生机构、妇幼保健院", "day", _CLOSED),
        Indicator("both", "双签率", "基层和妇幼协议都有效的", "已备案托育机构", "家", "基层医疗卫生机构、妇幼保健院", "day", _CLOSED),
        Indicator("participation", "基层参与率", "至少有一份有效协议的", "基层医疗卫生机构", "家", "基层医疗卫生机构", "day", _CLOSED),
        Indicator("filed", "备案率", "当日已备案的", "全部托育机构", "家", "托育机构", "day", _CLOSED),
        Indicator(
            "visits", "履约率（上门）", "已完成的", "本期应上门指导的次数", "次", "协议甲方", "period", _OUTSIDE, "S0 二（一）"
        ),
        Indicator(
            "training", "培训覆盖率", "已培训的", "本年应培训的签约备案机构", "家", "妇幼保健院", "year", _OUTSIDE, "S0 二（一）"
        ),
        Indicator("duties", "履约率（全部事项）", "已完成的", "本期全部应履约事项", "项", "承担单位", "period", _OUTSIDE),
        Indicator("archived", "归档率", "扫描件已校验归档的", "各方已签的协议", "份", "协议甲方", "day", "作废的"),
        Indicator(
            "renewed", "到期续签率", "到期日以前各方已签下一份的", "本期到期的协议", "份", "协议甲方", "period", "作废、解除的"
        ),
        Indicator("rectified", "问题整改率", "已复查整改的", "本期发现的问题", "项", "托育机构", "period", "活动已作废的、机构反映的困难问题"),
    )
}  # fmt: skip
"""By key, in the order of every listing. The denominator is always stated."""

FIGURES = {
    one.key: one
    for one in (
        Figure("tcm", "0—3岁婴幼儿中医药健康管理率", "%", "tcm", "S0 二（三）"),
        Figure(
            "records",
            "电子健康档案建档率",
            "%",
            "",
            "S0 二（一）",
            "累计新建档案数 / 在托数（两者都已登记的机构；一家的档案数超过在托数的，按在托数计）",
        ),
        Figure("health", "婴幼儿健康管理率", "%", "health_management", "S4 三（三）"),
        Figure("screening", "0—3岁儿童发育监测筛查率", "%", "screening", "S4 二"),
        Figure("coverage", "城市社区托育服务覆盖率", "%", "community_cover", "S2 一"),
        Figure("knowledge", "家长科学育儿知识普及率", "%", "parenting_knowledge", "S2 一"),
        Figure("certified", "从业人员持证率", "%", "certified_staff", "S4 二"),
        Figure("places", "每千人口托位数", "个", "places", "S2 一"),
        Figure(
            "inclusive",
            "普惠托位占比",
            "%",
            "inclusive_places",
            "S2 一",
            "普惠机构的托位数 / 托位数（两者都已登记的机构）",
        ),
        Figure("hospital", "二级以上公立医疗机构办托", "所", "hospital_childcare", "S0 一"),
    )
}
"""By key, in the order of every listing (domain.md#rates)."""
