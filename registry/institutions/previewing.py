"""What the rows of a roster would overwrite, cell by cell: who set what stands there, and what a person decides first.

Written at once: new institutions, and cells of which the registry knows nothing. All else waits. Where one name stands
with two codes, or one code with two names, the whole row is decided together; so is 备案 with its day and number.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from yiyu.registry.institutions.columns import COLUMNS, TO_FILL
from yiyu.registry.institutions.comparing import cell_text
from yiyu.registry.institutions.lookup import Directory
from yiyu.registry.institutions.roster import RosterRow
from yiyu.registry.model import Institution
from yiyu.registry.rules.institution_history import Origin
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.former_values import former_values
from yiyu.registry.store.institutions import provenance
from yiyu.registry.workbooks.previews import Fate, Leave, PreviewLine, line_key
from yiyu.registry.workbooks.text import column_letter, comparison_key

_UNKNOWN = Origin(file="不详")
_FILING = frozenset({"filed", "filed_on", "filing_no"})
_RETURNING = frozenset({"enrolled"})
"""Counts that go up and down: that one of them was so before says nothing."""
_PARTIAL = ("待改正", TO_FILL)
"""In the title of a workbook that lists only what is to be mended."""


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of a roster and what it says otherwise than ``old``.

    ``ours``: of a roster this registry wrote, so that whoever changed a cell saw what stood there. ``namesake``: found
    by name, its code is another.
    """

    row: RosterRow
    old: Institution
    new: Mapping[str, Any]
    ours: bool = False
    namesake: bool = False


class Namesakes:
    """Finds, for a row that no code and no name leads to, the institution of its name with another code."""

    def __init__(self, institutions: Directory) -> None:
        self._known = {_called(one): one for one in institutions.all if one.code}

    def of(self, wanted: Institution) -> Institution | None:
        """The one of the same kind, 旗区, branch and name whose code differs."""
        found = self._known.get(_called(wanted)) if wanted.code else None
        return found if found and found.code != wanted.code else None


def _called(one: Institution) -> tuple[str, ...]:
    return one.kind, one.district, one.branch, comparison_key(one.name)


def lines_of(office: OfficeSession, changes: Sequence[RowChange]) -> list[list[PreviewLine]]:
    """The lines of each change, as the registry stands, before anybody has decided; call before anything is written."""
    ids = {change.old.id for change in changes}
    origins, former = provenance(office.db, ids), former_values(office.db, ids)
    return [_lines(change, _Known(change.old.id, origins[change.old.id], former)) for change in changes]


def decided(changes: Sequence[RowChange], lines: Sequence[Sequence[PreviewLine]], leave: Leave) -> Iterator[RowChange]:
    """The changes with those fields only that may be written; a change of which nothing is left is none."""
    for change, told in zip(changes, marked(lines, leave), strict=True):
        taken = {line.field for line in told if line.taken}
        new = {field: value for field, value in change.new.items() if field in taken}
        if new:
            yield replace(change, new=new)


def marked(lines: Sequence[Sequence[PreviewLine]], leave: Leave) -> list[list[PreviewLine]]:
    """The same lines, each with whether it is written."""
    return [[replace(line, taken=one) for line, one in zip(told, _taken(told, leave), strict=True)] for told in lines]


def _taken(told: Sequence[PreviewLine], leave: Leave) -> list[bool]:
    groups: dict[str, list[PreviewLine]] = {}
    for line in told:
        groups.setdefault(line.together, []).append(line)
    return [not line.waits or leave.allows(groups[line.together]) for line in told]


@dataclass(frozen=True, slots=True)
class _Known:
    """What the registry remembers of one institution's values."""

    id: int
    origins: Mapping[str, Origin]
    former: Mapping[tuple[int, str], set[str]]

    def origin(self, field: str) -> Origin:
        return self.origins.get(field, _UNKNOWN)

    def undone(self, field: str, old: object, new: object) -> bool:
        """Whether to write ``new`` would put back what was, or what a person typed."""
        former = self.former.get((self.id, field), set())
        said = str(int(new)) if isinstance(new, bool) else str(new)
        if said in former and field not in _RETURNING:
            return True
        return self.origin(field).by_person and (old not in ("", None) or bool(former))


