"""yiyu demo."""

import datetime as dt
import shlex
import shutil
import sys
from pathlib import Path

import click

from yiyu.docgen.demonstration import free_folder, play
from yiyu.registry.commands.invocation import actor
from yiyu.registry.commands.options import NEW_FOLDER
from yiyu.registry.commands.show import say
from yiyu.registry.office.workspaces import make_workspace

NEXT = """
接下来可以试试：
  {1} --workspace {0} agreement list --unsigned
  {1} --workspace {0} agreement list --expiring 90
  {1} --workspace {0} agreement renew --expiring 90 --dry-run
  {1} --workspace {0} duty list --state missed
  {1} --workspace {0} report rates
  {1} --workspace {0} archive verify"""


@click.command()
@click.argument("folder", type=NEW_FOLDER, required=False, metavar="[DIR]")
def demo(folder: Path | None) -> None:
    """用随附的示例名册（九个旗区，均为虚构）把一年的工作做一遍。"""
    now = dt.datetime.now().astimezone()
    folder = folder or free_folder(Path())
    make_workspace(folder, pack="ordos", region="150600")
    say(f"工作区：{folder}")
    for line in play(folder, today=now.date(), now=now.isoformat(timespec="seconds"), actor=actor()):
        say(f"✓ {line}")
    say(NEXT.format(shlex.quote(str(folder)), _program()))


def _program() -> str:
    """The program as the lines can be pasted: by its path where the shell would not find it, as make calls it."""
    called = sys.argv[0]
    found = shutil.which("yiyu")
    known = found is not None and Path(called).resolve() == Path(found).resolve()
    return "yiyu" if known or Path(called).stem != "yiyu" else shlex.quote(called)
