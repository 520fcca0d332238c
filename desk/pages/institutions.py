"""The list of institutions: the filters and the search of ``institution list``, sorted, paged, saved as shown."""

from collections.abc import Sequence
from typing import NamedTuple

from starlette.responses import Response

from yiyu.desk.asking import Asking, Desk, written
from yiyu.desk.pages.every_agreement import day_asked, districts_of
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.registry.commands.options import DISTRICT, KIND
from yiyu.registry.institutions.commands import FIELDS, row_of
from yiyu.registry.institutions.editing import InstitutionFilter, list_institutions
from yiyu.registry.institutions.lookup import searched, why_nothing
from yiyu.registry.model import KIND_LABEL, Institution, Kind
from yiyu.registry.rules.search import Keyed, keyed, search_keyed
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.bulk import gc_paused
from yiyu.registry.store.changed_since import Position, institutions_moved, position

FILED_LABEL = {"": "全部", "yes": "已备案", "no": "未备案"}
PATH = "/institutions"
Row = dict[str, object]


class Listed(NamedTuple):
    """An institution, its row with the telephone number masked, and what a search finds it by."""

    institution: Institution
    row: Row
    found_by: Keyed


def list_(asking: Asking) -> Response:
    """One page of the list."""
    with asking.office(day_asked(asking)) as office:
        rows = _rows(asking, office)
        search = asking.query.get("search", "").strip()
        why = why_nothing(office, search) if search and not rows else ""
        districts = districts_of(office)
    return asking.page(
        "institutions.html", found=listing(FIELDS, rows, PATH, dict(asking.query)), kinds=KIND_LABEL,
        filed=FILED_LABEL, districts=districts, why=why,
    )  # fmt: skip


def export(asking: Asking) -> Response:
    """All of the list as a workbook, as it is shown."""
    with asking.office(day_asked(asking)) as office:
        rows = arranged(FIELDS, _rows(asking, office), asking.query)
    return written("机构清单.xlsx", lambda path: save_listing(path, "机构清单", FIELDS, rows))


def wanted(asking: Asking) -> InstitutionFilter:
    """What the address limits a list of institutions to. Raises BadInput for what no option would take."""
    return InstitutionFilter(
        kind=asking.asked("kind", KIND, "种类"),
        district=asking.asked("district", DISTRICT, "旗区") or "",
        filed={"yes": True, "no": False}.get(asking.query.get("filed", "")),
        category=asking.query.get("category", "").strip(),
        search=asking.query.get("search", "").strip(),
    )


def _rows(asking: Asking, office: OfficeSession) -> Sequence[Row]:
    asked = wanted(asking)
    found = [one for one in every_institution(asking, office) if asked.accepts(one.institution)]
    found = search_keyed(asked.search, found, (one.found_by for one in found)) if asked.search else found
    if asking.query.get("phones") != "1":
        return [one.row for one in found]
    return [one.row | {"phone": one.institution.phone} for one in found]


def every_institution(asking: Asking, office: OfficeSession) -> Sequence[Listed]:
    """All of the person's scope as they stand on the session's day, made ready to be listed; not to be changed."""
    return all_of(asking.desk, office)


def all_of(desk: Desk, office: OfficeSession) -> Sequence[Listed]:
    """The same for nobody in particular, of the session's scope."""
    return desk.remembered.value(office, "institutions", lambda: _every(office), lambda old: _every(office, old)).every


class _Kept(NamedTuple):
    """``position``: how far the registry had come."""

    position: Position
    every: Sequence[Listed]


def _every(office: OfficeSession, old: _Kept | None = None) -> _Kept:
    now = position(office.db)
    if old is not None and not institutions_moved(office.db, old.position):
        return _Kept(now, old.every)  # what was recorded meanwhile speaks of no institution
    with gc_paused():
        every = [Listed(one, _row(one), keyed(searched(one))) for one in list_institutions(office, InstitutionFilter())]
        return _Kept(now, every)


def _row(one: Institution) -> Row:
    """As the command's table has it: of a medical institution 备案 says nothing."""
    row = row_of(one, phones=False)
    return row if one.kind is Kind.CHILDCARE else row | {"filed": None}
