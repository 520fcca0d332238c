"""yiyu report enter, assess, self-assessment, worklist, progress; and how hours are listed."""

import datetime as dt
from pathlib import Path
from typing import Any

import click

from yiyu.registry.commands.completion import complete_institution
from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import DATE, DISTRICT, TEXT, WordChoice, as_of, dry_run, listing
from yiyu.registry.commands.show import ListColumn, say, show
from yiyu.registry.model import Kind
from yiyu.registry.reports.manual_figures import (
    STATUS_LABEL,
    STEPS,
    SelfAssessmentCycle,
    Task,
    assess,
    enter_figure,
    loops,
    progress,
    worklist,
)
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.hours import REASONS, PersonHours
from yiyu.registry.rules.indicators import FIGURES

_STATUSES = "、".join(f"{status} {label}" for status, label in STATUS_LABEL.items())
YEAR = click.IntRange(2000, 2200)
LOOP_FIELDS = (
    ListColumn("district", "旗区", 12),
    ListColumn("institution", "托育机构", 32),
    *(ListColumn(step, label, 12) for step, label in STEPS.items()),
    ListColumn("score", "得分", 8),
    ListColumn("grade", "等级", 8),
    ListColumn("problems", "问题数", 8),
    ListColumn("overdue", "超过6月30日", 12),
)
_INDICATORS = "INDICATOR 填代号：" + "；".join(f"{key} {one.title}" for key, one in FIGURES.items()) + "。"
TASK_FIELDS = (
    ListColumn("key", "代号", 20),
    ListColumn("title", "任务", 36),
    ListColumn("owner", "责任单位", 28),
    ListColumn("due", "时限", 12),
    ListColumn("goal", "目标与现值", 18),
    ListColumn("status_label", "进度", 8),
    ListColumn("on", "登记日期", 12, brief=False),
    ListColumn("note", "说明", 24, brief=False),
    ListColumn("source", "依据", 14, brief=False),
)


@click.command("enter", epilog=_INDICATORS)
@click.argument("indicator", type=WordChoice({key: one.title for key, one in FIGURES.items()}), metavar="INDICATOR")
@click.option("--district", type=DISTRICT, default="", help="旗区（默认本单位所在地区）")
@click.option("--year", type=YEAR, required=True, metavar="YEAR", help="哪一年的数")
@click.option("--value", type=float, help="数值，百分率写 88.5")
@click.option("--numerator", type=float, help="分子")
@click.option("--denominator", type=float, help="分母")
@click.option("--source", type=TEXT, required=True, help="出处，如 2026年妇幼卫生年报")
@dry_run
@pass_invocation
def enter(invocation: Invocation, /, indicator: str, dry_run: bool, **options: Any) -> None:
    """填报登记库算不出的指标，写明出处。"""
    with invocation.office() as office:
        figure = enter_figure(office, indicator, dry_run=dry_run, **options)
        one, title = FIGURES[indicator], office.pack.worded(FIGURES[indicator].title)
    where = district_name(figure.district)
    say(
        f"{'将登记' if dry_run else '已登记'} {where} {figure.year} 年{title} {figure.value:g}{one.unit}（{figure.source}）"
    )


@click.command("assess")
@click.argument(
    "names", type=TEXT, nargs=-1, required=True, metavar="NAME…", shell_complete=complete_institution(Kind.CHILDCARE)
)
@click.option("--step", type=WordChoice(STEPS), required=True, help="、".join(f"{k} {v}" for k, v in STEPS.items()))
@click.option("--on", type=DATE, metavar="DATE", default=today, help="完成日期（默认今天）")
@click.option("--year", type=YEAR, metavar="YEAR", help="属于哪一年（默认按日期）")
@click.option("--problems", type=click.IntRange(min=0), help="发现或尚存的问题数")
@click.option("--note", type=TEXT, default="", help="说明")
@dry_run
@pass_invocation
def assess_(invocation: Invocation, /, names: tuple[str, ...], dry_run: bool, **options: Any) -> None:
    """登记托育机构年度自评的一步：自评—指导—整改—总结。"""
    with invocation.office() as office:
        found = assess(office, names, dry_run=dry_run, **options)
    for one in found:
        say(f"{'将登记' if dry_run else '已登记'} {one.name} {STEPS[options['step']]}（{options['on']}）")


