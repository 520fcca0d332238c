"""The figures behind the board, counted once for every page that shows them: rates by 旗区, town or office, and their rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from yiyu.desk.asking import Asking
from yiyu.docgen.board.charts import TrendChart, trend_lines
from yiyu.docgen.reports.board import trends_of
from yiyu.registry.commands.options import DISTRICT
from yiyu.registry.reports.counting import rate_inputs
from yiyu.registry.reports.rate_tables import RateTable, rate_table
from yiyu.registry.reports.reporting import asked_period, not_handed_in
from yiyu.registry.reports.rolling import OFFICE, ask, put_together
from yiyu.registry.reports.trends import quarter_trend
from yiyu.registry.rules.duties import Period
from yiyu.registry.rules.rates import GROUPS, Unit
from yiyu.registry.rules.scope import Scope
from yiyu.registry.session import OfficeSession, PartOfRegion, Question

QUARTERS = 3
"""So many quarters before the last are counted for the lines, though nothing was issued of them."""


@dataclass(frozen=True, slots=True)
class BoardFigures:
    """Rates of a period, ``by`` district, town where all is of one 旗区, or office.

    ``units``: the rows behind every rate by the key of the group they stand in; "" for what is only in the total.
    ``groups``: the keys in the order of the table's rows, "" for the total. ``left_out``: what no number holds, in words.
    """

    period: Period
    by: str
    table: RateTable
    units: Mapping[str, list[Unit]]
    groups: list[str]
    left_out: list[str] = field(default_factory=list)


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
    def own(part: OfficeSession) -> BoardFigures:
        inputs = rate_inputs(part, period)
        units = inputs.all_units()
        by = "district" if len({unit.district for unit in units}) > 1 else "town"
        table, grouped = rate_table(inputs, units, by), defaultdict[str, list[Unit]](list)
        for unit in units:
            group = GROUPS[by](unit)
            grouped[group if group.strip() else ""].append(unit)
        return BoardFigures(period, by, table, grouped, [*sorted(grouped.keys() - {""}), ""])

    def join(asking: OfficeSession, answers: Iterable[tuple[PartOfRegion, BoardFigures]]) -> BoardFigures:
        found = list(answers)
        table = put_together(asking, period.year, ((part, one.table) for part, one in found), OFFICE)
        units = {part.code: [*chain.from_iterable(one.units.values())] for part, one in found}
        codes = {part.name: part.code for part, _ in found}
        return BoardFigures(period, OFFICE, table, units, [*(codes[row.group] for row in table.rows[:-1]), ""])

    found = ask(office, Question("figures", {"period": period.text}, own, join))
    return replace(found, left_out=[*found.table.left_out.said, *not_handed_in(office)])


def _charts(office: OfficeSession, found: BoardFigures) -> list[TrendChart]:
    quarters = quarter_trend(office, found.period, found.table.total.rates, back=QUARTERS)
    return [trend_lines(one) for one in trends_of(quarters)]
