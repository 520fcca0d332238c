"""Roster in: compare with what is known, add and change; rows with an error go to a workbook to be corrected."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from yiyu.registry.config import CONFIG_NAME
from yiyu.registry.files import read_bytes, sha256
from yiyu.registry.institutions.columns import COLUMNS
from yiyu.registry.institutions.comparing import compare, differences
from yiyu.registry.institutions.known_layouts import AUTO
from yiyu.registry.institutions.live_agreements import told_left_behind
from yiyu.registry.institutions.lookup import Directory, directory, within_scope
from yiyu.registry.institutions.parking import park_cells, settle_cells
from yiyu.registry.institutions.previewing import (
    Namesakes,
    RowChange,
    decided,
    lines_of,
    marked,
    missing_lines,
    new_line,
)
from yiyu.registry.institutions.roster import Roster, RosterRow, as_branch, read_roster
from yiyu.registry.institutions.roster_writing import write_problems
from yiyu.registry.model import Kind, Problem, Severity
from yiyu.registry.office.settings import remember_headings
from yiyu.registry.rules.institution_history import Origin
from yiyu.registry.session import OfficeSession, Progress, unwatched, watched
from yiyu.registry.store.events import add_event
from yiyu.registry.store.imports import add_import
from yiyu.registry.store.institution_changes import add_institutions, change_of, write_changes
from yiyu.registry.store.opening import changing, registry_mark
from yiyu.registry.workbooks.cells import left_blank
from yiyu.registry.workbooks.previews import NO_LEAVE, Leave, Preview, PreviewLine, sealed, write_preview
from yiyu.registry.workbooks.problems import problems_path
from yiyu.registry.workbooks.records import LeftRow
from yiyu.registry.workbooks.text import comparison_key
from yiyu.registry.workbooks.told_lines import told_lines


@dataclass(frozen=True, slots=True)
class Change:
    """One field of one known institution that the roster gives anew."""

    name: str
    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Counts of rows; ``problems_file`` is the workbook of rejected rows, or None."""

    file: str
    rows: int
    added: int
    changed: int
    unchanged: int
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    problems_file: Path | None
    unread: tuple[str, ...]
    """Sheets and columns nobody knows, in words."""
    skipped: tuple[LeftRow, ...]
    waiting: tuple[LeftRow, ...]
    """Rows and sheets that a reader does not see."""
    notes: tuple[str, ...]
    preview: Preview

    @property
    def left_out(self) -> list[object]:
        """What was not written though it stands in the file: rows with an error, parked cells, what waits for a person."""
        left = [one for one in self.problems if one.severity is Severity.ERROR or left_blank(one)]
        return [*left, *self.waiting, *self.preview.waiting]


