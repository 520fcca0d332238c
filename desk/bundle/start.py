"""Started by a double click, with the Python of the computer alone: makes the environment on first run, then opens the desk.

Nothing is fetched: what is installed lies in ``wheels`` beside this file, each held to the hash in ``requirements.txt``. An
environment that was broken off has no mark and is made anew; one made of other wheels is left for a new one.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = (3, 11)
MARK = "whole.txt"
"""Stands in an environment once everything is installed."""
OFFICE = "工作区"
"""Folder of the office, beside the launcher."""


def main(arguments: list[str]) -> int:
    """Make what is missing, then hand over; the exit code of the desk."""
    if sys.version_info < OLDEST:
        print(f"这台电脑的 Python 是 {sys.version.split()[0]}，医育要 3.11 以上；请装新版后再双击。")
        return 1
    try:
        program = environment(HERE, home())
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"没有准备好：{error}\n请检查磁盘空间和写入权限，关闭正在运行的医育后再双击；仍不行请联系维护人员。")
        return 1
    office = HERE.parent / OFFICE
    if not (office / "yiyu.toml").is_file():
        print(f"第一次使用：在 {office} 建立工作区。")
        made = _run(program, "init", str(office), *(arguments or ["--pack", "ordos"]))
        if made:
            return made
    return _run(program, "--workspace", str(office), "desk")


def home() -> Path:
    """Where environments are kept: outside of the folder, which may lie on a stick or a share."""
    base = os.environ.get("LOCALAPPDATA") or os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "yiyu"


def environment(folder: Path, kept: Path) -> Path:
    """The Python of the environment for the wheels of ``folder``, made below ``kept`` unless it is there whole."""
    wanted = hashlib.sha256((folder / "requirements.txt").read_bytes() + sys.version.encode()).hexdigest()[:12]
    place = kept / f"env-{wanted}"
    program = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (place / MARK).is_file() and program.exists():
        return program
    print("第一次运行，正在准备（一两分钟，不用网络）…")
    if place.exists():
        shutil.rmtree(place)
    venv.create(place, with_pip=True)
    wheels = (
        "--no-index",
        "--find-links",
        str(folder / "wheels"),
        "--require-hashes",
        "-r",
        str(folder / "requirements.txt"),
    )
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run([str(program), "-I", "-m", "pip", "install", *quiet, "--no-deps", *wheels], check=True)
    (place / MARK).write_text("ok", encoding="ascii")
    return program


def _run(program: Path, *words: str) -> int:
    return subprocess.run([str(program), "-X", "utf8", "-m", "yiyu.cli", *words], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
