"""yiyu agreement review, file, extend, supplement, copies, conflicts."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.agreements.changes import extend as extend_agreement
from yiyu.registry.agreements.changes import move_copies, where_copies_are
from yiyu.registry.agreements.changes import supplement as supplement_agreement
from yiyu.registry.agreements.listing import CONFLICT_LABEL, find_conflicts
from yiyu.registry.agreements.step_commands import NOTE, NUMBERS, ON, say_recorded
from yiyu.registry.agreements.steps import record_step
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import (
    DATE,
    TEXT,
    WordChoice,
    as_of,
    dry_run,
    force_of,
    forcing,
    json_only,
    listing,
    scoped,
)
from yiyu.registry.commands.show import ListColumn, say, show, table, write_json
from yiyu.registry.lifecycle import FILING, FILING_LABEL
from yiyu.registry.rules.copies import PLACES, UNPRINTED

CONFLICT_FIELDS = (
    ListColumn("label", "问题"),
    ListColumn("earlier", "在前", 22),
    ListColumn("later", "在后", 22),
    ListColumn("from_day", "自", 12),
    ListColumn("to_day", "至", 12),
    ListColumn("days", "天数", 6),
)
PLACE = WordChoice(PLACES)
WHERE = "、".join(f"{place} {label}" for place, label in PLACES.items() if place != label[0])
RESULT = WordChoice(
    {"submitted": "送审", "approved": "通过", "returned": "退回"},
    {"submit": "submitted", "pass": "approved", "return": "returned"},
)


@click.command("review")
@NUMBERS
@click.option("--result", type=RESULT, required=True, help="submit 送审，pass 通过，return 退回")
@ON
@NOTE
@dry_run
@pass_invocation
def review(
    invocation: Invocation, numbers: tuple[str, ...], result: str, on: dt.date, note: str, dry_run: bool
) -> None:
    """登记审核：送审、通过、退回。"""
    with invocation.office() as office:
        done = record_step(office, numbers, result, on=on, note=note, dry_run=dry_run)
    say_recorded(done, dry_run=dry_run)


@click.command("file")
@NUMBERS
@click.option(
    "--step",
    type=WordChoice({step: FILING_LABEL[step] for step in FILING[1:]}),
    required=True,
    help="、".join(f"{s} {FILING_LABEL[s]}" for s in FILING[1:]),
)
@ON
@NOTE
@forcing
@dry_run
@pass_invocation
def file_(invocation: Invocation, /, numbers: tuple[str, ...], step: str, **options: Any) -> None:
    """登记归档：一步一步，双方盖章之后才开始。"""
    force = force_of(options)
    with invocation.office() as office:
        done = record_step(office, numbers, step, force=force, **options)
    say_recorded(done, dry_run=options["dry_run"])


@click.command("extend")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@ON
@dry_run
@pass_invocation
def extend(invocation: Invocation, number: str, on: dt.date, dry_run: bool) -> None:
    """登记自动顺延：协议写明自动顺延、异议期已过时，再续一期。"""
    with invocation.office() as office:
        done = extend_agreement(office, number, on=on, dry_run=dry_run)
    say(f"{'将登记' if dry_run else '已登记'} {number} 自动顺延至 {done.ends_on}")


@click.command("supplement")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@click.option("--text", type=TEXT, required=True, help="变更内容")
@click.option("--end", "ends_on", type=DATE, metavar="DATE", help="变更后的截止日期")
@ON
@dry_run
@pass_invocation
def supplement(
    invocation: Invocation, number: str, text: str, ends_on: dt.date | None, on: dt.date, dry_run: bool
) -> None:
    """登记补充协议：自有编号，连着原协议；之后以变更后的为准。"""
    with invocation.office() as office:
        own = supplement_agreement(office, number, on=on, text=text, ends_on=ends_on, dry_run=dry_run)
    say(f"{'将登记' if dry_run else '已登记'}补充协议 {own}（{on}）")


@click.command("copies")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@click.option("--move", "count", type=click.IntRange(min=1), metavar="COUNT", help="移动几份原件")
@click.option("--from", "source", type=PLACE, default=UNPRINTED, help=f"从哪里：{WHERE}")
@click.option("--to", "target", type=PLACE, help="到哪里（同上）")
@ON
@NOTE
@dry_run
@json_only
@pass_invocation
def copies(
    invocation: Invocation, /, number: str, count: int | None, target: str | None, as_json: bool, **move: Any
) -> None:
    """查看或登记原件去向：一式几份，各在哪里，合计不变。"""
    if bool(count) != bool(target):
        raise click.UsageError("移动原件要同时写 --move 几份和 --to 到哪里")
    with invocation.office() as office:
        if count and target:
            places = move_copies(office, number, count, target=target, **move)
        else:
            places = where_copies_are(office, number)
    rows = [{"place": PLACES[place], "count": held} for place, held in places.items() if held]
    write_json(places) if as_json else table((ListColumn("place", "位置"), ListColumn("count", "份数")), rows)


@click.command("conflicts")
@scoped
@as_of
@listing
@pass_invocation
def conflicts(invocation: Invocation, as_of: dt.date | None, as_json: bool, xlsx: Path | None) -> None:
    """列出同一双方、同一类型的协议之间的期限重叠、中断和重复签署。"""
    with invocation.office(as_of) as office:
        found = find_conflicts(office)
    rows: list[dict[str, object]] = [asdict(one) | {"label": CONFLICT_LABEL[one.kind]} for one in found]
    show("期限核对", CONFLICT_FIELDS, rows, as_json=as_json, xlsx=xlsx)
