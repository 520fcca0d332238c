"""yiyu check, yiyu log."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import READABLE, TEXT, listing
from yiyu.registry.commands.show import ListColumn, progress, say, show, write_json
from yiyu.registry.errors import BadInput, RegistryFault
from yiyu.registry.files import read_bytes
from yiyu.registry.lifecycle import EVENT_LABEL
from yiyu.registry.office.integrity import FAULT_LABEL, IntegrityFault, IntegrityReport, read_log
from yiyu.registry.office.integrity import check as check_workspace
from yiyu.registry.office.restore_advice import NO_BACKUP
from yiyu.registry.office.sealing import seal
from yiyu.registry.rules.chain import Head
from yiyu.registry.store.events import LoggedEvent
from yiyu.registry.store.row_changes import head

KEY_FILE = click.option("--key-file", type=READABLE, metavar="FILE", help="存加封口令的文件（默认在终端里输入）")
FAULT_FIELDS = (ListColumn("label", "类别", 14), ListColumn("place", "对象", 40), ListColumn("message", "说明", 50))
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
@click.option("--against", type=TEXT, default="", metavar="HEAD|FILE", help="与以前的链头、备份或写有链头的文件对照")
@click.option("--sealed", is_flag=True, help="用加封口令核对每次加封")
@KEY_FILE
@listing
@pass_invocation
def check(
    invocation: Invocation, against: str, sealed: bool, key_file: Path | None, as_json: bool, xlsx: Path | None
) -> None:
    """核对登记库、记录链和文书文件是否都还是登记时的样子。"""
    passphrase = _passphrase(key_file) if sealed else ""
    with invocation.office() as office, progress("核对文件") as bar:
        found = check_workspace(office, against=against, passphrase=passphrase, progress=bar)
    if as_json:
        write_json(_check_json(found))
    if xlsx or (found.faults and not as_json):
        show("核对结果", FAULT_FIELDS, list(map(_fault_row, found.faults)), as_json=False, xlsx=xlsx)
    if found.faults:
        raise RegistryFault(f"核对发现 {len(found.faults)} 处问题（已列出）", remedy=_what_to_do(found))
    say(f"核对无误：{found.events} 条记录、{found.files} 个文件都是登记时的样子；链头 {found.head}{_since(found)}")


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
            reached = seal(office, _passphrase(key_file, new=True))
    if head_only or sealing:
        _show_head(reached, as_json=as_json)
    else:
        show("操作记录", LOG_FIELDS, [_row(one) for one in found], as_json=as_json, xlsx=xlsx)
    if broken:
        raise broken


def _passphrase(key_file: Path | None, *, new: bool = False) -> str:
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


def _check_json(found: IntegrityReport) -> dict[str, object]:
    backup, lost = (found.restore.backup, found.restore.lost) if found.restore else ("", None)
    return {
        "checked": found.files,
        "events": found.events,
        "head": found.head,
        "against": str(found.against.head) if found.against else "",
        "events_since": found.against.added if found.against else None,
        "seals": found.seals,
        "faults": found.faults,
        "backup": backup,
        "lost": lost,
    }


def _fault_row(one: IntegrityFault) -> dict[str, object]:
    return asdict(one) | {"label": FAULT_LABEL[one.fault]}


def _since(found: IntegrityReport) -> str:
    against = f"，接得上 {found.against.head}，其后添了 {found.against.added} 条记录" if found.against else ""
    return against + (f"；{found.seals} 次加封都相符" if found.seals else "")


def _what_to_do(found: IntegrityReport) -> str:
    """A backup is spoken of only where the registry itself is not what it was: a stray file needs none."""
    if not found.altered:
        return "登记库本身没有问题，不用恢复备份；请按每行的说明处理"
    return f"请停止录入；{found.restore}" if found.restore else NO_BACKUP


def _row(one: LoggedEvent) -> dict[str, object]:
    told = {"number": one.number, "institution": one.institution, "import_id": one.import_id}
    return asdict(one.event) | told | {"label": EVENT_LABEL[one.event.kind]}
