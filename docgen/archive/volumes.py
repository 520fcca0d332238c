"""A volume of agreements: which are wanted, which of their documents are bound, and what the cover says."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.docgen.archive.page_matching import gather
from yiyu.docgen.pdf.signatures import has_signature
from yiyu.docgen.pdf.volume.binding import bind_volume
from yiyu.docgen.pdf.volume.contents import BoundDocument, Section, Volume, placed
from yiyu.registry.errors import BadInput, NotFound
from yiyu.registry.institutions.lookup import numbers_to_ids
from yiyu.registry.model import DOC_KIND_LABEL, VARIANT_LABEL, Agreement, DocKind, Party
from yiyu.registry.rules.districts import district_name
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.agreements import load_agreements
from yiyu.registry.store.row_changes import head
from yiyu.registry.store.scans import BoundRow, bound_scans, incoming_files, scans_of_agreements

_TITLE = "协议卷宗"
_REMEDY = "请先用 yiyu archive intake 收齐扫描件"


@dataclass(frozen=True, slots=True)
class VolumePart:
    """One document of a volume; ``page`` counts from 1 after the contents, a notice before it included in ``pages``.

    ``attachment``: the name of the digitally signed original, "" where it has none. ``left``: what the document holds
    beside its pages and the volume does not; known once it is bound.
    """

    number: str
    kind: DocKind
    version: int
    page: int
    pages: int
    path: str
    attachment: str
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VolumeMade:
    """``skipped``: numbers without a complete scan. ``opening``: cover and contents; it and ``sha256`` not planned."""

    parts: list[VolumePart]
    skipped: list[str]
    pages: int
    opening: int = 0
    sha256: str = ""

    @property
    def agreements(self) -> int:
        return len({part.number for part in self.parts})


def make_volume(
    office: OfficeSession,
    numbers: Sequence[str],
    out: Path,
    *,
    year: int | None = None,
    district: str = "",
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> VolumeMade:
    """Bind the complete scans of agreements to ``out``: of ``numbers``, those that begin in ``year``, of ``district``.

    Of agreement and service list the newest version that is bound; record sheets are each a document of its own.
    Raises NotFound for an unknown number and where nothing chosen has a scan, BadInput where nothing was chosen or
    ``out`` is inside the archive, FileFault where a scan is not as it was (see ``bind_volume``).
    """
    if not numbers and year is None and not district:
        raise BadInput("没有说装订哪些协议", remedy="请给出协议编号，或用 --year、--district 选定")
    archive = office.workspace.root / "archive"
    if out.resolve().is_relative_to(archive.resolve()):
        raise BadInput("卷宗不能存进 archive 文件夹，那里只放归档的原件", where=str(out), remedy="请换一个位置")
    chosen = _chosen(office, numbers, year, district)
    bound = bound_documents(office, {one.id for one in chosen})
    signed = signed_originals(office, [row for rows in bound.values() for row in rows])
    filled = [one for one in chosen if one.id in bound]
    if not filled:
        raise NotFound(f"选定的 {len(chosen)} 份协议都没有装订好的扫描件", remedy=_REMEDY)
    sections = tuple(_section(office, one, bound[one.id], signed) for one in filled)
    parts = list(itertools.chain.from_iterable(placed(sections)))
    rows = itertools.chain.from_iterable(bound[one.id] for one in filled)
    told = [
        VolumePart(at.section.number, DocKind(row.kind), row.version, at.page, at.part.length, row.path, at.attachment)
        for at, row in zip(parts, rows, strict=True)
    ]
    skipped = [one.number for one in chosen if one.id not in bound]
    pages = sum(part.pages for part in told)
    if dry_run:
        return VolumeMade(told, skipped, pages)
    facts = tuple(_facts(office, filled, told, _scope(numbers, year, district)))
    authority = office.pack.authority_of(office.workspace.config.region)
    volume = Volume(_TITLE, authority, facts, dt.datetime.fromisoformat(office.now), sections)
    made = bind_volume(volume, out, progress=progress)
    told = [replace(part, left=left) for part, left in zip(told, made.left, strict=True)]
    return VolumeMade(told, skipped, made.pages, made.opening, made.sha256)


def _chosen(office: OfficeSession, numbers: Sequence[str], year: int | None, district: str) -> list[Agreement]:
    """All that is asked for at once, by number. Raises NotFound where nothing is."""
    ids = list(numbers_to_ids(office, numbers).values()) if numbers else None
    found = [
        one
        for one in load_agreements(office.db, ids, items=False)
        if year in (None, one.starts_on.year) and district in ("", one.district)
    ]
    if not found:
        raise NotFound("没有符合条件的协议", remedy="请用 yiyu agreement list 查看编号、年度和旗区")
    return found


def bound_documents(office: OfficeSession, ids: set[int]) -> dict[int, list[BoundRow]]:
    """What is to be bound of each agreement, in the order of kinds."""
    newest: dict[tuple[int, str, int], BoundRow] = {}
    for row in bound_scans(office.db).values():
        # A later version of the others takes the place of an earlier one; a record sheet tells of another visit.
        key = (row.agreement_id, row.kind, row.version if row.kind == DocKind.ACTIVITY_RECORD else 0)
        if row.agreement_id in ids and (key not in newest or newest[key].version < row.version):
            newest[key] = row
    kinds = [str(kind) for kind in DocKind]
    bound: dict[int, list[BoundRow]] = {}
    for row in sorted(newest.values(), key=lambda one: (one.agreement_id, kinds.index(one.kind), one.version)):
        bound.setdefault(row.agreement_id, []).append(row)
    return bound


def signed_originals(office: OfficeSession, rows: Sequence[BoundRow]) -> dict[tuple[int, str, int], Path]:
    """The digitally signed PDF behind each document that has one: the bound file itself, else one that came in."""
    root = office.workspace.root
    wanted = {(row.agreement_id, row.kind, row.version, row.pages): root / row.path for row in rows}
    shown = {
        (*one.key, one.expected): {row.file_id for row in one.chosen}
        for one in gather(scans_of_agreements(office.db, {row.agreement_id for row in rows}))
    }
    used = set().union(*(shown.get(key, set()) for key in wanted))
    files = {row.id: root / row.path for row in incoming_files(office.db) if row.id in used}
    signed = {key: path for key, path in files.items() if path.suffix.lower() == ".pdf" and has_signature(path)}
    found = {}
    for key, path in wanted.items():
        sources = shown.get(key, set()) & signed.keys()
        if sources:
            found[key[:3]] = path if has_signature(path) else signed[min(sources)]
    return found


def _section(
    office: OfficeSession, one: Agreement, rows: Sequence[BoundRow], signed: dict[tuple[int, str, int], Path]
) -> Section:
    parts = tuple(
        BoundDocument(
            DOC_KIND_LABEL[DocKind(row.kind)] + (f" v{row.version}" if row.version > 1 else ""),
            office.workspace.root / row.path,
            row.pages,
            row.sha256,
            signed.get((row.agreement_id, row.kind, row.version)),
        )
        for row in rows
    )
    title = f"{DOC_KIND_LABEL[DocKind.AGREEMENT]}（{VARIANT_LABEL[one.variant]}）"
    names = tuple(f"{party.role}方：{_name(party)}" for party in one.parties)
    return Section(one.number, title, _name(one.childcare), names, parts)


def _name(party: Party) -> str:
    branch = party.facts.branch
    return f"{party.facts.name}（{branch}）" if branch else party.facts.name


def _scope(numbers: Sequence[str], year: int | None, district: str) -> str:
    told = [f"{year}年度"] if year is not None else []
    told += [district_name(district)] if district else []
    if not told:
        told = ["、".join(numbers)] if len(numbers) <= 3 else [f"{numbers[0]} 等 {len(numbers)} 份"]
    return "\u3000".join(told)


def _facts(
    office: OfficeSession, agreements: Sequence[Agreement], parts: Sequence[VolumePart], scope: str
) -> Iterator[tuple[str, str]]:
    yield "范围", scope
    yield "协议", f"{len(agreements)} 份"
    counts = Counter(part.kind for part in parts)
    yield "文书", "，".join(f"{DOC_KIND_LABEL[kind]}{counts[kind]}件" for kind in DocKind if counts[kind])
    signed = sum(bool(part.attachment) for part in parts)
    if signed:
        yield "电子签名", f"{signed} 件，签名文件原样附于卷内"
    yield "页数", f"{sum(part.pages for part in parts):,} 页（不含封面和目录）"
    yield "编成日期", f"{office.today.year}年{office.today.month}月{office.today.day}日"
    yield "链头", str(head(office.db))
