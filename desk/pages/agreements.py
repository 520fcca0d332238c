"""The list of agreements: the filters and the search of ``agreement list``, sorted, paged, saved as shown."""

import datetime as dt
from collections.abc import Mapping

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.registry.agreements.commands import FIELDS, row_of
from yiyu.registry.agreements.listing import AgreementFilter, list_agreements
from yiyu.registry.commands.options import DATE, DISTRICT, VARIANT
from yiyu.registry.institutions.lookup import why_nothing
from yiyu.registry.model import VARIANT_LABEL
from yiyu.registry.rules.districts import district_name, places_in_use
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.standings import AgreementStatus

STATE_LABEL = {"": "全部", "unsigned": "还没签齐", "expiring": "将到期", "expired": "到期没有续签", "in_force": "有效"}
_DAYS = 90
Rows = list[dict[str, object]]


def list_(asking: Asking) -> Response:
    """One page of the list."""
    day = query_day(asking)
    with asking.office(day) as office:
        rows = _rows(asking, office)
        why = (
            why_nothing(office, asking.query["search"], agreements=True)
            if asking.query.get("search") and not rows
            else ""
        )
        districts = {code: district_name(code) for code in places_in_use().counties(office.workspace.config.region)}
    found = listing(FIELDS, rows, "/agreements", dict(asking.query))
    return asking.page(
        "agreements.html",
        found=found,
        states=STATE_LABEL,
        variants=VARIANT_LABEL,
        districts=districts,
        why=why,
        days=_days(asking.query),
    )


def export(asking: Asking) -> Response:
    """All of the list as a workbook, as it is shown."""
    with asking.office(query_day(asking)) as office:
        rows = arranged(FIELDS, _rows(asking, office), asking.query)
    return written("协议清单.xlsx", lambda path: save_listing(path, "协议清单", FIELDS, rows))


def query_day(asking: Asking) -> dt.date | None:
    """The day that the address asks for; None for today."""
    text = asking.query.get("as_of", "")
    day: dt.date | None = DATE.convert(text, None, None) if text else None
    return day


def _rows(asking: Asking, office: OfficeSession) -> Rows:
    every = asking.remembered(office, "agreements", lambda: _every(office))
    wanted = _wanted(asking.query)
    if wanted.search:
        numbers = {one.agreement.number for one in list_agreements(office, wanted)}
        return [row for one, row in every if one.agreement.number in numbers]
    return [row for one, row in every if wanted.accepts(one) and wanted.district in ("", row["district_code"])]


def _every(office: OfficeSession) -> list[tuple[AgreementStatus, dict[str, object]]]:
    return [(one, row_of(one)) for one in list_agreements(office, AgreementFilter())]


def _wanted(query: Mapping[str, str]) -> AgreementFilter:
    state = query.get("state", "")
    return AgreementFilter(
        unsigned=state == "unsigned",
        expiring=_days(query) if state == "expiring" else None,
        expired=state == "expired",
        in_force=state == "in_force",
        district=DISTRICT.convert(query.get("district", ""), None, None),
        variant=VARIANT.convert(query["variant"], None, None) if query.get("variant") else None,
        search=query.get("search", "").strip(),
    )


def _days(query: Mapping[str, str]) -> int:
    text = query.get("days", "")
    return int(text) if text.isdecimal() and len(text) < 6 else _DAYS
