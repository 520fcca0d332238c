"""Claims about long work: on a terminal a bar counts up to all of it, in a pipe nothing is said of it."""

import contextlib
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from build import invoke

from yiyu.registry.session import watched

LONG = (("check", "核对文件"), ("backup --with-files", "备份并核对"), ("institution import 名册.xlsx", "导入"))


@pytest.fixture
def folder(office: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The office as the current folder, with its own roster to import."""
    monkeypatch.chdir(office)
    assert invoke("institution", "export", "名册.xlsx", "--kind", "childcare").exit_code == 0
    return office


def start(line: str, stderr: int) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "yiyu.cli", *line.split()]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)


@pytest.mark.parametrize(("line", "label"), LONG)
def test_a_bar_counts_on_a_terminal(folder: Path, line: str, label: str) -> None:
    ours, theirs = pty.openpty()
    process = start(line, theirs)
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):  # how Linux says that nobody writes any more
        while part := os.read(ours, 4096):
            said += part
    os.close(ours)
    assert process.wait(60) == 0, said.decode()
    counts = re.findall(rf"{label}  \[#*-*\]  (\d+)/(\d+)", said.decode())
    assert counts
    done, total = counts[-1]
    assert done == total != "0"


@pytest.mark.parametrize(("line", "label"), LONG)
def test_in_a_pipe_nothing_is_said_of_it(folder: Path, line: str, label: str) -> None:
    process = start(line, subprocess.PIPE)
    said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 0, said
    assert label + "  [" not in said


@pytest.mark.parametrize("total", [1, 7, 1000, 12_345])
def test_the_last_report_is_of_all_and_the_reports_are_few(total: int) -> None:
    reports: list[tuple[int, int]] = []
    assert list(watched(range(total), lambda done, of: reports.append((done, of)))) == list(range(total))
    assert reports == sorted(reports)
    assert reports[-1] == (total, total)
    assert len(reports) <= min(total, 402)
