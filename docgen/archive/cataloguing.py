"""归档文件目录 with its cover and 备考表, and the 归档章 on copies of what it lists."""

import datetime as dt
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from yiyu.docgen.archive.received_files import digest
from yiyu.docgen.fill.compiled import compile_template
from yiyu.docgen.naming import safe_name
from yiyu.docgen.pdf.archive_stamp import StampCells, stamp_copy
from yiyu.docgen.wording import chinese_date
from yiyu.registry.archive.boxes import BoxNote, Key, box_notes
from yiyu.registry.errors import BadInput, Failure, FileFault, NotFound, UserError
from yiyu.registry.files import read_bytes, write_atomic
from yiyu.registry.rules.archive_codes import TERM_LABEL, doubled_serials, file_code, missing_serials, serial_text
from yiyu.registry.rules.chain import head_line
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.archive_items import (
    ArchiveItem,
    CatalogPart,
    archive_items,
    catalog_parts,
    serials_by_series,
)
from yiyu.registry.store.row_changes import head
from yiyu.registry.store.scans import UnitScans

_FORMS = "forms/archive_forms.docx"


@dataclass(frozen=True, slots=True)
class SerialFault:
    """``missing`` and ``doubled`` 件号 of one class, named as the registry names it: 门类·年度·期限·机构."""

    series: str
    missing: tuple[int, ...]
    doubled: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """``faults`` are those of the whole registry: a gap may lie outside what was asked for. ``chained``: its head, in words."""

    items: tuple[ArchiveItem, ...]
    parts: tuple[CatalogPart, ...]
    faults: tuple[SerialFault, ...]
    chained: str


def catalogue(office: OfficeSession, *, year: int | None = None, term: str | None = None) -> Catalogue:
    """What has a 档号, as a catalogue lists it, and whether every 件号 was given once."""
    items = archive_items(office.db, year=year, term=term)
    parts = tuple(catalog_parts(items, _offices(office)))
    return Catalogue(tuple(items), parts, tuple(_faults(office)), head_line(head(office.db), office.today))


def filled_form(office: OfficeSession, name: str, context: Mapping[str, object]) -> bytes:
    """A form of ours, or the office's own of that name in ``templates/`` of the workspace, filled."""
    own = office.workspace.templates / name
    data = read_bytes(own) if own.is_file() else (files("yiyu.templates") / name).read_bytes()
    return compile_template(data, name=name).fill(context)


def require_items(found: Catalogue) -> None:
    """Raise NotFound where there is nothing to write of."""
    if not found.items:
        raise NotFound(
            "没有已编号的件，不写目录、封面和备考表", remedy="请先运行 yiyu archive number，或换一个年度、期限"
        )


def write_forms(office: OfficeSession, out: Path, found: Catalogue) -> int:
    """Write 目录封面 of each part and 备考表 of each of its boxes to one Word file; the number of sheets.

    The office may have its own in ``templates/forms/`` of the workspace. Raises TemplateFault and FileFault.
    """
    notes = box_notes(office)
    covers = [_cover(part, office.workspace.config.fonds_name, notes) for part in found.parts]
    context = {"目录": [cover | {"链头": found.chained} for cover in covers]}
    write_atomic(out, filled_form(office, _FORMS, context))
    return sum(1 + len(_boxes(part, notes)) for part in found.parts)


@dataclass(frozen=True, slots=True)
class Stamped:
    """A copy of a 件 with its 归档章; ``over_print`` where the page had no blank place for it."""

    archive_no: str
    path: Path
    over_print: bool


