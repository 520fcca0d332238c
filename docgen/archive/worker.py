"""The process that reads scans: what was sent by strangers is opened here, under limits, and may end it at any moment."""

import signal
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from yiyu.docgen.archive.codes import Codes, find_codes
from yiyu.docgen.archive.ink import is_blank, read_ink
from yiyu.docgen.archive.page import Answer, PageReading
from yiyu.docgen.archive.pictures import Picture, pictures
from yiyu.registry.errors import FileFault

if sys.platform != "win32":
    import resource

MEMORY = 512 * 1024 * 1024
"""Bytes of address space; a colour scan of A4 at 600 dpi takes a third of it."""


def serve(connection: Connection) -> None:
    """Answer each path with an :class:`Answer` of its number of pages and one of its readings, or one that says why not."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us is told, and ends us
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while True:
        try:
            path = Path(connection.recv())
        except EOFError:  # nobody asks any more
            return
        for answer in _answers(path):
            connection.send_bytes(msgspec.json.encode(answer))


def _answers(path: Path) -> Iterator[Answer]:
    try:
        with pictures(path) as (count, pages):
            yield Answer(pages=count)
            readings = tuple(_reading(number, picture) for number, picture in enumerate(pages, start=1))
        yield Answer(pages=count, readings=readings)
    except FileFault as fault:
        yield Answer(what=fault.what)
    except MemoryError:
        yield Answer(what=f"读取时超出 {MEMORY >> 20} MB 内存上限，可能已损坏")


def _reading(number: int, picture: Picture) -> PageReading:
    blank = is_blank(picture.grey)
    found = Codes() if blank else find_codes(picture.grey)
    if not blank and not found.codes and picture.again is not None:
        found = find_codes(picture.again())
    small = picture.small if not found.turn else picture.small.rotate(-found.turn, expand=True)
    return PageReading(number, found.codes, len(found.foreign), found.turn, blank, read_ink(small))
