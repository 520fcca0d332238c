"""Write docs/site/indicators.md: every indicator as the program counts it.

Run from the root: ``python docs/indicators.py``. A test compares the page with the program.
"""

from pathlib import Path

from yiyu.registry.rules.indicators import FIGURES, INDICATORS, PER_LABEL

PAGE = Path(__file__).parent / "site" / "indicators.md"
HEAD = """# 指标一览

每个指标只有一个定义；率、看板、年度报告、通报、`report rates --rows` 用的都是它。每个率都同时给出分子和分母；分母为 0 时没有率，写“—”。
时段的起止两天都算在内；问过去的一天时，用现在知道的、与那天及以前有关的全部记录（更正、作废、免除都算）；
`--known-on 日期` 只用到那天为止录入的记录。本页由 `python docs/indicators.py` 从程序生成，请勿手改。
"""
FIGURES_HEAD = """## 数值

登记库里有分子分母的由程序计算；其余用 `yiyu report enter` 填报并写明出处，没有人填的写“未填”，不等于 0。两者都有时同时列出。
"""


def page() -> str:
    lines = [
        HEAD,
        "## 率",
        "",
        "| 代号 | 指标 | 分母 | 分子 | 计数 | 时间 | 不计入 | 责任单位 | 依据 |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in INDICATORS.values():
        cells = (
            f"`{one.key}`", one.title, one.denominator, one.numerator, one.unit, PER_LABEL[one.per], one.excluded,
            one.responsible, one.source,
        )  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    lines += ["", FIGURES_HEAD, "| 代号 | 指标 | 单位 | 计算 | 依据 |", "|---|---|---|---|---|"]
    lines += [
        f"| `{one.key}` | {one.title} | {one.unit} | {one.computed or '填报'} | {one.source} |"
        for one in FIGURES.values()
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
