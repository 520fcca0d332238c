"""yiyu archive number, box, catalog, stamp, due: 档号, 装盒, 归档文件目录, 归档章, 到期待鉴定.

JSON: ``number``: ``{"numbered": [item…], "failed": [{"number", "code", "message"}], "waiting": [the same], "notices":
[…]}``; ``catalog``:
``{"items": [item…], "faults": [{"series", "missing", "doubled"}]}``; ``box``: ``[item…]``; ``due``: ``[item…]``, each with ``kept_until``, the last day of its term, and labels.
An item: ``archive_no number unit record_year fonds year term office serial title responsible date secrecy pages
remark box``, of ``number`` also ``note``. ``stamp``: ``{"stamped": [{"archive_no", "path", "over_print"}], "failed":
[{"archive_no", "code", "message"}]}``.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.archive.cataloguing import Catalogue, Stamped, require_items, stamp_copies, write_forms
from yiyu.docgen.archive.cataloguing import catalogue as make_catalogue
from yiyu.registry.archive.catalog import write_catalog
from yiyu.registry.archive.numbering import Numbering, due_for_appraisal, find_items, put_into_box
from yiyu.registry.archive.numbering import number as give_numbers
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import DATE, TEXT, WordChoice, as_of, dry_run, json_only, listing
from yiyu.registry.commands.outputs import DOCX, XLSX, OutputFolder
from yiyu.registry.commands.show import ListColumn, finish, progress, say, show, table, write_json
from yiyu.registry.errors import Failure
from yiyu.registry.rules.archive_codes import TERM_LABEL, UNIT_LABEL
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.archive_items import ArchiveItem

NAMED = click.argument("numbers", type=NUMBER, nargs=-1, required=True, metavar="NUMBER…")
"""Of a 件: its 档号, or the number of its agreement."""
YEAR = click.IntRange(1949, 2199)
TERM = click.option("--term", type=WordChoice(TERM_LABEL), help="保管期限：Y 永久，D30 30年，D10 10年")

ITEM_FIELDS = (
    ListColumn("archive_no", "档号", 28),
    ListColumn("number", "协议编号", 22),
    ListColumn("unit_label", "件", 10),
    ListColumn("date", "日期", 12),
    ListColumn("term_label", "期限", 8),
    ListColumn("pages", "页数", 6),
    ListColumn("box", "盒号", 8),
    ListColumn("title", "题名", 50, brief=False),
)
DUE_FIELDS = (
    *ITEM_FIELDS[:3],
    ListColumn("year", "年度", 6),
    ITEM_FIELDS[4],
    ListColumn("kept_until", "期满", 12),
    *ITEM_FIELDS[6:],
)
NUMBERED_FIELDS = (*ITEM_FIELDS[:6], ListColumn("note", "说明"))
FAILED_FIELDS = (ListColumn("subject", "编号"), ListColumn("message", "没有完成的原因"))


@click.command("number")
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[NUMBER…]")
@click.option(
    "--unit", type=WordChoice(UNIT_LABEL), default="agreement", help="哪种件：agreement 协议，records 年度活动记录"
)
@click.option(
    "--year", type=YEAR, metavar="Y", help="写了协议编号时：归入这一年度（默认形成年度）；没写时：只编这一年的"
)
@TERM
@click.option("--new-form", is_flag=True, help="档号的写法（archive_pattern）改过，确要从现在起用新写法")
@dry_run
@json_only
@pass_invocation
def number(invocation: Invocation, /, numbers: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """编档号：已校验的协议（含服务项目清单）按形成日期编，件号从 0001 起不缺不重；给出后不再改变。"""
    with invocation.office() as office:
        done = give_numbers(office, numbers, **options)
    if as_json:
        write_json(_numbering_json(done))
    else:
        _show_numbering(done, dry_run=options["dry_run"])
    finish(done.failed)


@click.command("box")
@NAMED
@click.option("--box", type=TEXT, required=True, metavar="盒号", help="装进哪一盒")
@click.option("--on", type=DATE, metavar="DATE", default=today, show_default="今天", help="装盒的日期")
@dry_run
@json_only
@pass_invocation
def box(invocation: Invocation, /, numbers: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """登记装盒。NUMBER 是档号，或协议编号（指协议那一件）。"""
    with invocation.office() as office:
        items = put_into_box(office, numbers, **options)
    if as_json:
        write_json([item_json(one) for one in items])
    say(f"{'将登记' if options['dry_run'] else '已登记'} {len(items)} 件装入第 {items[0].box} 盒")


@click.command("catalog")
@click.option("--year", type=YEAR, metavar="Y", help="只列这一年度")
@TERM
@click.option("--xlsx", type=XLSX, metavar="FILE", help="写归档文件目录（Excel，A4 横向，每种年度、期限、机构一张表）")
@click.option("--docx", type=DOCX, metavar="FILE", help="写目录封面和备考表（Word）")
@json_only
@pass_invocation
def catalog(
    invocation: Invocation, year: int | None, term: str | None, xlsx: Path | None, docx: Path | None, as_json: bool
) -> None:
    """归档文件目录：列出已编号的件，并查件号有没有缺号、重号。"""
    with invocation.office() as office:
        found = make_catalogue(office, year=year, term=term)
        _save_catalogue(office, found, xlsx, docx)
    _show_catalogue(found, as_json=as_json, saved=bool(xlsx or docx))


@click.command("stamp")
@NAMED
@click.option(
    "-o", "--out", type=OutputFolder(file_okay=True), required=True, metavar="FOLDER|FILE.pdf", help="副本存到哪里"
)
@dry_run
@json_only
@pass_invocation
def stamp(invocation: Invocation, numbers: tuple[str, ...], out: Path, dry_run: bool, as_json: bool) -> None:
    """在扫描件的副本首页上方盖归档章；原件不动。NUMBER 是档号，或协议编号（指协议那一件）。"""
    with invocation.office() as office, progress("盖归档章") as bar:
        done, failed = stamp_copies(office, find_items(office, numbers), out, dry_run=dry_run, progress=bar)
    if as_json:
        write_json(_stamped_json(done, failed))
    else:
        _show_stamped(done, failed, dry_run=dry_run)
    finish(failed)


@click.command("due")
@as_of
@listing
@pass_invocation
def due(invocation: Invocation, as_of: Any, as_json: bool, xlsx: Path | None) -> None:
    """保管期限已满、等待鉴定的件；期限从归档年度的次年算起，永久的不列。本系统从不删除。"""
    with invocation.office(as_of) as office:
        found = due_for_appraisal(office)
    rows = [_row(one.item) | {"kept_until": str(one.kept_until)} for one in found.due]
    show("到期待鉴定", DUE_FIELDS, rows, as_json=as_json, xlsx=xlsx)
    if found.held:
        say(f"另有 {found.held} 件期满但暂停销毁，没有列出：yiyu archive holds")


def _save_catalogue(office: OfficeSession, found: Catalogue, xlsx: Path | None, docx: Path | None) -> None:
    if xlsx is not None or docx is not None:
        require_items(found)
    if xlsx is not None:
        write_catalog(xlsx, found.parts, office.workspace.config.fonds_name, found.chained)
        say(f"已保存目录 {xlsx}（{len(found.items)} 件，{len(found.parts)} 张表）")
    if docx is not None:
        say(f"已保存封面和备考表 {docx}（{write_forms(office, docx, found)} 张）")
    if (xlsx or docx) and found.items and not office.workspace.config.fonds_name:
        say("没有写全宗名称，该处留空；可写进 yiyu.toml 的 fonds_name")


def _show_catalogue(found: Catalogue, *, as_json: bool, saved: bool) -> None:
    if as_json:
        write_json({"items": [item_json(one) for one in found.items], "faults": [asdict(one) for one in found.faults]})
    elif not saved:
        table(ITEM_FIELDS[:-1], [_row(one) for one in found.items])
        say(f"共 {len(found.items)} 件" if found.items else "没有已编号的件；编号用 yiyu archive number")
    for fault in found.faults:
        for label, serials in (("缺", fault.missing), ("重", fault.doubled)):
            if serials:
                say(f"注意：{fault.series} 件号有{label}号 {'、'.join(map(str, serials))}，请核对登记库是否完整")


def _show_numbering(done: Numbering, *, dry_run: bool) -> None:
    table(NUMBERED_FIELDS, [_row(item) | {"note": note} for item, note in done.items])
    table(FAILED_FIELDS, [asdict(one) for one in done.failed])
    if done.items:
        say(f"{'试算，没有写入：' if dry_run else ''}编号 {len(done.items)} 件" + _left(len(done.failed)))
    else:
        say("没有可编号的件" + _left(len(done.failed)))
    if done.waiting:
        say(f"另有 {len(done.waiting)} 件还不能编，多是扫描件没有收齐；逐件的原因见 --json")
    for notice in done.notices:
        say(f"注意：{notice}")


def _left(failed: int) -> str:
    return f"，未编 {failed} 件（见上）" if failed else ""


def _numbering_json(done: Numbering) -> dict[str, object]:
    return {
        "numbered": [item_json(item) | {"note": note} for item, note in done.items],
        "failed": [failure.named("number") for failure in done.failed],
        "waiting": [failure.named("number") for failure in done.waiting],
        "notices": done.notices,
    }


def _show_stamped(done: list[Stamped], failed: list[Failure], *, dry_run: bool) -> None:
    for one in done:
        over = "；首页上方没有空白，章可能压字，请看一看" if one.over_print else ""
        say(f"{'将存' if dry_run else '已存'} {one.path}（{one.archive_no}）{over}")
    for fault in failed:
        say(f"未盖 {fault.subject}：{fault.message}")


def _stamped_json(done: list[Stamped], failed: list[Failure]) -> dict[str, object]:
    return {
        "stamped": [asdict(one) | {"path": str(one.path)} for one in done],
        "failed": [fault.named("archive_no") for fault in failed],
    }


def _row(item: ArchiveItem) -> dict[str, object]:
    """The JSON keys with the labels people read beside them."""
    unit = UNIT_LABEL[item.unit] + (f" {item.record_year}" if item.record_year else "")
    return item_json(item) | {"unit_label": unit, "term_label": TERM_LABEL[item.term]}


def item_json(item: ArchiveItem) -> dict[str, object]:
    """The keys other programs rely on."""
    keys = ("number", "unit", "record_year", "fonds", "year", "term", "office", "serial", "title", "responsible")
    return {
        "archive_no": item.code,
        **{key: getattr(item, key) for key in keys},
        "record_year": item.record_year or None,
        "date": str(item.document_date),
        **{key: getattr(item, key) for key in ("secrecy", "pages", "remark", "box")},
    }
