"""yiyu agreement pair, draft, renew."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import click

from yiyu.registry.agreements.drafting import DraftResult, draft_agreements
from yiyu.registry.agreements.pairing import Pairing, propose_pairs
from yiyu.registry.agreements.renewing import Changed, RenewResult
from yiyu.registry.agreements.renewing import renew as renew_agreements
from yiyu.registry.agreements.requests import Sources, draft_requests
from yiyu.registry.commands.completion import NUMBER, complete_institution
from yiyu.registry.commands.invocation import Invocation, pass_invocation, today
from yiyu.registry.commands.options import (
    DATE,
    DISTRICT,
    READABLE,
    TEXT,
    VARIANT,
    WordChoice,
    as_of,
    dry_run,
    json_only,
    listing,
)
from yiyu.registry.commands.show import ListColumn, finish, progress, say, show, table, write_json
from yiyu.registry.institutions.options import field_label, field_text
from yiyu.registry.model import MODE_LABEL, MODE_WORDS, VARIANT_LABEL, Agreement, Kind, Variant
from yiyu.registry.rules.districts import district_name

PAIR_FIELDS = (
    ListColumn("district", "旗区", 12),
    ListColumn("childcare", "乙方名称", 36),
    ListColumn("childcare_code", "乙方代码", 22, brief=False),
    ListColumn("variant", "协议类型", 10),
    ListColumn("medical", "甲方名称", 36),
    ListColumn("medical_code", "甲方代码", 22, brief=False),
    ListColumn("starts_on", "生效日期", 12, brief=False),
    ListColumn("months", "期限（月）", 10, brief=False),
    ListColumn("remark", "备注", 24),
)
MADE_FIELDS = (
    ListColumn("number", "协议编号"),
    ListColumn("medical", "甲方"),
    ListColumn("childcare", "乙方"),
    ListColumn("ends_on", "截止日期"),
)
FAILED_FIELDS = (ListColumn("subject", "未起草"), ListColumn("message", "原因"))
NONE_LACKING = "没有缺协议的备案托育机构"
_FAR = dt.timedelta(days=731)
MONTHS = click.IntRange(1, 120)
MODE = WordChoice(MODE_LABEL, {word: mode for mode, words in MODE_WORDS.items() for word in words})


@click.command("pair")
@click.option("--variant", "variants", type=VARIANT, multiple=True, help="只为这些类型配对（默认按设置）")
@click.option("--district", type=DISTRICT, default="", help="旗区全称或代码")
@as_of
@listing
@pass_invocation
def pair(
    invocation: Invocation, /, variants: tuple[Variant, ...], district: str, as_of: dt.date | None, **how: Any
) -> None:
    """为缺少协议的备案托育机构推荐同旗区的医疗机构；存成表格可修改后用 draft --from 起草。"""
    with invocation.office(as_of) as office:
        pairs = propose_pairs(office, variants, district)
    if not pairs:
        say(NONE_LACKING)
    show("配对建议", PAIR_FIELDS, [pair_row(one) for one in pairs], **how)


@click.command("draft")
@click.option(
    "--medical",
    type=TEXT,
    metavar="NAME|CODE",
    shell_complete=complete_institution(Kind.MEDICAL),
    help="甲方：医疗卫生机构",
)
@click.option(
    "--childcare",
    type=TEXT,
    metavar="NAME|CODE",
    shell_complete=complete_institution(Kind.CHILDCARE),
    help="乙方：托育机构",
)
@click.option("--third", type=TEXT, metavar="NAME|CODE", help="丙方：三方型协议的妇幼保健机构")
@click.option("--from", "workbook", type=READABLE, metavar="FILE.xlsx", help="按表格批量起草")
@click.option("--paired", is_flag=True, help="按 pair 的推荐批量起草")
@click.option("--variant", "variants", type=VARIANT, multiple=True, help="协议类型")
@click.option("--district", type=DISTRICT, default="", help="与 --paired 同用：只限这个旗区")
@click.option("--start", "starts_on", type=DATE, metavar="DATE", help="生效日期（默认今天）")
@click.option("--end", "ends_on", type=DATE, metavar="DATE", help="截止日期（默认按期限推算）")
@click.option("--months", type=MONTHS, help="期限（月，默认按设置）")
@click.option("--mode", type=MODE, help="服务方式：巡回指导、协议派驻或两者（默认按设置或口径包）")
@dry_run
@json_only
@pass_invocation
def draft(invocation: Invocation, /, dry_run: bool, as_json: bool, **sources: Any) -> None:
    """起草协议：一份、按表格一批，或按配对建议一批。"""
    with invocation.office() as office, progress("起草") as bar:
        requests, failed = draft_requests(office, Sources(**sources))
        result = draft_agreements(office, requests, failed=failed, dry_run=dry_run, progress=bar)
    _show_drafts(result, dry_run=dry_run, as_json=as_json)


@click.command("renew")
@click.argument("numbers", type=NUMBER, nargs=-1, metavar="[NUMBER]…")
@click.option("--expiring", type=click.IntRange(min=0), metavar="DAYS", help="续签这么多天内到期的全部协议")
@click.option("--months", type=MONTHS, help="新期限（月，默认同原协议）")
@dry_run
@json_only
@pass_invocation
def renew(
    invocation: Invocation,
    numbers: tuple[str, ...],
    expiring: int | None,
    months: int | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """续签：新协议接着原截止日期的次日，双方信息和清单取今天的。"""
    with invocation.office() as office:
        result = renew_agreements(office, numbers, expiring=expiring, months=months, dry_run=dry_run)
    _show_drafts(result, dry_run=dry_run, as_json=as_json)


CHANGED_FIELDS = (
    ListColumn("number", "协议编号"),
    ListColumn("party", "方"),
    ListColumn("what", "有变化"),
    ListColumn("old", "原协议"),
    ListColumn("new", "新协议"),
)


def pair_row(one: Pairing) -> dict[str, object]:
    """A proposed pair, as the workbook has it."""
    return {
        "district": district_name(one.childcare.district),
        "childcare": one.childcare.name,
        "childcare_code": one.childcare.code,
        "variant": str(one.variant),
        "medical": one.medical.name if one.medical else "",
        "medical_code": one.medical.code if one.medical else "",
        "starts_on": "",
        "months": "",
        "remark": "" if one.medical else f"当地没有可签{VARIANT_LABEL[one.variant]}的机构",
    }


def _show_drafts(result: DraftResult | RenewResult, *, dry_run: bool, as_json: bool) -> None:
    rows = [made_row(one) for one in result.made]
    if as_json:
        write_json({"made": rows, "failed": [asdict(one) for one in result.failed]} | _changes_json(result))
    else:
        table(MADE_FIELDS, rows)
        if isinstance(result, RenewResult):
            table(CHANGED_FIELDS, [changed_row(one) for one in result.changes])
        table(FAILED_FIELDS, [asdict(one) for one in result.failed])
        say(f"{'将起草' if dry_run else '已起草'} {len(rows)} 份" + _left_out(result))
        if not (rows or result.failed):
            say("没有要续签的协议" if isinstance(result, RenewResult) else NONE_LACKING)
        for line in far_days(result.made):
            say(line)
        if rows and not dry_run:
            say("下一步：yiyu generate 生成文书")
    finish(result.failed)


def far_days(made: Iterable[Agreement]) -> list[str]:
    """A term that begins far from today is more often a slip than meant."""
    days = sorted({one.starts_on for one in made})
    return [f"提醒：生效日期 {day} 离今天超过两年，请核对年份" for day in days if abs(day - today()) > _FAR]


def _changes_json(result: DraftResult | RenewResult) -> dict[str, object]:
    return {"changes": [asdict(one) for one in result.changes]} if isinstance(result, RenewResult) else {}


def changed_row(one: Changed) -> dict[str, object]:
    """What a renewal says otherwise, in words."""
    texts = {side: field_text(one.what, getattr(one, side)) for side in ("old", "new")}
    return asdict(one) | texts | {"what": field_label(one.what)}


def _left_out(result: DraftResult | RenewResult) -> str:
    return f"，{len(result.failed)} 份未起草（见上）" if result.failed else ""


def made_row(one: Agreement) -> dict[str, object]:
    """A drafted agreement."""
    return {
        "number": one.number,
        "variant": str(one.variant),
        "medical": one.medical.facts.name,
        "childcare": one.childcare.facts.name,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "renews": one.renews or None,
    }
