"""What a board shows: plain data, Chinese texts as they stand on the page."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Cell = str | int
Row = tuple[Cell, ...]
ENDING, RATE = "ending", "rate-"
"""The key of the calendar's table, and what keys of the tables behind rates begin with."""


class BoardColumn(NamedTuple):
    """``code`` is a text that is never broken, as a date; ``count`` holds integers and stands to the right."""

    heading: str
    kind: Literal["text", "code", "count"] = "text"


@dataclass(frozen=True, slots=True)
class BoardTable:
    """Rows that a person may open, search and sort. ``key`` is what a figure names to open it."""

    key: str
    title: str
    about: str
    columns: Sequence[BoardColumn]
    rows: Sequence[Row]
    empty: str = "没有记录"
    """What is said when there are no rows."""
    urgent: bool = False
    """Whether each row is already too late."""
    order: Sequence[str] = ()
    """Headings of the columns its rows are sorted by; lists of several offices are sorted by them again."""


class Share(NamedTuple):
    """A numerator and its denominator; ``percent`` is None where there is nothing to divide by."""

    part: int
    whole: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.part / self.whole, 1) if self.whole else None

    @property
    def text(self) -> str:
        return "—" if self.percent is None else f"{self.percent:.1f}%"


class Measure(NamedTuple):
    """One rate: ``unit`` counts what is divided (家, 次, 项), ``about`` says what is divided by what."""

    key: str
    title: str
    about: str
    unit: str


@dataclass(frozen=True, slots=True)
class RateGroup:
    """The rates of one 旗区 or town, by key of the measure."""

    name: str
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Month:
    """What expires in one month; ``prefix`` is what its days begin with, as 2027-01."""

    prefix: str
    ending: int
    renewed: int

    @property
    def year(self) -> int:
        return int(self.prefix[:4])

    @property
    def month(self) -> int:
        return int(self.prefix[5:])


class TrendPoint(NamedTuple):
    """One quarter of an indicator: ``issued`` as it went out, None where nothing did, and as it is known now."""

    label: str
    issued: Share | None
    now: Share


@dataclass(frozen=True, slots=True)
class Trend:
    """An indicator over the quarters, oldest first."""

    title: str
    points: Sequence[TrendPoint]


class Given(NamedTuple):
    """A figure from elsewhere: ``text`` as printed, "" where nobody has filled it in; ``reached`` None: no target.

    ``target`` only where it is not that of the whole line. ``excluded``: where it says that there is none.
    """

    text: str
    source: str
    reached: bool | None
    target: str
    excluded: str


@dataclass(frozen=True, slots=True)
class BoardFigure:
    """One indicator from elsewhere; ``given`` by place in the order of :attr:`Board.places`."""

    title: str
    target: str
    given: Sequence[Given]


@dataclass(frozen=True, slots=True)
class Board:
    """``groups`` are of one kind, named ``grouped_by``; ``total`` is over all, also what belongs to no group."""

    office: str
    day: dt.date
    period: str
    period_ends: dt.date
    made_at: str
    left_out: Sequence[str]
    measures: Sequence[Measure]
    total: RateGroup
    groups: Sequence[RateGroup]
    grouped_by: str
    months: Sequence[Month]
    later: int
    """How many end after the last month shown."""
    ending: BoardTable
    """All agreements behind ``months`` and ``later``."""
    lists: Sequence[BoardTable]
    units: Sequence[BoardTable]
    """The rows behind each measure, under the measure's key."""
    places: Sequence[str]
    figures: Sequence[BoardFigure]
    trends: Sequence[Trend] = ()
    """Of each indicator that has a value in some quarter; all over the same quarters."""
