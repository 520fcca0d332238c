"""The QR code of a page, as dark and light squares for a PDF and as a picture for Word."""

import struct
import zlib
from collections.abc import Sequence

import segno

SQUARES = 21
"""On a side: version 1, which holds the 16 characters of :mod:`yiyu.docgen.page_code`."""
_PIXELS = 8
"""A module; 280 dots an inch at the size of the stamp on printed pages (0.72 mm a module)."""
_MASK = 2
"""Given, not chosen by trying all eight (ISO/IEC 18004, 7.8.3): readers take any, and it is four fifths of the time."""


def code_squares(text: str) -> Sequence[Sequence[int]]:
    """The modules of a code, row by row, 1 for dark; no border. Error correction M: 15 % of it may be lost."""
    rows: Sequence[Sequence[int]] = segno.make_qr(text, error="m", version=1, mask=_MASK).matrix
    return rows


def code_picture(text: str) -> bytes:
    """Draw a code as a PNG without a border; the same text gives the same bytes.

    The pixels are stored, not deflated: the Word file around them does that, and no two zlibs do it alike.
    """
    rows = code_squares(text)
    side = len(rows) * _PIXELS
    # One bit a pixel, black is 0, so a module is a whole byte; each line starts with its filter type, 0 for none.
    lines = b"".join((b"\0" + bytes(0 if dark else 255 for dark in row)) * _PIXELS for row in rows)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
