"""What changes one agreement after signing, and what takes back an entry: a form each, with the day."""

import datetime as dt
from collections.abc import Callable

import click
from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages import seen
from yiyu.desk.pages.access import own_agreements
from yiyu.docgen.reports.supplements import draft_supplement
from yiyu.registry.agreements.change_commands import PLACE
from yiyu.registry.agreements.changes import extend, move_copies, supplement, where_copies_are
from yiyu.registry.agreements.listing import show_agreement
from yiyu.registry.agreements.steps import correct_event, history
from yiyu.registry.commands.options import DATE, TEXT
from yiyu.registry.errors import NotFound, UserError
from yiyu.registry.lifecycle import EVENT_LABEL, Event
from yiyu.registry.rules.copies import PLACES
from yiyu.registry.session import OfficeSession

FORMS = {
    "/agreements/extend": "extend.html",
    "/agreements/supplement": "supplement.html",
    "/agreements/copies": "copies.html",
    "/agreements/correct": "correct.html",
    "/agreements/supplement-draft": "supplement_draft.html",
}
_COUNT = click.IntRange(1, 1000)
_EVENT = click.IntRange(1)


def ask(asking: Asking) -> Response:
    """The form of the address for one agreement."""
    return _form(asking, asking.query.get("number", ""))


def record_extension(asking: Asking) -> Response:
    """It went on by its own clause."""

    def act(office: OfficeSession, number: str) -> str:
        done = extend(office, number, on=asking.needed("on", DATE, "日期"))
        return f"已登记 {number} 自动顺延至 {done.ends_on}"

    return _recorded(asking, act)


def record_supplement(asking: Asking) -> Response:
    """A supplement that was signed."""

    def act(office: OfficeSession, number: str) -> str:
        on, ends_on = asking.needed("on", DATE, "签订日期"), asking.read("ends_on", DATE, "变更后的截止日期")
        own = supplement(office, number, on=on, text=asking.needed("text", TEXT, "变更内容"), ends_on=ends_on)
        return f"已登记补充协议 {own}（{on}）"

    return _recorded(asking, act)


def record_move(asking: Asking) -> Response:
    """Originals that went from one place to another."""

    def act(office: OfficeSession, number: str) -> str:
        count = asking.needed("count", _COUNT, "份数")
        source, target = asking.needed("source", PLACE, "从哪里"), asking.needed("target", PLACE, "到哪里")
        on, note = asking.needed("on", DATE, "日期"), asking.read("note", TEXT, "说明") or ""
        move_copies(office, number, count, source, target, on=on, note=note)
        return f"已登记 {number} 的原件 {count} 份：{PLACES[source]} → {PLACES[target]}"

    return _recorded(asking, act)


def record_correction(asking: Asking) -> Response:
    """An entry taken back; both stay in the history."""

    def act(office: OfficeSession, number: str) -> str:
        key = asking.needed("event", _EVENT, "记录号")
        wrong, _ = correct_event(office, number, key, note=asking.needed("note", TEXT, "原因"))
        return f"已更正 {number} 第 {key} 号记录（{wrong.on} {EVENT_LABEL[wrong.kind]}{wrong.party}）"

    return _recorded(asking, act)


def draft(asking: Asking) -> Response:
    """The supplement to be signed, as a Word file."""
    number = asking.text("number")
    try:
        with asking.office() as office:
            own_agreements(office, [number] if number else [])
            text, ends_on = (
                asking.read("text", TEXT, "另外说明的变更内容") or "",
                asking.read("ends_on", DATE, "变更后的截止日期"),
            )
            from_day = asking.read("from_day", DATE, "从哪一天起变更")
            name = f"{draft_supplement(office, number, text=text, ends_on=ends_on, from_day=from_day, dry_run=True).number}_补充协议.docx"
            return written(
                name,
                lambda out: draft_supplement(office, number, text=text, ends_on=ends_on, from_day=from_day, out=out),
            )
    except UserError as error:
        return _form(asking, number, fault=str(error))


def _recorded(asking: Asking, act: Callable[[OfficeSession, str], str]) -> Response:
    """Do it unless others did something meanwhile, or say why not on the form with what was typed."""
    number = asking.text("number")
    try:
        with asking.office() as office:
            own_agreements(office, [number] if number else [])
            if changed := seen.told_since(asking, office, numbers=[number]):
                return _form(asking, number, changed=changed)
            said = act(office, number)
    except UserError as error:
        return _form(asking, number, fault=str(error))
    return asking.go(f"/agreements/one/{number}", said)


def _form(asking: Asking, number: str, *, fault: str = "", changed: list[str] | None = None) -> Response:
    with asking.office() as office:
        own_agreements(office, [number] if number else [])
        dossier, held, mark = show_agreement(office, number), where_copies_are(office, number), seen.mark(office)
        event = _event(asking, office, number) if asking.path == "/agreements/correct" else None
    return asking.page(
        FORMS[asking.path], status=422 if fault else 409 if changed else 200, number=number, dossier=dossier,
        fault=fault, changed=changed or [], seen=mark, today=dt.datetime.now().astimezone().date(),
        held=held, places=PLACES, event=event, labels=EVENT_LABEL,
    )  # fmt: skip


def _event(asking: Asking, office: OfficeSession, number: str) -> Event:
    wanted = asking.text("event") or asking.query.get("event", "")
    found = next((event for event in history(office, number) if str(event.id) == wanted), None)
    if found is None:
        which = f"第 {wanted} 号记录" if wanted else "要更正的记录"
        raise NotFound(f"协议 {number} 没有{which}", remedy="请回到协议页，在记录里选要更正的一条")
    return found
