"""An imported roster taken back: each institution again what it was before, as far as nothing rests on it."""

from collections.abc import Iterator, Sequence

from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.lifecycle import EVENT_LABEL, Event
from yiyu.registry.rules.institution_history import Origin, origin_of, taken_back, touched_fields
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.imports import ImportRecord, agreements_since, events_since
from yiyu.registry.store.institution_changes import InstitutionChange, write_changes
from yiyu.registry.store.institutions import rebuilt


def take_back(office: OfficeSession, record: ImportRecord, done: Sequence[tuple[int, Event]]) -> tuple[int, int]:
    """Take back the events ``done``, each with its institution; call inside ``changing``.

    Gives how many institutions the import had entered, and how many are again what they were before it.
    """
    origin = Origin(note=f"撤回 {record.id} 号导入", actor=office.actor, recorded_at=office.now)
    ids = {institution for institution, _ in done}
    before, now = rebuilt(office.db, ids, before=record.id), rebuilt(office.db, ids)
    changes = (
        InstitutionChange(
            key,
            "institution_restored",
            office.today,
            origin,
            taken_back(before.get(key), event, now[key]),
            record.id,
        )
        for key, event in done
    )
    write_changes(office.db, changes)
    return len(ids - before.keys()), len(ids & before.keys())


def resting_on(office: OfficeSession, record: ImportRecord, done: Sequence[tuple[int, Event]]) -> Iterator[str]:
    """What rests on an import, in words."""
    touched = {institution: touched_fields(event) for institution, event in done}
    entered = {institution for institution, event in done if "kind" in event.data}
    now = rebuilt(office.db, touched)
    names = {key: one.name for key, made in now.items() if (one := made.on(office.today)) is not None}
    for institution, import_id, event in events_since(office.db, record.id, touched):
        if import_id == record.id:
            continue
        same = touched_fields(event) & touched[institution]
        if institution in entered or same or event.kind == "institution_merged":
            fields = "、".join(COLUMNS[name].heading for name in COLUMNS if name in same)
            how = origin_of(event).text or EVENT_LABEL[event.kind]
            yield f"“{names.get(institution, institution)}”{fields}（{event.recorded_at[:10]} {how}）"
    for institution, number in agreements_since(office.db, record.id, touched):
        yield f"协议 {number}（{names.get(institution, institution)}）"
