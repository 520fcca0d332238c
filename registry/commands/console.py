"""Standard streams that never fail on a character, and what is said when they cannot be written at all."""

import codecs
import contextlib
import errno
import io
import os
import sys
import traceback
from pathlib import Path
from typing import TextIO

from yiyu.registry.files import write_atomic

_SIGN = "〓"
"""In print it stands for a character the fount lacks (geta); GBK has it, ASCII gets a question mark."""
_HANDLER = "yiyu-shown"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SHUT = {errno.EBADF, errno.EIO, errno.ENXIO}


def prepare_streams() -> None:
    """Let stdout and stderr take any text, whatever the console: call it before anything is written.

    A console keeps its encoding (cp936, ASCII) and shows :data:`_SIGN` for what it lacks. A file or a pipe gets UTF-8,
    unless ``PYTHONIOENCODING`` names another encoding.
    """
    codecs.register_error(_HANDLER, _shown)
    if sys.stdout is None:  # shut by whoever started us: what is written to it fails, and is told
        sys.stdout = open(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")  # noqa: SIM115, PTH123 - a descriptor, for the whole process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            chosen = stream.isatty() or os.environ.get("PYTHONIOENCODING")
            stream.reconfigure(encoding=stream.encoding if chosen else "utf-8", errors=_HANDLER)


def escaped_json(text: str) -> str:
    r"""JSON text for stdout: what its encoding lacks as ``\uXXXX``, which every reader of JSON turns back."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return (
        "".join(one if _fits(one, encoding) else _escapes(one) for one in text) if not _fits(text, encoding) else text
    )


def finish_streams() -> str:
    """Write out what is still kept back; gives why stdout could not be written, in words, or ""."""
    try:
        sys.stdout.flush()
    except OSError as fault:
        with contextlib.suppress(OSError):  # no file of the system's: nobody flushes it again
            _drop(sys.stdout)
        return stream_fault(fault)
    return ""


def stream_fault(fault: OSError) -> str:
    """Why the output was not written to its end, in words; "" for a fault that is none of the streams'."""
    if fault.errno in _FULL:
        return "磁盘已满，结果没有写完；请腾出空间后再试"
    return "标准输出已关闭，结果没有写出" if fault.errno in _SHUT else ""


def _drop(stream: TextIO) -> None:
    """Let the interpreter, which flushes again when it ends, write into nothing."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _shown(fault: UnicodeError) -> tuple[str, int]:
    if not isinstance(fault, UnicodeEncodeError):
        raise fault
    sign = _SIGN if _fits(_SIGN, fault.encoding) else "?"
    return sign * (fault.end - fault.start), fault.end


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _escapes(sign: str) -> str:
    units = sign.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def log_fault(error: BaseException | None = None) -> Path:
    """Write where it happened, without any value: messages of foreign errors may quote a person's data.

    ``error``: None for the one that is being handled.
    """
    fault = error or sys.exception()
    text = "".join(traceback.format_tb(fault.__traceback__)) + type(fault).__name__ if fault else ""
    path = Path.home() / ".yiyu" / "error.log"
    write_atomic(path, text.encode())
    return path
