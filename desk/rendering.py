"""Pages out of templates: Jinja2 with every value escaped; the texts of a page are as the command line says them."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from yiyu.registry.commands.show import cell

_TEMPLATES = Path(__file__).parent / "templates"
_SHORT = 10
"""Characters of a cell that stand in one line."""


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"cell": cell, "day": _day, "moment": _moment, "fit": _fit}
    return environment


def rendered(template: str, values: Mapping[str, object]) -> str:
    """The HTML of a template of ``desk/templates``; a value it asks for and does not get is an error of ours."""
    return _environment().get_template(template).render(values)


def _day(value: dt.date | str | None) -> str:
    """2026年3月1日, as people write it; "—" where there is none."""
    if not value:
        return "—"
    day = value if isinstance(value, dt.date) else dt.date.fromisoformat(value[:10])
    return f"{day.year}年{day.month}月{day.day}日"


def _moment(value: str) -> str:
    """An ISO time to the minute."""
    return value[:16].replace("T", " ")


def _fit(value: object) -> str:
    """The class of a table cell: "short" for a number, day or word or two, which looks torn when it goes on in a second line."""
    text = cell(value)
    return "short" if len(text) <= _SHORT or (text.isascii() and len(text) <= 2 * _SHORT) else ""
