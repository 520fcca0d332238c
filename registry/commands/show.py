"""Tables for people, JSON for programs, Excel for the office: data on stdout, everything else on stderr."""

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import msgspec

from yiyu.registry.errors import ExitCode, legible
from yiyu.registry.sheets.tables import Column, write_table

FOLDED_ROWS = 300
"""Longer lists go out as plain lines: nobody reads them on the screen, and folding takes its time."""


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a listing; ``brief`` ones stand in the terminal, all of them in Excel."""

    key: str
    heading: str
    width: float = 12
    brief: bool = True


def show(
    title: str, fields: Sequence[Field], rows: Sequence[Mapping[str, object]], *, as_json: bool, xlsx: Path | None
) -> None:
    """One listing in the form asked for. In JSON the rows go out with their own keys."""
    if xlsx is not None:
        texts = [{f.key: cell(row[f.key]) for f in fields} for row in rows]
        write_table(xlsx, title, [Column(f.key, f.heading, f.width) for f in fields], texts)
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
    click.echo(msgspec.json.format(data, indent=2).decode())


def say(text: str) -> None:
    """A message for the person, on stderr."""
    click.echo(legible(text), err=True)


def table(fields: Sequence[Field], rows: Sequence[Mapping[str, object]]) -> None:
    """Columns aligned by the width of Chinese characters; folded on a terminal, whole lines in a pipe."""
    from rich.cells import cell_len

    if not rows:
        return
    texts = [[cell(row[f.key]) for f in fields] for row in rows]
    if sys.stdout.isatty() and len(rows) <= FOLDED_ROWS:
        _folded(fields, texts)
        return
    lines = [[f.heading for f in fields], *texts]
    sizes = [[cell_len(text) for text in line] for line in lines]
    widths = [max(column) for column in zip(*sizes, strict=True)]
    padded = (
        "  ".join(text + " " * (width - size) for text, size, width in zip(line, size_of, widths, strict=True)).rstrip()
        for line, size_of in zip(lines, sizes, strict=True)
    )
    click.echo("\n".join(padded))


def _folded(fields: Sequence[Field], texts: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, header_style="bold")
    for f in fields:
        grid.add_column(f.heading, overflow="fold", no_wrap=f.key in ("number", "code", "starts_on", "ends_on"))
    for line in texts:
        grid.add_row(*map(Text, line))
    Console(highlight=False).print(grid)


def cell(value: object) -> str:
    """A value as people read it in a table."""
    match value:
        case None | "":
            return ""
        case bool():
            return "是" if value else "否"
        case _:
            return legible(str(value))


def _legible(value: Any) -> Any:
    match value:
        case str():
            return legible(value)
        case dict():
            return {key: _legible(one) for key, one in value.items()}
        case list():
            return [_legible(one) for one in value]
    return value


@contextlib.contextmanager
def progress(label: str) -> Iterator["_Bar"]:
    """A bar on a terminal, nothing when piped."""
    bar = _Bar(label)
    try:
        yield bar
    finally:
        bar.close()


class _Bar:
    def __init__(self, label: str) -> None:
        self._label, self._terminal, self._shown = label, sys.stderr.isatty(), False

    def __call__(self, done: int, total: int) -> None:
        if self._terminal and (done == total or done % 10 == 0):
            click.echo(f"\r{self._label} {done}/{total}", nl=False, err=True)
            self._shown = True

    def close(self) -> None:
        if self._shown:
            click.echo(err=True)


def finish(failed: Sequence[object]) -> None:
    """Leave with 10 when some items failed (they have been listed)."""
    if failed:
        click.get_current_context().exit(ExitCode.PARTLY)
