"""What the registry does not know of its institutions though documents or figures need it, and what was put aside.

A field is needed for what it is printed in or counted by: see ``_NEEDED``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from yiyu.registry.files import write_atomic
from yiyu.registry.institutions.columns import COLUMNS, TO_FILL
from yiyu.registry.institutions.editing import InstitutionFilter, list_institutions
from yiyu.registry.institutions.exported import COLUMN, export_mark
from yiyu.registry.model import KIND_LABEL, Institution, Kind
from yiyu.registry.rules.districts import district_name
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import registry_mark
from yiyu.registry.store.parked import ParkedCell, parked_cells
from yiyu.registry.workbooks.text import discreet
from yiyu.registry.workbooks.writing import WorksheetPage, WrittenColumn, workbook_bytes, written_column

_BOTH = ("code", "district", "town", "address", "legal_person", "contact", "phone")
"""Printed in the head of an agreement, or what a list is sorted by."""
_NEEDED: Mapping[Kind, tuple[str, ...]] = {
    Kind.MEDICAL: (*_BOTH, "category"),
    Kind.CHILDCARE: (*_BOTH, "filed_on", "places"),
}
"""A provider is paired by its 类别; 备案 and 托位 are what rates divide by."""
_IDENTITY = ("district", "name", "code")


@dataclass(frozen=True, slots=True)
class Gap:
    """One institution and the fields it lacks; ``parked``: what rosters had there, by field; ``command`` fills them."""

    institution: Institution
    missing: tuple[str, ...]
    parked: Mapping[str, ParkedCell]

    @property
    def command(self) -> str:
        """The command to type, with … for each value."""
        options = " ".join(f"--{field.replace('_', '-')} …" for field in self.fields)
        return f"yiyu institution edit {self.institution.code or self.institution.name} {options}"

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field to fill, as columns stand."""
        wanted = {*self.missing, *self.parked}
        return tuple(name for name in COLUMNS if name in wanted)


def gaps(office: OfficeSession, wanted: InstitutionFilter) -> list[Gap]:
    """Institutions that are open and lack something, in the order of 旗区."""
    found = gaps_of(office, [one for one in list_institutions(office, wanted) if one.open_on(office.today)])
    return [gap for gap in found if gap.fields]


def gaps_of(office: OfficeSession, institutions: Iterable[Institution]) -> list[Gap]:
    """What each of these lacks, one that lacks nothing too."""
    parked: dict[int, dict[str, ParkedCell]] = {}
    for cell in parked_cells(office.db):
        parked.setdefault(cell.institution_id, {})[cell.field] = cell
    return [
        Gap(one, _missing(one), {name: cell for name, cell in parked.get(one.id, {}).items() if _blank(one, name)})
        for one in institutions
    ]


def _missing(one: Institution) -> tuple[str, ...]:
    needed = [name for name in COLUMNS if name in _NEEDED[one.kind] and (name != "filed_on" or one.filed)]
    either = one.legal_person or one.contact
    return tuple(name for name in needed if _blank(one, name) and not (either and name in ("legal_person", "contact")))


def _blank(one: Institution, name: str) -> bool:
    return getattr(one, name) in ("", None)


def write_gaps(office: OfficeSession, path: Path, found: list[Gap]) -> None:
    """Write a workbook to fill in and import: a sheet for each kind, the cells to fill yellow with what was put aside.

    Raises FileFault when it cannot be written.
    """
    mark = registry_mark(office.db)
    pages = [_page(kind, those, mark) for kind in Kind if (those := [g for g in found if g.institution.kind is kind])]
    write_atomic(path, workbook_bytes(pages or [_page(Kind.CHILDCARE, [], mark)]))


def _page(kind: Kind, found: list[Gap], mark: str) -> WorksheetPage:
    wanted = {name for gap in found for name in gap.fields}
    names = [*_IDENTITY, *(name for name in COLUMNS if name in wanted and name not in _IDENTITY)]
    columns: list[WrittenColumn] = [*(written_column(name, COLUMNS[name]) for name in names), COLUMN]
    rows: list[Mapping[str, Any]] = [
        asdict(gap.institution)
        | {"district": district_name(gap.institution.district), COLUMN.key: export_mark(gap.institution, mark)}
        for gap in found
    ]
    notes = {(at, name): _note(gap, name) for at, gap in enumerate(found) for name in gap.fields}
    title = f"{KIND_LABEL[kind]}名册（{TO_FILL}，填好标黄的格再导入）"
    return WorksheetPage(KIND_LABEL[kind], title, columns, rows, notes)


def _note(gap: Gap, name: str) -> str:
    cell = gap.parked.get(name)
    return f"原表写“{cell.text}”：{discreet(cell.message)}" if cell else "请补填"
