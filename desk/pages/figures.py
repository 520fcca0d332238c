"""The figures behind the board, counted once for every page that shows them: rates by 旗区 or town, and their rows."""

from dataclasses import dataclass, replace

from yiyu.desk.asking import Asking
from yiyu.docgen.board.charts import TrendChart, trend_lines
from yiyu.docgen.reports.board import trends_of
from yiyu.registry.commands.options import DISTRICT
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.reporting import RateRow, asked_period, rate_table
from yiyu.registry.reports.trends import quarter_trend
from yiyu.registry.rules.duties import Period
from yiyu.registry.rules.rates import Unit
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession

QUARTERS = 3
"""So many quarters before the last are counted for the lines, though nothing was issued of them."""


@dataclass(frozen=True, slots=True)
class BoardFigures:
    """``by``: district, or town where all is of one 旗区; ``rows`` has the total last."""

    period: Period
    by: str
    rows: list[RateRow]
    left_out: list[str]
    units: list[Unit]


def district_asked(asking: Asking) -> str:
    """The 旗区 that the address asks for, or the person is limited to; "" for the whole office. Raises BadInput."""
    return asking.person.district or asking.asked("district", DISTRICT, "旗区") or ""


def figures(asking: Asking, office: OfficeSession, period: str | None, district: str) -> BoardFigures:
    """Raises BadInput for a period that cannot be read, StillCountingError while it is counted."""
    asked = asked_period(office, period)
    return asking.counted(office, ("board", asked.text, district), lambda own: _counted(limited(own, district), asked))


def trend_charts(asking: Asking, office: OfficeSession, found: BoardFigures, district: str) -> list[TrendChart] | None:
    """A small chart for each rate over the last quarters; None while they are counted for the first time."""
    charts, _ = asking.lately(
        office, ("trends", found.period.text, district), lambda own: _charts(limited(own, district), found)
    )
    return charts


def limited(office: OfficeSession, district: str) -> OfficeSession:
    """The session limited to a 旗区 besides what it is limited to already."""
    return replace(office, scope=Scope(district)) if district else office


def _counted(office: OfficeSession, period: Period) -> BoardFigures:
    inputs = rate_inputs(office, period)
    units = inputs.all_units()
    by = "district" if len({unit.district for unit in units}) > 1 else "town"
    rows, left_out = rate_table(inputs, units, by)
    return BoardFigures(period, by, rows, left_out, units)


def _charts(office: OfficeSession, found: BoardFigures) -> list[TrendChart]:
    quarters = quarter_trend(office, found.period, found.rows[-1].rates, back=QUARTERS)
    return [trend_lines(one) for one in trends_of(quarters)]
