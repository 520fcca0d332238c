"""yiyu archive lend, return, loans, hold, release, holds, classify: where filed 件 are, and what may not be destroyed.

JSON: what was written: ``[item…]`` as of ``archive box``. ``loans``: rows with ``archive_no number borrower lent_on due_on
purpose returned_on overdue``; ``holds``: ``archive_no number reason since ended_on``.
"""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.docgen.archive.numbering_commands import NAMED, item_json
from yiyu.registry.archive.custody import SECRECY, all_holds, all_loans, bring_back, classify, hold, lend, release
from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import DATE, TEXT, as_of, dry_run, json_only, listing
from yiyu.registry.commands.show import ListColumn, say, show, write_json
from yiyu.registry.rules.custody import Loan
from yiyu.registry.store.archive_items import ArchiveItem

ON = click.option("--on", type=DATE, metavar="DATE", default=today, show_default="今天", help="哪一天")
REASON = click.option("--reason", type=TEXT, required=True, help="原因，如案件、审计的名称和文号")
LOAN_FIELDS = (
    ListColumn("archive_no", "档号", 28),
    ListColumn("number", "协议编号", 22),
    ListColumn("borrower", "借阅人", 16),
    ListColumn("lent_on", "借出", 12),
    ListColumn("due_on", "应还", 12),
    ListColumn("returned_on", "归还", 12),
    ListColumn("state", "状态", 8),
    ListColumn("purpose", "用途", 30),
)
HOLD_FIELDS = (
    ListColumn("archive_no", "档号", 28),
    ListColumn("number", "协议编号", 22),
    ListColumn("since", "起", 12),
    ListColumn("ended_on", "止", 12),
    ListColumn("reason", "原因", 40),
)


@click.command("lend")
@NAMED
@click.option("--to", type=TEXT, required=True, metavar="借阅人", help="借给谁：姓名和单位、科室")
@click.option("--due", type=DATE, required=True, metavar="DATE", help="应在哪一天归还")
@click.option("--purpose", type=TEXT, default="", help="用途")
@ON
@dry_run
@json_only
@pass_invocation
def lend_(invocation: Invocation, /, numbers: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """登记借出档案原件。NUMBER 是档号，或协议编号（指协议那一件）。逾期未还的由 yiyu remind 提醒。"""
    with invocation.office() as office:
        items = lend(office, numbers, **options)
    _tell(items, f"借给{options['to']}，{options['due']} 前归还", as_json=as_json, dry_run=options["dry_run"])


@click.command("return")
@NAMED
@click.option("--note", type=TEXT, default="", help="归还时的情况，如缺页、破损")
@ON
@dry_run
@json_only
@pass_invocation
def return_(invocation: Invocation, /, numbers: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """登记归还借出的档案原件。"""
    with invocation.office() as office:
        items = bring_back(office, numbers, **options)
    _tell(items, "归还", as_json=as_json, dry_run=options["dry_run"])


@click.command("loans")
@click.option("--overdue", is_flag=True, help="只列逾期未还的")
@click.option("--all", "every", is_flag=True, help="已归还的也列")
@as_of
@listing
@pass_invocation
def loans_(invocation: Invocation, as_of: Any, overdue: bool, every: bool, as_json: bool, xlsx: Path | None) -> None:
    """列出借出未还的档案原件，最早应还的在前。"""
    with invocation.office(as_of) as office:
        found, day = all_loans(office), office.today
    wanted = [one for one in found if (every and not overdue) or one.returned_on is None]
    rows = [loan_row(one, day) for one in wanted if not overdue or one.overdue_on(day)]
    show("档案借出登记", LOAN_FIELDS, rows, as_json=as_json, xlsx=xlsx)


@click.command("hold")
@NAMED
@REASON
@ON
@dry_run
@json_only
@pass_invocation
def hold_(invocation: Invocation, /, numbers: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """暂停销毁：涉诉、审计、信访等在办期间，这些件期满也不列入到期待鉴定。"""
    with invocation.office() as office:
        items = hold(office, numbers, **options)
    _tell(items, "暂停销毁", as_json=as_json, dry_run=options["dry_run"])


@click.command("release")
@NAMED
@REASON
@ON
@dry_run
@json_only
@pass_invocation
def release_(invocation: Invocation, /, numbers: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """解除暂停销毁，期满的重新列入到期待鉴定。"""
    with invocation.office() as office:
        items = release(office, numbers, **options)
    _tell(items, "解除暂停销毁", as_json=as_json, dry_run=options["dry_run"])


@click.command("holds")
@click.option("--all", "every", is_flag=True, help="已解除的也列")
@as_of
@listing
@pass_invocation
def holds_(invocation: Invocation, as_of: Any, every: bool, as_json: bool, xlsx: Path | None) -> None:
    """列出暂停销毁的件和原因。"""
    with invocation.office(as_of) as office:
        found = all_holds(office)
    rows = [_days(asdict(one)) for one in found if every or one.ended_on is None]
    show("暂停销毁", HOLD_FIELDS, rows, as_json=as_json, xlsx=xlsx)


@click.command("classify")
@NAMED
@click.option(
    "--secrecy", type=TEXT, required=True, metavar="密级", help=f"{'、'.join(SECRECY)}，或 无（取消）；涉密的不能存放"
)
@ON
@dry_run
@json_only
@pass_invocation
def classify_(invocation: Invocation, /, numbers: tuple[str, ...], secrecy: str, as_json: bool, **options: Any) -> None:
    """标注密级，写进归档文件目录的密级栏。"""
    secrecy = "" if secrecy == "无" else secrecy
    with invocation.office() as office:
        items = classify(office, numbers, secrecy, **options)
    _tell(items, f"密级标为{secrecy or '无'}", as_json=as_json, dry_run=options["dry_run"])


def _tell(items: list[ArchiveItem], what: str, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        write_json([item_json(one) for one in items])
    say(f"{'试算，没有写入：' if dry_run else '已登记 '}{len(items)} 件{what}")


def loan_row(one: Loan, day: dt.date) -> dict[str, object]:
    """A loan as it is listed, with its state in words."""
    overdue = one.overdue_on(day)
    state = "已还" if one.returned_on else "逾期" if overdue else "借出"
    return _days(asdict(one)) | {"overdue": overdue, "state": state}


def _days(row: dict[str, Any]) -> dict[str, object]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in row.items()}
