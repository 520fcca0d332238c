"""The text of pages of scans, read in a process of its own that is started when the first page is asked for."""

import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import msgspec

from yiyu.docgen.pdf.source import display_name
from yiyu.docgen.scans.difference import OcrAnswer, OcrRequest, PageComparison
from yiyu.docgen.scans.ocr_text import TextLine, require_ocr
from yiyu.registry.errors import FileFault, ProgramFault

SECONDS = 180
"""For any page, with the second or two that loading takes; four are needed, on a busy old machine thirty."""


class TextProcess:
    """Reads one page at a time; a page that ends the process or takes too long stops no other.

    Raises ProgramFault at once where what reads text is not installed.
    """

    def __init__(self) -> None:
        require_ocr()
        self._process: BaseProcess | None = None
        self._line: Connection

    def __enter__(self) -> "TextProcess":
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def lines(self, path: Path, page: int, *, turn: int = 0) -> tuple[TextLine, ...]:
        """The text of a page, from above. Raises FileFault, naming the file, for one that cannot be read."""
        return self._ask(path, OcrRequest(str(path), page, turn)).lines

    def compare(
        self, path: Path, page: int, printed: Path, printed_page: int, *, turn: int = 0, names: tuple[str, ...] = ()
    ) -> PageComparison | None:
        """Where a page differs from page ``printed_page`` of a PDF of ours; None where it is another page altogether.

        Raises FileFault, naming the file, for one that cannot be read.
        """
        return self._ask(path, OcrRequest(str(path), page, turn, str(printed), printed_page, names)).compared

    def _ask(self, path: Path, request: OcrRequest) -> OcrAnswer:
        if self._process is None:
            self._start()
        try:
            self._line.send_bytes(msgspec.json.encode(request))
            if not self._line.poll(SECONDS):
                raise TimeoutError
            answer = msgspec.json.decode(self._line.recv_bytes(), type=OcrAnswer)
        except (EOFError, OSError) as error:
            self._end()
            what = "没有在限定时间内识别完文字" if isinstance(error, TimeoutError) else "识别文字时中断"
            raise FileFault(f"第 {request.page} 页{what}", where=display_name(path), remedy="请人工核对") from error
        if answer.what:
            raise FileFault(answer.what, where=display_name(path), remedy="请人工核对")
        return answer

    def _start(self) -> None:
        from yiyu.docgen.scans.ocr_worker import serve

        context = multiprocessing.get_context("spawn")
        try:
            self._line, theirs = context.Pipe()
            process = context.Process(target=serve, args=(theirs,), daemon=True)
            process.start()
        except OSError as error:
            raise ProgramFault("没能启动识别文字的进程", remedy="请关闭一些程序，腾出内存后再试") from error
        theirs.close()
        self._process = process

    def _end(self) -> None:
        if self._process is not None:
            self._line.close()
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None
