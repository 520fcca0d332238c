"""印发的报告: what went out, each beside what is known today, and its document again."""

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.tables import listing
from yiyu.registry.errors import NotFound
from yiyu.registry.files import write_atomic
from yiyu.registry.reports.issued_commands import (
    FIGURE_FIELDS,
    REPORT_FIELDS,
    ROW_FIELDS,
    figure_rows,
    figure_text,
    report_row,
    since_row,
)
from yiyu.registry.reports.issuing import as_it_stands, issued_document, issued_named, listed_reports
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.issued_reports import IssuedReport

_YEARS = 2
"""Reports issued in this many years are held against what is known now; older ones when they are opened."""


def own_reports(office: OfficeSession) -> list[IssuedReport]:
    """What went out of the office, or of the 旗区 a person is limited to; the newest first."""
    every = listed_reports(office)
    return [one for one in reversed(every) if office.scope.district in ("", one.district)]


def own_report(office: OfficeSession, number: str) -> IssuedReport:
    """Raises NotFound for a number that was never given, or is of another 旗区."""
    one = issued_named(office, number)
    if office.scope.district not in ("", one.district):
        raise NotFound(f"没有印发过“{number}”", remedy="请用 yiyu report issued 查看印发过的报告和编号")
    return one


def changed_since(office: OfficeSession) -> tuple[str, ...]:
    """Numbers of the newest reports of each period and 旗区, of two years, whose figures are others now."""
    newest: dict[tuple[str, str, str], IssuedReport] = {}
    for one in own_reports(office):
        if one.issued_on.year > office.today.year - _YEARS:
            newest.setdefault((one.form, one.period, one.district), one)
    stands = (as_it_stands(office, one) for one in newest.values())
    return tuple(one.report.number for one in stands if one.figures or one.said)


def list_(asking: Asking) -> Response:
    """One page of them; those alone whose figures changed, where asked."""
    only = asking.query.get("changed") == "1"
    with asking.office() as office:
        changed, _ = asking.lately(office, "changed reports", changed_since)
        if only:
            changed = asking.counted(office, "changed reports", changed_since)
        found = [report_row(one) for one in own_reports(office) if not only or one.number in (changed or ())]
    return asking.page(
        "issued.html", found=listing(REPORT_FIELDS, found, "/reports/issued", dict(asking.query)), only=only,
        changed=changed,
    )  # fmt: skip


def show(asking: Asking) -> Response:
    """One report: each figure then and now, and the rows that make the difference."""
    with asking.office() as office:
        report = own_report(office, asking.part("number"))
        found = asking.counted(office, ("issued", report.number), lambda own: as_it_stands(own, report))
    figures = [{key: figure_text(one[key]) for key in ("title", "issued", "now")} for one in figure_rows(found)]
    figures += [{"title": name, "issued": then, "now": now} for name, (then, now) in found.said.items()]
    return asking.page(
        "issued_one.html", row=report_row(report), sentence=found.sentence, figures=figures, figure_fields=FIGURE_FIELDS,
        rows=[since_row(one) for one in found.rows], row_fields=ROW_FIELDS,
    )  # fmt: skip


def file(asking: Asking) -> Response:
    """Its document as it went out, to be saved."""
    with asking.office() as office:
        report = own_report(office, asking.part("number"))
        document = issued_document(office, report)
    return written(report.path.rpartition("/")[2], lambda path: write_atomic(path, document))
