"""yiyu activity findings and recheck: 发现问题 → 整改 → 复查."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from yiyu.registry.activities.adding_commands import INSTITUTION
from yiyu.registry.activities.findings import STATE_LABEL, FindingRecord, findings, recheck
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import DATE, TEXT, as_of, dry_run, listing
from yiyu.registry.commands.show import ListColumn, say, show

FIELDS = (
    ListColumn("id", "问题号", 8),
    ListColumn("state_label", "状态", 10),
    ListColumn("problem", "发现问题", 30),
    ListColumn("demand", "整改要求", 24, brief=False),
    ListColumn("due_on", "期限", 12),
    ListColumn("rechecked_on", "复查日期", 12, brief=False),
    ListColumn("outcome", "复查结果", 24, brief=False),
    ListColumn("childcare", "托育机构", 26),
    ListColumn("medical", "医疗卫生机构", 26, brief=False),
    ListColumn("number", "活动", 14),
    ListColumn("on", "活动日期", 12, brief=False),
)


@click.command("findings")
@click.option("--open", "open_only", is_flag=True, help="只列还没复查的")
@click.option("--number", type=NUMBER, default="", metavar="NUMBER", help="只列这份协议的")
@INSTITUTION
@as_of
@listing
@pass_invocation
def findings_(
    invocation: Invocation, /, as_of: dt.date | None, as_json: bool, xlsx: Path | None, **wanted: Any
) -> None:
    """列出发现的问题：逾期未改的在前。"""
    with invocation.office(as_of) as office:
        rows = [row(one) for one in findings(office, **wanted)]
    show("发现问题与整改", FIELDS, rows, as_json=as_json, xlsx=xlsx)


@click.command("recheck")
@click.argument("finding_id", type=int, metavar="ID")
@click.option("--on", type=DATE, metavar="DATE", default=today, help="复查日期（默认今天）")
@click.option("--outcome", type=TEXT, required=True, metavar="TEXT", help="复查结果")
@click.option("--due", type=DATE, metavar="DATE", help="没有改好时另定的期限；写了就仍算待整改")
@dry_run
@pass_invocation
def recheck_(invocation: Invocation, /, finding_id: int, **options: Any) -> None:
    """登记一次复查：问题号见 activity findings。"""
    with invocation.office() as office:
        done = recheck(office, finding_id, **options)
    verb = "将登记" if options["dry_run"] else "已登记"
    say(f"{verb}复查：{done.finding.problem}（{done.listed.childcare}）→ {STATE_LABEL[done.state]}")


def row(one: FindingRecord) -> dict[str, object]:
    activity, finding = one.listed.activity, one.finding
    return {
        "id": finding.id,
        "state": one.state,
        "state_label": STATE_LABEL[one.state],
        "problem": finding.problem,
        "demand": finding.demand,
        "due_on": finding.due_on,
        "rechecked_on": finding.rechecked_on,
        "outcome": finding.outcome,
        "childcare": one.listed.childcare,
        "medical": one.listed.medical,
        "number": activity.number,
        "on": activity.on,
        "agreements": list(activity.agreements),
    }
