"""The words of a usage line that Click takes from its own code instead of gettext."""

import click

_METAVARS = {"text": "文字", "integer": "整数", "integer range": "整数", "date": "日期"}


def in_chinese(command: click.Command) -> click.Command:
    """Give a command, and all under it, Chinese placeholders where none was written."""
    command.options_metavar = "[选项]"
    for param in command.params:
        if isinstance(param, click.Option) and param.metavar is None and not param.is_flag:
            param.metavar = _METAVARS.get(param.type.name)
    if isinstance(command, click.Group):
        command.subcommand_metavar = "命令 [参数]…"
        for child in command.commands.values():
            in_chinese(child)
    return command
