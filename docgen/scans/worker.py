"""The process that reads scans: what was sent by strangers is opened here, under limits, and may end it at any moment."""

import io
import math
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from PIL import Image

from yiyu.docgen.scans.ink import Codes, find_codes, is_blank, read_ink
from yiyu.docgen.scans.page import SECONDS, SECONDS_A_PAGE, PageReading, ReadingAnswer
from yiyu.docgen.scans.pictures import Picture, pictures
from yiyu.registry.errors import FileFault

if sys.platform != "win32":
    import resource

MEMORY = 320 * 1024 * 1024
"""Bytes of address space, so that two processes and ours stay near 512 MB; A4 at 600 dpi in CMYK takes 290."""

_THUMBNAIL = 1100
"""Pixels over the long side: A4 at 94 dpi."""


def serve(connection: Connection) -> None:
    """Answer a path with an :class:`Answer` of its number of pages and one for each, or one that says why not.

    Of a path with pages only small pictures of these are asked for.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us is told, and ends us
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            name, wanted = connection.recv()
        except EOFError:  # nobody asks any more
            return
        for answer in _answers(Path(name), wanted):
            connection.send_bytes(msgspec.json.encode(answer))


def _answers(path: Path, wanted: tuple[int, ...]) -> Iterator[ReadingAnswer]:
    try:
        began = _allow(SECONDS)
        with pictures(path, only=wanted) as (count, pages):
            yield ReadingAnswer(pages=len(wanted) or count)
            end = began + SECONDS + SECONDS_A_PAGE * (len(wanted) or count)
            _allow(SECONDS, end)
            for number, picture in enumerate(pages, start=1):
                _allow(SECONDS, end)
                if wanted:
                    yield ReadingAnswer(thumbnails=(_thumbnail(picture.grey),))
                else:
                    yield ReadingAnswer(readings=(_reading(number, picture),))
    except FileFault as fault:
        yield ReadingAnswer(what=fault.what)
    except (MemoryError, TypeError):  # the second from a reader of codes that got no memory for its picture
        yield ReadingAnswer(what=f"读取时超出 {MEMORY >> 20} MB 内存上限，可能已损坏")


def _allow(seconds: float, end: float = math.inf) -> float:
    """Be ended by the system after ``seconds`` more of processor time, or when ``end`` is used up; what is used now.

    Not of the clock: on a busy machine a good scan would be refused.
    """
    used = time.process_time()
    if sys.platform != "win32":
        soft, (_, hard) = math.ceil(min(used + seconds, end)), resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
    return used


def _reading(number: int, picture: Picture) -> PageReading:
    blank = is_blank(picture.grey)
    found = Codes() if blank else find_codes(picture.grey)
    if not blank and not found.codes and picture.again is not None:
        found = find_codes(picture.again().convert("L"))
    small = picture.small if not found.turn else picture.small.rotate(-found.turn, expand=True)
    return PageReading(number, found.codes, len(found.foreign), found.turn, blank, read_ink(small))


def _thumbnail(grey: Image.Image) -> bytes:
    """A JPEG on which headings can be read."""
    stream = io.BytesIO()
    small = grey.copy()
    small.thumbnail((_THUMBNAIL, _THUMBNAIL))
    small.save(stream, "JPEG", quality=50)
    return stream.getvalue()
