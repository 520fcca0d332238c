"""Runs the command line in forked children with limits, asked in JSON lines: ``python -P tests/hostile/forge.py``.

Starting Python and loading every library takes a second, a fork three milliseconds. What ends a child (a signal, the
memory limit, the clock) ends nobody else, and is told.
"""

import contextlib
import gc
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any

ADDRESSES = 2 * 1024**3
"""Bytes of address space of each process: against a runaway; what is judged is the memory in use."""
_CUT = 4_000_000
_PRELOADED = (
    "yiyu.docgen.scans.pictures",
    "yiyu.docgen.fill.lint.check",
    "yiyu.docgen.pdf.merge",
    "yiyu.registry.workbooks.loading",
    "yiyu.registry.workbooks.writing",
    "xlsxwriter",
    "cn2an",
)


def preload() -> Any:
    """Import what commands import; one that cannot be is for the command itself to tell of."""
    cli = importlib.import_module("yiyu.cli")
    for name in (*_PRELOADED, *(f"yiyu.{place.split(':')[0]}" for place in cli.places())):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    return cli.main


def perform(main: Any, job: dict[str, Any]) -> dict[str, Any]:
    """Run the commands of a job one after the other as long as they exit as expected; tell of the last."""
    folder = Path(job["folder"])
    outputs = [folder / ".out", folder / ".err"]
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        _child(main, job, outputs, writer)
    os.close(writer)
    timed_out = not _ended(child, job["seconds"])
    if timed_out:
        os.killpg(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    told = os.read(reader, 256)
    os.close(reader)
    blind = {"codes": [], "megabytes": usage.ru_maxrss // 1024, "seconds": usage.ru_utime + usage.ru_stime}
    out, err = (path.read_bytes()[:_CUT].decode("utf-8", "replace") for path in outputs)
    return {
        **(json.loads(told) if told else blind),
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "timed_out": timed_out,
        "left_running": _left_running(child),
        "out": out,
        "err": err,
    }


def _child(main: Any, job: dict[str, Any], outputs: list[Path], writer: int) -> None:
    os.setsid()
    for number, path in enumerate(outputs, start=1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.chdir(job["folder"])
    os.environ["HOME"] = job["folder"]
    codes: list[int] = []
    try:
        for command in job["commands"]:
            if codes and codes[-1] not in job["proceed"]:
                break
            if codes:
                sys.stdout.write("\f\n")
                sys.stdout.flush()
            codes.append(_code(main, command))
    except BaseException:  # noqa: BLE001 - whatever it is, it is told
        traceback.print_exc()
        codes.append(255)
    sys.stdout.flush()
    sys.stderr.flush()
    every = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told = {
        "codes": codes,
        "megabytes": sum(one.ru_maxrss for one in every) // 1024,
        "seconds": round(sum(one.ru_utime + one.ru_stime for one in every), 3),
    }
    os.write(writer, json.dumps(told).encode())
    os._exit(0)


def _code(main: Any, command: list[str]) -> int:
    try:
        main(args=command, prog_name="yiyu")
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else 0 if exit_.code is None else 255
    return 0


def _ended(child: int, seconds: float) -> bool:
    handle = os.pidfd_open(child)
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def _left_running(group: int) -> bool:
    """Whether a process outlives the command by more than a moment."""
    deadline = time.monotonic() + 1
    while _living(group):
        if time.monotonic() > deadline:
            os.killpg(group, signal.SIGKILL)
            return True
        time.sleep(0.01)
    return False


def _living(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = entry.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            return True
    return False


if __name__ == "__main__":
    program = preload()
    gc.freeze()  # or each child would copy what it never changes
    for line in sys.stdin:
        sys.stdout.write(json.dumps(perform(program, json.loads(line))) + "\n")
        sys.stdout.flush()
