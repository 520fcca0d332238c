"""A roster of institutions as read from a file: what can be taken, what cannot, and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from yiyu.registry.errors import BadInput
from yiyu.registry.files import file_name
from yiyu.registry.institutions.columns import EXPORTED, contradicts, institution_headings, tell_kind
from yiyu.registry.institutions.exported import Exported, read_mark
from yiyu.registry.institutions.rows import institution, read_rows
from yiyu.registry.model import KIND_LABEL, Institution, Kind, Problem, Severity
from yiyu.registry.workbooks.cells import CellFault
from yiyu.registry.workbooks.grid import Grid
from yiyu.registry.workbooks.layout import SourceTable, find_tables
from yiyu.registry.workbooks.loading import load_grids
from yiyu.registry.workbooks.rows import ReadRow, RejectedRow, rejected_row
from yiyu.registry.workbooks.text import comparison_key


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A row to import. ``given``: the fields the file speaks of; it has no say in the others.

    ``exported``: what it said when we wrote it, else None. ``read``: where faults found later are noted.
    """

    sheet: str
    row: int
    institution: Institution
    given: frozenset[str]
    exported: Exported | None
    read: ReadRow = field(repr=False)

    def rejected(self, texts: Mapping[str, str]) -> RejectedRow:
        """The row, given back for the faults noted on it, with other ``texts``."""
        return rejected_row(self.read, texts)


@dataclass(frozen=True, slots=True)
class Roster:
    """``total_rows`` = ``rows`` + ``rejected`` + rows that repeat an earlier one (problem ``duplicate``, a warning)."""

    kind: Kind
    file: str
    rows: tuple[RosterRow, ...]
    total_rows: int
    problems: tuple[Problem, ...]
    rejected: tuple[RejectedRow, ...]
    unread: tuple[str, ...] = ()
    """Sheets without a table and headings nobody knows, in words, so that nothing is dropped in silence."""


def read_roster(
    path: Path,
    *,
    kind: Kind | None = None,
    sheet: str | None = None,
    aliases: Mapping[str, Sequence[str]] | None = None,
) -> Roster:
    """Read xlsx or CSV. ``aliases``: more headings by field name, as in yiyu.toml.

    Raises FileFault for a file that cannot be read; BadInput where it holds no roster, where its kind cannot be told
    (pass ``kind``) or is surely the other one, and where a column announces children's data. Faults of rows are
    ``problems``, never exceptions.
    """
    headings = institution_headings(aliases)
    grids = load_grids(path, headings, sheet=sheet)
    tables = [table for grid in grids for table in find_tables(grid, headings, required=("name",))]
    if not tables:
        raise BadInput(
            "没有找到名册的表头",
            where=str(path),
            remedy="表头至少要有“机构名称”和另一列（如“统一社会信用代码”）；别的叫法可写进 yiyu.toml 的 aliases",
        )
    columns = {text for table in tables for text in table.headings.values()}
    kind = kind or tell_kind(columns, {title for table in tables for title in table.titles})
    if kind is None:
        raise BadInput(
            "看不出这是托育机构还是医疗卫生机构的名册",
            where=str(path),
            remedy="请加 --kind childcare 或 --kind medical",
        )
    if contradicts(kind, columns):
        raise BadInput(
            f"从表头看这不是{KIND_LABEL[kind]}名册", where=str(path), remedy="请核对文件，或改正 --kind 后再试"
        )
    gathering = _Gathering(kind)
    for table in tables:
        for row in read_rows(table, kind):
            gathering.take(row)
    return Roster(
        kind,
        file_name(path),
        tuple(gathering.rows),
        gathering.total,
        tuple(gathering.problems),
        tuple(gathering.rejected),
        tuple(_unread(grids, tables)),
    )


class _Gathering:
    """Sorts rows into taken, rejected and repeated."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.seen: dict[tuple[str, ...], RosterRow] = {}
        self.total = 0
        self.rows: list[RosterRow] = []
        self.rejected: list[RejectedRow] = []
        self.problems: list[Problem] = []

    def take(self, read: ReadRow) -> None:
        self.total += 1
        exported = _exported(read)
        if not read.rejected:
            record = institution(self.kind, read.values)
            row = RosterRow(read.table.grid.sheet, read.row, record, frozenset(read.given), exported, read)
            earlier = self.seen.setdefault(_key(row.institution), row)
            if earlier is row:
                self.rows.append(row)
            else:
                _note_repeated(read, row, earlier)
        self.problems += read.problems
        if read.rejected:
            self.rejected.append(rejected_row(read))


def _exported(read: ReadRow) -> Exported | None:
    try:
        return read_mark(read.texts.get(EXPORTED, ""))
    except CellFault as fault:
        read.note(EXPORTED, Severity.ERROR, fault.code, str(fault))
        return None


def _key(institution: Institution) -> tuple[str, ...]:
    """One institution: same code and branch (domain.md#trap-branches); without a code same name, branch and 旗区."""
    if institution.code:
        return institution.code, institution.branch
    return "", comparison_key(institution.name), institution.branch, institution.district


def _note_repeated(read: ReadRow, row: RosterRow, earlier: RosterRow) -> None:
    """A second row of the same institution adds nothing; one of another name may be a branch and must not be lost."""
    where = f"{f'工作表“{earlier.sheet}”' if earlier.sheet not in ('', row.sheet) else ''}第{earlier.row}行"
    if comparison_key(row.institution.name) == comparison_key(earlier.institution.name):
        read.note("code", Severity.WARNING, "duplicate", f"与{where}是同一家机构，本行未重复导入")
    else:
        message = f"与{where}信用代码相同而名称不同；如是分园（院区），请在“分支名称”列写明，否则请核对代码"
        read.note("code", Severity.ERROR, "duplicate", message)


def _unread(grids: Sequence[Grid], tables: Sequence[SourceTable]) -> Iterator[str]:
    with_table = {table.grid.sheet for table in tables}
    yield from (f"工作表“{grid.sheet}”" for grid in grids if grid.rows and grid.sheet not in with_table)
    yield from dict.fromkeys(f"列“{text}”" for table in tables for text in table.unread)
