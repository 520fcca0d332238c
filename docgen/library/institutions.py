"""Institutions, and the imports of every subject."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict, Unpack

from yiyu.docgen.library.action import Group, action, filtered
from yiyu.registry.imports.undoing import list_imports, undo_import
from yiyu.registry.institutions.duplicates import duplicates, merge, unmerge
from yiyu.registry.institutions.editing import (
    EditedInstitution,
    InstitutionFilter,
    edit_institution,
    export_institutions,
    list_institutions,
    new_institution,
    show_institution,
)
from yiyu.registry.institutions.gaps import Gap, write_gaps
from yiyu.registry.institutions.gaps import gaps as find_gaps
from yiyu.registry.institutions.histories import institution_history
from yiyu.registry.institutions.importing import import_roster
from yiyu.registry.institutions.known_layouts import Layout, known_layouts
from yiyu.registry.institutions.options import given_values
from yiyu.registry.model import Institution, Kind
from yiyu.registry.reports.people import erase
from yiyu.registry.session import OfficeSession


class InstitutionFacts(TypedDict, total=False):
    """What a person may set of an institution beside name and 旗区; see :class:`yiyu.Institution`."""

    code: str
    branch: str
    category: str
    nature: str
    town: str
    address: str
    legal_person: str
    contact: str
    phone: str
    grade: str
    filed: bool
    filed_on: dt.date
    filing_no: str
    inclusive: bool
    places: int
    enrolled: int
    staff: int
    health_workers: int
    closed_on: dt.date
    remark: str


class ChangedFacts(InstitutionFacts, total=False):
    """The same, name and 旗区 as well."""

    name: str
    district: str


def add(
    office: OfficeSession,
    kind: Kind,
    name: str,
    district: str,
    *,
    dry_run: bool = False,
    **facts: Unpack[InstitutionFacts],
) -> Institution:
    """Enter one institution; gives it with its id. ``district``: name or code.

    Raises BadInput for one that is there already and for a value that cannot be used.
    """
    values = given_values({"name": name, "district": district, **facts}, required=("name", "district"), called=str)
    return new_institution(office, Institution(kind=kind, **values), dry_run=dry_run)


def edit(
    office: OfficeSession,
    text: str | int,
    *,
    from_day: dt.date | None = None,
    correct: bool = False,
    clear: Sequence[str] = (),
    dry_run: bool = False,
    **facts: Unpack[ChangedFacts],
) -> EditedInstitution:
    """Change facts of the institution of that name, code or id from ``from_day`` (None: the day of the office) on.

    ``correct``: they were wrong all along. ``clear``: names of facts that become blank. What was printed stays as it is.
    Raises NotFound, and BadInput for nothing to change, a value that cannot be used, or a code that another one has.
    """
    values = given_values(facts, clear=tuple(clear), called=str)
    return edit_institution(office, text, values, from_day=from_day, correct=correct, dry_run=dry_run)


def gaps(office: OfficeSession, *, kind: Kind | None = None, district: str = "", xlsx: Path | None = None) -> list[Gap]:
    """Institutions that lack something, each with what; ``xlsx``: a workbook to fill in and import."""
    found = find_gaps(office, InstitutionFilter(kind=kind, district=district))
    if xlsx is not None:
        write_gaps(office, xlsx, found)
    return found


def layouts(_office: OfficeSession) -> list[Layout]:
    """The known exports of 托育 systems, ours and those of plugins, each with its columns and where they are known from."""
    return [*known_layouts().values()]


class Institutions(Group):
    """Institutions: rosters in and out, looked up, changed, put together."""

    command = "institution"

    import_ = action(import_roster, reads=("path",), writes=("problems", "preview"))
    layouts = action(layouts)
    list = action(filtered(list_institutions, InstitutionFilter))
    show = action(show_institution)
    add = action(add)
    edit = action(edit)
    export = action(export_institutions, writes=("path",))
    history = action(institution_history)
    duplicates = action(duplicates)
    merge = action(merge)
    unmerge = action(unmerge)
    gaps = action(gaps, writes=("xlsx",))
    erase_contact = action(erase)


class Imports(Group):
    """Imports of every subject: listed, taken back."""

    command = "import"

    list = action(list_imports)
    undo = action(undo_import)
