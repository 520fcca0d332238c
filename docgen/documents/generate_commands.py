"""yiyu generate, yiyu print: documents filled, and made into PDF; what will look otherwise on paper is said."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.cluster.options import cluster_option, converting_office
from yiyu.docgen.documents.generating import GenerateResult
from yiyu.docgen.documents.generating import generate as generate_documents
from yiyu.docgen.documents.printing import print_agreements
from yiyu.docgen.pdf.fonts import replaced_faces
from yiyu.docgen.pdf.glyphs import fonts_for
from yiyu.registry.agreements.listing import numbers_in_scope
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DOC_KIND, OUT_FOLDER, dry_run, json_only, scoped
from yiyu.registry.commands.outputs import PDF
from yiyu.registry.commands.show import ListColumn, finish, progress, say, table, write_json
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.rules.cleaning import is_private
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.record_sheets import DocumentRow

FAILED_FIELDS = (
    ListColumn("subject", "协议编号"),
    ListColumn("kind_label", "文书"),
    ListColumn("message", "未生成的原因"),
)


@click.command("generate")
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[NUMBER]…")
@click.option("--kind", "kinds", type=DOC_KIND, multiple=True, help="只生成这种文书（可写多次）")
@click.option("--missing", is_flag=True, help="只补还没有的；中断后用它接着做")
@click.option("--pdf", is_flag=True, help="在每份 Word 文书旁边另存一份 PDF，每页有识别码")
@click.option("--out", type=OUT_FOLDER, metavar="DIR", help="另复制一份到这个目录")
@cluster_option("转成 PDF（--pdf）")
@scoped
@dry_run
@json_only
@pass_invocation
def generate(invocation: Invocation, /, as_json: bool, cluster: str, kinds: tuple[str, ...], **options: Any) -> None:
    """为给出的协议（不给编号则为所有还缺文书的协议）生成 Word 文书，放在 output/年度/旗区/ 下。"""
    options["kinds"] = [DocKind(kind) for kind in kinds]
    with converting_office(invocation, cluster) as (office, pdf), progress("生成") as bar, progress("转 PDF") as more:
        result = generate_documents(office, converter=pdf, progress=bar, pdf_progress=more, **options)
    warn_of_unshown(result.unshown)
    if as_json:
        write_json(_result_json(result))
    else:
        _show(result, dry_run=options["dry_run"])
    finish(result.failed)


def _show(result: GenerateResult, *, dry_run: bool) -> None:
    for line in followed_lines(result):
        say(line)
    table(FAILED_FIELDS, [asdict(one) | {"kind_label": DOC_KIND_LABEL[one.kind]} for one in result.failed])
    for line in counted_lines(result, dry_run=dry_run):
        say(line)
    for folder in sorted({Path(row.path).parent.as_posix() for _, row in result.made}):
        say(f"  {folder}/")


def followed_lines(result: GenerateResult) -> Iterator[str]:
    """What drafts say otherwise now, and where signed agreements lag."""
    for number, changes in result.followed.items():
        yield f"{number} 随登记更新：{'；'.join(change.text for change in changes)}"
    for number, lag in result.lagging.items():
        yield f"提醒：协议 {number} 已签，不随登记变：{'；'.join(lag.texts)}；请签补充协议（agreement supplement-draft {number}）"


def counted_lines(result: GenerateResult, *, dry_run: bool = False) -> Iterator[str]:
    """How many were made, and what of them looks otherwise on paper."""
    if not (result.made or result.skipped or result.failed):
        yield "没有缺少的文书，不用生成；要重做某份，请给出协议编号，还没有协议的先用 yiyu agreement draft"
        return
    counts = f"{'将生成' if dry_run else '已生成'} {len(result.made)} 份，已有且无变化 {len(result.skipped)} 份"
    yield counts + (f"，未生成 {len(result.failed)} 份（见上）" if result.failed else "")
    if result.pdfs is not None:
        yield from replaced_lines()
        yield f"旁边的 PDF {'将有' if dry_run else '共'} {len(result.pdfs)} 份"


def _result_json(result: GenerateResult) -> dict[str, object]:
    return {
        "made": [_document(number, row, result.pdfs) for number, row in result.made],
        "skipped": [_document(number, row, result.pdfs) for number, row in result.skipped],
        "failed": [failure.named("number") | {"kind": failure.kind} for failure in result.failed],
        "followed": [{"number": n} | asdict(one) for n, changes in result.followed.items() for one in changes],
        "lagging": [{"number": n} | asdict(one) for n, lag in result.lagging.items() for one in lag.facts],
    }


def _document(number: str, row: DocumentRow, pdfs: dict[DocumentRow, str] | None) -> dict[str, object]:
    """``pdf`` is there where PDFs were asked for; null where this one could not be made."""
    keys = ("kind", "path", "sha256", "template_sha256")
    beside = {} if pdfs is None else {"pdf": pdfs.get(row)}
    return {"number": number} | {key: getattr(row, key) for key in keys} | beside


@click.command("print")
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[NUMBER]…")
@click.option("-o", "--out", type=PDF, required=True, metavar="FILE.pdf", help="存到这个文件")
@click.option("--kind", "kinds", type=DOC_KIND, multiple=True, help="只打印这种文书（可写多次）")
@click.option("--copies", type=click.IntRange(1, 20), default=1, metavar="N", help="一式几份")
@click.option("--duplex", is_flag=True, help="双面打印：每份文书从正面开始")
@click.option("--pdfa", is_flag=True, help="存成长期保存用的 PDF/A-2b，供归档、移交")
@cluster_option("转成 PDF")
@scoped
@dry_run
@pass_invocation
def print_(
    invocation: Invocation,
    /,
    numbers: tuple[str, ...],
    out: Path,
    kinds: tuple[str, ...],
    cluster: str,
    **options: Any,
) -> None:
    """生成可直接打印的 PDF；每页印有识别码，签好扫描后能自动归位。"""
    options["kinds"] = [DocKind(kind) for kind in kinds]
    with converting_office(invocation, cluster) as (office, converter), progress("转换") as bar:
        printed = print_agreements(office, _chosen(office, numbers), out, converter=converter, progress=bar, **options)
    for line in [*unshown_lines(printed.unshown), *replaced_lines()]:
        say(line)
    if options["dry_run"]:
        say(f"试算，没有写入：将把 {printed.documents} 份文书存为 {out}，一式 {options['copies']} 份")
    else:
        say(f"已保存 {out}：{printed.documents} 份文书，共 {printed.pages} 页")


def _chosen(office: OfficeSession, numbers: tuple[str, ...]) -> Sequence[str]:
    if not numbers and office.scope.whole:
        raise click.UsageError("请给出协议编号，或用 --district、--town、--provider 圈定一批")
    return numbers_in_scope(office, numbers)


def warn_of_unshown(unshown: Mapping[str, str]) -> None:
    """Name the characters no font has, agreement by agreement (number to characters)."""
    for line in unshown_lines(unshown):
        say(line)


def unshown_lines(unshown: Mapping[str, str]) -> Iterator[str]:
    """The same in lines, and what to install."""
    for number, characters in unshown.items():
        signs = "、".join(f"{character}（U+{ord(character):04X}）" for character in characters)
        if is_private(characters):
            yield f"提醒：协议 {number} 中有自造字：{signs}，印出来可能是别的字；请用 institution edit 改正名称后重新生成"
        else:
            yield f"提醒：协议 {number} 中的 {signs} 在这台电脑的字体里没有，PDF 中会是空白或方框"
    if fonts := fonts_for("".join(signs for signs in unshown.values() if not is_private(signs))):
        yield f"请安装{fonts}后重新生成 PDF，或在纸上手写补上"


def replaced_lines() -> Iterator[str]:
    """One line on which 公文 faces this machine shows by others; none where it has all of them."""
    if replaced := replaced_faces():
        yield f"提醒：没有装的公文字体已用相近的代替：{replaced}"
