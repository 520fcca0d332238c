"""The board as one self-contained HTML document, rendered by Jinja2 from ``board.html.j2``.

The page holds its style, script and data, and a policy (CSP) by which the browser may load nothing else.
"""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from yiyu.docgen.board.charts import BAR_HEIGHT, PairOfShares, paired_bars, short_number, trend_lines
from yiyu.docgen.board.model import RATE, Board, BoardTable, Cell, Measure, RateGroup, Share
from yiyu.docgen.board.words import calendar_lead, figures_note, headline, source_numbers, trend_lead

STATIC_ROWS = 30
"""Rows of a list that stand in the page itself: what is shown without script."""
_SIGNED, _VISITS = "signed", "visits"
"""签约率 beside 履约率: a rate of signatures says nothing without the rate of visits done."""
_WIDER = {_SIGNED: "signed_all", _VISITS: "duties"}
"""The same question of a wider denominator."""


class LargeRate(NamedTuple):
    """A rate of the headline, and below it the one of the wider denominator; ``style`` is the CSS class of its bar."""

    measure: Measure
    share: Share
    style: Literal["first", "second"]
    wider: Measure
    wider_share: Share


def page(board: Board, *, assets: Mapping[str, str], encode: Callable[[object], str]) -> str:
    """One HTML document. ``assets`` holds this folder's templates, style.css and script.js by name; ``encode`` makes JSON."""
    # Imported here: the commands beside the board do not need it.
    from jinja2 import DictLoader, Environment, StrictUndefined

    environment = Environment(
        loader=DictLoader(dict(assets)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["short"] = short_number
    environment.globals |= {"RATE": RATE, "STATIC_ROWS": STATIC_ROWS, "BAR_HEIGHT": BAR_HEIGHT}
    environment.policies |= {"json.dumps_function": encode, "json.dumps_kwargs": {}}
    style, script = assets["style.css"], assets["script.js"]
    policy = (
        f"default-src 'none'; img-src data:; style-src {csp_hash(style)}; script-src {csp_hash(script)};"
        " base-uri 'none'; form-action 'none'"
    )
    return environment.get_template("board.html.j2").render(
        policy=policy, style=style, script=script, board=board, **_views(board)
    )


def _views(board: Board) -> dict[str, object]:
    """What the template shows beside the board itself."""
    measures, shares = {measure.key: measure for measure in board.measures}, board.total.shares
    styles: tuple[tuple[str, Literal["first", "second"]], ...] = ((_SIGNED, "first"), (_VISITS, "second"))
    *pairs, total = [_pair(group) for group in (*board.groups, board.total)]
    titles = (measures[_SIGNED].title, measures[_VISITS].title)
    sources = source_numbers(board)
    return {
        "headline": headline(board, shares[_SIGNED], shares[_VISITS]),
        "large_rates": [
            LargeRate(measures[key], shares[key], style, measures[_WIDER[key]], shares[_WIDER[key]])
            for key, style in styles
        ],
        "small_rates": [measures[key] for key in measures if key not in _WIDER.keys() | set(_WIDER.values())],
        "charts": [paired_bars(pairs, total, titles, wide=wide) for wide in (True, False)],
        "trends": [trend_lines(one) for one in board.trends],
        "trend_lead": trend_lead(board),
        "calendar_lead": calendar_lead(board),
        "most_ending": max(1, *(month.ending for month in board.months)),
        "sources": sources,
        "figures_note": figures_note(board, sources),
        "data": columnar([*board.lists, board.ending, *board.units]),
    }


def _pair(group: RateGroup) -> PairOfShares:
    return PairOfShares(group.name, group.shares[_SIGNED], group.shares[_VISITS])


def columnar(tables: Sequence[BoardTable]) -> dict[str, object]:
    """Tables as ``script.js`` reads them: each column a list, its texts as places in ``texts``, its counts as they are.

    Each text is written once, for names recur in thousands of rows.
    """
    # A text asked for the first time gets the next place; without a call for each of a million cells.
    texts: defaultdict[Cell, int] = defaultdict()
    texts.default_factory = texts.__len__
    written = {table.key: _columns(table, texts) for table in tables}
    return {"tables": written, "texts": list(map(str, texts))}


def _columns(table: BoardTable, texts: Mapping[Cell, int]) -> dict[str, object]:
    columns: Sequence[Sequence[Cell]] = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.columns)
    return {
        "title": table.title,
        "about": table.about,
        "empty": table.empty,
        "columns": table.columns,
        "size": len(table.rows),
        "cells": [
            cells if column.kind == "count" else list(map(texts.__getitem__, cells))
            for column, cells in zip(table.columns, columns, strict=True)
        ],
    }


def csp_hash(content: str) -> str:
    """What a Content-Security-Policy calls an inline script or style of exactly these characters (CSP3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
