"""The districts of the office at hand, for whoever reads or shows one. Pure; the front door and the session set them.

Decision 14 says why this one thing is not handed from function to function.
"""

import contextlib
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the front door imports this module
    from collections.abc import Callable, Iterator

    from yiyu.registry.rules.places import Places

COUNTY = "旗区"
"""What our own words call a region of county level; a pack may say what it is called in its region."""


class _Supplied:
    """Places that are read when first asked for."""

    def __init__(self, supply: "Callable[[], Places]") -> None:
        self._supply = supply
        self._places: Places | None = None

    def __call__(self) -> "Places":
        if self._places is None:
            self._places = self._supply()
        return self._places


class PlacesInUse:
    """The places of the office at hand; who opens it sets them, for what he does and for whoever has opened none.

    Pages of the desk are made side by side, and one of them may be asking the offices below.
    """

    def __init__(self) -> None:
        self._here: ContextVar[_Supplied | None] = ContextVar("places_in_use", default=None)
        self._anywhere: _Supplied | None = None

    def set(self, supply: "Callable[[], Places]") -> None:
        """From now on the places are what ``supply`` gives."""
        self._anywhere = _Supplied(supply)
        self._here.set(self._anywhere)

    @contextlib.contextmanager
    def restored(self) -> "Iterator[None]":
        """Afterwards the places are again those that are in use now: another office is opened meanwhile."""
        here, anywhere = self._here.get(), self._anywhere
        try:
            yield
        finally:
            self._here.set(here)
            self._anywhere = anywhere

    def __call__(self) -> "Places":
        """The places in use. Raises LookupError where no office was opened."""
        supplied = self._here.get() or self._anywhere
        if supplied is None:
            raise LookupError("no office is open: its front door sets the places in use")
        return supplied()


places_in_use = PlacesInUse()


def district_code(text: str) -> str | None:
    """GB/T 2260 code of a cell; None where it means no district or may mean several."""
    found = places_in_use().find(text)
    return found[0].code if len(found) == 1 else None


def district_name(code: str) -> str:
    """The name by which an office tells a district from all others, or the code itself where it is none."""
    return places_in_use().label(code)
