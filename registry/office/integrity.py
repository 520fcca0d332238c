"""Is everything still what was recorded: database, event chain, files both ways, and nothing left lying about."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from yiyu.registry.config import REGISTRY_NAME
from yiyu.registry.errors import FileFault, RegistryFault
from yiyu.registry.files import TEMPORARY_SUFFIX, file_sha256, under_way
from yiyu.registry.office.against import HeldAgainst, PaperText, held_against
from yiyu.registry.office.backups import notes_alone
from yiyu.registry.office.restore_advice import RestoreAdvice, advice, remedy
from yiyu.registry.office.rows_altered import altered_rows
from yiyu.registry.session import OfficeSession, Progress, unwatched, watched
from yiyu.registry.store.archive_items import archived_files
from yiyu.registry.store.copying import events_since
from yiyu.registry.store.events import LoggedEvent, broken_links, logged_events
from yiyu.registry.store.institutions import projection_faults
from yiyu.registry.store.integrity import database_faults, event_count, keeps_a_log, schema_faults, version_faults
from yiyu.registry.store.issued_reports import issued_faults
from yiyu.registry.store.item_lists import list_faults
from yiyu.registry.store.office_packages import package_files
from yiyu.registry.store.record_sheets import all_documents
from yiyu.registry.store.row_changes import broken_seals, head
from yiyu.registry.store.seals import seals_broken
from yiyu.registry.store.snapshots import snapshot_faults
from yiyu.registry.store.status import has_hot_journal

FAULT_LABEL = {
    "database": "登记库损坏",
    "schema": "库结构不符",
    "journal": "登记库旁的文件",
    "chain": "记录链",
    "institution": "机构与记录不符",
    "items": "服务项目与记录不符",
    "parties": "协议各方与记录不符",
    "row": "内容与登记时不符",
    "issued": "印发的报告与记录不符",
    "version": "文书版次",
    "missing": "文件缺失",
    "changed": "文件被改动",
    "stray": "没有登记的文件",
    "leftover": "未完成的临时文件",
}
_INSTITUTION = "登记库里这家机构（序号）的内容与它的记录不符：有别的程序改过"
_ISSUED = "这份报告冻结的数据与印发时的记录不符：有别的程序改过"
_ITEMS = "登记库里这份协议的服务项目清单与它的记录不符：有别的程序改过"
_PARTIES = "登记库里这份协议各方的情况与它的记录不符：有别的程序改过"
_SEAL = "这次加封与链不符：它以前的记录或改动被改过，或者口令不是加封时的"
_ALTERED = frozenset({"database", "chain", "institution", "issued", "items", "parties", "row"})
"""Faults after which the registry no longer says what was recorded: only these call for a backup."""
_LITTER = ("thumbs.db", "desktop.ini", ".ds_store")
"""What file managers leave in any folder they show."""
_MADE = "[0-9][0-9][0-9][0-9]/*/*.docx"
"""Year and 旗区, as ``generate`` places documents."""


@dataclass(frozen=True, slots=True)
class IntegrityFault:
    """``place``: a path from the workspace, an event's number, or a part of the database."""

    place: str
    fault: str
    message: str


@dataclass(frozen=True, slots=True)
class IntegrityReport:
    """How many recorded files and events were looked at, and what is wrong; a damaged database hides the rest.

    ``head``: of the chain as it stands, to be held against one that was printed. ``seals``: None where they were not looked at.
    ``restore``: the backup to go back to, where the registry itself no longer says what was recorded and there is one.
    """

    files: int
    events: int
    faults: list[IntegrityFault]
    head: str = ""
    seals: int | None = None
    restore: RestoreAdvice | None = None
    against: HeldAgainst | None = None

    @property
    def altered(self) -> bool:
        return any(one.fault in _ALTERED for one in self.faults)


def check(
    office: OfficeSession,
    *,
    against: str = "",
    texts_of: PaperText = lambda _path: (),
    passphrase: str = "",
    progress: Progress = unwatched,
) -> IntegrityReport:
    """Find all faults; none when everything is as recorded. Nothing is changed. ``progress`` counts files hashed.

    ``against`` is held beside it as :func:`held_against` reads it, with ``texts_of``, and raises as that does. ``passphrase``: the seals are
    held against the chain, too.
    """
    report = _looked_over(office, progress)
    if against and report.head:
        told = held_against(office, against, texts_of)
        found = [IntegrityFault(place, fault, message) for fault, place, message in told.faults]
        report = replace(report, faults=[*report.faults, *found], against=told)
    if passphrase and report.head:
        seals, broken = seals_broken(office.db, passphrase)
        found = [IntegrityFault(f"加封 {key}", "chain", _SEAL) for key in broken]
        if not seals:
            found = [IntegrityFault("加封", "chain", "没有一次加封：还没有加封过，或者被别的程序删去了")]
        report = replace(report, faults=[*report.faults, *found], seals=seals)
    return (
        replace(report, restore=advice(office.workspace, partial(events_since, office.db)))
        if report.altered
        else report
    )


