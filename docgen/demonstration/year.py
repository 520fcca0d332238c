"""The year after the first season: visits, gaps, a waiver, findings, reports, and its end in the archive."""

import datetime as dt
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

from yiyu.docgen.archive.intake import intake
from yiyu.docgen.archive.verifying import verify
from yiyu.docgen.archive.volumes import make_volume
from yiyu.docgen.documents.printing import print_agreements
from yiyu.docgen.reports.board import make_board
from yiyu.docgen.reports.report_documents import make_report, write_certificates
from yiyu.docgen.scans.binding import ScannedPage, bind
from yiyu.docgen.scans.reading import thumbnails
from yiyu.registry.activities.adding import add
from yiyu.registry.activities.findings import findings, recheck
from yiyu.registry.archive.numbering import number
from yiyu.registry.duties.listing import duty_rows
from yiyu.registry.duties.planning import waive
from yiyu.registry.errors import ProgramFault
from yiyu.registry.files import scratch, write_atomic
from yiyu.registry.model import DocKind, Kind
from yiyu.registry.office.backing_up import back_up
from yiyu.registry.reports.manual_figures import assess, enter_figure
from yiyu.registry.reports.people import report_hours
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.rules.activities import Activity, Finding, Person
from yiyu.registry.rules.duties import DutyRow
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.institutions import all_institutions
from yiyu.registry.store.standings import standings

_PEOPLE = (("王某某", "主治医师"), ("李某某", "护师"), ("额尔敦某", "医师"))
_PHOTO = b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8Q"
    "EBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k="
)
"""A picture of one grey pixel: every activity of the demonstration has its own copy, told apart by what is behind it."""


def year(office: OfficeSession) -> Iterator[str]:
    """Activities of the year up to today, every sixth left out; each step is done when its line is given."""
    rows = [row for row in duty_rows(office) if row.number and row.state in ("due", "missed", "not_yet")]
    asked = [row for row in rows if {"上门指导", "培训讲座"} & set(row.forms) and row.source]
    done = [row for order, row in enumerate(asked) if order % 6 and _day(office, row, order) is not None]
    for order, row in enumerate(done):
        _serve(office, row, order)
    yield f"活动：登记上门指导和培训 {len(done)} 次，另有 {len(asked) - len(done)} 次没有做，留作缺口"
    missed = next((row for row in duty_rows(office) if row.number and row.state == "missed"), None)
    if missed is not None:
        waive(office, missed.number, duty=missed.duty, period=missed.period, reason="托育机构装修停业，双方约定顺延")
        yield f"免除：{missed.institution}的{missed.title}（{missed.period}），写明原因，不计入分母"
    yield from _looked_into(office)


def reports(office: OfficeSession) -> Iterator[str]:
    """The numbers, the board, the year's report and the certificates."""
    total = report_rates(office)[0][-1].rates
    yield f"报表：签约率 {total['signed']}，本季上门履约率 {total['visits']}，归档率 {total['archived']}"
    people = [one for one in report_hours(office, office.today.year) if one.minutes]
    output = office.workspace.output
    if people:
        write_certificates(office, output / "服务时长证明.docx", year=office.today.year)
        yield f"时长：{len(people)} 人共 {sum(one.hours for one in people):g} 小时，证明在 output/服务时长证明.docx"
    make_report(office, "year", period=str(office.today.year), out=output / "年度报告.docx")
    board = make_board(office, output / "看板.html")
    yield f"看板：{office.workspace.relative(board.path)}，双击即可打开；年度报告在 output/年度报告.docx"


def _looked_into(office: OfficeSession) -> Iterator[str]:
    found = findings(office, open_only=True)
    for one in found[::2]:
        recheck(office, one.finding.id, on=office.today, outcome="已整改到位")
    names = [i.name for i in all_institutions(office.db, office.today) if i.kind is Kind.CHILDCARE and i.filed]
    june = min(dt.date(office.today.year, 6, 15), office.today)
    assess(office, names[: len(names) * 4 // 5], "self_assessed", on=june, problems=2)
    region, spoken = office.workspace.config.region, f"{office.today.year}年妇幼卫生年报（示例）"
    enter_figure(
        office, "tcm", district=region, year=office.today.year, numerator=9120, denominator=10030, source=spoken
    )
    yield f"整改：发现问题 {len(found)} 个，复查整改 {len(found[::2])} 个；自评 {len(names) * 4 // 5} 家"


def _day(office: OfficeSession, row: DutyRow, order: int) -> dt.date | None:
    """A weekday in the period, spread over it, or None where the period has none up to today."""
    last = min(row.due_by, office.today)
    days = (last - row.opens_on).days
    if days < 0:
        return None
    day = row.opens_on + dt.timedelta(days=order * 7 % (days + 1))
    return (
        day - dt.timedelta(days=max(0, day.weekday() - 4))
        if day.weekday() > 4 and (day - row.opens_on).days > 1
        else day
    )


def _serve(office: OfficeSession, row: DutyRow, order: int) -> None:
    """One activity that fulfils a duty; now and then without a picture, or with something found."""
    name, title = _PEOPLE[order % len(_PEOPLE)]
    training = "培训讲座" in row.forms
    day, hour = _day(office, row, order), 9 + order % 5
    assert day is not None  # noqa: S101 - only rows with a day come here; narrows the type
    photo = office.workspace.root / "示例照片" / f"{order + 1:03}.jpg"
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
    add(office, activity, evidence=[str(photo)] if order % 9 else [], again=True)


def _scanned(printed: Path, out: Path, pages: int) -> Path:
    """Pictures of the printed pages, as a scanner gives them."""
    with scratch() as folder:
        [(_, pictures)] = thumbnails({printed: range(1, pages + 1)})
        files = [folder / f"{page:03}.jpg" for page in pictures]
        for path, picture in zip(files, pictures.values(), strict=True):
            write_atomic(path, picture)
        bind([ScannedPage(path, 1) for path in files], out)
    return out


def home(office: OfficeSession) -> Iterator[str]:
    """What comes home of two sealed agreements; where this machine cannot print or read scans, a line says so."""
    ready = [one.agreement.number for one in standings(office.db, office.today) if one.state.filing == "received"][-2:]
    printed = office.workspace.output / "打印.pdf"
    try:
        made = print_agreements(office, ready, printed, kinds=(DocKind.AGREEMENT, DocKind.SERVICE_LIST))
        yield f"打印：{' 和 '.join(ready)} 共 {made.pages} 页，每页带识别码，在 output/打印.pdf"
        taken = intake(office, [_scanned(printed, printed.with_name("扫描.pdf"), made.pages)])
        yield f"收件：印出来的纸当作已签好，扫描成 output/扫描.pdf 收进来，{taken.pages} 页归位 {taken.placed} 页，原件照存"
    except ProgramFault as missing:
        yield f"打印和收件没有演示：{missing}"
    else:
        numbered = number(office, ready)
        volume = office.workspace.output / "卷宗.pdf"
        bound = make_volume(office, ready, volume)
        checked = verify(office)
        codes = "、".join(item.code for item, _ in numbered.items)
        yield f"归档：档号 {codes}；卷宗 {bound.pages} 页；核验 {checked.checked} 个文件，问题 {len(checked.faults)} 个"
    saved = back_up(office)
    yield f"备份：{office.workspace.relative(saved.path)}，写好后已核对"
