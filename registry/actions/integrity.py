"""Is everything still what was recorded: database, event chain, files."""

from collections.abc import Iterator
from dataclasses import dataclass

from yiyu.registry.desk import Desk
from yiyu.registry.files import TEMPORARY_SUFFIX, sha256
from yiyu.registry.lifecycle import Event
from yiyu.registry.store.documents import all_documents
from yiyu.registry.store.events import all_events, broken_links
from yiyu.registry.store.integrity import database_faults
from yiyu.registry.store.scans import bound_scans, incoming_files

FAULT_LABEL = {
    "database": "登记库",
    "chain": "记录链",
    "missing": "文件缺失",
    "changed": "文件被改动",
    "leftover": "未完成的临时文件",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """``subject``: a path from the workspace, or an event's number."""

    fault: str
    subject: str
    message: str


def check(desk: Desk) -> list[Fault]:
    """All faults found; none when everything is as recorded."""
    found = [Fault("database", "registry.db", text) for text in database_faults(desk.db)]
    found += [Fault("chain", str(key), chain_message(key)) for key in list(broken_links(desk.db))[:1]]
    return [*found, *_files(desk), *_leftovers(desk)]


def read_log(desk: Desk, limit: int) -> tuple[list[tuple[str, Event]], int | None]:
    """The newest ``limit`` events with their agreement's number, newest first, and the first altered one or None."""
    return all_events(desk.db, limit), next(broken_links(desk.db), None)


def chain_message(key: int) -> str:
    return f"第 {key} 号记录与前面的记录接不上：它或它之前的一条被改动过"


def _files(desk: Desk) -> Iterator[Fault]:
    again = "登记过的文书不在了；用 yiyu generate --missing 可重新生成"
    lost = "登记过的扫描件不在了；请从备份放回原处"
    rows = [(row.path, row.sha256, again) for row in all_documents(desk.db)]
    rows += [(row.path, row.sha256, lost) for row in incoming_files(desk.db)]
    rows += [(row.path, row.sha256, lost) for row in bound_scans(desk.db).values()]
    for name, digest, gone in rows:
        path = desk.workspace.root / name
        if not path.is_file():
            yield Fault("missing", name, gone)
        elif sha256(path.read_bytes()) != digest:
            yield Fault("changed", name, "内容与登记的校验值不符；如需修改请另存，勿改原文件")


def _leftovers(desk: Desk) -> Iterator[Fault]:
    for path in sorted(desk.workspace.root.rglob(f".*{TEMPORARY_SUFFIX}")):
        yield Fault("leftover", desk.workspace.relative(path), "上次中断留下的，可以删除")
