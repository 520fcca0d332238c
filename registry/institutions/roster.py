"""A roster of institutions as read from a file: what can be taken, what cannot, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from yiyu.registry.errors import BadInput
from yiyu.registry.files import file_name
from yiyu.registry.institutions.branches import branch_part, name_branches, set_branch
from yiyu.registry.institutions.columns import EXPORTED, institution_headings
from yiyu.registry.institutions.exported import Exported, read_mark
from yiyu.registry.institutions.kinds import kinds_of, without_other_names
from yiyu.registry.institutions.known_layouts import AUTO, NONE
from yiyu.registry.institutions.layout_tables import RosterTables
from yiyu.registry.institutions.rows import institution, read_rows
from yiyu.registry.model import KIND_LABEL, Institution, Kind, Problem, Severity
from yiyu.registry.workbooks.books import open_book, unread_columns
from yiyu.registry.workbooks.cells import CellFault
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.layout import SourceTable, headings_seen
from yiyu.registry.workbooks.loading import load_grids
from yiyu.registry.workbooks.records import LeftRow
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
        return rejected_row(self.read, texts, title=roster_title(self.institution.kind))


@dataclass(frozen=True, slots=True)
class Roster:
    """``total_rows`` = ``rows`` + ``rejected`` + rows that repeat an earlier one (problem ``duplicate``, a warning)."""

    kinds: frozenset[Kind]
    file: str
    rows: tuple[RosterRow, ...]
    total_rows: int
    problems: tuple[Problem, ...]
    rejected: tuple[RejectedRow, ...]
    unread: tuple[str, ...] = ()
    """Sheets without a table and headings nobody knows, in words, so that nothing is dropped in silence."""
    skipped: tuple[LeftRow, ...] = ()
    """Rows that are no institution: totals, signatures, samples, repeated headings."""
    waiting: tuple[LeftRow, ...] = ()
    """Rows and sheets that a reader does not see, which wait for ``--accept``."""
    notes: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """The kind of all tables, 托育机构 where the file holds both."""
        return min(self.kinds, key=list(Kind).index) if len(self.kinds) == 1 else Kind.CHILDCARE


def read_roster(
    path: Path,
    *,
    kind: Kind | None = None,
    sheet: str | None = None,
    aliases: Mapping[str, Sequence[str]] | None = None,
    named: Mapping[str, Sequence[str]] | None = None,
    accept: Collection[str] = (),
    layout: str = AUTO,
) -> Roster:
    """Read a workbook or CSV; each table says which kind it lists. ``aliases``: more headings by field name.

    ``named``: more of them, which go first and must stand in the file. ``accept``: what of the file is read though a
    reader does not see it (:data:`HIDDEN`). ``layout``: the known export it is; ``auto`` tells, unless headings are
    ``named``, and ``none`` reads by headings alone. Raises NotFound for a layout nobody has, FileFault for a file that cannot be read and BadInput where it holds
    no roster, or no such heading, a kind cannot be told (then ``kind`` decides), all of it is surely the other one, or a
    column announces children's data. Faults of rows are ``problems``, never exceptions.
    """
    aliases, named = aliases or {}, named or {}
    headings = institution_headings(
        {**aliases, **{name: (*words, *aliases.get(name, ())) for name, words in named.items()}}
    )
    if named and layout not in (AUTO, NONE):
        raise BadInput("按表样读时不能另指列名", remedy=f"请去掉 --heading，或改用 --layout {NONE}")
    tables_of = RosterTables(headings, aliases, NONE if named else layout, path)
    book = open_book(path, tables_of.readable, tables_of, sheet=sheet, accept=accept, own=(EXPORTED,))
    tables_of.refuse_unfound()
    if not book.tables and not book.left.waiting:
        seen = headings_seen(book.grids or load_grids(path, headings, sheet=sheet), headings)
        raise BadInput(
            "没有找到名册的表头" + (f"，只看到：{seen}" if seen else ""),
            where=str(path),
            remedy="表头至少要有“机构名称”和另一列（如“统一社会信用代码”）；"
            "别的叫法请用 --heading 指明一次，如 --heading 园所全称=机构名称，以后就认得",
        )
    _refuse_missing(named, book.tables, path)
    notes = [*book.notes]
    kinds = kinds_of(book.tables, kind, path, notes)
    tables = [without_other_names(table, one) for table, one in zip(book.tables, kinds, strict=True)]
    gathering = _Gathering()
    gathering.take([*read_rows(zip(tables, kinds, strict=True), book.left)])
    return Roster(
        frozenset(kinds),
        file_name(path),
        tuple(gathering.rows),
        gathering.total,
        tuple(gathering.problems),
        tuple(gathering.rejected),
        (*book.unread, *dict.fromkeys(text for table in tables for text in unread_columns(table))),
        tuple(book.left.skipped),
        tuple(book.left.waiting),
        tuple(notes),
    )


def _refuse_missing(named: Mapping[str, Sequence[str]], tables: Sequence[SourceTable], path: Path) -> None:
    labels = [*dict.fromkeys(label for table in tables for label in table.headings.values())]
    for heading in chain.from_iterable(named.values()):
        own = Headings({"": [heading]})
        if not any(own.recognise(label.split("/")) for label in labels):
            raise BadInput(
                f"文件中没有“{heading}”这一列，没有导入，也没有记住",
                where=str(path),
                remedy=f"请照抄文件里的列名：{'、'.join(labels)}",
            )


class _Gathering:
    """Sorts rows into taken, rejected and repeated; a row set aside counts when its neighbours are judged."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, ...], RosterRow | ReadRow] = {}
        self.total = 0
        self.rows: list[RosterRow] = []
        self.rejected: list[RejectedRow] = []
        self.problems: list[Problem] = []
        self.given: dict[frozenset[str], frozenset[str]] = {}
        """The same fields are given in most rows: kept once."""

    def take(self, rows: Sequence[tuple[Kind, ReadRow]]) -> None:
        """Take all rows of a file."""
        name_branches([read for _, read in rows])
        for kind, read in rows:
            self._take(kind, read)

    def _take(self, kind: Kind, read: ReadRow) -> None:
        self.total += 1
        exported = _exported(read)
        earlier = self.seen.get(_key(read), read)
        if read.rejected:
            self.seen.setdefault(_key(read), read)
        elif isinstance(earlier, RosterRow) or not _same_name(earlier, read):
            _note_repeated(read, earlier if isinstance(earlier, ReadRow) else earlier.read)
        else:
            one = institution(kind, read.values)
            given = frozenset(read.given)
            read.given.clear()  # of 100,000 rows it takes more room than what they say
            row = RosterRow(read.table.grid.sheet, read.row, one, self.given.setdefault(given, given), exported, read)
            self.seen[_key(read)] = row
            self.rows.append(row)
        self.problems += read.problems
        if read.rejected:
            self.rejected.append(rejected_row(read, title=roster_title(kind)))


