"""The page whole, rendered from ``board.html.j2``, with a policy by which it may ask nobody for anything."""

from collections.abc import Callable
from functools import lru_cache

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from yiyu.docgen.board.charts import BarPair, meter, paired_bars
from yiyu.docgen.board.markup import csp_hash, script_data
from yiyu.docgen.board.model import Board
from yiyu.docgen.board.words import LARGE, WIDER, sources_of, words_of

STATIC_ROWS = 30
"""Rows of a list that stand in the page itself: what is there without script."""
ENDING, RATE = "ending", "rate-"
"""The key of the calendar's table, and what keys of the tables behind rates begin with."""


def page(board: Board, *, template: str, style: str, script: str, encode: Callable[[object], str]) -> str:
    """One self-contained HTML document of the Jinja2 source ``template``.

    ``style`` and ``script`` stand in it as they are, ``encode`` makes JSON of plain data.
    """
    policy = (
        f"default-src 'none'; img-src data:; style-src {csp_hash(style)}; script-src {csp_hash(script)};"
        " base-uri 'none'; form-action 'none'"
    )
    sources = sources_of(board)
    return _compiled(template).render(
        board=board,
        known={measure.key: measure for measure in board.measures},
        words=words_of(board, sources),
        sources=sources,
        most=max(1, *(month.ending for month in board.months)),
        charts=_charts(board),
        policy=policy,
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        data=Markup(script_data([*board.lists, board.ending, *board.units], encode)),  # noqa: S704 - holds no "<"
    )


@lru_cache(maxsize=1)
def _compiled(source: str) -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.globals |= {
        "meter": lambda *bars: Markup(meter(*bars)),  # noqa: S704 - numbers and names of our own
        "LARGE": LARGE,
        "WIDER": WIDER,
        "SHOWN_LARGE": {*WIDER, *WIDER.values()},
        "RATE": RATE,
        "ENDING": ENDING,
        "STATIC_ROWS": STATIC_ROWS,
    }
    return environment.from_string(source)


def _charts(board: Board) -> Markup:
    first, second = LARGE
    titles = {measure.key: measure.title for measure in board.measures}
    *rows, total = [BarPair(one.name, one.shares[first], one.shares[second]) for one in (*board.groups, board.total)]
    both = (titles[first], titles[second])
    drawn = paired_bars(rows, total, both, wide=True) + paired_bars(rows, total, both, wide=False)
    return Markup(drawn)  # noqa: S704 - its texts are escaped where they enter
