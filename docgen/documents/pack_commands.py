"""yiyu pack …"""

from pathlib import Path
from typing import Any

import click

from yiyu.docgen.documents.template_commands import show_checked
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import TEXT, dry_run, json_only, listing
from yiyu.registry.commands.show import ListColumn, say, show, table, write_json
from yiyu.registry.errors import NotFound
from yiyu.registry.model import VARIANT_LABEL
from yiyu.registry.packs import Pack, list_packs, load_pack, pack_origin
from yiyu.registry.packs.making import NewPack, new_pack

FIELDS = (
    ListColumn("name", "口径包", 14),
    ListColumn("title", "名称", 30),
    ListColumn("extends", "继承自", 12),
    ListColumn("years", "适用年份", 12),
    ListColumn("variants", "协议类型", 20, brief=False),
    ListColumn("items", "项目数", 8),
    ListColumn("duties", "职责数", 8),
    ListColumn("origin", "来自", 20),
)
_ORIGIN = {"office": "本单位", "shipped": "随附"}


@click.command("list")
@listing
@pass_invocation
def list_(invocation: Invocation, as_json: bool, xlsx: Path | None) -> None:
    """列出可用的口径包（本工作区 templates/ 中的优先，其次是随附的，再次是插件的）。"""
    office = office_templates(invocation)
    rows = [_row(one) | {"origin": pack_origin(one.name, office)} for one in list_packs(office)]
    told = rows if as_json else [row | {"origin": _ORIGIN.get(row["origin"], f"插件 {row['origin']}")} for row in rows]
    show("口径包", FIELDS, told, as_json=as_json, xlsx=xlsx)


@click.command("show")
@click.argument("name", type=TEXT)
@json_only
@pass_invocation
def show_(invocation: Invocation, name: str, as_json: bool) -> None:
    """查看一个口径包：依据、文书、职责和目标，各注明出处。"""
    one = load_pack(name, office=office_templates(invocation))
    if as_json:
        origin = {"origin": pack_origin(name, office_templates(invocation))}
        write_json(_row(one) | origin | {"basis": one.basis, "duties": one.duties, "targets": one.targets})
    else:
        table((ListColumn("heading", "项目"), ListColumn("value", "内容")), _described(one))


@click.command("check")
@click.argument("names", type=TEXT, nargs=-1, metavar="[NAME]…")
@json_only
@pass_invocation
def check(invocation: Invocation, names: tuple[str, ...], as_json: bool) -> None:
    """检查口径包（不给名称则全部）：pack.toml 的键、编号、出处、文件，和用到的每个 Word 模板。"""
    from yiyu.docgen.documents.checking import check_packs

    show_checked(check_packs(names, office_templates(invocation)), as_json=as_json)


@click.command("new")
@click.argument("name", type=TEXT, metavar="NAME")
@click.option("--extends", type=TEXT, required=True, metavar="PACK", help="以哪个口径包为底本，如 ordos")
@click.option("--with-forms", is_flag=True, help="连同底本的 Word 范本一起复制出来，从它们改起")
@dry_run
@pass_invocation
def new(invocation: Invocation, name: str, extends: str, with_forms: bool, dry_run: bool) -> None:
    """在工作区 templates/ 下建立本单位的口径包，带说明。"""
    office = _from_here(invocation.workspace.templates)
    made = new_pack(name, extends=extends, office=office, with_forms=with_forms, dry_run=dry_run)
    if dry_run:
        click.echo(made.text, nl=False)
    say(_told(made, name, dry_run=dry_run))


def _told(made: NewPack, name: str, *, dry_run: bool) -> str:
    done = f"{'将建立' if dry_run else '已建立'} {made.path}"
    if made.forms:
        return f"{done}，旁边有底本的范本 {'、'.join(made.forms)}，可用 Word 修改；改完请运行 yiyu pack check {name}"
    return f"{done}；把本单位的 Word 范本放进该文件夹，改完请运行 yiyu pack check {name}"


def office_templates(invocation: Invocation) -> Path | None:
    """The workspace's own packs; packs can be looked at without a workspace too."""
    try:
        return invocation.workspace.templates
    except NotFound:
        return None


def _from_here(path: Path) -> Path:
    """The path as a person in the current folder would type it, where it lies under it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _row(one: Pack) -> dict[str, Any]:
    years = f"{one.valid_from or ''}—{one.valid_to or ''}"
    return {
        "name": one.name,
        "title": one.title,
        "extends": one.extends,
        "years": "" if years == "—" else years,
        "variants": " ".join(one.variants),
        "items": len(one.catalogue),
        "duties": len(one.duties),
    }


def _described(one: Pack) -> list[dict[str, object]]:
    lines: list[tuple[str, object]] = [("名称", one.title), ("继承自", one.extends or "—")]
    lines += [("协议类型", "、".join(f"{key} {VARIANT_LABEL[key]}" for key in one.variants))]
    lines += [("依据", text) for text in one.citations]
    lines += [("文书", f"{document.title}（{document.file}）") for document in one.documents.values()]
    lines += [("职责", f"{duty.title}——{duty.owner}（{duty.source}）") for duty in one.duties]
    lines += [("目标", f"{t.title} {t.value:g}{t.unit}（{t.year} 年，{t.source}）") for t in one.targets]
    return [{"heading": heading, "value": value} for heading, value in lines]
