"""Roster in: compare with what is known, add and change; rows with an error go to a workbook to be corrected."""

from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.actions.lookup import directory
from yiyu.registry.desk import Desk
from yiyu.registry.model import Institution, Kind, Problem
from yiyu.registry.sheets.problems import problems_path, write_problems
from yiyu.registry.sheets.roster import Roster, read_roster
from yiyu.registry.sheets.text import comparison_key
from yiyu.registry.store.institutions import add_institution, change_institution
from yiyu.registry.store.opening import changing


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


def import_roster(
    desk: Desk,
    path: Path,
    *,
    kind: Kind | None = None,
    sheet: str | None = None,
    problems: Path | None = None,
    dry_run: bool = False,
) -> ImportResult:
    """Read ``path`` and bring the registry up to it; the same file twice changes nothing.

    A blank cell never erases what is known. Raises BadInput or FileFault when the file as a whole cannot be read.
    """
    roster = read_roster(path, kind=kind, sheet=sheet, aliases=desk.workspace.config.aliases)
    added, changes, unchanged, changed = 0, [], 0, 0
    merged: list[str] = []
    with changing(desk.db, dry_run=dry_run):
        known = directory(desk)
        for row in roster.rows:
            old = known.matching(row.institution)
            if old is None:
                add_institution(desk.db, row.institution, recorded_at=desk.now, source=roster.file)
                added += 1
                continue
            if known.former(row.institution):
                merged.append(f"“{row.institution.name}”已并入“{old.name}”，这一行没有读入")
                continue
            new = differences(old, row.institution, row.given)
            if not new:
                unchanged += 1
                continue
            change_institution(desk.db, old, new, from_day=desk.today, recorded_at=desk.now, source=roster.file)
            changes += [Change(old.name, field, getattr(old, field), value) for field, value in new.items()]
            changed += 1
    target = None if dry_run or not roster.rejected else _problems_file(desk, roster, path, problems)
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
    )


def differences(old: Institution, new: Institution, given: frozenset[str]) -> dict[str, object]:
    """What ``new`` says otherwise, of the fields its file has a column for. Blanks say nothing."""
    found: dict[str, object] = {}
    for field in sorted(given):
        value = getattr(new, field)
        if value in ("", None) or value == getattr(old, field):
            continue
        if field == "name" and comparison_key(str(value)) == comparison_key(old.name):
            continue  # brackets of another width are the same name
        found[field] = value
    if found.get("filed") is False and old.filed_on is not None:
        found["filed_on"] = None
    return found


def _problems_file(desk: Desk, roster: Roster, source: Path, wanted: Path | None) -> Path:
    """Write the workbook, where wanted or under a name of its own."""
    target = wanted or problems_path(desk.workspace.problems, source, desk.now)
    write_problems(target, roster)
    return target
