"""A process of its own for what may fail on a foreign file: started when first asked, ended when it fails or is let go."""

import multiprocessing
from abc import ABC, abstractmethod
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Self

from yiyu.registry.errors import ProgramFault


class ChildProcess(ABC):
    """Answers over a pipe. A subclass says what it serves, and ends it when no answer comes; it is started anew then."""

    _work: str
    """What it does, for the sentence that says it could not be started."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._line: Connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    @abstractmethod
    def _served(self) -> Callable[[Connection], None]:
        """The function the process runs, imported when it is started."""

    def _start(self) -> None:
        """Raises ProgramFault where the system has no room for another process."""
        # A fresh interpreter: a fork would hold our files and locks.
        context = multiprocessing.get_context("spawn")
        try:
            self._line, theirs = context.Pipe()
            process = context.Process(target=self._served(), args=(theirs,), daemon=True)
            process.start()
        except OSError as error:
            raise ProgramFault(f"没能启动{self._work}的进程", remedy="请关闭一些程序，腾出内存后再试") from error
        theirs.close()
        self._process = process

    def _end(self) -> None:
        if self._process is not None:
            self._line.close()
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None
