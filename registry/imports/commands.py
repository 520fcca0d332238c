"""yiyu import list, undo."""

from dataclasses import asdict
from pathlib import Path

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import dry_run, listing
from yiyu.registry.commands.show import ListColumn, say, show
from yiyu.registry.imports.undoing import SUBJECTS, UndoneImport, list_imports, undo_import
from yiyu.registry.store.imports import ImportRecord

IMPORT_FIELDS = (
    ListColumn("id", "编号", 8),
    ListColumn("recorded_at", "导入时间", 26),
    ListColumn("label", "种类", 8),
    ListColumn("file", "文件", 36),
    ListColumn("rows", "行数", 8),
    ListColumn("added", "新增", 8),
    ListColumn("changed", "变更", 8),
    ListColumn("unchanged", "无变化", 8),
    ListColumn("problems", "有错", 8),
    ListColumn("actor", "经办", 10),
    ListColumn("undone_by", "已由记录号撤回", 14),
    ListColumn("sha256", "文件校验值", 66, brief=False),
)


@click.command("list")
@listing
@pass_invocation
def imports_(invocation: Invocation, as_json: bool, xlsx: Path | None) -> None:
    """各次导入：编号、文件、新增和变更多少、是否已撤回。"""
    with invocation.office() as office:
        found = list_imports(office)
    show("导入记录", IMPORT_FIELDS, [row_of(one) for one in found], as_json=as_json, xlsx=xlsx)


@click.command("undo")
@click.argument("import_id", type=click.IntRange(min=1), metavar="[ID]", required=False)
@dry_run
@pass_invocation
def undo_(invocation: Invocation, import_id: int | None, dry_run: bool) -> None:
    """撤回一次导入（默认最后一次）；后来有记录以它为准的，说明是哪些，不作改动。"""
    with invocation.office() as office:
        done = undo_import(office, import_id, dry_run=dry_run)
    say(undone_told(done, dry_run=dry_run))


def undone_told(done: UndoneImport, *, dry_run: bool) -> str:
    """What is to be said of an import taken back."""
    return (
        f"{'将' if dry_run else '已'}撤回 {done.record.id} 号导入（{done.record.file}）："
        f"移除当时新增的 {done.removed} {done.unit}，恢复当时变更的 {done.restored} {done.unit}"
    )


def row_of(one: ImportRecord) -> dict[str, object]:
    """The keys of ``import list --json``."""
    counted = {name: one.counts.get(name, 0) for name in ("rows", "added", "changed", "unchanged", "problems")}
    own = {key: value for key, value in asdict(one).items() if key != "counts"}
    return own | {"label": SUBJECTS[one.kind].label} | counted
