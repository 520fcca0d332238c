"""yiyu agreement items: the service list of one agreement, shown, edited from a day on, in and out as a workbook.

``--json``: ``{"number", "version", "since", "items": [item and its "frequency" in words…], "changes": [{"seq", "code", "name",
"field", "old", "new"}…], "later": [day…], "history": [{"id", "on", "version", "note", "actor", "recorded_at"}…]}``.
"""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from yiyu.registry.agreements.item_workbook import asked_items, item_lines, write_items
from yiyu.registry.agreements.items import EditedItems, ItemEdit, item_history
from yiyu.registry.commands.completion import NUMBER
from yiyu.registry.commands.invocation import Invocation, pass_invocation
from yiyu.registry.commands.options import DATE, READABLE, TEXT, dry_run, json_only
from yiyu.registry.commands.outputs import XLSX
from yiyu.registry.commands.show import ListColumn, near, say, table, write_json
from yiyu.registry.lifecycle import Event
from yiyu.registry.model import Agreement
from yiyu.registry.rules.frequencies import read_frequency
from yiyu.registry.rules.item_changes import item_text

FIELDS = (
    ListColumn("seq", "序号"),
    ListColumn("code", "代码"),
    ListColumn("name", "项目"),
    ListColumn("selected", "勾选"),
    ListColumn("frequency", "频次"),
    ListColumn("department", "责任科室", wide=True),
    ListColumn("remark", "备注", wide=True),
)
CHANGE_FIELDS = (
    ListColumn("code", "代码"),
    ListColumn("heading", "项目"),
    ListColumn("old", "原来"),
    ListColumn("new", "改为"),
)
HISTORY_FIELDS = (
    ListColumn("id", "记录号"),
    ListColumn("on", "自"),
    ListColumn("note", "变更"),
    ListColumn("actor", "经办"),
    ListColumn("recorded_at", "录入时间"),
)


def _codes(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> list[str]:
    return [code.strip().upper() for code in given]


def _frequencies(
    ctx: click.Context, option: click.Parameter, given: tuple[str, ...]
) -> dict[str, tuple[int | None, str]]:
    found = {}
    for one in given:
        code, sign, words = one.partition("=")
        try:
            found[code.strip().upper()] = read_frequency(words)
        except ValueError as error:
            raise click.BadParameter(str(error) if sign else f"“{one}”请写成 F01=每季度1次", ctx, option) from error
    return found


@click.command("items")
@click.argument("number", type=NUMBER, metavar="NUMBER")
@click.option("--tick", type=TEXT, multiple=True, callback=_codes, metavar="CODE", help="勾选这一项（可写多次）")
@click.option("--untick", type=TEXT, multiple=True, callback=_codes, metavar="CODE", help="取消这一项（可写多次）")
@click.option(
    "--frequency",
    type=TEXT,
    multiple=True,
    callback=_frequencies,
    metavar="CODE=频次",
    help="改一项的频次，如 F01=每季度1次（可写多次）",
)
@click.option("--from", "from_day", type=DATE, metavar="DATE", help="从哪一天起（未签的默认生效日期，已签的默认今天）")
@click.option("--note", type=TEXT, default="", help="说明，如依据")
@click.option("--apply-from", type=READABLE, metavar="FILE.xlsx", help="按改好的清单表变更")
@click.option(
    "--xlsx", type=XLSX, metavar="FILE.xlsx", help="存成清单表：改勾选、频次、科室、备注，再用 --apply-from 读回"
)
@click.option("--history", is_flag=True, help="列出清单的历次变更")
@dry_run
@json_only
@pass_invocation
def items(
    invocation: Invocation, /, number: str, history: bool, xlsx: Path | None, as_json: bool, **wanted: Any
) -> None:
    """查看或变更一份协议的服务项目清单：从某天起生效，应做事项、清单、记录表和统计随之变。"""
    edit = _edit(wanted)
    with invocation.office() as office:
        done, events = asked_items(office, number, edit, **wanted), item_history(office, number)
        if xlsx is not None:
            write_items(xlsx, done.agreement)
    if as_json:
        write_json(_json(done, events))
    else:
        _show_history(number, events) if history else _show(done, xlsx, dry_run=wanted["dry_run"])


def _edit(wanted: dict[str, Any]) -> ItemEdit:
    """Take the edit out of the options. Raises click.UsageError where a workbook is to say it."""
    edit = ItemEdit(*(wanted.pop(name) for name in ("tick", "untick", "frequency")))
    if edit and wanted["apply_from"] is not None:
        raise click.UsageError("--apply-from 按表变更，不能与 --tick、--untick、--frequency 同用")
    return edit


def _show(done: EditedItems, xlsx: Path | None, *, dry_run: bool) -> None:
    one = done.agreement
    if done.changes:
        table(
            CHANGE_FIELDS,
            [{name: getattr(line, name) for name in ("code", "heading", "old", "new")} for line in item_lines(done)],
        )
        say(
            f"{'将变更' if dry_run else '已变更'} {len(done.changes)} 处，自 {done.since} 起用第 {one.list_version} 版清单"
        )
        for item in one.items:
            if item.mandatory and any(change.code == item.code and change.new == "否" for change in done.changes):
                say(f"提醒：{item.code} {item.name}是口径包的必选项目，不做请在备注或补充协议中写明原因")
        for day in done.later:
            say(f"提醒：自 {day} 起另有一版清单，那天以后仍按它；也要改请加 --from {day}")
        say(_next_step(done))
    elif xlsx is None:
        table(FIELDS, [_row(one, seq) for seq in range(len(one.items))])
        ticked = sum(item.selected for item in one.items)
        say(
            f"{one.number} 第 {one.list_version} 版清单：{len(one.items)} 项，已选 {ticked} 项（{done.since} 用的这一版）"
        )
    if xlsx is not None:
        say(f"已保存 {near(xlsx)}；改后用 agreement items {one.number} --apply-from 读回")


def _next_step(done: EditedItems) -> str:
    number = done.agreement.number
    if done.signed:
        return (
            f"协议已签，变更请签补充协议（agreement supplement-draft {number}），清单用 yiyu generate {number} 重新生成"
        )
    return f"下一步：yiyu generate {number} 重新生成文书"


def _row(one: Agreement, at: int) -> Mapping[str, object]:
    item = one.items[at]
    texts = {field: item_text(item, field) for field in ("selected", "frequency", "department", "remark")}
    return {"seq": item.seq, "code": item.code, "name": item.name} | texts


def _json(done: EditedItems, events: list[Event]) -> dict[str, object]:
    one = done.agreement
    return {
        "number": one.number,
        "version": one.list_version,
        "since": done.since,
        "items": [asdict(item) | {"frequency": item_text(item, "frequency")} for item in one.items],
        "changes": [asdict(change) for change in done.changes],
        "later": list(done.later),
        "history": [_event_json(event) for event in events],
    }


def _event_json(event: Event) -> dict[str, object]:
    names = ("id", "on", "note", "actor", "recorded_at")
    return {name: getattr(event, name) for name in names} | {"version": event.data["version"]}


def _show_history(number: str, events: list[Event]) -> None:
    table(HISTORY_FIELDS, [_event_json(event) for event in events])
    say(f"{number} 的清单变更过 {len(events)} 次" if events else f"{number} 的清单没有变更过")
