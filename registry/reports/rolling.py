"""Figures over several offices: each is asked by itself, and what they answer is put together.

What an office answers is what it prints itself; nothing of it is counted a second time here, so that no figure of the
region can differ from the figures it is made of.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from yiyu.registry.reports.indicator_values import IndicatorValue, IndicatorValues
from yiyu.registry.reports.rate_tables import TOTAL, LeftOut, RateRow, RateTable
from yiyu.registry.rules.districts import district_name
from yiyu.registry.rules.indicators import INDICATORS
from yiyu.registry.rules.rates import Rate
from yiyu.registry.session import OfficeSession, PartOfRegion, Question

Answer = TypeVar("Answer")

OFFICE = "office"
"""The grouping by the offices that report, beside those of :data:`yiyu.registry.rules.rates.GROUPS`."""
NOTHING = Rate(0, 0)


def ask(office: OfficeSession, question: Question[Answer]) -> Answer:
    """What an office answers: its registry alone, or together with the offices below it, and those below them."""
    return question.own(office) if office.below is None else question.join(office, _answers(office, question))


def _answers(office: OfficeSession, question: Question[Answer]) -> Iterator[tuple[PartOfRegion, Answer]]:
    region = office.workspace.config.region
    yield PartOfRegion(region, own_name(office)), question.own(replace(office, below=None))
    if office.below is not None:
        yield from office.below.answers(office, question)


def own_name(office: OfficeSession) -> str:
    """What the office's own registry is called beside those of the offices below."""
    return f"{district_name(office.workspace.config.region)}本级"


def put_together(
    office: OfficeSession, year: int, answers: Iterable[tuple[PartOfRegion, RateTable]], by: str
) -> RateTable:
    """The tables of all parts as one, its rows by office or by what the tables are by; the own registry comes first.

    Of each table only its rows are kept, or its total, so that what is held at once grows with the rows alone.
    """
    rows: dict[tuple[str, str], RateRow] = {}
    total, left_out = dict.fromkeys(INDICATORS, NOTHING), LeftOut(office.known_on, 0, 0, 0)
    below: list[tuple[str, Mapping[str, IndicatorValue]]] = []
    for at, (part, table) in enumerate(answers):
        own = at == 0
        total = _sum(total, table.total.rates)
        left_out += table.left_out
        below += [] if own else [(part.code, table.total.entered)]
        for row in [_of_office(part, table.total, own=own)] if by == OFFICE else table.rows[:-1]:
            known = rows.get((row.code, row.group))
            rows[row.code, row.group] = row if known is None else _joined(known, row, mine=row.code == part.code)
    scope = office.scope
    values = {} if scope.town or scope.provider else IndicatorValues(office, year, below).of(scope.district)
    shown = rows.values() if by == OFFICE else (rows[key] for key in sorted(rows))
    kept = [row for row in shown if row.code or by != OFFICE or any(one.denominator for one in row.rates.values())]
    return RateTable((*kept, RateRow(TOTAL, "", total, values)), left_out)


def _of_office(part: PartOfRegion, total: RateRow, *, own: bool) -> RateRow:
    """Its total as a row; the own registry of who asks is none of the offices, and has no code."""
    return replace(total, group=part.name, code="" if own else part.code)


def _joined(known: RateRow, row: RateRow, *, mine: bool) -> RateRow:
    """Groups of one name in several offices; figures from elsewhere are those of the office that the group is."""
    entered = row.entered if mine or not known.entered else known.entered
    return RateRow(known.group, known.code, _sum(known.rates, row.rates), entered)


def _sum(one: Mapping[str, Rate], other: Mapping[str, Rate]) -> dict[str, Rate]:
    return {
        key: Rate(one[key].numerator + other[key].numerator, one[key].denominator + other[key].denominator)
        for key in INDICATORS
    }
