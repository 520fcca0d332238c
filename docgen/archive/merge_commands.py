"""yiyu archive merge, recipes: any PDFs as one PDF, the same ones again under a name.

What opens an office is imported where one is opened: most merges need none, and it takes longer to load than a hundred
files to join.
"""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from yiyu.docgen.archive.merge_sources import by_what, expanded
from yiyu.docgen.pdf.merge import MergedPdf
from yiyu.docgen.pdf.merge import merge as merge_files
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import READABLE, TEXT, dry_run, json_only
from yiyu.registry.commands.outputs import PDF
from yiyu.registry.commands.show import ListColumn, say, show, write_json

RECIPE_FIELDS = (
    ListColumn("name", "配方", 16),
    ListColumn("sources", "文件", 60),
    ListColumn("saved_at", "保存", 26),
    ListColumn("actor", "谁", 10),
)


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
    if name is None:
        return
    from yiyu.docgen.archive.merge_recipes import refuse_name
    from yiyu.registry.store.opening import changing

    refuse_name(name)
    with invocation.office() as office, changing(office.db, dry_run=True):
        pass


def _show_merged(merged: MergedPdf, out: Path, *, dry_run: bool) -> None:
    told = "可以合并" if dry_run else "已合并"
    say(f"{told} {len(merged.files)} 个文件，共 {merged.pages} 页，{'将' if dry_run else ''}保存为 {out}")
    if merged.sampled:
        say(f"页数、方向、书签等已全部核对，文字抽查了 {merged.compared} 页；要逐页核对文字，请加 --full-proof")
    for what, names in by_what((one.name, one.notes) for one in merged.files):
        say(f"{names}：{what}")
    for what, names in by_what((one.name, one.left) for one in merged.files):
        say(f"没有带入合并文件的{what}：{names}")


def _save(invocation: Invocation, name: str, files: Sequence[Path]) -> None:
    from yiyu.docgen.archive.merge_recipes import save_recipe

    with invocation.office() as office:
        save_recipe(office, name, files)
    say(f"配方“{name}”已保存，以后用 yiyu archive merge --recipe {name} -o 文件.pdf")


@click.command("recipes")
@click.option("--remove", type=TEXT, metavar="NAME", help="删去这个配方，文件不动")
@json_only
@pass_invocation
def recipes_(invocation: Invocation, remove: str | None, as_json: bool) -> None:
    """列出存过的合并配方。"""
    from yiyu.docgen.archive.merge_recipes import recipes, remove_recipe

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
    from yiyu.docgen.archive.merge_recipes import files_of

    with invocation.office() as office:
        return files_of(office, recipe)
