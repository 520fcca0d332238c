"""yiyu archive volume: the scans of many agreements as one PDF."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.archive.merge_sources import by_what
from yiyu.docgen.archive.volumes import VolumeMade, make_volume
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DISTRICT, dry_run, json_only
from yiyu.registry.commands.outputs import PDF
from yiyu.registry.commands.show import ListColumn, finish, progress, say, table, write_json
from yiyu.registry.model import DOC_KIND_LABEL

PART_FIELDS = (
    ListColumn("number", "协议编号"),
    ListColumn("kind_label", "文书"),
    ListColumn("page", "起页"),
    ListColumn("pages", "页数"),
    ListColumn("signed", "电子签名"),
)
_NAMED = 5
"""So many numbers of skipped agreements are written out; JSON has all."""


@click.command("volume")
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[NUMBER]…")
@click.option("--year", type=click.IntRange(1990, 2099), metavar="YYYY", help="只装订这一年开始的协议")
@click.option("--district", type=DISTRICT, default="", metavar="旗区", help="只装订这个旗区的协议")
@click.option("-o", "--out", type=PDF, required=True, metavar="OUT.pdf", help="存到这个文件")
@dry_run
@json_only
@pass_invocation
def volume(invocation: Invocation, /, as_json: bool, numbers: tuple[str, ...], **options: Any) -> None:
    """把收齐的扫描件装订成一卷：封面、可点击的目录、书签和页码；电子签名原件原样附在卷内。"""
    with invocation.office() as office, progress("装订") as bar:
        made = make_volume(office, list(dict.fromkeys(numbers)), progress=bar, **options)
    if as_json:
        write_json(_as_json(made))
    else:
        _show(made, options["out"], dry_run=options["dry_run"])
    finish(made.skipped if numbers else ())


def _show(made: VolumeMade, out: Path, *, dry_run: bool) -> None:
    if dry_run:
        rows = [
            asdict(one) | {"kind_label": DOC_KIND_LABEL[one.kind], "signed": bool(one.attachment)} for one in made.parts
        ]
        table(PART_FIELDS, rows)
    said = f"{made.agreements} 份协议、{len(made.parts)} 件文书，共 {made.pages} 页"
    say(f"试算，没有写入：{said}" if dry_run else f"已装订 {said}（另有封面和目录 {made.opening} 页），保存为 {out}")
    for what, names in by_what((f"{one.number} {DOC_KIND_LABEL[one.kind]}", one.left) for one in made.parts):
        say(f"没有带入卷宗的{what}：{names}")
    if made.skipped:
        named = "、".join(made.skipped[:_NAMED]) + (" 等" if len(made.skipped) > _NAMED else "")
        say(f"没有收齐扫描件、未入卷的 {len(made.skipped)} 份：{named}")


def _as_json(made: VolumeMade) -> dict[str, object]:
    return {
        "agreements": made.agreements,
        "pages": made.pages,
        "opening": made.opening,
        "sha256": made.sha256,
        "parts": [asdict(one) for one in made.parts],
        "skipped": [{"number": number, "reason": "no-scan"} for number in made.skipped],
    }
