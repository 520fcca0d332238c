"""The service list of one agreement: ticked and typed into, from a day on."""

from starlette.responses import Response

from yiyu.desk.asking import Asking
from yiyu.desk.pages import seen
from yiyu.desk.pages.access import own_agreements
from yiyu.registry.agreements.items import ItemEdit, edit_items, item_history, listed_items
from yiyu.registry.commands.options import DATE, TEXT
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.model import Agreement
from yiyu.registry.rules.frequencies import CADENCE_LABEL, read_frequency
from yiyu.registry.rules.item_changes import item_text

USUAL = ("每季度1次", "每半年1次", "每年1次", "每年2次", "每月1次", *CADENCE_LABEL.values())


def ask(asking: Asking) -> Response:
    """The list as it holds today, and the order of its changes."""
    return _form(asking, asking.query.get("number", ""))


def record(asking: Asking) -> Response:
    """Make a new version from a day on of what was ticked or typed otherwise."""
    number = asking.text("number")
    try:
        with asking.office() as office:
            own_agreements(office, [number] if number else [])
            if changed := seen.told_since(asking, office, numbers=[number]):
                return _form(asking, number, changed=changed)
            from_day = asking.read("from_day", DATE, "从哪一天起")
            base = listed_items(office, number, from_day)
            done = edit_items(
                office, number, _edit(asking, base), from_day=from_day, note=asking.read("note", TEXT, "说明") or ""
            )
    except UserError as error:
        return _form(asking, number, fault=str(error))
    if not done.changes:
        return asking.go(f"/agreements/items?number={number}", "和原来一样，没有变更")
    said = [f"已变更 {len(done.changes)} 处，自 {done.since} 起用第 {done.agreement.list_version} 版清单"]
    said += [change.text for change in done.changes]
    said += [f"提醒：自 {day} 起另有一版清单，那天以后仍按它；也要改请再选这一天改一次" for day in done.later]
    if done.signed:
        said.append("协议已签，变更请签补充协议，清单请重新生成")
    return asking.go(f"/agreements/one/{number}", *said)


def _edit(asking: Asking, base: Agreement) -> ItemEdit:
    """What the form says otherwise than the list."""
    ticked = set(asking.texts("tick"))
    tick = [item.code for item in base.items if item.code in ticked and not item.selected]
    untick = [item.code for item in base.items if item.code not in ticked and item.selected]
    often, texts = {}, {}
    for item in base.items:
        words = asking.text(f"frequency.{item.code}")
        if words and words != item_text(item, "frequency"):
            try:
                often[item.code] = read_frequency(words)
            except ValueError as error:
                raise BadInput(str(error), where=f"{item.code} {item.name}") from error
        for name in ("department", "remark"):
            said = asking.read(f"{name}.{item.code}", TEXT, f"{item.code} {item.name}") or ""
            if said != getattr(item, name):
                texts[item.code, name] = said
    return ItemEdit(tick, untick, often, texts)


def _form(asking: Asking, number: str, *, fault: str = "", changed: list[str] | None = None) -> Response:
    with asking.office() as office:
        own_agreements(office, [number] if number else [])
        one, events, mark = listed_items(office, number), item_history(office, number), seen.mark(office)
        today = office.today
    typed = bool(fault or changed)
    rows = [
        {
            "item": item,
            "ticked": item.code in asking.texts("tick") if typed else item.selected,
            **{
                name: asking.text(f"{name}.{item.code}") if typed else item_text(item, name)
                for name in ("frequency", "department", "remark")
            },
        }
        for item in one.items
    ]
    return asking.page(
        "items.html", status=422 if fault else 409 if changed else 200, number=number, one=one, rows=rows,
        events=events, usual=USUAL, fault=fault, changed=changed or [], seen=mark, today=today,
    )  # fmt: skip
