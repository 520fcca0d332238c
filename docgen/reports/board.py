"""The board: each source is asked once, put into words, and written as one page."""

from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from operator import attrgetter
from pathlib import Path

import msgspec

from yiyu.docgen.board.model import (
    RATE,
    Board,
    BoardColumn,
    BoardFigure,
    BoardTable,
    Given,
    Measure,
    RateGroup,
    Row,
    Share,
    Trend,
    TrendPoint,
)
from yiyu.docgen.board.page import page
from yiyu.docgen.reports.board_lists import Lists
from yiyu.registry.files import write_atomic
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.indicator_values import IndicatorValue
from yiyu.registry.reports.reporting import RateRow, asked_period, group_name, rate_table
from yiyu.registry.reports.trends import QuarterFigures, quarter_trend
from yiyu.registry.rules.districts import COUNTY, district_name
from yiyu.registry.rules.indicators import FIGURES, INDICATORS
from yiyu.registry.rules.phones import without_telephones
from yiyu.registry.rules.rates import GROUPS, Rate, Unit
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.bulk import gc_paused

_ASSETS = (".html.j2", ".css", ".js")
_GROUPED_BY = {"district": COUNTY, "town": "乡镇"}
_ORDER = (
    "signed", "visits", "signed_all", "both", "duties", "training", "archived", "renewed", "rectified", "filed",
    "participation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BoardResult:
    """``size`` in bytes; ``lists`` gives each list's title and how many rows it has."""

    path: Path
    size: int
    lists: tuple[tuple[str, int], ...]


@gc_paused()
def make_board(office: OfficeSession, target: Path, *, period: str | None = None, quarters: int = 0) -> BoardResult:
    """Write the board of the day asked for to ``target``. Raises BadInput for a period written otherwise, FileFault."""
    board = board_of(office, period=period, quarters=quarters)
    data = board_page(board).encode()
    write_atomic(target, data)
    return BoardResult(target, len(data), tuple((one.title, len(one.rows)) for one in board.lists))


def board_page(board: Board) -> str:
    """The board as one HTML document, with the templates, style and script of ``docgen/board``."""
    folder = files("yiyu.docgen.board")
    assets = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(_ASSETS)}
    return page(board, assets=assets, encode=lambda value: msgspec.json.encode(value).decode())


def board_of(office: OfficeSession, *, period: str | None = None, quarters: int = 0) -> Board:
    """Everything the page shows, as of the day asked for; for ``quarters`` see ``quarter_trend``."""
    inputs = rate_inputs(office, asked_period(office, period))
    units = inputs.all_units()
    by = "district" if len({unit.district for unit in units}) > 1 else "town"
    rows, left_out = rate_table(inputs, units, by)
    typed = [row for row in (rows[-1], *rows[:-1]) if row.entered]
    region, lists = district_name(office.scope.district or office.workspace.config.region), Lists(inputs)
    agreements, months, later = lists.ending()
    county = office.pack.county_word
    return Board(
        office=region,
        day=inputs.office.today,
        period=inputs.period.title,
        period_ends=inputs.period.last,
        made_at=office.now[:16].replace("T", " "),
        left_out=left_out,
        measures=[Measure(key, one.title, one.about, one.unit) for key in _ORDER if (one := INDICATORS[key])],
        total=_group(rows[-1]),
        groups=[_group(row) for row in rows[:-1]],
        grouped_by=_GROUPED_BY[by].replace(COUNTY, county),
        months=months,
        later=later,
        ending=agreements,
        lists=[_local(one, county) for one in lists.all()],
        units=[_local(one, county) for one in _units(units, by)],
        places=[region, *(row.group for row in typed[1:])],
        figures=_figures(typed) if typed else [],
        trends=trends_of(quarter_trend(office, inputs.period, rows[-1].rates, back=quarters)),
    )


def _group(row: RateRow) -> RateGroup:
    return RateGroup(row.group, {key: _share(rate) for key, rate in row.rates.items()})


def trends_of(quarters: list[QuarterFigures]) -> list[Trend]:
    """None of a single quarter of which nothing was issued: that stands above."""
    if len(quarters) == 1 and not quarters[0].issued:
        return []
    found = []
    for key in _ORDER:
        points = [
            TrendPoint(one.quarter.text, _share(one.issued[key]) if key in one.issued else None, _share(one.now[key]))
            for one in quarters
        ]
        if any(share.whole for point in points for share in (point.now, point.issued) if share):
            found.append(Trend(INDICATORS[key].title, points))
    return found


def _share(rate: Rate) -> Share:
    return Share(rate.numerator, rate.denominator)


def _local(table: BoardTable, county: str) -> BoardTable:
    """With the region's own word for 旗区."""
    heads = [one._replace(heading=one.heading.replace(COUNTY, county)) for one in table.columns]
    return replace(table, columns=heads)


def _units(units: list[Unit], by: str) -> list[BoardTable]:
    """The rows behind each rate, those that do not count first; the second column is the group's name."""
    columns = [
        *(BoardColumn(one, "code") for one in ("计入", _GROUPED_BY[by])),
        BoardColumn("机构"),
        BoardColumn("协议编号", "code"),
        BoardColumn("责任单位"),
        BoardColumn("说明"),
    ]
    group_of, called, said = GROUPS[by], cache(group_name), cache(without_telephones)
    rows: dict[str, list[Row]] = {key: [] for key in INDICATORS}
    for one in sorted(units, key=attrgetter("counts", "district")):
        counts, group = "是" if one.counts else "否", called(group_of(one))
        # One after the other: both recur by the thousand, together they hardly do.
        told = (
            said(one.note)
            if not one.reason
            else f"{said(one.note)}：{said(one.reason)}"
            if one.note
            else said(one.reason)
        )
        rows[one.indicator].append((counts, group, one.institution, one.number, one.responsible, told))
    return [BoardTable(RATE + key, INDICATORS[key].title, INDICATORS[key].about, columns, rows[key]) for key in _ORDER]


def _figures(rows: list[RateRow]) -> list[BoardFigure]:
    """A line an indicator; the target is that of the inputs's own region, which stands first."""
    return [
        BoardFigure(
            rows[0].entered[key].title,
            _target(rows[0].entered[key], one.unit),
            [_given(row.entered[key], rows[0].entered[key], one.unit) for row in rows],
        )
        for key, one in FIGURES.items()
    ]


def _target(one: IndicatorValue, unit: str) -> str:
    return "" if one.target is None else f"{one.target_year}年 {one.target:g}{unit}"


def _given(one: IndicatorValue, whole: IndicatorValue, unit: str) -> Given:
    own = _target(one, unit) if one.target != whole.target or one.target_year != whole.target_year else ""
    return Given("" if one.value is None else f"{one.value:g}{unit}", one.source, one.reached, own, one.excluded)
