"""Long works: done beside the pages, with progress and an end that waits until somebody looks, the browser closed or not.

What a work did is in the registry and in files, as after the command; here is only the note that tells of it. A note
of a work that was under way when the desk ended says so when it starts again.
"""

import contextlib
import contextvars
import datetime as dt
import queue
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from yiyu.registry.commands.console import log_fault
from yiyu.registry.errors import UserError
from yiyu.registry.files import read_bytes, write_atomic

FOLDER = ".desk"
"""Folder of a workspace for what the desk keeps: uploads, results to be fetched, notes of works."""
_AT_ONCE = 2
_MOST_NOTES = 200
_MOST_NOTE_BYTES = 4 * 1024 * 1024
_PATIENCE = 8.0
"""Seconds that works have to come to an end when the desk closes."""
_NOT_BEGUN = "还没有轮到就停了，什么都没有做。"
_BROKEN = "做到一半时服务停了；已写入的都在，没有半截的结果，请重做一次。"


class CancelledError(Exception):
    """Raised in a work at its next report of progress, once somebody has asked for its end."""


class Outcome(msgspec.Struct, frozen=True):
    """What a work tells: ``lines`` as the command says them, what was left out, files to fetch, and where to go on."""

    lines: Sequence[str] = ()
    failed: Sequence[tuple[str, str]] = ()
    """Subject and reason with its remedy."""
    files: Sequence[str] = ()
    """Paths from the folder of the work."""
    next_page: str = ""
    next_label: str = ""


class Note(msgspec.Struct):
    """A work as its note has it. ``state``: running, done, failed, cancelled, broken (the desk ended before it)."""

    id: str
    title: str
    owner: int
    actor: str
    again: str
    """The page on which it can be begun once more."""
    began: str
    state: str = "running"
    ended: str = ""
    error: str = ""
    outcome: Outcome = Outcome()


class Progressing:
    """How far a running work is; ``left`` in seconds, None while nobody can tell."""

    def __init__(self) -> None:
        self.done, self.total, self._since = 0, 0, time.monotonic()
        self.begun = False
        """False while it waits for its turn."""
        self.cancelled = threading.Event()

    def begin(self) -> None:
        """Its turn has come."""
        self.begun, self._since = True, time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """The :data:`yiyu.registry.session.Progress` of the action."""
        if self.cancelled.is_set():
            raise CancelledError
        self.done, self.total = done, total

    @property
    def left(self) -> int | None:
        spent = time.monotonic() - self._since
        return round(spent / self.done * (self.total - self.done)) if self.done else None


Act = Callable[[Path, Progressing], Outcome]
"""Does the work; is given a folder of its own for results."""


class _Job(NamedTuple):
    note: Note
    progress: Progressing
    run: Callable[[], None]


class Works:
    """All works of one office, running and told of.

    They run in daemon threads: one that never looks whether it is to end cannot keep the server from ending.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER / "works"
        self._root = root
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._jobs: dict[str, _Job] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._closed = False
        for note in self.notes():
            if note.state == "running":
                note.state, note.error = "broken", _BROKEN
                self._write(note)

    def begin(
        self, title: str, act: Act, *, owner: int, actor: str, again: str, ended: Callable[[], None] = lambda: None
    ) -> str:
        """Start a work, or let it wait for one of two places; gives its id. ``ended`` is called however it ends."""
        note = Note(secrets.token_hex(8), title, owner, actor, again, _now())
        self._write(note)
        progress, context = Progressing(), contextvars.copy_context()
        job = _Job(note, progress, lambda: context.run(self._do, note, act, progress, ended))
        with self._lock:
            self._jobs[note.id] = job
            if len(self._threads) < _AT_ONCE:
                self._threads.append(threading.Thread(target=self._work, name=f"work {note.id}", daemon=True))
                self._threads[-1].start()
        self._waiting.put(job)
        self._drop_old()
        return note.id

    def cancel(self, key: str) -> None:
        """Ask a work to end: one that waits does at once; what another has written stays as after a command broken off."""
        if (job := self._jobs.get(key)) is not None:
            job.progress.cancelled.set()
            self._put_off(job)

    def progress(self, key: str) -> Progressing | None:
        """How far it is; None once it has ended."""
        job = self._jobs.get(key)
        return job and job.progress

    def note(self, key: str) -> Note | None:
        """What is known of a work; None where there is none of this id."""
        return self._note_in(self._folder / f"{key}.json") if key.isalnum() else None

    def notes(self) -> list[Note]:
        """The newest first."""
        found = (self._note_in(path) for path in self._folder.glob("*.json"))
        return sorted((note for note in found if note), key=lambda note: note.began, reverse=True)

    def folder(self, key: str) -> Path:
        """Where the files of a work lie."""
        return self._folder / key

    def close(self, patience: float = _PATIENCE) -> bool:
        """Let works end at their next report of progress; whether all did within ``patience`` seconds.

        One that did not is told of as broken off; it goes on until the process ends, as if that were killed.
        """
        with self._lock:
            if not self._closed:
                self._closed = True
                for _ in self._threads:
                    self._waiting.put(None)
        for key in list(self._jobs):
            self.cancel(key)
        until = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        for job in list(self._jobs.values()):
            job.note.state, job.note.error = "broken", _BROKEN
            with contextlib.suppress(UserError):
                self._write(job.note)
        return not self._jobs

    def _work(self) -> None:
        """One thread: a work after the other, until None comes."""
        while (job := self._waiting.get()) is not None:
            with contextlib.suppress(Exception):  # told by its note, and in the log of faults
                self._put_off(job) if job.progress.cancelled.is_set() else self._taken(job)

    def _taken(self, job: _Job) -> None:
        with self._lock:
            if job.note.id not in self._jobs:
                return
            job.progress.begin()
        job.run()

    def _put_off(self, job: _Job) -> None:
        """Say of a work that has not begun that nothing was done."""
        with self._lock:
            if job.progress.begun or self._jobs.pop(job.note.id, None) is None:
                return
        job.note.state, job.note.error, job.note.ended = "cancelled", _NOT_BEGUN, _now()
        self._write(job.note)

    def _do(self, note: Note, act: Act, progress: Progressing, ended: Callable[[], None]) -> None:
        try:
            note.outcome = act(self.folder(note.id), progress)
            note.state, note.error = "done", ""
        except CancelledError:
            note.state, note.error = ("broken", _BROKEN) if self._closed else ("cancelled", "")
        except UserError as error:
            note.state, note.error = "failed", str(error)
        except Exception as error:
            told = f"程序内部出错（{type(error).__name__}），没有写入的都没有写入；详情已记入 {log_fault()}，请把该文件发给维护人员。"
            note.state, note.error = "failed", told
            raise
        finally:
            note.ended = _now()
            ended()
            try:
                self._write(note)
            finally:  # on a full disk it has ended all the same
                self._jobs.pop(note.id, None)

    def _note_in(self, path: Path) -> Note | None:
        try:
            return msgspec.json.decode(read_bytes(path, limit=_MOST_NOTE_BYTES), type=Note)
        except (msgspec.MsgspecError, UserError):
            return None  # a note only tells; the work is in the registry

    def _write(self, note: Note) -> None:
        write_atomic(self._folder / f"{note.id}.json", msgspec.json.encode(note), office=self._root)

    def _drop_old(self) -> None:
        for note in self.notes()[_MOST_NOTES:]:
            if note.id not in self._jobs:
                (self._folder / f"{note.id}.json").unlink(missing_ok=True)
                shutil.rmtree(self.folder(note.id), ignore_errors=True)


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="microseconds")
