"""Read the page codes off scans: each file in a process of its own limits, one bad file never stops the rest."""

import contextlib
import importlib.util
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from yiyu.docgen.pdf.source import display_name
from yiyu.docgen.scans.child_process import ChildProcess
from yiyu.docgen.scans.page import COUNTED, SECONDS, SECONDS_A_PAGE, THUMBNAIL, PageReading, ReadingAnswer
from yiyu.registry.errors import FileFault, ProgramFault

PATIENCE = 5.0
"""Seconds that pass for one of the processor's, on a machine that has much else to do. The limit itself is the worker's."""
_WHOLE = 65_500
"""Pixels over the long side that no JPEG exceeds."""
MOST_PAGES = 2000
"""Of one file: two archive boxes full."""

Reading = list[PageReading] | FileFault
ReadFiles = Callable[[Iterable[Path]], Iterator[tuple[Path, Reading]]]
"""Reads many files, as :func:`read_files` does, here or elsewhere."""


def read_pages(path: Path) -> list[PageReading]:
    """Read one PDF or picture; a reading for each page.

    Raises FileFault naming the file for one that is missing, empty, no scan, encrypted, damaged, too large, or not read
    within the limits: 7 s of processor time for a page, 1.5 s a page in all, 320 MB.
    """
    [(_, reading)] = read_files([path], at_once=1)
    if isinstance(reading, FileFault):
        raise reading
    return reading


def read_files(paths: Iterable[Path], *, at_once: int = 2) -> Iterator[tuple[Path, Reading]]:
    """Read many files, ``at_once`` at a time; results in the order given, a FileFault in place of what has none.

    Raises ProgramFault where the library that reads codes, which only archivists need, is not installed.
    """
    _require_scan()
    listed = list(paths)
    local = threading.local()
    with contextlib.ExitStack() as readers, ThreadPoolExecutor(at_once) as pool:

        def read(path: Path) -> Reading:
            if not hasattr(local, "reader"):
                local.reader = readers.enter_context(_Reader())
            reader: _Reader = local.reader
            answer = reader.ask(path)
            return _fault(path, answer) if answer.what else list(answer.readings)

        try:
            yield from zip(listed, pool.map(read, listed), strict=True)
        finally:  # also when nobody takes the rest
            pool.shutdown(cancel_futures=True)


def count_pages(paths: Iterable[Path]) -> Iterator[tuple[Path, int | FileFault]]:
    """Open each file, within the limits of a reading, and say how many pages it has; a FileFault of one that is no scan.

    Raises ProgramFault as :func:`read_files` does.
    """
    _require_scan()
    with _Reader() as reader:
        for path in paths:
            answer = reader.ask(path, (), COUNTED)
            yield path, _fault(path, answer) if answer.what else answer.pages


def _fault(path: Path, answer: ReadingAnswer) -> FileFault:
    return FileFault(answer.what, where=display_name(path), remedy="请核对原件，必要时重新扫描")


def thumbnails(wanted: Mapping[Path, Sequence[int]]) -> Iterator[tuple[Path, dict[int, bytes]]]:
    """Give small grey pictures (JPEG) of pages of scans, by page; none of a file that cannot be read any more."""
    with _Reader() as reader:
        for path, pages in wanted.items():
            yield path, dict(zip(pages, reader.ask(path, tuple(pages), THUMBNAIL).pictures, strict=False))


def page_pictures(path: Path, side: int) -> list[bytes]:
    """Every page of a PDF as a JPEG with ``side`` pixels over the long side. Raises FileFault where it cannot be read."""
    with _Reader() as reader:
        answer = reader.ask(path, (), side)
    if answer.what or not all(answer.pictures):
        raise FileFault(answer.what or "有的页图像过大", where=display_name(path))
    return list(answer.pictures)


def as_jpeg(path: Path) -> bytes:
    """Give the picture in a file that PDF cannot hold as it is, as a JPEG. Raises FileFault where it cannot be read."""
    with _Reader() as reader:
        answer = reader.ask(path, (1,), _WHOLE)
    if answer.what:
        raise FileFault(answer.what, where=display_name(path))
    return answer.pictures[0]


def _require_scan() -> None:
    if importlib.util.find_spec("zxingcpp") is None:
        raise ProgramFault("没有安装读取页面码的组件", remedy="请运行 pip install 'yiyu[scan]' 后再试")


class _Reader(ChildProcess):
    """One reading process, started anew after a file that ended it."""

    _work = "读取扫描件"

    def ask(self, path: Path, wanted: tuple[int, ...] = (), side: int = 0) -> ReadingAnswer:
        """Ask for readings of all pages, for pictures of those wanted, so large, or for their number; ``what``: why not."""
        started = time.monotonic()
        if self._process is None:
            self._start()
        try:
            self._line.send((str(path), wanted, side))
            answer = self._answer(started + PATIENCE * SECONDS)
            if answer.what:
                return answer
            if answer.pages > MOST_PAGES and not wanted:
                self._end()
                return ReadingAnswer(what=f"页数过多（{answer.pages} 页，一个文件最多 {MOST_PAGES} 页），请拆分后再收")
            if side == COUNTED:
                return answer
            return self._gathered(answer.pages, started + PATIENCE * (SECONDS + SECONDS_A_PAGE * answer.pages))
        except (TimeoutError, EOFError, OSError) as error:
            late = isinstance(error, TimeoutError) or self._out_of_time()
            self._end()
            return ReadingAnswer(what="没有在限定时间内读完，可能已损坏" if late else "读取时中断，可能已损坏")

    def _gathered(self, pages: int, deadline: float) -> ReadingAnswer:
        readings: list[PageReading] = []
        pictures: list[bytes] = []
        for _ in range(pages):
            answer = self._answer(min(deadline, time.monotonic() + PATIENCE * SECONDS))
            if answer.what:
                return answer
            readings += answer.readings
            pictures += answer.pictures
        return ReadingAnswer(pages, tuple(readings), tuple(pictures))

    def _out_of_time(self) -> bool:
        """Whether the process was ended by its limit of processor time."""
        if self._process is None:
            return False
        self._process.join(1)
        return self._process.exitcode == -getattr(signal, "SIGXCPU", 0)

    def _answer(self, deadline: float) -> ReadingAnswer:
        if not self._line.poll(max(0.0, deadline - time.monotonic())):
            raise TimeoutError
        return msgspec.json.decode(self._line.recv_bytes(), type=ReadingAnswer)

    def _served(self) -> Callable[[Connection], None]:
        from yiyu.docgen.scans.worker import serve

        return serve
