"""What is loaded before a person has asked for anything."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

LIGHT = {"click", "yiyu"}
"""All that is not Python's own. Whatever a command needs besides is imported when that command runs."""
FIRST_THINGS = ([], ["--help"], ["--version"], ["no-such-command"])


def imported(home: Path, *arguments: str) -> set[str]:
    """The top names of the modules that are imported for a command line, apart from what any start of Python imports."""

    def names(*command: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-X", "importtime", *command],
            env={"HOME": str(home), "PATH": os.environ["PATH"]},
            capture_output=True,
            text=True,
            check=False,
        )
        return {name.strip() for name in re.findall(r"^import time:.*\|([^|]+)$", done.stderr, re.MULTILINE)}

    full = names("-m", "yiyu.cli", *arguments) - names("-c", "pass")
    tops = {name.split(".")[0] for name in full}
    return {one for one in tops if importlib.util.find_spec(one)}  # pickle tries Jython's "org"


@pytest.mark.parametrize("arguments", FIRST_THINGS, ids=" ".join)
def test_the_front_door_imports_click_and_nothing_else_from_outside(tmp_path: Path, arguments: list[str]) -> None:
    foreign = imported(tmp_path, *arguments) - sys.stdlib_module_names
    assert foreign == LIGHT


def test_the_measure_sees_a_heavy_import(tmp_path: Path) -> None:
    assert "sqlite_utils" in imported(tmp_path, "check", "--help")
