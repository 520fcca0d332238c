"""Charts as SVG: bars told apart by lightness and hatching, values printed on them, so that grey paper is enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from yiyu.docgen.board.markup import tag, text
from yiyu.docgen.board.model import Share

_BAR, _BETWEEN, _TOP = 15, 3, 26
_CHARACTER = 14.5
"""Width of a Chinese character of the labels."""
_VALUE = 125
"""Room for the value behind a full bar: 100.0% 12345/12345."""


class BarPair(NamedTuple):
    """Two shares of one group, one bar each."""

    name: str
    first: Share
    second: Share


@dataclass(frozen=True, slots=True)
class _Layout:
    """On a wide page labels stand beside their bars, on a narrow one above them; ``left`` is where bars begin."""

    wide: bool
    left: float

    @property
    def width(self) -> int:
        return 1140 if self.wide else 358

    @property
    def percent(self) -> float:
        return (self.width - self.left - _VALUE) / 100

    @property
    def above(self) -> int:
        return 0 if self.wide else 20

    @property
    def step(self) -> int:
        return self.above + 2 * _BAR + _BETWEEN + 15

    @property
    def hatch(self) -> str:
        return "hatch-wide" if self.wide else "hatch-narrow"

    def fill(self, style: str) -> str | None:
        return f"url(#{self.hatch})" if style == "second" else None


def paired_bars(rows: Sequence[BarPair], total: BarPair, titles: tuple[str, str], *, wide: bool) -> str:
    """Horizontal bars, two a group on a scale of 0 to 100 %, the total last and set apart."""
    every = [*rows, total]
    at = _Layout(wide, max(len(row.name) for row in every) * _CHARACTER + 10 if wide else 0.0)
    apart = 10
    height = _TOP + at.step * len(every) + apart
    bars = [_pair(row, titles, _TOP + order * at.step, at) for order, row in enumerate(rows)]
    below = _TOP + len(rows) * at.step
    line = tag("line", x1=0, x2=at.width, y1=below, y2=below)
    bars.append(tag("g", line + _pair(total, titles, below + apart, at), class_="total"))
    name = f"{titles[0]}与{titles[1]}"
    said = tag("title", text(name)) + tag("desc", text("；".join(_said(row, titles) for row in every)))
    parts = [said, _hatch(at), _legend(titles, at), _grid(at, below - 8), *bars]
    return tag(
        "svg", "".join(parts), class_="chart wide" if wide else "chart narrow", viewBox=f"0 0 {at.width} {height}",
        width=at.width, height=height, role="img", aria_label=name,
    )  # fmt: skip


def meter(*bars: tuple[str, float]) -> str:
    """Thin bars over each other on one track, each a style and its percent; the number stands beside them."""
    rects = [tag("rect", class_=style, width=_short(percent), height=6) for style, percent in (("track", 100), *bars)]
    return tag(
        "svg", "".join(rects), class_="meter", viewBox="0 0 100 6", preserveAspectRatio="none", aria_hidden="true"
    )


def _said(row: BarPair, titles: tuple[str, str]) -> str:
    return f"{row.name}{titles[0]}{_value(row.first)}、{titles[1]}{_value(row.second)}"


def _value(share: Share) -> str:
    return f"{share.text}（{share.part}/{share.whole}）"


def _pair(row: BarPair, titles: tuple[str, str], top: float, at: _Layout) -> str:
    place = {"x": _short(at.left - 10), "y": top + _BAR + 6, "text_anchor": "end"} if at.wide else {"y": top + 13}
    label = tag("text", text(row.name), class_="label", **place)
    first = _bar(row, titles[0], row.first, "first", top + at.above, at)
    return label + first + _bar(row, titles[1], row.second, "second", top + at.above + _BAR + _BETWEEN, at)


def _bar(row: BarPair, title: str, share: Share, style: str, top: float, at: _Layout) -> str:
    length = (share.percent or 0) * at.percent
    said = tag("title", text(f"{row.name} {title} {_value(share)}"))
    place = {"x": _short(at.left), "y": top, "width": _short(length), "height": _BAR}
    rect = tag("rect", class_=style, fill=at.fill(style), **place) if length else ""
    value = tag("tspan", text(share.text), class_="percent") + tag("tspan", f"{share.part}/{share.whole}", dx=6)
    return tag("g", said + rect + tag("text", value, class_="value", x=_short(at.left + length + 6), y=top + 12))


def _grid(at: _Layout, bottom: float) -> str:
    places = [_short(at.left + percent * at.percent) for percent in (0, 25, 50, 75, 100)]
    return tag("g", "".join(tag("line", x1=x, x2=x, y1=_TOP - 4, y2=bottom) for x in places), class_="grid")


def _legend(titles: tuple[str, str], at: _Layout) -> str:
    parts, x = [], at.left
    for title, style in zip(titles, ("first", "second"), strict=True):
        parts.append(tag("rect", class_=style, fill=at.fill(style), x=_short(x), y=2, width=16, height=11))
        parts.append(tag("text", text(title), class_="key", x=_short(x + 22), y=12))
        x += 44 + len(title) * 13
    return tag("g", "".join(parts))


def _hatch(at: _Layout) -> str:
    """Dark strokes on light ground: unlike the solid bar even without colour."""
    ground = tag("rect", class_="ground", width=6, height=6)
    stroke = tag("line", class_="stroke", y2=6)
    pattern = tag(
        "pattern", ground + stroke, id=at.hatch, width=6, height=6, patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )  # fmt: skip
    return tag("defs", pattern)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
