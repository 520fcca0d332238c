"""yiyu activity … : what was done, listed and shown; recording, importing and findings are in their own modules."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.activities.adding_commands import FORM, INSTITUTION, Worded
from yiyu.registry.activities.importing import export_register
from yiyu.registry.activities.listing import (
    ActivityFilter,
    Listed,
    list_activities,
    show_activity,
    waiting_sheets,
)
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DATE, TEXT, as_of, json_only, listing
from yiyu.registry.commands.show import ListColumn, say, show, table, write_json
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.rules.activities import EVIDENCE_LABEL, Finding
from yiyu.registry.rules.activity_words import hours_text, person_text
from yiyu.registry.rules.codes import fold
from yiyu.registry.rules.duties.rules import Period, read_period
from yiyu.registry.session import OfficeSession

PERIOD = Worded("时段", lambda text: read_period(fold(text).upper()))
FIELDS = (
    ListColumn("number", "活动编号", 14),
    ListColumn("on", "日期"),
    ListColumn("form_label", "形式"),
    ListColumn("medical", "甲方"),
    ListColumn("childcare", "乙方"),
    ListColumn("people_label", "服务人员"),
    ListColumn("lacking_label", "欠缺材料"),
)
SHEET_FIELDS = (
    ListColumn("number", "协议编号", 22),
    ListColumn("version", "版本", 6),
    ListColumn("period", "时段", 10),
    ListColumn("scan", "扫描件", 60),
)
SHEET_KEYS = ("number", "version", "period", "duty", "path", "scan")


@click.command("list")
@click.option("--number", type=NUMBER, default="", metavar="NUMBER", help="只列这份协议的")
@INSTITUTION
@click.option("--form", type=FORM, help="活动形式")
@click.option("--from", "first", type=DATE, metavar="DATE", help="从这一天起")
@click.option("--to", "last", type=DATE, metavar="DATE", help="到这一天止")
@click.option("--period", type=PERIOD, metavar="2026Q4", help="时段：2026、2026H1、2026Q4 或 2026-07")
@click.option("--person", type=TEXT, default="", metavar="NAME", help="服务人员姓名")
@click.option("--lacking", is_flag=True, help="只列存档材料不全的")
@click.option("--voided", is_flag=True, help="连同已作废的")
@as_of
@listing
@pass_invocation
def list_(invocation: Invocation, /, as_of: dt.date | None, as_json: bool, xlsx: Path | None, **wanted: Any) -> None:
    """列出活动；--xlsx 存为活动登记册，可再导入。"""
    with invocation.office(as_of) as office:
        found = list_activities(office, _filter(office, **wanted))
        if xlsx is not None:
            export_register(office, xlsx, found)
            say(f"已保存 {xlsx}（{len(found)} 次活动）")
    if as_json:
        write_json([_json(one) for one in found])
    elif xlsx is None:
        show("活动登记册", FIELDS, [row_of(one) for one in found], as_json=False, xlsx=None)


@click.command("show")
@click.argument("number", type=TEXT, metavar="NUMBER")
@json_only
@pass_invocation
def show_(invocation: Invocation, number: str, as_json: bool) -> None:
    """查看一次活动：为谁、谁去的、做了什么、材料和问题。"""
    with invocation.office() as office:
        listed, remarks = show_activity(office, number)
    if as_json:
        write_json(_json(listed) | {"warnings": list(remarks)})
    else:
        table((ListColumn("heading", "项目"), ListColumn("value", "内容")), described(listed, remarks))


@click.command("waiting")
@listing
@pass_invocation
def waiting(invocation: Invocation, as_json: bool, xlsx: Path | None) -> None:
    """列出扫描件已归位、还没有补录的活动记录表；用 activity add --sheet 补录。"""
    with invocation.office() as office:
        rows = [{key: getattr(one, key) for key in SHEET_KEYS} for one in waiting_sheets(office)]
    show("待补录的活动记录表", SHEET_FIELDS, rows, as_json=as_json, xlsx=xlsx)


def _filter(
    office: OfficeSession,
    institution: str,
    period: Period | None,
    first: dt.date | None,
    last: dt.date | None,
    **wanted: Any,
) -> ActivityFilter:
    if period and (first or last):
        raise click.UsageError("--period 与 --from、--to 只用一种")
    if first and last and first > last:
        raise click.UsageError(f"--from {first} 晚于 --to {last}，请核对")
    wanted["institution"] = directory(office).find(institution).id if institution else 0
    return ActivityFilter(first=period.first if period else first, last=period.last if period else last, **wanted)


def _json(one: Listed) -> dict[str, object]:
    """The keys other programs rely on."""
    activity = asdict(one.activity) | {"institutions": [each.name for each in one.institutions]}
    del activity["id"]
    return activity | {
        "starts": _clock(one.activity.starts),
        "ends": _clock(one.activity.ends),
        "people": [
            asdict(person) | {"arrives": _clock(person.arrives), "leaves": _clock(person.leaves)}
            for person in one.activity.people
        ],
        "medical": one.medical,
        "childcare": one.childcare,
        "participants": one.activity.participants,
        "scans": list(one.scans),
        "lacking": list(one.lacking),
    }


def row_of(one: Listed) -> dict[str, object]:
    people = "、".join(person.name for person in one.activity.people)
    void = "（已作废）" if one.activity.voided_on else ""
    return _json(one) | {
        "form_label": one.activity.form + void,
        "people_label": people,
        "lacking_label": "；".join(one.lacking),
    }


def _clock(at: dt.time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"


def _finding(one: Finding) -> str:
    demand = f"；要求：{one.demand}" if one.demand else ""
    due = f"；期限 {one.due_on}" if one.due_on else ""
    told = f"；整改情况：{one.outcome}" if one.outcome else ""
    done = f"；{one.rechecked_on} 复查：{one.outcome}" if one.rechecked_on else told
    return f"{one.id} {one.problem}{demand}{due}{done}"


def described(listed: Listed, remarks: tuple[str, ...]) -> list[dict[str, object]]:
    one = listed.activity
    lines: list[tuple[str, object]] = [
        ("活动编号", one.number + (f"（{one.voided_on} 作废：{one.void_reason}）" if one.voided_on else "")),
        *(("协议", f"{a.number} {a.medical.facts.name} → {a.childcare.facts.name}") for a in listed.agreements),
        *(("机构", each.name) for each in listed.institutions),
        ("日期", f"{one.on} {hours_text(one.starts, one.ends)}".strip()),
        ("形式", one.form),
        ("时长", f"{one.minutes} 分钟" if one.minutes else ""),
        ("地点", one.place),
        ("主题", one.topic),
        ("组织者", one.organiser),
        ("服务项目", "、".join(one.items)),
        *(("服务人员", person_text(person)) for person in one.people),
        ("人数", "，".join(f"{name} {number}" for name, number in one.counts.items())),
        ("签到人数", one.signed_in),
        ("活动内容", one.content),
        ("指导意见", one.advice),
        ("总结评价", one.summary),
        ("发放资料", one.handouts),
        ("备注", one.remark),
        *one.others.items(),
        *(("发现问题", _finding(finding)) for finding in one.findings),
        *((EVIDENCE_LABEL[piece.kind], piece.path) for piece in one.evidence),
        *(("记录表扫描件", path) for path in listed.scans),
        *(("欠缺材料", text) for text in listed.lacking),
        *(("提醒", text) for text in remarks),
        ("登记", f"{one.recorded_at} {one.actor}" + (f"，来自 {one.source}" if one.source else "")),
    ]
    return [{"heading": heading, "value": value} for heading, value in lines if value not in ("", None)]
