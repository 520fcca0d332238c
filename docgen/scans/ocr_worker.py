"""The process that reads text off scans: pictures sent by strangers and half a gigabyte of models, under a limit of memory."""

import signal
import sys
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec
from PIL import Image

from yiyu.docgen.scans.difference import OcrAnswer, OcrRequest
from yiyu.docgen.scans.halves import FINER, half_box, part
from yiyu.docgen.scans.ocr_text import TextReader
from yiyu.docgen.scans.page_comparison import page_comparison
from yiyu.docgen.scans.pictures import TooLarge, opened
from yiyu.registry.errors import FileFault

if sys.platform != "win32":
    import resource

MEMORY = 2 * 1024**3
"""Bytes of address space; the models and a page at 300 dpi take 1.2 GB of it, 0.6 GB of memory."""
_LONG_SIDE, _SHORT_SIDE = 2480, 1754
"""Pixels: A4 at 210 dpi. Finer pictures are read no better, and cost more."""
_CLOCKWISE = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}


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
        with opened(Path(request.path)) as scan:
            finer = FINER if request.half else 1
            sheet = scan.page(request.page).at_least(round(_SHORT_SIDE * finer))
            picture = upright(part(sheet, half_box(request.half, request.turn)), request.turn)
        lines = reader.read(picture)
        if not request.printed:
            return OcrAnswer(tuple(lines))
        wanted = request.printed, request.printed_page, request.names
        return OcrAnswer(compared=page_comparison(reader, picture, lines, *wanted))
    except FileFault as fault:
        return OcrAnswer(what=fault.what)
    except (MemoryError, RuntimeError, TooLarge):  # the second from ONNX Runtime that got no memory
        return OcrAnswer(what=f"识别文字时超出 {MEMORY >> 20} MB 内存上限")


def upright(picture: Image.Image, turn: int) -> Image.Image:
    """The page as it is read, at most as fine as reading needs."""
    picture = picture.convert("RGB")
    picture.thumbnail((_LONG_SIDE, _LONG_SIDE), Image.Resampling.LANCZOS)
    return picture.transpose(_CLOCKWISE[turn]) if turn else picture
