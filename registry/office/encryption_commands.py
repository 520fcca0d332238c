"""yiyu encrypt, yiyu decrypt."""

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import dry_run
from yiyu.registry.commands.show import say
from yiyu.registry.config import Workspace
from yiyu.registry.office import encrypting
from yiyu.registry.office.encrypting import Resealed

_SHOWN = 3


@click.command()
@dry_run
@pass_invocation
def encrypt(invocation: Invocation, dry_run: bool) -> None:
    """给登记库加密：以后每次使用都要口令（环境变量 YIYU_KEY，或在终端里输入）。"""
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
