"""Help pages in Chinese columns, and the words of a usage line that Click takes from its own code instead of gettext."""

from collections.abc import Iterable
from itertools import zip_longest

import click

from yiyu.registry.commands.layout import cells, padded, wrapped

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


def in_chinese(command: click.Command) -> click.Command:
    """Give a command Chinese help pages, and placeholders where none was written."""
    command.context_class = Context
    command.options_metavar = "[选项]"
    for param in command.params:
        if isinstance(param, click.Option) and param.metavar is None and not param.is_flag:
            param.metavar = _METAVARS.get(param.type.name)
    return command
