"""yiyu archive intake, assign: scans in, each page to its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.archive.assigning import WHOLE, Assigned
from yiyu.docgen.archive.assigning import assign as assign_page
from yiyu.docgen.archive.assigning import unassign as take_back
from yiyu.docgen.archive.comparing import Compared
from yiyu.docgen.archive.difference_commands import DIFFERENCE_FIELDS, SIGNING_FIELDS, signing_row
from yiyu.docgen.archive.difference_commands import row_of as difference_row
from yiyu.docgen.archive.filing import OLD_PAPER, Filed
from yiyu.docgen.archive.intake import Intake
from yiyu.docgen.archive.intake import intake as take_in
from yiyu.docgen.archive.intake_lines import FEW, failed_rows, lines_of, minute, runs
from yiyu.docgen.archive.ledger_filing import DOUBT_LABEL, KNOWN_LABEL, LedgerFinding
from yiyu.docgen.archive.page_matching import REASON_LABEL, Reason
from yiyu.docgen.archive.unplaced_pages import Unplaced
from yiyu.docgen.cluster.options import cluster_option, reading_office
from yiyu.docgen.page_code import MOST_PAGES
from yiyu.docgen.scans.page import HALF_LABEL, Half
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DOC_KIND, READABLE, dry_run, json_only
from yiyu.registry.commands.output_gate import written_by
from yiyu.registry.commands.show import ListColumn, finish, progress, say, table, write_json
from yiyu.registry.lifecycle import FILING_LABEL
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.store.scans import OLD

DOCUMENT_FIELDS = (
    ListColumn("number", "协议编号"),
    ListColumn("kind_label", "文书"),
    ListColumn("counted", "页"),
    ListColumn("missing_pages", "缺页"),
    ListColumn("duplicate_pages", "重复"),
    ListColumn("filing_label", "归档"),
    ListColumn("hint", "红章提示"),
    ListColumn("note", "说明"),
)
UNPLACED_FIELDS = (ListColumn("file", "文件"), ListColumn("page", "页"), ListColumn("reason_label", "未归位的原因"))
LEDGER_FIELDS = (
    *(ListColumn("file", "旧件"), ListColumn("number", "归入协议")),
    *(ListColumn("why", "依据，或没有归入的原因"), ListColumn("fits", "可能是")),
)
AGAIN_FIELDS = (ListColumn("file", "以前收过的文件"), ListColumn("received_at", "收到"), ListColumn("path", "存为"))
UNCOMPARED_FIELDS = (ListColumn("subject", "协议编号"), ListColumn("message", "没有比对的原因"))
NOTE_FIELDS = (ListColumn("file", "文件"), ListColumn("message", "说明"))
FAILED_FIELDS = (ListColumn("subject", "文件"), ListColumn("message", "没有完成的原因"))


class PageType(click.ParamType[tuple[int, Half]]):
    """A page of a file, from 1, or half a sheet of it: 2, 2左. WHOLE for ``all``."""

    name = "页"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, Half]:
        if value == "all":
            return WHOLE, Half.WHOLE
        halves = {label: half for half, label in HALF_LABEL.items()}
        said = re.fullmatch(r"([1-9]\d{0,5})([左右上下]?)", str(value))
        if said is None:
            self.fail(f"“{value}”不是页码；请写第几页，半张写 2左、2右、2上、2下，整个文件写 all", param, ctx)
        return int(said[1]), halves[said[2]]


@click.command("intake")
@click.argument("paths", nargs=-1, required=True, type=READABLE, metavar="PATH…")
@click.option("--signed", is_flag=True, help="已看过：收齐的协议各方都签了字，登记为今天签字")
@click.option("--sealed", is_flag=True, help="已看过：收齐的协议各方都盖了章，登记为今天盖章")
@click.option("--ledger", is_flag=True, help="没有页面码的旧件按文件名、首页文字归到台账里的协议名下，不确定的列出")
@click.option("--compare", is_flag=True, help="识别每页文字，与打印的文书比对（要装 yiyu[ocr]；试算时不比对）")
@cluster_option("读扫描件的页面码")
@dry_run
@json_only
@pass_invocation
def intake(invocation: Invocation, /, paths: tuple[Path, ...], as_json: bool, cluster: str, **options: Any) -> None:
    """收扫描件（PDF、JPEG、PNG、TIFF、HEIC、WEBP 或文件夹）：按页面码归位，收齐的装订成 PDF，原件照存。"""
    with reading_office(invocation, cluster) as (office, read), progress("读取") as bar, progress("比对") as more:
        ours = written_by(office.workspace, "archive", but=("archive merge",))
        result = take_in(office, paths, ours=ours, read=read, progress=bar, compare_progress=more, **options)
    if as_json:
        write_json(_intake_json(result))
    else:
        _show(result, dry_run=options["dry_run"])
    finish(result.unfinished)


@click.command("assign")
@click.argument("file", type=READABLE, metavar="FILE")
@click.argument("file_page", type=PageType(), metavar="PAGE|all")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@click.option("--kind", type=DOC_KIND, required=True, help="是哪种文书")
@click.option("--page", type=click.IntRange(1, MOST_PAGES), metavar="N", help="是文书的第几页；归位整个文件时不写")
@click.option("--of", type=click.IntRange(1, MOST_PAGES), metavar="N", help="文书共几页（还没有收到别的页时要写）")
@click.option(
    "--version", type=click.IntRange(min=0), metavar="N", help="是第几版，纸上印着 v2 等（默认最新一版）；0 是旧件"
)
@click.option("--turn", type=click.Choice([0, 90, 180, 270]), default=0, help="顺时针转多少度才正")
@dry_run
@pass_invocation
def assign(invocation: Invocation, /, file: Path, file_page: tuple[int, Half], kind: str, **options: Any) -> None:
    """人工归位：收过的扫描件 FILE 的第 PAGE 页，是协议 NUMBER 某文书的第 N 页；all 是整个文件。

    A3 上并排两页的，写 2左、2右。没有用本系统打印过的协议（旧件）不用先生成文书。
    """
    page, half = file_page
    with invocation.office() as office:
        result = assign_page(office, file, page, half=half, kind=DocKind(kind), **options)
    _show_assigned(result, "归位", dry_run=options["dry_run"])


@click.command("unassign")
@click.argument("file", type=READABLE, metavar="FILE")
@click.argument("file_page", type=PageType(), metavar="PAGE|all")
@dry_run
@pass_invocation
def unassign(invocation: Invocation, /, file: Path, file_page: tuple[int, Half], dry_run: bool) -> None:
    """撤回归位：收过的扫描件 FILE 的第 PAGE 页（all 是整个文件）不属于归位过的文书；扫描件照存，装订过的撤下。"""
    page, half = file_page
    with invocation.office() as office:
        result = take_back(office, file, page, half=half, dry_run=dry_run)
    _show_assigned(result, "撤回归位", dry_run=dry_run)


def _show_assigned(result: Assigned, what: str, *, dry_run: bool) -> None:
    _show_documents(result.documents)
    table(FAILED_FIELDS, [asdict(failure) for failure in result.failed])
    say("试算，没有写入" if dry_run else f"已{what} {result.pages} 页")
    finish(result.failed)


def _show(result: Intake, *, dry_run: bool) -> None:
    _show_documents(result.documents)
    table(LEDGER_FIELDS, [ledger_row(one) for one in result.ledger])
    table(UNPLACED_FIELDS, list(unplaced_rows(result)))
    table(FAILED_FIELDS, list(failed_rows(result.failed)))
    table(NOTE_FIELDS, [asdict(one) for one in result.notes])
    if len(result.again) <= FEW:
        table(AGAIN_FIELDS, [asdict(one) | {"received_at": minute(one.received_at)} for one in result.again])
    for line in lines_of(result, dry_run=dry_run):
        say(line)
    if result.compared:
        _show_compared(result.compared)


def _show_compared(compared: Compared) -> None:
    table(DIFFERENCE_FIELDS[:-1], [difference_row(one) for one in compared.undecided])
    table(SIGNING_FIELDS, [signing_row(one) for one in compared.signing])
    table(UNCOMPARED_FIELDS, [asdict(failure) for failure in compared.failed])
    said = f"比对 {compared.pages} 页，与打印不同、待核对的 {len(compared.undecided)} 处"
    say(said + (f"，小图和命令见 {compared.sheet}" if compared.sheet else ""))


def ledger_row(one: LedgerFinding) -> dict[str, object]:
    why = KNOWN_LABEL[one.by] if one.by else DOUBT_LABEL[one.doubt] if one.doubt else ""
    return {"file": one.file, "number": one.number, "why": why, "fits": "、".join(one.candidates)}


def unplaced_rows(result: Intake) -> Iterator[dict[str, object]]:
    """A line for each file and reason; of many files with blank pages, the backs of sheets, none."""
    places: dict[tuple[str, Reason], list[Unplaced]] = {}
    for one in result.unplaced:
        places.setdefault((one.file, one.reason), []).append(one)
    blank = sum(reason is Reason.BLANK for _, reason in places)
    told = {one.file for one in result.ledger}
    for (file, reason), pages in places.items():
        if file not in told and (reason is not Reason.BLANK or blank <= FEW):
            yield {"file": file, "page": _places(pages), "reason_label": REASON_LABEL[reason]}


def _places(pages: Sequence[Unplaced]) -> str:
    whole = runs(one.page for one in pages if not one.half)
    return "、".join(part for part in (whole, *(one.label for one in pages if one.half)) if part)


def _show_documents(documents: list[Filed]) -> None:
    table(DOCUMENT_FIELDS, [document_row(one) for one in documents])


def document_row(one: Filed) -> dict[str, object]:
    version = {OLD: f"（{OLD_PAPER}）", 1: ""}.get(one.version, f" v{one.version}")
    return asdict(one) | {
        "kind_label": DOC_KIND_LABEL[one.kind] + version,
        "counted": f"{one.pages}/{one.expected}",
        "missing_pages": runs(one.missing),
        "duplicate_pages": runs(one.duplicate),
        "filing_label": FILING_LABEL[one.filing] if one.filing else "",
    }


def _ledger_json(one: LedgerFinding) -> dict[str, object]:
    return {
        "file": one.file,
        "number": one.number or None,
        "by": one.by,
        "doubt": one.doubt,
        "candidates": list(one.candidates),
    }


def _intake_json(result: Intake) -> dict[str, object]:
    keys = ("number", "kind", "pages", "expected", "missing", "duplicate")
    return {
        "pages": result.pages,
        "placed": result.placed,
        "unplaced": [asdict(one) for one in result.unplaced],
        "documents": [
            {key: getattr(one, key) for key in keys}
            | {"originals": [{"copy": each.copy or None, "came": each.pages} for each in one.originals]}
            for one in result.documents
        ],
        "absent": [asdict(one) for one in result.absent],
        "failed": [failure.named("file") for failure in result.failed],
        "again": [asdict(one) for one in result.again],
        "notes": [asdict(one) for one in result.notes],
        "ledger": [_ledger_json(one) for one in result.ledger],
        "unplaced_file": result.unplaced_file or None,
        "compared": _compared_json(result.compared) if result.compared else None,
    }


def _compared_json(compared: Compared) -> dict[str, object]:
    signing = ("number", "document", "page", "party", "signature", "seal")
    return {
        "pages": compared.pages,
        "differences": [difference_row(one) for one in compared.found],
        "failed": [failure.named("number") for failure in compared.failed],
        "signing": [{key: getattr(one, key) for key in signing} for one in compared.signing],
        "differences_file": compared.sheet or None,
    }
