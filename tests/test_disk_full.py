"""No room, no right to write: a sentence that says where, nothing half done, and the next try succeeds.

On Linux the disk is a small one of our own, mounted where only a child process sees it, and filled to the level wanted.
Where mounting is not allowed, no file may grow beyond the level.
"""

import contextlib
import ctypes
import datetime as dt
import json
import os
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from yiyu.cli import main
from yiyu.registry.institutions.sample import write_sample_rosters

LEVELS = 12
DISK = 32 * 1024 * 1024
NEW_USER, NEW_MOUNT, PRIVATE, READ_ONLY_AGAIN = 0x10000000, 0x00020000, (1 << 18) | (1 << 14), 33
DAC_OVERRIDE = 1 << 1
LIBC = ctypes.CDLL(None)
HAN = re.compile(r"[\u4e00-\u9fff]")

COMMANDS: dict[str, tuple[str, ...]] = {
    "backup": ("backup",),
    "backup-with-files": ("backup", "--with-files"),
    "import": ("institution", "import", "{office}/示例_托育机构名册.xlsx"),
    "generate": ("generate",),
    "edit": ("institution", "edit", "521506027795605297", "--remark", "备注" * 15_000),
}
ENOUGH = {"backup": 600_000, "backup-with-files": 1_300_000, "import": 700_000, "generate": 600_000, "edit": 400_000}
"""Bytes that each surely gets along with; the levels lie evenly below."""
DONE = {"import": 10}
"""The sample roster has two rows with planted errors."""


