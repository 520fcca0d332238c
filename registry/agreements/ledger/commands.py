"""yiyu agreement import: a 签约台账 in."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.agreements.ledger.columns import COLUMNS
from yiyu.registry.agreements.ledger.comparing import CellChange
from yiyu.registry.agreements.ledger.importing import LedgerResult, import_ledger
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.left_out import accepting, left_out_json, say_left_out
from yiyu.registry.commands.options import READABLE, TEXT, dry_run, json_only
from yiyu.registry.commands.outputs import XLSX
from yiyu.registry.commands.preview import leave_of, leaving, preview_json, say_preview
from yiyu.registry.commands.show import ListColumn, cell_place, finish, near, progress, say, table, write_json
from yiyu.registry.config import Workspace

PROBLEM_FIELDS = (
    ListColumn("place", "位置"),
    ListColumn("severity_label", "程度"),
    ListColumn("message", "问题"),
)
ADDED_FIELDS = (
    ListColumn("row", "行"),
    ListColumn("number", "新增协议"),
    ListColumn("medical", "甲方"),
    ListColumn("childcare", "乙方"),
)
CHANGE_FIELDS = (
    ListColumn("place", "位置"),
    ListColumn("number", "变更协议"),
    ListColumn("heading", "项目"),
    ListColumn("registry", "原值"),
    ListColumn("file", "新值"),
)
_SHOWN_ADDED = 20


@click.command("import")
@click.argument("file", type=READABLE)
@click.option("--sheet", type=TEXT, help="只读这一张工作表")
@click.option("--problems", type=XLSX, metavar="FILE.xlsx", help="有错的行存到这里（默认存到工作区 problems/）")
@accepting
@leaving
@click.option(
    "--take", type=click.Choice(["file", "registry"]), help="两边都改过的单元格以哪边为准：file 表格 / registry 登记库"
)
@dry_run
@json_only
@pass_invocation
def import_(invocation: Invocation, /, file: Path, as_json: bool, **options: Any) -> None:
    """导入签约台账（xlsx 或 CSV）：新的和补空的写入，会改写的先列出；有错的行另存一表，改好后可再导入。"""
    leave = leave_of(options, take=options["take"])
    with invocation.office() as office:
        with progress("导入") as bar:
            result = import_ledger(office, file, leave=leave, progress=bar, **options)
        if as_json:
            write_json(_as_json(result, office.workspace))
        else:
            _show(result, saved=options["preview"], dry_run=options["dry_run"])
    finish(result.left_out)


def _as_json(result: LedgerResult, workspace: Workspace) -> dict[str, object]:
    path = result.problems_file
    return {
        "file": result.file,
        "rows": result.rows,
        "applied": result.applied,
        "added": len(result.added),
        "changed": result.changed,
        "unchanged": result.unchanged,
        "additions": [asdict(one) for one in result.added],
        "changes": [asdict(one) for one in result.changes],
        "conflicts": [asdict(one) for one in result.conflicts],
        "problems": [asdict(one) for one in result.problems],
        "problems_file": workspace.named(path) if path else None,
        **left_out_json(result),
        "preview": preview_json(result.preview),
    }


def _show(result: LedgerResult, *, saved: Path | None, dry_run: bool) -> None:
    labels = {"error": "错误", "warning": "提醒"}
    rows = [
        asdict(p) | {"place": cell_place(p.sheet, p.column, p.row), "severity_label": labels[p.severity]}
        for p in result.problems
    ]
    table(PROBLEM_FIELDS, rows)
    table(ADDED_FIELDS, [asdict(one) for one in result.added[:_SHOWN_ADDED]])
    if len(result.added) > _SHOWN_ADDED:
        say(f"……另有新增 {len(result.added) - _SHOWN_ADDED} 份，从略（--json 可看全部）")
    written = {line.key for line in result.preview.lines if line.taken}
    table(CHANGE_FIELDS, [_described(one) for one in result.changes if one.key in written])
    say(counts_told(result, dry_run=dry_run))
    say_preview(result.preview, saved=saved, by_number=True)
    say_left_out(result)
    if _conflicting(result):
        say("有冲突的行没有写入：核对后加 --apply，并加 --take file（以表格为准）或 --take registry（以登记库为准）")
    if result.problems_file:
        say(f"有错的行已另存 {near(result.problems_file)}，改正标黄的单元格后再导入该文件即可")


def counts_told(result: LedgerResult, *, dry_run: bool) -> str:
    """The sentence that says how many rows there are, and what became of them."""
    counts = f"新增 {len(result.added)}，变更 {result.written}，无变化 {result.unchanged}，冲突 {_conflicting(result)}"
    return f"{'试运行，未写入：' if dry_run else ''}{result.file} 共 {result.rows} 行：{counts}"


def _conflicting(result: LedgerResult) -> int:
    return len({(one.sheet, one.row) for one in result.conflicts if not one.taken})


def _described(one: CellChange) -> dict[str, object]:
    return asdict(one) | {
        "place": cell_place(one.sheet, one.column, one.row),
        "heading": COLUMNS[one.field].heading,
    }
