"""Long works: done beside the pages, with progress and an end that waits until somebody looks, the browser closed or not.

What a work did is in the registry and in files, as after the command; here is only the note that tells of it. A note
of a work that was under way when the desk ended says so when it starts again.
"""

import contextvars
import datetime as dt
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from yiyu.registry.errors import UserError
from yiyu.registry.files import read_bytes, write_atomic

FOLDER = ".desk"
"""Folder of a workspace for what the desk keeps: uploads, results to be fetched, notes of works."""
_AT_ONCE = 2
_MOST_NOTES = 200
_MOST_NOTE_BYTES = 4 * 1024 * 1024


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
        self.done, self.total, self._since = 0, 0, dt.datetime.now(dt.UTC)
        self.cancelled = threading.Event()

    def __call__(self, done: int, total: int) -> None:
        """The :data:`yiyu.registry.session.Progress` of the action."""
        if self.cancelled.is_set():
            raise CancelledError
        self.done, self.total = done, total

    @property
    def left(self) -> int | None:
        spent = (dt.datetime.now(dt.UTC) - self._since).total_seconds()
        return round(spent / self.done * (self.total - self.done)) if self.done else None


Act = Callable[[Path, Progressing], Outcome]
"""Does the work; is given a folder of its own for results."""


class Works:
    """All works of one office, running and told of."""

    def __init__(self, root: Path) -> None:
        self._folder = root / FOLDER / "works"
        self._root = root
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="work")
        self._running: dict[str, Progressing] = {}
        for note in self.notes():
            if note.state == "running":
                note.state, note.error = "broken", "做到一半时服务停了；已写入的都在，没有半截的结果，请重做一次。"
                self._write(note)

    def begin(self, title: str, act: Act, *, owner: int, actor: str, again: str) -> str:
        """Start a work, or let it wait for one of two places; gives its id."""
        note = Note(secrets.token_hex(8), title, owner, actor, again, _now())
        self._write(note)
        self._running[note.id] = progress = Progressing()
        self._pool.submit(contextvars.copy_context().run, self._do, note, act, progress)
        self._drop_old()
        return note.id

    def cancel(self, key: str) -> None:
        """Ask a running work to end; what it has written stays as after a command that was broken off."""
        if key in self._running:
            self._running[key].cancelled.set()

    def progress(self, key: str) -> Progressing | None:
        """How far it is; None once it has ended."""
        return self._running.get(key)

    def note(self, key: str) -> Note | None:
        """What is known of a work; None where there is none of this id."""
        return next((note for note in self.notes() if note.id == key), None)

    def notes(self) -> list[Note]:
        """The newest first."""
        return sorted(self._read(), key=lambda note: note.began, reverse=True)

    def folder(self, key: str) -> Path:
        """Where the files of a work lie."""
        return self._folder / key

    def close(self) -> None:
        """Let running works come to their end at the next report of progress."""
        for progress in list(self._running.values()):
            progress.cancelled.set()
        self._pool.shutdown(cancel_futures=True)

    def _do(self, note: Note, act: Act, progress: Progressing) -> None:
        try:
            note.outcome = act(self.folder(note.id), progress)
            note.state = "done"
        except CancelledError:
            note.state = "cancelled"
        except UserError as error:
            note.state, note.error = "failed", str(error)
        except Exception as error:
            note.state, note.error = (
                "failed",
                f"程序内部出错（{type(error).__name__}），没有写入的都没有写入；请联系维护人员。",
            )
            raise
        finally:
            note.ended = _now()
            self._write(note)
            self._running.pop(note.id, None)

    def _read(self) -> Iterator[Note]:
        for path in self._folder.glob("*.json"):
            try:
                yield msgspec.json.decode(read_bytes(path, limit=_MOST_NOTE_BYTES), type=Note)
            except (msgspec.MsgspecError, UserError):
                continue  # a note only tells; the work is in the registry

    def _write(self, note: Note) -> None:
        write_atomic(self._folder / f"{note.id}.json", msgspec.json.encode(note), office=self._root)

    def _drop_old(self) -> None:
        import shutil

        for note in self.notes()[_MOST_NOTES:]:
            if note.state != "running":
                (self._folder / f"{note.id}.json").unlink(missing_ok=True)
                shutil.rmtree(self.folder(note.id), ignore_errors=True)


def _now() -> str:
    return dt.datetime.now().astimezone().isoformat(timespec="microseconds")
