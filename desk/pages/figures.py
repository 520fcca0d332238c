"""The figures behind the board, counted once for every page that shows them: rates by 旗区, town or office, and their rows."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from yiyu.desk.asking import Asking
from yiyu.docgen.board.charts import TrendChart, trend_lines
from yiyu.docgen.reports.board import trends_of
from yiyu.registry.commands.options import DISTRICT
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.rate_tables import RateRow, RateTable, rate_table
from yiyu.registry.reports.reporting import asked_period, not_handed_in
from yiyu.registry.reports.rolling import OFFICE, asked_everywhere, put_together
from yiyu.registry.reports.trends import quarter_trend
from yiyu.registry.rules.duties import Period
from yiyu.registry.rules.rates import GROUPS, Unit
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession, Question

QUARTERS = 3
"""So many quarters before the last are counted for the lines, though nothing was issued of them."""


@dataclass(frozen=True, slots=True)
class BoardFigures:
    """``by``: district, town where all is of one 旗区, or office; ``rows`` has the total last.

    ``units``: the rows behind every rate by the key of the group they stand in; "" for what is only in the total.
    ``groups``: the keys in the order of ``rows``, "" for the total.
    """

    period: Period
    by: str
    rows: tuple[RateRow, ...]
    left_out: list[str]
    units: Mapping[str, list[Unit]]
    groups: list[str]


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
    if office.below is None:
        by, table, units = _of_one(office, period)
        grouped = defaultdict[str, list[Unit]](list)
        for unit in units:
            group = GROUPS[by](unit)
            grouped[group if group.strip() else ""].append(unit)
        groups = [*sorted(grouped.keys() - {""}), ""]
        return BoardFigures(period, by, table.rows, table.left_out.said, grouped, groups)
    question = Question("figures", {"period": period.text}, lambda own: _of_one(own, period))
    answers = list(asked_everywhere(office, question))
    table = put_together(office, period.year, ((part, one[1]) for part, one in answers), OFFICE)
    left_out, keys = [*table.left_out.said, *not_handed_in(office)], {part.name: part.code for part, _ in answers}
    units_of = {part.code: one[2] for part, one in answers}
    groups = [*(keys[row.group] for row in table.rows[:-1]), ""]
    return BoardFigures(period, OFFICE, table.rows, left_out, units_of, groups)


def _of_one(office: OfficeSession, period: Period) -> tuple[str, RateTable, list[Unit]]:
    inputs = rate_inputs(office, period)
    units = inputs.all_units()
    by = "district" if len({unit.district for unit in units}) > 1 else "town"
    return by, rate_table(inputs, units, by), units


def _charts(office: OfficeSession, found: BoardFigures) -> list[TrendChart]:
    quarters = quarter_trend(office, found.period, found.rows[-1].rates, back=QUARTERS)
    return [trend_lines(one) for one in trends_of(quarters)]
