"""yiyu report more: what plugins report, shown as every listing is."""

from pathlib import Path
from typing import Any

import click

from yiyu.docgen.library.opening import office_of
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, as_of, listing, scoped
from yiyu.registry.commands.show import ListColumn, show
from yiyu.registry.plugins import REPORTS, plugins_in_use
from yiyu.registry.reports.plugin_reports import plugin_report, plugin_reports, report_rows

LISTED = (ListColumn("name", "名称", 16), ListColumn("title", "报表", 30), ListColumn("plugin", "来自", 24))


def _offered(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    return [name for name in plugins_in_use.get().named(REPORTS) if name.startswith(incomplete)]


@click.command("more")
@click.argument("name", type=TEXT, default="", metavar="[NAME]", shell_complete=_offered)
@click.option("--period", type=TEXT, default="", metavar="2026Q4", help="时段（默认本季度）")
@scoped
@as_of
@listing
@pass_invocation
def more(invocation: Invocation, name: str, period: str, as_of: Any, as_json: bool, xlsx: Path | None) -> None:
    """插件的报表：写名称就出那一张，不写就列出有哪些。"""
    if not name:
        return show("插件的报表", LISTED, _listed(), as_json=as_json, xlsx=xlsx)
    entry, report = plugin_report(name)
    with invocation.office(as_of) as office:
        rows = report_rows(office_of(office), entry, report, period)
    columns = [ListColumn(key, heading, 16) for key, heading in report.columns.items()]
    return show(report.title, columns, rows, as_json=as_json, xlsx=xlsx)


def _listed() -> list[dict[str, str]]:
    every = plugin_reports().items()
    return [{"name": name, "title": one.title, "plugin": str(entry.plugin)} for name, (entry, one) in every]