def _lines(change: RowChange, known: _Known) -> list[PreviewLine]:
    fates = {field: _fate(change, known, field, value) for field, value in change.new.items()}
    doubtful = change.namesake or Fate.SAME_CODE in fates.values()
    filing = "filed" in fates or any(fates[field] is not Fate.FILLED for field in _FILING & fates.keys())
    lines = []
    for field, value in change.new.items():
        row, old = change.row, change.old
        texts = cell_text(field, getattr(old, field)), cell_text(field, value)
        key = line_key(old.id, field, *texts)
        group = key
        if doubtful:
            group = line_key(row.sheet, row.row)
        elif filing and field in _FILING:
            group = line_key(row.sheet, row.row, "filed")
        origin = known.origin(field)
        line = PreviewLine(
            fates[field],
            row.sheet,
            row.row,
            _letter(row, field),
            old.id,
            old.name,
            old.code,
            field,
            COLUMNS[field].heading,
            *texts,
            f"{origin.text}（{origin.actor}）" if origin.by_person and origin.actor else origin.text,
            origin.recorded_at,
            _note(change, fates[field]),
            waits=group != key or fates[field] is not Fate.FILLED,
            together=group,
            key=key,
        )
        lines.append(line)
    return lines


def _fate(change: RowChange, known: _Known, field: str, value: object) -> Fate:
    old = getattr(change.old, field)
    blank = old in ("", None)
    if change.ours:
        return Fate.FILLED if blank else Fate.CHANGED
    if known.undone(field, old, value):
        return Fate.UNDOES_EDIT
    if blank:
        return Fate.FILLED
    if field == "code" and change.namesake:
        return Fate.SAME_NAME
    return Fate.SAME_CODE if field == "name" and change.old.code else Fate.CHANGED


def _note(change: RowChange, fate: Fate) -> str:
    one, other = change.old, change.row.institution
    if fate is Fate.SAME_NAME:
        return f"登记库中“{one.name}”的代码是 {one.code}，表中是 {other.code}；若是另一家请用 institution add 录入"
    if fate is Fate.SAME_CODE:
        return f"代码 {one.code} 在登记库中是“{one.name}”，表中是“{other.name}”；更名请采用，否则请核对代码"
    if fate is Fate.UNDOES_EDIT:
        return "表中是以前的值，或现在的值是手工改的"
    return ""


def _letter(row: RosterRow, field: str) -> str:
    column = row.read.table.columns.get(field)
    return "" if column is None else column_letter(column)


def new_line(row: RosterRow) -> PreviewLine:
    """The line of an institution that is entered."""
    one = row.institution
    return PreviewLine(Fate.NEW, row.sheet, row.row, name=one.name, code=one.code, taken=True)


def missing_lines(
    institutions: Directory, rows: Iterable[RosterRow], seen: set[int], told: set[str]
) -> list[PreviewLine]:
    """Open institutions of the kinds and 旗区 of the file that it does not list. They are only told.

    ``seen``: ids that a row led to; ``told``: names and codes, folded, of rows that were not taken. A workbook of what
    is to be mended lists only that, and says nothing of the rest.
    """
    whole = [row for row in rows if not any(word in title for title in row.read.table.titles for word in _PARTIAL)]
    listed = {(row.institution.kind, row.institution.district) for row in whole}
    return [
        PreviewLine(Fate.MISSING, id=one.id, name=one.name, code=one.code)
        for one in institutions.all
        if (one.kind, one.district) in listed
        and one.id not in seen
        and one.closed_on is None
        and not {comparison_key(one.name), comparison_key(one.code)} & told
    ]
