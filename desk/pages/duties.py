"""应做事项: what is owed with its state, as ``duty list`` has it; and waiving what will not be owed."""

from collections import Counter

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.access import own_agreements
from yiyu.desk.pages.every_agreement import Row, day_asked, districts_of
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.registry.commands.options import DISTRICT, TEXT, WordChoice
from yiyu.registry.duties.commands import FIELDS, row_of
from yiyu.registry.duties.listing import duty_rows, period_named
from yiyu.registry.duties.planning import waive as waive_duty
from yiyu.registry.errors import UserError
from yiyu.registry.rules.duties import STATE_LABEL
from yiyu.registry.session import OfficeSession

_STATE = WordChoice(STATE_LABEL)


def list_(asking: Asking) -> Response:
    """One page of the list, and how many there are of each state."""
    with asking.office(day_asked(asking)) as office:
        rows, counts = _found(asking, office)
        districts = districts_of(office)
        year = office.today.year
    found = listing(FIELDS, rows, "/visits/duties", dict(asking.query))
    periods = [f"{year}", *(f"{year}H{at}" for at in (1, 2)), *(f"{year}Q{at}" for at in (1, 2, 3, 4))]
    return asking.page(
        "duties.html", found=found, states=STATE_LABEL, counts=counts, districts=districts, periods=periods
    )


def export(asking: Asking) -> Response:
    """All of the list as a workbook, as it is shown."""
    with asking.office(day_asked(asking)) as office:
        rows = arranged(FIELDS, _found(asking, office)[0], asking.query)
    return written("履约情况.xlsx", lambda path: save_listing(path, "履约情况", FIELDS, rows))


def ask(asking: Asking) -> Response:
    """The form to waive one."""
    return _form(asking, {name: asking.query.get(name, "") for name in ("number", "duty", "period", "title")})


def waive(asking: Asking) -> Response:
    """Waive it, with the reason."""
    asked = {name: asking.text(name) for name in ("number", "duty", "period", "title")}
    try:
        with asking.office() as office:
            own_agreements(office, [asked["number"]])
            reason = asking.needed("reason", TEXT, "免除的理由")
            row = waive_duty(office, asked["number"], duty=asked["duty"], period=asked["period"], reason=reason)
    except UserError as error:
        return _form(asking, asked, str(error))
    return asking.go("/visits/duties?state=waived", f"已免除 {asked['number']} {row.period} 的“{row.title}”：{reason}")


def _form(asking: Asking, asked: dict[str, str], fault: str = "") -> Response:
    return asking.page("duty_waive.html", status=422 if fault else 200, asked=asked, fault=fault)


def _found(asking: Asking, office: OfficeSession) -> tuple[list[Row], Counter[str]]:
    """Raises BadInput for a period or a state that cannot be read."""
    text, state = asking.query.get("period", "").strip(), asking.asked("state", _STATE, "状态")
    period = period_named(text).text if text else None
    district = asking.asked("district", DISTRICT, "旗区") or ""
    number = asking.query.get("number", "").strip()
    if number:
        own_agreements(office, [number])
        rows = [row_of(row) for row in duty_rows(office, period=period, numbers=[number])]
    else:
        rows = asking.counted(
            office, ("duties", period), lambda own: [row_of(row) for row in duty_rows(own, period=period)]
        )
    rows = [row for row in rows if district in ("", row["district_code"])]
    return [row for row in rows if state in (None, row["state"])], Counter(str(row["state"]) for row in rows)
