"""盒脊: what stands on the back of each archive box, as labels to print on A4, cut out and paste (DA/T 22-2015).

The box is 310 mm high, its back 20 to 50 mm wide; a label fits on A4 upright and leaves the ends of the back free.
"""

from collections.abc import Sequence
from pathlib import Path

from yiyu.docgen.pdf.drawing import HEIGHT, WIDTH, Drawing
from yiyu.docgen.pdf.fonts import Style
from yiyu.docgen.pdf.stamp import raw_bytes
from yiyu.registry.archive.boxes import Box
from yiyu.registry.errors import NotFound
from yiyu.registry.files import write_atomic
from yiyu.registry.rules.archive_codes import TERM_LABEL, serial_text
from yiyu.registry.session import OfficeSession

THICKNESS = (20, 30, 40, 50)
"""Millimetres: the backs of boxes DA/T 22-2015 knows."""
_MM = 72 / 25.4
_LESS = 2 * _MM
"""A label is so much narrower than its back, so that its edges do not come off."""
_MARGIN = 12 * _MM
_GAP = 4 * _MM
_ROWS = (("全宗号", 30), ("年度", 24), ("保管期限", 30), ("机构（问题）", 64), ("起止件号", 52), ("盒号", 30))
"""What stands there from above, and how many millimetres it has."""
_HEAD = 7 * _MM
_LABEL, _VALUE, _LEAST = 8.0, 22.0, 6.0
_PAD = 1.5 * _MM


def write_spines(
    office: OfficeSession, found: Sequence[Box], out: Path, *, thickness: int, dry_run: bool = False
) -> int:
    """Write a label for each box; gives how many pages. Raises NotFound where there is none."""
    if not found:
        raise NotFound("没有装了盒的件，不写盒脊", remedy="请先用 archive box 登记装盒，或换一个年度、期限")
    config = office.workspace.config
    names = {config.archive_office: config.archive_office_name}
    labels = [_values(box, names.get(box.office) or box.office) for box in found]
    data, pages = spine_sheet(labels, thickness)
    if not dry_run:
        write_atomic(out, data)
    return pages


def spine_sheet(labels: Sequence[Sequence[str]], thickness: int) -> tuple[bytes, int]:
    """Lay labels, each the values of the rows, side by side on A4; the bytes, the same for the same labels, and pages."""
    wide = thickness * _MM - _LESS
    a_page = int((WIDTH - 2 * _MARGIN + _GAP) // (wide + _GAP))
    drawing = Drawing([heading for heading, _ in _ROWS], {Style.HEITI: [text for one in labels for text in one]})
    for at, values in enumerate(labels):
        if at % a_page == 0:
            drawing.page()
        _draw(drawing, values, _MARGIN + at % a_page * (wide + _GAP), wide)
    return raw_bytes(drawing.finish()), drawing.pages


def _draw(drawing: Drawing, values: Sequence[str], left: float, wide: float) -> None:
    high = sum(height for _, height in _ROWS) * _MM
    top = (HEIGHT - high) / 2
    drawing.frame(left, top, wide, high, 0.8)
    for (heading, height), value in zip(_ROWS, values, strict=True):
        below = top + height * _MM
        size = min(_LABEL, _LABEL * (wide - 2 * _PAD) / drawing.width(heading, _LABEL))
        drawing.text(left + wide / 2, top + _HEAD - 2 * _MM, size, heading, to=0.5)
        drawing.line(left, top + _HEAD, left + wide, top + _HEAD, 0.3)
        drawing.line(left, below, left + wide, below, 0.8)
        _fill(drawing, value, left, top + _HEAD, wide, height * _MM - _HEAD)
        top = below


def _fill(drawing: Drawing, value: str, left: float, top: float, wide: float, high: float) -> None:
    """The value as large as fits, in the middle: in lines, or where its words are Chinese downward, sign by sign."""
    lines = list(value) if value and all("\u4e00" <= sign <= "\u9fff" for sign in value) else value.split("\n")
    widest = max(drawing.width(line, 1, Style.HEITI) for line in lines) or 1
    size = max(_LEAST, min(_VALUE, (wide - 2 * _PAD) / widest, (high - 2 * _PAD) / (1.25 * len(lines))))
    first = top + (high - 1.25 * size * len(lines)) / 2 + size
    for at, line in enumerate(lines):
        drawing.text(left + wide / 2, first + 1.25 * size * at, size, line, to=0.5, style=Style.HEITI)


def _values(box: Box, office_name: str) -> tuple[str, ...]:
    first, last = (serial_text(item.code, item.serial) for item in (box.items[0], box.items[-1]))
    span = first if first == last else f"{first}\n至\n{last}"
    fonds = box.items[0].fonds
    return fonds, str(box.year), TERM_LABEL[box.term], office_name, span, box.number
