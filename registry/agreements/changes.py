"""What changes an agreement between signing and end: extension by its own clause, supplements, its originals."""

import datetime as dt
from dataclasses import dataclass

from yiyu.registry.agreements.following import settling
from yiyu.registry.agreements.steps import refuse_before_signing, refuse_to_come, write_step
from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.lifecycle import replay
from yiyu.registry.model import RENEWAL_LABEL, ROLE_KIND, Agreement
from yiyu.registry.rules.copies import PLACES, balance, notice_by, propose_end, refused_move
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.events import add_event, events_of
from yiyu.registry.store.opening import changing
from yiyu.registry.store.standings import standings


@dataclass(frozen=True, slots=True)
class Extended:
    """One extension: the agreement's number and the end that holds from then on."""

    number: str
    ends_on: dt.date


def extend(office: OfficeSession, number: str, *, on: dt.date, dry_run: bool = False) -> Extended:
    """Record that the agreement went on by its own clause for another term.

    Raises StepNotAllowed where the clause says 终止 or 协商, allows it once and once has been, or may still be objected to.

    Source: domain.md#renewal: a dated event, no paper.
    """
    refuse_to_come(office, on)
    with changing(office.db, dry_run=dry_run):
        one, end, extensions = _standing(office, number)
        reason = _not_extendable(one, end, extensions, on)
        if reason:
            raise StepNotAllowed(reason, where=number, remedy="另签新约请用 agreement renew")
        ends_on = propose_end(end + dt.timedelta(days=1), one.months, office.workspace.config.end_custom)
        write_step(office, one, "extended", on=on, data={"ends_on": str(ends_on)})
    return Extended(number, ends_on)


def supplement(
    office: OfficeSession, number: str, *, on: dt.date, text: str, ends_on: dt.date | None, dry_run: bool = False
) -> str:
    """Record a signed 补充协议; gives its number, ``{number}-补1`` and so on. ``ends_on`` sets the end that now holds."""
    refuse_to_come(office, on)
    with changing(office.db, dry_run=dry_run):
        one, _, _ = _standing(office, number)
        refuse_before_signing(office, one, "supplemented", on)
        if ends_on is not None and ends_on < one.starts_on:
            raise BadInput(f"截止日期 {ends_on} 早于生效日期 {one.starts_on}", where=number, remedy="请核对日期")
        earlier = sum(event.kind == "supplemented" for event in events_of(office.db, one.id))
        own = f"{number}-补{earlier + 1}"
        (standing,) = standings(office.db, office.today, {one.id})
        data = {"number": own} | ({"ends_on": str(ends_on)} if ends_on else {}) | settling(office, standing)
        write_step(office, one, "supplemented", on=on, note=text, data=data)
    return own


def move_copies(
    office: OfficeSession,
    number: str,
    count: int,
    source: str,
    target: str,
    *,
    on: dt.date,
    note: str = "",
    dry_run: bool = False,
) -> dict[str, int]:
    """Move originals between places; gives where they all are then. Raises StepNotAllowed for more than are there."""
    refuse_to_come(office, on)
    with changing(office.db, dry_run=dry_run):
        one = _load(office, number)
        places = balance(one.copies, events_of(office.db, one.id))
        reason = refused_move(places, count, source, target) or _no_such_party(one, source, target)
        if reason:
            raise StepNotAllowed(
                f"原件不能这样移动：{reason}", where=number, remedy="请用 agreement copies 查看现在的位置"
            )
        data: dict[str, object] = {"count": count, "source": source, "target": target}
        add_event(office.db, one.id, "moved", on=on, recorded_at=office.now, actor=office.actor, note=note, data=data)
        return balance(one.copies, events_of(office.db, one.id))


def where_copies_are(office: OfficeSession, number: str) -> dict[str, int]:
    one = _load(office, number)
    return balance(one.copies, events_of(office.db, one.id))


def _not_extendable(one: Agreement, end: dt.date, extensions: int, on: dt.date) -> str:
    if one.renewal not in ("auto", "auto_once"):
        return f"协议约定“{RENEWAL_LABEL[one.renewal]}”，不能自动顺延"
    if one.renewal == "auto_once" and extensions:
        return "协议只约定顺延一次，已经顺延过"
    objection = notice_by(end, one.notice_days)
    return f"{objection} 之前各方还可以提出异议，尚未顺延" if on <= objection else ""


def _no_such_party(one: Agreement, source: str, target: str) -> str:
    roles = {party.role for party in one.parties}
    absent = [PLACES[p] for p in (source, target) if p in ROLE_KIND and p not in roles]
    return f"协议没有{absent[0]}" if absent else ""


def _load(office: OfficeSession, number: str) -> Agreement:
    return load_agreements(office.db, list(numbers_to_ids(office, [number]).values()), items=False)[0]


def _standing(office: OfficeSession, number: str) -> tuple[Agreement, dt.date, int]:
    """The agreement, the end that holds, and how often it was extended."""
    one = _load(office, number)
    state = replay(events_of(office.db, one.id), [p.role for p in one.parties], dt.date.max)
    return one, state.extended_to or one.ends_on, state.extensions
