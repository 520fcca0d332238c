"""yiyu desk: the office in the browser."""

import importlib.util
import secrets
from pathlib import Path

import click

from yiyu.registry.commands.invocation import Invocation, actor, pass_invocation
from yiyu.registry.commands.options import READABLE, TEXT, json_only
from yiyu.registry.commands.show import say, write_json
from yiyu.registry.errors import ProgramFault

_NEEDED = ("starlette", "uvicorn", "multipart", "itsdangerous", "argon2")


@click.command("desk")
@click.option("--lan", is_flag=True, help="让办公室的其他电脑也能打开；每人用自己的姓名和口令登录")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="PORT", help="端口（默认从 8765 起找一个空的）"
)
@click.option(
    "--host", "names", type=TEXT, multiple=True, metavar="NAME", help="这台电脑在局域网里的名字或地址（可写多次）"
)
@click.option("--cert", type=READABLE, metavar="FILE.pem", help="TLS 证书")
@click.option("--key", type=READABLE, metavar="FILE.pem", help="证书的私钥")
@click.option("--no-browser", is_flag=True, help="不打开浏览器，只给出地址")
@json_only
@pass_invocation
def desk(
    invocation: Invocation,
    /,
    lan: bool,
    port: int,
    names: tuple[str, ...],
    cert: Path | None,
    key: Path | None,
    no_browser: bool,
    as_json: bool,
) -> None:
    """在浏览器里打开工作台；按 Ctrl+C 结束。"""
    _require_desk()
    from yiyu.desk.opening import opened

    if bool(cert) != bool(key):
        raise click.UsageError("--cert 和 --key 要一起写")
    once = secrets.token_urlsafe(24)
    running = opened(invocation.workspace, "" if lan else actor(), once, port=port, names=names, pair=(cert, key))
    write_json({"address": running.address, "first": running.first}) if as_json else say(running.told)
    running.serve(browser=not no_browser)
    say("工作台已关闭")
    running.leave()


def _require_desk() -> None:
    if missing := [name for name in _NEEDED if importlib.util.find_spec(name) is None]:
        remedy = "请运行 pip install 'yiyu[desk]' 后再试"
        raise ProgramFault(f"没有装工作台要用的 {'、'.join(missing)}", remedy=remedy)
