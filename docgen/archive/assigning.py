"""A page of a scan, or all of it, placed by a person who looked at it."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.docgen.archive.filing import Filed, Filing
from yiyu.docgen.archive.received_files import digest
from yiyu.docgen.scans.page import OTHER_HALF, Half
from yiyu.registry.errors import BadInput, Failure, NotFound
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import all_documents
from yiyu.registry.store.scans import (
    OLD,
    IncomingRow,
    ScanRow,
    drop_scans,
    find_incoming,
    put_scans,
    scans_of_agreements,
    scans_of_file,
)

WHOLE = 0
"""In place of a page of a file: all of it."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """``documents``: what there is now of the document it belongs to, and of the one it was taken from; ``pages`` placed."""

    pages: int
    documents: list[Filed]
    failed: list[Failure]


def assign(
    office: OfficeSession,
    file: Path,
    file_page: int,
    number: str,
    *,
    kind: DocKind,
    page: int | None = None,
    of: int | None = None,
    version: int | None = None,
    turn: int = 0,
    half: Half = Half.WHOLE,
    dry_run: bool = False,
) -> Assigned:
    """Say that page ``file_page`` of the scan ``file`` is ``page`` of a document, in the newest version or ``version``.

    With ``file_page`` WHOLE the whole file is the whole document. Of an agreement that no document was generated for, and
    with ``version`` OLD, it is paper from before. ``of``: how many pages the document has, where no page of it tells;
    ``turn`` sets it upright, clockwise. ``half``: only that half of the upright sheet is the page. Where the page was
    placed before, it is moved; a sheet that was placed as one page is from now on its other half. Raises NotFound for a
    file that was not taken in or a document not generated, BadInput for a page that cannot be, and for a whole file of
    which pages say by their codes that they are of other documents.
    """
    incoming = _incoming(office, file, file_page)
    key = numbers_to_ids(office, [number])[number]
    version = _version(office, key, number, kind, version)
    places = {file_page: page} if file_page else {one: one for one in range(1, incoming.pages + 1)}
    if None in places.values() or (file_page == WHOLE and (page or of)):
        raise BadInput("归位一页要写 --page，归位整个文件不写 --page 和 --of", remedy="请改正后再试")
    pages = _pages(office, (key, kind, version), of) if file_page else incoming.pages
    if page is not None and not 1 <= page <= pages:
        raise BadInput(f"{DOC_KIND_LABEL[kind]}没有第 {page} 页", where=number, remedy=f"它共 {pages} 页")
    rows = [
        ScanRow(
            incoming.id, place, key, str(kind), version, at or 0, pages, turn, "", "", office.now, office.actor, half
        )
        for place, at in places.items()
    ]
    with changing(office.db, dry_run=True) if dry_run else contextlib.nullcontext():
        with contextlib.nullcontext() if dry_run else changing(office.db):
            before = [one for one in scans_of_file(office.db, incoming.id).values() if one.file_page in places]
            if file_page == WHOLE:
                _refuse_other_codes(before, rows[0], file)
            drop_scans(office.db, before)
            put_scans(office.db, [*_beside(rows[0], before), *rows])
        documents = {one.document for one in (*rows, *before)}
        return Assigned(len(rows), *Filing(office, by_hand=True, dry_run=dry_run).file(documents, documents))


def unassign(
    office: OfficeSession, file: Path, file_page: int, *, half: Half = Half.WHOLE, dry_run: bool = False
) -> Assigned:
    """Take back where page ``file_page`` of the scan ``file``, or with WHOLE all of it, was placed; the scan is kept.

    A document that is whole no more is bound no more. Raises NotFound for a file that was not taken in and where nothing
    is placed, BadInput for a page that cannot be.
    """
    incoming = _incoming(office, file, file_page)
    with changing(office.db, dry_run=True) if dry_run else contextlib.nullcontext():
        with contextlib.nullcontext() if dry_run else changing(office.db):
            before = [
                one
                for one in scans_of_file(office.db, incoming.id).values()
                if file_page in (WHOLE, one.file_page) and half in (Half.WHOLE, one.half)
            ]
            if not before:
                raise NotFound("这一页没有归位过", where=str(file), remedy="请核对文件和页码")
            drop_scans(office.db, before)
        documents = {one.document for one in before}
        return Assigned(len(before), *Filing(office, by_hand=True, dry_run=dry_run).file(documents, documents))


def _incoming(office: OfficeSession, file: Path, file_page: int) -> IncomingRow:
    """The scan as it was taken in. Raises NotFound for one that was not, BadInput for a page it does not have."""
    incoming = find_incoming(office.db, digest(file if file.is_file() else office.workspace.root / file))
    if incoming is None:
        raise NotFound("这个文件还没有收件", where=str(file), remedy="请先运行 yiyu archive intake")
    if not 1 <= (file_page or 1) <= incoming.pages:
        raise BadInput(f"文件没有第 {file_page} 页", where=str(file), remedy=f"它共 {incoming.pages} 页")
    return incoming


def _version(office: OfficeSession, key: int, number: str, kind: DocKind, wanted: int | None) -> int:
    """The version meant. Raises NotFound for one that was not generated; OLD only record sheets cannot be."""
    versions = [row.version for row in all_documents(office.db, [key]) if row.kind == kind]
    old = (OLD,) if kind is not DocKind.ACTIVITY_RECORD else ()
    if not (versions or old):
        raise NotFound(f"协议 {number} 还没有{DOC_KIND_LABEL[kind]}", remedy=f"请先运行 yiyu generate {number}")
    if wanted not in (None, *versions, *old):
        has = f"它有 1 至 {versions[-1]} 版" if versions else "本系统没有打印过它；旧件写 --version 0 或不写"
        raise NotFound(f"{DOC_KIND_LABEL[kind]}没有第 {wanted} 版", where=number, remedy=has)
    return (versions or [OLD])[-1] if wanted is None else wanted


def _refuse_other_codes(before: Iterable[ScanRow], row: ScanRow, file: Path) -> None:
    if other := sorted({one.file_page for one in before if one.code and one.document != row.document}):
        what = f"不能整个文件归位：有 {len(other)} 页带着别的文书的识别码，如第 {other[0]} 页"
        remedy = "请逐页归位；确要整个归位，先用 archive unassign 文件 all 撤回"
        raise BadInput(what, where=str(file), remedy=remedy)


def _beside(row: ScanRow, before: Iterable[ScanRow]) -> Iterator[ScanRow]:
    """What stays of the places that the sheet had: a sheet is one page, or two halves."""
    other = OTHER_HALF[Half(row.half)]
    for one in before if row.half else ():
        if one.half == other:
            yield one
        elif not one.half and (one.document, one.page) != (row.document, row.page):
            yield replace(one, half=other)


def _pages(office: OfficeSession, document: tuple[int, str, int], of: int | None) -> int:
    """How many pages the document has, by what was scanned of it or by what the person says."""
    told = {row.pages for row in scans_of_agreements(office.db, [document[0]]) if row.document == document}
    printed = {
        row.pages for row in scans_of_agreements(office.db, [document[0]]) if row.document == document and row.code
    }
    if of is not None and printed and of not in printed:
        counted = "、".join(map(str, sorted(printed)))
        raise BadInput(f"这份文书收到的页上印着共 {counted} 页，不是 {of} 页", remedy="请改正 --of，或不写")
    if of is not None:
        return of
    if len(told) != 1:
        why = "还没有收到这份文书的其他页，不知道共几页" if not told else "这份文书打印过几次，页数不同"
        raise BadInput(why, remedy="请用 --of 写明共几页")
    return told.pop()
