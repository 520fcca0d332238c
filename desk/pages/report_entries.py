"""What is typed in for the reports: steps of the yearly self-assessment, progress of tasks, figures from elsewhere."""

import click
from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.access import own_institutions
from yiyu.desk.pages.every_agreement import districts_of
from yiyu.desk.pages.figures import district_asked
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.registry.commands.options import DATE, DISTRICT, TEXT, WordChoice
from yiyu.registry.errors import BadInput, UserError
from yiyu.registry.reports.figure_commands import LOOP_FIELDS, TASK_FIELDS, YEAR, loop_row, task_row
from yiyu.registry.reports.indicator_values import IndicatorValues
from yiyu.registry.reports.manual_figures import STATUS_LABEL, STEPS, assess, enter_figure, loops, progress, worklist
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.indicators import FIGURES

_STEP, _STATUS = WordChoice(STEPS), WordChoice(STATUS_LABEL)
_FIGURE = WordChoice({key: one.title for key, one in FIGURES.items()})
_COUNT = click.IntRange(min=0)


def self_assessment(asking: Asking) -> Response:
    """How far each institution is in the yearly loop."""
    return _loops(asking)


def export_self_assessment(asking: Asking) -> Response:
    """All of it as a workbook."""
    with asking.office() as office:
        year = asking.asked("year", YEAR, "年度") or office.today.year
        rows = [loop_row(one) for one in loops(office, year, district_asked(asking))]
    shown = arranged(LOOP_FIELDS, rows, asking.query)
    return written("年度自评.xlsx", lambda path: save_listing(path, "年度自评", LOOP_FIELDS, shown))


def record_assessment(asking: Asking) -> Response:
    """Record a step for those that were ticked, or for none and say why."""
    names = asking.texts("institution")
    try:
        if not names:
            raise BadInput("没有选机构", remedy="请在清单里勾选后再做")
        step, on = asking.needed("step", _STEP, "哪一步"), asking.needed("on", DATE, "日期")
        with asking.office() as office:
            own_institutions(office, names)
            found = assess(
                office, names, step, on=on, year=asking.read("year", YEAR, "年度"),
                problems=asking.read("problems", _COUNT, "问题数"), note=asking.read("note", TEXT, "说明") or "",
            )  # fmt: skip
    except UserError as error:
        return _loops(asking, str(error))
    return asking.go("/reports/self-assessment", f"已登记{STEPS[step]} {len(found)} 家（{on}）")


def tasks(asking: Asking) -> Response:
    """工作清单 with how far each task is."""
    return _tasks(asking)


def record_progress(asking: Asking) -> Response:
    """Record how far a task is."""
    try:
        district = _own_district(asking)
        status, on = asking.needed("state", _STATUS, "进度"), asking.needed("on", DATE, "日期")
        with asking.office() as office:
            note = asking.read("note", TEXT, "说明") or ""
            done = progress(office, asking.text("task"), status, on=on, district=district, note=note)
    except UserError as error:
        return _tasks(asking, str(error))
    told = f"已登记 {district_name(done.district)} {done.title}：{STATUS_LABEL[status]}"
    return asking.go(f"/reports/worklist?district={district}", told)


def entered(asking: Asking) -> Response:
    """Figures that the registry does not compute, beside their targets, and the form to enter one."""
    return _entered(asking)


def enter(asking: Asking) -> Response:
    """Enter a figure with its source."""
    number = click.FLOAT
    try:
        district = _own_district(asking)
        year, source = asking.needed("year", YEAR, "年度"), asking.needed("source", TEXT, "出处")
        with asking.office() as office:
            figure = enter_figure(
                office, asking.needed("indicator", _FIGURE, "指标"), district=district, year=year, source=source,
                value=asking.read("value", number, "数值"), numerator=asking.read("numerator", number, "分子"),
                denominator=asking.read("denominator", number, "分母"),
            )  # fmt: skip
            title, unit = office.pack.worded(FIGURES[figure.indicator].title), FIGURES[figure.indicator].unit
    except UserError as error:
        return _entered(asking, str(error))
    told = f"已登记 {district_name(figure.district)} {figure.year} 年{title} {figure.value:g}{unit}（{figure.source}）"
    return asking.go(f"/reports/entered?district={district}&year={year}", told)


def _own_district(asking: Asking) -> str:
    """The 旗区 of the form; of a person who is limited to one it must be that. Raises BadInput."""
    district: str = asking.read("district", DISTRICT, "旗区") or ""
    if asking.person.district not in ("", district):
        raise BadInput("只能登记本旗区的", remedy="请在旗区里选本旗区")
    return district


def _loops(asking: Asking, fault: str = "") -> Response:
    with asking.office() as office:
        year, district = asking.asked("year", YEAR, "年度") or office.today.year, district_asked(asking)
        rows = asking.remembered(
            office, ("loops", year, district), lambda: [loop_row(one) for one in loops(office, year, district)]
        )
        districts, today = districts_of(office), office.today
    found = listing(LOOP_FIELDS, rows, "/reports/self-assessment", dict(asking.query))
    return asking.page(
        "self_assessment.html", status=422 if fault else 200, found=found, year=year, district=district,
        districts=districts, steps=STEPS, today=today, fault=fault,
    )  # fmt: skip


def _tasks(asking: Asking, fault: str = "") -> Response:
    with asking.office() as office:
        district = district_asked(asking)
        rows = asking.remembered(
            office, ("tasks", district), lambda: [task_row(one) for one in worklist(office, district)]
        )
        districts, today = districts_of(office), office.today
    return asking.page(
        "worklist.html", status=422 if fault else 200, rows=rows, columns=[one for one in TASK_FIELDS if one.key != "key"],
        district=district, districts=districts, statuses=STATUS_LABEL, today=today, fault=fault,
    )  # fmt: skip


def _entered(asking: Asking, fault: str = "") -> Response:
    with asking.office() as office:
        year, district = asking.asked("year", YEAR, "年度") or office.today.year, district_asked(asking)
        values = IndicatorValues(office, year).of(district)
        districts = districts_of(office)
    return asking.page(
        "entered.html", status=422 if fault else 200, values=values, year=year, district=district, districts=districts,
        fault=fault,
    )  # fmt: skip
