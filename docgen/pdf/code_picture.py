"""The QR code of a document as a picture for its Word file."""

import struct
import zlib

import segno

_PIXELS = 8
"""A module; 280 dots an inch at the size of the stamp on printed pages (0.72 mm a module)."""
_MASK = 2
"""Given, not chosen by trying all eight (ISO/IEC 18004, 7.8.3): readers take any, and it is four fifths of the time."""


def code_picture(text: str) -> bytes:
    """Draw a code of :mod:`yiyu.docgen.page_code` as a PNG without a border; the same text gives the same bytes.

    The pixels are stored, not deflated: the Word file around them does that, and no two zlibs do it alike.
    """
    rows = segno.make_qr(text, error="m", version=1, mask=_MASK).matrix
    side = len(rows) * _PIXELS
    # One bit a pixel, black is 0, so a module is a whole byte; each line starts with its filter type, 0 for none.
    lines = b"".join((b"\0" + bytes(0 if dark else 255 for dark in row)) * _PIXELS for row in rows)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, *zip(*chunks, strict=True)))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
