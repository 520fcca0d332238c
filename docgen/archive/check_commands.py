"""yiyu check."""

from dataclasses import asdict
from pathlib import Path

import click

from yiyu.docgen.archive.paper_text import texts_of
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, listing
from yiyu.registry.commands.show import ListColumn, progress, say, show, write_json
from yiyu.registry.errors import RegistryFault
from yiyu.registry.office.integrity import FAULT_LABEL, IntegrityFault, IntegrityReport
from yiyu.registry.office.integrity import check as check_workspace
from yiyu.registry.office.integrity_commands import KEY_FILE, seal_passphrase
from yiyu.registry.office.restore_advice import NO_BACKUP

FAULT_FIELDS = (ListColumn("label", "类别", 14), ListColumn("place", "对象", 40), ListColumn("message", "说明", 50))


@click.command()
@click.option(
    "--against", type=TEXT, default="", metavar="HEAD|FILE", help="与以前的链头、备份，或印有链头的目录、卷宗、报告对照"
)
@click.option("--sealed", is_flag=True, help="用加封口令核对每次加封")
@KEY_FILE
@listing
@pass_invocation
def check(
    invocation: Invocation, against: str, sealed: bool, key_file: Path | None, as_json: bool, xlsx: Path | None
) -> None:
    """核对登记库、记录链和文书文件是否都还是登记时的样子。"""
    passphrase = seal_passphrase(key_file) if sealed else ""
    with invocation.office() as office, progress("核对文件") as bar:
        found = check_workspace(office, against=against, passphrase=passphrase, texts_of=texts_of, progress=bar)
    if as_json:
        write_json(_check_json(found))
    if xlsx or (found.faults and not as_json):
        show("核对结果", FAULT_FIELDS, list(map(fault_row, found.faults)), as_json=False, xlsx=xlsx)
    if found.faults:
        raise RegistryFault(f"核对发现 {len(found.faults)} 处问题（已列出）", remedy=what_to_do(found))
    say(f"核对无误：{found.events} 条记录、{found.files} 个文件都是登记时的样子；链头 {found.head}{since(found)}")


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


def fault_row(one: IntegrityFault) -> dict[str, object]:
    return asdict(one) | {"label": FAULT_LABEL[one.fault]}


def since(found: IntegrityReport) -> str:
    against = f"，接得上 {found.against.head}，其后添了 {found.against.added} 条记录" if found.against else ""
    return against + (f"；{found.seals} 次加封都相符" if found.seals else "")


def what_to_do(found: IntegrityReport) -> str:
    """A backup is spoken of only where the registry itself is not what it was: a stray file needs none."""
    if not found.altered:
        return "登记库本身没有问题，不用恢复备份；请按每行的说明处理"
    return f"请停止录入；{found.restore}" if found.restore else NO_BACKUP
