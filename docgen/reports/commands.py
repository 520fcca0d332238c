"""yiyu report board, and the Word files of the group (report_documents)."""

import datetime as dt
from pathlib import Path

import click

from yiyu.docgen.reports.board import make_board
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, as_of
from yiyu.registry.commands.outputs import HTML
from yiyu.registry.commands.show import say


@click.command("board")
@click.option("--html", type=HTML, metavar="FILE", required=True, help="写成这个 HTML 文件，双击即可打开")
@click.option("--period", type=TEXT, metavar="2026Q4", help="上门和履约按这一时段（默认本季度）")
@as_of
@pass_invocation
def board(invocation: Invocation, /, html: Path, period: str | None, as_of: dt.date | None) -> None:
    """管理看板：一个自带数据的网页，可查、可排序、可打印，每个数都能点开。"""
    with invocation.office(as_of) as office:
        result = make_board(office, html, period=period)
    say(f"已保存 {result.path}（{result.size / 1024:,.0f} KB），双击即可打开")
    say("　".join(f"{title} {rows}" for title, rows in result.lists))
