"""Texts into HTML and data into a script element, so that neither can break out of its place."""

import base64
import hashlib
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from html import escape

from yiyu.docgen.board.model import BoardTable, Cell

_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def attributes(values: Mapping[str, object]) -> str:
    """Attributes with a leading space; ``True`` stands alone, ``False`` and ``None`` are left out, ``_`` is ``-``."""
    return "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value))}"')
        for name, value in values.items()
        if value is not None and value is not False
    )


def tag(name: str, content: str = "", /, **values: object) -> str:
    """An element. ``content`` is markup already; give texts through :func:`text`."""
    return f"<{name}{attributes(values)}>{content}</{name}>"


def text(value: object) -> str:
    return escape(str(value))


def script_data(tables: Sequence[BoardTable], encode: Callable[[object], str]) -> str:
    """Tables as JSON that may stand inside a script element: no ``<`` is left in it.

    Columns of numbers as they are, the others as places in ``texts``: names recur in thousands of rows. ``encode``
    makes JSON of plain data.
    """
    # A text asked for the first time gets the next place; without a call for each of a million cells.
    texts: defaultdict[Cell, int] = defaultdict()
    texts.default_factory = texts.__len__
    written = {one.key: _written(one, texts) for one in tables}
    data = encode({"tables": written, "texts": list(map(str, texts))})
    for sign, escaped in _UNSAFE.items():
        data = data.replace(sign, escaped)
    return data


def _written(one: BoardTable, texts: Mapping[Cell, int]) -> dict[str, object]:
    cells = [
        column if heading.kind == "count" else list(map(texts.__getitem__, column))
        for heading, column in zip(one.columns, _columns(one), strict=True)
    ]
    return {
        "title": one.title,
        "about": one.about,
        "empty": one.empty,
        "columns": one.columns,
        "size": len(one.rows),
        "cells": cells,
    }


def _columns(one: BoardTable) -> Sequence[Sequence[Cell]]:
    return list(zip(*one.rows, strict=True)) if one.rows else [()] * len(one.columns)


def csp_hash(content: str) -> str:
    """What a Content-Security-Policy calls an inline script or style of exactly these characters (CSP3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
