"""What is missing of institutions or was put aside, each filled in on its form, or all in a workbook."""

from dataclasses import replace

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.every_agreement import districts_of
from yiyu.desk.pages.institutions import wanted
from yiyu.desk.tables import Row, listing
from yiyu.registry.institutions.editing import InstitutionFilter
from yiyu.registry.institutions.gap_commands import FIELDS, row_of
from yiyu.registry.institutions.gaps import Gap, gaps, write_gaps
from yiyu.registry.model import KIND_LABEL
from yiyu.registry.session import OfficeSession

PATH = "/institutions/gaps"
COLUMNS = tuple(replace(column, wide=False) for column in FIELDS if column.key != "command")


def list_(asking: Asking) -> Response:
    """Institutions that lack something, as ``institution gaps`` lists them."""
    with asking.office() as office:
        rows: list[Row] = [{**row_of(gap), "id": gap.institution.id} for gap in _found(asking, office)]
        districts = districts_of(office)
    found = listing(COLUMNS, rows, PATH, dict(asking.query))
    return asking.page("gaps.html", found=found, kinds=KIND_LABEL, districts=districts)


def export(asking: Asking) -> Response:
    """The same as a workbook to fill in and import."""
    with asking.office() as office:
        found = _found(asking, office)
        return written("待补表.xlsx", lambda path: write_gaps(office, path, found))


def _found(asking: Asking, office: OfficeSession) -> list[Gap]:
    every = asking.remembered(office, "gaps", lambda: gaps(office, InstitutionFilter()))
    asked = wanted(asking)
    return [gap for gap in every if asked.accepts(gap.institution)]