def as_branch(row: RosterRow, known: Institution | None) -> RosterRow:
    """The row of a branch that its file does not show to be one, told by the main site ``known`` to the registry."""
    part = branch_part(row.institution.name, known.name) if known and not row.institution.branch else ""
    if not part or row.exported is not None:
        return row
    set_branch(row.read, part)
    return replace(row, institution=replace(row.institution, branch=part), given=row.given | {"branch"})


def roster_title(kind: Kind) -> str:
    """The title of a sheet of one kind, by which it is told again."""
    return f"{KIND_LABEL[kind]}名册"


def _exported(read: ReadRow) -> Exported | None:
    try:
        return read_mark(read.texts.get(EXPORTED, ""))
    except CellFault as fault:
        read.note(EXPORTED, Severity.ERROR, fault.code, str(fault))
        return None


def _key(read: ReadRow) -> tuple[str, ...]:
    """One institution: same code and branch (domain.md#trap-branches); without a code same name, branch and 旗区."""
    code, name, branch, district = (str(read.values.get(key) or "") for key in ("code", "name", "branch", "district"))
    if code:
        return code, branch
    return ("", comparison_key(name), branch, district) if name else ("", str(id(read)))


def _same_name(one: ReadRow, other: ReadRow) -> bool:
    return comparison_key(str(one.values.get("name", ""))) == comparison_key(str(other.values.get("name", "")))


def _note_repeated(read: ReadRow, earlier: ReadRow) -> None:
    """A second row of the same institution adds nothing; one of another name may be a branch and must not be lost."""
    sheet = earlier.table.grid.sheet
    where = f"{f'工作表“{sheet}”' if sheet not in ('', read.table.grid.sheet) else ''}第{earlier.row}行"
    if _same_name(read, earlier):
        read.note("code", Severity.WARNING, "duplicate", f"与{where}是同一家机构，本行未重复导入")
    else:
        message = f"与{where}信用代码相同而名称不同；如是分园（院区），请在“分支名称”列写明，否则请核对代码"
        read.note("code", Severity.ERROR, "duplicate", message)
