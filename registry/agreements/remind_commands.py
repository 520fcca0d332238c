"""yiyu remind: what to act on and by when."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from yiyu.registry.agreements.reminding import Reminded, remind
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import as_of, listing, scoped
from yiyu.registry.commands.outputs import OutputFile
from yiyu.registry.commands.show import ListColumn, say, show
from yiyu.registry.errors import ExitCode
from yiyu.registry.model import VARIANT_LABEL
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.reminders import Reminder, ReminderKind, Settings, dated

FIELDS = (
    ListColumn("label", "事项", 14),
    ListColumn("number", "协议编号", 22),
    ListColumn("variant_label", "类型", 12, brief=False),
    ListColumn("district", "旗区", 12, brief=False),
    ListColumn("medical", "甲方", 30, wide=True),
    ListColumn("childcare", "乙方", 36),
    ListColumn("start_by_text", "最迟起办", 14),
    ListColumn("act_by_text", "最迟办妥", 14),
    ListColumn("detail", "说明", 60, wide=True),
)
_ORDER = (
    ReminderKind.EXPIRED,
    ReminderKind.EXPIRING,
    ReminderKind.NOTICE,
    ReminderKind.UNSIGNED,
    ReminderKind.EVIDENCE,
)


class DaysType(click.ParamType[tuple[int, ...]]):
    """Days before the end, such as 90,60,30,7."""

    name = "天数"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = [part for part in re.split(r"[,，、\s]+", str(value)) if part]
        if not parts or not all(part.isdecimal() and 0 < int(part) < 1000 for part in parts):
            self.fail(f"“{value}”不是天数；请写成 90,60,30,7", param, ctx)
        return tuple(sorted({int(part) for part in parts}, reverse=True))


@click.command("remind")
@click.option("--days", "steps", type=DaysType(), default="90,60,30,7", show_default=True, help="到期前几天各提醒一次")
@click.option("--unsigned-days", type=click.IntRange(0), default=14, show_default=True, help="多少天没有签齐就催签")
@click.option(
    "--evidence-days", type=click.IntRange(0), default=30, show_default=True, help="签齐多少天还缺盖章或原件就提醒"
)
@click.option("--lead", type=click.IntRange(1), default=10, show_default=True, help="印制、用印、寄送留几个工作日")
@click.option(
    "--ics", type=OutputFile(".ics"), metavar="FILE.ics", help="写成日历文件，含今后的提醒；再次导出时更新、取消"
)
@click.option("--text", "as_text", is_flag=True, help="输出可粘贴到微信的文字")
@click.option("--exit-code", is_flag=True, help="有要办的事时退出码为 1，没有为 0（供定时任务使用）")
@scoped
@as_of
@listing
@pass_invocation
def remind_(invocation: Invocation, /, as_of: dt.date | None, ics: Path | None, exit_code: bool, **wanted: Any) -> None:
    """列出要办的事和最迟日期：催签、续签通知、将到期、已到期未续签；要复查的问题、逾期未还的档案另说。"""
    if wanted["as_text"] and wanted["as_json"]:
        raise click.UsageError("--text 和 --json 只能选一个")
    settings = Settings(*(wanted.pop(name) for name in ("steps", "unsigned_days", "evidence_days", "lead")))
    with invocation.office(as_of) as office:
        result = remind(office, settings, ics)
    _show(result, ics, **wanted)
    if exit_code and (result.due or result.rechecks or result.loans):
        click.get_current_context().exit(ExitCode.FIXABLE)


def _show(result: Reminded, ics: Path | None, *, as_text: bool, as_json: bool, xlsx: Path | None) -> None:
    if xlsx is not None or not as_text:
        make = _json if as_json and xlsx is None else row_of
        show("协议提醒", FIELDS, [make(one, result.day) for one in result.due], as_json=as_json, xlsx=xlsx)
    if as_text:
        click.echo(message(result))
    else:
        for line in also_due(result):
            say(line)
    for line in noted(result):
        say(line)
    if result.calendar is not None:
        done = result.calendar
        counts = f"新增 {done.new}，更新 {done.changed}，取消 {done.cancelled}，未变 {done.unchanged}"
        say(f"已保存日历 {ics}（{counts}）")


def also_due(result: Reminded) -> Iterator[str]:
    """What waits beside agreements: findings to be rechecked, paper that is out."""
    if result.rechecks:
        late = sum(one.overdue for one in result.rechecks)
        overdue = f"，其中 {late} 项已逾期" if late else ""
        yield f"另有 {len(result.rechecks)} 项问题一个月内要复查{overdue}：yiyu activity findings --open"
    if result.loans:
        yield f"另有 {len(result.loans)} 件借出的档案逾期未还：yiyu archive loans --overdue"


def noted(result: Reminded) -> Iterator[str]:
    """What is to be known of the days."""
    if not all(one.known for one in result.due):
        yield "标“仅按周末推算”的日期涉及放假安排尚未公布的年份；公布后请在工作区建 holidays-2027.toml 这样的文件"


def _json(one: Reminder, day: dt.date) -> dict[str, object]:
    """The keys other programs rely on; with ``number`` and ``step`` a reminder is known again on another day.

    ``statutory`` only where 民法典 203 gives a later day; ``published`` is false when a date rests on a year whose
    holidays nobody has published.
    """
    agreement = one.agreement
    return {
        "number": agreement.number,
        "kind": str(one.kind),
        "step": one.step,
        "variant": str(agreement.variant),
        "district": district_name(agreement.district),
        "district_code": agreement.district,
        "parties": [{"role": p.role, "name": p.facts.name, "code": p.facts.code} for p in agreement.parties],
        "remind_on": str(one.on),
        "deadline": str(one.deadline),
        "act_by": str(one.act_by.day),
        "start_by": str(one.start_by.day),
        "statutory": str(one.statutory.day) if one.statutory else None,
        "overdue": one.act_by.day < day,
        "published": one.known,
        "detail": one.detail,
    }


def row_of(one: Reminder, day: dt.date) -> dict[str, object]:
    """The JSON keys with the labels people read beside them."""
    return _json(one, day) | {
        "label": one.label,
        "variant_label": VARIANT_LABEL[one.agreement.variant],
        "medical": one.agreement.medical.facts.name,
        "childcare": one.agreement.childcare.facts.name,
        "start_by_text": _start(one, day),
        "act_by_text": _finish(one, day),
    }


def _start(one: Reminder, day: dt.date) -> str:
    return dated(one.start_by) if one.start_by.day > day else "即日"


def _finish(one: Reminder, day: dt.date) -> str:
    return dated(one.act_by) + (" 已过" if one.act_by.day < day else "")


def message(result: Reminded) -> str:
    """Plain text for a chat: the most pressing first; what is said of several agreements is said once."""
    if not (result.due or result.rechecks or result.loans):
        return f"【协议提醒】{result.day} 没有要办的事。"
    groups: dict[tuple[str, str], list[Reminder]] = {}
    for one in sorted(result.due, key=lambda one: (_ORDER.index(one.kind), one.days or 0)):
        when = f"最迟起办：{_start(one, result.day)}；最迟办妥：{_finish(one, result.day)}"
        groups.setdefault((one.label, f"{one.detail}。{when}。"), []).append(one)
    lines = [f"【协议提醒】{result.day} 共 {len(result.due) + len(result.rechecks) + len(result.loans)} 件"]
    for (label, said), members in groups.items():
        lines += ["", f"■ {label}（{len(members)} 件）：{said}"]
        for place, one in enumerate(members, 1):
            names = " — ".join(party.facts.name for party in reversed(one.agreement.parties))
            lines.append(f"{place}. {names}（{one.agreement.number}）")
    if result.rechecks:
        lines += ["", f"■ 复查整改（{len(result.rechecks)} 件）"]
    for place, found in enumerate(result.rechecks, 1):
        late = "，已逾期" if found.overdue else ""
        lines.append(f"{place}. {found.institution}：{found.problem}（期限 {found.due_on}{late}）")
    if result.loans:
        lines += ["", f"■ 借出的档案逾期未还（{len(result.loans)} 件）"]
    for place, loan in enumerate(result.loans, 1):
        lines.append(f"{place}. {loan.borrower}：{loan.archive_no}（应于 {loan.due_on} 归还）")
    return "\n".join(lines)
