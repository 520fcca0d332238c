"""yiyu report dossier: 督导材料 of an institution or a 旗区 as a folder and one PDF."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.reports.dossier import WHOLE, DossierMade, make_dossier
from yiyu.registry.commands.completion import complete_institution
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DISTRICT, NEW_FOLDER, TEXT, as_of, dry_run, json_only
from yiyu.registry.commands.show import ListColumn, progress, say, table, write_json

PAPER_FIELDS = (
    ListColumn("order", "序号"),
    ListColumn("title", "题名"),
    ListColumn("dated", "日期"),
    ListColumn("pages", "页数"),
    ListColumn("page", "页码"),
    ListColumn("short", "SHA-256"),
    ListColumn("why", "缺的原因"),
)
_SHOWN = 40
"""So many papers are listed on a terminal; JSON and the catalogue have all."""


@click.command("dossier")
@click.argument("names", type=TEXT, nargs=-1, metavar="[INSTITUTION]…", shell_complete=complete_institution(None))
@click.option("--district", type=DISTRICT, default="", metavar="DISTRICT", help="这个旗区的全部托育机构")
@click.option("-o", "--out", type=NEW_FOLDER, required=True, metavar="DIR", help="新文件夹的名字")
@click.option("--year", type=click.IntRange(2000, 2200), metavar="YEAR", help="哪一年的（默认今年）")
@as_of
@dry_run
@json_only
@pass_invocation
def dossier(invocation: Invocation, /, names: tuple[str, ...], out: Path, as_of: Any, **options: Any) -> None:
    """督导材料：协议、清单、应做事项、活动、凭据、问题和缺口，编号、带校验值，存成文件夹和一个 PDF。"""
    if names and options["district"]:
        raise click.UsageError("机构名称和 --district 请只写一样")
    as_json = options.pop("as_json")
    with invocation.office(as_of) as office, progress("整理材料") as bar:
        made = make_dossier(office, names, out, progress=bar, **options)
    if as_json:
        write_json(_as_json(made, out))
    else:
        _say(made, out, dry_run=options["dry_run"])


def _as_json(made: DossierMade, out: Path) -> dict[str, object]:
    return {
        "folder": str(out),
        "pages": made.pages,
        "sha256": made.sha256,
        "papers": [asdict(one) for one in made.papers],
        "gaps": [{"institution": name, "gaps": list(gaps)} for name, gaps in made.gaps.items()],
    }


def _say(made: DossierMade, out: Path, *, dry_run: bool) -> None:
    rows = [asdict(one) | {"order": one.order or "缺", "short": one.sha256[:12]} for one in made.papers]
    if dry_run:
        rows = [row | {"order": "缺" if row["why"] else ""} for row in rows]
    table(PAPER_FIELDS[:3] + PAPER_FIELDS[-1:] if dry_run else PAPER_FIELDS, rows[:_SHOWN])
    if len(rows) > _SHOWN:
        say(f"另有 {len(rows) - _SHOWN} 件，见材料目录")
    for name, gaps in made.gaps.items():
        say(f"{name}：{f'缺口 {len(gaps)} 处，见情况表' if gaps else '没有缺口'}")
    there = sum(not one.why for one in made.papers)
    lacking = f"，缺 {len(made.papers) - there} 件" if there < len(made.papers) else ""
    if dry_run:
        say(f"试算，没有写入：将整理 {there} 件材料{lacking}，另加每家一张情况表")
    else:
        say(f"已整理 {there} 件材料{lacking}，{made.pages} 页，保存为 {out / WHOLE}（SHA-256 {made.sha256[:12]}…）")
