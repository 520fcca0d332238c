"""Write docs/site/commands.md: every command with its options and help, asked of Click itself.

Run from the root: ``python docs/commands.py``. A test compares the page with the program.
"""

from collections.abc import Iterator
from pathlib import Path

import click

from yiyu.cli import main

PAGE = Path(__file__).parent / "site" / "commands.md"
HEAD = """# 命令一览

`yiyu [--workspace DIR] 命令 [参数]`。工作区是 DIR，否则是环境变量 `YIYU_WORKSPACE`，否则从当前目录向上找 `yiyu.toml`。
每条命令都可以加 `--help`。本页由 `python docs/commands.py` 从程序生成，请勿手改。
"""


def page() -> str:
    context = click.Context(main, info_name="yiyu")
    lines = [HEAD]
    for name in main.list_commands(context):
        lines += [f"## {name}", ""]
        lines += list(_whole(_found(main, context, name), context, "yiyu", name))
    return "\n".join(lines).rstrip() + "\n"


def _whole(command: click.Command, context: click.Context, *path: str) -> Iterator[str]:
    """A command; a group as its sentence and each of its commands under a heading."""
    inner = click.Context(command, parent=context, info_name=path[-1])
    if isinstance(command, click.Group):
        yield from (_sentences(command), "")
        for name in command.list_commands(inner):
            yield from (f"### {path[-1]} {name}", "")
            yield from _whole(_found(command, inner, name), inner, *path, name)
        return
    usage = " ".join(command.collect_usage_pieces(inner))
    yield from (_sentences(command), "", f"`{' '.join(path)} {usage}`", "")
    rows = [_row(one, inner) for one in command.params if isinstance(one, click.Option)]
    if rows:
        yield from ("| 选项 | 作用 |", "|---|---|", *rows, "")


def _found(group: click.Group, context: click.Context, name: str) -> click.Command:
    command = group.get_command(context, name)
    if command is None:
        raise LookupError(name)
    return command


def _row(option: click.Option, context: click.Context) -> str:
    names = ", ".join([*option.opts, *option.secondary_opts])
    value = "" if option.is_flag else f" {option.make_metavar(context)}"
    _, help_ = option.get_help_record(context) or ("", "")
    return f"| `{names}{value}` | {_cell(help_)} |"  # a bar within a code span parts no cells


def _sentences(command: click.Command) -> str:
    return " ".join((command.help or "").split())


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
