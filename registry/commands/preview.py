"""The preview of an import, on every door the same: its options, its key of ``--json``, and what a terminal shows."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from yiyu.registry.commands.options import READABLE
from yiyu.registry.commands.outputs import XLSX
from yiyu.registry.commands.show import ListColumn, near, say, table
from yiyu.registry.workbooks.previews import FATE_LABEL, Fate, Leave, Preview, PreviewLine, read_choice

F = TypeVar("F", bound=Callable[..., Any])
WAITING_FIELDS = (
    ListColumn("row", "行"),
    ListColumn("fate_label", "情形"),
    ListColumn("name", "名称"),
    ListColumn("heading", "项目"),
    ListColumn("old", "登记库现在"),
    ListColumn("new", "表中"),
    ListColumn("set_by", "由谁登记", wide=True),
    ListColumn("set_at", "何时", wide=True),
)
_NUMBER = ListColumn("code", "编号")
_SHOWN, _NAMED = 30, 5


def leaving(function: F) -> F:
    """--apply, --apply-from, --undo-edits and --preview, for imports that overwrite."""
    for option in (
        click.option("--preview", type=XLSX, metavar="FILE.xlsx", help="把预览存成表：逐项列出，可在“采用”列选"),
        click.option("--undo-edits", is_flag=True, help="连会撤销手工修改的也写入（与 --apply 同用）"),
        click.option("--apply-from", type=READABLE, metavar="FILE.xlsx", help="只写入预览表“采用”列选了的"),
        click.option("--apply", is_flag=True, help="写入等待确认的改动（不加时只列出）"),
    ):
        function = option(function)
    return function


def leave_of(options: dict[str, Any], *, take: str | None = None) -> Leave:
    """Take what the options of :func:`leaving` allow out of ``options``. Raises click.UsageError for two that clash.

    ``take``: the side a ledger's option ``--take`` chose, which decides the same.
    """
    apply, source, undo = (options.pop(name) for name in ("apply", "apply_from", "undo_edits"))
    if source is not None and (apply or undo):
        raise click.UsageError("--apply-from 只写入选了的，不能与 --apply、--undo-edits 同用")
    if take is not None and (source is not None or undo):
        raise click.UsageError("--take 不能与 --apply-from、--undo-edits 同用")
    if undo and not apply:
        raise click.UsageError("--undo-edits 要与 --apply 同用")
    return Leave(apply, undo, None if source is None else read_choice(source))


def preview_json(preview: Preview) -> dict[str, object]:
    """The value of the key ``preview``."""
    return {"counts": preview.counts, "waiting": len(preview.waiting), "lines": preview.lines}


def say_preview(preview: Preview, *, saved: Path | None, by_number: bool = False) -> None:
    """What waits, its counts first; who is missing in the file; and the next step. ``by_number``: records have numbers."""
    waiting = preview.waiting
    if waiting:
        counts = {fate: sum(line.fate is fate for line in waiting) for fate in Fate}
        told = "，".join(f"{FATE_LABEL[fate]} {count}" for fate, count in counts.items() if count)
        say(f"等待确认 {len(waiting)} 项：{told}")
        fields = [_NUMBER if by_number and one.key == "name" else one for one in WAITING_FIELDS]
        table(fields, [_row(line) for line in waiting[:_SHOWN]])
        if len(waiting) > _SHOWN:
            say(f"……另有 {len(waiting) - _SHOWN} 项，从略（--preview 存成表或 --json 可看全部）")
        for note in dict.fromkeys(line.note for line in waiting if line.fate in (Fate.SAME_NAME, Fate.SAME_CODE)):
            say(f"请核对：{note}")
    missing = [line.name for line in preview.lines if line.fate is Fate.MISSING]
    if missing:
        rest = "等" if len(missing) > _NAMED else ""
        say(f"登记库中另有 {len(missing)} 家本表没有列（没有改动）：{'、'.join(missing[:_NAMED])}{rest}")
    if waiting:
        say(_next_step(waiting))
    if saved is not None:
        say(f"预览已存 {near(saved)}" + ("，选好后用 --apply-from 导入" if waiting else ""))


def _row(line: PreviewLine) -> Mapping[str, object]:
    shown = {field.key: getattr(line, field.key, "") for field in (*WAITING_FIELDS, _NUMBER)}
    return shown | {"fate_label": FATE_LABEL[line.fate], "row": line.row or "", "set_at": line.set_at[:10]}


def _next_step(waiting: list[PreviewLine]) -> str:
    undoing = sum(line.fate is Fate.UNDOES_EDIT for line in waiting)
    step = "以上没有写入：核对后加 --apply 写入，只写一部分请用 --preview 存表来选"
    if not undoing:
        return step
    if undoing == len(waiting):
        step = "以上没有写入：请用 --preview 存表来选"
    return f"{step}；会撤销已改内容的 {undoing} 项另要加 --undo-edits 或在表中选"
