"""A page of a TIFF whose strips are JPEGs, as one JPEG with every coefficient as it came: PDF holds no strips."""

import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops
from PIL.TiffImagePlugin import TiffImageFile

_COMPRESSION, _PHOTOMETRIC, _OFFSETS, _ORIENTATION, _ROWS, _SIZES, _TABLES = 259, 262, 273, 274, 278, 279, 347
"""Tags of TIFF 6.0, section 8, and its Technical Note 2 on JPEG."""
_JPEG_IN_TIFF = 7
_COLOUR_TRANSFORM = {2: 0, 6: 1}
"""By the photometric interpretation, RGB or YCbCr: what the Adobe marker says of it."""
_SOI, _EOI, _SOS, _DRI, _RST, _APP14, _COMMENT = 0xD8, 0xD9, 0xDA, 0xDD, 0xD0, 0xEE, 0xFE
_FRAMES = (0xC0, 0xC1)
"""Sequential frames with Huffman codes: their blocks stand row by row (ITU-T T.81, table B.1)."""
_MOST_BETWEEN = 0xFFFF
_APART = 4
"""Levels of a 64th of the pixels: chroma is smoothed across what were the edges of strips."""


@dataclass(frozen=True, slots=True)
class _Strip:
    """A JPEG taken apart: ``frame`` and ``scan`` are the segments SOF and SOS, ``others`` what else stands before the data."""

    frame: tuple[int, bytes]
    scan: bytes
    others: tuple[tuple[int, bytes], ...]
    data: bytes


def joined_jpeg(data: bytes, number: int) -> bytes | None:
    """Give page ``number`` of the TIFF ``data`` as a JPEG; None where it is no TIFF, has no such strips, or is turned.

    Each strip begins anew as after a restart marker (ITU-T T.81, F.2.1.3), so one is put between every two. What comes
    out is decoded and held against what a reader of TIFF sees.
    """
    if data[:2] not in (b"II", b"MM"):
        return None
    try:
        with Image.open(io.BytesIO(data), formats=["TIFF"]) as image:
            image.seek(number - 1)
            made = _joined(data, image)
            return made if made is not None and _alike(made, image) else None
    except (OSError, SyntaxError, ValueError, KeyError, IndexError, TypeError, EOFError, struct.error):
        return None
    except Image.DecompressionBombError:
        return None  # too large to hold the two beside each other


def _joined(data: bytes, image: Image.Image) -> bytes | None:
    if not isinstance(image, TiffImageFile):
        return None
    tags = image.tag_v2
    if tags.get(_COMPRESSION) != _JPEG_IN_TIFF or tags.get(_ORIENTATION, 1) != 1 or _OFFSETS not in tags:
        return None
    tables = tuple(_segments(tags.get(_TABLES, b"\xff\xd8\xff\xd9")))
    strips = [_strip(data[at : at + size]) for at, size in zip(tags[_OFFSETS], tags[_SIZES], strict=True)]
    first, rows = strips[0], min(tags.get(_ROWS, image.height), image.height)
    (kind, frame), parts = first.frame, first.frame[1][5]
    heights = [struct.unpack_from(">H", one.frame[1], 1)[0] for one in strips]
    ends = [*[rows] * (len(strips) - 1), image.height - rows * (len(strips) - 1)]
    same = all((one.scan, one.others, one.frame[1][3:]) == (first.scan, first.others, frame[3:]) for one in strips)
    wide, high = _unit(frame)
    between = -(-image.width // wide) * rows // high
    whole = len(strips) == 1 or (rows % high == 0 and between <= _MOST_BETWEEN)
    if not same or heights != ends or not whole or first.scan[0] != parts or kind not in _FRAMES:
        return None
    before = [*tables, *first.others]
    if parts > 1 and not any(code == _APP14 for code, _ in before):
        transform = _COLOUR_TRANSFORM.get(tags.get(_PHOTOMETRIC, -1))
        if parts != len(image.getbands()) or transform is None:
            return None
        before.append((_APP14, b"Adobe\0\x64\0\0\0\0" + bytes([transform])))
    elif parts == 1 and tags.get(_PHOTOMETRIC) != 1:
        return None
    before += [(kind, frame[:1] + struct.pack(">H", image.height) + frame[3:])]
    before += [(_DRI, struct.pack(">H", between))] if len(strips) > 1 else []
    head = b"".join(_segment(code, body) for code, body in (*before, (_SOS, first.scan)))
    restarts = (bytes([0xFF, _RST + at % 8]) for at in range(len(strips)))
    body = b"".join(part for one in strips for part in (one.data, next(restarts)))[:-2]
    return bytes([0xFF, _SOI]) + head + body + bytes([0xFF, _EOI])


def _unit(frame: bytes) -> tuple[int, int]:
    """Pixels across and down of what is coded at once: of one channel a block, of several as many as the finest needs."""
    factors = [frame[at] for at in range(7, 6 + 3 * frame[5], 3)]
    if len(factors) == 1:
        return 8, 8
    return 8 * max(one >> 4 for one in factors), 8 * max(one & 15 for one in factors)


def _strip(data: bytes) -> _Strip:
    """Raises ValueError for one that is not a JPEG of one scan without restarts of its own."""
    before = list(_segments(data))
    end = data.rindex(bytes([0xFF, _EOI]))
    (last, scan), start = before[-1], 2 + sum(4 + len(body) for _, body in before)
    coded = data[start:end]
    frames = [one for one in before if 0xC0 <= one[0] <= 0xCF and one[0] not in (0xC4, 0xC8, 0xCC)]
    others = tuple(one for one in before[:-1] if one not in frames and one[0] != _COMMENT)
    if last != _SOS or len(frames) != 1 or any(code == _DRI for code, _ in others):
        raise ValueError
    if coded.count(b"\xff") != coded.count(b"\xff\0"):
        raise ValueError
    return _Strip(frames[0], scan, others, coded)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The marker and the content of each segment, up to the first scan."""
    at = 2
    while data[at + 1] != _EOI:
        code, [size] = data[at + 1], struct.unpack_from(">H", data, at + 2)
        if data[at] != 0xFF or size < 2:
            raise ValueError
        yield code, data[at + 4 : at + 2 + size]
        if code == _SOS:
            return
        at += 2 + size


def _segment(code: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(body) + 2) + body


def _alike(made: bytes, image: Image.Image) -> bool:
    with Image.open(io.BytesIO(made), formats=["JPEG"]) as jpeg:
        if (jpeg.size, jpeg.mode) != (image.size, image.mode):
            return False
        apart = ImageChops.difference(jpeg.convert("L").reduce(8), image.convert("L").reduce(8))
    [_, most] = apart.getextrema()
    return isinstance(most, int | float) and most <= _APART
