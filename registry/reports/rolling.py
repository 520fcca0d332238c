"""Figures over several offices: each is asked by itself, and what they answer is put together.

What an office answers is what it prints itself; nothing of it is counted a second time here, so that no figure of the
region can differ from the figures it is made of.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from operator import add
from typing import NamedTuple, TypeVar

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


class Answered(NamedTuple):
    """One table of a part of the region. ``own``: it is of the registry of the office that asks."""

    part: PartOfRegion
    own: bool
    table: RateTable


def own_name(office: OfficeSession) -> str:
    """What the office's own registry is called beside those of the offices below."""
    return f"{district_name(office.workspace.config.region)}本级"


def put_together(
    office: OfficeSession, year: int, answers: Iterable[tuple[PartOfRegion, RateTable]], by: str
) -> RateTable:
    """The tables of all parts as one, its rows by office or by what the tables are by; the own registry comes first."""
    found = [Answered(part, at == 0, table) for at, (part, table) in enumerate(answers)]
    rows = _by_office(found) if by == OFFICE else _by_group(found)
    total = {key: _sum(one.table.total.rates[key] for one in found) for key in INDICATORS}
    below = [(one.part.code, one.table.total.entered) for one in found if not one.own]
    scope = office.scope
    values = {} if scope.town or scope.provider else IndicatorValues(office, year, below).of(scope.district)
    left_out = reduce(add, (one.table.left_out for one in found), LeftOut(office.known_on, 0, 0, 0))
    return RateTable((*rows, RateRow(TOTAL, "", total, values)), left_out)


def _by_office(found: Iterable[Answered]) -> list[RateRow]:
    """Each office as it counts itself; the office that asks only where its own registry holds something."""
    named = (
        (one, replace(one.table.total, group=one.part.name, code="" if one.own else one.part.code)) for one in found
    )
    return [row for one, row in named if not one.own or any(rate.denominator for rate in row.rates.values())]


def _by_group(found: Iterable[Answered]) -> list[RateRow]:
    """Groups of one name in several offices are one row; its figures from elsewhere are those of the office it is."""
    rows: dict[tuple[str, str], RateRow] = {}
    for one in found:
        for row in one.table.rows[:-1]:
            known = rows.get((row.code, row.group))
            rows[row.code, row.group] = row if known is None else _joined(known, row, mine=row.code == one.part.code)
    return [rows[key] for key in sorted(rows)]


def _joined(known: RateRow, row: RateRow, *, mine: bool) -> RateRow:
    entered: Mapping[str, IndicatorValue] = row.entered if mine or not known.entered else known.entered
    rates = {key: _sum((known.rates[key], row.rates[key])) for key in INDICATORS}
    return RateRow(known.group, known.code, rates, entered)


def _sum(those: Iterable[Rate]) -> Rate:
    return reduce(
        lambda one, other: Rate(one.numerator + other.numerator, one.denominator + other.denominator), those, NOTHING
    )
