"""Any console: no listing fails on a character, nothing is lost where a program reads, and no output is lost in silence."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from yiyu.cli import main

NAME = "东胜区𠮷☑🏠\ue004托育中心"
"""Outside the plane of GBK; a sign GBK lacks; an emoji; a private-use character."""
LISTINGS = (
    "institution list",
    "institution list --json",
    f"institution show {NAME}",
    "institution duplicates",
    "agreement pair",
    "agreement pair --json",
    "agreement list",
    "agreement conflicts",
    "activity list",
    "activity waiting",
    "duty list",
    "duty plan",
    "remind",
    "report rates",
    "report worklist",
    "report self-assessment",
    "report hours",
    "template fields",
    "pack list",
    "pack show ordos",
    "doctor",
    "check",
    "log",
    "log --json",
)


def run(office: Path, *arguments: str, **settings: object) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "yiyu.cli", "--workspace", str(office), *arguments]
    return subprocess.run(command, check=False, stderr=subprocess.PIPE, **settings)  # type: ignore[call-overload,no-any-return]


@pytest.fixture
def named(office: Path) -> Path:
    """An office with an institution whose name no GBK console can show."""
    added = run(office, "institution", "add", "--kind", "childcare", "--name", NAME, "--district", "东胜区", "--filed")
    assert added.returncode == 0, added.stderr.decode()
    return office


@pytest.mark.parametrize("listing", LISTINGS)
def test_a_strict_gbk_console_shows_every_listing(named: Path, listing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {name: io.TextIOWrapper(io.BytesIO(), encoding="gbk", errors="strict") for name in ("stdout", "stderr")}
    for name, stream in shown.items():
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setenv("PYTHONIOENCODING", "gbk")
    with pytest.raises(SystemExit) as ending:
        main(["--workspace", str(named), *listing.split()])
    for stream in shown.values():
        stream.flush()
    said = b"".join(stream.buffer.getvalue() for stream in shown.values())  # type: ignore[attr-defined]
    assert ending.value.code in (0, 7, 8, 9, 10), said.decode("gbk")
    assert "内部出错" not in said.decode("gbk")


def test_what_a_program_reads_from_a_gbk_pipe_is_whole(named: Path) -> None:
    done = run(
        named, "institution", "list", "--json", stdout=subprocess.PIPE, env=os.environ | {"PYTHONIOENCODING": "gbk"}
    )
    names = {one["name"] for one in json.loads(done.stdout.decode("gbk"))}
    assert done.returncode == 0
    assert NAME in names


def test_a_pipe_gets_utf8_whatever_the_language_of_the_machine(named: Path) -> None:
    plain = {key: value for key, value in os.environ.items() if key not in {"PYTHONIOENCODING", "PYTHONUTF8"}}
    done = run(
        named, "institution", "list", stdout=subprocess.PIPE, env=plain | {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0"}
    )
    assert NAME in done.stdout.decode("utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [("institution", "list"), ("institution", "list", "--json"), ("--help",)])
def test_a_full_disk_is_said_as_such(office: Path, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = run(office, *arguments, stdout=full)
    assert done.returncode == 7
    assert done.stderr.decode().splitlines()[-1] == "错误：磁盘已满，结果没有写完；请腾出空间后再试。"


@pytest.mark.skipif(os.name == "nt", reason="a shell of Unix shuts the stream")
@pytest.mark.parametrize("arguments", ["institution list", "institution list --json", "--help"])
def test_a_closed_stdout_is_said_as_such(office: Path, arguments: str) -> None:
    script = f'"{sys.executable}" -m yiyu.cli --workspace "{office}" {arguments} >&-'
    done = subprocess.run(["/bin/sh", "-c", script], check=False, stderr=subprocess.PIPE)
    assert done.returncode == 7
    assert done.stderr.decode().splitlines()[-1] == "错误：标准输出已关闭，结果没有写出。"


def test_a_reader_that_has_seen_enough_hears_no_complaint(office: Path) -> None:
    script = f'"{sys.executable}" -m yiyu.cli --workspace "{office}" institution list | head -1'
    done = subprocess.run(["/bin/sh", "-c", script], check=False, capture_output=True)
    assert "错误" not in done.stderr.decode()
