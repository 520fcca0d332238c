"""Pages nobody could place, small, side by side, with what to do about each: a PDF for the archivist."""

from collections.abc import Sequence
from dataclasses import dataclass

from yiyu.docgen.pdf.drawing import HEIGHT, WIDTH, Drawing
from yiyu.docgen.pdf.stamp import raw_bytes

_MARGIN, _GAP = 36.0, 18.0
_COLUMNS, _ROWS = 2, 2
_CELL = (WIDTH - 2 * _MARGIN - _GAP) / _COLUMNS, (HEIGHT - 3 * _MARGIN - _GAP) / _ROWS
_TEXT, _LEADING, _HEADING = 7.5, 10.0, 11.0
_LINES = 7
_GREY, _BLACK = 153, 0


@dataclass(frozen=True, slots=True)
class Cell:
    """One page, or a place on one: its ``picture`` as JPEG or PNG (empty where it could not be drawn), ``lines`` to read, ``command`` to copy."""

    picture: bytes
    lines: tuple[str, ...]
    command: tuple[str, ...]


def contact_sheet(heading: str, cells: Sequence[Cell]) -> bytes:
    """Lay four cells on a page of A4; the same cells give the same bytes. Words can be copied out of it.

    Raises ProgramFault where the machine has no Chinese font.
    """
    each = _COLUMNS * _ROWS
    sheets = -(-len(cells) // each)
    said = [[_printable(line) for line in (*cell.lines, *cell.command)] for cell in cells]
    drawing = Drawing([heading, "第页共/0123456789 ", *(line for lines in said for line in lines)])
    for at, (cell, lines) in enumerate(zip(cells, said, strict=True)):
        sheet, place = divmod(at, each)
        if not place:
            drawing.page()
            title = f"{heading}  第 {sheet + 1} 页 / 共 {sheets} 页"
            drawing.text(_MARGIN, _MARGIN + _HEADING, _HEADING, title)
        left = _MARGIN + place % _COLUMNS * (_CELL[0] + _GAP)
        top = 2 * _MARGIN + place // _COLUMNS * (_CELL[1] + _GAP)
        words = len(cell.lines)
        _draw(drawing, cell.picture, lines[:words], lines[words:], left, top)
    return raw_bytes(drawing.finish())


def _draw(
    drawing: Drawing, picture: bytes, lines: Sequence[str], command: Sequence[str], left: float, top: float
) -> None:
    """One cell from its upper left corner down."""
    wide, high = _CELL[0], _CELL[1] - _LINES * _LEADING
    drawing.colour(_GREY)
    drawing.frame(left, top, wide, high)
    drawing.colour(_BLACK)
    if picture:
        drawing.picture(picture, left + 2, top + 2, wide - 4, high - 4)
    folded = [piece for line in lines for piece in drawing.wrap(line, _TEXT, wide)]
    for at, line in enumerate([*folded[: _LINES - len(command)], *command], start=1):
        # A command is never folded: it would not survive being copied.
        size = min(_TEXT, _TEXT * wide / max(1, drawing.width(line, _TEXT)))
        drawing.text(left, top + high + at * _LEADING, size, line)


def _printable(text: str) -> str:
    """Write as a box what no font has a shape for: controls, and halves of characters in the names of files."""
    return "".join(one if one.isprintable() else "□" for one in text)
