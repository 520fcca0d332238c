"""The process that reads text off scans: pictures sent by strangers and half a gigabyte of models, under a limit of memory."""

import signal
import sys
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from PIL import Image

from yiyu.docgen.scans.ocr_text import TextLine, TextReader
from yiyu.docgen.scans.pictures import pictures
from yiyu.registry.errors import FileFault

if sys.platform != "win32":
    import resource

MEMORY = 2 * 1024**3
"""Bytes of address space; the models and a page at 300 dpi take 1.2 GB of it, 0.6 GB of memory."""
_LONG_SIDE = 2480
"""Pixels: A4 at 210 dpi. Finer pictures are read no better, and cost more."""
_CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


@dataclass(frozen=True, slots=True)
class OcrRequest:
    """Page ``page`` (from 1) of the scan ``path``; ``turn`` clockwise sets it upright as a viewer shows it."""

    path: str
    page: int
    turn: int = 0


@dataclass(frozen=True, slots=True)
class OcrAnswer:
    """What was read of a page; ``what`` says why nothing could be."""

    lines: tuple[TextLine, ...] = ()
    what: str = ""


def serve(connection: Connection) -> None:
    """Answer every request, until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started us is told, and ends us
    if sys.platform != "win32":
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reader = TextReader()
    while True:
        try:
            request = msgspec.json.decode(connection.recv_bytes(), type=OcrRequest)
        except EOFError:
            return
        connection.send_bytes(msgspec.json.encode(_answer(reader, request)))


def _answer(reader: TextReader, request: OcrRequest) -> OcrAnswer:
    try:
        with pictures(Path(request.path), only=(request.page,)) as (_, pages):
            picture = upright(next(pages).colour(), request.turn)
        return OcrAnswer(tuple(reader.read(picture)))
    except FileFault as fault:
        return OcrAnswer(what=fault.what)
    except (MemoryError, RuntimeError):  # the second from ONNX Runtime that got no memory
        return OcrAnswer(what=f"识别文字时超出 {MEMORY >> 20} MB 内存上限")


def upright(picture: Image.Image, turn: int) -> Image.Image:
    """The page as it is read, at most as fine as reading needs."""
    picture = picture.convert("RGB")
    picture.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.LANCZOS)
    return picture.transpose(_CLOCKWISE[turn]) if turn else picture
