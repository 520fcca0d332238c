"""yiyu institution duplicates, merge."""

from pathlib import Path

import click

from yiyu.registry.commands.completion import complete_institution
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, dry_run, listing
from yiyu.registry.commands.show import ListColumn, say, show, table
from yiyu.registry.institutions.duplicates import MergedInstitution, duplicates, merge
from yiyu.registry.institutions.options import field_label
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.similar import Alike

FIELDS = (
    ListColumn("district", "旗区", 12),
    ListColumn("first", "机构", 32),
    ListColumn("first_code", "信用代码", 22, brief=False),
    ListColumn("second", "可能是同一家", 32),
    ListColumn("second_code", "信用代码", 22, brief=False),
    ListColumn("reason", "理由", 30),
)
FILLED_FIELDS = (ListColumn("field", "字段"), ListColumn("value", "补上的值"))


@click.command("duplicates")
@listing
@pass_invocation
def duplicates_(invocation: Invocation, as_json: bool, xlsx: Path | None) -> None:
    """列出可能重复录入的机构；由人决定，不自动合并。"""
    with invocation.office() as office:
        rows = [row_of(pair) for pair in duplicates(office)]
    show("可能重复的机构", FIELDS, rows, as_json=as_json, xlsx=xlsx)
    if rows and not as_json:
        say("确认是同一家后：yiyu institution merge 保留的机构 并入的机构（名称或信用代码）")


@click.command("merge")
@click.argument("kept", type=TEXT, metavar="KEPT", shell_complete=complete_institution())
@click.argument("duplicate", type=TEXT, metavar="DUPLICATE", shell_complete=complete_institution())
@dry_run
@pass_invocation
def merge_(invocation: Invocation, kept: str, duplicate: str, dry_run: bool) -> None:
    """把 DUPLICATE 并入 KEPT：协议改归保留的一家，空白项补上，纸面和历史不变。"""
    with invocation.office() as office:
        done = merge(office, kept, duplicate, dry_run=dry_run)
    table(FILLED_FIELDS, [{"field": field_label(name), "value": value} for name, value in done.filled.items()])
    say(merge_told(done, dry_run=dry_run))


def merge_told(done: MergedInstitution, *, dry_run: bool = False) -> str:
    """What is to be said of a merge."""
    verb = "将把" if dry_run else "已把"
    text = f"{verb}“{done.duplicate.name}”并入“{done.kept.name}”，补上 {len(done.filled)} 项"
    return text + (f"，{len(done.agreements)} 份协议改归：{'、'.join(done.agreements)}" if done.agreements else "")


def row_of(pair: Alike) -> dict[str, object]:
    """The keys of ``institution duplicates --json``."""
    return {
        "district": district_name(pair.first.district),
        "first": pair.first.name,
        "first_code": pair.first.code,
        "second": pair.second.name,
        "second_code": pair.second.code,
        "score": pair.score,
        "reason": pair.reason,
    }
