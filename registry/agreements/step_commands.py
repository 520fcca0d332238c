"""yiyu agreement sign, seal, terminate, void, correct: what happened on paper."""

import datetime as dt
from typing import Any

import click

from yiyu.registry.agreements.steps import ALL_PARTIES, RecordedStep, correct_event, record_step
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import DATE, FORCE, TEXT, WordChoice, dry_run, force_of, forcing
from yiyu.registry.commands.show import say
from yiyu.registry.lifecycle import EVENT_LABEL
from yiyu.registry.model import ROLES

NUMBERS = click.argument("numbers", type=NUMBER, nargs=-1, required=True, metavar="NUMBER…")
PARTIES = WordChoice({**{role: f"{role}方" for role in ROLES[:3]}, ALL_PARTIES: "各方"})
PARTY = click.option("--party", type=PARTIES, required=True, help="哪一方；all 为各方")
ON = click.option("--on", type=DATE, metavar="DATE", default=today, help="纸面上的日期（默认今天）")
NOTE = click.option("--note", type=TEXT, default="", help="说明，如经办人、用印编号")
REASON = click.option("--reason", "note", type=TEXT, required=True, help="原因")


@click.command("sign")
@NUMBERS
@PARTY
@ON
@NOTE
@forcing
@dry_run
@pass_invocation
def sign(invocation: Invocation, /, numbers: tuple[str, ...], **options: Any) -> None:
    """登记签字：哪一方、哪一天。"""
    force = force_of(options)
    with invocation.office() as office:
        done = record_step(office, numbers, "signed", force=force, **options)
    say_recorded(done, dry_run=options["dry_run"])


def _ending(name: str, kind: str, text: str) -> click.Command:
    """A command that ends agreements, with the reason."""

    @click.command(name, help=text)
    @NUMBERS
    @ON
    @REASON
    @FORCE
    @dry_run
    @pass_invocation
    def step(invocation: Invocation, /, numbers: tuple[str, ...], force: bool, **options: Any) -> None:
        with invocation.office() as office:
            done = record_step(office, numbers, kind, force=options["note"] if force else "", **options)
        say_recorded(done, dry_run=options["dry_run"])

    return step


@click.command("seal")
@NUMBERS
@PARTY
@ON
@NOTE
@click.option("--seam", is_flag=True, help="同时盖了骑缝章")
@click.option("--seal-no", type=TEXT, default="", help="用印编号")
@forcing
@dry_run
@pass_invocation
def seal(invocation: Invocation, /, numbers: tuple[str, ...], seam: bool, seal_no: str, **options: Any) -> None:
    """登记盖章：哪一方、哪一天。"""
    data, force = {"seam": seam, "seal_no": seal_no}, force_of(options)
    with invocation.office() as office:
        done = record_step(office, numbers, "sealed", data=data, force=force, **options)
    say_recorded(done, dry_run=options["dry_run"])


terminate = _ending("terminate", "terminated", "登记解除：自这一天起协议终止。")
void = _ending("void", "voided", "作废未签齐的协议；编号保留，不再使用。")


@click.command("correct")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@click.option("--event", "event_id", type=int, required=True, help="记录号，见 agreement history")
@REASON
@dry_run
@pass_invocation
def correct(invocation: Invocation, number: str, event_id: int, note: str, dry_run: bool) -> None:
    """更正一条登记错误的记录；原记录和更正都保留在历史中。"""
    with invocation.office() as office:
        wrong, _ = correct_event(office, number, event_id, note=note, dry_run=dry_run)
    verb = "将更正" if dry_run else "已更正"
    say(f"{verb} {number} 第 {event_id} 号记录（{wrong.on} {EVENT_LABEL[wrong.kind]}{wrong.party}）")


def say_recorded(done: list[RecordedStep], *, dry_run: bool) -> None:
    """Tell what was recorded, and what is to be looked at again."""
    for line in [*(recorded_line(one, dry_run=dry_run) for one in done), *doubtful_days(done)]:
        say(line)


def recorded_line(one: RecordedStep, *, dry_run: bool = False) -> str:
    """One step in words."""
    side = f"{one.party}方" if one.party else ""
    return f"{'将登记' if dry_run else '已登记'} {one.number} {side}{EVENT_LABEL[one.kind]}（{one.on}）"


def doubtful_days(done: list[RecordedStep]) -> list[str]:
    """A day more than a year ago is more often a slip than a late entry."""
    days = sorted({one.on for one in done})
    return [f"提醒：{on} 是一年多以前，请核对年份" for on in days if on < today() - dt.timedelta(days=366)]
