"""Tables for people, JSON for programs, Excel for the office: data on stdout, everything else on stderr."""

import contextlib
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
import msgspec

from yiyu.registry.commands.console import escaped_json
from yiyu.registry.commands.invocation import local
from yiyu.registry.commands.layout import cells, grid, padded
from yiyu.registry.errors import ExitCode, legible

_WIDE = 120
"""Cells of a terminal in which ``wide`` columns have room."""
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(?:[+-]\d\d:\d\d|Z)")


@dataclass(frozen=True, slots=True)
class ListColumn:
    """One column of a listing; ``brief`` ones stand in the terminal, all of them in Excel.

    A ``wide`` one is left out where the terminal is narrow and more is in the way than it tells.
    """

    key: str
    heading: str
    width: float = 12
    brief: bool = True
    wide: bool = False


def show(
    title: str, fields: Sequence[ListColumn], rows: Sequence[Mapping[str, object]], *, as_json: bool, xlsx: Path | None
) -> None:
    """One listing in the form asked for. In JSON the rows go out with their own keys."""
    fields = [replace(one, heading=local(one.heading)) for one in fields]
    if xlsx is not None:
        from yiyu.registry.workbooks.tables import WrittenColumn, write_table

        values = [{f.key: _value(row[f.key]) for f in fields} for row in rows]
        write_table(xlsx, title, [WrittenColumn(f.key, f.heading, f.width) for f in fields], values)
        say(f"已保存 {xlsx}（{len(rows)} 行）")
    if as_json:
        write_json(list(rows))
    elif xlsx is None:
        table([f for f in fields if f.brief], rows)
        say(f"共 {len(rows)} 条" if rows else "没有记录")


def write_json(value: object) -> None:
    """One JSON document on stdout and nothing else."""
    try:
        data = msgspec.json.encode(value)
    except UnicodeEncodeError:  # the name of a file that is not UTF-8
        data = msgspec.json.encode(_legible(msgspec.to_builtins(value)))
    click.echo(escaped_json(msgspec.json.format(data, indent=2).decode()))


def say(text: str) -> None:
    """A message for the person, on stderr."""
    click.echo(legible(local(text)), err=True)


def cell_place(sheet: str, column: str, row: int) -> str:
    """Where a cell of a workbook is, or its row where the fault is of all of it."""
    return f"{sheet} {f'{column}{row}' if column else f'第 {row} 行'}".strip()


def near(path: Path) -> Path:
    """The path as it can be typed here: short where the file lies below the current folder."""
    here = Path.cwd()
    return path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path


def table(fields: Sequence[ListColumn], rows: Sequence[Mapping[str, object]]) -> None:
    """Columns aligned by the width of Chinese characters; folded on a terminal, whole lines in a pipe."""
    if not rows:
        return
    texts = [[cell(row[f.key]) for f in fields] for row in rows]
    if sys.stdout.isatty():
        _folded(fields, texts)
        return
    lines = [[f.heading for f in fields], *texts]
    widths = [max(map(cells, column)) for column in zip(*lines, strict=True)]
    click.echo("\n".join("  ".join(map(padded, line, widths)).rstrip() for line in lines))


def _folded(fields: Sequence[ListColumn], texts: Sequence[Sequence[str]]) -> None:
    """As a person sees it: no column that says nothing, none that has no room."""
    width = shutil.get_terminal_size().columns
    told = [at for at, f in enumerate(fields) if any(line[at] for line in texts) and not (f.wide and width < _WIDE)]
    kept = told or [0]
    head, *rows = grid([[line[at] for at in kept] for line in ([f.heading for f in fields], *texts)], width)
    click.echo("\n".join(click.style(line, bold=True) for line in head))
    click.echo("\n".join(line for row in rows for line in row))
    hidden = [f.heading for at, f in enumerate(fields) if f.wide and at not in kept]
    if hidden and width < _WIDE:
        say(f"窗口较窄，没有显示：{'、'.join(hidden)}；放宽窗口或用 --xlsx 可看全")


def cell(value: object) -> str:
    """A value as people read it in a table."""
    match value:
        case None | "":
            return ""
        case bool():
            return "是" if value else "否"
        case _:
            return _MOMENT.sub(r"\1 \2", legible(str(value)))


def _value(value: object) -> object:
    """The same in Excel, where a number can be summed."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if number else cell(value)


def _legible(value: Any) -> Any:
    match value:
        case str():
            return legible(value)
        case dict():
            return {key: _legible(one) for key, one in value.items()}
        case list() | tuple():
            return [_legible(one) for one in value]
    return value


@contextlib.contextmanager
def progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left on a terminal, nothing when piped. Call what it gives with how many of all are done."""
    with contextlib.ExitStack() as stack:
        bars: list[Any] = []

        def update(done: int, total: int) -> None:
            if not bars:
                bars.append(stack.enter_context(_bar(label, total)))
            bars[0].length = total
            bars[0].update(done - bars[0].pos)

        yield update


def _bar(label: str, total: int) -> Any:
    hidden = not sys.stderr.isatty()
    return click.progressbar(length=total, label=label, file=sys.stderr, show_pos=True, hidden=hidden, width=24)


def finish(failed: Sequence[object]) -> None:
    """Leave with 10 when some items failed (they have been listed)."""
    if failed:
        click.get_current_context().exit(ExitCode.PARTLY)
