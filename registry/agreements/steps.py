"""Record what happened on paper; refused with the reason where the step is not allowed."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yiyu.registry.errors import BadInput, NotFound, StepNotAllowed
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.lifecycle import EVENT_LABEL, OF_SERVICE, Event, replay
from yiyu.registry.model import Agreement
from yiyu.registry.rules.steps import disorder, refusal
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.activities import last_served
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.events import NewEvent, add_event, append_events, events_of
from yiyu.registry.store.opening import changing

ALL_PARTIES = "all"
KEPT_AS_THEY_ARE = OF_SERVICE | {"items_changed", "classified", "drafted", "followed", "corrected", "merged"}
"""Kinds of events that are not corrected, or not by :func:`correct_event`."""


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """One event written: agreement number, kind of step, party letter or ""."""

    number: str
    kind: str
    party: str
    on: dt.date


def record_step(
    office: OfficeSession,
    numbers: Sequence[str],
    kind: str,
    *,
    on: dt.date,
    party: str = "",
    note: str = "",
    data: Mapping[str, object] | None = None,
    force: str = "",
    dry_run: bool = False,
) -> list[RecordedStep]:
    """Write one step of :data:`yiyu.registry.rules.steps.STEPS` for all of ``numbers``, or for none of them.

    With party ``all`` it is written for each party that has not done it. ``force``: why an order that paper hardly knows
    (:mod:`yiyu.registry.rules.steps`) was so all the same. Raises StepNotAllowed naming number and reason,
    BadInput for a day in the future, NotFound for an unknown number.
    """
    refuse_to_come(office, on)
    with changing(office.db, dry_run=dry_run):
        ids = numbers_to_ids(office, numbers)
        agreements = load_agreements(office.db, list(ids.values()), items=False)
        if kind == "terminated":
            for one in agreements:
                refuse_before_signing(office, one, kind, on)
        return [
            done
            for one in agreements
            for done in write_step(office, one, kind, on=on, party=party, note=note, data=data, force=force)
        ]


def refuse_to_come(office: OfficeSession, on: dt.date) -> None:
    """Raise BadInput for a day after the one asked for: it has not happened yet."""
    if on > office.today:
        raise BadInput(f"日期 {on} 还没有到", where=f"今天是 {office.today}", remedy="请填写实际发生的日期")


def refuse_before_signing(office: OfficeSession, one: Agreement, kind: str, on: dt.date) -> None:
    """Raise BadInput where what follows the signing of an agreement would come before it."""
    signed = replay(events_of(office.db, one.id), [p.role for p in one.parties], dt.date.max).signed
    if signed and on < max(signed.values()):
        what = f"{EVENT_LABEL[kind]}日期 {on} 早于签字日期 {max(signed.values())}"
        raise BadInput(what, where=one.number, remedy="请核对日期")


def correct_event(
    office: OfficeSession, number: str, event_id: int, *, note: str, dry_run: bool = False
) -> tuple[Event, Agreement]:
    """Take back one event of an agreement by a new event that names it; both stay in the history."""
    with changing(office.db, dry_run=dry_run):
        key = numbers_to_ids(office, [number])[number]
        events = events_of(office.db, key)
        wrong = next((event for event in events if event.id == event_id), None)
        if wrong is None:
            raise NotFound(f"协议 {number} 没有第 {event_id} 号记录", remedy="请用 agreement history 查看记录号")
        if wrong.kind in OF_SERVICE:
            raise StepNotAllowed(
                f"第 {event_id} 号记录是活动的登记", where=number, remedy="登记错了的活动请用 yiyu activity void 作废"
            )
        if wrong.kind == "items_changed":
            raise StepNotAllowed(
                f"第 {event_id} 号记录是服务项目的变更",
                where=number,
                remedy=f"请用 agreement items {number} --from {wrong.on} 改回来，从同一天起算",
            )
        if wrong.kind == "classified":
            raise StepNotAllowed(
                f"第 {event_id} 号记录是密级的标注", where=number, remedy="请用 archive classify 重新标注"
            )
        if wrong.kind in ("drafted", "followed", "corrected", "merged") or any(
            event.corrects == event_id for event in events
        ):
            raise StepNotAllowed(
                f"第 {event_id} 号记录不能更正", where=number, remedy="起草、合并、更正和已更正的记录保持原样"
            )
        add_event(
            office.db,
            key,
            "corrected",
            on=office.today,
            recorded_at=office.now,
            actor=office.actor,
            party=wrong.party,
            note=note,
            corrects=event_id,
        )
        return wrong, load_agreements(office.db, [key], items=False)[0]


def history(office: OfficeSession, number: str) -> list[Event]:
    """All that was recorded of one agreement, oldest first."""
    return events_of(office.db, numbers_to_ids(office, [number])[number])


def write_step(
    office: OfficeSession,
    one: Agreement,
    kind: str,
    *,
    on: dt.date,
    party: str = "",
    note: str = "",
    data: Mapping[str, object] | None = None,
    force: str = "",
    import_id: int | None = None,
) -> list[RecordedStep]:
    """Write one step of one agreement; call inside ``changing``. Raises StepNotAllowed with the reason.

    What is out of order is refused too, or with the reason ``force`` recorded with it, in note and data.
    """
    roles = [p.role for p in one.parties]
    state = replay(events_of(office.db, one.id), roles, dt.date.max)
    last_visit = last_served(office.db, one.id) if kind == "terminated" else None
    done = {"signed": state.signed, "sealed": state.sealed}.get(kind, {})
    parties = [role for role in roles if role not in done] or roles if party == ALL_PARTIES else [party]
    for each in parties:
        if never := refusal(state, kind, each, forced=True):
            raise _refused(one, kind, never, "如登记有误，请用 agreement correct 更正")
        odd, first = refusal(state, kind, each), "请先登记前面的步骤"
        if not odd:
            odd, first = disorder(state, kind, each, on, last_visit)
        if odd and not force:
            raise _refused(one, kind, odd, f"{first}；确是这样的，请加 --force --reason 写明原因")
        told, said = note, dict(data or {})
        if odd:
            told = "；".join(filter(None, [note, f"{odd}，仍登记" + (f"：{force}" if force != note else "")]))
            said |= {"forced": odd, "reason": force}
        event = NewEvent(kind, on, office.now, office.actor, one.id, None, import_id, each, told, data=said)
        append_events(office.db, [event])
    return [RecordedStep(one.number, kind, each, on) for each in parties]


def _refused(one: Agreement, kind: str, reason: str, remedy: str) -> StepNotAllowed:
    return StepNotAllowed(f"不能登记“{EVENT_LABEL[kind]}”：{reason}", where=one.number, remedy=remedy)
