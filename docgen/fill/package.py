"""A .docx as the zip it is, written by hand with fixed times (1980-01-01).

A finished document is the members of the template that never change, laid out once as the compressed bytes they are,
and behind them the parts just rendered. The same parts give the same bytes for the same deflate engine; isal and zlib
compress differently, so a machine with isal writes other bytes (never another content) than one without.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_DOS_DATE = 0x0021
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_ENTRY = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")

Checksum = Callable[[bytes], int]
Compress = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class Deflate:
    """A way to compress: its name for the record, raw deflate, and the CRC-32 that goes with it."""

    name: str
    compress: Compress
    crc32: Checksum


ZLIB = Deflate("zlib", lambda data: zlib.compress(data, 1, -15), zlib.crc32)
try:
    from isal import isal_zlib
except ImportError:  # the extra `fast` is not installed
    FASTEST = ZLIB
else:
    FASTEST = Deflate("isal", lambda data: bytes(isal_zlib.compress(data, 1, -15)), isal_zlib.crc32)
"""isal where it is installed (a quarter of zlib's time at level 1), else zlib."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The members that never change, laid out: their bytes, their directory entries, how many."""

    members: bytes
    directory: bytes
    count: int


def read_members(data: bytes) -> dict[str, bytes]:
    """Members in their order; for a package of our own making or one that passed :func:`guard`."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {info.filename: package.read(info) for info in package.infolist()}


def lay_out(members: Mapping[str, bytes]) -> Frame:
    """Compress members once, well (level 6): they are copied into every document."""
    body, directory = bytearray(), bytearray()
    for name, data in members.items():
        local, entry = _headers(name.encode(), zlib.crc32(data), packed := zlib.compress(data, 6, -15), data, len(body))
        body += local + packed
        directory += entry
    return Frame(bytes(body), bytes(directory), len(members))


def assemble(frame: Frame, parts: Iterable[tuple[bytes, bytes]], deflate: Deflate) -> bytes:
    """Write the whole package: the fixed members, then the rendered ``parts`` (name, content)."""
    pieces, entries, offset, count = [frame.members], [frame.directory], len(frame.members), frame.count
    for name, data in parts:
        packed = deflate.compress(data)
        local, entry = _headers(name, deflate.crc32(data), packed, data, offset)
        pieces += (local, packed)
        entries.append(entry)
        offset += len(local) + len(packed)
        count += 1
    directory = b"".join(entries)
    end = _END.pack(b"PK\5\6", 0, 0, count, count, len(directory), offset, 0)
    return b"".join((*pieces, directory, end))


def _headers(name: bytes, crc: int, packed: bytes, data: bytes, offset: int) -> tuple[bytes, bytes]:
    flags = 0 if name.isascii() else 0x800
    shared = (20, flags, 8, 0, _DOS_DATE, crc, len(packed), len(data), len(name), 0)
    return (
        _LOCAL.pack(b"PK\3\4", *shared) + name,
        _ENTRY.pack(b"PK\1\2", 20, *shared, 0, 0, 0, 0, offset) + name,
    )
