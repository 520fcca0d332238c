"""Roster in: compare with what is known, add and change; rows with an error go to a workbook to be corrected."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from yiyu.registry.config import CONFIG_NAME
from yiyu.registry.institutions.comparing import compare
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.institutions.roster import Roster, as_branch, read_roster
from yiyu.registry.institutions.roster_writing import write_problems
from yiyu.registry.model import Kind, Problem
from yiyu.registry.office.settings import remember_headings
from yiyu.registry.session import OfficeSession, Progress, unwatched, watched
from yiyu.registry.store.institutions import add_institution, change_institution
from yiyu.registry.store.opening import changing, registry_mark
from yiyu.registry.workbooks.problems import problems_path
from yiyu.registry.workbooks.records import LeftRow


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


def import_roster(
    office: OfficeSession,
    path: Path,
    *,
    kind: Kind | None = None,
    sheet: str | None = None,
    problems: Path | None = None,
    accept: Collection[str] = (),
    headings: Mapping[str, tuple[str, ...]] | None = None,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> ImportResult:
    """Read ``path`` and bring the registry up to it; the same file twice changes nothing.

    A blank cell never erases a value. In a roster we exported, a cell nobody changed never undoes what a colleague
    changed since (see :mod:`yiyu.registry.institutions.comparing`). Raises BadInput or FileFault when the file as a
    whole cannot be read. ``progress`` counts rows compared.
    ``headings``: more of them by field, remembered in ``yiyu.toml`` once the import is done.
    """
    aliases = {**office.workspace.config.aliases}
    for field, names in (headings or {}).items():
        aliases[field] = (*names, *aliases.get(field, ()))
    roster = read_roster(path, kind=kind, sheet=sheet, aliases=aliases, accept=accept)
    added, changes, unchanged, changed = 0, [], 0, 0
    merged: list[str] = []
    rejected, noted = list(roster.rejected), list(roster.problems)
    with changing(office.db, dry_run=dry_run):
        institutions, registry = directory(office), registry_mark(office.db)
        for read in watched(roster.rows, progress):
            row = as_branch(read, institutions.matching(read.institution))
            kept = institutions.matching(row.institution)
            if kept is not None and institutions.former(row.institution):
                merged.append(f"“{row.institution.name}”已并入“{kept.name}”，这一行没有读入")
                continue
            compared = compare(institutions, row, registry)
            old, new = compared.old, compared.new
            if row.read.rejected:
                noted += [problem for problem in row.read.problems if problem not in noted]
                rejected.append(row.rejected(compared.current))
                continue
            if old is None:
                add_institution(office.db, row.institution, recorded_at=office.now, source=roster.file)
                added += 1
                continue
            if not new:
                unchanged += 1
                continue
            change_institution(office.db, old, new, from_day=office.today, recorded_at=office.now, source=roster.file)
            changes += [Change(old.name, field, getattr(old, field), value) for field, value in new.items()]
            changed += 1
    roster = replace(roster, rejected=tuple(rejected), problems=tuple(noted))
    notes = roster.notes
    if headings and not dry_run and (learnt := remember_headings(office.workspace, headings)):
        notes += (f"列名“{'、'.join(learnt)}”已记在 {CONFIG_NAME}，以后就认得",)
    target = None if dry_run or not rejected else _problems_file(office, roster, path, problems)
    return ImportResult(
        roster.file,
        roster.total_rows,
        added,
        changed,
        unchanged,
        tuple(changes),
        roster.problems,
        target,
        (*roster.unread, *merged),
        roster.skipped,
        roster.waiting,
        notes,
    )


def _problems_file(office: OfficeSession, roster: Roster, source: Path, wanted: Path | None) -> Path:
    """Write the workbook, where wanted or under a name of its own."""
    target = wanted or problems_path(office.workspace.problems, source, office.now)
    write_problems(target, roster)
    return target
