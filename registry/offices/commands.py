"""yiyu office key, export, import, list, conflicts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import READABLE, TEXT, as_of, dry_run, json_only, listing, on_day
from yiyu.registry.commands.outputs import PACKAGE
from yiyu.registry.commands.show import ListColumn, finish, near, say, show, table, write_json
from yiyu.registry.offices.conflicts import CONFLICT_LABEL, Conflict, conflicts
from yiyu.registry.offices.exporting import HandedUp, hand_up
from yiyu.registry.offices.importing import Receipt, Receipts, receive
from yiyu.registry.offices.keys import fingerprint, office_key
from yiyu.registry.offices.listing import OfficeRow, tree
from yiyu.registry.rules.districts import district_name

FIGURE_FIELDS = (
    ListColumn("period", "时段"),
    ListColumn("signed_rate", "签约/备案"),
    ListColumn("signed_all_rate", "签约/全部"),
    ListColumn("visits_rate", "上门"),
    ListColumn("training_rate", "培训"),
    ListColumn("archived_rate", "归档"),
)
RECEIPT_FIELDS = (
    ListColumn("name", "单位", 24),
    ListColumn("region", "代码", 8),
    ListColumn("as_of", "截至", 12),
    ListColumn("events", "记录", 8),
    ListColumn("head", "链头", 20),
    ListColumn("result", "结果", 16),
)
REFUSED_FIELDS = (ListColumn("file", "文件", 32), ListColumn("message", "没有收的原因", 60))
TREE_FIELDS = (
    ListColumn("region", "代码", 8),
    ListColumn("name", "单位", 28),
    ListColumn("state_label", "交了没有", 12),
    ListColumn("as_of", "截至", 12),
    ListColumn("events", "记录", 8),
    ListColumn("head", "链头", 20, wide=True),
    ListColumn("received_at", "何时收到", 26),
    ListColumn("fingerprint", "公钥指纹", 22, wide=True),
    ListColumn("above", "上级", 8, brief=False),
    ListColumn("contacts", "含联系方式", 10, brief=False),
    ListColumn("told", "与包里的数不同", 40),
)
CONFLICT_FIELDS = (
    ListColumn("label", "情形", 14),
    ListColumn("value", "代码、名称或编号", 28),
    ListColumn("told", "在哪些单位", 60),
)


@click.command("key")
@click.option("--again", is_flag=True, help="原来的密钥没有了，另做一把（上级要换用新的公钥）")
@json_only
@pass_invocation
def key_(invocation: Invocation, again: bool, as_json: bool) -> None:
    """本级的密钥：第一次运行时生成；显示公钥、指纹，和上级要写进 yiyu.toml 的几行。"""
    with invocation.office() as office:
        public, region = office_key(office, again=again).public, office.workspace.config.region
        told = {"region": region, "name": district_name(region), "key": public, "fingerprint": fingerprint(public)}
    if as_json:
        write_json(told)
        return
    say(f"{told['name']}（{region}）公钥的指纹：{told['fingerprint']}。请上级电话核对后在它的 yiyu.toml 写上：")
    click.echo(lines_for_above(region, public))


def lines_for_above(region: str, public: str) -> str:
    """What the office above writes into its ``yiyu.toml``."""
    return f'[offices.{region}]\nname = "{district_name(region)}"\nkey = "{public}"'


@click.command("export")
@click.option("-o", "--output", type=PACKAGE, required=True, metavar="PACKAGE.yiyu", help="上报包的文件名")
@click.option("--with-contacts", "contacts", is_flag=True, help="连同联系人、电话和人员姓名（默认不带）")
@on_day
@dry_run
@json_only
@pass_invocation
def export(invocation: Invocation, /, output: Path, as_of: Any, as_json: bool, **options: Any) -> None:
    """做上报包：本级登记库的事实和当日的数字，连同下级交来的包，用本级的密钥签名。"""
    with invocation.office(as_of) as office:
        done = hand_up(office, output, **options)
    if as_json:
        write_json(_handed_json(done, output))
    else:
        _show_handed(done, output, dry_run=options["dry_run"])


@click.command("import")
@click.argument("packages", type=READABLE, nargs=-1, required=True, metavar="PACKAGE...")
@click.option("--reason", type=TEXT, default="", help="记录链与上次交来的不是一条而仍收的原因（记入记录）")
@dry_run
@json_only
@pass_invocation
def import_(invocation: Invocation, packages: tuple[Path, ...], reason: str, dry_run: bool, as_json: bool) -> None:
    """收下级的上报包：验签名、查改动、比新旧、重算数字；每个包各自判断。"""
    with invocation.office() as office:
        found = receive(office, packages, reason=reason.strip(), dry_run=dry_run)
    if as_json:
        write_json(_receipts_json(found))
    else:
        _show_receipts(found, dry_run=dry_run)
    finish(found.refused)


@click.command("list")
@as_of
@listing
@pass_invocation
def list_(invocation: Invocation, as_of: Any, as_json: bool, xlsx: Path | None) -> None:
    """下级一览：谁交了、截至哪天、记录到第几条；谁没有交，谁的较早。"""
    with invocation.office(as_of) as office:
        rows = [one.as_json() if as_json else tree_row(one) for one in tree(office)]
    show("下级一览", TREE_FIELDS, rows, as_json=as_json, xlsx=xlsx)


@click.command("conflicts")
@as_of
@listing
@pass_invocation
def conflicts_(invocation: Invocation, as_of: Any, as_json: bool, xlsx: Path | None) -> None:
    """两个单位都有的：同一家机构（信用代码或名称相同）、同一个协议编号；列出各方，由人判断。"""
    with invocation.office(as_of) as office:
        rows = [_conflict_json(one) if as_json else conflict_row(one) for one in conflicts(office)]
    show("两处都有", CONFLICT_FIELDS, rows, as_json=as_json, xlsx=xlsx)


def _handed_json(done: HandedUp, output: Path) -> dict[str, object]:
    facts = done.facts
    return {
        "region": done.region,
        "name": done.name,
        "as_of": str(facts.as_of),
        "events": facts.chain.events,
        "head": facts.chain.head,
        "contacts": facts.contacts,
        "counts": done.counts,
        "figures": facts.figures,
        "offices": [
            {"region": one.region, "name": one.name, "as_of": str(one.package.as_of) if one.package else None}
            for one in facts.offices
        ],
        "path": str(output),
        "size": done.size,
        "sha256": done.sha256,
    }


def _show_handed(done: HandedUp, output: Path, *, dry_run: bool) -> None:
    table(FIGURE_FIELDS, list(figure_rows(done)))
    for line in told_of_package(done):
        say(line)
    say("试算，没有写入" if dry_run else f"已做成 {near(output)}（{done.size / 1e6:.2f} MB），可以交给上级")


def told_of_package(done: HandedUp) -> Iterator[str]:
    """In words, what is in a package, and who of those below is not in it."""
    facts, counts = done.facts, done.counts
    yield (
        f"{done.name}（{done.region}）截至 {facts.as_of}：机构 {counts['institutions']} 家，协议 {counts['agreements']} 份，"
        f"活动 {counts['activities']} 次，印发的报告 {counts['issued_reports']} 份；链头 {facts.chain.head}；"
        + ("含联系人和电话，请勿外传" if facts.contacts else "不含联系人和电话")
    )
    for one in facts.offices:
        yield f"下级 {one.name}：{f'截至 {one.package.as_of}' if one.package else '没有交来'}"


def figure_rows(done: HandedUp) -> Iterator[dict[str, str]]:
    """The total of each period, its rates as a fraction."""
    for period, rows in done.facts.figures.items():
        total = rows[-1]
        keys = (one.key for one in FIGURE_FIELDS[1:])
        yield {"period": period} | {key: f"{total[key]['numerator']}/{total[key]['denominator']}" for key in keys}


def _receipts_json(found: Receipts) -> dict[str, object]:
    return {
        "taken": [_receipt_json(one) for one in found.taken],
        "refused": [one.named("file") for one in found.refused],
    }


def _receipt_json(one: Receipt) -> dict[str, object]:
    package = one.package
    return {
        "file": one.file,
        "region": package.region,
        "name": package.name,
        "as_of": str(package.as_of),
        "events": package.events,
        "head": package.head,
        "contacts": package.contacts,
        "again": one.again,
        "differences": list(package.differences),
    }


def _show_receipts(found: Receipts, *, dry_run: bool) -> None:
    taken = "可以收" if dry_run else "已收"
    rows = [_receipt_json(one) | {"result": "已收过，没有变化" if one.again else taken} for one in found.taken]
    table(RECEIPT_FIELDS, rows)
    table(REFUSED_FIELDS, [one.named("file") for one in found.refused])
    for line in (line for one in found.taken for line in told_of_differences(one)):
        say(line)
    say("试算，没有写入" if dry_run else f"收了 {len(rows)} 个包，没有收的 {len(found.refused)} 个")


def told_of_differences(one: Receipt) -> list[str]:
    """In words, where a recount of a package that was taken gave another figure than it says."""
    return [f"{one.package.name} 与包里的数不同：{told}" for told in one.package.differences]


def tree_row(one: OfficeRow) -> dict[str, object]:
    """An office below as a table shows it."""
    return one.as_json() | {"told": "；".join(one.differences)}


def conflict_row(one: Conflict) -> dict[str, object]:
    """What two offices both have, as a table shows it: its sides in words."""
    said = (f"{s.office}：{s.name or one.value}{f'（{s.code}）' if s.code else ''}" for s in one.sides)
    return _conflict_json(one) | {"told": "；".join(said)}


def _conflict_json(one: Conflict) -> dict[str, object]:
    sides = [side._asdict() for side in one.sides]
    return {"kind": one.kind, "label": CONFLICT_LABEL[one.kind], "value": one.value, "sides": sides}
