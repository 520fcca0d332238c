"""yiyu archive volume, merge, recipes: many scans, or any PDFs, as one PDF."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.archive.merge_recipes import expanded, files_of, recipes, refuse_name, remove_recipe, save_recipe
from yiyu.docgen.archive.volumes import VolumeMade, make_volume
from yiyu.docgen.pdf.merge import MergedPdf
from yiyu.docgen.pdf.merge import merge as merge_files
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DISTRICT, READABLE, TEXT, dry_run, json_only
from yiyu.registry.commands.outputs import PDF
from yiyu.registry.commands.show import ListColumn, finish, progress, say, show, table, write_json
from yiyu.registry.model import DOC_KIND_LABEL
from yiyu.registry.store.opening import changing

PART_FIELDS = (
    ListColumn("number", "协议编号"),
    ListColumn("kind_label", "文书"),
    ListColumn("page", "起页"),
    ListColumn("pages", "页数"),
    ListColumn("signed", "电子签名"),
)
RECIPE_FIELDS = (
    ListColumn("name", "配方", 16),
    ListColumn("sources", "文件", 60),
    ListColumn("saved_at", "保存", 26),
    ListColumn("actor", "谁", 10),
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
    for what, names in _by_what((f"{one.number} {DOC_KIND_LABEL[one.kind]}", one.left) for one in made.parts):
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


@click.command("merge")
@click.argument("files", nargs=-1, type=READABLE, metavar="[FILE]…")
@click.option("-o", "--out", type=PDF, required=True, metavar="OUT.pdf", help="合并到这个文件")
@click.option("--save", type=TEXT, metavar="NAME", help="合并以后，把这些文件和次序存成配方")
@click.option("--recipe", type=TEXT, metavar="NAME", help="按存过的配方合并，不再写文件")
@click.option("--strict", is_flag=True, help="结构有错或限制编辑的文件不修复、不合并")
@click.option("--full-proof", is_flag=True, help="逐页核对全部文字，不抽查")
@dry_run
@json_only
@pass_invocation
def merge(
    invocation: Invocation,
    /,
    files: tuple[Path, ...],
    out: Path,
    save: str | None,
    recipe: str | None,
    as_json: bool,
    **options: bool,
) -> None:
    """把多个 PDF 合成一个，每个文件一条书签；有一个读不了就不合并。文件可写成 '月报/*.pdf' 这样的样式。"""
    _refuse_unsaved(invocation, save)  # before anything is written
    sources = _sources(invocation, files, recipe)
    merged = merge_files(sources, out, **options)
    if as_json:
        write_json(asdict(merged))
    else:
        _show_merged(merged, out, dry_run=options["dry_run"])
    if save is not None and not options["dry_run"]:
        _save(invocation, save, files or sources)


def _refuse_unsaved(invocation: Invocation, name: str | None) -> None:
    """Raise what saving a recipe would: a merge that is done and not kept has to be asked for again with --replace."""
    if name is not None:
        refuse_name(name)
        with invocation.office() as office, changing(office.db, dry_run=True):
            pass


def _show_merged(merged: MergedPdf, out: Path, *, dry_run: bool) -> None:
    told = "可以合并" if dry_run else "已合并"
    say(f"{told} {len(merged.files)} 个文件，共 {merged.pages} 页，{'将' if dry_run else ''}保存为 {out}")
    if merged.sampled:
        say(f"页数、方向、书签等已全部核对，文字抽查了 {merged.compared} 页；要逐页核对文字，请加 --full-proof")
    for what, names in _by_what((one.name, one.notes) for one in merged.files):
        say(f"{names}：{what}")
    for what, names in _by_what((one.name, one.left) for one in merged.files):
        say(f"没有带入合并文件的{what}：{names}")


def _by_what(files: Iterable[tuple[str, Sequence[str]]]) -> Iterator[tuple[str, str]]:
    """What is said of files, and of which; the first few are named, JSON has all."""
    names: dict[str, list[str]] = {}
    for name, said in files:
        for what in said:
            names.setdefault(what, []).append(name)
    for what, of in names.items():
        yield what, "、".join(of[:_NAMED]) + (f" 等 {len(of)} 件" if len(of) > _NAMED else "")


def _save(invocation: Invocation, name: str, files: Sequence[Path]) -> None:
    with invocation.office() as office:
        save_recipe(office, name, files)
    say(f"配方“{name}”已保存，以后用 yiyu archive merge --recipe {name} -o 文件.pdf")


@click.command("recipes")
@click.option("--remove", type=TEXT, metavar="NAME", help="删去这个配方，文件不动")
@json_only
@pass_invocation
def recipes_(invocation: Invocation, remove: str | None, as_json: bool) -> None:
    """列出存过的合并配方。"""
    with invocation.office() as office:
        if remove is not None:
            remove_recipe(office, remove)
        found = [asdict(one) for one in recipes(office)]
    rows = found if as_json else [one | {"sources": "、".join(one["sources"])} for one in found]
    show("合并配方", RECIPE_FIELDS, rows, as_json=as_json, xlsx=None)


def _sources(invocation: Invocation, files: tuple[Path, ...], recipe: str | None) -> list[Path]:
    if bool(files) == bool(recipe):
        raise click.UsageError("请写出要合并的文件，或用 --recipe 写一个配方的名字，两样选一样")
    if recipe is None:
        return list(expanded(files))
    with invocation.office() as office:
        return files_of(office, recipe)
