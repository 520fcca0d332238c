"""An imported ledger taken back: what it recorded of agreements is corrected, those it brought are withdrawn."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yiyu.registry.agreements.ledger.comparing import TERMS
from yiyu.registry.lifecycle import EVENT_LABEL, Event
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import change_terms, load_agreements, renewing, withdraw_agreement
from yiyu.registry.store.events import NewEvent, append_events, events_of
from yiyu.registry.store.imports import ImportRecord, agreement_events_since
from yiyu.registry.store.record_sheets import all_documents
from yiyu.registry.store.scans import scans_of_agreements


def take_back(office: OfficeSession, record: ImportRecord, done: Sequence[tuple[int, Event]]) -> tuple[int, int]:
    """Take back the events ``done``, each with its agreement; call inside ``changing``.

    Gives how many agreements the import had brought, which nothing but their history tells of any more, and how many
    others are again what they were before it.
    """
    brought, touched = _brought(done), {key for key, _ in done}
    corrected = {event.corrects for key in touched for event in events_of(office.db, key)}
    for key, event in reversed(done):
        if event.id in corrected:
            continue
        data: Mapping[str, Any] = event.data
        if terms := data.get(TERMS, {}):
            change_terms(office.db, key, terms)
        note = f"撤回 {record.id} 号导入"
        told = NewEvent(
            "corrected", office.today, office.now, office.actor, key, None, record.id, event.party, note, event.id
        )
        append_events(office.db, [told])
    for key in brought:
        withdraw_agreement(office.db, key, record.id)
    return len(brought), len(touched - brought)


def resting_on(office: OfficeSession, record: ImportRecord, done: Sequence[tuple[int, Event]]) -> Iterator[str]:
    """What rests on an import, in words: later events of the same agreements, renewals, documents, scans."""
    brought, touched = _brought(done), {key for key, _ in done}
    numbers = {one.id: one.number for one in load_agreements(office.db, list(touched), items=False)}
    for key, event in agreement_events_since(office.db, record.id, touched):
        yield f"协议 {numbers[key]}（{event.on} {EVENT_LABEL[event.kind]}）"
    own = {numbers[key] for key in brought}
    for key, number in renewing(office.db, brought):
        if number not in own:
            yield f"协议 {number}（续签自 {numbers[key]}）"
    for document in all_documents(office.db, brought):
        yield f"协议 {numbers[document.agreement_id]} 的文书"
    for key in sorted({scan.agreement_id for scan in scans_of_agreements(office.db, brought)}):
        yield f"协议 {numbers[key]} 的扫描件（撤回归位用 archive unassign）"


def _brought(done: Sequence[tuple[int, Event]]) -> set[int]:
    """Agreements that the import drafted."""
    return {key for key, event in done if event.kind == "drafted" and TERMS not in event.data}
