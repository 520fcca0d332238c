"""服务时长 and 督导材料: hours of each person with certificates, and the folder of papers of an institution or 旗区."""

from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.access import own_institutions
from yiyu.desk.pages.every_agreement import Row, districts_of
from yiyu.desk.pages.figures import district_asked, limited
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.desk.works import Outcome, Progressing
from yiyu.docgen.reports.dossier import make_dossier
from yiyu.docgen.reports.report_documents import write_certificates
from yiyu.registry.commands.options import DISTRICT
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.reports.figure_commands import HOUR_FIELDS, STAY_FIELDS, YEAR, hours_row, left_out_rows
from yiyu.registry.reports.people import report_hours
from yiyu.registry.session import OfficeSession


def hours(asking: Asking) -> Response:
    """One page of them: what counts, or what does not and why."""
    with asking.office() as office:
        year = asking.asked("year", YEAR, "年度") or office.today.year
        rows, districts = _hours(asking, office, year), districts_of(office)
    fields = STAY_FIELDS if asking.query.get("left_out") else HOUR_FIELDS
    found = listing(fields, rows, "/reports/hours", dict(asking.query))
    return asking.page("hours.html", found=found, year=year, districts=districts, district=district_asked(asking))


def export_hours(asking: Asking) -> Response:
    """All of them as a workbook."""
    with asking.office() as office:
        rows = _hours(asking, office, asking.asked("year", YEAR, "年度") or office.today.year)
    fields = STAY_FIELDS if asking.query.get("left_out") else HOUR_FIELDS
    shown = arranged(fields, rows, asking.query)
    return written("服务时长.xlsx", lambda path: save_listing(path, "服务时长", fields, shown))


def certificates(asking: Asking) -> Response:
    """服务时长证明 of everybody, or of the names given: a long work."""
    year, names = asking.needed("year", YEAR, "年度"), tuple(asking.text("people").replace("、", " ").split())

    def act(folder: Path, progress: Progressing) -> Outcome:
        folder.mkdir(parents=True, exist_ok=True)
        with asking.office() as own:
            found = write_certificates(own, folder / "服务时长证明.docx", year=year, people=names)
        told = f"已写出 {len(found)} 人的证明，共 {sum(one.hours for one in found):g} 小时"
        return Outcome([told], files=["服务时长证明.docx"])

    return asking.begin(f"{year} 年服务时长证明", act, again="/reports/hours")


def ask_dossier(asking: Asking) -> Response:
    """For which institution or 旗区."""
    return _dossier_page(asking)


def dossier(asking: Asking) -> Response:
    """Make it: a long work."""
    names = tuple(line.strip() for line in asking.text("names").splitlines() if line.strip())
    try:
        district: str = asking.read("district", DISTRICT, "旗区") or ""
        year = asking.read("year", YEAR, "年度")
        if bool(names) is bool(district):
            raise BadInput("请写机构名称，或选一个旗区，只要一样", remedy="请改正后再做")
        with asking.office() as office:
            own_institutions(office, names)
        if district and asking.person.district not in ("", district):
            raise BadInput("只能做本旗区的材料", remedy="请选本旗区")
    except UserError as error:
        return _dossier_page(asking, str(error))

    def act(folder: Path, progress: Progressing) -> Outcome:
        out = folder / "督导材料"
        with asking.office() as own:
            made = make_dossier(own, names, out, district=district, year=year, progress=progress)
        there = sum(not one.why for one in made.papers)
        lines = [f"已整理 {there} 件材料，{made.pages} 页"]
        lines += [
            f"{name}：{f'缺口 {len(gaps)} 处，见情况表' if gaps else '没有缺口'}" for name, gaps in made.gaps.items()
        ]
        absent = [(one.title, one.why) for one in made.papers if one.why]
        files = sorted(path.relative_to(folder).as_posix() for path in out.rglob("*") if path.is_file())
        return Outcome(lines, absent, files)

    return asking.begin("整理督导材料", act, again="/reports/dossier")


def _dossier_page(asking: Asking, fault: str = "") -> Response:
    with asking.office() as office:
        districts = districts_of(office)
    return asking.page("dossier.html", status=422 if fault else 200, fault=fault, districts=districts)


def _hours(asking: Asking, office: OfficeSession, year: int) -> list[Row]:
    district, person = district_asked(asking), asking.query.get("person", "").strip()
    people = asking.counted(office, ("hours", year, district), lambda own: report_hours(limited(own, district), year))
    chosen = [one for one in people if person in ("", one.person)]
    return left_out_rows(chosen) if asking.query.get("left_out") else [hours_row(one) for one in chosen]
