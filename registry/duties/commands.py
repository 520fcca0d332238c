"""yiyu duty list, waive, plan."""

import datetime as dt
from collections import Counter
from pathlib import Path

import click

from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, WordChoice, as_of, dry_run, listing, scoped
from yiyu.registry.commands.show import ListColumn, say, show
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.duties.planning import PER_DAY, Visit, plan_visits
from yiyu.registry.duties.planning import waive as waive_duty
from yiyu.registry.model import VARIANT_LABEL
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.duties import STATE_LABEL, DutyRow

FIELDS = (
    ListColumn("title", "事项", 26),
    ListColumn("duty", "事项代码", 14, brief=False),
    ListColumn("institution", "托育机构", 30),
    ListColumn("provider", "承担单位", 30, brief=False),
    ListColumn("number", "协议编号", 22),
    ListColumn("variant_label", "类型", 12, brief=False),
    ListColumn("district", "旗区", 12, brief=False),
    ListColumn("period", "时段", 9),
    ListColumn("due_by", "最迟", 12, brief=False),
    ListColumn("state_label", "状态", 9),
    ListColumn("needed", "应做次数", 9, brief=False),
    ListColumn("done", "已做次数", 9, brief=False),
    ListColumn("done_on", "完成日期", 12, brief=False),
    ListColumn("activity", "活动编号", 16, brief=False),
    ListColumn("reason", "说明", 44),
    ListColumn("source", "依据", 18, brief=False),
)
PLAN_FIELDS = (
    ListColumn("day", "日期", 18),
    ListColumn("provider", "甲方", 26),
    ListColumn("institution", "托育机构", 30),
    ListColumn("district", "旗区", 12, brief=False),
    ListColumn("town", "乡镇", 14),
    ListColumn("matters", "事项", 30),
    ListColumn("titles", "全部事项", 60, brief=False),
    ListColumn("number", "协议编号", 24, brief=False),
    ListColumn("period", "时段", 12, brief=False),
    ListColumn("due_by", "最迟", 12, brief=False),
    ListColumn("reason", "说明", 30, brief=False),
)
_WEEKDAYS = "一二三四五六日"
_STATES = "、".join(f"{state} {label}" for state, label in STATE_LABEL.items())


@click.command("list")
@click.option("--state", "states", type=WordChoice(STATE_LABEL), multiple=True, help=_STATES)
@click.option("--period", type=TEXT, metavar="PERIOD", help="只看这个时段：2026、2026H1、2026Q3 或 2026-07")
@click.option("--year", type=click.IntRange(2000, 2999), metavar="YEAR", help="哪一年的各时段（默认今年）")
@click.option("--number", "numbers", type=NUMBER, multiple=True, metavar="NUMBER", help="协议编号")
@scoped
@as_of
@listing
@pass_invocation
def list_(
    invocation: Invocation,
    states: tuple[str, ...],
    period: str | None,
    year: int | None,
    numbers: tuple[str, ...],
    as_of: dt.date | None,
    as_json: bool,
    xlsx: Path | None,
) -> None:
    """列出各时段应做的事：由谁做、最迟哪天、做了没有、依据哪次活动。"""
    if period and year:
        raise click.UsageError("--period 里已有年份，不要再写 --year")
    with invocation.office(as_of) as office:
        rows = duty_rows(office, period=period, numbers=numbers or None, year=year)
    found = [row for row in rows if not states or row.state in states]
    make = _json if as_json and xlsx is None else row_of
    show("履约情况", FIELDS, [make(row) for row in found], as_json=as_json, xlsx=xlsx)
    counts = Counter(row.state for row in found)
    if counts and not as_json:
        say("，".join(f"{label} {counts[state]}" for state, label in STATE_LABEL.items() if counts[state]))


