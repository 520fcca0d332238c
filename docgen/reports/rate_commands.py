"""yiyu report rates, worklist …: the numbers an office hands up."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from yiyu.docgen.reports.options import counting_office, over_offices
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, WordChoice, as_of, listing, scoped
from yiyu.registry.commands.show import ListColumn, say, show, table, write_json
from yiyu.registry.reports.rate_tables import RateRow
from yiyu.registry.reports.reporting import rate_rows, report_rates
from yiyu.registry.reports.rolling import OFFICE
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.indicators import FIGURES, INDICATORS
from yiyu.registry.rules.rates import GROUPS, UNKNOWN, Rate, Unit

COUNT_FIELDS = (
    ListColumn("group", "范围", 24),
    ListColumn("childcare", "托育机构", 8),
    ListColumn("filed", "备案", 6),
    ListColumn("signed", "签约", 6, brief=False),
    ListColumn("visits", "上门（做/应）", 12, brief=False),
)
BRIEF_RATES = {
    "signed": "签约/备案",
    "signed_all": "签约/全部",
    "visits": "上门",
    "training": "培训",
    "archived": "归档",
}
"""The rates that fit a terminal, under shorter names."""
PROVIDER_RATES = {"visits": "上门", "training": "培训", "duties": "全部事项", "archived": "归档", "renewed": "续签"}
"""What is told of one medical institution: no childcare institution is counted under it."""
PROVIDER_FIELDS = (ListColumn("group", "医疗卫生机构", 32), ListColumn("agreements", "已签协议", 10))
_UNTOLD = ("childcare", "filed", "signed")
ROW_FIELDS = (
    ListColumn("counts", "计入", 6),
    ListColumn("district", "旗区", 12),
    ListColumn("institution", "机构", 32),
    ListColumn("number", "协议编号", 22),
    ListColumn("provider", "医疗卫生机构", 32, brief=False),
    ListColumn("note", "说明", 32),
    ListColumn("reason", "未计入的原因", 36, wide=True),
    ListColumn("responsible", "责任单位", 32, brief=False),
)


@click.command("rates")
@click.option(
    "--by",
    type=click.Choice([*GROUPS, OFFICE]),
    help="按旗区、乡镇、医疗机构或下级办公室（默认：有下级的按办公室，其他按旗区）",
)
@click.option("--period", type=TEXT, metavar="2026Q4", help="上门和履约按这一时段（默认本季度）")
@click.option(
    "--rows", type=WordChoice({key: one.title for key, one in INDICATORS.items()}), help="列出这个率背后的每一行"
)
@scoped
@as_of
@over_offices
@listing
@pass_invocation
def rates_(invocation: Invocation, /, as_of: Any, rows: str | None, cluster: str, **options: Any) -> None:
    """签约率与履约率：每个率都给出分子、分母和不计入的部分；有下级办公室的，合起来算。"""
    with counting_office(invocation, as_of, cluster) as office:
        if rows:
            _show_units(rate_rows(office, rows, period=options["period"]), rows, options)
        else:
            found, left_out = report_rates(office, by=options["by"], period=options["period"])
            _show_rates(found, left_out, options)


def unit_rows(units: Sequence[Unit]) -> list[dict[str, object]]:
    """The rows behind a rate, as they are listed."""
    return [asdict(unit) | {"district": district_name(unit.district)} for unit in units]


def _show_units(units: list[Unit], indicator: str, options: dict[str, Any]) -> None:
    title, about = INDICATORS[indicator].title, INDICATORS[indicator].about
    rows = unit_rows(units)
    show(title, ROW_FIELDS, rows, as_json=options["as_json"], xlsx=options["xlsx"])
    if not options["as_json"]:
        say(f"{title}：计入 {sum(unit.counts for unit in units)}，共 {len(units)}（{about}）")


def _show_rates(found: list[RateRow], left_out: list[str], options: dict[str, Any]) -> None:
    by_provider = options["by"] == "provider"
    if options["xlsx"]:
        fields = _provider_fields() if by_provider else _fields(found[-1])
        show("签约与履约", fields, [_rate_row(row) for row in found], as_json=False, xlsx=options["xlsx"])
    if options["as_json"]:
        untold = dict.fromkeys(_UNTOLD) if by_provider else {}
        write_json(
            {"rows": [row.as_json() | untold for row in found[:-1]] + [found[-1].as_json()], "left_out": left_out}
        )
        return
    if not options["xlsx"]:
        names, counts = (PROVIDER_RATES, PROVIDER_FIELDS) if by_provider else (BRIEF_RATES, COUNT_FIELDS[:3])
        brief = (*counts, *(ListColumn(key, heading) for key, heading in names.items()))
        shares = ({key: _short(row.rates[key]) for key in names} for row in found)
        table(brief, [_rate_row(row) | share for row, share in zip(found, shares, strict=True)])
        if not by_provider:
            _say_entered(found[-1])
    for text in left_out:
        say(f"{text}（逐项原因：yiyu duty list --state waived 或 exempt）" if "事项" in text else text)


def _fields(total: RateRow) -> tuple[ListColumn, ...]:
    typed = (ListColumn(key, one.title, 24) for key, one in total.entered.items())
    return (*COUNT_FIELDS, *(ListColumn(f"{key}_rate", one.title, 20) for key, one in INDICATORS.items()), *typed)


def _provider_fields() -> tuple[ListColumn, ...]:
    return (*PROVIDER_FIELDS, *(ListColumn(f"{key}_rate", INDICATORS[key].title, 20) for key in PROVIDER_RATES))


def _short(rate: Rate) -> str:
    """Nothing to divide by is a dash: 0/0 reads like a bad result."""
    return "—" if rate.percent is None else f"{rate.numerator}/{rate.denominator} {rate.percent:.0f}%"


def _say_entered(total: RateRow) -> None:
    for one in total.entered.values():
        if one.value is not None or one.target is not None:
            value = UNKNOWN if one.value is None else f"{one.value:g}{one.unit}（{one.source}）"
            goal = "" if one.target is None else f"，{one.target_year} 年目标 {one.target:g}{one.unit}"
            say(f"{one.title}：{value}{goal}")


def _rate_row(row: RateRow) -> dict[str, object]:
    typed = {
        key: one.excluded or (UNKNOWN if one.value is None else f"{one.value:g}{one.unit}")
        for key, one in row.entered.items()
    }
    counts = {name: getattr(row, name) for name in ("group", "childcare", "filed", "signed")}
    visits = {"visits": f"{row.visits_done}/{row.visits_due}"}
    shares = {f"{key}_rate": str(rate) for key, rate in row.rates.items()}
    counts["agreements"] = row.rates["archived"].denominator
    return dict.fromkeys(FIGURES, "") | counts | visits | shares | typed
