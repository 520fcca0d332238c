"""Charts as SVG: bars told apart by lightness and hatching, values printed on them, so that grey paper is enough."""

from collections.abc import Sequence
from typing import NamedTuple

from yiyu.docgen.board.markup import tag, text
from yiyu.docgen.board.model import Share

_BAR, _GAP = 15, 3
_CHARACTER = 14.5
"""Width of a Chinese character of the labels."""
_VALUE = 120
"""Room for a value behind a full bar: 100.0%　1234/1234."""


class Pair(NamedTuple):
    """Two shares of one group, one bar each."""

    name: str
    first: Share
    second: Share


def paired_bars(rows: Sequence[Pair], titles: tuple[str, str], *, wide: bool) -> str:
    """Horizontal bars, two a group on a scale of 0 to 100 %: the label beside them if ``wide``, else above."""
    left = max(4.0, *(len(row.name) for row in rows)) * _CHARACTER + 10 if wide else 0.0
    above = 0 if wide else 20
    width = 760 if wide else 358
    scale = (width - left - _VALUE) / 100
    step = above + 2 * _BAR + _GAP + (18 if wide else 14)
    top = 26
    height = top + step * len(rows)
    parts = [_hatch(wide=wide), _legend(left, titles, wide=wide)]
    parts += [_grid(left, scale, top - 4, height - 8)]
    for order, row in enumerate(rows):
        parts.append(_pair(row, titles, left, top + order * step, above, scale, wide=wide))
    name = f"{titles[0]}与{titles[1]}"
    said = "；".join(
        f"{row.name}{titles[0]}{row.first.text}（{row.first.part}/{row.first.whole}）、"
        f"{titles[1]}{row.second.text}（{row.second.part}/{row.second.whole}）"
        for row in rows
    )
    return tag(
        "svg", tag("title", text(name)) + tag("desc", text(said)) + "".join(parts),
        class_="chart wide" if wide else "chart narrow", viewBox=f"0 0 {width} {height}", role="img",
        aria_label=name, width=width, height=height,
    )  # fmt: skip


def meter(share: Share, *, hatched: bool) -> str:
    """A thin bar of one share; says nothing by itself, the number stands beside it."""
    filled = 0.0 if share.percent is None else share.percent
    parts = [
        tag("rect", class_="track", x=0, y=0, width=100, height=6),
        tag("rect", class_="second" if hatched else "first", x=0, y=0, width=_short(filled), height=6),
    ]
    return tag(
        "svg", "".join(parts), class_="meter", viewBox="0 0 100 6", preserveAspectRatio="none", aria_hidden="true"
    )


def _pair(
    row: Pair, titles: tuple[str, str], left: float, top: float, above: int, scale: float, *, wide: bool
) -> str:
    label = (
        tag("text", text(row.name), class_="label", x=_short(left - 10), y=top + _BAR + 6, text_anchor="end")
        if wide
        else tag("text", text(row.name), class_="label", x=0, y=top + 13)
    )
    bars = [
        _bar(share, title, style, left, top + above + order * (_BAR + _GAP), scale, row.name, wide=wide)
        for order, (share, title, style) in enumerate(
            ((row.first, titles[0], "first"), (row.second, titles[1], "second"))
        )
    ]
    return tag("g", label + "".join(bars))


def _bar(
    share: Share, title: str, style: str, left: float, top: float, scale: float, name: str, *, wide: bool
) -> str:
    length = (share.percent or 0) * scale
    value = tag("tspan", text(share.text), class_="percent") + tag("tspan", f"{share.part}/{share.whole}", dx=6)
    fill = "url(#hatch-wide)" if wide else "url(#hatch-narrow)"
    rect = tag(
        "rect", class_=style, x=_short(left), y=top, width=_short(length), height=_BAR,
        fill=fill if style == "second" else None,
    )  # fmt: skip
    said = tag("title", text(f"{name} {title} {share.text}（{share.part}/{share.whole}）"))
    return tag(
        "g", said + (rect if length else "") + tag("text", value, class_="value", x=_short(left + length + 6), y=top + 12)
    )


def _grid(left: float, scale: float, top: float, bottom: float) -> str:
    lines = [
        tag("line", x1=_short(left + at * scale), x2=_short(left + at * scale), y1=top, y2=_short(bottom))
        for at in (0, 25, 50, 75, 100)
    ]
    return tag("g", "".join(lines), class_="grid")


def _legend(left: float, titles: tuple[str, str], *, wide: bool) -> str:
    parts, x = [], left
    for title, style in zip(titles, ("first", "second"), strict=True):
        fill = None if style == "first" else "url(#hatch-wide)" if wide else "url(#hatch-narrow)"
        parts.append(tag("rect", class_=style, x=_short(x), y=2, width=16, height=11, fill=fill))
        parts.append(tag("text", text(title), class_="key", x=_short(x + 22), y=12))
        x += 22 + len(title) * 13 + 22
    return tag("g", "".join(parts))


def _hatch(*, wide: bool) -> str:
    """Dark strokes on light ground: unlike the solid bar even without colour."""
    name = "hatch-wide" if wide else "hatch-narrow"
    ground = tag("rect", class_="ground", width=6, height=6)
    stroke = tag("line", class_="stroke", x1=0, y1=0, x2=0, y2=6)
    pattern = tag(
        "pattern", ground + stroke, id=name, width=6, height=6, patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )  # fmt: skip
    return tag("defs", pattern)


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
