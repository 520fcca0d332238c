"""yiyu institution history, unmerge."""

from dataclasses import asdict
from pathlib import Path

import click

from yiyu.registry.commands.completion import complete_institution
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, dry_run, listing
from yiyu.registry.commands.show import ListColumn, cell, say, show
from yiyu.registry.institutions.duplicates import MergedInstitution, unmerge
from yiyu.registry.institutions.histories import HistoryEntry, institution_history
from yiyu.registry.institutions.options import field_label, field_text
from yiyu.registry.lifecycle import EVENT_LABEL
from yiyu.registry.reports.people import masked

HISTORY_FIELDS = (
    ListColumn("id", "记录号", 8),
    ListColumn("on", "日期", 12),
    ListColumn("label", "事项", 12),
    ListColumn("text", "内容", 60),
    ListColumn("source", "来源", 30),
    ListColumn("actor", "经办", 10),
    ListColumn("recorded_at", "录入时间", 26),
)


@click.command("history")
@click.argument("text", type=TEXT, metavar="NAME|CODE", shell_complete=complete_institution())
@listing
@pass_invocation
def history_(invocation: Invocation, text: str, as_json: bool, xlsx: Path | None) -> None:
    """一家机构的全部记录：何时、何事、原值和新值、来自哪个文件哪一行或谁。"""
    with invocation.office() as office:
        found = institution_history(office, text)
    show(f"{text} 记录", HISTORY_FIELDS, [row_of(one) for one in found], as_json=as_json, xlsx=xlsx)


@click.command("unmerge")
@click.argument("text", type=TEXT, metavar="NAME|CODE|ID")
@dry_run
@pass_invocation
def unmerge_(invocation: Invocation, text: str, dry_run: bool) -> None:
    """撤销合并：并入别家的机构恢复为单独一家，随它过去的协议和自评一并改回。"""
    with invocation.office() as office:
        done = unmerge(office, text, dry_run=dry_run)
    say(unmerge_told(done, dry_run=dry_run))


def unmerge_told(done: MergedInstitution, *, dry_run: bool = False) -> str:
    """What is to be said of a merge taken back."""
    numbers = f"，{len(done.agreements)} 份协议改回：{'、'.join(done.agreements)}" if done.agreements else ""
    return f"{'将' if dry_run else '已'}恢复“{done.duplicate.name}”，不再并入“{done.kept.name}”{numbers}"


def row_of(one: HistoryEntry) -> dict[str, object]:
    """A step as JSON gives it and people read it; telephones masked as in lists."""
    changes = [_change(name, *both) for name, both in one.changes.items()]
    text = "；".join(
        f"{change['label']} {cell(field_text(name, change['old']))} → {cell(field_text(name, change['new']))}"
        for name, change in zip(one.changes, changes, strict=True)
    )
    told = {"changes": changes, "source": one.origin.text, "file": one.origin.file or None}
    place = {"sheet": one.origin.sheet, "row": one.origin.row or None, "import_id": one.import_id}
    return asdict(one.event) | told | place | {"text": text or one.event.note, "label": EVENT_LABEL[one.event.kind]}


def _change(name: str, *both: object) -> dict[str, object]:
    old, new = (masked(str(value or "")) if name == "phone" else value for value in both)
    return {"field": name, "label": field_label(name), "old": old, "new": new}