def _looked_over(office: OfficeSession, progress: Progress) -> IntegrityReport:
    damaged = [IntegrityFault(REGISTRY_NAME, "database", text) for text in database_faults(office.db)]
    if damaged:
        return IntegrityReport(0, 0, damaged)
    recorded = _recorded(office)
    found = [
        IntegrityFault(text.split()[-1], "schema", f"{text}；有别的程序改过登记库的结构，请用那个程序改回来")
        for text in schema_faults(office.db)
    ]
    found += _beside(office)
    found += [IntegrityFault(str(key), "chain", chain_message(key)) for key in list(broken_links(office.db))[:1]]
    found += [IntegrityFault(f"改动 {key}", "chain", seal_message(key)) for key in list(broken_seals(office.db))[:1]]
    found += [IntegrityFault(place, "row", message) for place, message in altered_rows(office)]
    found += [IntegrityFault(str(key), "institution", _INSTITUTION) for key in projection_faults(office.db)]
    found += [IntegrityFault(number, "issued", _ISSUED) for number in issued_faults(office.db)]
    found += [IntegrityFault(number, "items", _ITEMS) for number in list_faults(office.db)]
    found += [IntegrityFault(number, "parties", _PARTIES) for number in snapshot_faults(office.db)]
    for number, kind, version in version_faults(office.db):
        found.append(IntegrityFault(number, "version", f"{kind} 有第 {version} 版，却没有前一版的记录"))
    found += [*_files(office, recorded, progress), *_strays(office, recorded), *leftovers(office.workspace.root)]
    for note in notes_alone(office.workspace.backups):
        found.append(IntegrityFault(office.workspace.named(note), "leftover", "它的备份没有做成；下次备份时会清除"))
    return IntegrityReport(len(recorded), event_count(office.db), found, str(head(office.db)))


def read_log(office: OfficeSession, limit: int) -> tuple[list[LoggedEvent], RegistryFault | None]:
    """The newest ``limit`` events with what they speak of, newest first; what is wrong where one was altered, and what to do."""
    broken = next(broken_links(office.db), None)
    fault = broken and RegistryFault(
        chain_message(broken), remedy=remedy(office.workspace, partial(events_since, office.db))
    )
    return logged_events(office.db, limit), fault or None


def chain_message(key: int) -> str:
    return f"第 {key} 号记录与前面的记录接不上：它或它之前的一条被改动过"


def seal_message(key: int) -> str:
    if not key:
        return "有的记录或改动不在链里：有别的程序写进去的"
    return f"第 {key} 次改动与前面的、与当时的记录接不上：它或它之前的一次被改动过"


def leftovers(root: Path) -> Iterator[IntegrityFault]:
    """What a run broken off left behind: files and folders under the one temporary pattern."""
    for path in sorted(_below(root)):
        if path.name.startswith(".") and TEMPORARY_SUFFIX in path.name[1:] and not under_way(path):
            yield IntegrityFault(path.relative_to(root).as_posix(), "leftover", "上次中断留下的，可以删除")


def _below(folder: Path) -> Iterator[Path]:
    """Every file and folder in it; what a colleague's run takes away meanwhile is not there, and no fault."""
    for place, folders, names in os.walk(folder):
        yield from (Path(place, name) for name in (*folders, *names))


def _recorded(office: OfficeSession) -> dict[str, tuple[str, str]]:
    """SHA-256 of every file a row names, and what to do where it is gone, by path from the workspace."""
    again = "登记过的文书不在了；用 yiyu generate --missing 重新生成，预填的记录表用 yiyu activity sheet"
    lost = "登记过的归档文件不在了；请从备份放回原处"
    unsent = "收到过的上报包不在了；请从备份放回原处，或请下级重新交一份"
    return (
        {row.path: (row.sha256, again) for row in all_documents(office.db)}
        | {row.path: (row.sha256, lost) for row in archived_files(office.db)}
        | {path: (digest, unsent) for path, digest in package_files(office.db).items()}
    )


def _beside(office: OfficeSession) -> Iterator[IntegrityFault]:
    """What is not yet in the registry itself; opening has just taken back what a broken run left in a journal."""
    registry = office.workspace.registry_path
    if has_hot_journal(registry):
        yield IntegrityFault(f"{REGISTRY_NAME}-journal", "journal", "有人正在写入；请等他写完，再查一次")
    if keeps_a_log(office.db):
        message = "别的程序改过登记库的写入方式；请关闭那个程序，再查一次"
        yield IntegrityFault(f"{REGISTRY_NAME}-wal", "journal", message)


def _files(
    office: OfficeSession, recorded: Mapping[str, tuple[str, str]], progress: Progress
) -> Iterator[IntegrityFault]:
    for name, (expected, gone) in watched(recorded.items(), progress):
        path = office.workspace.root / name
        if not path.is_file():
            yield IntegrityFault(name, "missing", gone)
            continue
        try:
            same = file_sha256(path) == expected
        except FileFault:
            same = False
        if not same:
            yield IntegrityFault(name, "changed", "内容与登记的校验值不符；如需修改请另存，勿改原文件")


def _strays(office: OfficeSession, recorded: Mapping[str, object]) -> Iterator[IntegrityFault]:
    """What no row names: Word files where documents are made, and anything in archive/; output/ itself is the clerk's."""
    root = office.workspace.root
    documents = office.workspace.output.glob(_MADE)
    for path in sorted([*documents, *_below(root / "archive")]):
        name = path.relative_to(root).as_posix()
        ours = name in recorded or path.name.lower() in _LITTER or path.name.startswith("~$")
        if path.is_file() and not ours and TEMPORARY_SUFFIX not in path.name:
            again = path.is_relative_to(office.workspace.output)
            todo = "再运行一次 yiyu generate 就会接上；不是的请移出" if again else "请收件（yiyu archive intake）或移出"
            yield IntegrityFault(name, "stray", f"没有登记过；{todo}")
