"""Reports: rates, hours, the year, bulletins, what was issued; figures and self-assessments entered."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from yiyu.docgen.library.action import Group, action
from yiyu.docgen.library.entering import required
from yiyu.docgen.library.opening import office_of
from yiyu.docgen.reports.board import make_board
from yiyu.docgen.reports.dossier import DossierMade
from yiyu.docgen.reports.dossier import make_dossier as write_dossier
from yiyu.docgen.reports.report_documents import (
    Issuing,
    MadeReport,
    make_bulletins,
    make_report,
    write_certificates,
)
from yiyu.registry.errors import BadInput
from yiyu.registry.files import write_atomic
from yiyu.registry.model import Institution
from yiyu.registry.reports.assessment_import import import_assessments
from yiyu.registry.reports.issuing import IssuedToday, as_it_stands, issued_document, issued_named, listed_reports
from yiyu.registry.reports.manual_figures import (
    SelfAssessmentCycle,
    Task,
    enter_figure,
    loops,
    worklist,
)
from yiyu.registry.reports.manual_figures import assess as record_assessment
from yiyu.registry.reports.manual_figures import progress as record_progress
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.plugin_reports import plugin_report, report_rows
from yiyu.registry.reports.rate_tables import RateRow
from yiyu.registry.reports.reporting import rate_rows, report_rates
from yiyu.registry.rules.hours import PersonHours
from yiyu.registry.session import OfficeSession, Progress, unwatched
from yiyu.registry.store.figures import ManualFigure

By = Literal["district", "town", "provider", "office"]
Step = Literal["self_assessed", "guided", "rectified", "summarised"]
Status = Literal["not_started", "going", "done"]


def enter(
    office: OfficeSession,
    indicator: str,
    *,
    year: int,
    source: str,
    district: str = "",
    value: float | None = None,
    numerator: float | None = None,
    denominator: float | None = None,
    dry_run: bool = False,
) -> ManualFigure:
    """Enter a figure the registry cannot compute, with its source: ``value``, or ``numerator`` and ``denominator``.

    ``district``: name or code, "" for the whole region. Raises BadInput for an unknown indicator, a value that cannot be.
    """
    return enter_figure(
        office, indicator, district=district, year=year, value=value, numerator=numerator, denominator=denominator,
        source=required("source", source), dry_run=dry_run,
    )  # fmt: skip


def assess(
    office: OfficeSession,
    names: Sequence[str],
    *,
    step: Step,
    on: dt.date,
    year: int | None = None,
    problems: int | None = None,
    note: str = "",
    dry_run: bool = False,
) -> list[Institution]:
    """Record a step of the yearly self-assessment of childcare institutions. Raises NotFound, StepNotAllowed, BadInput."""
    return record_assessment(office, names, step, on=on, year=year, problems=problems, note=note, dry_run=dry_run)


def self_assessment(office: OfficeSession, *, year: int | None = None, district: str = "") -> list[SelfAssessmentCycle]:
    """How far each childcare institution is with the self-assessment of a year (None: that of the day)."""
    return loops(office, year or office.today.year, district)


def progress(
    office: OfficeSession,
    task: str,
    *,
    status: Status,
    on: dt.date,
    district: str = "",
    note: str = "",
    dry_run: bool = False,
) -> Task:
    """Record how far a task of the work list is. Raises NotFound for an unknown one, BadInput for a day to come."""
    return record_progress(office, task, status, on=on, district=district, note=note, dry_run=dry_run)


def rates(office: OfficeSession, *, by: By | None = None, period: str | None = None) -> tuple[list[RateRow], list[str]]:
    """Signing and fulfilment rates by group, the total last; and what is left out of them, in words.

    ``by``: None, by office where offices report to this one, else by 旗区. Each rate has numerator and denominator. ``period``: of visits and duties, such as 2026Q4; None: the quarter of the day.
    """
    return report_rates(office, by=by, period=period)


def hours(
    office: OfficeSession, *, year: int | None = None, people: Sequence[str] = (), docx: Path | None = None
) -> list[PersonHours]:
    """Hours each person served in a year (None: that of the day), and what does not count with the reason.

    ``docx``: certificates as a Word file, a page a person. Raises NotFound for people without hours that count.
    """
    wanted = year or office.today.year
    if docx is not None:
        return write_certificates(office, docx, year=wanted, people=people)
    return [one for one in report_hours(office, wanted) if not people or one.person in people]


def year(
    office: OfficeSession, *, year: int | None = None, docx: Path | None = None, issuing: Issuing | None = None
) -> MadeReport:
    """A year (None: that of the day) beside the year before; ``docx``: as a report; ``issuing``: it is issued and kept.

    Raises StepNotAllowed for one that was issued before, unless ``issuing`` gives a reason.
    """
    return make_report(office, "year", period=str(year or office.today.year), out=docx, issuing=issuing)


def bulletin(
    office: OfficeSession, *, period: str | None = None, docx: Path | None = None, issuing: Issuing | None = None
) -> MadeReport:
    """A period (None: the half-year of the day) beside that of the year before; ``docx``: as a 通报. As ``year``."""
    return make_report(office, "bulletin", period=period, out=docx, issuing=issuing)


def bulletins(
    office: OfficeSession, *, period: str | None = None, out: Path | None = None, issuing: Issuing | None = None
) -> dict[str, MadeReport]:
    """One 通报 for each 旗区, by name of its file in the folder ``out``; ``report bulletin --each-district``."""
    if out is None and issuing is None:
        raise BadInput("没有写通报存到哪里", where="out", remedy="请给出文件夹")
    return dict(make_bulletins(office, out, period=period, issuing=issuing))


def issued_today(office: OfficeSession, number: str, *, out: Path | None = None) -> IssuedToday:
    """An issued report beside what is known today, row by row; ``out``: the document as it was issued.

    Raises NotFound for an unknown number, RegistryFault for a document that is not what was issued.
    """
    report = issued_named(office, number)
    if out is not None:
        write_atomic(out, issued_document(office, report))
    return as_it_stands(office, report)


def dossier(
    office: OfficeSession,
    names: Sequence[str] = (),
    *,
    out: Path,
    district: str = "",
    year: int | None = None,
    dry_run: bool = False,
    progress: Progress = unwatched,
) -> DossierMade:
    """Everything of institutions, or of a ``district``, for a supervision: a new folder ``out`` and one PDF in it.

    Raises BadInput unless one of both is named, NotFound, FileFault for a folder in use.
    """
    if bool(names) and bool(district):
        raise BadInput("机构和旗区只写一样", where="names, district", remedy="请去掉一样")
    return write_dossier(office, names, out, district=district, year=year, dry_run=dry_run, progress=progress)


def more(office: OfficeSession, name: str, *, period: str = "") -> list[dict[str, Any]]:
    """The rows of a report that a plugin has, each by the keys of its columns. ``period``: "", the quarter of the day.

    Raises NotFound for one that no plugin has, BadInput for a period nobody can read, PluginFailure where the plugin fails.
    """
    entry, report = plugin_report(name)
    return report_rows(office_of(office), entry, report, period)


class Reports(Group):
    """Reports: entered, counted, written, issued."""

    command = "report"

    enter = action(enter)
    assess = action(assess)
    import_assessments = action(import_assessments, reads=("path",), writes=("problems", "preview"))
    self_assessment = action(self_assessment)
    worklist = action(worklist)
    progress = action(progress)
    rates = action(rates)
    rows = action(rate_rows)
    hours = action(hours, writes=("docx",))
    year = action(year, writes=("docx",))
    bulletin = action(bulletin, writes=("docx",))
    bulletins = action(bulletins, writes=("out",))
    issued = action(listed_reports)
    issued_today = action(issued_today, writes=("out",))
    dossier = action(dossier, new=("out",))
    board = action(make_board, writes=("target",))
    more = action(more)
