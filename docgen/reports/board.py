"""The board: each source is asked once, put into words, and written as one page."""

from collections.abc import Iterable, Sequence
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
    Month,
    RateGroup,
    Row,
    Share,
    Trend,
    TrendPoint,
)
from yiyu.docgen.board.page import page
from yiyu.docgen.reports.board_lists import Lists
from yiyu.registry.duties.listing import period_named
from yiyu.registry.files import write_atomic
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.indicator_values import IndicatorValue
from yiyu.registry.reports.rate_tables import RateRow, RateTable, group_name, rate_table
from yiyu.registry.reports.reporting import asked_period, not_handed_in
from yiyu.registry.reports.rolling import OFFICE, ask, put_together
from yiyu.registry.reports.trends import QuarterFigures, quarter_trend
from yiyu.registry.rules.districts import COUNTY, district_name
from yiyu.registry.rules.duties import STATE_LABEL
from yiyu.registry.rules.indicators import FIGURES, INDICATORS
from yiyu.registry.rules.phones import without_telephones
from yiyu.registry.rules.rates import GROUPS, Rate, Unit
from yiyu.registry.session import OfficeSession, PartOfRegion, Question
from yiyu.registry.store.bulk import gc_paused

_ASSETS = (".html.j2", ".css", ".js")
_GROUPED_BY = {"district": COUNTY, "town": "乡镇", OFFICE: "地区"}
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


@dataclass(frozen=True, slots=True)
class BoardAnswer:
    """What one office adds to a board: its rates, its lists with the agreements that end last, the rows behind each rate."""

    by: str
    table: RateTable
    lists: list[BoardTable]
    months: list[Month]
    later: int
    units: list[BoardTable]


def board_question(period: str, rows_by: str) -> Question[BoardAnswer]:
    """``rows_by``: "office" where the rows behind rates say of which office they are, "" for 旗区, or town in a single one."""
    asked = period_named(period)

    def own(office: OfficeSession) -> BoardAnswer:
        inputs = rate_inputs(office, asked)
        units = inputs.all_units()
        by = "district" if rows_by or len({unit.district for unit in units}) > 1 else "town"
        name = district_name(office.workspace.config.region) if rows_by else ""
        agreements, months, later = (lists := Lists(inputs)).ending()
        return BoardAnswer(
            by, rate_table(inputs, units, by), [*lists.all(), agreements], months, later, _units(units, by, name)
        )

    def join(office: OfficeSession, answers: Iterable[tuple[PartOfRegion, BoardAnswer]]) -> BoardAnswer:
        parts, found = zip(*answers, strict=True)
        tables = zip(parts, (one.table for one in found), strict=True)
        cities = any(part.code.endswith("00") for part in parts[1:])
        return BoardAnswer(
            OFFICE if cities else "district",
            put_together(office, asked.year, tables, OFFICE),
            [_joined(those) for those in zip(*(one.lists for one in found), strict=True)],
            [_month(those) for those in zip(*(one.months for one in found), strict=True)],
            sum(one.later for one in found),
            [_joined(those) for those in zip(*(one.units for one in found), strict=True)],
        )

    return Question("board", {"period": period, "rows_by": rows_by}, own, join)


def board_of(office: OfficeSession, *, period: str | None = None, quarters: int = 0) -> Board:
    """Everything the page shows, as of the day asked for; for ``quarters`` see ``quarter_trend``."""
    asked = asked_period(office, period)
    found = ask(office, board_question(asked.text, OFFICE if office.below else ""))
    *rows, total = found.table.rows
    *lists, agreements = found.lists
    typed = [row for row in (total, *rows) if row.entered]
    region, county = district_name(office.scope.district or office.workspace.config.region), office.pack.county_word
    return Board(
        office=region,
        day=min(asked.last, office.today),
        period=asked.title,
        period_ends=asked.last,
        made_at=office.now[:16].replace("T", " "),
        left_out=[*found.table.left_out.said, *not_handed_in(office)],
        measures=[Measure(key, one.title, one.about, one.unit) for key in _ORDER if (one := INDICATORS[key])],
        total=_group(total),
        groups=[_group(row) for row in rows],
        grouped_by=_GROUPED_BY[found.by].replace(COUNTY, county),
        months=found.months,
        later=found.later,
        ending=agreements,
        lists=[_local(one, county) for one in lists],
        units=[_local(one, county) for one in found.units],
        places=[region, *(row.group for row in typed[1:])],
        figures=_figures(typed) if typed else [],
        trends=trends_of(quarter_trend(office, asked, total.rates, back=quarters)),
    )


def _joined(tables: Sequence[BoardTable]) -> BoardTable:
    """The same list of several offices as one, in the order each of them has."""
    rows = [row for table in tables for row in table.rows]
    return replace(tables[0], rows=sorted(rows, key=lambda row: _rank(tables[0], row)))


def _month(those: Sequence[Month]) -> Month:
    return Month(those[0].prefix, sum(one.ending for one in those), sum(one.renewed for one in those))


def _rank(table: BoardTable, row: Row) -> tuple[object, ...]:
    cells = dict(zip((column.heading for column in table.columns), row, strict=True))
    return tuple(
        cells[heading] != STATE_LABEL["missed"] if heading == "状态" else cells[heading] for heading in table.order
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


def _units(units: list[Unit], by: str, office: str = "") -> list[BoardTable]:
    """The rows behind each rate, those that do not count first; the second column is the group's name, or the office's."""
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
        counts, group = "是" if one.counts else "否", office or called(group_of(one))
        # One after the other: both recur by the thousand, together they hardly do.
        told = (
            said(one.note)
            if not one.reason
            else f"{said(one.note)}：{said(one.reason)}"
            if one.note
            else said(one.reason)
        )
        rows[one.indicator].append((counts, group, one.institution, one.number, one.responsible, told))
    return [
        BoardTable(RATE + key, INDICATORS[key].title, INDICATORS[key].about, columns, rows[key], order=("计入",))
        for key in _ORDER
    ]


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
