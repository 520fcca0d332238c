"""yiyu activity import: a 活动登记册 in."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.activities.importing import Imported, import_register
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.left_out import accepting, left_out_json, say_left_out
from yiyu.registry.commands.options import READABLE, TEXT, dry_run, json_only
from yiyu.registry.commands.outputs import XLSX
from yiyu.registry.commands.preview import leave_of, leaving, preview_json, say_preview
from yiyu.registry.commands.show import ListColumn, cell_place, finish, near, progress, say, table, write_json
from yiyu.registry.config import Workspace

PROBLEM_FIELDS = (ListColumn("place", "位置"), ListColumn("severity_label", "程度"), ListColumn("message", "问题"))
ADDED_FIELDS = (
    ListColumn("number", "新增活动"),
    ListColumn("on", "日期"),
    ListColumn("form", "形式"),
    ListColumn("agreements", "协议"),
)
_SHOWN_ADDED = 20


@click.command("import")
@click.argument("file", type=READABLE)
@click.option("--sheet", type=TEXT, help="只读这一张工作表")
@click.option("--problems", type=XLSX, metavar="FILE.xlsx", help="有错的行存到这里（默认存到工作区 problems/）")
@accepting
@leaving
@dry_run
@json_only
@pass_invocation
def import_(invocation: Invocation, /, file: Path, as_json: bool, **options: Any) -> None:
    """导入活动登记册（xlsx 或 CSV）：新的和补空的写入，会改写的先列出；有错的行另存一表，改好后可再导入。"""
    leave = leave_of(options)
    with invocation.office() as office:
        with progress("导入") as bar:
            result = import_register(office, file, leave=leave, progress=bar, **options)
        if as_json:
            write_json(_as_json(result, office.workspace))
        else:
            _show(result, saved=options["preview"], dry_run=options["dry_run"])
    finish(result.left_out)


def _as_json(result: Imported, workspace: Workspace) -> dict[str, object]:
    path = result.problems_file
    return {
        "file": result.file,
        "rows": result.rows,
        "added": len(result.added),
        "changed": result.corrected,
        "unchanged": result.unchanged,
        "additions": [
            {"number": one.number, "on": one.on, "form": one.form, "agreements": one.agreements} for one in result.added
        ],
        "problems": [asdict(one) for one in result.problems],
        "problems_file": workspace.named(path) if path else None,
        **left_out_json(result),
        "preview": preview_json(result.preview),
    }


def _show(result: Imported, *, saved: Path | None, dry_run: bool) -> None:
    labels = {"error": "错误", "warning": "提醒"}
    rows = [
        asdict(one) | {"place": cell_place(one.sheet, one.column, one.row), "severity_label": labels[one.severity]}
        for one in result.problems
    ]
    table(PROBLEM_FIELDS, rows)
    shown = result.added[:_SHOWN_ADDED]
    table(ADDED_FIELDS, [asdict(one) | {"agreements": "、".join(one.agreements)} for one in shown])
    if len(result.added) > _SHOWN_ADDED:
        say(f"……另有新增 {len(result.added) - _SHOWN_ADDED} 次，从略（--json 可看全部）")
    say(counts_told(result, dry_run=dry_run))
    say_preview(result.preview, saved=saved, by_number=True)
    say_left_out(result)
    if result.problems_file:
        say(f"有错的行已另存 {near(result.problems_file)}，改正标黄的单元格后再导入该文件即可")


def counts_told(result: Imported, *, dry_run: bool) -> str:
    """The sentence that says how many rows there are, and what became of them."""
    counts = f"新增 {len(result.added)}" + (f"，更正 {result.corrected}" if result.corrected else "")
    counts += f"，无变化 {result.unchanged}"
    return f"{'试运行，未写入：' if dry_run else ''}{result.file} 共 {result.rows} 行：{counts}"
