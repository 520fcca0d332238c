"""yiyu log; and the passphrase of a seal, which ``check`` asks for as well."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import READABLE, listing
from yiyu.registry.commands.show import ListColumn, show, write_json
from yiyu.registry.errors import BadInput
from yiyu.registry.files import read_bytes
from yiyu.registry.lifecycle import EVENT_LABEL
from yiyu.registry.office.integrity import read_log
from yiyu.registry.office.sealing import seal
from yiyu.registry.rules.chain import Head
from yiyu.registry.store.events import LoggedEvent
from yiyu.registry.store.row_changes import head

KEY_FILE = click.option("--key-file", type=READABLE, metavar="FILE", help="存加封口令的文件（默认在终端里输入）")
LOG_FIELDS = (
    ListColumn("id", "记录号", 8),
    ListColumn("recorded_at", "录入时间", 26),
    ListColumn("number", "协议编号", 22),
    ListColumn("institution", "机构", 24),
    ListColumn("label", "事项", 10),
    ListColumn("party", "方", 4),
    ListColumn("on", "日期", 12),
    ListColumn("actor", "经办", 10),
    ListColumn("note", "说明", 30, brief=False),
)


@click.command()
@click.option("--head", "head_only", is_flag=True, help="只给出链头：记录条数和链值的前十位，抄在纸上以后可以对照")
@click.option("--seal", "sealing", is_flag=True, help="用口令给现在的链头加封；没有口令的人重做不了")
@KEY_FILE
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="最近多少条")
@listing
@pass_invocation
def log(
    invocation: Invocation,
    head_only: bool,
    sealing: bool,
    key_file: Path | None,
    limit: int,
    as_json: bool,
    xlsx: Path | None,
) -> None:
    """最近的记录：谁、何时、对哪份协议或哪家机构做了什么；并核对记录链。"""
    with invocation.office() as office:
        (found, broken), reached = read_log(office, limit), head(office.db)
        if sealing:
            reached = seal(office, seal_passphrase(key_file, new=True))
    if head_only or sealing:
        _show_head(reached, as_json=as_json)
    else:
        show("操作记录", LOG_FIELDS, [log_row(one) for one in found], as_json=as_json, xlsx=xlsx)
    if broken:
        raise broken


def seal_passphrase(key_file: Path | None, *, new: bool = False) -> str:
    """Typed unseen, or from a file; not from the environment, which programs that we start would inherit."""
    if key_file is not None:
        return read_bytes(key_file).decode("utf-8-sig", "replace").strip()
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadInput("没有加封口令", remedy="请在终端里运行并输入口令，或用 --key-file 给出存口令的文件")
    again = "再输入一次" if new else False
    return str(click.prompt("加封口令", hide_input=True, confirmation_prompt=again, err=True)).strip()


def _show_head(found: Head, *, as_json: bool) -> None:
    if as_json:
        write_json({"head": str(found), "events": found.events})
    else:
        click.echo(str(found))


def log_row(one: LoggedEvent) -> dict[str, object]:
    told = {"number": one.number, "institution": one.institution, "import_id": one.import_id}
    return asdict(one.event) | told | {"label": EVENT_LABEL[one.event.kind]}
