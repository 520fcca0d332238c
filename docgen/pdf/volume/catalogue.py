"""The contents of a volume as a catalogue: every document with number, date, pages and the beginning of its SHA-256."""

from collections.abc import Sequence

from yiyu.docgen.pdf.drawing import HEIGHT, Drawing
from yiyu.docgen.pdf.volume.contents import Placed, Section, Volume
from yiyu.docgen.pdf.volume.listing import GREY, HEAVY, LEFT, MIDDLE, RIGHT, roman

TITLE, _GO_ON = "材料目录", "材料目录（续）"
HEADS = (TITLE, _GO_ON)
_COLUMNS = ("序号", "题名", "日期", "页数", "页码", "SHA-256（前12位）")
_LACKING, _HINT = "缺", "页码从目录之后数起；点击题名可到该页。校验值全文见文件夹里的清单。"
TEXTS = (*_COLUMNS, _LACKING, _HINT, "0123456789abcdef-ivxl")

_TOP, _FOOT = 85, HEIGHT - 72
_SIZE, _LEADING, _HEAD = 9, 14, 11
_INDENT, _DATE, _PAGES, _PAGE, _DIGEST = LEFT + 26, LEFT + 250, LEFT + 332, LEFT + 364, RIGHT - 68
_ROOM = _DATE - _INDENT - 10
SHORT = 12
"""So many characters of a SHA-256 are printed."""


def catalogue(volume: Volume, parts: Sequence[Sequence[Placed]], drawing: Drawing) -> None:
    """As many pages as it takes, in the place of the contents; what is lacking stands there with the reason."""
    page, number = _Page(drawing), 0
    for section, of_one in zip(volume.sections, parts, strict=True):
        page.heading(section)
        for one in of_one:
            number += 1
            page.row(number, one)
        for title, why in section.missing:
            page.missing(title, why)


class _Page:
    """The place to go on at; a row that does not fit begins a page."""

    def __init__(self, drawing: Drawing) -> None:
        self._drawing, self._y = drawing, float(_FOOT)

    def heading(self, section: Section) -> None:
        lines = self._drawing.wrap(f"{section.number}\u3000{section.subject}\u3000{section.title}", _HEAD, RIGHT - LEFT)
        self._room(18 * len(lines) + 2 * _LEADING)
        for line in lines:
            self._drawing.text(LEFT, self._y + 4, _HEAD, line)
            self._y += 18
        self._y += 2

    def row(self, number: int, one: Placed) -> None:
        drawing, lines = self._drawing, self._drawing.wrap(one.part.title, _SIZE, _ROOM)
        self._room(_LEADING * len(lines))
        y = self._y
        drawing.link(LEFT, y - _SIZE, RIGHT, y + _LEADING * (len(lines) - 1) + 3, one.key)
        drawing.text(LEFT + 18, y, _SIZE, str(number), to=1)
        drawing.text(_DATE, y, _SIZE, one.part.dated)
        drawing.text(_PAGES, y, _SIZE, str(one.part.length), to=1)
        drawing.text(_PAGE, y, _SIZE, str(one.page), to=1)
        drawing.text(_DIGEST, y, _SIZE, one.part.sha256[:SHORT])
        self._lines(lines)

    def missing(self, title: str, why: str) -> None:
        lines = self._drawing.wrap(f"{title}：{why}", _SIZE, RIGHT - _INDENT)
        self._room(_LEADING * len(lines))
        self._drawing.colour(GREY)
        self._drawing.text(LEFT + 18, self._y, _SIZE, _LACKING, to=1)
        self._lines(lines)
        self._drawing.colour(0)

    def _lines(self, lines: Sequence[str]) -> None:
        for line in lines:
            self._drawing.text(_INDENT, self._y, _SIZE, line)
            self._y += _LEADING
        self._y += 2

    def _room(self, height: float) -> None:
        if self._y + height <= _FOOT:
            return
        drawing = self._drawing
        drawing.page()
        first, y = drawing.pages == 2, _TOP
        drawing.text(MIDDLE, y, 22 if first else 12, HEADS[not first], to=0.5, style=HEAVY)
        y += 40 if first else 24
        drawing.line(LEFT, y - 15, RIGHT, y - 15, 1)
        places = ((LEFT, 0), (_INDENT, 0), (_DATE, 0), (_PAGES, 1), (_PAGE, 1), (_DIGEST, 0))
        for text, (x, to) in zip(_COLUMNS, places, strict=True):
            drawing.text(x, y, 8, text, to=to)
        drawing.line(LEFT, y + 7, RIGHT, y + 7)
        drawing.colour(GREY)
        drawing.text(MIDDLE, HEIGHT - 42, _SIZE, roman(drawing.pages), to=0.5)
        if first:
            drawing.text(MIDDLE, HEIGHT - 58, 8, _HINT, to=0.5)
        drawing.colour(0)
        self._y = y + 26
