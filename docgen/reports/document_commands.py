"""yiyu report hours, year, bulletin, board: what is listed, and handed up as Word files or as a page."""

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.reports.board import make_board
from yiyu.docgen.reports.options import counting_office, over_offices
from yiyu.docgen.reports.rate_commands import BRIEF_RATES
from yiyu.docgen.reports.report_documents import Issuing, MadeReport, make_bulletins, make_report, write_certificates
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import OUT_FOLDER, TEXT, as_of, listing, scoped
from yiyu.registry.commands.outputs import DOCX as DOCX_FILE
from yiyu.registry.commands.outputs import HTML
from yiyu.registry.commands.show import ListColumn, say, show, write_json
from yiyu.registry.reports.comparing import PeriodComparison
from yiyu.registry.reports.figure_commands import HOUR_FIELDS, STAY_FIELDS, hours_row, left_out_rows
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.rate_tables import RateRow
from yiyu.registry.reports.trends import MOST_QUARTERS
from yiyu.registry.rules.hours import PersonHours
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.rules.rates import Rate
from yiyu.registry.session import OfficeSession

YEAR = click.option("--year", type=click.IntRange(2000, 2200), metavar="YEAR", help="哪一年（默认今年）")
DOCX = click.option("--docx", type=DOCX_FILE, metavar="FILE.docx", help="写成 Word 文件")
_DISTRICT = ListColumn("district", "范围", 24)
_SHEET = [
    (ListColumn(key, one.title, 20), ListColumn(f"{key}_before", f"{one.title}去年同期", 20))
    for key, one in INDICATORS.items()
]
SHEET_FIELDS = (_DISTRICT, *itertools.chain.from_iterable(_SHEET))
_BRIEF = [
    (ListColumn(key, BRIEF_RATES[key]), ListColumn(f"{key}_before", "去年同期"))
    for key in ("signed", "visits", "training")
]
BRIEF_FIELDS = (_DISTRICT, *itertools.chain.from_iterable(_BRIEF))
"""What fits a terminal."""


@click.command("hours")
@YEAR
@click.option("--person", "people", type=TEXT, multiple=True, metavar="NAME", help="只要这个人的证明（可重复）")
@click.option("--left-out", is_flag=True, help="列出不计入的记录和原因")
@click.option("--docx", type=DOCX_FILE, metavar="FILE.docx", help="写成服务时长证明，每人一页")
@scoped
@as_of
@listing
@pass_invocation
def hours(invocation: Invocation, /, as_of: Any, year: int | None, left_out: bool, **options: Any) -> None:
    """每个人的服务时长：计入多少小时，哪些不计入、为什么；可写成证明。"""
    docx, people = options.pop("docx"), options.pop("people")
    if docx and left_out:
        raise click.UsageError("--docx 写的是计入的时长，--left-out 列的是不计入的，不能同时用")
    with invocation.office(as_of) as office:
        found = _hours(office, year or office.today.year, people, docx)
    rows = left_out_rows(found) if left_out else [hours_row(one) for one in found]
    if _wanted(docx, options):
        show("服务时长", STAY_FIELDS if left_out else HOUR_FIELDS, rows, **options)


def _hours(office: OfficeSession, year: int, people: Sequence[str], docx: Path | None) -> list[PersonHours]:
    if docx is None:
        return [one for one in report_hours(office, year) if not people or one.person in people]
    found = write_certificates(office, docx, year=year, people=people)
    say(f"已写出 {len(found)} 人的证明，共 {sum(one.hours for one in found):g} 小时，保存为 {docx}")
    return found


def _wanted(docx: Path | None, options: dict[str, Any]) -> bool:
    """Whether the listing goes out: beside a Word file only where it is asked for."""
    return docx is None or options["as_json"] or options["xlsx"] is not None


def _issues(function: Any) -> Any:
    """--issue, --reason and --dry-run, for reports that are handed up."""
    function = click.option("--dry-run", is_flag=True, help="只看将印发什么，不写入（和 --issue 同用）")(function)
    function = click.option("--reason", type=TEXT, help="已印发过的时段更正印发的原因（和 --issue 同用）")(function)
    return click.option("--issue", is_flag=True, help="印发：存档文书、各项数和每个数背后的行，以后可对照")(function)


@click.command("year")
@YEAR
@_issues
@scoped
@as_of
@over_offices
@DOCX
@listing
@pass_invocation
def year_(invocation: Invocation, /, year: int | None, as_of: Any, cluster: str, **options: Any) -> None:
    """全年情况与去年同期对比；--docx 写成年度报告，--issue 印发存档。"""
    issuing, docx = _issuing(options), options.pop("docx")
    with counting_office(invocation, as_of, cluster) as office:
        made = make_report(office, "year", period=str(year or office.today.year), out=docx, issuing=issuing)
    _shown(made, docx, options, issuing)


