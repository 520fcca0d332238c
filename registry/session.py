"""What every action needs: the open registry, the workspace, and who asks on which day."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Generic, NamedTuple, Protocol, TypeVar

from sqlite_utils import Database

from yiyu.registry.config import Workspace
from yiyu.registry.errors import BadInput
from yiyu.registry.packs import Pack, load_pack
from yiyu.registry.packs.places import places_of
from yiyu.registry.rules.districts import places_in_use
from yiyu.registry.rules.scope import EVERYTHING, Scope

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Progress = Callable[[int, int], None]
"""Called with how many are done, of how many; a command passes its progress bar."""
_REPORTS = 200
"""A bar moves so often at most: drawing it for each of 100,000 rows would take seconds."""


def unwatched(_done: int, _all: int) -> None:
    """The :data:`Progress` of a caller who does not ask."""


def watched(items: Collection[Item], progress: Progress) -> Iterator[Item]:
    """The items one after another; ``progress`` is told as they are finished, at the end that all are."""
    total, every = len(items), max(1, len(items) // _REPORTS)
    for done, item in enumerate(items, start=1):
        yield item
        if done % every == 0 or done == total:
            progress(done, total)


class PartOfRegion(NamedTuple):
    """An office whose figures are a part of a region's: the ``code`` of its own region, and its name as people call it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Question(Generic[Answer]):
    """What is asked of each of several offices: figures, or rows.

    ``own``: what the registry of one office answers; ``join``: makes one answer of those of an office's own registry, which
    comes first, and of the offices below it. ``name`` and ``options`` say the same question to another machine.
    """

    name: str
    options: Mapping[str, str]
    own: Callable[["OfficeSession"], Answer]
    join: Callable[["OfficeSession", Iterable[tuple[PartOfRegion, Answer]]], Answer]


class OfficesBelow(Protocol):
    """The offices that report to this one, as far as they have handed in."""

    def answers(self, office: "OfficeSession", question: Question[Answer]) -> Iterator[tuple[PartOfRegion, Answer]]:
        """What each answers as of the day asked for, in the order of their codes; one office is open at a time."""

    def left_out(self, office: "OfficeSession") -> list[str]:
        """In words, who has not handed in, or not up to the day asked for."""

    def known_at(self, office: "OfficeSession", moment: str) -> Mapping[str, str]:
        """By region of each: when the facts had been told that were known at an ISO moment; none where none were."""


@dataclass(frozen=True, slots=True)
class OfficeSession:
    """``now`` is an ISO time with offset, kept with what is recorded; ``today`` the civil date rules are asked for.

    ``known_on``: only what had been recorded by the end of that day is seen; None: everything that is known. ``scope``: what of
    the office lists, duties and figures are limited to. ``below``: where offices report to this one, figures are of all of them.
    """

    workspace: Workspace
    db: Database
    today: dt.date
    now: str
    actor: str
    known_on: dt.date | None = None
    scope: Scope = EVERYTHING
    below: OfficesBelow | None = field(default=None, repr=False, compare=False)
    packs_read: dict[str, Pack] = field(default_factory=dict, repr=False, compare=False)
    """Packs by name, each read once a run; a copy of the session for another day shares them."""

    def __post_init__(self) -> None:
        """The districts of this office are those in use from now on (decision 14)."""
        places_in_use.set(partial(places_of, self.workspace))

    def refuse_part(self, what: str) -> None:
        """Raise BadInput where the session is limited to a part of the office, and ``what`` may speak of all of it."""
        if not self.scope.whole:
            raise BadInput(f"{what}会写到别的旗区，不能由只负责一部分的人导入", remedy="请负责全办公室的人导入")

    @property
    def pack(self) -> Pack:
        """The office's own pack. Raises as ``load_pack`` does."""
        return self.pack_named(self.workspace.config.pack)

    def pack_named(self, name: str) -> Pack:
        """The pack of that name, shipped or of the office. Raises as ``load_pack`` does."""
        if name not in self.packs_read:
            self.packs_read[name] = load_pack(name, office=self.workspace.templates)
        return self.packs_read[name]
