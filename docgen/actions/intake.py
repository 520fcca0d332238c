"""Scans in, sorted by what their pages say of themselves; nothing is lost, nothing doubled, nothing claimed."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yiyu.docgen.actions.filing import Filed, Filing, Key
from yiyu.docgen.actions.incoming import Failed, distinct, keep, scan_files, shown
from yiyu.docgen.actions.placing import Place, Reason, documents_by_id, place
from yiyu.docgen.archive.page import PageReading
from yiyu.docgen.archive.reading import Reading, read_files
from yiyu.registry.desk import Desk
from yiyu.registry.errors import BadInput, FileFault
from yiyu.registry.store.opening import changing
from yiyu.registry.store.scans import ScanRow, printed_documents, put_scans, scans_of_file

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A page for a person to look at; ``page`` counts from 1 in the file."""

    file: str
    page: int
    reason: Reason


@dataclass(slots=True)
class Intake:
    """Every page of every file that could be read is placed or unplaced. ``turned`` of those placed stood otherwise."""

    pages: int = 0
    placed: int = 0
    turned: int = 0
    unplaced: list[Unplaced] = field(default_factory=list)
    documents: list[Filed] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)

    @property
    def unfinished(self) -> list[object]:
        """What someone must see to: everything not taken in, but for blank pages."""
        return [*self.failed, *(one for one in self.unplaced if one.reason is not Reason.BLANK)]


class _Run:
    def __init__(self, desk: Desk, *, dry_run: bool) -> None:
        self.desk, self.dry_run = desk, dry_run
        self.known = documents_by_id(printed_documents(desk.db))
        self.result = Intake()
        self.touched: set[Key] = set()
        self.changed: set[Key] = set()

    def take(self, path: Path, sha256: str, reading: Reading) -> None:
        """File one scan and record its pages, in a transaction of its own."""
        name = shown(self.desk, path)
        try:
            if isinstance(reading, FileFault):
                raise reading
            with contextlib.nullcontext() if self.dry_run else changing(self.desk.db):
                file = keep(self.desk, path, sha256, len(reading), dry_run=self.dry_run)
                before = scans_of_file(self.desk.db, file.id)
                found = {one.page: place(one, self.known) for one in reading if one.page not in before}
                rows = [self._row(file.id, one, at) for one in reading if isinstance(at := found.get(one.page), Place)]
                put_scans(self.desk.db, rows)
        except FileFault as fault:
            self.result.failed.append(Failed.by(name, fault))
            return
        placed = [*before.values(), *rows]
        self.changed |= {row.document for row in rows}
        self.touched |= {row.document for row in placed}
        self.result.pages += len(reading)
        self.result.placed += len(placed)
        self.result.turned += sum(row.turn != 0 for row in placed)
        self.result.unplaced += [Unplaced(name, page, why) for page, why in found.items() if isinstance(why, Reason)]

    def _row(self, file_id: int, reading: PageReading, at: Place) -> ScanRow:
        return ScanRow(
            file_id=file_id,
            file_page=reading.page,
            agreement_id=at.agreement_id,
            kind=at.kind,
            version=at.version,
            page=at.page,
            pages=at.pages,
            turn=reading.turn or 0,
            red=reading.ink.red,
            code=at.code,
            placed_at=self.desk.now,
            actor=self.desk.actor,
        )


def intake(
    desk: Desk,
    paths: Sequence[Path],
    *,
    signed: bool = False,
    sealed: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> Intake:
    """Take in scans, files and folders of them: each is kept byte for byte, its pages are matched by their codes.

    Pages are remembered, so that what is missing may come another day; the same file again doubles nothing. A document
    with all its pages is bound as one PDF; a complete agreement goes on to 已校验, if it is sealed. With ``signed`` and
    ``sealed`` a person says that every complete agreement bears the signatures and seals of all parties, which is then
    recorded for today. One bad file never stops the others. Raises BadInput where there is no file at all.
    """
    files, failed = distinct(desk, scan_files(paths))
    if not files and not failed:
        raise BadInput("没有找到扫描件", where="、".join(map(str, paths)), remedy="请给出 PDF、JPEG、PNG 或 TIFF 文件")
    run = _Run(desk, dry_run=dry_run)
    run.result.failed += failed
    readings = _watched(read_files(files), progress, len(files))
    if dry_run:
        # Read before the registry is held: colleagues would wait for all the scans.
        readings = iter(list(readings))
    with changing(desk.db, dry_run=True) if dry_run else contextlib.nullcontext():
        for path, reading in readings:
            run.take(path, files[path], reading)
        filing = Filing(desk, signed=signed, sealed=sealed, dry_run=dry_run)
        run.result.documents, unbound = filing.file(run.touched, run.changed)
    run.result.failed += unbound
    return run.result


def _watched(
    readings: Iterable[tuple[Path, Reading]], progress: Progress, total: int
) -> Iterator[tuple[Path, Reading]]:
    for done, each in enumerate(readings, start=1):
        yield each
        progress(done, total)
