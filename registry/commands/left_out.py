"""What an import did not read, on every door the same: rows that are no record, and those that wait to be accepted."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Protocol, TypeVar

import click

from yiyu.registry.commands.show import cell_place, say
from yiyu.registry.workbooks.records import HIDDEN, LeftRow

F = TypeVar("F", bound=Callable[..., Any])
_MOST_PLACES = 5


class ReadingResult(Protocol):
    """The part of an import's result that every subject has."""

    @property
    def skipped(self) -> Sequence[LeftRow]: ...

    @property
    def waiting(self) -> Sequence[LeftRow]: ...

    @property
    def notes(self) -> Sequence[str]: ...

    @property
    def unread(self) -> Sequence[str]: ...


def accepting(function: F) -> F:
    """``--accept hidden``."""
    text = f"{HIDDEN}：隐藏、筛掉、划掉的行和隐藏的工作表也读入"
    return click.option("--accept", type=click.Choice([HIDDEN]), multiple=True, help=text)(function)


def left_out_json(result: ReadingResult) -> dict[str, object]:
    """Keys of an import's ``--json``: every row that was not read, with its place and the reason."""
    return {
        "skipped": [asdict(one) for one in result.skipped],
        "hidden": [asdict(one) for one in result.waiting],
        "notes": [*result.notes],
    }


def say_left_out(result: ReadingResult) -> None:
    """Say the same: what is no record by its kinds, what waits row by row."""
    reasons: dict[str, list[LeftRow]] = {}
    for row in result.skipped:
        reasons.setdefault(row.reason, []).append(row)
    if reasons:
        kinds = "，".join(f"{reason} {len(rows)}（{_places(rows)}）" for reason, rows in reasons.items())
        say(f"跳过 {len(result.skipped)} 行，不是要导入的内容：{kinds}")
    for note in result.notes:
        say(f"提醒：{note}")
    for text in result.unread:
        say(f"未读入：{text}")
    for row in result.waiting:
        say(f"等待确认：{_place(row)} {row.reason}：{row.text}")
    if result.waiting:
        say(f"以上 {len(result.waiting)} 处看不见或已划掉，没有导入；确实要导入的请加 --accept {HIDDEN}")


def _places(rows: Sequence[LeftRow]) -> str:
    named = "、".join(map(_place, rows[:_MOST_PLACES]))
    return named + ("等" if len(rows) > _MOST_PLACES else "")


def _place(row: LeftRow) -> str:
    return cell_place(row.sheet, "", row.row) if row.row else f"工作表“{row.sheet}”"
