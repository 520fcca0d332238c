"""The README's commands, run as printed, in the order they stand, by a new user with an empty home."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from changed_paper import scanned

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LATER = "2028-05-20T09:00:00+08:00"
"""Newcomers read it long after the dates in it: it is run as on that day. ``…`` in a quotation is what differs by day."""
YIYU = f"import time_machine, yiyu.cli; time_machine.travel({LATER!r}).start(); yiyu.cli.main(prog_name='yiyu')"
PARTLY = "institution import ../yiyu-demo/示例_托育机构名册.xlsx"
"""Leaves with 10: rows with planted errors."""
LEFT = ("打印.pdf", "提醒.ics", "看板.html", "年度报告.docx", "归档文件目录.xlsx", "卷宗.pdf")


def commands() -> list[tuple[str, list[str]]]:
    """Each command with the lines quoted under it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


def test_every_command_runs_as_printed(tmp_path: Path) -> None:
    folder = tmp_path
    home = {"HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"], "COLUMNS": "80"}
    for command, quoted in commands():
        words = shlex.split(command)
        if words[0] == "cd":
            folder /= words[1]
            continue
        assert words[0] == "yiyu", command
        if words[1:] == ["archive", "intake", "扫描.pdf"]:  # what was printed is signed, sealed and scanned
            scanned(folder / "打印.pdf", folder / "扫描.pdf")
        done = subprocess.run(
            [sys.executable, "-c", YIYU, *words[1:]],
            cwd=folder,
            env=home,
            capture_output=True,
            text=True,
            check=False,
        )
        expected = 10 if PARTLY in command else 0
        said = f"{done.stdout}{done.stderr}"
        assert done.returncode == expected, f"{command}\n{said}"
        absent = [line for line in quoted if not re.search(re.escape(line).replace("…", ".*"), said)]
        assert absent == [], f"{command}\n{said}"
    assert [name for name in LEFT if not (folder / name).is_file()] == []


def test_every_page_it_points_to_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert len(links) > 10
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_two_commands_that_do_everything_are_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for name in ("demo", "test"):
        assert f"make {name}" in README
        assert re.search(rf"^{name}:", makefile, re.MULTILINE)


def test_every_exit_code_is_explained() -> None:
    assert all(f"{code} " in README.split("## 出错时")[1] for code in range(11))
