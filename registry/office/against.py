"""check --against: does the registry still go on from what a head on paper, a note or a backup says it was."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.errors import BadInput, FileFault, RegistryFault
from yiyu.registry.files import file_sha256
from yiyu.registry.office.backups import SUFFIX, note_of, read_note
from yiyu.registry.office.restore_advice import registry_in
from yiyu.registry.office.rows_altered import place
from yiyu.registry.rules.chain import Head, head_in, read_head
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.against import SinceCopy, knows_head, since_copy
from yiyu.registry.store.copying import at_rest, contents
from yiyu.registry.store.row_changes import head

PaperText = Callable[[Path], Iterable[str]]
"""What is written in a file, page by page; the registry itself reads no PDF."""


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """``head``: what the registry was held against; ``added``: events since, below 0 where some are gone.

    ``faults``: kind of the fault, what it speaks of, and what is wrong.
    """

    head: Head
    added: int
    faults: list[tuple[str, str, str]]


def held_against(office: OfficeSession, named: str, texts_of: PaperText) -> HeldAgainst:
    """Hold the registry against ``named``: a head, or the path of a backup or of a file in which a head is written.

    Raises BadInput where it is none of them, FileFault for a backup that is not what its note says and as ``texts_of``
    does, RegistryFault for a backup that cannot be read or has another schema.
    """
    path = Path(named)
    if not path.is_file():
        if (known := read_head(named)) is None:
            remedy = "请写链头（如 812-3FA9C1D2E0），或备份、校验文件的路径"
            raise BadInput("既不是链头，也不是文件", where=named, remedy=remedy)
        return _against_head(office, known)
    if path.suffix in SUFFIX.values():
        return _against_copy(office, path)
    if (written := head_in(texts_of(path))) is None:
        raise BadInput("文件里没有链头", where=named, remedy="请换一个文件，或直接写链头（如 812-3FA9C1D2E0）")
    return _against_head(office, written)


def _against_head(office: OfficeSession, known: Head) -> HeldAgainst:
    added = head(office.db).events - known.events
    faults = [("chain", str(known), _head_message(known, added))] if not knows_head(office.db, known) else []
    return HeldAgainst(known, added, faults)


def _head_message(known: Head, added: int) -> str:
    if added < 0:
        return f"比这个链头少 {-added} 条记录：后面的被删去了，或者登记库换成了别的一份"
    return f"链里没有这个链头：前 {known.events} 条记录或同时的改动被改过，或者不是这个登记库的链头"


def _against_copy(office: OfficeSession, path: Path) -> HeldAgainst:
    if note_of(path).is_file() and file_sha256(path) != read_note(path).sha256:
        raise FileFault("备份已损坏：内容与校验值不符", where=str(path), remedy="请改用另一份备份")
    with registry_in(path) as registry, at_rest(registry) as copy:
        then = contents(copy)
        if then.schema != contents(office.db).schema:
            remedy = "请改用升级以后做的备份，或那时的链头"
            raise RegistryFault("这份备份是升级以前做的，不能逐行对照", where=str(path), remedy=remedy)
        known = head(copy)
        found = list(_faults(since_copy(office.db, copy)))
    return HeldAgainst(known, head(office.db).events - known.events, found)


def _faults(found: SinceCopy) -> Iterator[tuple[str, str, str]]:
    for key in found.events:
        yield "chain", str(key), f"第 {key} 号记录的内容与备份里的不同"
    for key in found.missing:
        yield "chain", str(key), f"备份里有第 {key} 号记录，登记库里没有了"
    for table, row in found.rows:
        yield "row", place(table, row), "与备份里的不同，其后却没有登记过改动"
    if found.link is not None:
        yield "chain", f"改动 {found.link}", f"从第 {found.link} 次改动起，链与备份里的不同：链被重做过，或者登记库换过"
