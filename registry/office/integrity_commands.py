"""yiyu check, yiyu log."""

from dataclasses import asdict
from pathlib import Path

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, listing
from yiyu.registry.commands.show import ListColumn, progress, say, show, write_json
from yiyu.registry.errors import RegistryFault
from yiyu.registry.lifecycle import EVENT_LABEL
from yiyu.registry.office.integrity import FAULT_LABEL, IntegrityReport, read_log
from yiyu.registry.office.integrity import check as check_workspace
from yiyu.registry.office.restore_advice import NO_BACKUP
from yiyu.registry.rules.chain import Head
from yiyu.registry.store.events import LoggedEvent
from yiyu.registry.store.row_changes import head

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
@listing
@pass_invocation
def check(invocation: Invocation, against: str, as_json: bool, xlsx: Path | None) -> None:
    """核对登记库、记录链和文书文件是否都还是登记时的样子。"""
    with invocation.office() as office, progress("核对文件") as bar:
        found = check_workspace(office, against=against, progress=bar)
    if as_json:
        write_json(_check_json(found))
    if xlsx or (found.faults and not as_json):
        rows = [asdict(one) | {"label": FAULT_LABEL[one.fault]} for one in found.faults]
        show("核对结果", FAULT_FIELDS, rows, as_json=False, xlsx=xlsx)
    if found.faults:
        raise RegistryFault(f"核对发现 {len(found.faults)} 处问题（已列出）", remedy=_what_to_do(found))
    say(f"核对无误：{found.events} 条记录、{found.files} 个文件都是登记时的样子；链头 {found.head}{_since(found)}")


@click.command()
@click.option("--head", "head_only", is_flag=True, help="只给出链头：记录条数和链值的前十位，抄在纸上以后可以对照")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="最近多少条")
@listing
@pass_invocation
def log(invocation: Invocation, head_only: bool, limit: int, as_json: bool, xlsx: Path | None) -> None:
    """最近的记录：谁、何时、对哪份协议或哪家机构做了什么；并核对记录链。"""
    with invocation.office() as office:
        (found, broken), reached = read_log(office, limit), head(office.db)
    if head_only:
        _show_head(reached, as_json=as_json)
    else:
        show("操作记录", LOG_FIELDS, [_row(one) for one in found], as_json=as_json, xlsx=xlsx)
    if broken:
        raise broken


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
        "faults": found.faults,
        "backup": backup,
        "lost": lost,
    }


def _since(found: IntegrityReport) -> str:
    return f"，接得上 {found.against.head}，其后添了 {found.against.added} 条记录" if found.against else ""


def _what_to_do(found: IntegrityReport) -> str:
    """A backup is spoken of only where the registry itself is not what it was: a stray file needs none."""
    if not found.altered:
        return "登记库本身没有问题，不用恢复备份；请按每行的说明处理"
    return f"请停止录入；{found.restore}" if found.restore else NO_BACKUP


def _row(one: LoggedEvent) -> dict[str, object]:
    told = {"number": one.number, "institution": one.institution, "import_id": one.import_id}
    return asdict(one.event) | told | {"label": EVENT_LABEL[one.event.kind]}
