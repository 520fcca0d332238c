"""Geometry of the bar chart: where each bar, label and line stands. ``chart.html.j2`` draws it as SVG.

Bars differ by lightness and hatching and carry their values, so that a grey print is enough.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from yiyu.docgen.board.model import Share

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


def short_number(value: float) -> str:
    """At most one decimal: 12.5, 12."""
    return f"{value:.1f}".removesuffix(".0")
