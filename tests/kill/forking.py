"""Runs the command line in forked children that wait to be watched: ``python -P tests/kill/forking.py``.

Starting Python and loading every library takes a second; a fork takes milliseconds, so thousands of runs fit in minutes.
Asked in JSON lines: a job with ``wait`` gives the process id of a child that has stopped itself before its first step,
and ``{"ended": PID}`` waits for it and tells how it ended. A job without ``wait`` is run to its end at once.
"""

import contextlib
import ctypes
import importlib
import json
import os
import select
import signal
import sys
import traceback
from typing import Any

ALLOW_TRACING = 0x59616D61
"""PR_SET_PTRACER, for systems where only a parent may trace."""
PATIENCE = 120
"""Seconds for one command."""
_MORE = ("yiyu.registry.workbooks.loading", "yiyu.registry.workbooks.writing", "xlsxwriter", "pikepdf", "pypdf")


def preload() -> Any:
    cli = importlib.import_module("yiyu.cli")
    for name in (*_MORE, *sys.argv[1:], *(f"yiyu.{place.split(':')[0]}" for place in cli.places())):
        importlib.import_module(name)
    return cli.main


def fork(main: Any, job: dict[str, Any]) -> int:
    child = os.fork()
    if not child:
        run(main, job)
    return child


def run(main: Any, job: dict[str, Any]) -> None:
    code = 255
    try:
        os.setsid()
        os.chdir(job["folder"])
        for number, name in enumerate(("out", "err"), start=1):
            os.dup2(os.open(job[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        if job["wait"]:
            ctypes.CDLL(None).prctl(ALLOW_TRACING, ctypes.c_ulong(-1), 0, 0, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
        main(args=job["words"], prog_name="yiyu")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 255
    except BaseException:  # noqa: BLE001 - whatever it is, the child ends here
        traceback.print_exc()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def ended(child: int) -> dict[str, int]:
    """How a child ended, negative for a signal; whatever it started ends as well, and what hangs is ended."""
    handle = os.pidfd_open(child)
    if not select.select([handle], [], [], PATIENCE)[0]:
        os.killpg(child, signal.SIGABRT)
    os.close(handle)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return {"code": os.waitstatus_to_exitcode(status)}


def answer(main: Any, asked: dict[str, Any]) -> dict[str, int]:
    if "ended" in asked:
        return ended(asked["ended"])
    child = fork(main, asked)
    if not asked["wait"]:
        return ended(child)
    os.waitpid(child, os.WUNTRACED)
    return {"pid": child}


if __name__ == "__main__":
    program = preload()
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(program, json.loads(line))) + "\n")
        sys.stdout.flush()
