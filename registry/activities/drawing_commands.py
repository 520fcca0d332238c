"""yiyu activity draw and draws: 双随机."""

import datetime as dt
import secrets
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.activities.drawing import DrawnInstitution, draw_institutions, draws
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DISTRICT, TEXT, as_of, dry_run, json_only, listing
from yiyu.registry.commands.show import ListColumn, say, show, table, write_json
from yiyu.registry.rules.districts import district_name

FIELDS = (
    ListColumn("draw", "抽取号", 8),
    ListColumn("on", "抽取日期", 12),
    ListColumn("district", "旗区", 12),
    ListColumn("institution", "托育机构", 32),
    ListColumn("inspectors_label", "检查人员", 20),
    ListColumn("inspected_on", "检查日期", 12),
    ListColumn("activity", "活动", 14),
    ListColumn("seed", "种子", 14, brief=False),
    ListColumn("listed", "名单家数", 8, brief=False),
    ListColumn("digest", "名单校验", 20, brief=False),
)


@click.command("draw")
@click.option("--district", type=DISTRICT, required=True, help="从哪个旗区的在办托育机构中抽")
@click.option("--count", type=click.IntRange(min=1), required=True, metavar="N", help="抽几家")
@click.option(
    "--seed", type=TEXT, default=lambda: secrets.token_hex(4), metavar="TEXT", help="随机种子（不写时由程序取）"
)
@click.option("--inspector", "inspectors", type=TEXT, multiple=True, metavar="NAME", help="检查人员名单（可写多次）")
@click.option("--each", type=click.IntRange(min=1), default=2, show_default=True, metavar="N", help="每家派几人")
@dry_run
@json_only
@pass_invocation
def draw_(invocation: Invocation, /, as_json: bool, **options: Any) -> None:
    """双随机：随机抽取要检查的机构和检查人员，打印种子并记下；同一名单用同一种子，抽出的相同。"""
    with invocation.office() as office:
        found = draw_institutions(office, **options)
    if as_json:
        write_json([row(one) for one in found])
    else:
        _say(found, dry_run=options["dry_run"])


@click.command("draws")
@as_of
@listing
@pass_invocation
def draws_(invocation: Invocation, as_of: dt.date | None, as_json: bool, xlsx: Path | None) -> None:
    """列出各次随机抽取的机构，哪几家已经检查。"""
    with invocation.office(as_of) as office:
        rows = [row(one) for one in draws(office)]
    show("双随机抽取", FIELDS, rows, as_json=as_json, xlsx=xlsx)


def row(one: DrawnInstitution) -> dict[str, object]:
    return asdict(one) | {
        "district": district_name(one.district),
        "inspectors": list(one.inspectors),
        "inspectors_label": "、".join(one.inspectors),
    }


def _say(found: list[DrawnInstitution], *, dry_run: bool) -> None:
    shown = [field for field in FIELDS if field.key in ("institution", "inspectors_label")]
    table(shown, [row(one) for one in found])
    first = found[0]
    where = district_name(first.district)
    say(f"{'将抽取' if dry_run else '已抽取'} {where} {first.listed} 家中的 {len(found)} 家，种子 {first.seed}")
    say(f"名单校验 {first.digest[:16]}；名单没有变时，用 --seed {first.seed} 再抽，结果相同")
    say("检查后登记：activity add --institution 机构 --form 监督检查 --on 日期 --finding 问题|要求|期限")
