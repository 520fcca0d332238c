"""The districts of the office at hand, for whoever reads or shows one. Pure; the front door and the session set them.

Decision 14 says why this one thing is not handed from function to function.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the front door imports this module
    from collections.abc import Callable

    from yiyu.registry.rules.places import Places

COUNTY = "旗区"
"""What our own words call a region of county level; a pack may say what it is called in its region."""


class PlacesInUse:
    """The places of the office at hand; who opens it sets them, and they are read when first asked for."""

    def __init__(self) -> None:
        self._supply: Callable[[], Places] | None = None
        self._places: Places | None = None

    def set(self, supply: "Callable[[], Places]") -> None:
        """From now on the places are what ``supply`` gives."""
        self._supply, self._places = supply, None

    def __call__(self) -> "Places":
        """The places in use. Raises LookupError where no office was opened."""
        if self._places is None:
            if self._supply is None:
                raise LookupError("no office is open: its front door sets the places in use")
            self._places = self._supply()
        return self._places


places_in_use = PlacesInUse()


def district_code(text: str) -> str | None:
    """GB/T 2260 code of a cell; None where it means no district or may mean several."""
    found = places_in_use().find(text)
    return found[0].code if len(found) == 1 else None


def district_name(code: str) -> str:
    """The name by which an office tells a district from all others, or the code itself where it is none."""
    return places_in_use().label(code)