@click.command("self-assessment")
@click.option("--year", type=YEAR, metavar="YEAR", help="哪一年（默认今年）")
@click.option("--district", type=DISTRICT, default="", help="只看这个旗区")
@as_of
@listing
@pass_invocation
def self_assessment(
    invocation: Invocation, as_of: dt.date | None, year: int | None, district: str, as_json: bool, xlsx: Path | None
) -> None:
    """每家托育机构的年度自评到了哪一步，谁超过了 6 月 30 日。"""
    with invocation.office(as_of) as office:
        rows = [loop_row(one) for one in loops(office, year or office.today.year, district)]
    show("年度自评", LOOP_FIELDS, rows, as_json=as_json, xlsx=xlsx)


@click.command("worklist")
@click.option("--district", type=DISTRICT, default="", help="哪个旗区的进度（默认本单位所在地区）")
@as_of
@listing
@pass_invocation
def worklist_(invocation: Invocation, as_of: dt.date | None, district: str, as_json: bool, xlsx: Path | None) -> None:
    """工作清单：通知要求的各项任务、责任单位和进度。"""
    with invocation.office(as_of) as office:
        rows = [task_row(one) for one in worklist(office, district)]
    show("工作清单", TASK_FIELDS, rows, as_json=as_json, xlsx=xlsx)


@click.command("progress")
@click.argument("task", type=TEXT, metavar="TASK")
@click.option("--status", type=WordChoice(STATUS_LABEL), required=True, help=_STATUSES)
@click.option("--on", type=DATE, metavar="DATE", default=today, help="日期（默认今天）")
@click.option("--district", type=DISTRICT, default="", help="哪个旗区（默认本单位所在地区）")
@click.option("--note", type=TEXT, default="", help="说明")
@dry_run
@pass_invocation
def progress_(invocation: Invocation, /, task: str, status: str, dry_run: bool, **options: Any) -> None:
    """登记工作清单一项任务的进度。"""
    with invocation.office() as office:
        done = progress(office, task, status, dry_run=dry_run, **options)
    say(f"{'将登记' if dry_run else '已登记'} {district_name(done.district)} {done.title}：{STATUS_LABEL[status]}")


def loop_row(one: SelfAssessmentCycle) -> dict[str, object]:
    steps = {step: None if row is None else str(row.on) for step, row in one.steps.items()}
    who = {"district": district_name(one.institution.district), "institution": one.institution.name}
    form = one.steps["self_assessed"]
    told = {"score": form.score if form else None, "grade": form.grade if form else ""}
    return {
        **who,
        **steps,
        **told,
        "items": dict(form.items) if form else {},
        "problems": one.problems,
        "overdue": one.overdue,
    }


def task_row(one: Task) -> dict[str, object]:
    row = one.progress
    names = ("key", "title", "owner", "due", "goal", "source")
    return {name: getattr(one, name) for name in names} | {
        "district": district_name(one.district),
        "status": row.status if row else "",
        "status_label": STATUS_LABEL[row.status] if row else "未填",
        "on": str(row.on) if row else None,
        "note": row.note if row else "",
    }


HOUR_FIELDS = (
    ListColumn("person", "姓名", 10),
    ListColumn("unit", "单位", 30),
    ListColumn("department", "科室", 14),
    ListColumn("title", "职称", 12),
    ListColumn("visits", "次数", 6),
    ListColumn("places", "机构数", 8),
    ListColumn("hours", "计入小时", 10),
    ListColumn("left_out", "不计入", 8),
)
STAY_FIELDS = (
    ListColumn("person", "姓名", 10),
    ListColumn("activity", "活动", 16),
    ListColumn("on", "日期", 12),
    ListColumn("place", "地点", 28),
    ListColumn("reason", "不计入的原因", 28),
)


def hours_row(one: PersonHours) -> dict[str, object]:
    names = ("person", "unit", "department", "title", "visits", "places", "hours", "minutes")
    return {name: getattr(one, name) for name in names} | {"left_out": sum(bool(stay.excluded) for stay in one.stays)}


def left_out_rows(people: list[PersonHours]) -> list[dict[str, object]]:
    return [
        {
            "person": stay.person,
            "unit": stay.unit,
            "activity": stay.activity,
            "on": str(stay.on),
            "place": stay.place,
            "minutes": stay.length,
            "excluded": stay.excluded,
            "reason": REASONS[stay.excluded],
        }
        for one in people
        for stay in one.stays
        if stay.excluded
    ]
