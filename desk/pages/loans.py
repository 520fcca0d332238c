"""借出的档案: what is out and what should be back, as ``archive loans`` has it."""

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.access import own_loans
from yiyu.desk.pages.every_agreement import Row, day_asked
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.docgen.archive.custody_commands import LOAN_FIELDS, loan_row


def list_(asking: Asking) -> Response:
    """One page of them, the first to be back first."""
    found = listing(LOAN_FIELDS, _rows(asking), "/scans/loans", dict(asking.query))
    return asking.page("loans.html", found=found)


def export(asking: Asking) -> Response:
    """All of them as a workbook."""
    rows = arranged(LOAN_FIELDS, _rows(asking), asking.query)
    return written("档案借出登记.xlsx", lambda path: save_listing(path, "档案借出登记", LOAN_FIELDS, rows))


def _rows(asking: Asking) -> list[Row]:
    overdue, every = asking.query.get("overdue") == "1", asking.query.get("all") == "1"
    with asking.office(day_asked(asking)) as office:
        day, found = office.today, own_loans(office)
    wanted = [one for one in found if one.overdue_on(day) or not overdue]
    return [loan_row(one, day) for one in wanted if (every and not overdue) or one.returned_on is None]
