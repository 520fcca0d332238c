"""yiyu report issued: what went out, each beside what is known today, and its document again."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DISTRICT, TEXT, listing
from yiyu.registry.commands.outputs import DOCX
from yiyu.registry.commands.show import ListColumn, say, show, table, write_json
from yiyu.registry.files import write_atomic
from yiyu.registry.lifecycle import EVENT_LABEL, Event
from yiyu.registry.reports.issuing import (
    IssuedToday,
    as_it_stands,
    issued_document,
    issued_named,
    listed_reports,
    report_title,
)
from yiyu.registry.reports.since import Since
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.rules.issued import CHANGE_LABEL, WHY_LABEL
from yiyu.registry.rules.rates import Rate, Unit
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.issued_reports import IssuedReport

REPORT_FIELDS = (
    ListColumn("number", "印发编号", 14),
    ListColumn("title", "报告", 36),
    ListColumn("as_of", "截至", 12),
    ListColumn("issued_on", "印发日期", 12),
    ListColumn("replaces", "更正的是", 14),
    ListColumn("reason", "更正原因", 24),
    ListColumn("actor", "经办", 10),
    ListColumn("path", "存档文件", 40, brief=False),
    ListColumn("sha256", "SHA-256", 66, brief=False),
    ListColumn("head", "链头", 20, brief=False),
)
FIGURE_FIELDS = (ListColumn("title", "指标"), ListColumn("issued", "印发时"), ListColumn("now", "现在"))
ROW_FIELDS = (
    ListColumn("indicator_title", "指标", 20),
    ListColumn("district", "旗区", 12),
    ListColumn("institution", "机构", 30),
    ListColumn("agreement", "协议编号", 22),
    ListColumn("note", "说明", 30),
    ListColumn("then", "印发时", 10),
    ListColumn("now", "现在", 10),
    ListColumn("why_label", "原因", 10),
    ListColumn("records", "后来的记录", 44),
)


@click.command("issued")
@click.option("--number", type=TEXT, metavar="YF-2026-0001", help="这一份与现在的数逐条对照")
@click.option("--period", type=TEXT, default="", metavar="2026Q3", help="只列这个时段的")
@click.option("--district", type=DISTRICT, default="", help="只列这个旗区的")
@click.option("-o", "--out", type=DOCX, metavar="FILE.docx", help="把这一份的原文再导出来，先核对校验值")
@listing
@pass_invocation
def issued(invocation: Invocation, /, number: str | None, out: Path | None, **options: Any) -> None:
    """印发过的报告；--number 把一份与现在的数逐条对照，-o 导出它的原文。"""
    if out is not None and number is None:
        raise click.UsageError("导出原文请用 --number 写明是哪一份，如 --number YF-2026-0001")
    with invocation.office() as office:
        if number is None:
            _list(office, **options)
        else:
            _show(office, issued_named(office, number), out, options)


def _list(office: OfficeSession, *, period: str, district: str, as_json: bool, xlsx: Path | None) -> None:
    found = [report_row(one) for one in listed_reports(office, period, district)]
    show("印发的报告", REPORT_FIELDS, found, as_json=as_json, xlsx=xlsx)
    if not found and not as_json:
        say("还没有印发过；印发用 yiyu report bulletin --issue 或 yiyu report year --issue")


def _show(office: OfficeSession, report: IssuedReport, out: Path | None, options: dict[str, Any]) -> None:
    if out is not None:
        write_atomic(out, issued_document(office, report))
        say(f"已导出印发的原文，校验值与印发时一致（SHA-256 {report.sha256[:12]}…），保存为 {out}")
        return
    found = as_it_stands(office, report)
    rows = [since_row(one) for one in found.rows]
    if options["xlsx"] is not None:
        show("印发以后的变化", ROW_FIELDS, rows, as_json=False, xlsx=options["xlsx"])
    if options["as_json"]:
        write_json(report_row(report) | {"figures": figure_rows(found), "rows": rows, "other_figures": _others(found)})
    elif options["xlsx"] is None:
        table(
            FIGURE_FIELDS,
            [{key: figure_text(one[key]) for key in ("title", "issued", "now")} for one in figure_rows(found)],
        )
        _say_rows(found)


def _say_rows(found: IssuedToday) -> None:
    """Each row as sentences: a terminal has no room for eight columns."""
    say(f"{found.sentence}。" + (f"更正原因：{found.report.reason}。" if found.report.reason else ""))
    for at, one in enumerate(found.rows, start=1):
        row = since_row(one)
        where = "　".join(str(row[key]) for key in ("district", "institution", "agreement", "note") if row[key])
        say(f"{at}. {row['indicator_title']}：{where}")
        say(f"   {WHY_LABEL[one.why]}：印发时{row['then']}，现在{row['now']}；{row['records']}")


def report_row(report: IssuedReport) -> dict[str, object]:
    facts = {name: getattr(report, name) for name in IssuedReport.__slots__ if name not in ("figures", "event_id")}
    days = {name: str(facts[name]) for name in ("as_of", "issued_on")}
    place = district_name(report.district) if report.district else ""
    codes = {"district": place, "district_code": report.district, "title": report_title(report)}
    return facts | days | codes


def figure_rows(found: IssuedToday) -> list[dict[str, Any]]:
    then = found.report.figures[""]
    now = {key: found.figures[key][1] if key in found.figures else rate for key, rate in then.items()}
    return [
        {"indicator": key, "title": one.title, "issued": then[key].as_json(), "now": now[key].as_json()}
        for key, one in INDICATORS.items()
        if key in then
    ]


def figure_text(value: object) -> object:
    return str(Rate(value["numerator"], value["denominator"])) if isinstance(value, dict) else value


def _others(found: IssuedToday) -> list[dict[str, str]]:
    return [{"title": name, "issued": then, "now": now} for name, (then, now) in found.said.items()]


def since_row(one: Since) -> dict[str, Any]:
    unit, difference = one.difference.unit, one.difference
    events = [asdict(event) | {"label": EVENT_LABEL[event.kind]} for event in one.events]
    kept = ("id", "kind", "label", "on", "recorded_at", "actor", "note")
    return {
        "indicator": unit.indicator,
        "indicator_title": INDICATORS[unit.indicator].title,
        "change": difference.change,
        "change_label": CHANGE_LABEL[difference.change],
        "why": one.why,
        "why_label": WHY_LABEL[one.why],
        "district": district_name(unit.district),
        "institution": unit.institution,
        "agreement": unit.number,
        "note": unit.note,
        "then": _counted(difference.then, difference.now),
        "now": _counted(difference.now, difference.then),
        "events": [{name: event[name] for name in kept} for event in events],
        "records": "；".join(_told(one.events)) or "没有后来的记录，可能是口径包或设置改过",
    }


def _told(events: tuple[Event, ...]) -> Iterator[str]:
    for event in events:
        note = f"，{event.note}" if event.note else ""
        yield f"{event.recorded_at[:10]} {event.actor}录入{EVENT_LABEL[event.kind]}（{event.on}{note}）"


def _counted(one: Unit | None, other: Unit | None) -> str:
    if one is None:
        return "没有这一行"
    place = f"（{district_name(one.district)}）" if other is not None and other.district != one.district else ""
    return ("计入" if one.counts else "未计入") + place
