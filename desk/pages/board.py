"""报表: the board live, with 旗区 and period; each figure opens the rows it is made of."""

from pathlib import Path

from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.every_agreement import regions_of
from yiyu.desk.pages.figures import BoardFigures, district_asked, figures, limited, trend_charts
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.desk.works import Outcome, Progressing
from yiyu.docgen.reports.board import make_board
from yiyu.docgen.reports.rate_commands import ROW_FIELDS, unit_rows
from yiyu.registry.commands.options import TEXT, WordChoice
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.reports.reporting import asked_period, units_of
from yiyu.registry.reports.rolling import OFFICE
from yiyu.registry.rules.indicators import INDICATORS, PER_LABEL
from yiyu.registry.rules.rates import Unit
from yiyu.registry.session import OfficeSession

_INDICATOR = WordChoice({key: one.title for key, one in INDICATORS.items()})
_FIRST = ("signed", "visits", "training", "duties", "archived", "renewed", "rectified", "both", "signed_all", "filed")


def show(asking: Asking) -> Response:
    """Rates by 旗区 or town, the total, and lines of the last quarters. A period that cannot be read is said above it."""
    fault, found, charts = "", None, None
    with asking.office() as office:
        district, districts, year = district_asked(asking), regions_of(office), office.today.year
        try:
            found = figures(asking, office, asking.query.get("period", "").strip() or None, district)
            charts = trend_charts(asking, office, found, district)
        except UserError as error:
            fault = str(error)
    periods = [f"{at}Q{quarter}" for at in (year, year - 1) for quarter in (4, 3, 2, 1)] + [
        f"{year}",
        f"{year}H1",
        f"{year}H2",
    ]
    return asking.page(
        "board.html", status=422 if fault else 200, fault=fault, board=found, charts=charts, district=district,
        districts=districts, periods=periods, measures=[INDICATORS[key] for key in _FIRST], per=PER_LABEL,
        groups=found.groups if found else [],
    )  # fmt: skip


def rows(asking: Asking) -> Response:
    """The rows behind one figure."""
    with asking.office() as office:
        indicator, units, found = _units(asking, office)
        kept_here = found.by != OFFICE or asking.query.get("group") == office.workspace.config.region
    one = INDICATORS[indicator]
    table = listing(ROW_FIELDS, unit_rows(units), "/reports/rows", dict(asking.query))
    counted = sum(unit.counts for unit in units)
    return asking.page(
        "board_rows.html", found=table, one=one, counted=counted, total=len(units), period=found.period,
        link={"number": "/agreements/one/"} if kept_here else None,
    )  # fmt: skip


def export_rows(asking: Asking) -> Response:
    """All of them as a workbook."""
    with asking.office() as office:
        indicator, units, _ = _units(asking, office)
    title = INDICATORS[indicator].title
    shown = arranged(ROW_FIELDS, unit_rows(units), asking.query)
    return written(f"{title}.xlsx", lambda path: save_listing(path, title[:28], ROW_FIELDS, shown))


def file(asking: Asking) -> Response:
    """The board as one HTML file that can be handed on: a long work."""
    district, period = district_asked(asking), asking.read("period", TEXT, "时段")
    with asking.office() as office:
        asked_period(office, period)

    def act(folder: Path, progress: Progressing) -> Outcome:
        folder.mkdir(parents=True, exist_ok=True)
        with asking.office() as own:
            made = make_board(limited(own, district), folder / "看板.html", period=period)
        lists = "　".join(f"{title} {count}" for title, count in made.lists)
        return Outcome([f"看板 {made.size / 1024:,.0f} KB，下载后双击即可打开", lists], files=["看板.html"])

    return asking.begin("做看板文件", act, again="/reports")


def _units(asking: Asking, office: OfficeSession) -> tuple[str, list[Unit], BoardFigures]:
    """What the address asks for. Raises BadInput."""
    indicator = asking.asked("indicator", _INDICATOR, "指标")
    if indicator is None:
        raise BadInput("没有说是哪个指标", remedy="请从报表里点开一个数")
    found = figures(asking, office, asking.query.get("period", "").strip() or None, district_asked(asking))
    group = asking.query.get("group", "")
    wanted = (unit for name, those in found.units.items() if group in ("", name) for unit in those)
    return indicator, units_of(wanted, indicator), found
