"""What was read off one page of a scan; travels as JSON between the reading process and us."""

from dataclasses import dataclass
from enum import StrEnum

SECONDS = 7.0
"""Of processor time for a file to open and say how many pages it has, and for any one page."""
SECONDS_A_PAGE = 1.5
"""For each page of all, on top; 0.02 to 0.2 are needed, at 600 dpi 1.1."""


class Red(StrEnum):
    """红章提示: a hint for the eye, never a verdict."""

    SEEN = "seen"
    NOT_SEEN = "not_seen"
    GREY = "grey"
    """A grey scan cannot tell."""


RED_LABEL = {Red.SEEN: "见红章", Red.NOT_SEEN: "未见红章", Red.GREY: "灰度无法判断"}


@dataclass(frozen=True, slots=True)
class Ink:
    """``seals`` are centres of red patches of the size of a seal, as shares of width and height of the upright page.

    ``edge``: red at the right edge, as a 骑缝章 leaves it.
    """

    red: Red
    seals: tuple[tuple[float, float], ...] = ()
    edge: bool = False


@dataclass(frozen=True, slots=True)
class PageReading:
    page: int
    """In the file, from 1."""
    codes: tuple[str, ...]
    """Valid page codes, each once. More than one document or page among them: the scan needs a person."""
    foreign: int
    """Other QR codes on the page."""
    turn: int | None
    """Degrees clockwise that set the page upright: 0, 90, 180, 270; None where no code tells."""
    blank: bool
    ink: Ink


@dataclass(frozen=True, slots=True)
class ReadingAnswer:
    """What the reading process says of a file: first how many pages follow, then each of them; or what is wrong.

    ``thumbnails`` are JPEG, and come in place of readings where they were asked for.
    """

    pages: int = 0
    readings: tuple[PageReading, ...] = ()
    thumbnails: tuple[bytes, ...] = ()
    what: str = ""
