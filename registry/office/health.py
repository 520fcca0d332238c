"""What is wrong with a workspace, or soon will be, and what mends it. Nothing is changed."""

import datetime as dt
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from yiyu.registry.config import Workspace
from yiyu.registry.errors import UserError
from yiyu.registry.office.backing_up import megabytes
from yiyu.registry.office.backups import backups_in, clock_doubt
from yiyu.registry.office.holidays import load_year_tables
from yiyu.registry.office.integrity import leftovers
from yiyu.registry.office.restore_advice import remedy
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.rows import PACK_ENDED_REMEDY
from yiyu.registry.rules.workdays import is_published
from yiyu.registry.store.status import RegistryState, RegistryStatus, condition

STALE = dt.timedelta(days=7)
LOW_DISK = 1_000_000_000
_PUBLISHED_BY = 11
"""The State Council publishes the next year in about November (domain.md#working-days)."""
_SHOWN = 3
_GONE = {
    RegistryState.MISSING: "登记库不在了",
    RegistryState.FOREIGN: "registry.db 不是 yiyu 的登记库",
    RegistryState.DAMAGED: "登记库已损坏",
}
"""What calls for a backup."""


class Health(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """One thing looked at. ``code`` is the stable name of it; ``remedy`` the command that mends it, "" when all is well."""

    code: str
    state: Health
    message: str
    remedy: str = ""


def look_at_workspace(workspace: Workspace, now: dt.datetime) -> Iterator[HealthFinding]:
    """Everything of one office: settings, registry, backups, calendar, disk. Each code once, in this order."""
    yield HealthFinding("config", Health.OK, f"工作区 {workspace.root}，口径包 {workspace.config.pack}")
    yield _writable(workspace)
    yield _rights(workspace)
    found = condition(workspace.registry_path)
    yield _registry(workspace, found)
    if found.state in (RegistryState.SOUND, RegistryState.OLDER):
        yield _interrupted(found)
        yield _clock(found, now)
    yield _lock(found)
    yield _backups(workspace, found, now)
    yield _leftovers(workspace)
    yield _pack(workspace, now.date())
    yield _holidays(workspace, now.date())
    yield disk(workspace.root)


def disk(folder: Path) -> HealthFinding:
    free = shutil.disk_usage(folder).free
    if free < LOW_DISK:
        return HealthFinding("disk", Health.WARN, f"磁盘只剩 {megabytes(free)} MB", "清理磁盘，至少留出 1 GB")
    return HealthFinding("disk", Health.OK, f"磁盘剩余 {free / 1e9:.0f} GB")


def _writable(workspace: Workspace) -> HealthFinding:
    folders = (workspace.root, workspace.output, workspace.root / "archive")
    for folder in (one for one in folders if one.is_dir()):
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError:
            remedy = f"请管理员放开写入权限（Linux：chmod -R u+w {folder}）"
            return HealthFinding("writable", Health.FAULT, f"不能写入 {workspace.named(folder)}", remedy)
    return HealthFinding("writable", Health.OK, "工作区可以写入")


def _rights(workspace: Workspace) -> HealthFinding:
    """Whether everybody with an account here can read what the office keeps; offices of before were made so."""
    kept = (workspace.registry_path, workspace.backups, workspace.output)
    open_ones = [workspace.named(one) for one in kept if one.exists() and one.stat().st_mode & stat.S_IROTH]
    if os.name != "nt" and open_ones:
        message = f"这台机器上的其他人也能读：{'、'.join(open_ones)}"
        return HealthFinding("rights", Health.WARN, message, f"chmod -R o-rwx {workspace.root}")
    return HealthFinding("rights", Health.OK, "别人读不到登记库和文书")


def _registry(workspace: Workspace, found: RegistryStatus) -> HealthFinding:
    ages = f"第 {found.schema} 版，本程序是第 {found.known} 版"
    if found.closed:
        return HealthFinding("registry", Health.FAULT, found.closed.what, found.closed.remedy)
    if found.state in _GONE:
        return HealthFinding("registry", Health.FAULT, _GONE[found.state], remedy(workspace))
    findings = {
        RegistryState.SOUND: (Health.OK, f"登记库完好（第 {found.schema} 版），{found.institutions} 家机构", ""),
        RegistryState.NEWER: (Health.FAULT, f"登记库由更新版本的 yiyu 建立（{ages}）", "pip install -U yiyu"),
        RegistryState.OLDER: (Health.WARN, f"登记库是旧的（{ages}），打开时先备份再升级", "yiyu check"),
        RegistryState.LOCKED: (Health.WARN, "登记库正被占用，没能查看", "稍后再运行 yiyu doctor"),
    }
    return HealthFinding("registry", *findings[found.state])


def _interrupted(found: RegistryStatus) -> HealthFinding:
    if found.interrupted:
        message = "上次写入登记库时中断过；没写完的已自动撤回"
        return HealthFinding("interrupted", Health.WARN, message, "yiyu check，然后把上次的操作重做一遍")
    return HealthFinding("interrupted", Health.OK, "没有中断的写入")


def _lock(found: RegistryStatus) -> HealthFinding:
    if found.locked:
        return HealthFinding("lock", Health.WARN, "有人正在写入登记库", "稍后再查；一直如此，请关闭别的 yiyu 窗口")
    return HealthFinding("lock", Health.OK, "登记库没有被占用")


def _clock(found: RegistryStatus, now: dt.datetime) -> HealthFinding:
    if doubt := clock_doubt(found.newest, now):
        return HealthFinding("clock", Health.WARN, doubt, "核对电脑的日期时间；错的话改正后再录入")
    return HealthFinding("clock", Health.OK, f"电脑时间 {now:%Y-%m-%d %H:%M}")


def _backups(workspace: Workspace, found: RegistryStatus, now: dt.datetime) -> HealthFinding:
    """The newest good one counts. An office that recorded nothing since needs no newer one."""
    every = backups_in(workspace.backups)
    newest = next((one for one in every if one.sound), None)
    noteless = (one for one in every if newest and not one.note and one.made > newest.made)
    bad = [one.path.name for one in (*every[: every.index(newest) if newest else len(every)], *noteless)]
    if bad:
        return HealthFinding("backups", Health.FAULT, f"最近的备份 {bad[0]} 已损坏或缺校验文件", "yiyu backup")
    if newest is None:
        if not found.institutions and not found.closed:
            return HealthFinding("backups", Health.OK, "还没有登记什么，不用备份")
        return HealthFinding("backups", Health.WARN, "还没有备份", "yiyu backup")
    age = now - newest.made
    unchanged = _changed_at(workspace) <= newest.made
    if age > STALE and not unchanged:
        return HealthFinding("backups", Health.WARN, f"最近的备份是 {age.days} 天前的", "yiyu backup")
    return HealthFinding("backups", Health.OK, f"最近的备份：{newest.path.name}，完好")


def _changed_at(workspace: Workspace) -> dt.datetime:
    path = workspace.registry_path
    return dt.datetime.fromtimestamp(path.stat().st_mtime if path.exists() else 0).astimezone()


def _leftovers(workspace: Workspace) -> HealthFinding:
    left = [one.place for one in leftovers(workspace.root)]
    if left:
        names = "、".join(left[:_SHOWN]) + ("等" if len(left) > _SHOWN else "")
        message = f"有 {len(left)} 个上次中断留下的临时文件：{names}"
        return HealthFinding("leftovers", Health.WARN, message, "没有别人在用时删去它们；yiyu check 列出全部")
    return HealthFinding("leftovers", Health.OK, "没有中断留下的临时文件")


def _pack(workspace: Workspace, today: dt.date) -> HealthFinding:
    name = workspace.config.pack
    try:
        pack = load_pack(name, office=workspace.templates)
    except UserError as error:
        return HealthFinding("pack", Health.FAULT, f"口径包 {name} 用不了：{error.what}", f"yiyu pack check {name}")
    if ended := pack.ended(today):
        return HealthFinding("pack", Health.WARN, ended, PACK_ENDED_REMEDY)
    return HealthFinding("pack", Health.OK, f"口径包 {name} 可用")


def _holidays(workspace: Workspace, today: dt.date) -> HealthFinding:
    try:
        own = {table.year for table in load_year_tables(workspace.root)}
    except UserError as error:
        return HealthFinding("holidays", Health.FAULT, f"{error.where}：{error.what}", error.remedy)
    wanted = [today.year] + ([today.year + 1] if today.month >= _PUBLISHED_BY else [])
    missing = [year for year in wanted if year not in own and not is_published(year)]
    if missing:
        years = "、".join(map(str, missing))
        remedy = f"照国务院放假通知建 holidays-{missing[0]}.toml（写法见 yiyu.toml），或 pip install -U chinesecalendar"
        return HealthFinding("holidays", Health.WARN, f"没有 {years} 年的放假安排，提醒日期只按周末推算", remedy)
    return HealthFinding("holidays", Health.OK, f"{'、'.join(map(str, wanted))} 年的放假安排齐全")
