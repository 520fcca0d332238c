"""yiyu template …"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiyu.docgen.documents.checking import annotate_file, check_files, dictionary, fields_page
from yiyu.docgen.documents.clause_forms import ClauseForms
from yiyu.docgen.documents.fill_job import picture_for
from yiyu.docgen.documents.generating import document_context
from yiyu.docgen.fill.composing import join_files
from yiyu.docgen.fill.files import expand_file, fill_file
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import DOC_KIND, READABLE, dry_run, json_only, listing, on_day
from yiyu.registry.commands.outputs import DOCX
from yiyu.registry.commands.show import ListColumn, say, show, write_json
from yiyu.registry.errors import NotFound, TemplateFault
from yiyu.registry.model import DocKind, Severity
from yiyu.registry.packs import Pack, load_pack

COMMON_PACK = "national"
"""Templates can be checked without a workspace: then against this pack."""
FIELDS = (
    ListColumn("path", "字段", 26),
    ListColumn("type", "类型", 8),
    ListColumn("meaning", "含义", 44),
    ListColumn("sample", "示例", 40),
)


@click.command("check")
@click.argument("files", type=READABLE, nargs=-1, required=True, metavar="FILE…")
@click.option("--kind", type=DOC_KIND, help="按这种文书的要求检查（默认按文件名、标题或内容判断，判断不出只查通用的）")
@click.option(
    "--data", type=READABLE, metavar="DATA.json", help="用这份数据试填：缺哪些字段、哪些类型不对；不限于本程序的字段"
)
@click.option("--annotate", "annotated", type=DOCX, metavar="OUT.docx", help="另存一份，在每处问题上加批注")
@json_only
@pass_invocation
def check(
    invocation: Invocation,
    files: tuple[Path, ...],
    kind: str | None,
    data: Path | None,
    annotated: Path | None,
    as_json: bool,
) -> None:
    """检查 Word 模板：写法、字段、结构、协议格式，一次列出全部问题和位置。"""
    if annotated is not None and len(files) > 1:
        raise click.UsageError("--annotate 一次只能用于一个文件")
    pack, wanted = _pack(invocation), _kind(kind)
    results = check_files(files, pack=pack, kind=wanted, data=data)
    if annotated is not None:
        annotate_file(files[0], annotated, pack=pack, kind=wanted)
        say(f"带批注的副本：{annotated}")
    show_checked(results, as_json=as_json, single=len(files) == 1)


@click.command("fields")
@click.option("--kind", type=DOC_KIND, help="只列这种文书可用的字段")
@click.option("--markdown", is_flag=True, help="输出 Markdown 说明页")
@listing
def fields(kind: str | None, markdown: bool, as_json: bool, xlsx: Path | None) -> None:
    """字段字典：每个字段的类型、含义和示例值。"""
    if markdown:
        click.echo(fields_page(), nl=False)
        return
    show("字段字典", FIELDS, [asdict(field) for field in dictionary(_kind(kind))], as_json=as_json, xlsx=xlsx)


@click.command("context")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@click.option("--kind", type=DOC_KIND, default=str(DocKind.AGREEMENT), help="文书种类（默认 agreement）")
@pass_invocation
def context(invocation: Invocation, number: str, kind: str) -> None:
    """以 JSON 输出一份协议填写文书时用的全部数据，可直接交给 template fill。"""
    with invocation.office() as office:
        write_json(document_context(office, number, DocKind(kind)))


@click.command("fill")
@click.argument("source", type=READABLE, metavar="TEMPLATE.docx")
@click.argument("data", type=READABLE, metavar="DATA.json")
@click.option("-o", "--out", type=DOCX, required=True, metavar="OUT.docx", help="结果存到这里")
@dry_run
@pass_invocation
def fill(invocation: Invocation, source: Path, data: Path, out: Path, dry_run: bool) -> None:
    """用 JSON 数据填写一份 Word 模板。"""
    clauses = ClauseForms(today()).texts(_pack(invocation), today())
    fill_file(source, data, out, picture=picture_for, root=_root(invocation), clauses=clauses, dry_run=dry_run)
    say(f"模板和数据相符，将保存为 {out}" if dry_run else f"已保存 {out}")


@click.command("expand")
@click.argument("source", type=READABLE, metavar="TEMPLATE.docx")
@click.option("-o", "--out", type=DOCX, required=True, metavar="OUT.docx", help="结果存到这里")
@on_day
@dry_run
@pass_invocation
def expand(invocation: Invocation, source: Path, out: Path, as_of: dt.date | None, dry_run: bool) -> None:
    """把范本引用的条款换成文字，另存一份：给人审阅全文，或交给别的 docxtpl 程序用。"""
    day = as_of or today()
    count = expand_file(source, out, ClauseForms(day).texts(_pack(invocation), day), dry_run=dry_run)
    say(f"范本引用 {count} 条，将保存为 {out}" if dry_run else f"已换入 {count} 条，保存为 {out}")


def _kind(given: str | None) -> DocKind | None:
    return DocKind(given) if given else None


@click.command("join")
@click.argument("sources", type=READABLE, nargs=-1, required=True, metavar="FILE.docx…")
@click.option("-o", "--out", type=DOCX, required=True, metavar="OUT.docx", help="结果存到这里")
@dry_run
def join(sources: tuple[Path, ...], out: Path, dry_run: bool) -> None:
    """把几份不同的 Word 文书合成一份，各自的节、页眉页脚、样式和编号不变。"""
    join_files(sources, out, dry_run=dry_run)
    say(f"{len(sources)} 份文书可以合并，将保存为 {out}" if dry_run else f"已把 {len(sources)} 份文书合并为 {out}")


def _root(invocation: Invocation) -> Path | None:
    try:
        return invocation.workspace.root
    except NotFound:
        return None


def _pack(invocation: Invocation) -> Pack:
    try:
        workspace = invocation.workspace
    except NotFound:
        return load_pack(COMMON_PACK)
    return load_pack(workspace.config.pack, office=workspace.templates)


if TYPE_CHECKING:  # the checks bring the Word libraries, which listing packs does not need
    from yiyu.docgen.documents.checking import CheckedFile

_LABEL = {Severity.ERROR: "错误", Severity.WARNING: "提醒"}


def show_checked(results: Sequence["CheckedFile"], *, as_json: bool, single: bool = False) -> None:
    """Show every problem of every file; ``single`` gives one object in JSON instead of a list.

    Raises TemplateFault when there is an error among them.
    """
    if as_json:
        shown = [_told(one) for one in results]
        write_json(shown[0] if single else shown)
    else:
        for one in results:
            _show(one)
    errors = sum(problem["severity"] == Severity.ERROR for one in results for problem in one.problems)
    if errors:
        raise TemplateFault(f"共有 {errors} 处错误", remedy="请按列出的说明改正后再检查")
    if not any(one.problems for one in results):
        say(f"检查了 {len(results)} 个文件，没有发现问题")


def _told(one: "CheckedFile") -> dict[str, object]:
    """A file in JSON; of which rules ran, nothing where a pack says what its files are."""
    told: dict[str, object] = {"file": one.file, "problems": one.problems}
    return told | ({"kind": one.kind, "rules": one.rules} if one.rules else {})


def _show(one: "CheckedFile") -> None:
    if one.problems:
        click.echo(f"{one.file}：{len(one.problems)} 处")
    if one.rules:
        say(f"{Path(one.file).name}：{one.rules}")
    for problem in one.problems:
        click.echo(f"  {_LABEL[Severity(problem['severity'])]}　{problem['place']}　{problem['message']}")
        click.echo(f"  　　　→ {problem['suggestion']}　[{problem['code']}]")
