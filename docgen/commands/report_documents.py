"""yiyu report hours, year, bulletin: what is listed, and handed up as Word files."""

from pathlib import Path
from typing import Any

import click

from yiyu.docgen.actions.report_documents import write_bulletin, write_certificates, write_year_report
from yiyu.registry.actions.numbers.comparing import Compared, compare, half_year
from yiyu.registry.actions.numbers.serving import report_hours
from yiyu.registry.commands.hours import HOUR_FIELDS, STAY_FIELDS, hours_row, left_out_rows
from yiyu.registry.commands.options import FILE, as_of, listing
from yiyu.registry.commands.session import Session, pass_session
from yiyu.registry.commands.show import Field, say, show
from yiyu.registry.rates import INDICATORS

YEAR = click.option("--year", type=click.IntRange(2000, 2200), metavar="YEAR", help="哪一年（默认今年）")
DOCX = click.option("--docx", type=FILE, metavar="FILE.docx", help="写成 Word 文件")
RATE_FIELDS = (Field("district", "范围", 24), *(Field(key, title, 24) for key, (title, _) in INDICATORS.items()))
_BRIEF = ("district", "signed", "visits", "training")


@click.command("hours")
@YEAR
@click.option("--person", "people", multiple=True, metavar="NAME", help="只要这个人的证明（可重复）")
@click.option("--left-out", is_flag=True, help="列出不计入的记录和原因")
@click.option("--docx", type=FILE, metavar="FILE.docx", help="写成服务时长证明，每人一页")
@as_of
@listing
@pass_session
def hours(session: Session, /, as_of: Any, year: int | None, left_out: bool, **options: Any) -> None:
    """每个人的服务时长：计入多少小时，哪些不计入、为什么；可写成证明。"""
    docx, people = options.pop("docx"), options.pop("people")
    with session.desk(as_of) as desk:
        if docx:
            found = write_certificates(desk, docx, year=year or desk.today.year, people=people)
            say(f"已写出 {len(found)} 人的证明，共 {sum(one.hours for one in found):g} 小时，保存为 {docx}")
            return
        found = [one for one in report_hours(desk, year or desk.today.year) if not people or one.person in people]
    rows = left_out_rows(found) if left_out else [hours_row(one) for one in found]
    show("服务时长", STAY_FIELDS if left_out else HOUR_FIELDS, rows, **options)


@click.command("year")
@YEAR
@as_of
@DOCX
@listing
@pass_session
def year_(session: Session, /, year: int | None, as_of: Any, docx: Path | None, **options: Any) -> None:
    """全年情况与上年对比；--docx 写成年度报告。"""
    with session.desk(as_of) as desk:
        asked = year or desk.today.year
        found = write_year_report(desk, docx, year=asked) if docx else compare(desk, str(asked))
    _shown(found, docx, options)


@click.command("bulletin")
@click.option("--period", metavar="2026H1", help="哪个时段（默认本半年）")
@as_of
@DOCX
@listing
@pass_session
def bulletin(session: Session, /, period: str | None, as_of: Any, docx: Path | None, **options: Any) -> None:
    """一个时段的情况与上期对比；--docx 写成通报，附未签约、未上门、未整改名单。"""
    with session.desk(as_of) as desk:
        found = write_bulletin(desk, docx, period=period) if docx else compare(desk, period or half_year(desk.today))
    _shown(found, docx, options)


def _shown(found: Compared, docx: Path | None, options: dict[str, Any]) -> None:
    if docx:
        rates = found.rows[-1].rates
        said = f"签约率 {rates['signed']}，上门履约率 {rates['visits']}"
        say(f"{found.period.text}（截至 {found.day}）：{said}，保存为 {docx}")
        return
    rows = [_row(found, index, as_json=options["as_json"]) for index in range(len(found.rows))]
    brief = tuple(field for field in RATE_FIELDS if options["xlsx"] or field.key in _BRIEF)
    show(f"{found.period.text} 与上期", brief, rows, **options)


def _row(found: Compared, index: int, *, as_json: bool) -> dict[str, object]:
    """A line with the period before beside each rate."""
    row = found.rows[index]
    before = found.before.get(row.group)
    if as_json:
        return row.as_json() | {"before": None if before is None else before.as_json(), "as_of": str(found.day)}
    pairs = {key: (rate, None if before is None else before.rates[key]) for key, rate in row.rates.items()}
    shares = {key: f"{now}，上期 {'—' if then is None else then}" for key, (now, then) in pairs.items()}
    return {"district": row.group, **shares}
