"""Runs the command line in forked children that wait to be watched: ``python -P tests/kill/forking.py``.

Starting Python and loading every library takes a second; a fork takes milliseconds, so thousands of runs fit in minutes.
Asked in JSON lines: ``{"words": […], "folder": DIR, "wait": true}`` gives the process id of a child that has stopped
itself; ``{"ended": PID}`` waits for one and gives how it ended. Without ``wait`` both happen in one.
"""

import ctypes
import importlib
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

ALLOW_TRACING = 0x59616D61
"""PR_SET_PTRACER, for systems where only a parent may trace."""
_MORE = ("yiyu.registry.sheets.loading", "yiyu.registry.sheets.writing", "xlsxwriter", "rich.table", "pikepdf", "pypdf")


def preload() -> Any:
    cli = importlib.import_module("yiyu.cli")
    for name in (*_MORE, *(place.split(":")[0] for place, _ in cli.COMMANDS.values())):
        importlib.import_module(name)
    return cli.main


def fork(main: Any, job: dict[str, Any]) -> int:
    child = os.fork()
    if not child:
        _run(main, job)
    return child


def _run(main: Any, job: dict[str, Any]) -> None:
    code = 255
    try:
        os.setsid()
        os.chdir(job["folder"])
        for number, name in enumerate(("out", "err"), start=1):
            os.dup2(os.open(job[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), number)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ |= job.get("environment", {})
        if job["wait"]:
            ctypes.CDLL(None).prctl(ALLOW_TRACING, ctypes.c_ulong(-1), 0, 0, 0)
            os.kill(os.getpid(), signal.SIGSTOP)
        main(args=job["words"], prog_name="yiyu")
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 255
    except BaseException:
        traceback.print_exc()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def ended(child: int) -> dict[str, int]:
    """How a child ended; whatever it started ends as well."""
    _, status = os.waitpid(child, 0)
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
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
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(program, json.loads(line))), flush=True)
