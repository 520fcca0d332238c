"""A page of a scan placed by a person who looked at it."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

from yiyu.docgen.archive.filing import Filed, Filing
from yiyu.docgen.archive.received_files import digest
from yiyu.registry.errors import BadInput, Failure, NotFound
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import DOC_KIND_LABEL, DocKind
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import changing
from yiyu.registry.store.record_sheets import all_documents
from yiyu.registry.store.scans import ScanRow, find_incoming, put_scans, scans_of_agreements, scans_of_file


@dataclass(frozen=True, slots=True)
class Assigned:
    """``documents``: what there is now of the document it belongs to, and of the one it was taken from."""

    documents: list[Filed]
    failed: list[Failure]


def assign(
    office: OfficeSession,
    file: Path,
    file_page: int,
    number: str,
    *,
    kind: DocKind,
    page: int,
    of: int | None = None,
    version: int | None = None,
    turn: int = 0,
    dry_run: bool = False,
) -> Assigned:
    """Say that page ``file_page`` of the scan ``file`` is ``page`` of a document, in the newest version or ``version``.

    ``of``: how many pages the document has, where no page of it tells; ``turn`` sets it upright, clockwise. Where the
    page was placed before, it is moved. Raises NotFound for a file that was not taken in or a document not generated,
    BadInput for a page that cannot be.
    """
    incoming = find_incoming(office.db, digest(file if file.is_file() else office.workspace.root / file))
    if incoming is None:
        raise NotFound("这个文件还没有收件", where=str(file), remedy="请先运行 yiyu archive intake")
    if not 1 <= file_page <= incoming.pages:
        raise BadInput(f"文件没有第 {file_page} 页", where=str(file), remedy=f"它共 {incoming.pages} 页")
    key = numbers_to_ids(office, [number])[number]
    versions = [row.version for row in all_documents(office.db, [key]) if row.kind == kind]
    if not versions:
        raise NotFound(f"协议 {number} 还没有{DOC_KIND_LABEL[kind]}", remedy=f"请先运行 yiyu generate {number}")
    if version not in (None, *versions):
        raise NotFound(
            f"{DOC_KIND_LABEL[kind]}没有第 {version} 版", where=number, remedy=f"它有 1 至 {versions[-1]} 版"
        )
    version = version or versions[-1]
    pages = _pages(office, (key, kind, version), of)
    if not 1 <= page <= pages:
        raise BadInput(f"{DOC_KIND_LABEL[kind]}没有第 {page} 页", where=number, remedy=f"它共 {pages} 页")
    row = ScanRow(
        file_id=incoming.id,
        file_page=file_page,
        agreement_id=key,
        kind=str(kind),
        version=version,
        page=page,
        pages=pages,
        turn=turn,
        red="",
        code="",
        placed_at=office.now,
        actor=office.actor,
    )
    with changing(office.db, dry_run=True) if dry_run else contextlib.nullcontext():
        with contextlib.nullcontext() if dry_run else changing(office.db):
            before = scans_of_file(office.db, incoming.id).get(file_page)
            put_scans(office.db, [row])
        documents = {row.document} | ({before.document} if before else set())
        return Assigned(*Filing(office, by_hand=True, dry_run=dry_run).file(documents, documents))


def _pages(office: OfficeSession, document: tuple[int, str, int], of: int | None) -> int:
    """How many pages the document has, by what was scanned of it or by what the person says."""
    told = {row.pages for row in scans_of_agreements(office.db, [document[0]]) if row.document == document}
    if of is not None:
        return of
    if len(told) != 1:
        why = "还没有收到这份文书的其他页，不知道共几页" if not told else "这份文书打印过几次，页数不同"
        raise BadInput(why, remedy="请用 --of 写明共几页")
    return told.pop()
