"""The contents pages: for each agreement its number, title, parties and documents, each with its page and a link."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiyu.docgen.pdf.volume.contents import Placed
from yiyu.docgen.pdf.volume.drawing import HEIGHT, LEFT, MIDDLE, RIGHT, A4Page, Faces

_TITLE, _GO_ON = "目\u3000录", "目录（续）"
_NUMBER, _WHAT, _PAGE = "序号", "协议编号和题名、当事人、文书", "页码"
_HINT = "页码从目录之后数起，与阅读器所示一致；点击条目可到该页。"
_SIGNED = "（电子签名，原件见附件）"
HEADS = (_TITLE, _GO_ON)
TEXTS = (_NUMBER, _WHAT, _PAGE, _HINT, _SIGNED, "0123456789ivxlc—；")

_TOP, _FOOT = HEIGHT - 85, 72
_SIZE, _LEADING = 10.5, 17
_SMALL, _SMALL_LEADING = 9, 14
_GAP = 8
_INDENT = LEFT + 32
_PAGE_ROOM = 40
_GREY = 0.35


@dataclass(frozen=True, slots=True)
class _Entry:
    """An agreement broken into lines; ``parts`` are those of several documents, each text with the part it leads to."""

    head: list[str]
    parties: list[str]
    parts: list[list[tuple[str, Placed]]]

    @property
    def height(self) -> float:
        return _LEADING * len(self.head) + _SMALL_LEADING * (len(self.parties) + len(self.parts)) + _GAP


def contents(parts: Sequence[Sequence[Placed]], faces: Faces) -> list[A4Page]:
    """As many pages as it takes; an agreement stands on one of them whole. The cover is page i."""
    sheets: list[A4Page] = []
    y = 0.0
    for number, of_one in enumerate(parts, start=1):
        entry = _entry(of_one, faces)
        if y - entry.height < _FOOT:
            sheets.append(A4Page())
            y = _start(sheets[-1], len(sheets), faces)
        _draw(sheets[-1], y, number, of_one[0], entry, faces)
        y -= entry.height
    return sheets


def _start(sheet: A4Page, number: int, faces: Faces) -> float:
    """Heading and foot of the ``number``-th page of contents; where its first line stands."""
    y = _TOP
    if number == 1:
        sheet.text(faces.heavy, (MIDDLE, y), 22, _TITLE, to=0.5)
        y -= 44
    else:
        sheet.text(faces.heavy, (MIDDLE, y + 8), 12, _GO_ON, to=0.5)
        y -= 22
    sheet.rule(LEFT, RIGHT, y + 15, 1)
    sheet.text(faces.plain, (LEFT, y), _SMALL, _NUMBER)
    sheet.text(faces.plain, (_INDENT, y), _SMALL, _WHAT)
    sheet.text(faces.plain, (RIGHT, y), _SMALL, _PAGE, to=1)
    sheet.rule(LEFT, RIGHT, y - 7)
    sheet.grey(_GREY)
    sheet.text(faces.plain, (MIDDLE, 42), _SMALL, roman(number + 1), to=0.5)
    if number == 1:
        sheet.text(faces.plain, (MIDDLE, 58), 8, _HINT, to=0.5)
    sheet.grey(0)
    return y - 26


def _entry(parts: Sequence[Placed], faces: Faces) -> _Entry:
    section, room = parts[0].section, RIGHT - _INDENT - _PAGE_ROOM
    head = faces.plain.wrap(f"{section.number}\u3000{section.title}", _SIZE, room)
    parties = ["；".join(section.parties)]
    if faces.plain.width(parties[0], _SMALL) > room:
        parties = [line for party in section.parties for line in faces.plain.wrap(party, _SMALL, room)]
    told = [(f"{one.part.title}{_SIGNED if one.attachment else ''} {one.page}", one) for one in parts]
    if len(told) == 1 and not parts[0].attachment:
        return _Entry(head, parties, [])
    lines: list[list[tuple[str, Placed]]] = [[]]
    for item in told:
        line = "".join(f"{text}\u3000" for text, _ in [*lines[-1], item])
        if lines[-1] and faces.plain.width(line, _SMALL) > room:
            lines.append([])
        lines[-1].append(item)
    return _Entry(head, parties, lines)


def _draw(sheet: A4Page, y: float, number: int, first: Placed, entry: _Entry, faces: Faces) -> None:
    plain = faces.plain
    sheet.link((LEFT, y - _LEADING * (len(entry.head) - 1) - 4, RIGHT, y + _SIZE), first.key)
    sheet.text(plain, (LEFT + 18, y), _SIZE, str(number), to=1)
    for line in entry.head:
        sheet.text(plain, (_INDENT, y), _SIZE, line)
        y -= _LEADING
    page = str(first.page)
    sheet.text(plain, (RIGHT, y + _LEADING), _SIZE, page, to=1)
    ends = _INDENT + plain.width(entry.head[-1], _SIZE)
    sheet.leader(ends + 6, RIGHT - max(plain.width(page, _SIZE), 18) - 6, y + _LEADING + 2)
    y += _LEADING - _SMALL_LEADING - 1
    sheet.grey(_GREY)
    for line in entry.parties:
        sheet.text(plain, (_INDENT, y), _SMALL, line)
        y -= _SMALL_LEADING
    for items in entry.parts:
        x = _INDENT
        for text, one in items:
            wide = plain.width(text, _SMALL)
            sheet.text(plain, (x, y), _SMALL, text)
            sheet.link((x - 1, y - 3, x + wide + 1, y + _SMALL), one.key)
            x += wide + 2 * _SMALL
        y -= _SMALL_LEADING
    sheet.grey(0)


def roman(number: int) -> str:
    """The number of a page before the first, as a viewer labels it."""
    return "".join(_roman(number))


def _roman(number: int) -> Iterator[str]:
    signs = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
    for value, sign in signs:
        yield sign * (number // value)
        number %= value
