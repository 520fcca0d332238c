"""yiyu report import-assessments: 自评表 in."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.left_out import accepting, left_out_json, say_left_out
from yiyu.registry.commands.options import READABLE, TEXT, dry_run, json_only
from yiyu.registry.commands.preview import leave_of, leaving, preview_json, say_preview
from yiyu.registry.commands.show import ListColumn, cell_place, finish, near, say, table, write_json
from yiyu.registry.config import Workspace
from yiyu.registry.reports.assessment_import import ImportedAssessments, import_assessments
from yiyu.registry.reports.figure_commands import YEAR

PROBLEM_FIELDS = (ListColumn("place", "位置"), ListColumn("severity_label", "程度"), ListColumn("message", "问题"))


@click.command("import-assessments")
@click.argument("file", type=READABLE)
@click.option("--year", type=YEAR, metavar="YEAR", help="表中没有年度一列时属于哪一年（默认按自评日期）")
@click.option("--sheet", type=TEXT, help="只读这一张工作表")
@leaving
@accepting
@dry_run
@json_only
@pass_invocation
def import_(invocation: Invocation, /, file: Path, as_json: bool, **options: Any) -> None:
    """导入托育机构年度自评表（xlsx 或 CSV）：得分、等级和各项自评，没有对应项目的列按原样存。"""
    leave = leave_of(options)
    with invocation.office() as office:
        result = import_assessments(office, file, leave=leave, **options)
    if as_json:
        write_json(_as_json(result, invocation.workspace))
    else:
        _show(result, saved=options["preview"], dry_run=options["dry_run"])
    finish(result.left_out)


def _as_json(result: ImportedAssessments, workspace: Workspace) -> dict[str, object]:
    counts = {name: getattr(result, name) for name in ("file", "rows", "added", "changed", "unchanged")}
    path = result.problems_file
    return counts | {
        "problems": [asdict(one) for one in result.problems],
        "problems_file": workspace.named(path) if path else None,
        **left_out_json(result),
        "preview": preview_json(result.preview),
    }


def _show(result: ImportedAssessments, *, saved: Path | None, dry_run: bool) -> None:
    labels = {"error": "错误", "warning": "提醒"}
    places = [cell_place(one.sheet, one.column, one.row) for one in result.problems]
    rows = [
        asdict(one) | {"place": place, "severity_label": labels[one.severity]}
        for one, place in zip(result.problems, places, strict=True)
    ]
    table(PROBLEM_FIELDS, rows)
    say_preview(result.preview, saved=saved)
    say(counts_told(result, dry_run=dry_run))
    say_left_out(result)
    if result.problems_file:
        say(f"有错的行已另存 {near(result.problems_file)}，改正标黄的单元格后再导入该文件即可")


def counts_told(result: ImportedAssessments, *, dry_run: bool) -> str:
    """The sentence that says how many rows there are, and what became of them."""
    counts = f"新增 {result.added}，变更 {result.changed}，无变化 {result.unchanged}"
    return f"{'未写入：' if dry_run else ''}{result.file} 共 {result.rows} 行：{counts}"
