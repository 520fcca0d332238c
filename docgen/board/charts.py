"""Geometry of the charts: where each bar, dot, label and line stands. ``chart.html.j2`` draws them as SVG.

Bars differ by lightness and hatching and carry their values, so that a grey print is enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from yiyu.docgen.board.model import Share, Trend

BAR_HEIGHT = 15
_BETWEEN_BARS, _BETWEEN_PAIRS, _BEFORE_TOTAL = 3, 15, 10
_TOP = 26
"""Room for the legend."""
_CHARACTER = 14.5
"""Width of a Chinese character of the labels."""
_VALUE = 125
"""Room for the value behind a full bar: 100.0% 12345/12345."""
_WIDE, _NARROW = 1140, 358


class PairOfShares(NamedTuple):
    """Two shares of one group, one bar each."""

    name: str
    first: Share
    second: Share


class Bar(NamedTuple):
    """``style`` is the CSS class, ``title`` the name of the share."""

    style: Literal["first", "second"]
    title: str
    share: Share
    top: float
    length: float


class BarPair(NamedTuple):
    name: str
    top: float
    bars: tuple[Bar, Bar]


class LegendKey(NamedTuple):
    style: Literal["first", "second"]
    title: str
    x: float


@dataclass(frozen=True, slots=True)
class Chart:
    """On a wide page labels stand beside their bars, on a narrow one above them; ``left`` is where bars begin.

    ``separator`` is the height of the line above the total, ``grid`` the places of 0, 25, 50, 75 and 100 %.
    """

    wide: bool
    left: float
    width: int
    height: int
    legend: tuple[LegendKey, LegendKey]
    grid: tuple[float, ...]
    pairs: tuple[BarPair, ...]
    separator: int
    total: BarPair


def paired_bars(rows: Sequence[PairOfShares], total: PairOfShares, titles: tuple[str, str], *, wide: bool) -> Chart:
    """Horizontal bars, two a group on a scale of 0 to 100 %, the total last and set apart."""
    width = _WIDE if wide else _NARROW
    left = max(len(row.name) for row in (*rows, total)) * _CHARACTER + 10 if wide else 0.0
    label_above = 0 if wide else 20
    percent = (width - left - _VALUE) / 100
    step = label_above + 2 * BAR_HEIGHT + _BETWEEN_BARS + _BETWEEN_PAIRS
    separator = _TOP + len(rows) * step

    def pair(row: PairOfShares, top: int) -> BarPair:
        upper, lower = top + label_above, top + label_above + BAR_HEIGHT + _BETWEEN_BARS
        first = Bar("first", titles[0], row.first, upper, (row.first.percent or 0) * percent)
        second = Bar("second", titles[1], row.second, lower, (row.second.percent or 0) * percent)
        return BarPair(row.name, top, (first, second))

    return Chart(
        wide=wide,
        left=left,
        width=width,
        height=separator + _BEFORE_TOTAL + step,
        legend=(
            LegendKey("first", titles[0], left),
            LegendKey("second", titles[1], left + 44 + len(titles[0]) * 13),
        ),
        grid=tuple(left + share * percent for share in (0, 25, 50, 75, 100)),
        pairs=tuple(pair(row, _TOP + order * step) for order, row in enumerate(rows)),
        separator=separator,
        total=pair(total, separator + _BEFORE_TOTAL),
    )


_TREND_WIDTH, _TREND_TOP, _TREND_SCALE = 264, 24, 76
"""Width of a small chart, where its 100 % stands, and how far below it 0 % is."""
_ABOVE, _BELOW = -10, 18


class TrendMark(NamedTuple):
    """A value as a dot; its label stands at ``label_y``, "" where it would only repeat the other."""

    x: float
    y: float
    label: str
    label_y: float


@dataclass(frozen=True, slots=True)
class TrendChart:
    """One indicator over the quarters: ``now`` is drawn as a line, ``issued`` as rings; ``grid`` are 0, 50 and 100 %."""

    title: str
    width: int
    height: int
    grid: tuple[float, ...]
    ticks: tuple[tuple[float, str], ...]
    now: tuple[TrendMark, ...]
    issued: tuple[TrendMark, ...]
    told: str


def trend_lines(trend: Trend) -> TrendChart:
    """A small chart on a scale of 0 to 100 %; a quarter with nothing to divide by has no dot."""
    step = _TREND_WIDTH / len(trend.points)
    now, issued, told = [], [], []
    for order, point in enumerate(trend.points):
        x, then = (order + 0.5) * step, point.issued
        current, before = point.now.percent, then.percent if then else None
        differs = None not in (current, before) and current != before
        over = differs and (before or 0) > (current or 0)
        if current is not None:
            y = _trend_y(current)
            now.append(TrendMark(x, y, point.now.text, y + (_BELOW if over else _ABOVE)))
        if then is not None and before is not None:
            y = _trend_y(before)
            label = then.text if differs or current is None else ""
            issued.append(TrendMark(x, y, label, y + (_ABOVE if over or current is None else _BELOW)))
        said = f"，印发 {then.text}（{then.part}/{then.whole}）" if then else ""
        told.append(f"{point.label} {point.now.text}（{point.now.part}/{point.now.whole}）{said}")
    return TrendChart(
        title=trend.title,
        width=_TREND_WIDTH,
        height=_TREND_TOP + _TREND_SCALE + 38,
        grid=tuple(map(_trend_y, (0, 50, 100))),
        ticks=tuple(((order + 0.5) * step, point.label) for order, point in enumerate(trend.points)),
        now=tuple(now),
        issued=tuple(issued),
        told="；".join(told),
    )


def _trend_y(percent: float) -> float:
    return _TREND_TOP + (100 - percent) * _TREND_SCALE / 100


def short_number(value: float) -> str:
    """At most one decimal: 12.5, 12."""
    return f"{value:.1f}".removesuffix(".0")
