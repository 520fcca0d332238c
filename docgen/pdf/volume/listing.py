"""The contents pages: for each agreement its number, title, parties and documents, each with its page and a link."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiyu.docgen.pdf.drawing import HEIGHT, WIDTH, Drawing
from yiyu.docgen.pdf.fonts import Style
from yiyu.docgen.pdf.volume.contents import Placed

LEFT, RIGHT = 79.4, WIDTH - 70.9
"""28 mm towards the binding, 25 mm outside."""
MIDDLE = (LEFT + RIGHT) / 2
HEAVY = Style.XIAOBIAOSONG
"""What headings are set in."""
_TITLE, _GO_ON = "目\u3000录", "目录（续）"
_NUMBER, _WHAT, _PAGE = "序号", "协议编号和题名、当事人、文书", "页码"
_HINT = "页码从目录之后数起，与阅读器所示一致；点击条目可到该页。"
_SIGNED = "（电子签名，原件见附件）"
HEADS = (_TITLE, _GO_ON)
TEXTS = (_NUMBER, _WHAT, _PAGE, _HINT, _SIGNED, "0123456789ivxlc；")
"""What the pages say beside what they list."""

_TOP, _FOOT = 85, HEIGHT - 72
_SIZE, _LEADING = 10.5, 17
_SMALL, _SMALL_LEADING = 9, 14
_GAP = 8
_INDENT = LEFT + 32
_PAGE_ROOM = 40
GREY, _BLACK = 89, 0


@dataclass(frozen=True, slots=True)
class _Entry:
    """An agreement broken into lines; ``parts`` are those of several documents, each text with the part it leads to."""

    head: list[str]
    parties: list[str]
    parts: list[list[tuple[str, Placed]]]

    @property
    def height(self) -> float:
        return _LEADING * len(self.head) + _SMALL_LEADING * (len(self.parties) + len(self.parts)) + _GAP


def contents(parts: Sequence[Sequence[Placed]], drawing: Drawing) -> None:
    """As many pages as it takes; an agreement stands on one of them whole. The cover is page i."""
    y = _FOOT
    for number, of_one in enumerate(parts, start=1):
        entry = _entry(of_one, drawing)
        if y + entry.height > _FOOT:
            y = _start(drawing)
        _draw(drawing, y, number, of_one[0], entry)
        y += entry.height


def _start(drawing: Drawing) -> float:
    """Begin a page with its heading and foot; where its first line stands."""
    drawing.page()
    first, y = drawing.pages == 2, _TOP
    if first:
        drawing.text(MIDDLE, y, 22, _TITLE, to=0.5, style=HEAVY)
        y += 44
    else:
        drawing.text(MIDDLE, y - 8, 12, _GO_ON, to=0.5, style=HEAVY)
        y += 22
    drawing.line(LEFT, y - 15, RIGHT, y - 15, 1)
    drawing.text(LEFT, y, _SMALL, _NUMBER)
    drawing.text(_INDENT, y, _SMALL, _WHAT)
    drawing.text(RIGHT, y, _SMALL, _PAGE, to=1)
    drawing.line(LEFT, y + 7, RIGHT, y + 7)
    drawing.colour(GREY)
    drawing.text(MIDDLE, HEIGHT - 42, _SMALL, roman(drawing.pages), to=0.5)
    if first:
        drawing.text(MIDDLE, HEIGHT - 58, 8, _HINT, to=0.5)
    drawing.colour(_BLACK)
    return y + 26


def _entry(parts: Sequence[Placed], drawing: Drawing) -> _Entry:
    section, room = parts[0].section, RIGHT - _INDENT - _PAGE_ROOM
    head = drawing.wrap(f"{section.number}\u3000{section.title}", _SIZE, room)
    parties = ["；".join(section.parties)]
    if drawing.width(parties[0], _SMALL) > room:
        parties = [line for party in section.parties for line in drawing.wrap(party, _SMALL, room)]
    told = [(f"{one.part.title}{_SIGNED if one.attachment else ''} {one.page}", one) for one in parts]
    if len(told) == 1 and not parts[0].attachment:
        return _Entry(head, parties, [])
    lines: list[list[tuple[str, Placed]]] = [[]]
    for item in told:
        line = "".join(f"{text}\u3000" for text, _ in [*lines[-1], item])
        if lines[-1] and drawing.width(line, _SMALL) > room:
            lines.append([])
        lines[-1].append(item)
    return _Entry(head, parties, lines)


def _draw(drawing: Drawing, y: float, number: int, first: Placed, entry: _Entry) -> None:
    drawing.link(LEFT, y - _SIZE, RIGHT, y + _LEADING * (len(entry.head) - 1) + 4, first.key)
    drawing.text(LEFT + 18, y, _SIZE, str(number), to=1)
    for line in entry.head:
        drawing.text(_INDENT, y, _SIZE, line)
        y += _LEADING
    page = str(first.page)
    drawing.text(RIGHT, y - _LEADING, _SIZE, page, to=1)
    ends = _INDENT + drawing.width(entry.head[-1], _SIZE)
    drawing.leader(ends + 6, RIGHT - max(drawing.width(page, _SIZE), 18) - 6, y - _LEADING - 2)
    y += _SMALL_LEADING - _LEADING + 1
    drawing.colour(GREY)
    for line in entry.parties:
        drawing.text(_INDENT, y, _SMALL, line)
        y += _SMALL_LEADING
    for items in entry.parts:
        x = _INDENT
        for text, one in items:
            wide = drawing.width(text, _SMALL)
            drawing.text(x, y, _SMALL, text)
            drawing.link(x - 1, y - _SMALL, x + wide + 1, y + 3, one.key)
            x += wide + 2 * _SMALL
        y += _SMALL_LEADING
    drawing.colour(_BLACK)


def roman(number: int) -> str:
    """The number of a page before the first, as a viewer labels it."""
    return "".join(_roman(number))


def _roman(number: int) -> Iterator[str]:
    signs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    for value, sign in signs:
        yield sign * (number // value)
        number %= value
