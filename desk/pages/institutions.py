"""The list of institutions: the filters and the search of ``institution list``, sorted, paged, saved as shown."""

from collections.abc import Sequence

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.every_agreement import day_asked, districts_of
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.registry.commands.options import DISTRICT, KIND
from yiyu.registry.institutions.commands import FIELDS, row_of
from yiyu.registry.institutions.editing import InstitutionFilter, list_institutions
from yiyu.registry.institutions.lookup import why_nothing
from yiyu.registry.model import KIND_LABEL, Institution, Kind
from yiyu.registry.session import OfficeSession

FILED_LABEL = {"": "全部", "yes": "已备案", "no": "未备案"}
PATH = "/institutions"
Row = dict[str, object]


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
    phones = asking.query.get("phones") == "1"
    every = asking.remembered(office, "institutions", lambda: list_institutions(office, InstitutionFilter()))
    asked = wanted(asking)
    found = list_institutions(office, asked) if asked.search else [one for one in every if asked.accepts(one)]
    return [_row(one, phones=phones) for one in found]


def _row(one: Institution, *, phones: bool) -> Row:
    """As the command's table has it: of a medical institution 备案 says nothing."""
    row = row_of(one, phones=phones)
    return row if one.kind is Kind.CHILDCARE else row | {"filed": None}
