"""yiyu institution …"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.commands.completion import complete_institution
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.left_out import accepting, left_out_json, say_left_out
from yiyu.registry.commands.options import DATE, DISTRICT, KIND, READABLE, TEXT, as_of, dry_run, json_only, listing
from yiyu.registry.commands.outputs import XLSX
from yiyu.registry.commands.preview import leave_of, leaving, preview_json, say_preview
from yiyu.registry.commands.show import ListColumn, cell, finish, near, progress, say, show, table, write_json
from yiyu.registry.config import Workspace
from yiyu.registry.institutions.editing import (
    EditedInstitution,
    InstitutionFilter,
    edit_institution,
    export_institutions,
    list_institutions,
    new_institution,
    show_institution,
)
from yiyu.registry.institutions.importing import ImportResult, import_roster
from yiyu.registry.institutions.known_layouts import AUTO
from yiyu.registry.institutions.layout_commands import complete_layout
from yiyu.registry.institutions.lookup import why_nothing
from yiyu.registry.institutions.options import (
    CLEARABLE,
    editable,
    field_label,
    field_text,
    given_values,
    read_headings,
    remarks,
)
from yiyu.registry.lifecycle import SIGNING_LABEL
from yiyu.registry.model import KIND_LABEL, Institution, Kind
from yiyu.registry.reports.people import masked
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.institution_history import fact_value

FIELDS = (
    ListColumn("id", "序号", 6, brief=False),
    ListColumn("district", "旗区", 12),
    ListColumn("name", "机构名称", 36),
    ListColumn("code", "统一社会信用代码", 22),
    ListColumn("category", "类别", 16),
    ListColumn("town", "苏木乡镇/街道", 14, brief=False),
    ListColumn("filed", "备案", 6),
    ListColumn("filed_on", "备案时间", 12, brief=False),
    ListColumn("inclusive", "普惠", 6, brief=False),
    ListColumn("places", "托位", 6),
    ListColumn("enrolled", "在托", 6),
    ListColumn("phone", "电话", 16, brief=False),
)
PROBLEM_FIELDS = (
    ListColumn("sheet", "工作表"),
    ListColumn("row", "行"),
    ListColumn("column", "列"),
    ListColumn("severity_label", "程度"),
    ListColumn("message", "问题"),
)
CHANGE_FIELDS = (
    ListColumn("name", "机构"),
    ListColumn("label", "字段"),
    ListColumn("old", "原值"),
    ListColumn("new", "新值"),
)
KINDS = "、".join(f"{kind} {label}" for kind, label in KIND_LABEL.items())


@click.command("import")
@click.argument("file", type=READABLE)
@click.option("--kind", type=KIND, help="名册里是哪类机构（能从列名看出时不必给）")
@click.option("--sheet", type=TEXT, help="只读这一张工作表")
@click.option("--problems", type=XLSX, metavar="FILE.xlsx", help="有错的行存到这里（默认存到工作区 problems/）")
@click.option(
    "--heading",
    "headings",
    type=TEXT,
    multiple=True,
    metavar="列名=字段",
    callback=read_headings,
    help="不认识的列名算哪个字段，如 园所全称=机构名称；记在 yiyu.toml，以后就认得",
)
@click.option(
    "--layout",
    type=TEXT,
    default=AUTO,
    show_default=True,
    metavar="NAME",
    shell_complete=complete_layout,
    help="按哪种表样读（yiyu institution layouts 列出）；auto 自动认，none 只按列名读",
)
@accepting
@leaving
@dry_run
@json_only
@pass_invocation
def import_(invocation: Invocation, /, file: Path, as_json: bool, **options: Any) -> None:
    """导入名册（xlsx 或 CSV）：新的和补空的写入，会改写的先列出；有错的行另存一表，改好后可再导入。"""
    leave = leave_of(options)
    with invocation.office() as office:
        with progress("导入") as bar:
            result = import_roster(office, file, leave=leave, progress=bar, **options)
        if as_json:
            write_json(_import_json(result, office.workspace))
        else:
            _show_import(result, preview=options["preview"], dry_run=options["dry_run"])
    finish(result.left_out)


@click.command("list")
@click.option("--kind", type=KIND, help=KINDS)
@click.option("--district", type=DISTRICT, default="", help="旗区全称或代码")
@click.option("--filed/--unfiled", default=None, help="只看已备案/未备案")
@click.option("--category", type=TEXT, default="", help="机构类别或其中几个字，如 卫生院")
@click.option(
    "--search", type=TEXT, default="", metavar="TEXT", help="名称、地址、代码中的一段，或拼音、首字母（如 yjhlq）"
)
@click.option("--phones", is_flag=True, help="显示完整的电话号码（默认只显示首尾几位）")
@as_of
@listing
@pass_invocation
def list_(
    invocation: Invocation, /, as_of: dt.date | None, phones: bool, as_json: bool, xlsx: Path | None, **wanted: Any
) -> None:
    """列出机构。"""
    with invocation.office(as_of) as office:
        institutions = list_institutions(office, InstitutionFilter(**wanted))
        if wanted["search"] and not institutions:
            say(why_nothing(office, wanted["search"]))
    rows = [row_of(institution, phones=phones) for institution in institutions]
    if not as_json:
        rows = [row if row["kind"] == Kind.CHILDCARE else row | {"filed": None} for row in rows]
    show("机构清单", FIELDS, rows, as_json=as_json, xlsx=xlsx)


@click.command("show")
@click.argument("text", type=TEXT, metavar="NAME|CODE", shell_complete=complete_institution())
@as_of
@json_only
@pass_invocation
def show_(invocation: Invocation, text: str, as_of: dt.date | None, as_json: bool) -> None:
    """查看一家机构的全部信息。"""
    with invocation.office(as_of) as office:
        institution = show_institution(office, text)
    if as_json:
        write_json({**row_of(institution), **{k: v for k, v in asdict(institution).items() if k != "district"}})
    else:
        table((ListColumn("heading", "项目"), ListColumn("value", "内容")), described(institution))


@click.command("add")
@click.option("--kind", type=KIND, required=True, help=KINDS)
@editable
@dry_run
@pass_invocation
def add(invocation: Invocation, /, kind: Kind, dry_run: bool, **options: Any) -> None:
    """手工录入一家机构。"""
    values = given_values(options, required=("name", "district"))
    with invocation.office() as office:
        institution = new_institution(office, Institution(kind=kind, **values), dry_run=dry_run)
    say(f"{'将录入' if dry_run else '已录入'}：{institution.name}（{district_name(institution.district)}）")
    for remark in remarks(institution, office.today):
        say(f"提醒：{remark}")


@click.command("edit")
@click.argument("text", type=TEXT, metavar="NAME|CODE", shell_complete=complete_institution())
@editable
@click.option("--from", "from_day", type=DATE, metavar="DATE", help="这些变化从哪一天起（默认今天）")
@click.option("--correct", is_flag=True, help="更正：原来就录错了，从录错的那一天起改正")
@click.option(
    "--clear", multiple=True, type=click.Choice(CLEARABLE), metavar="FIELD", help="清空一项，如 closed-on（可写多次）"
)
@dry_run
@pass_invocation
def edit(
    invocation: Invocation,
    /,
    text: str,
    clear: tuple[str, ...],
    from_day: dt.date | None,
    correct: bool,
    dry_run: bool,
    **options: Any,
) -> None:
    """修改一家机构：变化自 --from 那天（默认今天）起，已签协议仍印原值；录错的用 --correct 更正。"""
    values = given_values(options, clear=clear)
    with invocation.office() as office:
        done = edit_institution(office, text, values, from_day=from_day, correct=correct, dry_run=dry_run)
    _show_edit(done, office.today, dry_run=dry_run)


@click.command("export")
@click.argument("file", type=XLSX, metavar="FILE.xlsx")
@click.option("--kind", type=KIND, required=True, help=KINDS)
@as_of
@dry_run
@pass_invocation
def export(invocation: Invocation, file: Path, kind: Kind, as_of: dt.date | None, dry_run: bool) -> None:
    """导出名册为 Excel；修改后可原样导回。"""
    with invocation.office(as_of) as office:
        count = export_institutions(office, file, kind, dry_run=dry_run)
    say(f"{'将' if dry_run else '已'}导出 {count} 家{KIND_LABEL[kind]}到 {file}")


def row_of(institution: Institution, *, phones: bool = True) -> dict[str, object]:
    """The keys of ``institution list --json``; without ``phones`` only the ends of a telephone number are told."""
    names = ("id", "kind", "name", "code", "category", "town", "filed", "filed_on", "inclusive", "places", "enrolled")
    row = {name: getattr(institution, name) for name in names}
    row["phone"] = institution.phone if phones else masked(institution.phone)
    return row | {"district": district_name(institution.district), "district_code": institution.district}


def _show_edit(done: EditedInstitution, today: dt.date, *, dry_run: bool) -> None:
    table(CHANGE_FIELDS, edited_rows(done))
    for line in edited_told(done, today, dry_run=dry_run):
        say(line)
    if done.agreements:
        say(f"还有 {len(done.agreements)} 份没有结束的协议，请逐份处理：")
    for one in done.agreements:
        say(f"  {one.number}（{SIGNING_LABEL[one.signing]}）：{'；或 '.join(one.commands)}")


def edited_rows(done: EditedInstitution) -> list[dict[str, object]]:
    """What an edit changed, by :data:`CHANGE_FIELDS`."""
    before, after = asdict(done.before), asdict(done.after)
    fields = [name for name in before if before[name] != after[name]]
    return [
        _labelled({"name": done.before.name, "field": name, "old": before[name], "new": after[name]}) for name in fields
    ]


def edited_told(done: EditedInstitution, today: dt.date, *, dry_run: bool) -> Iterator[str]:
    """What is to be said of an edit: how much, what is known otherwise from a later day, what looks odd."""
    changed = edited_rows(done)
    yield ("将修改" if dry_run else "已修改") + f" {len(changed)} 项" if changed else "没有变化"
    for name, value, day in done.later:
        told = field_text(name, fact_value(name, value))
        yield f"提醒：{field_label(name)}自 {day} 起另有记录“{cell(told)}”，那天以后仍按它；要改请加 --from {day}"
    for remark in remarks(done.after, today) if changed else ():
        yield f"提醒：{remark}"


def _labelled(change: dict[str, Any]) -> dict[str, object]:
    """A change as people read it: headings for field names, names for codes."""
    name = change["field"]
    texts = {side: field_text(name, change[side]) for side in ("old", "new")}
    return change | texts | {"label": field_label(name)}


def described(institution: Institution) -> list[dict[str, object]]:
    """All that is known of one, line by line, as columns stand in a roster."""
    from yiyu.registry.institutions.roster_writing import institution_columns

    values = asdict(institution) | {"district": district_name(institution.district)}
    return [{"heading": c.heading, "value": values[c.key]} for c in institution_columns(institution.kind)]


def _import_json(result: ImportResult, workspace: Workspace) -> dict[str, object]:
    path = result.problems_file
    return {
        "file": result.file,
        "rows": result.rows,
        "added": result.added,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "problems": [asdict(problem) for problem in result.problems],
        "problems_file": workspace.named(path) if path else None,
        **left_out_json(result),
        "preview": preview_json(result.preview),
    }


def counts_told(result: ImportResult, *, dry_run: bool) -> str:
    """The first sentence of an import: how many rows, and what became of them."""
    counts = f"新增 {result.added}，变更 {result.changed}，无变化 {result.unchanged}"
    return f"{'试运行，未写入：' if dry_run else ''}{result.file} 共 {result.rows} 行：{counts}"


def _show_import(result: ImportResult, *, preview: Path | None, dry_run: bool) -> None:
    labels = {"error": "错误", "warning": "提醒"}
    say(counts_told(result, dry_run=dry_run))
    table(PROBLEM_FIELDS, [asdict(p) | {"severity_label": labels[p.severity]} for p in result.problems])
    table(CHANGE_FIELDS, [_labelled(asdict(change)) for change in result.changes])
    say_preview(result.preview, saved=preview)
    say_left_out(result)
    if result.problems_file:
        say(f"有错的行已另存 {near(result.problems_file)}，改正标黄的单元格后再导入该文件即可")
