"""The process that reads scans: what was sent by strangers is opened here, under limits, and may end it at any moment."""

import io
import math
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from PIL import Image

from yiyu.docgen.scans.page import COUNTED, SECONDS, SECONDS_A_PAGE, THUMBNAIL, PageReading, ReadingAnswer
from yiyu.docgen.scans.pictures import OpenScan, Picture, TooLarge, opened
from yiyu.docgen.scans.sheet import read_sheet
from yiyu.registry.errors import FileFault

if sys.platform != "win32":
    import resource

MEMORY = 320 * 1024 * 1024
"""Bytes of address space, so that two processes and ours stay near 512 MB; A4 at 600 dpi in CMYK takes 290."""

_NO_MEMORY = f"读取时超出 {MEMORY >> 20} MB 内存上限，可能已损坏"


def serve(connection: Connection) -> None:
    """Answer a path with an :class:`Answer` of its number of pages and one for each, or one that says why not.

    With a size, pictures of the pages are asked for, JPEGs with so many pixels over the long side.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us is told, and ends us
    Image.MAX_IMAGE_PIXELS = None  # a JPEG of any size is decoded smaller; the others are held to bytes
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            name, wanted, side = connection.recv()
        except EOFError:  # nobody asks any more
            return
        for answer in _answers(Path(name), wanted, side):
            connection.send_bytes(msgspec.json.encode(answer))


def _answers(path: Path, wanted: tuple[int, ...], side: int) -> Iterator[ReadingAnswer]:
    try:
        began = _allow(SECONDS)
        with opened(path) as scan:
            numbers = wanted or range(1, scan.pages + 1)
            yield ReadingAnswer(pages=len(numbers))
            end = began + SECONDS + SECONDS_A_PAGE * len(numbers)
            for number in numbers if side != COUNTED else ():
                _allow(SECONDS, end)
                yield _answer(scan, number, side)
    except FileFault as fault:
        yield ReadingAnswer(what=fault.what)
    except MemoryError:
        yield ReadingAnswer(what=_NO_MEMORY)


def _answer(scan: OpenScan, number: int, side: int) -> ReadingAnswer:
    """One page. Where it is too large, and not all there is, the others are read."""
    try:
        picture = scan.page(number)
        if side:
            return ReadingAnswer(pictures=(_jpeg(picture, side),))
        readings = (replace(one, printed=picture.printed, locked=scan.locked) for one in read_sheet(number, picture))
        return ReadingAnswer(readings=tuple(readings))
    except (
        MemoryError,
        TypeError,
        TooLarge,
    ) as error:  # the second from a reader of codes that got no memory for its picture
        why = "图像过大" if isinstance(error, TooLarge) else _NO_MEMORY
        if scan.pages == 1:
            return ReadingAnswer(what=why)
        return ReadingAnswer(readings=(PageReading(number, unread=why),), pictures=(b"",))


def _allow(seconds: float, end: float = math.inf) -> float:
    """Be ended by the system after ``seconds`` more of processor time, or when ``end`` is used up; what is used now.

    Not of the clock: on a busy machine a good scan would be refused.
    """
    used = time.process_time()
    if sys.platform != "win32":
        soft, (_, hard) = math.ceil(min(used + seconds, end)), resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
    return used


def _jpeg(picture: Picture, side: int) -> bytes:
    """The page with at most ``side`` pixels over the long side: small ones in grey, on which headings can be read."""
    stream = io.BytesIO()
    small = picture.quick.convert("L") if side == THUMBNAIL else picture.at_least(side).copy()
    small.thumbnail((side, side))
    small.save(stream, "JPEG", quality=50 if side == THUMBNAIL else 92)
    return stream.getvalue()
