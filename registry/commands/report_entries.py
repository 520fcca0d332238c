"""yiyu report enter, assess, self-assessment, worklist, progress: what is typed in, and its lists."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from yiyu.registry.actions.numbers.entering import (
    STATUS_LABEL,
    STEPS,
    Loop,
    Task,
    assess,
    enter_figure,
    loops,
    progress,
    worklist,
)
from yiyu.registry.codes import district_name
from yiyu.registry.commands.completing import complete_institution
from yiyu.registry.commands.options import DATE, DISTRICT, as_of, dry_run, listing
from yiyu.registry.commands.session import Session, pass_session, today
from yiyu.registry.commands.show import Field, say, show
from yiyu.registry.model import Kind
from yiyu.registry.rates import ENTERED

_STATUSES = "、".join(f"{status} {label}" for status, label in STATUS_LABEL.items())
YEAR = click.IntRange(2000, 2200)
LOOP_FIELDS = (
    Field("district", "旗区", 12),
    Field("institution", "托育机构", 32),
    *(Field(step, label, 12) for step, label in STEPS.items()),
    Field("problems", "问题数", 8),
    Field("overdue", "超过6月30日", 12),
)
_INDICATORS = "INDICATOR 填代号：" + "；".join(f"{key} {title}" for key, (title, _, _) in ENTERED.items()) + "。"
TASK_FIELDS = (
    Field("key", "代号", 20),
    Field("title", "任务", 36),
    Field("owner", "责任单位", 28),
    Field("due", "时限", 12),
    Field("status_label", "进度", 8),
    Field("on", "登记日期", 12, brief=False),
    Field("note", "说明", 24, brief=False),
    Field("source", "依据", 14, brief=False),
)


@click.command("enter", epilog=_INDICATORS)
@click.argument("indicator", type=click.Choice(list(ENTERED)), metavar="INDICATOR")
@click.option("--district", type=DISTRICT, default="", help="旗区（默认本单位所在地区）")
@click.option("--year", type=YEAR, required=True, metavar="YEAR", help="哪一年的数")
@click.option("--value", type=float, help="数值，百分率写 88.5")
@click.option("--numerator", type=float, help="分子")
@click.option("--denominator", type=float, help="分母")
@click.option("--source", required=True, help="出处，如 2026年妇幼卫生年报")
@dry_run
@pass_session
def enter(session: Session, /, indicator: str, dry_run: bool, **options: Any) -> None:
    """填报登记库算不出的指标，写明出处。"""
    with session.desk() as desk:
        figure = enter_figure(desk, indicator, dry_run=dry_run, **options)
    title, unit, _ = ENTERED[indicator]
    where = district_name(figure.district)
    say(
        f"{'将登记' if dry_run else '已登记'} {where} {figure.year} 年{title} {figure.value:g}{unit}（{figure.source}）"
    )


@click.command("assess")
@click.argument("names", nargs=-1, required=True, metavar="NAME…", shell_complete=complete_institution(Kind.CHILDCARE))
@click.option(
    "--step", type=click.Choice(list(STEPS)), required=True, help="、".join(f"{k} {v}" for k, v in STEPS.items())
)
@click.option("--on", type=DATE, metavar="DATE", default=today, help="完成日期（默认今天）")
@click.option("--year", type=YEAR, metavar="YEAR", help="属于哪一年（默认按日期）")
@click.option("--problems", type=click.IntRange(min=0), help="发现或尚存的问题数")
@click.option("--note", default="", help="说明")
@dry_run
@pass_session
def assess_(session: Session, /, names: tuple[str, ...], dry_run: bool, **options: Any) -> None:
    """登记托育机构年度自评的一步：自评—指导—整改—总结。"""
    with session.desk() as desk:
        found = assess(desk, names, dry_run=dry_run, **options)
    for one in found:
        say(f"{'将登记' if dry_run else '已登记'} {one.name} {STEPS[options['step']]}（{options['on']}）")


@click.command("self-assessment")
@click.option("--year", type=YEAR, metavar="YEAR", help="哪一年（默认今年）")
@click.option("--district", type=DISTRICT, default="", help="只看这个旗区")
@as_of
@listing
@pass_session
def self_assessment(
    session: Session, as_of: dt.date | None, year: int | None, district: str, as_json: bool, xlsx: Path | None
) -> None:
    """各备案托育机构的年度自评到了哪一步，谁超过了 6 月 30 日。"""
    with session.desk(as_of) as desk:
        rows = [_loop(one) for one in loops(desk, year or desk.today.year, district)]
    show("年度自评", LOOP_FIELDS, rows, as_json=as_json, xlsx=xlsx)


@click.command("worklist")
@click.option("--district", type=DISTRICT, default="", help="哪个旗区的进度（默认本单位所在地区）")
@as_of
@listing
@pass_session
def worklist_(session: Session, as_of: dt.date | None, district: str, as_json: bool, xlsx: Path | None) -> None:
    """工作清单：通知要求的各项任务、责任单位和进度。"""
    with session.desk(as_of) as desk:
        rows = [_task(one) for one in worklist(desk, district)]
    show("工作清单", TASK_FIELDS, rows, as_json=as_json, xlsx=xlsx)


@click.command("progress")
@click.argument("task", metavar="TASK")
@click.option("--status", type=click.Choice(list(STATUS_LABEL)), required=True, help=_STATUSES)
@click.option("--on", type=DATE, metavar="DATE", default=today, help="日期（默认今天）")
@click.option("--district", type=DISTRICT, default="", help="哪个旗区（默认本单位所在地区）")
@click.option("--note", default="", help="说明")
@dry_run
@pass_session
def progress_(session: Session, /, task: str, status: str, dry_run: bool, **options: Any) -> None:
    """登记工作清单一项任务的进度。"""
    with session.desk() as desk:
        done = progress(desk, task, status, dry_run=dry_run, **options)
    say(f"{'将登记' if dry_run else '已登记'} {district_name(done.district)} {done.title}：{STATUS_LABEL[status]}")


def _loop(one: Loop) -> dict[str, object]:
    steps = {step: None if row is None else str(row.on) for step, row in one.steps.items()}
    who = {"district": district_name(one.institution.district), "institution": one.institution.name}
    return {**who, **steps, "problems": one.problems, "overdue": one.overdue}


def _task(one: Task) -> dict[str, object]:
    row = one.progress
    names = ("key", "title", "owner", "due", "source")
    return {name: getattr(one, name) for name in names} | {
        "district": district_name(one.district),
        "status": row.status if row else "",
        "status_label": STATUS_LABEL[row.status] if row else "未填",
        "on": str(row.on) if row else None,
        "note": row.note if row else "",
    }
