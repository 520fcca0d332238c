"""Activities on the desk: the list as ``activity list`` has it, saved as a 登记册, and what waits to be entered."""

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.every_agreement import day_asked, every_agreement
from yiyu.desk.tables import PAGE_ROWS, listing, page_asked, page_of
from yiyu.registry.activities.adding_commands import FORM
from yiyu.registry.activities.commands import FIELDS, PERIOD, SHEET_FIELDS, SHEET_KEYS, row_of
from yiyu.registry.activities.importing import export_register
from yiyu.registry.activities.listing import ActivityFilter, Listed, list_activities, newest_page, waiting_sheets
from yiyu.registry.commands.options import DATE
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.institutions.lookup import directory
from yiyu.registry.rules.activities import FORMS, INDEPENDENT_FORMS
from yiyu.registry.session import OfficeSession

EVERY_FORM = (*FORMS, *INDEPENDENT_FORMS)
_MOST = 5000


def list_(asking: Asking) -> Response:
    """One page of the list, the newest first; a filter that cannot be read is said above it."""
    fault, query = "", dict(asking.query)
    found = page_of(FIELDS, [], 0, "/visits", query)
    with asking.office(day_asked(asking)) as office:
        try:
            wanted, own = _filter(asking, office), _own(asking, office)
            if wanted.lacking or query.get("sort"):
                rows = [row_of(one) for one in reversed(_all(office, wanted, own))]
                found = listing(FIELDS, rows, "/visits", query)
            else:
                _, total = newest_page(office, wanted, 1, 0, own)
                skip = (page_asked(query, total) - 1) * PAGE_ROWS
                shown, total = newest_page(office, wanted, PAGE_ROWS, skip, own)
                found = page_of(FIELDS, [row_of(one) for one in shown], total, "/visits", query)
        except UserError as error:
            fault = str(error)
    return asking.page("visits.html", status=422 if fault else 200, found=found, forms=EVERY_FORM, fault=fault)


def export(asking: Asking) -> Response:
    """The list as a 活动登记册, which can be filled in and read in again."""
    with asking.office(day_asked(asking)) as office:
        found = _all(office, _filter(asking, office), _own(asking, office))
        return written("活动登记册.xlsx", lambda path: export_register(office, path, found))


def waiting(asking: Asking) -> Response:
    """Record sheets whose scan is home and that nobody has entered yet."""
    with asking.office() as office:
        rows = [{key: getattr(one, key) for key in SHEET_KEYS} for one in waiting_sheets(office)]
    return asking.page("visits_waiting.html", found=listing(SHEET_FIELDS, rows, "/visits/waiting", dict(asking.query)))


def _own(asking: Asking, office: OfficeSession) -> set[int] | None:
    """Ids of the person's agreements; None where the person is not limited."""
    if office.scope.whole:
        return None
    return {one.standing.agreement.id for one in every_agreement(asking, office)}


def _all(office: OfficeSession, wanted: ActivityFilter, own: set[int] | None) -> list[Listed]:
    """All of the list, by day. Raises BadInput where it is longer than can be sorted or saved while somebody waits."""
    _, total = newest_page(office, wanted, 1, 0, own)
    if total > _MOST:
        raise BadInput(
            f"这个范围里有 {total} 次活动，一次最多排序、筛选或导出 {_MOST} 次", remedy="请用时段或日期缩小范围后再做"
        )
    return list_activities(office, wanted)


def _filter(asking: Asking, office: OfficeSession) -> ActivityFilter:
    query = asking.query
    asked = {name: query.get(name, "").strip() for name in ("number", "institution", "person")}
    period = asking.asked("period", PERIOD, "时段")
    first, last = asking.asked("from", DATE, "从"), asking.asked("to", DATE, "到")
    if period and (first or last):
        raise BadInput("时段和起止日期只用一种", remedy="请把其中一种留空")
    if first and last and first > last:
        raise BadInput(f"起 {first} 晚于止 {last}", remedy="请核对日期")
    return ActivityFilter(
        number=asked["number"],
        form=asking.asked("form", FORM, "形式"),
        first=period.first if period else first,
        last=period.last if period else last,
        person=asked["person"],
        lacking=query.get("lacking") == "1",
        voided=query.get("voided") == "1",
        institution=directory(office).find(asked["institution"]).id if asked["institution"] else 0,
    )
