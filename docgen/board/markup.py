"""Texts into HTML and data into a script element, so that neither can break out of its place."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from html import escape

from yiyu.docgen.board.model import Cell, Table

_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


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


def script_data(tables: Sequence[Table]) -> str:
    """Tables as JSON that may stand inside a script element: no ``<`` is left in it.

    Columns of numbers as they are, the others as places in ``texts``: names recur in thousands of rows.
    """
    texts: dict[str, int] = {}
    written = {one.key: _written(one, texts) for one in tables}
    data = {"tables": written, "texts": list(texts)}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)


def _written(one: Table, texts: dict[str, int]) -> dict[str, object]:
    cells = [
        list(column) if heading.number else [texts.setdefault(str(cell), len(texts)) for cell in column]
        for heading, column in zip(one.columns, _columns(one), strict=True)
    ]
    return {
        "title": one.title,
        "about": one.about,
        "empty": one.empty,
        "columns": [[column.heading, int(column.number)] for column in one.columns],
        "size": len(one.rows),
        "cells": cells,
    }


def _columns(one: Table) -> Sequence[Sequence[Cell]]:
    return list(zip(*one.rows, strict=True)) if one.rows else [()] * len(one.columns)


def csp_hash(content: str) -> str:
    """What a Content-Security-Policy calls an inline script or style of exactly these characters (CSP3, 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