@click.command("bulletin")
@click.option("--period", type=TEXT, metavar="2026H1", help="哪个时段（默认本半年）")
@click.option("--each-district", is_flag=True, help="每个旗区写一份通报，存到 -o 的文件夹")
@click.option("-o", "--out", type=OUT_FOLDER, metavar="DIR", help="--each-district 的文件存到这里")
@_issues
@scoped
@as_of
@over_offices
@DOCX
@listing
@pass_invocation
def bulletin(invocation: Invocation, /, period: str | None, as_of: Any, cluster: str, **options: Any) -> None:
    """一个时段的情况与去年同期对比；--docx 写成通报，附未签约、未上门、未整改名单；--issue 印发存档。"""
    each, out = options.pop("each_district"), options.pop("out")
    issuing, docx = _issuing(options), options.pop("docx")
    with counting_office(invocation, as_of, cluster) as office:
        if each:
            _bulletins(office, period, out, docx, issuing)
            return
        made = make_report(office, "bulletin", period=period, out=docx, issuing=issuing)
    _shown(made, docx, options, issuing)


def _issuing(options: dict[str, Any]) -> Issuing | None:
    wanted, reason, dry_run = options.pop("issue"), options.pop("reason"), options.pop("dry_run")
    if not wanted and (reason or dry_run):
        raise click.UsageError("--reason 和 --dry-run 要和 --issue 同用")
    return Issuing(reason or "", dry_run) if wanted else None


def _bulletins(
    office: OfficeSession, period: str | None, out: Path | None, docx: Path | None, issuing: Issuing | None
) -> None:
    if docx is not None or (out is None and issuing is None):
        raise click.UsageError("--each-district 每个旗区写一份，请用 -o 给出文件夹，不要写 --docx")
    for name, made in make_bulletins(office, out, period=period, issuing=issuing):
        saved = f"，保存为 {out / f'{name}.docx'}" if out and not (issuing and issuing.dry_run) else ""
        say(f"{name}：{_said(made)}{saved}")
        _say_issued(made, issuing)


def _said(made: MadeReport) -> str:
    rates = made.found.rows[-1].rates
    return f"签约率 {rates['signed']}，上门履约率 {rates['visits']}"


def _say_issued(made: MadeReport, issuing: Issuing | None) -> None:
    """What went out of the period before, beside today's figures; and what goes out now."""
    if made.before is not None:
        say(f"{made.before.sentence}；逐条见 yiyu report issued --number {made.before.report.number}")
    if made.issued is not None and issuing is not None:
        done = "将印发" if issuing.dry_run else "已印发"
        say(f"{done} {made.issued.number}，存档 {made.issued.path}，SHA-256 {made.issued.sha256[:12]}…")


def _shown(made: MadeReport, docx: Path | None, options: dict[str, Any], issuing: Issuing | None = None) -> None:
    found = made.found
    written = docx is not None and not (issuing and issuing.dry_run)
    if written or made.issued:
        saved = f"，保存为 {docx}" if written else ""
        say(f"{found.period.text}（截至 {found.day}）：{_said(made)}{saved}")
    _say_issued(made, issuing)
    if not _wanted(docx, options) or (made.issued and not options["as_json"] and options["xlsx"] is None):
        return
    title = f"{found.period.text}（截至 {found.day}）与去年同期（截至 {found.day_before}）"
    if options["xlsx"] is not None:
        rows = [compared_line(found, row, str) for row in found.rows]
        show(title, SHEET_FIELDS, rows, as_json=False, xlsx=options["xlsx"])
    if options["as_json"]:
        write_json([_as_json(found, row) for row in found.rows])
    elif options["xlsx"] is None:
        say(title)
        show(title, BRIEF_FIELDS, [compared_line(found, row, _short) for row in found.rows], **options)


def compared_line(found: PeriodComparison, row: RateRow, text: Callable[[Rate], str]) -> dict[str, object]:
    """A line with the same period of the year before beside each rate."""
    before = found.before.get(row.group)
    then = {f"{key}_before": "—" if before is None else text(before.rates[key]) for key in row.rates}
    return {"district": row.group, **{key: text(rate) for key, rate in row.rates.items()}, **then}


def _short(rate: Rate) -> str:
    return f"{rate.numerator}/{rate.denominator}" + ("" if rate.percent is None else f" {rate.percent:.0f}%")


def _as_json(found: PeriodComparison, row: RateRow) -> dict[str, object]:
    before = found.before.get(row.group)
    return row.as_json() | {"before": None if before is None else before.as_json(), "as_of": str(found.day)}


@click.command("board")
@click.option("--html", type=HTML, metavar="FILE", required=True, help="写成这个 HTML 文件，双击即可打开")
@click.option("--period", type=TEXT, metavar="2026Q4", help="上门和履约按这一时段（默认本季度）")
@click.option("--quarters", type=click.IntRange(0, MOST_QUARTERS - 1), default=0, help="走势里另算几个没有印发过的季度")
@scoped
@as_of
@over_offices
@pass_invocation
def board(invocation: Invocation, /, html: Path, as_of: dt.date | None, cluster: str, **options: Any) -> None:
    """管理看板：一个自带数据的网页，可查、可排序、可打印，每个数都能点开。"""
    with counting_office(invocation, as_of, cluster) as office:
        result = make_board(office, html, **options)
    say(f"已保存 {result.path}（{result.size / 1024:,.0f} KB），双击即可打开")
    say("　".join(f"{title} {rows}" for title, rows in result.lists))
