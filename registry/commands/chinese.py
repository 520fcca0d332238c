"""The words of a usage line that Click takes from its own code instead of gettext."""

from typing import Any

import click

from yiyu.registry.sheets.text import forbidden_place

_METAVARS = {"text": "文字", "integer": "整数", "integer range": "整数", "date": "日期"}


class CleanText(click.ParamType[str]):
    """A text from the command line, held to what a cell of a workbook is held to."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(click.STRING.convert(value, param, ctx))
        if place := forbidden_place(text):
            self.fail(f"第 {place} 个字符是看不见的控制字符，或文字过长；请重新输入这一项", param, ctx)
        return text


def in_chinese(command: click.Command) -> click.Command:
    """Give a command, and all under it, Chinese placeholders where none was written, and clean texts."""
    command.options_metavar = "[选项]"
    for param in command.params:
        if param.type is click.STRING:
            param.type = CleanText()
        if isinstance(param, click.Option) and param.metavar is None and not param.is_flag:
            param.metavar = _METAVARS.get(param.type.name)
    if isinstance(command, click.Group):
        command.subcommand_metavar = "命令 [参数]…"
        for child in command.commands.values():
            in_chinese(child)
    return command
