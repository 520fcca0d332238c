"""What a case of the corpus is, and how one is carried out."""

import dataclasses
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

FORGE = Path(__file__).with_name("forge.py")
SECONDS, MEGABYTES = 10, 512
"""Of processor time of all its processes, so that a busy machine changes nothing; and of memory in use."""
PATIENCE = 60
"""Seconds on the clock after which a command has hung."""
Command = Sequence[str]
Make = Callable[[], bytes] | Callable[[Path], None]


@dataclasses.dataclass(frozen=True)
class Refused:
    """Exit code, and words of the one sentence; the registry is as before. ``stdout``: words told there instead."""

    code: int
    says: str
    stdout: str = ""


@dataclasses.dataclass(frozen=True)
class Taken:
    """What the JSON on stdout holds among else, and what a second command then shows (each row a part of one shown)."""

    facts: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    then: Command = ()
    shows: Sequence[Mapping[str, Any]] = ()
    code: int = 0
    says: str = ""


@dataclasses.dataclass(frozen=True)
class Case:
    """``name`` is the file's; {file} and {folder} in ``command`` stand for it and where it lies."""

    name: str
    make: Make
    command: Command
    expected: Refused | Taken

    @property
    def label(self) -> str:
        return (
            os.fsencode(self.name).decode("ascii", "replace").replace("\ufffd", "?")[:40]
            if not self.name.isascii()
            else self.name
        )


@dataclasses.dataclass(frozen=True)
class Outcome:
    codes: list[int]
    signal: int
    timed_out: bool
    left_running: bool
    seconds: float
    megabytes: int
    out: str
    err: str

    @property
    def code(self) -> int:
        return self.codes[-1] if self.codes else -1


class Forge:
    """The process that forks; one for each worker of a test run."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", str(FORGE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(
        self, folder: Path, *commands: Command, proceed: Sequence[int] = (0,), seconds: float = PATIENCE
    ) -> Outcome:
        """Run commands with ``folder`` as home and place to stand; a further one only after a code of ``proceed``."""
        assert self._process.stdin
        assert self._process.stdout
        job = {"folder": str(folder), "commands": [[str(word) for word in one] for one in commands]}
        self._process.stdin.write(json.dumps(job | {"proceed": list(proceed), "seconds": seconds}) + "\n")
        self._process.stdin.flush()
        return Outcome(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def dump(registry: Path) -> str:
    """The logical content of a registry, or "" of what is none."""
    try:
        connection = sqlite3.connect(f"{registry.as_uri()}?mode=ro", uri=True)
        try:
            return "\n".join(connection.iterdump())
        finally:
            connection.close()
    except (sqlite3.Error, UnicodeError):
        return ""


def unchanged(before: Path, after: Path) -> bool:
    """Whether two registries say the same; byte for byte the same file needs no reading."""
    try:
        return before.read_bytes() == after.read_bytes() or dump(before) == dump(after)
    except OSError:
        return False


def copied(office: Path, folder: Path) -> Path:
    return Path(shutil.copytree(office, folder / "office"))


def harm(outcome: Outcome) -> str:
    """What no file may do, whatever it holds: "" if none of it happened."""
    internal = 255 in outcome.codes or "程序内部出错" in outcome.err
    told = outcome.code in (0, 10) or "错误：" in outcome.err
    findings = (
        (outcome.timed_out, f"not done after {PATIENCE} s"),
        (outcome.seconds > SECONDS, f"took {outcome.seconds} s"),
        (outcome.signal and not outcome.timed_out, f"ended by signal {outcome.signal}"),
        (outcome.left_running, "left a process running"),
        (outcome.megabytes > MEGABYTES, f"took {outcome.megabytes} MB"),
        ("Traceback" in outcome.err or "Exception ignored" in outcome.err, f"traceback:\n{outcome.err[-1500:]}"),
        (internal, f"internal error:\n{outcome.err[-1500:]}"),
        (outcome.code not in range(11), f"exit codes {outcome.codes}"),
        (not told, f"no sentence: {outcome.err[-300:]}"),
    )
    return next((what for is_so, what in findings if is_so), "")
