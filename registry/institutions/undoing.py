"""An import taken back: as a new event, and only where nothing has come to rest on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiyu.registry.errors import NotFound, StepNotAllowed
from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.lifecycle import EVENT_LABEL, Event
from yiyu.registry.rules.institution_history import Origin, origin_of, taken_back, touched_fields
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import NewEvent, append_events
from yiyu.registry.store.imports import ImportRecord, agreements_since, events_of_import, events_since, imports
from yiyu.registry.store.institution_changes import InstitutionChange, write_changes
from yiyu.registry.store.institutions import rebuilt
from yiyu.registry.store.opening import changing

_NAMED = 5
"""As many reasons are listed; of the rest their number."""


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """``removed``: institutions the import had entered; ``restored``: those that are again what they were before it."""

    record: ImportRecord
    removed: int
    restored: int


def undo_import(office: OfficeSession, import_id: int | None = None, *, dry_run: bool = False) -> UndoneImport:
    """Take back one import, by default the last that stands. What it did stays in history.

    Raises NotFound for an unknown one, StepNotAllowed where it is taken back already, or where later changes of the same
    fields, agreements, assessments or imports rest on it: then nothing is changed.
    """
    with changing(office.db, dry_run=dry_run):
        record = _asked(imports(office.db), import_id)
        done = events_of_import(office.db, record.id)
        _refuse_used(office, record, done)
        undone = NewEvent(
            "import_undone",
            office.today,
            office.now,
            office.actor,
            note=record.file,
            corrects=record.id,
            data={"file": record.file},
        )
        append_events(office.db, [undone])
        origin = Origin(note=f"撤回 {record.id} 号导入", actor=office.actor, recorded_at=office.now)
        ids = {institution for institution, _ in done}
        before, now = rebuilt(office.db, ids, before=record.id), rebuilt(office.db, ids)
        write_changes(
            office.db,
            (
                InstitutionChange(
                    key,
                    "institution_restored",
                    office.today,
                    origin,
                    taken_back(before.get(key), event, now[key]),
                    record.id,
                )
                for key, event in done
            ),
        )
    return UndoneImport(record, len(ids - before.keys()), len(ids & before.keys()))


def list_imports(office: OfficeSession) -> list[ImportRecord]:
    """Every import, the newest first."""
    return imports(office.db)


def _asked(known: Sequence[ImportRecord], import_id: int | None) -> ImportRecord:
    if import_id is None:
        record = next((one for one in known if one.undone_by is None), None)
        if record is None:
            raise NotFound("没有可以撤回的导入", remedy="请用 import list 查看")
        return record
    record = next((one for one in known if one.id == import_id), None)
    if record is None:
        raise NotFound(f"没有 {import_id} 号导入", remedy="请用 import list 查看各次导入的编号")
    if record.undone_by is not None:
        raise StepNotAllowed(
            f"{import_id} 号导入已经撤回", where=record.file, remedy=f"见 {record.undone_by} 号记录（yiyu log）"
        )
    return record


def _refuse_used(office: OfficeSession, record: ImportRecord, done: Sequence[tuple[int, Event]]) -> None:
    reasons = list(dict.fromkeys(_resting(office, record, done)))
    if reasons:
        rest = f" 等 {len(reasons)} 处" if len(reasons) > _NAMED else ""
        raise StepNotAllowed(
            f"{record.id} 号导入不能撤回，后来的记录以它为准：{'；'.join(reasons[:_NAMED])}{rest}",
            where=record.file,
            remedy="登记库没有变化；请先撤回后来的导入，或逐家用 institution edit --correct 更正",
        )


def _resting(office: OfficeSession, record: ImportRecord, done: Sequence[tuple[int, Event]]) -> Iterator[str]:
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
