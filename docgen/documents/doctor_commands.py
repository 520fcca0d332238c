"""yiyu doctor."""

import datetime as dt
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path

import click

from yiyu.docgen.documents.doctor import look_at_machine, look_at_names, look_at_plugins, look_at_spellings
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import json_only
from yiyu.registry.commands.plugged import load_plugin_command, plugin_commands
from yiyu.registry.commands.show import say, write_json
from yiyu.registry.config import Workspace
from yiyu.registry.errors import BadInput, NotFound, UserError
from yiyu.registry.institutions.known_layouts import plugin_layouts
from yiyu.registry.office.health import Health, HealthFinding, disk, look_at_workspace
from yiyu.registry.packs.reading import list_packs, plugin_packs
from yiyu.registry.plugins import plugins_in_use
from yiyu.registry.reports.plugin_reports import plugin_reports
from yiyu.registry.session import OfficeSession

LABEL = {
    "config": "设置",
    "writable": "写入权限",
    "rights": "读取权限",
    "registry": "登记库",
    "interrupted": "中断的写入",
    "clock": "时钟",
    "lock": "占用",
    "backups": "备份",
    "leftovers": "临时文件",
    "pack": "口径包",
    "holidays": "放假安排",
    "disk": "磁盘",
    "spellings": "名称写法",
    "names": "名称用字",
    "fonts": "字体",
    "engine": "转 PDF",
    "scan": "收件组件",
    "sign": "签名组件",
    "plugins": "插件",
}
STATE_LABEL = {Health.OK: "正常  ", Health.WARN: "注意  ", Health.FAULT: "要处理"}


@click.command()
@json_only
@pass_invocation
def doctor(invocation: Invocation, as_json: bool) -> None:
    """体检：登记库、备份、字体、打印程序、放假安排、磁盘，哪里不对、用什么命令处理。"""
    found = [*_office(invocation), *look_at_machine(), *plugin_findings()]
    if as_json:
        write_json([asdict(one) | {"label": LABEL[one.code]} for one in found])
    else:
        _tell(found)
    if faults := sum(one.state == Health.FAULT for one in found):
        raise UserError(f"有 {faults} 处要处理（已列出）", remedy="请按箭头后的办法处理，再运行 yiyu doctor")
    say("没有发现问题" if all(one.state == Health.OK for one in found) else "可以使用；注意的几处得空时处理")


def _tell(found: Sequence[HealthFinding]) -> None:
    """A line each, what to do under it: a table with two long columns is not to be read on a terminal."""
    for one in found:
        click.echo(f"{STATE_LABEL[one.state]}  {LABEL[one.code]}：{one.message}")
        if one.remedy:
            click.echo(f"        → {one.remedy}")


def look_at_office(
    workspace: Workspace, office: Callable[[], AbstractContextManager[OfficeSession]]
) -> list[HealthFinding]:
    """Findings of a workspace; of what is in the registry only where that is sound."""
    found = list(look_at_workspace(workspace, dt.datetime.now().astimezone()))
    if any(one.code == "registry" and one.state is Health.OK for one in found):
        with office() as session:
            found += [look_at_names(session), look_at_spellings(session)]
    return found


def plugin_findings() -> list[HealthFinding]:
    """Of every plugin that pip installed here: what it adds, and what of it cannot be used."""
    plugins = plugins_in_use.get()
    readable = {pack.name for pack in list_packs()}
    packs = [(offer.entry, name) for name, offer in plugin_packs().items() if name in readable]
    layouts = [(offer.entry, name) for name, offer in plugin_layouts().items()]
    reports = [(entry, name) for name, (entry, _) in plugin_reports().items()]
    commands = [(entry, name) for name, entry in plugin_commands().items() if load_plugin_command(name)]
    return list(look_at_plugins(plugins, [*packs, *layouts, *reports, *commands]))


def _office(invocation: Invocation) -> list[HealthFinding]:
    """Findings of the workspace; outside of one only that of the disk."""
    try:
        workspace = invocation.workspace
    except BadInput as error:
        return [HealthFinding("config", Health.FAULT, error.what, f"改正 {error.where}（写法见 README）")]
    except NotFound:
        if invocation.given:
            raise
        say("不在工作区内，只查这台电脑；查工作区请加 --workspace DIR")
        return [disk(Path.cwd())]
    return look_at_office(workspace, invocation.office)
