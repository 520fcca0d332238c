"""An import taken back, whatever its subject: as a new event, and only where nothing has come to rest on it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yiyu.registry.activities import undoing as registers
from yiyu.registry.agreements.ledger import undoing as ledgers
from yiyu.registry.errors import NotFound, StepNotAllowed
from yiyu.registry.institutions import undoing as rosters
from yiyu.registry.institutions.lookup import directory, within_scope
from yiyu.registry.lifecycle import Event
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import NewEvent, append_events
from yiyu.registry.store.imports import ImportRecord, events_of_import, imports
from yiyu.registry.store.opening import changing

_NAMED = 5
"""As many reasons are listed; of the rest their number."""
Done = Sequence[tuple[int, Event]]
"""What an import did: events, each with its institution or agreement."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """How an import of one subject is taken back. ``label`` and ``unit`` of its records; ``remedy`` where it is used."""

    label: str
    unit: str
    resting_on: Callable[[OfficeSession, ImportRecord, Done], Iterator[str]]
    take_back: Callable[[OfficeSession, ImportRecord, Done], tuple[int, int]]
    remedy: str


SUBJECTS: Mapping[str, _Subject] = {
    "roster": _Subject("名册", "家", rosters.resting_on, rosters.take_back, "逐家用 institution edit --correct 更正"),
    "ledger": _Subject("台账", "份", ledgers.resting_on, ledgers.take_back, "逐份用 agreement correct 更正"),
    "register": _Subject("登记册", "次", registers.resting_on, registers.take_back, "逐次用 activity void 作废"),
}
"""By the kind of an import."""


@dataclass(frozen=True, slots=True)
class UndoneImport:
    """``removed``: records the import had entered; ``restored``: those that are again what they were before it."""

    record: ImportRecord
    removed: int
    restored: int

    @property
    def unit(self) -> str:
        """What its records are counted in."""
        return SUBJECTS[self.record.kind].unit


def undo_import(office: OfficeSession, import_id: int | None = None, *, dry_run: bool = False) -> UndoneImport:
    """Take back one import, by default the last that stands. What it did stays in history.

    Raises NotFound for an unknown one, StepNotAllowed where it is taken back already, or where something later rests on
    it: then nothing is changed.
    """
    with changing(office.db, dry_run=dry_run):
        record = _asked(list_imports(office), import_id)
        done, subject = events_of_import(office.db, record.id), SUBJECTS[record.kind]
        _refuse_used(record, subject, list(dict.fromkeys(subject.resting_on(office, record, done))))
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
        return UndoneImport(record, *subject.take_back(office, record, done))


def list_imports(office: OfficeSession) -> list[ImportRecord]:
    """Every import, the newest first; of a session limited to a 旗区 the rosters that touched nothing else."""
    every = imports(office.db)
    if office.scope.whole:
        return every
    known = directory(office)

    def own(record: ImportRecord) -> bool:
        touched = [known.holder(key) for key, _ in events_of_import(office.db, record.id)]
        return all(one is not None and within_scope(office, one) for one in touched)

    return [one for one in every if one.kind == "roster" and own(one)]


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


def _refuse_used(record: ImportRecord, subject: _Subject, reasons: Sequence[str]) -> None:
    if reasons:
        rest = f" 等 {len(reasons)} 处" if len(reasons) > _NAMED else ""
        raise StepNotAllowed(
            f"{record.id} 号导入不能撤回，后来的记录以它为准：{'；'.join(reasons[:_NAMED])}{rest}",
            where=record.file,
            remedy=f"登记库没有变化；请先撤回后来的导入，或{subject.remedy}",
        )