@click.command()
@click.argument("number", type=NUMBER, metavar="NUMBER")
@click.option("--duty", "code", type=TEXT, required=True, metavar="ID", help="事项名称或代码")
@click.option("--period", type=TEXT, required=True, metavar="PERIOD", help="时段：2026、2026H1、2026Q3 或 2026-07")
@click.option("--reason", type=TEXT, required=True, metavar="TEXT", help="免除的理由")
@dry_run
@pass_invocation
def waive(invocation: Invocation, number: str, code: str, period: str, reason: str, dry_run: bool) -> None:
    """免除一个时段的一件事，写明理由；不再计入应做。"""
    with invocation.office() as office:
        row = waive_duty(office, number, duty=code, period=period, reason=reason, dry_run=dry_run)
    done = "将免除" if dry_run else "已免除"
    say(f"{done} {number} {row.period} 的“{row.title}”：{reason.strip()}")


@click.command()
@click.option("--quarter", type=TEXT, metavar="QUARTER", help="哪个季度，如 2026Q4（默认本季度）")
@click.option(
    "--per-day", type=click.IntRange(1, 50), default=PER_DAY, show_default=True, help="每家医疗机构一天最多去几家"
)
@scoped
@as_of
@listing
@pass_invocation
def plan(
    invocation: Invocation,
    quarter: str | None,
    per_day: int,
    as_of: dt.date | None,
    as_json: bool,
    xlsx: Path | None,
) -> None:
    """按工作日安排本季度还没做的事，同乡镇的尽量同一天；排不下的列在最后。"""
    with invocation.office(as_of) as office:
        visits = plan_visits(office, quarter=quarter, per_day=per_day)
    make = _plan_json if as_json and xlsx is None else plan_row
    show("履约安排", PLAN_FIELDS, [make(one) for one in visits], as_json=as_json, xlsx=xlsx)
    _say_plan(visits)


def _json(row: DutyRow) -> dict[str, object]:
    """The keys other programs rely on (design.md#command-line), and what they are made of."""
    return {
        "duty": row.duty,
        "title": row.title,
        "institution": row.institution,
        "provider": row.provider,
        "number": row.number,
        "variant": None if row.variant is None else str(row.variant),
        "district": district_name(row.district),
        "district_code": row.district,
        "period": row.period,
        "due_by": str(row.due_by),
        "state": row.state,
        "done_on": None if row.done_on is None else str(row.done_on),
        "reason": row.reason,
        "activity": row.activity,
        "activities": list(row.activities),
        "needed": row.needed,
        "done": row.done,
        "items": list(row.items),
        "forms": list(row.forms),
        "source": row.source,
    }


def row_of(row: DutyRow) -> dict[str, object]:
    """The JSON keys with the labels people read beside them."""
    label = "" if row.variant is None else VARIANT_LABEL[row.variant]
    return _json(row) | {"variant_label": label, "state_label": STATE_LABEL[row.state]}


def _plan_json(one: Visit) -> dict[str, object]:
    """One trip; the lists go together, one entry for each thing it settles."""
    rows = one.trip.rows
    return {
        "date": None if one.on is None else str(one.on),
        "provider": rows[0].provider,
        "institution": rows[0].institution,
        "district": district_name(rows[0].district),
        "town": one.trip.town,
        "duties": [row.duty for row in rows],
        "titles": [row.title for row in rows],
        "numbers": [row.number for row in rows],
        "periods": [row.period for row in rows],
        "due_by": str(rows[0].due_by),
        "last_working_day": str(one.last),
        "published": one.published,
        "reason": one.reason,
    }


def plan_row(one: Visit) -> dict[str, object]:
    rows = one.trip.rows
    first, more = rows[0].title, f"等 {len(rows)} 项" if len(rows) > 1 else ""
    return _plan_json(one) | {
        "day": "排不下" if one.on is None else f"{one.on}（周{_WEEKDAYS[one.on.weekday()]}）",
        "matters": first + more,
        "titles": "、".join(row.title for row in rows),
        "number": "、".join(dict.fromkeys(row.number for row in rows)),
        "period": "、".join(dict.fromkeys(row.period for row in rows)),
    }


def _say_plan(visits: list[Visit]) -> None:
    missing = sum(one.on is None for one in visits)
    if missing:
        say(
            f"有 {missing} 次排不下；可用 --per-day 增加每天的次数，或由别的机构分担，确实不能做的用 duty waive 写明理由"
        )
    if not all(one.published for one in visits):
        say("有的日期仅按周末推算，因为那一年的放假安排尚未公布")
