"""Pages nobody could place, small, side by side, with what to do about each: a PDF for the archivist."""

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name
from PIL import Image

from yiyu.docgen.pdf.bitmap_font import BitmapFont
from yiyu.docgen.pdf.fonts import FontFile, Style, face_file
from yiyu.docgen.pdf.stamp import raw_bytes

_WIDTH, _HEIGHT, _MARGIN = 595.0, 842.0, 36.0
_GAP = 18.0
_COLUMNS, _ROWS = 2, 2
_CELL = (_WIDTH - 2 * _MARGIN - _GAP) / _COLUMNS, (_HEIGHT - 3 * _MARGIN - _GAP) / _ROWS
_TEXT, _LEADING, _HEADING = 7.5, 10.0, 11.0
_LINES = 7
_MOST_CHARACTERS = 240
"""Different ones in one cell: as many as a face of small print holds."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One page: its ``picture`` as JPEG (empty where it could not be drawn), ``lines`` to read, ``command`` to copy."""

    picture: bytes
    lines: tuple[str, ...]
    command: tuple[str, ...]


def contact_sheet(heading: str, cells: Sequence[Cell]) -> bytes:
    """Lay four cells on a page of A4; the same cells give the same bytes. Words can be copied out of it."""
    pdf, file = pikepdf.Pdf.new(), face_file(Style.SMALL_PRINT)
    each = _COLUMNS * _ROWS
    sheets = [cells[at : at + each] for at in range(0, len(cells), each)]
    for number, group in enumerate(sheets, start=1):
        title = f"{heading}  第 {number} 页 / 共 {len(sheets)} 页"
        lettering = BitmapFont(pdf, file, [title])
        fonts, pictures = Dictionary(H=lettering.font), Dictionary()
        parts = [_line(lettering, "H", title, _HEADING, _MARGIN, _HEIGHT - _MARGIN - _HEADING)]
        for place, cell in enumerate(group):
            left = _MARGIN + place % _COLUMNS * (_CELL[0] + _GAP)
            top = _HEIGHT - 2 * _MARGIN - place // _COLUMNS * (_CELL[1] + _GAP)
            parts.append(_drawn(pdf, file, cell, place, (left, top), fonts, pictures))
        page = Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, _WIDTH, _HEIGHT]),
            Contents=pikepdf.Stream(pdf, zlib.compress(b"\n".join(parts)), Filter=Name.FlateDecode),
            Resources=Dictionary(Font=fonts, XObject=pictures),
        )
        pdf.pages.append(pikepdf.Page(page))
    return raw_bytes(pdf)


def _drawn(
    pdf: pikepdf.Pdf,
    file: FontFile,
    cell: Cell,
    place: int,
    corner: tuple[float, float],
    fonts: Dictionary,
    pictures: Dictionary,
) -> bytes:
    """The operators of one cell from its upper left corner down; what they name goes into the resources."""
    left, top = corner
    wide, high = _CELL[0], _CELL[1] - _LINES * _LEADING
    known = _known([*cell.lines, *cell.command])
    lines, command = known[: len(cell.lines)], known[len(cell.lines) :]
    lettering = BitmapFont(pdf, file, known)
    fonts[f"/F{place}"] = lettering.font
    parts = [b"0.6 G 0.5 w %.2f %.2f %.2f %.2f re S" % (left, top - high, wide, high)]
    if cell.picture:
        with Image.open(io.BytesIO(cell.picture)) as image:
            size = image.size
        pictures[f"/P{place}"] = pikepdf.Stream(
            pdf,
            cell.picture,
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=size[0],
            Height=size[1],
            Filter=Name.DCTDecode,
            ColorSpace=Name.DeviceGray,
            BitsPerComponent=8,
        )
        scale = min((wide - 4) / size[0], (high - 4) / size[1])
        w, h = size[0] * scale, size[1] * scale
        x, y = left + (wide - w) / 2, top - high + (high - h) / 2
        parts.append(b"q %.2f 0 0 %.2f %.2f %.2f cm /P%d Do Q" % (w, h, x, y, place))
    down = top - high - _LEADING
    folded = [piece for line in lines for piece in _folded(lettering, line, wide)]
    for line in [*folded[: _LINES - len(command)], *command]:
        # A command is never folded: it would not survive being copied.
        size_of = min(_TEXT, _TEXT * wide / max(1, lettering.width(line, _TEXT)))
        parts.append(_line(lettering, f"F{place}", line, size_of, left, down))
        down -= _LEADING
    return b"\n".join(parts)


def _line(lettering: BitmapFont, font: str, text: str, size: float, x: float, y: float) -> bytes:
    return b"0 g BT /%s %.3f Tf %.2f %.2f Td %s ET" % (font.encode(), size, x, y, lettering.show(text))


def _folded(lettering: BitmapFont, text: str, wide: float) -> list[str]:
    lines = [""]
    for character in text:
        if lettering.width(lines[-1] + character, _TEXT) > wide:
            lines.append("")
        lines[-1] += character
    return lines


def _known(texts: Sequence[str]) -> list[str]:
    """Write what is beyond a face of small print as a box."""
    characters = list(dict.fromkeys("".join(texts)))[:_MOST_CHARACTERS]
    kept = {character for character in characters if character.isprintable()} | {"□"}
    return ["".join(one if one in kept else "□" for one in text) for text in texts]
