"""yiyu init, backup, restore, encrypt, decrypt: the workspace as a whole."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import NEW_FOLDER, READABLE, TEXT, dry_run, json_only
from yiyu.registry.commands.show import progress, say, write_json
from yiyu.registry.config import Workspace
from yiyu.registry.office import encrypting
from yiyu.registry.office.backing_up import BackedUp, back_up, megabytes
from yiyu.registry.office.encrypting import Resealed
from yiyu.registry.office.restoring import Restored
from yiyu.registry.office.restoring import restore as restore_backup
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.packs import load_pack
from yiyu.registry.packs.rows import PACK_ENDED_REMEDY

SHARED = click.option(
    "--shared-group", type=TEXT, default="", metavar="GROUP", help="这个组的人共用（Linux）；不写时只有本人能打开"
)
_FIRST = 20
"""Missing files named on a terminal."""


@click.command()
@click.option(
    "--to", "folder", type=NEW_FOLDER, metavar="FOLDER", help="备份放到哪里（默认 yiyu.toml 的 backup_folder）"
)
@click.option("--with-files", is_flag=True, help="连同文书、扫描件、模板和设置，做成一个 zip")
@click.option(
    "--keep", type=click.IntRange(min=1), help="留最近几份完好的备份（默认 yiyu.toml 的 backups_kept，14 份）"
)
@dry_run
@json_only
@pass_invocation
def backup(
    invocation: Invocation, folder: Path | None, with_files: bool, keep: int | None, dry_run: bool, as_json: bool
) -> None:
    """备份登记库：写好后逐项核对，再轮换旧备份。"""
    with invocation.office() as office:
        with progress("备份并核对") as bar:
            done = back_up(office, folder, with_files=with_files, keep=keep, dry_run=dry_run, progress=bar)
        if as_json:
            write_json(_backup_json(office.workspace, done))
        for line in told_of_backup(office.workspace, done, dry_run=dry_run):
            say(line)


@click.command()
@click.argument("backup", type=READABLE, metavar="BACKUP")
@click.argument("folder", type=NEW_FOLDER, metavar="DIR")
@click.option("--without-note", is_flag=True, help="没有同名的 .json 校验文件也恢复，只做结构检查")
@SHARED
@dry_run
@json_only
def restore(backup: Path, folder: Path, without_note: bool, shared_group: str, dry_run: bool, as_json: bool) -> None:
    """把备份（.db 或 .zip）恢复成一个新的工作区；先核对，原有文件不会被覆盖。"""
    done = restore_backup(backup, folder, without_note=without_note, shared_group=shared_group, dry_run=dry_run)
    if as_json:
        write_json(_restored_json(done))
    else:
        _show_missing(done)
    _say_restored(done, dry_run=dry_run)


def _backup_json(workspace: Workspace, done: BackedUp) -> dict[str, object]:
    return {
        "path": workspace.named(done.path),
        "sha256": done.note.sha256,
        "size": done.note.size,
        "schema": done.note.schema,
        "tables": done.note.tables,
        "head": done.note.head,
        "files": len(done.note.files),
        "altered": done.altered,
        "removed": [workspace.named(path) for path in done.removed],
        "damaged": [workspace.named(path) for path in done.damaged],
        "clock": done.clock,
    }


def told_of_backup(workspace: Workspace, done: BackedUp, *, dry_run: bool = False) -> Iterator[str]:
    """What came of it, a line each."""
    held = f"{done.note.tables.get('institutions', 0)} 家机构、{done.note.tables.get('agreements', 0)} 份协议"
    if dry_run:
        yield f"试算，没有写入：将备份 {held}到 {workspace.named(done.path)}"
    else:
        files = f"，另有 {len(done.note.files) - 1} 个文件" if done.note.files else ""
        size = megabytes(done.note.size)
        yield f"已备份并核对：{workspace.named(done.path)}（{held}{files}，{size} MB；链头 {done.note.head}）"
    if done.clock:
        yield f"注意：{done.clock}，旧备份这次一份也没有删；请核对电脑的日期时间"
    for path in done.removed:
        yield f"{'将删去' if dry_run else '已删去'}过期的备份 {path.name}"
    for path in done.damaged:
        yield f"注意：旧备份 {path.name} 已损坏或缺校验文件，不能用来恢复，也没有删去"
    if done.altered:
        yield f"注意：有 {len(done.altered)} 个文件与登记的不符，照现状放进了备份；请运行 yiyu check 查看"


def _restored_json(done: Restored) -> dict[str, object]:
    return {
        "folder": str(done.folder),
        "schema": done.contents.schema,
        "tables": done.contents.tables,
        "files": done.files,
        "missing": done.missing,
        "proven": done.proven,
        "newer": done.newer[0].name if done.newer else "",
        "fewer": done.newer[1] if done.newer else 0,
    }


def _show_missing(done: Restored) -> None:
    """All of them to a file or another program; a person reads the first."""
    for name in done.missing[:_FIRST] if sys.stdout.isatty() else done.missing:
        click.echo(name)


def _say_restored(done: Restored, *, dry_run: bool) -> None:
    tables = done.contents.tables
    proof = "校验值相符" if done.proven else "没有校验值，只做了结构检查"
    say(
        f"{'可以恢复' if dry_run else '已恢复'}到 {done.folder}：{tables['institutions']} 家机构、{tables['agreements']} 份协议，{proof}"
    )
    if done.newer:
        say(f"注意：比备份 {done.newer[0].name} 少 {done.newer[1]} 条记录；要最近的，请改用那一份")
    if done.missing:
        documents = sum(name.startswith("output/") for name in done.missing)
        archived = len(done.missing) - documents
        say(f"不在备份里的文件：文书 {documents} 个，归档文件 {archived} 个")
        if documents:
            say("文书可用 yiyu generate --missing 重新生成")
        if archived:
            say("归档文件请从旧工作区的 archive 或带文件的备份（backup --with-files）放回原处")
    if not dry_run:
        say(f"下一步：yiyu --workspace {done.folder} check")


@click.command()
@click.argument("folder", type=NEW_FOLDER, metavar="DIR")
@click.option("--pack", type=TEXT, default="ordos", show_default=True, help="口径包")
@click.option("--region", type=TEXT, default="", help="本级行政区划代码（六位；默认口径包的地区）")
@SHARED
@dry_run
def init(folder: Path, pack: str, region: str, shared_group: str, dry_run: bool) -> None:
    """建立工作区：登记库、设置文件和存放文书的目录。"""
    region = make_workspace(folder, pack=pack, region=region, shared_group=shared_group, dry_run=dry_run)
    say(f"{'将建立' if dry_run else '已建立'}工作区 {folder}（口径包 {pack}，区划 {region}）")
    if ended := load_pack(pack).ended(today()):
        say(f"提醒：{ended}；{PACK_ENDED_REMEDY}")
    say(f"下一步：yiyu --workspace {folder} institution import 名册.xlsx")


_SHOWN = 3


@click.command()
@dry_run
@pass_invocation
def encrypt(invocation: Invocation, dry_run: bool) -> None:
    """给登记库加密：以后每次使用都要口令（在终端里输入，或放在环境变量 YIYU_KEY_FILE 所指的文件里）。"""
    say("注意：口令忘了，登记库和以后的备份谁也打不开，找不回来；请先把口令另处妥善保管")
    done = encrypting.encrypt(invocation.workspace, dry_run=dry_run)
    say(f"{'试算，没有写入；将加密登记库：' if dry_run else '已加密登记库，逐项核对过：'}{_held(done)}")
    say("只加密 registry.db；文书、扫描件和导出的表照旧，请用系统的磁盘加密保护")
    _say_readable(invocation.workspace, done)
    if not dry_run:
        say("下一步：yiyu backup，做一份加密的备份")


@click.command()
@dry_run
@pass_invocation
def decrypt(invocation: Invocation, dry_run: bool) -> None:
    """把加密的登记库恢复成不加密的。"""
    done = encrypting.decrypt(invocation.workspace, dry_run=dry_run)
    say(f"{'试算，没有写入；将解密登记库：' if dry_run else '已解密登记库，逐项核对过：'}{_held(done)}")
    if not dry_run:
        say("以后不用口令。加密时做的备份仍要原来的口令才能恢复，请继续保管口令")


def _held(done: Resealed) -> str:
    return f"{done.contents.tables['institutions']} 家机构、{done.contents.tables['agreements']} 份协议"


def _say_readable(workspace: Workspace, done: Resealed) -> None:
    """What encrypting does not reach: it was written before."""
    if done.readable:
        names = "、".join(workspace.named(path) for path in done.readable[:_SHOWN])
        more = "等" if len(done.readable) > _SHOWN else ""
        say(f"以前的备份不会变成加密的，有 {len(done.readable)} 份谁都能读：{names}{more}")
        say("做好加密的备份、确认口令能恢复以后，请自行删去它们")
