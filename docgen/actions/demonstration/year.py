"""What was done in the year: visits and trainings with gaps, a waiver, findings; and the numbers they make."""

import datetime as dt
from base64 import b64decode
from collections.abc import Iterator

from yiyu.docgen.actions.board import make_board
from yiyu.docgen.actions.report_documents import write_certificates, write_year_report
from yiyu.registry.actions.activities.adding import add
from yiyu.registry.actions.activities.findings import findings, recheck
from yiyu.registry.actions.duties import duty_rows
from yiyu.registry.actions.numbers.entering import assess, enter_figure
from yiyu.registry.actions.numbers.reporting import report_rates
from yiyu.registry.actions.numbers.serving import report_hours
from yiyu.registry.actions.waiving import waive
from yiyu.registry.activities import Activity, Finding, Person
from yiyu.registry.desk import Desk
from yiyu.registry.duties import DutyRow
from yiyu.registry.files import write_atomic
from yiyu.registry.model import Kind
from yiyu.registry.store.institutions import all_institutions

_PEOPLE = (("王某某", "主治医师"), ("李某某", "护师"), ("额尔敦某", "医师"))
_PHOTO = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8Q"
    "EBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
)
"""A picture of one grey pixel: every activity of the demonstration has its own copy, told apart by what is behind it."""


def year(desk: Desk) -> Iterator[str]:
    """Activities of the year up to today, every sixth left out; each step is done when its line is given."""
    rows = [row for row in duty_rows(desk) if row.number and row.state in ("due", "missed", "not_yet")]
    asked = [row for row in rows if {"上门指导", "培训讲座"} & set(row.forms) and row.source]
    done = [row for order, row in enumerate(asked) if order % 6 and _day(desk, row, order) is not None]
    for order, row in enumerate(done):
        _serve(desk, row, order)
    yield f"活动：登记上门指导和培训 {len(done)} 次，另有 {len(asked) - len(done)} 次没有做，留作缺口"
    missed = next((row for row in duty_rows(desk) if row.number and row.state == "missed"), None)
    if missed is not None:
        waive(desk, missed.number, duty=missed.duty, period=missed.period, reason="托育机构装修停业，双方约定顺延")
        yield f"免除：{missed.institution}的{missed.title}（{missed.period}），写明原因，不计入分母"
    yield from _looked_into(desk)


def reports(desk: Desk) -> Iterator[str]:
    """The numbers, the board, the year's report and the certificates."""
    total = report_rates(desk)[0][-1].rates
    yield f"报表：签约率 {total['signed']}，本季上门履约率 {total['visits']}，归档率 {total['archived']}"
    people = [one for one in report_hours(desk, desk.today.year) if one.minutes]
    output = desk.workspace.output
    if people:
        write_certificates(desk, output / "服务时长证明.docx", year=desk.today.year)
        yield f"时长：{len(people)} 人共 {sum(one.hours for one in people):g} 小时，证明在 output/服务时长证明.docx"
    write_year_report(desk, output / "年度报告.docx", year=desk.today.year)
    board = make_board(desk, output / "看板.html")
    yield f"看板：{desk.workspace.relative(board.path)}，双击即可打开；年度报告在 output/年度报告.docx"


def _looked_into(desk: Desk) -> Iterator[str]:
    found = findings(desk, open_only=True)
    for one in found[::2]:
        recheck(desk, one.finding.id, on=desk.today, outcome="已整改到位")
    names = [i.name for i in all_institutions(desk.db, desk.today) if i.kind is Kind.CHILDCARE and i.filed]
    june = min(dt.date(desk.today.year, 6, 15), desk.today)
    assess(desk, names[: len(names) * 4 // 5], "self_assessed", on=june, problems=2)
    region, spoken = desk.workspace.config.region, f"{desk.today.year}年妇幼卫生年报（示例）"
    enter_figure(desk, "tcm", district=region, year=desk.today.year, numerator=9120, denominator=10030, source=spoken)
    yield f"整改：发现问题 {len(found)} 个，复查整改 {len(found[::2])} 个；自评 {len(names) * 4 // 5} 家"


def _day(desk: Desk, row: DutyRow, order: int) -> dt.date | None:
    """A weekday in the period, spread over it, or None where the period has none up to today."""
    last = min(row.due_by, desk.today)
    days = (last - row.opens_on).days
    if days < 0:
        return None
    day = row.opens_on + dt.timedelta(days=order * 7 % (days + 1))
    return (
        day - dt.timedelta(days=max(0, day.weekday() - 4))
        if day.weekday() > 4 and (day - row.opens_on).days > 1
        else day
    )


def _serve(desk: Desk, row: DutyRow, order: int) -> None:
    """One activity that fulfils a duty; now and then without a picture, or with something found."""
    name, title = _PEOPLE[order % len(_PEOPLE)]
    training = "培训讲座" in row.forms
    day, hour = _day(desk, row, order), 9 + order % 5
    assert day is not None  # noqa: S101 - only rows with a day come here; narrows the type
    photo = desk.workspace.root / "示例照片" / f"{order + 1:03}.jpg"
    if order % 9:
        write_atomic(photo, _PHOTO + f"{row.number}{row.period}".encode())
    problem = Finding("晨午检记录不全", "补齐并每日核对", day + dt.timedelta(days=14))
    activity = Activity(
        number="",
        on=day,
        form="培训讲座" if training else "上门指导",
        agreements=(row.number,),
        items=row.items[:1],
        starts=dt.time(hour),
        ends=dt.time(hour + 2, 30 * (order % 2)),
        place=row.institution,
        topic=row.title,
        people=(Person(name, row.provider, "儿童保健科", title),),
        counts={"从业人员": 6 + order % 7} if training else {"婴幼儿": 20 + order % 30},
        findings=(problem,) if order % 8 == 3 else (),
    )
    add(desk, activity, evidence=[str(photo)] if order % 9 else [], again=True)
