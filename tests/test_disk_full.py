"""No room, no right to write: a sentence that names the folder, everything as before, and the next try succeeds.

On Linux the disk is a small one of our own, mounted where only a child process sees it, and filled to the level wanted.
Where mounting is not allowed, no file may grow beyond the level.
"""

import contextlib
import ctypes
import json
import os
import resource
import shutil
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from yiyu.cli import main

LEVELS = 20
DISK = 24 * 1024 * 1024
NEW_USER, NEW_MOUNT, PRIVATE = 0x10000000, 0x00020000, (1 << 18) | (1 << 14)
NOBODY = 65534

COMMANDS: dict[str, tuple[tuple[str, ...], int]] = {
    "backup": (("backup",), 300_000),
    "backup with files": (("backup", "--with-files"), 900_000),
    "import": (("institution", "import", "{office}/示例_托育机构名册.xlsx"), 400_000),
    "generate": (("generate",), 300_000),
    "edit": (("institution", "edit", "{code}", "--remark", "备注" * 20_000), 200_000),
}
"""Command line, and bytes that are surely enough for it."""


class Told(NamedTuple):
    code: int
    message: str


def run(office: Path, command: str) -> Told:
    facts = {"office": office, "code": "12150602MA6751143B"}
    words = [word.format(**facts) for word in COMMANDS[command][0]]
    result = CliRunner().invoke(main, ["--workspace", str(office), *words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Told(result.exit_code, result.stderr)
