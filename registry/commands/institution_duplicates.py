"""yiyu institution duplicates, merge."""

from pathlib import Path

import click

from yiyu.registry.actions.duplicates import Merged, duplicates, merge
from yiyu.registry.codes import district_name
from yiyu.registry.commands.completing import complete_institution
from yiyu.registry.commands.institution_fields import field_label
from yiyu.registry.commands.options import dry_run, listing
from yiyu.registry.commands.session import Session, pass_session
from yiyu.registry.commands.show import Field, say, show, table
from yiyu.registry.similar import Alike

FIELDS = (
    Field("district", "旗区", 12),
    Field("first", "机构", 32),
    Field("first_code", "信用代码", 22, brief=False),
    Field("second", "可能是同一家", 32),
    Field("second_code", "信用代码", 22, brief=False),
    Field("reason", "理由", 30),
)
FILLED_FIELDS = (Field("field", "字段"), Field("value", "补上的值"))


@click.command("duplicates")
@listing
@pass_session
def duplicates_(session: Session, as_json: bool, xlsx: Path | None) -> None:
    """列出可能重复录入的机构；由人决定，不自动合并。"""
    with session.desk() as desk:
        rows = [_row(pair) for pair in duplicates(desk)]
    show("可能重复的机构", FIELDS, rows, as_json=as_json, xlsx=xlsx)
    if rows and not as_json:
        say("确认是同一家后：yiyu institution merge 保留的机构 并入的机构（名称或信用代码）")


@click.command("merge")
@click.argument("kept", metavar="KEPT", shell_complete=complete_institution())
@click.argument("duplicate", metavar="DUPLICATE", shell_complete=complete_institution())
@dry_run
@pass_session
def merge_(session: Session, kept: str, duplicate: str, dry_run: bool) -> None:
    """把 DUPLICATE 并入 KEPT：协议改归保留的一家，空白项补上，纸面和历史不变。"""
    with session.desk() as desk:
        done = merge(desk, kept, duplicate, dry_run=dry_run)
    table(FILLED_FIELDS, [{"field": field_label(name), "value": value} for name, value in done.filled.items()])
    say(_said(done, dry_run=dry_run))


def _said(done: Merged, *, dry_run: bool) -> str:
    verb = "将把" if dry_run else "已把"
    text = f"{verb}“{done.duplicate.name}”并入“{done.kept.name}”，补上 {len(done.filled)} 项"
    return text + (f"，{len(done.agreements)} 份协议改归：{'、'.join(done.agreements)}" if done.agreements else "")


def _row(pair: Alike) -> dict[str, object]:
    return {
        "district": district_name(pair.first.district),
        "first": pair.first.name,
        "first_code": pair.first.code,
        "second": pair.second.name,
        "second_code": pair.second.code,
        "score": pair.score,
        "reason": pair.reason,
    }
