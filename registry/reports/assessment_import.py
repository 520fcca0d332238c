"""自评表 in: scores, classes and items of a year's self-assessments, as told (S3 四（一）)."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.files import file_name, read_bytes
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.model import Institution, Kind, Problem, Severity
from yiyu.registry.reports.manual_figures import record_assessment
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.figures import Assessed, assessments
from yiyu.registry.store.opening import changing, registry_mark
from yiyu.registry.workbooks.books import open_book
from yiyu.registry.workbooks.cells import CellFault, read_cell
from yiyu.registry.workbooks.columns import Column
from yiyu.registry.workbooks.grid import TallMerges
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.layout import SourceTable, find_tables
from yiyu.registry.workbooks.previews import (
    NO_LEAVE,
    Fate,
    Leave,
    Preview,
    PreviewLine,
    line_key,
    sealed,
    write_preview,
)
from yiyu.registry.workbooks.problems import problems_path, write_rejected
from yiyu.registry.workbooks.records import LeftOut, LeftRow, record_rows
from yiyu.registry.workbooks.rows import ReadRow, free_cells, read_row, rejected_row, row_cells
from yiyu.registry.workbooks.text import Cell, written
from yiyu.registry.workbooks.told_lines import told_lines
from yiyu.registry.workbooks.writing import written_column

COLUMNS: Mapping[str, Column] = {
    "childcare": Column("托育机构", 26, "机构名称 托育机构名称 单位名称 自评机构", cell="whole"),
    "code": Column("统一社会信用代码", 20, "信用代码", cell="line"),
    "year": Column("年度", 8, "自评年度 年份", cell="own"),
    "on": Column("自评日期", 12, "完成日期 填表日期 日期", cell="day"),
    "score": Column("得分", 8, "自评得分 总分 自评总分 自评分数 分数", cell="own"),
    "grade": Column("等级", 10, "自评等级 自评结果 评定等级 结果 结论"),
    "problems": Column("问题数", 8, "发现问题数 存在问题数", cell="count"),
    "note": Column("备注", 20, "说明", cell="paragraphs"),
}
_SCORE = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)分?")
_MOST = 1000
"""Points of WS/T 821—2023, the longest scale in use."""
_COMPARED = ("on", "score", "grade", "problems", "note", "items")
_HEADING = {name: COLUMNS[name].heading if name in COLUMNS else "自评项目" for name in _COMPARED}


@dataclass(frozen=True, slots=True)
class ImportedAssessments:
    """Counts of rows; the rest as of every import."""

    file: str
    rows: int
    added: int
    changed: int
    unchanged: int
    problems: tuple[Problem, ...]
    problems_file: Path | None
    skipped: tuple[LeftRow, ...]
    waiting: tuple[LeftRow, ...]
    notes: tuple[str, ...]
    unread: tuple[str, ...]
    preview: Preview

    @property
    def left_out(self) -> list[object]:
        """What was not written though it stands in the file."""
        faults = [one for one in self.problems if one.severity is Severity.ERROR]
        return [*faults, *self.waiting, *self.preview.waiting]


def import_assessments(
    office: OfficeSession,
    path: Path,
    *,
    year: int | None = None,
    sheet: str | None = None,
    problems: Path | None = None,
    accept: Collection[str] = (),
    leave: Leave = NO_LEAVE,
    preview: Path | None = None,
    dry_run: bool = False,
) -> ImportedAssessments:
    """Read ``path``: new self-assessments are recorded, one that says otherwise than the registry waits for ``leave``.

    ``year`` for rows that name none; else that of their day. Columns without a field are the items, kept as told. Raises
    BadInput or FileFault where the file as a whole cannot be taken.
    """
    office.refuse_part("自评表")
    headings = Headings({name: column.headings for name, column in COLUMNS.items()})
    book = open_book(
        path, headings, lambda grid: find_tables(grid, headings, required=("childcare",)), sheet=sheet, accept=accept
    )
    if not book.tables and not book.left.waiting:
        raise BadInput(
            "没有找到自评表的表头", where=str(path), remedy="表头至少要有“托育机构”和“自评日期”，如还有“得分、等级”"
        )
    rows = [row for table in book.tables for row in _rows(table, book.left)]
    with changing(office.db, dry_run=dry_run):
        taking = _Taking(office, file_name(path), leave, year)
        for row in rows:
            taking.take(row)
        noted = tuple(problem for row in rows for problem in row.problems)
        told = told_lines(COLUMNS, noted, book.left.waiting, book.left.skipped, book.unread)
        seal = sealed(read_bytes(path), registry_mark(office.db), taking.lines)
        found = Preview((*taking.lines, *told), seal)
        leave.check(found)
    if preview is not None:
        write_preview(preview, f"{file_name(path)} 导入预览", found)
    counts = (len(rows), taking.added, taking.changed, taking.unchanged)
    left = (tuple(book.left.skipped), tuple(book.left.waiting), tuple(book.notes), tuple(book.unread))
    result = ImportedAssessments(file_name(path), *counts, noted, None, *left, found)
    faulty = [rejected_row(row, title="托育机构自评表") for row in rows if row.rejected]
    if not faulty or (dry_run and problems is None):
        return result
    target = problems or problems_path(office.workspace.problems, path, office.now)
    write_rejected(target, "托育机构自评表", {name: written_column(name, one) for name, one in COLUMNS.items()}, faulty)
    return replace(result, problems_file=target)


class _Taking:
    """Takes rows one after another; call inside ``changing``."""

    def __init__(self, office: OfficeSession, file: str, leave: Leave, year: int | None) -> None:
        self._office, self._file, self._leave, self._year = office, file, leave, year
        self._find = directory(office).find
        self._said: dict[tuple[int, int], int] = {}
        self.lines: list[PreviewLine] = []
        self.added = self.changed = self.unchanged = 0

    def take(self, row: ReadRow) -> None:
        whose, on = self._institution(row), row.values.get("on")
        if on is None and not row.rejected:
            row.note("on", Severity.ERROR, "date-missing", "没有自评日期，请补填")
        if on is not None and on > self._office.today:
            row.note("on", Severity.ERROR, "date-future", f"自评日期 {on} 还没有到，请核对")
        if whose is None or on is None or row.rejected:
            return
        year = row.values.get("year") or self._year or on.year
        earlier = self._said.setdefault((whose.id, year), row.row)
        if earlier != row.row:
            row.note(
                "childcare", Severity.ERROR, "duplicate", f"{whose.name} {year} 年的自评在第{earlier}行已有，请留一行"
            )
            return
        facts = row.values
        new = Assessed(
            whose.id, year, "self_assessed", on, facts.get("problems"), facts.get("note") or "",
            facts.get("score"), facts.get("grade") or "", free_cells(row.table, row.row - 1),
        )  # fmt: skip
        self._write(row, whose, new, assessments(self._office.db, year, dt.date.max).get((whose.id, "self_assessed")))

    def _institution(self, row: ReadRow) -> Institution | None:
        name = str(row.values.get("code") or row.values.get("childcare") or "")
        try:
            return self._find(name, Kind.CHILDCARE) if name else None
        except UserError as fault:
            row.note("code" if row.values.get("code") else "childcare", Severity.ERROR, "party-unknown", str(fault))
            return None

    def _write(self, row: ReadRow, whose: Institution, new: Assessed, old: Assessed | None) -> None:
        lines = [*_lines(row, whose, new, old)]
        if old is not None and not lines:
            self.unchanged += 1
            return
        if old is not None:  # what the form leaves blank it says nothing of
            kept = {name: getattr(old, name) for name in _COMPARED if getattr(new, name) in (None, "", {})}
            new = replace(new, **kept)
        taken = old is None or self._leave.allows(lines)
        self.lines += [replace(line, taken=taken) for line in lines]
        if taken:
            record_assessment(self._office, new, f"{new.year} 年自评（{self._file}）", old)
            self.added += old is None
            self.changed += old is not None


def _lines(row: ReadRow, whose: Institution, new: Assessed, old: Assessed | None) -> Iterator[PreviewLine]:
    """One line where it is new, else one for each fact that the row says otherwise; what it leaves blank it says not."""
    line = PreviewLine(
        Fate.NEW, row.table.grid.sheet, row.row, id=whose.id, name=whose.name, code=whose.code, new=_text(new.score)
    )
    if old is None:
        yield line
        return
    for name in _COMPARED:
        before, after = getattr(old, name), getattr(new, name)
        if after not in (None, "", {}) and after != before:
            yield replace(
                line,
                fate=Fate.CHANGED,
                field=name,
                heading=_HEADING[name],
                old=_text(before),
                new=_text(after),
                waits=True,
                together=f"{whose.id} {new.year}",
                key=line_key("assessment", whose.id, new.year, name, before, after),
            )


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return "，".join(f"{heading} {text}" for heading, text in value.items())
    return "" if value is None else str(value)


def _rows(table: SourceTable, left: LeftOut) -> Iterator[ReadRow]:
    def read(name: str, cell: Cell) -> object:
        return (
            _read(name, cell)
            if name in ("year", "score")
            else read_cell(COLUMNS[name], cell, date1904=table.grid.date1904)
        )

    merges = TallMerges(table.grid.merges)
    for index in record_rows(table, left):
        cells = {name: cell for name, cell in row_cells(table, index, merges, {}).items() if cell is not None}
        if "childcare" in cells:
            yield read_row(table, index, cells, COLUMNS, read, may_look_like_ids=("code",))


def _read(name: str, cell: Cell) -> object:
    text = written(cell).strip()
    if name == "year":
        found = re.fullmatch(r"(20\d\d)(?:年度?)?(?:\.0)?", text)
        if text and not found:
            raise CellFault("value-unreadable", f"“{text[:20]}”不是年度，请写成 2026")
        return int(found[1]) if found else None
    found = _SCORE.fullmatch(text)
    if text and (not found or float(found[1]) > _MOST):
        raise CellFault("value-unreadable", f"“{text[:20]}”不是得分，请写成 92.5 的样子，最高 {_MOST}")
    return float(found[1]) if found else None
