"""yiyu activity evidence and edit: what comes, and what is put right, after an activity was recorded."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.activities.adding_commands import FORM, TIME, Worded, once
from yiyu.registry.activities.attaching import Attached, attach
from yiyu.registry.activities.editing import Edited, edit
from yiyu.registry.activities.evidence_folder import FILE_FATE_LABEL, FileFate, FolderFile, match_folder
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DATE, READABLE_FOLDER, TEXT, dry_run, json_only
from yiyu.registry.commands.show import ListColumn, finish, say, table, write_json
from yiyu.registry.rules.activities import EVIDENCE_LABEL
from yiyu.registry.rules.activity_words import read_count, read_person

FILE_FIELDS = (
    ListColumn("file", "文件"),
    ListColumn("fate_label", "情形"),
    ListColumn("number", "活动"),
    ListColumn("kind_label", "种类"),
    ListColumn("note", "说明"),
)
_BLANKS: dict[str, Any] = {
    **dict.fromkeys(("place", "topic", "organiser", "content", "advice", "summary", "handouts", "remark"), ""),
    **dict.fromkeys(("starts", "ends", "minutes", "signed_in")),
    "items": (),
    "people": (),
    "counts": {},
}
_CLEARED = {"item": "items", "person": "people", "count": "counts", "from": "starts", "to": "ends"}
"""Options that are not called as their field."""
CLEARABLE = tuple(
    {name: option for option, name in _CLEARED.items()}.get(name, name.replace("_", "-")) for name in _BLANKS
)


@click.command("evidence")
@click.argument("number", type=TEXT, required=False, metavar="[NUMBER]")
@click.argument("files", type=TEXT, nargs=-1, metavar="[种类=]FILE…")
@click.option(
    "--folder", type=READABLE_FOLDER, metavar="DIR", help="按文件名中的日期和机构、协议编号、项目代码对到各次活动"
)
@click.option("--apply", is_flag=True, help="写入对上的文件（与 --folder 同用；不加时只列出）")
@dry_run
@json_only
@pass_invocation
def evidence_(
    invocation: Invocation, number: str | None, files: tuple[str, ...], folder: Path | None, apply: bool, dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """补充活动的材料：照片、签到表、扫描件，随时可补，按原样存一份到 archive/。"""
    _one_way(number, files, folder, apply=apply)
    with invocation.office() as office:
        if folder is not None:
            rows, done = match_folder(office, folder, apply=apply and not dry_run)
        else:
            rows, done = [], attach(office, {number or "": files}, dry_run=dry_run)
    _told(rows, done, as_json=as_json, dry_run=dry_run)
    finish([one for one in rows if one.fate not in (FileFate.ADDED, FileFate.KNOWN)])


@click.command("edit")
@click.argument("number", type=TEXT, metavar="NUMBER")
@click.option("--on", type=DATE, metavar="DATE", help="活动日期")
@click.option("--form", type=FORM, help="活动形式")
@click.option("--from", "starts", type=TIME, metavar="HH:MM", help="开始时间")
@click.option("--to", "ends", type=TIME, metavar="HH:MM", help="结束时间")
@click.option("--minutes", type=click.IntRange(min=1), metavar="N", help="时长（分钟），不知道起止时间时")
@click.option(
    "--person", "people", type=Worded("人员", read_person), multiple=True, metavar="姓名/科室/职称[/单位]",
    help="服务人员，写了就以这里的为准（可写多次）",
)  # fmt: skip
@click.option("--item", "items", type=TEXT, multiple=True, metavar="CODE", help="服务项目代码，写了就以这里的为准")
@click.option(
    "--count", "counts", type=Worded("人数", read_count), multiple=True, callback=once, metavar="婴幼儿=20",
    help="人数或份数，写了就以这里的为准（可写多次）",
)  # fmt: skip
@click.option("--signed-in", type=click.IntRange(min=0), metavar="N", help="签到表上的人数")
@click.option("--place", type=TEXT, help="地点")
@click.option("--topic", type=TEXT, help="主题")
@click.option("--organiser", type=TEXT, help="组织者")
@click.option("--content", type=TEXT, help="活动内容")
@click.option("--advice", type=TEXT, help="指导意见")
@click.option("--summary", type=TEXT, help="总结评价")
@click.option("--handouts", type=TEXT, help="发放资料的种类和数量")
@click.option("--remark", type=TEXT, help="备注")
@click.option(
    "--clear", type=click.Choice(CLEARABLE), multiple=True, metavar="FIELD", help=f"改为空白：{'、'.join(CLEARABLE)}"
)
@click.option("--reason", type=TEXT, required=True, help="更正的原因")
@click.option("--again", is_flag=True, help="改后与另一次同日同协议同形式同时间，确是两次")
@dry_run
@pass_invocation
def edit_(invocation: Invocation, /, number: str, clear: tuple[str, ...], **options: Any) -> None:
    """更正一次登记错的活动：从活动那天起就按更正的算，原来的内容和原因记入历史。"""
    how = {name: options.pop(name) for name in ("reason", "again", "dry_run")}
    with invocation.office() as office:
        done = edit(office, number, _values(clear, options), **how)
    for line in told_edited(done, dry_run=how["dry_run"]):
        say(line)


def _values(clear: tuple[str, ...], options: dict[str, Any]) -> dict[str, Any]:
    """Fields to be set. Raises click.UsageError where one is given and cleared."""
    given = {name: value for name, value in options.items() if value not in (None, (), {})}
    blank = [_CLEARED.get(name, name.replace("-", "_")) for name in clear]
    if both := next((name for name, field in zip(clear, blank, strict=True) if field in given), ""):
        raise click.UsageError(f"--{both} 既要清空又给了值，请只用其中一种")
    values = {name: _BLANKS[name] for name in blank} | given
    # Hours say more than a length: who gives them, or a length, means it instead of the other.
    return values | ({"minutes": None} if {"starts", "ends"} <= given.keys() else {})


def _one_way(number: str | None, files: tuple[str, ...], folder: Path | None, *, apply: bool) -> None:
    """Raise click.UsageError where neither or both ways are used."""
    if folder is not None and number:
        raise click.UsageError("--folder 自己按文件名找活动，不与活动编号同用")
    if folder is None and (not number or not files):
        raise click.UsageError("请写活动编号和要补的文件，或用 --folder 给出一个文件夹")
    if apply and folder is None:
        raise click.UsageError("--apply 与 --folder 同用")


def _told(rows: list[FolderFile], done: list[Attached], *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        files = [asdict(one) for one in rows]
        added = [{"number": one.listed.activity.number, "evidence": [asdict(e) for e in one.added]} for one in done]
        write_json({"files": files, "added": added})
        return
    lines = [
        asdict(one) | {"fate_label": FILE_FATE_LABEL[one.fate], "kind_label": EVIDENCE_LABEL.get(one.kind, "")}
        for one in rows
    ]
    table(FILE_FIELDS, lines)
    for line in (line for one in done for line in told_attached(one, dry_run=dry_run)):
        say(line)
    if rows:
        _say_folder(rows)


def told_attached(one: Attached, *, dry_run: bool = False) -> list[str]:
    """What is said of files that were added."""
    number, lacking = one.listed.activity.number, "；".join(one.listed.lacking)
    verb = "将补" if dry_run else "已补"
    return [
        f"{verb} {number} 的材料 {len(one.added)} 份" + (f"；目前{lacking}" if lacking else ""),
        *(f"  {piece.path}" for piece in one.added),
        *(f"提醒：{text}" for text in one.warnings),
    ]


def _say_folder(rows: list[FolderFile]) -> None:
    fates = [one.fate for one in rows]
    counts = "，".join(f"{label} {fates.count(fate)}" for fate, label in FILE_FATE_LABEL.items() if fate in fates)
    say(f"共 {len(rows)} 个文件：{counts}")
    if FileFate.MATCHED in fates:
        say("以上没有写入：核对后加 --apply 写入相符的")
    if {FileFate.IN_DOUBT, FileFate.UNMATCHED} & set(fates):
        say("存疑和未对上的文件仍在原处：请改文件名后再试，或用 activity evidence 活动编号 文件 逐个补")


def told_edited(done: Edited, *, dry_run: bool = False) -> list[str]:
    """What is said of a correction: each field, old and new."""
    return [
        f"{'将更正' if dry_run else '已更正'} {done.listed.activity.number}：",
        *(f"  {label}：{old or '（空）'} → {new or '（空）'}" for label, old, new in done.changes),
        *(f"提醒：{text}" for text in done.warnings),
    ]
