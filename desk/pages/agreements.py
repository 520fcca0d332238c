"""The list of agreements: the filters and the search of ``agreement list``, sorted, paged, saved as shown."""

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.every_agreement import day_asked, days_asked, districts_of, every_agreement, wanted_rows
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.registry.agreements.commands import FIELDS
from yiyu.registry.institutions.lookup import why_nothing
from yiyu.registry.model import VARIANT_LABEL
from yiyu.registry.session import OfficeSession

STATE_LABEL = {"": "全部", "unsigned": "还没签齐", "expiring": "将到期", "expired": "到期没有续签", "in_force": "有效"}


def list_(asking: Asking) -> Response:
    """One page of the list."""
    with asking.office(day_asked(asking)) as office:
        rows = wanted_rows(asking, office)
        searched = asking.query.get("search", "")
        why = _why_nothing(asking, office, searched) if searched and not rows else ""
        districts = districts_of(office)
    found = listing(FIELDS, rows, "/agreements", dict(asking.query))
    return asking.page(
        "agreements.html", found=found, states=STATE_LABEL, variants=VARIANT_LABEL, districts=districts, why=why,
        days=days_asked(asking), export=found.address().replace("/agreements", "/agreements/export", 1),
    )  # fmt: skip


_FEW = 5000
"""Of more agreements the nearest names would take seconds to find."""


def _why_nothing(asking: Asking, office: OfficeSession, text: str) -> str:
    if len(every_agreement(asking, office)) <= _FEW:
        return why_nothing(office, text, agreements=True)
    return f"没有符合“{text}”和其他条件的协议；可以只写名称、地址或代码中的一段，或拼音、首字母，或去掉其他条件再试"


def export(asking: Asking) -> Response:
    """All of the list as a workbook, as it is shown."""
    with asking.office(day_asked(asking)) as office:
        rows = arranged(FIELDS, wanted_rows(asking, office), asking.query)
    return written("协议清单.xlsx", lambda path: save_listing(path, "协议清单", FIELDS, rows))