def import_roster(
    office: OfficeSession,
    path: Path,
    *,
    kind: Kind | None = None,
    sheet: str | None = None,
    problems: Path | None = None,
    accept: Collection[str] = (),
    headings: Mapping[str, tuple[str, ...]] | None = None,
    layout: str = AUTO,
    leave: Leave = NO_LEAVE,
    preview: Path | None = None,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> ImportResult:
    """Read ``path`` and bring the registry up to it; the same file twice changes nothing.

    New institutions and what the registry knew nothing of are written; what overwrites, renames or undoes waits unless
    ``leave`` allows it, and is listed in ``preview``. A blank cell never erases a value. In a roster we exported, a cell
    nobody changed never undoes what a colleague changed since (see :mod:`yiyu.registry.institutions.comparing`).
    Raises BadInput or FileFault when the file as a whole cannot be read, or ``leave`` is of another file or state.
    ``headings``: more of them by field, each of which the file must have, remembered in ``yiyu.toml`` once the import is
    done; BadInput before it begins where they cannot be. ``layout``: see :func:`read_roster`. ``progress`` counts rows compared. ``problems``: where the
    workbook of rejected rows goes, in a dry run too. Rows outside a limited session's 旗区 are rejected.
    """
    file = read_bytes(path)
    learnt = remember_headings(office.workspace, headings or {}, dry_run=True)
    aliases = office.workspace.config.aliases
    roster = read_roster(path, kind=kind, sheet=sheet, aliases=aliases, named=headings, accept=accept, layout=layout)
    with changing(office.db, dry_run=dry_run):
        found = _compare(office, roster, progress)
        lines = lines_of(office, found.changes)
        sealed_as = sealed(file, registry_mark(office.db), chain.from_iterable(lines))
        told = (*chain.from_iterable(marked(lines, leave)), *found.other_lines(roster))
        shown = Preview(told, sealed_as)
        leave.check(shown)
        changes = list(decided(found.changes, lines, leave))
        counts = {"added": len(found.added), "changed": len(changes), "unchanged": found.unchanged}
        counts |= {"rows": roster.total_rows, "problems": len(found.rejected)}
        behind = [*told_left_behind(office, ((one.old, one.new) for one in changes))]
        entered = _write(office, roster, sha256(file), found.added, changes, counts)
        park_cells(office, roster.file, [*zip(found.added, entered, strict=True), *found.known])
        if learnt:
            _tell_headings(office, learnt)
    if preview is not None:
        write_preview(preview, f"{roster.file} 导入预览", shown)
    roster = replace(roster, rejected=tuple(found.rejected), problems=tuple(found.problems))
    notes = (*roster.notes, *behind)
    if learnt and not dry_run:
        remember_headings(office.workspace, headings or {})
        notes += (f"列名“{'、'.join(learnt)}”已记在 {CONFIG_NAME}，以后就认得",)
    target = (
        None
        if not roster.rejected or (dry_run and problems is None)
        else _problems_file(office, roster, path, problems)
    )
    return ImportResult(
        roster.file,
        roster.total_rows,
        len(found.added),
        len(changes),
        found.unchanged,
        tuple(_changes(changes)),
        roster.problems,
        target,
        (*roster.unread, *found.merged),
        roster.skipped,
        roster.waiting,
        notes,
        shown,
    )


def _tell_headings(office: OfficeSession, learnt: list[str]) -> None:
    """A setting that the program changes is an event like what people change."""
    data = {"setting": "aliases", "added": learnt}
    note = f"记住列名：{'、'.join(learnt)}"
    now, actor = office.now, office.actor
    add_event(office.db, None, "setting_changed", on=office.today, recorded_at=now, actor=actor, note=note, data=data)


class _Compared:
    """The rows of a roster beside the registry, as far as nothing is decided."""

    def __init__(self, roster: Roster, institutions: Directory) -> None:
        self.institutions = institutions
        self.rejected, self.problems = list(roster.rejected), list(roster.problems)
        self.added: list[RosterRow] = []
        self.changes: list[RowChange] = []
        self.known: list[tuple[RosterRow, int]] = []
        """Rows of institutions that the registry had, with their ids."""
        self.merged: list[str] = []
        self.own: list[RosterRow] = []
        """Rows that do not speak of another 旗区 than the session may write to."""
        self.seen: set[int] = set()
        """Institutions that a row led to."""
        self.unchanged = 0

    def other_lines(self, roster: Roster) -> list[PreviewLine]:
        """What the preview tells besides what waits."""
        told = {comparison_key(row.texts.get(name, "")) for row in self.rejected for name in ("name", "code")} - {""}
        names = {(row.sheet, row.row): row.institution.name for row in roster.rows}
        names |= {(row.sheet, row.row): row.texts.get("name", "") for row in self.rejected}
        return [
            *missing_lines(self.institutions, self.own, self.seen, told),
            *told_lines(COLUMNS, self.problems, roster.waiting, roster.skipped, (*roster.unread, *self.merged), names),
            *map(new_line, self.added),
        ]


def _compare(office: OfficeSession, roster: Roster, progress: Progress) -> _Compared:
    institutions, registry = directory(office), registry_mark(office.db)
    found, namesakes = _Compared(roster, institutions), Namesakes(institutions)
    spoken_of = {one.id for row in roster.rows if (one := institutions.found(row.institution))}
    for read in watched(roster.rows, progress):
        row = as_branch(read, institutions.found(read.institution))
        kept = institutions.matching(row.institution)
        if not all(within_scope(office, one) for one in (row.institution, kept) if one):
            row.read.note("district", Severity.ERROR, "district-other", "不是您负责的旗区的机构，没有导入")
            found.problems += [problem for problem in row.read.problems if problem not in found.problems]
            found.rejected.append(row.rejected({}))
            continue
        found.own.append(row)
        if kept is not None and institutions.former(row.institution):
            if kept.id in spoken_of:
                found.merged.append(f"“{row.institution.name}”已并入“{kept.name}”，名册中另有那一行，以那一行为准")
                continue
            spoken_of.add(kept.id)
        compared = compare(institutions, row, registry)
        old, new = compared.old, compared.new
        namesake = namesakes.of(row.institution) if old is None else None
        if spoken := old or namesake:
            found.seen.add(spoken.id)
        if row.read.rejected:
            found.problems += [problem for problem in row.read.problems if problem not in found.problems]
            found.rejected.append(row.rejected(compared.current))
            continue
        if old is not None:
            found.known.append((row, old.id))
        if namesake is not None:
            new = differences(namesake, row.institution, row.given)
            found.changes.append(RowChange(row, namesake, new, namesake=True))
        elif old is None:
            found.added.append(row)
        elif new:
            ours = row.exported is not None and row.exported.registry == registry
            found.changes.append(RowChange(row, old, new, ours=ours))
        else:
            found.unchanged += 1
    return found


def _write(
    office: OfficeSession,
    roster: Roster,
    digest: str,
    added: Sequence[RosterRow],
    changes: Sequence[RowChange],
    counts: Mapping[str, int],
) -> list[int]:
    """The import as one event, and one for each row that says something new; gives the ids of those entered."""
    if not added and not changes:
        return []
    who = {"recorded_at": office.now, "actor": office.actor}
    key = add_import(office.db, "roster", roster.file, digest, counts, on=office.today, **who)

    def origin(row: RosterRow) -> Origin:
        return Origin(roster.file, row.sheet, row.row, **who)

    entered = add_institutions(office.db, ((row.institution, origin(row)) for row in added), import_id=key)
    write_changes(
        office.db,
        (
            change_of(one.old, dict(one.new), from_day=office.today, origin=origin(one.row), import_id=key)
            for one in changes
        ),
    )
    for one in changes:
        settle_cells(office, one.old.id, one.new)
    return entered


def _changes(changes: Sequence[RowChange]) -> Iterator[Change]:
    for one in changes:
        yield from (Change(one.old.name, field, getattr(one.old, field), value) for field, value in one.new.items())


def _problems_file(office: OfficeSession, roster: Roster, source: Path, wanted: Path | None) -> Path:
    """Write the workbook, where wanted or under a name of its own."""
    target = wanted or problems_path(office.workspace.problems, source, office.now)
    write_problems(target, roster)
    return target
