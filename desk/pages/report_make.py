"""通报 and 年度报告: looked at before they go out, written as Word and PDF, issued."""

from collections.abc import Sequence
from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking, inline
from yiyu.desk.pages.every_agreement import regions_of
from yiyu.desk.pages.figures import district_asked, limited
from yiyu.desk.pages.works import note_of
from yiyu.desk.works import Outcome, Progressing
from yiyu.docgen.pdf.convert import convert
from yiyu.docgen.reports.document_commands import SHEET_FIELDS, compared_line
from yiyu.docgen.reports.report_documents import Issuing, MadeReport, make_bulletins, make_report
from yiyu.registry.commands.options import DISTRICT, TEXT, WordChoice
from yiyu.registry.duties.listing import period_named
from yiyu.registry.errors import BadInput, NotFound, UserError
from yiyu.registry.reports.comparing import half_year, other_figures
from yiyu.registry.rules.issued import FORM_LABEL

_FORM = WordChoice(FORM_LABEL)
_LISTS = (("未签约", "unsigned"), ("未上门", "unvisited"), ("未整改", "unrectified"))
_SHOWN = 200
"""So many names of each list are shown; the document has all."""


def show(asking: Asking) -> Response:
    """What the report would say, as of today; and what went out of the period before."""
    form, district = asking.asked("form", _FORM, "报告") or "bulletin", district_asked(asking)
    fault, made, period = "", None, ""
    with asking.office() as office:
        districts, year = regions_of(office), office.today.year
        try:
            asked = asking.query.get("period", "").strip() or (str(year) if form == "year" else half_year(office.today))
            period = period_named(asked).text
            made = asking.counted(
                office,
                ("report", form, period, district),
                lambda own: make_report(limited(own, district), form, period=period),
            )
        except UserError as error:
            fault = str(error)
    return asking.page(
        "report_make.html", status=422 if fault else 200, form=form, forms=FORM_LABEL, period=period, district=district,
        districts=districts, fault=fault, made=made, columns=SHEET_FIELDS, rows=_rows(made) if made else [],
        others=other_figures(made.found) if made else {}, lists=_lists(made) if made else [],
        periods=[f"{year}", f"{year}H1", f"{year}H2", *(f"{year}Q{at}" for at in (1, 2, 3, 4))],
    )  # fmt: skip


def make(asking: Asking) -> Response:
    """Write it as Word and PDF to be looked at; nothing is kept of it."""
    form, period, district = _asked(asking)

    def act(folder: Path, progress: Progressing) -> Outcome:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{FORM_LABEL[form]}_{period}.docx"
        with asking.office() as own:
            make_report(limited(own, district), form, period=period, out=path)
        return _with_pdf(["还没有印发，只供核对"], [path], progress)

    return asking.begin(f"预览 {period} {FORM_LABEL[form]}", act, again=_address(form, period, district))


def issue(asking: Asking) -> Response:
    """Issue it: kept with its figures and the rows behind them."""
    form, period, district = _asked(asking)
    each, reason = bool(asking.text("each")), asking.read("reason", TEXT, "更正印发的原因") or ""

    def act(folder: Path, progress: Progressing) -> Outcome:
        folder.mkdir(parents=True, exist_ok=True)
        with asking.office() as own:
            if each and form == "bulletin" and not district:
                made = [*make_bulletins(own, folder, period=period, issuing=Issuing(reason))]
            else:
                name = f"{FORM_LABEL[form]}_{period}"
                report = make_report(
                    limited(own, district), form, period=period, out=folder / f"{name}.docx", issuing=Issuing(reason)
                )
                made = [(name, report)]
        lines = [f"已印发 {one.issued.number}，存档 {one.issued.path}" for _, one in made if one.issued]
        return _with_pdf(lines, [folder / f"{name}.docx" for name, _ in made], progress, "/reports/issued")

    return asking.begin(f"印发 {period} {FORM_LABEL[form]}", act, again=_address(form, period, district))


def preview(asking: Asking) -> Response:
    """The PDFs of a work that has ended, in the page."""
    note = note_of(asking)
    names = [name for name in note.outcome.files if name.endswith(".pdf")]
    return asking.page("report_preview.html", note=note, names=names)


def preview_file(asking: Asking) -> Response:
    """One of them, to be shown in a frame."""
    note, name = note_of(asking), asking.part("name")
    if name not in note.outcome.files or not name.endswith(".pdf"):
        raise NotFound("没有这个文件", remedy="请回到工作页重新打开")
    return inline(asking.desk.works.folder(note.id) / name, "application/pdf")


def _asked(asking: Asking) -> tuple[str, str, str]:
    """Report, period and 旗区 of the form. Raises BadInput."""
    form, period = asking.needed("form", _FORM, "报告"), asking.needed("period", TEXT, "时段")
    district: str = asking.read("district", DISTRICT, "旗区") or ""
    if asking.person.district not in ("", district):
        raise BadInput("只能做本旗区的报告", remedy="请在旗区里选本旗区")
    return form, period_named(period).text, district


def _with_pdf(lines: Sequence[str], paths: Sequence[Path], progress: Progressing, next_page: str = "") -> Outcome:
    """Word files with a PDF of each; where one cannot be made the Word file stands alone, and why."""
    folder, files, failed = paths[0].parent, [path.name for path in paths], list[tuple[str, str]]()
    try:
        for source, made in convert(paths, folder, progress=progress).items():
            if isinstance(made, UserError):
                failed.append((source.name, str(made)))
            else:
                files.append(made.name)
    except UserError as error:
        failed.append(("PDF", str(error)))
    ended = next_page or (f"/reports/preview/{folder.name}" if len(files) > len(paths) else "")
    return Outcome(lines, failed, files, ended, "看印发的" if next_page else "在网页里看 PDF" if ended else "")


def _address(form: str, period: str, district: str) -> str:
    return f"/reports/make?form={form}&period={period}&district={district}"


def _rows(made: MadeReport) -> list[dict[str, object]]:
    return [compared_line(made.found, row, str) for row in made.found.rows]


def _lists(made: MadeReport) -> list[tuple[str, Sequence[str], int]]:
    """Each list by its title, as far as it is shown, and how long it is."""
    named = [(title, getattr(made.found.missing, name)) for title, name in _LISTS]
    return [(title, lines[:_SHOWN], len(lines)) for title, lines in named]
