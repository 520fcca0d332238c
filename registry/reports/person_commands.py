"""yiyu person, yiyu institution erase-contact: what is held of a person, and its erasure."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from yiyu.registry.commands.completion import complete_institution
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, dry_run, listing
from yiyu.registry.commands.show import ListColumn, say, show
from yiyu.registry.errors import UserError
from yiyu.registry.lifecycle import EVENT_LABEL
from yiyu.registry.reports.people import PLACE_LABEL, ROLE_LABEL, Erased, erase, person

FIELDS = (
    ListColumn("place_label", "哪类记录", 14),
    ListColumn("subject", "所属", 32),
    ListColumn("role_label", "身份", 12),
    ListColumn("text", "内容", 36),
    ListColumn("day", "日期", 12),
)


@click.command("person")
@click.argument("who", type=TEXT, metavar="NAME|PHONE")
@listing
@pass_invocation
def person_(invocation: Invocation, who: str, as_json: bool, xlsx: Path | None) -> None:
    """一个人在登记库里的全部记录（供本人查阅或复制）。"""
    with invocation.office() as office:
        found = [asdict(one) for one in person(office, who)]
    labelled = [row | _labels(row) for row in found]
    show("个人记录", FIELDS, found if as_json and not xlsx else labelled, as_json=as_json, xlsx=xlsx)
    say("以上是登记库里的记录；协议和活动的 Word 文书、扫描件、备份中也可能有，可按所列编号查找")


def _labels(row: dict[str, str]) -> dict[str, str]:
    place, role = PLACE_LABEL[row["place"]], ROLE_LABEL.get(row["role"], f"{row['role']}方")
    text = EVENT_LABEL.get(row["text"], row["text"]) if row["place"] == "event" else row["text"]
    return {"place_label": place, "role_label": role, "text": text}


@click.command("erase-contact")
@click.argument("text", type=TEXT, metavar="NAME|CODE", shell_complete=complete_institution())
@click.option("--yes", is_flag=True, help="不再询问")
@dry_run
@pass_invocation
def erase_contact(invocation: Invocation, text: str, yes: bool, dry_run: bool) -> None:
    """清除一家机构的联系人和电话，连同协议中照印的一份；不能恢复。"""
    if not (yes or dry_run):
        _confirm()
    with invocation.office() as office:
        done = erase(office, text, dry_run=dry_run)
    _said(done, dry_run=dry_run)


def _confirm() -> None:
    """Ask on a terminal; elsewhere nobody can answer. Raises UserError there."""
    if not sys.stdin.isatty():
        raise UserError("清除后不能恢复，需要确认", remedy="确定要清除请加 --yes，先看影响请加 --dry-run")
    click.confirm("清除后不能恢复，确定吗", abort=True, err=True)


def _said(done: Erased, *, dry_run: bool) -> None:
    if not done.held:
        say(f"“{done.name}”没有登记联系人和电话，没有要清除的")
        return
    verb = "将清除" if dry_run else "已清除"
    say(f"{verb}“{done.name}”的联系人和电话，涉及协议 {len(done.agreements)} 份")
    for path in done.documents:
        say(f"已生成的文书可能仍印有联系方式：{path}")
    say("扫描件和以前的备份不受影响；如需一并处理，请按本单位规定办理")
