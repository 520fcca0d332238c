"""What kind of workbook a file is, told by the headings it has: 名册, 签约台账, 活动登记册, and others a caller knows of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from yiyu.registry.activities.register_columns import COLUMNS as REGISTER
from yiyu.registry.agreements.ledger.columns import COLUMNS as LEDGER
from yiyu.registry.errors import BadInput
from yiyu.registry.institutions.columns import institution_headings
from yiyu.registry.institutions.known_layouts import AUTO
from yiyu.registry.institutions.layout_tables import RosterTables
from yiyu.registry.workbooks.columns import Column
from yiyu.registry.workbooks.grid import Grid
from yiyu.registry.workbooks.headings import Headings
from yiyu.registry.workbooks.layout import SourceTable, find_tables, likely_headings
from yiyu.registry.workbooks.loading import load_grids

Form = tuple[Mapping[str, Column], Sequence[str]]
"""The columns of a kind of workbook, and the fields it cannot be without."""


@dataclass(frozen=True, slots=True)
class ToldWorkbook:
    """``subject``: ``roster``, ``ledger``, ``register`` or of a caller's forms, "" where no heading tells; ``unknown``: headings that no roster field has."""

    subject: str
    unknown: tuple[str, ...]


def tell_workbook(
    path: Path, aliases: Mapping[str, Sequence[str]], others: Mapping[str, Form], *, layout: str = AUTO
) -> ToldWorkbook:
    """Look at the headings of a file: the subject that knows most of them is meant, the roster first; a known export is one.

    ``aliases``: the office's own words for a roster's columns; ``others``: further forms by their subject; ``layout``: as an import
    of a roster takes it. Raises FileFault for a file that cannot be read, NotFound for a layout nobody has.
    """
    roster = institution_headings(aliases)
    forms = {"ledger": (LEDGER, ("medical", "childcare")), "register": (REGISTER, ("on",)), **others}
    exports = RosterTables(roster, aliases, layout, path)
    grids = load_grids(path, exports.readable)
    if any(map(exports.is_known, grids)):
        return ToldWorkbook("roster", ())
    found = {"roster": _tables(grids, roster, ("name",))}
    for subject, (columns, needed) in forms.items():
        found[subject] = _tables(grids, Headings({name: one.headings for name, one in columns.items()}), needed)
    known = {subject: sum(len(table.columns) for table in those) for subject, those in found.items()}
    most = max(known, key=known.__getitem__)
    free = [text for table in found["roster"] for text in table.free.values()]
    free = free or ([] if found["roster"] else [text for grid in grids for text in likely_headings(grid, roster)])
    return ToldWorkbook(most if known[most] else "", tuple(dict.fromkeys(free)))


def _tables(grids: Sequence[Grid], headings: Headings, required: Sequence[str]) -> list[SourceTable]:
    try:
        return [table for grid in grids for table in find_tables(grid, headings, required=required)]
    except BadInput:  # of children: the import says so
        return []
