"""What was read off one page of a scan; travels as JSON between the reading process and us."""

from dataclasses import dataclass
from enum import StrEnum

SECONDS = 7.0
"""Of processor time for a file to open and say how many pages it has, and for any one page."""
SECONDS_A_PAGE = 1.5
"""For each page of all, on top; 0.02 to 0.2 are needed, at 600 dpi 1.1."""


THUMBNAIL = 1100
"""Pixels over the long side of a small picture: A4 at 94 dpi."""
COUNTED = -1
"""In place of a size: the number of pages is all that is asked."""


class Blankness(StrEnum):
    """How much a page bears. Only what is ``BLANK`` beyond doubt needs nobody's eye."""

    BLANK = "blank"
    NEARLY = "nearly"
    """Some marks: a back that shows what is on the front, a stamp, a few words, faint print."""
    WRITTEN = "written"


class Half(StrEnum):
    """The part of a sheet that is a page of its own, as the sheet stands upright: two pages were copied on one of A3."""

    WHOLE = ""
    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


Place = tuple[int, str]
"""A page of a file and the half of it that is meant."""
HALF_LABEL = {Half.WHOLE: "", Half.LEFT: "左", Half.RIGHT: "右", Half.TOP: "上", Half.BOTTOM: "下"}


OTHER_HALF = {
    Half.WHOLE: Half.WHOLE,
    Half.LEFT: Half.RIGHT,
    Half.RIGHT: Half.LEFT,
    Half.TOP: Half.BOTTOM,
    Half.BOTTOM: Half.TOP,
}


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
    half: Half = Half.WHOLE
    codes: tuple[str, ...] = ()
    """Valid page codes, each once. More than one document or page among them: the scan needs a person."""
    foreign: int = 0
    """Other QR codes on the page."""
    turn: int | None = None
    """Degrees clockwise that set the page upright: 0, 90, 180, 270; None where no code tells."""
    blankness: Blankness = Blankness.WRITTEN
    ink: Ink = Ink(Red.GREY)
    unread: str = ""
    """Why the page was not read though others of its file were."""
    printed: bool = False
    """It is drawn in a file without a signature, as a printer gets it, and no picture of paper."""
    locked: bool = False
    """Its file has an owner password: it may be read and not be changed."""

    @property
    def place(self) -> Place:
        """Page and half in its file."""
        return self.page, self.half


@dataclass(frozen=True, slots=True)
class ReadingAnswer:
    """What the reading process says of a file: first how many pages follow, then each of them; or what is wrong.

    A sheet of two pages has two readings. ``pictures`` are JPEG, and come in place of readings where they were asked for.
    """

    pages: int = 0
    readings: tuple[PageReading, ...] = ()
    pictures: tuple[bytes, ...] = ()
    what: str = ""
