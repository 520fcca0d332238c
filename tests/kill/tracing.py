"""A command watched by strace: what it asks of the system, in order; or killed when it asks the N-th time."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FORKING = Path(__file__).with_name("forking.py")
CALLS = (
    "write",
    "writev",
    "pwrite64",
    "pwritev",
    "copy_file_range",
    "sendfile",
    "fallocate",
    "fsync",
    "fdatasync",
    "sync_file_range",
    "rename",
    "renameat",
    "renameat2",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "truncate",
    "ftruncate",
    "mkdir",
    "mkdirat",
    "chmod",
    "fchmod",
    "fchmodat",
)
"""Every call that may change what is on the disk, but for opening a file to make it."""
WRITES = ("write", "writev", "pwrite64", "pwritev", "copy_file_range", "sendfile", "truncate", "ftruncate")
SYNCS = ("fsync", "fdatasync")
KILLED = -signal.SIGKILL
_LINE = re.compile(r"(?P<pid>\d+) +(?P<call>\w+)\((?P<words>.*)")
_PATH = re.compile(r"<(/[^>]*)>|\"(/[^\"]*)\"")


@dataclass(frozen=True)
class Call:
    """One call: who asked, what, the N-th of its name by that process, and the paths it speaks of."""

    pid: int
    name: str
    nth: int
    paths: tuple[str, ...]


class Desk:
    """Runs commands in ``folder``, one after the other."""

    def __init__(self, folder: Path, *more: str) -> None:
        """``more``: modules that are loaded before anything is run, beside those that every command may need."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        words = [sys.executable, "-P", str(FORKING), *more]
        self._server = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._server.__exit__(None, None, None)

    def run(self, words: Sequence[object]) -> int:
        """The exit code."""
        return int(self._ask(self._job(words, wait=False))["code"])

    def run_for(self, words: Sequence[object], seconds: float) -> int:
        """Run it and kill it after so many seconds, whatever it is at; :data:`KILLED` or its exit code."""
        pid = int(self._ask(self._job(words, wait=True))["pid"])
        handle = os.pidfd_open(pid)
        timer = threading.Timer(seconds, _end, (handle,))
        os.kill(pid, signal.SIGCONT)
        timer.start()
        code = int(self._ask({"ended": pid})["code"])
        timer.cancel()
        timer.join()
        os.close(handle)
        return code

    def told(self) -> str:
        """What the last command said on stderr."""
        return (self.folder / "err").read_text("utf-8")

    def trace(self, words: Sequence[object]) -> tuple[list[Call], int]:
        """Every call of the command and of what it started, in order, and the process id of the command itself."""
        log = self.folder / "trace"
        pid, code = self._watched(words, ["-f", "-y", "-s", "1", "-o", str(log), "-e", f"trace={','.join(CALLS)}"])
        assert code >= 0, code
        counts: dict[tuple[int, str], int] = {}
        calls = []
        for line in log.read_text("utf-8", "surrogateescape").splitlines():
            found = _LINE.match(line)
            if found is None:
                continue
            key = int(found["pid"]), found["call"]
            counts[key] = counts.get(key, 0) + 1
            paths = tuple(_unescaped(a or b) for a, b in _PATH.findall(found["words"]))
            calls.append(Call(*key, counts[key], paths))
        return calls, pid

    def kill(self, words: Sequence[object], call: str, nth: int) -> bool:
        """Kill the command when it asks for ``call`` the N-th time; whether it ever did."""
        switches = [
            "-o",
            str(self.folder / "killed"),
            "-e",
            f"trace={call}",
            "-e",
            f"inject={call}:signal=KILL:when={nth}",
        ]
        return self._watched(words, switches)[1] == KILLED

    @contextlib.contextmanager
    def serving(self, words: Sequence[object], call: str, nth: int) -> Iterator[int]:
        """A command that goes on until it is killed: when one of its threads asks for ``call`` the N-th time, or at the end."""
        pid = int(self._ask(self._job(words, wait=True))["pid"])
        handle = os.pidfd_open(pid)
        inject = f"inject={call}:signal=KILL:when={nth}"
        switches = ["-f", "-o", str(self.folder / "killed"), "-e", f"trace={call}", "-e", inject]
        with subprocess.Popen(["strace", "-p", str(pid), *switches], stderr=subprocess.PIPE, text=True) as watcher:
            assert watcher.stderr is not None
            attached = watcher.stderr.readline()
            assert "attached" in attached, attached
            os.kill(pid, signal.SIGCONT)
            try:
                yield pid
            finally:
                _end(handle)
                os.close(handle)
                self._ask({"ended": pid})
                watcher.communicate()

    def _watched(self, words: Sequence[object], switches: Sequence[str]) -> tuple[int, int]:
        pid = int(self._ask(self._job(words, wait=True))["pid"])
        with subprocess.Popen(["strace", "-p", str(pid), *switches], stderr=subprocess.PIPE, text=True) as watcher:
            assert watcher.stderr is not None
            attached = watcher.stderr.readline()
            os.kill(pid, signal.SIGCONT)
            code = int(self._ask({"ended": pid})["code"])
            assert "attached" in attached, attached
            watcher.communicate()
        return pid, code

    def _job(self, words: Sequence[object], *, wait: bool) -> dict[str, Any]:
        out, err = (str(self.folder / name) for name in ("out", "err"))
        return {"words": [str(one) for one in words], "folder": str(self.folder), "out": out, "err": err, "wait": wait}

    def _ask(self, job: dict[str, Any]) -> dict[str, Any]:
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        answer: dict[str, Any] = json.loads(self._server.stdout.readline())
        return answer


def unsynced(calls: Sequence[Call], place: Path) -> list[str]:
    """Final names in ``place`` that came about otherwise: file synced after its last write, renamed, folder synced."""
    faults = []
    for at, call in enumerate(calls):
        if not call.name.startswith("rename") or not call.paths[-1].startswith(f"{place}/"):
            continue
        temporary, final = call.paths
        of_file = [one.name for one in calls[:at] if one.paths[:1] == (temporary,) and one.name in (*WRITES, *SYNCS)]
        after = [one for one in calls[at:] if one.name in SYNCS and one.paths == (str(Path(final).parent),)]
        if not of_file or of_file[-1] not in SYNCS or not after:
            faults.append(final)
    return faults


def _end(handle: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(handle, signal.SIGKILL)


def _unescaped(text: str) -> str:
    """Undo strace's octal escapes."""
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")
