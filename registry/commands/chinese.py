"""Help pages in Chinese columns, and the words of a usage line that Click takes from its own code instead of gettext."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

import click

from yiyu.registry.commands.layout import cells, padded, wrapped
from yiyu.registry.workbooks.text import entry_fault

_METAVARS = {"text": "文字", "integer": "整数", "integer range": "整数", "float": "数", "date": "日期"}


class HelpPage(click.HelpFormatter):
    """Click's own counts a Chinese character as one cell: columns slip and lines run over the edge."""

    def write_text(self, text: str) -> None:
        indent, width = " " * self.current_indent, self.width - self.current_indent
        paragraphs = (wrapped(" ".join(one.split()), width) for one in text.split("\n\n"))
        self.write("\n\n".join("\n".join(indent + line for line in lines) for lines in paragraphs) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        rows = list(rows)
        first = min(max(cells(term) for term, _ in rows), col_max) + col_spacing
        indent = " " * self.current_indent
        for term, text in rows:
            lines = wrapped(text, max(self.width - first - self.current_indent, 10))
            *above, beside = self._term(term)
            if above or cells(beside) > first - col_spacing:
                above, beside = [*above, beside], ""
            for line in above:
                self.write(f"{indent}{line}\n")
            for head, line in zip_longest([beside], lines, fillvalue=""):
                self.write(f"{indent}{padded(head, first)}{line}".rstrip() + "\n")

    def _term(self, term: str) -> list[str]:
        """An option with its values; many values take several lines."""
        lines = [""]
        for piece in term.replace("|", "|\n").split("\n"):
            if cells(lines[-1] + piece) > self.width - self.current_indent:
                lines.append("    ")
            lines[-1] += piece
        return lines


class Context(click.Context):
    formatter_class = HelpPage


class CleanText(click.ParamType[str]):
    """A text from the command line, held to what a cell of a workbook is held to; a required one says something."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        text = str(click.STRING.convert(value, param, ctx))
        if fault := entry_fault(text):
            self.fail(f"{fault}；请重新输入这一项", param, ctx)
        if param is not None and param.required and not text.strip():
            self.fail("不能是空的；请写明", param, ctx)
        return text


def in_chinese(command: click.Command) -> click.Command:
    """Give a command, and all under it, Chinese help pages, placeholders where none was written, and clean texts."""
    command.context_class = Context
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