def ask(*words: object) -> tuple[int, str]:
    """Exit code, and the error line if there is one."""
    result = CliRunner().invoke(main, [str(one) for one in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    told = [line for line in result.stderr.splitlines() if line.startswith("错误：")]
    return result.exit_code, told[-1] if told else ""


def run(office: Path, command: str) -> tuple[int, str]:
    return ask("--workspace", office, *(word.format(office=office) for word in COMMANDS[command]))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Medical institutions of the sample roster, two childcare ones with four agreements; the other roster lies ready."""
    folder = tmp_path_factory.mktemp("room") / "office"
    assert ask("init", folder) == (0, "")
    medical, _ = write_sample_rosters(folder, dt.date(2026, 11, 22))
    assert ask("--workspace", folder, "institution", "import", medical) == (0, "")
    for name, code in (("甲", "521506027795605297"), ("乙", "52150602890495024U")):
        given = ("--name", f"东胜区{name}托育中心", "--code", code, "--district", "150602", "--filed")
        assert ask("--workspace", folder, "institution", "add", "--kind", "childcare", *given) == (0, "")
    assert ask("--workspace", folder, "agreement", "draft", "--paired", "--start", "2026-03-01") == (0, "")
    return folder


@pytest.mark.parametrize("command", COMMANDS)
def test_at_every_level_of_a_full_disk_nothing_is_lost_and_the_next_try_succeeds(
    office: Path, tmp_path: Path, command: str
) -> None:
    levels = child("full", command, office, tmp_path)
    codes = [one["code"] for one in levels]
    done = DONE.get(command, 0)
    assert len(levels) == LEVELS
    assert codes[0] in (7, 8)
    assert codes[-1] == done
    assert set(codes) <= {7, 8, done}
    for one in levels:
        if one["code"] != done:
            assert HAN.search(one["told"])
            assert "/office" in one["told"]
        assert one["half"] == []
        assert one["as_before"] or one["code"] == done or command == "generate"
        assert one["again"] == done
        assert one["ends_like_the_rest"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("why", ["read-only", "permission"])
def test_where_nothing_may_be_written_it_is_said_and_nothing_changes(
    office: Path, tmp_path: Path, command: str, why: str
) -> None:
    [one] = child(why, command, office, tmp_path)
    assert one["code"] in (7, 8)
    assert HAN.search(one["told"])
    assert "office" in one["told"]
    assert "权限" in one["told"] or "只读" in one["told"]
    assert one["as_before"]


# What follows runs in the child.


def child(why: str, command: str, office: Path, scratch: Path) -> list[dict[str, Any]]:
    words = [sys.executable, __file__, why, command, str(office), str(scratch)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def full(command: str, pristine: Path, disk: Path, *, own: bool) -> Iterator[dict[str, Any]]:
    """Run the command at each level of free room, and again with all of it."""
    room, enough = (filled, ENOUGH[command]) if own else (limited, 1_500_000)
    whole = shutil.copytree(pristine, disk / "whole" / "office")
    ran = run(whole, command)
    expected = state(whole)
    shutil.rmtree(disk / "whole")
    assert ran[0] == DONE.get(command, 0), ran
    for level in range(LEVELS):
        office = shutil.copytree(pristine, disk / str(level) / "office")
        before = state(office)
        with room(disk, enough * level // (LEVELS - 1)):
            code, told = run(office, command)
        after = state(office)
        again = run(office, command)[0] if code != DONE.get(command, 0) else code
        yield {
            "code": code,
            "told": told,
            "as_before": after == before,
            "half": [name for name in after if name not in before and after[name] != expected.get(name)],
            "again": again,
            "ends_like_the_rest": state(office).keys() == expected.keys(),
        }
        shutil.rmtree(office.parent)


def state(office: Path) -> dict[str, object]:
    """Every file but the registry by its bytes, and the registry by what it holds, without the times of the moment."""
    found: dict[str, object] = {}
    # Reading takes back what a broken run left in a journal, as any opening does.
    with contextlib.closing(sqlite3.connect(office / "registry.db")) as db:
        found["registry"] = "\n".join(db.iterdump())
    for path in office.rglob("*"):
        name = re.sub(r"\d{8}-\d{6}", "TIME", path.relative_to(office).as_posix())
        if path.is_file() and path.name != "registry.db":
            found[name] = "copy" if "TIME" in name else path.read_bytes()
    return found


@contextlib.contextmanager
def filled(disk: Path, room: int) -> Iterator[None]:
    """A file takes all but ``room`` bytes."""
    usage = os.statvfs(disk)
    filler = disk / "filler"
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(1, usage.f_bavail * usage.f_frsize - room))
    try:
        yield
    finally:
        filler.unlink()


@contextlib.contextmanager
def limited(disk: Path, room: int) -> Iterator[None]:
    """No file may grow beyond ``room`` bytes."""
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


def mounted(disk: Path) -> bool:
    """Put a small disk there, for this process alone; False where the system does not let us."""
    disk.mkdir()
    user = 0 if os.geteuid() == 0 else NEW_USER
    if LIBC.unshare(user | NEW_MOUNT) or LIBC.mount(None, b"/", None, PRIVATE, None):
        return False
    return not LIBC.mount(b"tmpfs", os.fsencode(disk), b"tmpfs", 0, f"size={DISK}".encode())


def forbidden(why: str, command: str, pristine: Path, disk: Path, *, own: bool) -> Iterator[dict[str, Any]]:
    office = shutil.copytree(pristine, disk / "office")
    before = state(office)
    if why == "read-only" and own:
        assert not LIBC.mount(None, os.fsencode(disk), None, READ_ONLY_AGAIN, None)
    else:
        for path in (office, *office.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
        give_up_override()
    code, told = run(office, command)
    yield {"code": code, "told": told, "as_before": state(office) == before}
    if why == "permission" or not own:
        for path in (office, *office.rglob("*")):
            path.chmod(0o755)


def give_up_override() -> None:
    """Root may write where no permission is; without that capability it is refused like everybody else."""
    if os.geteuid() == 0:
        header, kept = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        assert not LIBC.capget(header, kept)
        kept[0] &= ~DAC_OVERRIDE
        assert not LIBC.capset(header, kept)


if __name__ == "__main__":
    reason, asked, given, where = sys.argv[1:]
    disk = Path(where) / "disk"
    own = sys.platform == "linux" and reason != "permission" and mounted(disk)
    disk.mkdir(exist_ok=True)
    if reason == "full":
        found = list(full(asked, Path(given), disk, own=own))
    else:
        found = list(forbidden(reason, asked, Path(given), disk, own=own))
    sys.stdout.write(json.dumps(found, ensure_ascii=False))
