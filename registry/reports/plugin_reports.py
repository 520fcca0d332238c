"""Reports of plugins: a title, columns, and a function that gives the rows of an office; listed and run in one way.

What a plugin gives is checked here, so that what is shown of it is as sound as a report of ours.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Protocol, runtime_checkable

from yiyu.registry.duties.listing import period_named
from yiyu.registry.errors import NotFound
from yiyu.registry.plugins import REPORTS, OfferFault, PluginEntry, blamed, plugins_in_use
from yiyu.registry.rules.duties import Period


@runtime_checkable
class PluginReport(Protocol):
    """What an entry point of ``yiyu.reports`` leads to: a module or an object with these three."""

    title: str
    """In Chinese, as it stands over the table."""
    columns: Mapping[str, str]
    """Key in the rows and in JSON, to the heading people read."""

    def rows(self, office: Any, period: Period, /) -> Iterable[Mapping[str, Any]]:  # noqa: ANN401 - a yiyu.Office
        """The rows, as of ``office.today``; each has every key of ``columns``."""


def plugin_reports() -> dict[str, tuple[PluginEntry, PluginReport]]:
    """Name to the plugin and its report, of all that can be used."""
    plugins = plugins_in_use.get()
    loaded = ((name, entry, plugins.load(entry, _report)) for name, entry in plugins.named(REPORTS).items())
    return {name: (entry, report) for name, entry, report in loaded if report}


def plugin_report(name: str) -> tuple[PluginEntry, PluginReport]:
    """The report of that name. Raises NotFound for one that no plugin has, or that cannot be used."""
    plugins = plugins_in_use.get()
    entry = plugins.named(REPORTS).get(name)
    report = plugins.load(entry, _report) if entry else None
    if entry is None or report is None:
        known = "、".join(plugin_reports())
        remedy = f"现有：{known}" if known else "插件怎样装，见手册“插件”一页"
        raise NotFound(f"没有插件的报表“{name}”", remedy=remedy)
    return entry, report


class OfDay(Protocol):
    """What a plugin is given of an office says at least as of which day; the room of paper knows the rest."""

    @property
    def today(self) -> dt.date: ...


def report_rows(office: OfDay, entry: PluginEntry, report: PluginReport, period: str = "") -> list[dict[str, Any]]:
    """The rows of a plugin's report with the keys of its columns, in their order.

    ``office``: a :class:`yiyu.Office`, as the plugin gets it. ``period``: as people write it, "" for the quarter of the day asked for. Raises BadInput for one nobody can read, PluginFailure where the
    plugin fails or a row lacks a key.
    """
    asked = period_named(period or f"{office.today.year}Q{(office.today.month + 2) // 3}")
    with blamed(entry):
        return [{key: row[key] for key in report.columns} for row in report.rows(office, asked)]


def _report(value: object) -> PluginReport:
    if not isinstance(value, PluginReport) or not isinstance(value.title, str) or not callable(value.rows):
        raise OfferFault("应有 title（名称）、columns（列）和 rows（给出各行的函数）")
    named = isinstance(value.columns, Mapping) and value.columns
    if not named or not all(isinstance(text, str) for pair in value.columns.items() for text in pair):
        raise OfferFault("columns 应写各列的键和列名，都是文字")
    return value
