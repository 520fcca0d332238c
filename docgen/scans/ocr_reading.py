"""The text of pages of scans, read in a process of its own that is started when the first page is asked for."""

from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import msgspec

from yiyu.docgen.pdf.source import display_name
from yiyu.docgen.scans.child_process import ChildProcess
from yiyu.docgen.scans.difference import OcrAnswer, OcrRequest, PageComparison
from yiyu.docgen.scans.ocr_text import TextLine, require_ocr
from yiyu.docgen.scans.page import Half
from yiyu.registry.errors import FileFault

SECONDS = 180
"""For any page, with the second or two that loading takes; four are needed, on a busy old machine thirty."""


class TextProcess(ChildProcess):
    """Reads one page at a time; a page that ends the process or takes too long stops no other.

    Raises ProgramFault at once where what reads text is not installed.
    """

    _work = "识别文字"

    def __init__(self) -> None:
        require_ocr()
        super().__init__()

    def lines(self, path: Path, page: int, *, turn: int = 0) -> tuple[TextLine, ...]:
        """The text of a page, from above. Raises FileFault, naming the file, for one that cannot be read."""
        return self._ask(path, OcrRequest(str(path), page, turn)).lines

    def compare(
        self,
        path: Path,
        page: int,
        printed: Path,
        printed_page: int,
        *,
        turn: int = 0,
        names: tuple[str, ...] = (),
        half: Half = Half.WHOLE,
    ) -> PageComparison | None:
        """Where a page, or that half of it, differs from page ``printed_page`` of a PDF of ours; None where it is another.

        Raises FileFault, naming the file, for one that cannot be read.
        """
        return self._ask(path, OcrRequest(str(path), page, turn, str(printed), printed_page, names, half)).compared

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

    def _served(self) -> Callable[[Connection], None]:
        from yiyu.docgen.scans.ocr_worker import serve

        return serve