def stamp_copies(
    office: OfficeSession,
    items: Sequence[ArchiveItem],
    out: Path,
    *,
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[list[Stamped], list[Failure]]:
    """Write a copy of the scans of each 件, 归档章 on its first page, named by 档号 into the folder ``out``.

    ``out`` that ends in .pdf is the file of a single 件. What is archived stays as it is. One that cannot be copied is a
    failure. Raises BadInput for a place inside the archive, or one file for several 件.
    """
    archive = (office.workspace.root / "archive").resolve()
    if out.resolve().is_relative_to(archive):
        raise BadInput("盖章的是副本，不能存进归档文件夹", where=str(out), remedy="请换一个位置")
    single = out.suffix.lower() == ".pdf"
    if single and len(items) > 1:
        raise BadInput(f"{len(items)} 件不能存成一个文件", where=str(out), remedy="请给出文件夹")
    scans = UnitScans(office.db, {item.agreement_id for item in items})
    done: list[Stamped] = []
    failed: list[Failure] = []
    for count, item in enumerate(items, start=1):
        target = out if single else out / f"{safe_name(file_code(item.code))}.pdf"
        try:
            sources = _sources(office, item, scans)
            blank = dry_run or stamp_copy(sources, target, _cells(office, item))
            done.append(Stamped(item.code, target, not blank))
        except UserError as error:
            failed.append(Failure.of(item.code, error))
        progress(count, len(items))
    return done, failed


def _sources(office: OfficeSession, item: ArchiveItem, scans: UnitScans) -> list[Path]:
    rows = scans.of_item(item.unit, item.agreement_id, item.record_year)
    if not rows:
        raise NotFound("没有扫描件可以盖章", remedy="请先用 archive intake 收扫描件")
    for row in rows:
        path = office.workspace.root / row.path
        if digest(path) != row.sha256:
            raise FileFault("扫描件被改动过，没有盖章", where=row.path, remedy="请用 archive verify 核对")
    return [office.workspace.root / row.path for row in rows]


def _cells(office: OfficeSession, item: ArchiveItem) -> StampCells:
    division = _offices(office).get(item.office) or item.office
    serial, pages = serial_text(item.code, item.serial), str(item.pages or "")
    return StampCells(item.fonds, str(item.year), serial, division, TERM_LABEL[item.term], pages)


def _offices(office: OfficeSession) -> dict[str, str]:
    return {office.workspace.config.archive_office: office.workspace.config.archive_office_name}


def _faults(office: OfficeSession) -> list[SerialFault]:
    """Gaps by what 件号 count within; doubles among all 件 of a year, term and office, however their 档号 are written."""
    everything = archive_items(office.db)
    faults = [
        SerialFault(series, tuple(missing_serials(given)), ()) for series, given in serials_by_series(office.db).items()
    ]
    for (year, term, division), some in itertools.groupby(everything, key=lambda one: (one.year, one.term, one.office)):
        doubled = doubled_serials(one.serial for one in some)
        faults.append(SerialFault(f"{year}·{term}·{division}", (), tuple(doubled)))
    return [one for one in faults if one.missing or one.doubled]


def _cover(part: CatalogPart, fonds_name: str, notes: Mapping[Key, BoxNote]) -> dict[str, object]:
    return {
        "全宗名称": fonds_name,
        "年度": part.year,
        "保管期限": TERM_LABEL[part.term],
        "机构": part.office,
        "盒": _boxes(part, notes),
    }


def _boxes(part: CatalogPart, notes: Mapping[Key, BoxNote]) -> list[dict[str, object]]:
    """One 备考表 a box; what lies in none yet has one with a blank for its number."""
    boxes: dict[str, list[ArchiveItem]] = {}
    for item in part.items:
        boxes.setdefault(item.box, []).append(item)
    found = []
    for box, items in boxes.items():
        first = items[0]
        note = notes.get((first.year, first.term, first.office, box), BoxNote())
        told = {
            "盒号": box,
            "件数": len(items),
            "起止件号": _span(items),
            "页数": sum(item.pages for item in items) or "",
            "情况说明": note.note,
            "整理人": note.arranged_by,
            "整理日期": _day(note.arranged_on),
            "检查人": note.checked_by,
            "检查日期": _day(note.checked_on),
        }
        found.append(told)
    return found


def _day(text: str) -> str:
    """A day as it is written on paper, or the blank for one."""
    return chinese_date(dt.date.fromisoformat(text)) if text else "　　　　年　　月　　日"


def _span(items: Sequence[ArchiveItem]) -> str:
    """件号 in runs: 0001至0003、0005."""
    runs: list[list[str]] = []
    before = None
    for item in items:
        text = serial_text(item.code, item.serial)
        if before is not None and item.serial == before + 1:
            runs[-1][1:] = [text]
        else:
            runs.append([text])
        before = item.serial
    return "、".join("至".join(run) for run in runs)
