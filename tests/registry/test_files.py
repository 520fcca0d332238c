import grp
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from yiyu.registry import files
from yiyu.registry.errors import FileFault
from yiyu.registry.files import (
    TEMPORARY_SUFFIX,
    append,
    file_name,
    read_bytes,
    replacing,
    scratch,
    sha256,
    under_way,
    write_atomic,
)
from yiyu.registry.rights import share

NOBODY = 65534


def test_a_file_is_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_atomic(tmp_path / "年度" / "协议.docx", b"whole")
    assert (tmp_path / "年度" / "协议.docx").read_bytes() == b"whole"
    assert [p.name for p in (tmp_path / "年度").iterdir()] == ["协议.docx"]


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "协议.docx"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing(path) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["协议.docx"]


def test_a_failed_check_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "合并.pdf"
    path.write_bytes(b"old")

    def refuse(temporary: Path) -> None:
        raise FileFault("读回的页数不对", where=str(temporary))

    with pytest.raises(FileFault, match="页数"), replacing(path, check=refuse) as temporary:
        temporary.write_bytes(b"new")
    assert path.read_bytes() == b"old"


def test_the_temporary_file_stands_in_the_same_folder(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as temporary:
        assert (temporary.parent, temporary.suffix) == (tmp_path, TEMPORARY_SUFFIX)
        temporary.write_bytes(b"x")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_what_an_office_keeps_is_its_owners_whatever_the_umask(tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.mkdir(mode=0o700)
    write_atomic(office / "yiyu.toml", b"")
    write_atomic(office / "output" / "2026" / "a.docx", b"x")
    write_atomic(tmp_path / "copies" / "a.db", b"x", office=office)
    append(office / "notes", "where copies of her lists went\n")
    assert [mode(path) for path in sorted(office.rglob("*"))] == [0o600, 0o700, 0o700, 0o600, 0o600]
    assert [mode(tmp_path / "copies"), mode(tmp_path / "copies" / "a.db")] == [0o700, 0o600]


@pytest.mark.usefixtures("open_umask")
def test_a_group_that_shares_an_office_can_write_all_of_it_and_nobody_else_can_read(tmp_path: Path) -> None:
    office = tmp_path / "office"
    office.mkdir()
    write_atomic(office / "yiyu.toml", b"")
    share(office, [office / "yiyu.toml"], grp.getgrgid(os.getgid()).gr_name)
    write_atomic(office / "output" / "a.docx", b"x")
    append(office / "notes", "x")
    assert [mode(path) for path in sorted(office.rglob("*"))] == [0o660, 0o2770, 0o660, 0o660]
    with pytest.raises(FileFault, match="不能交给组"):
        share(office, [], "nobody-is-in-it")


@pytest.mark.usefixtures("open_umask")
def test_what_a_person_takes_out_is_hers_to_give_away(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a.xlsx", b"x")
    assert mode(tmp_path / "a.xlsx") == 0o666


def test_what_must_not_outlive_a_killed_run_does_not(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    script = (
        "import sys, time; from pathlib import Path; from yiyu.registry.files import gone_if_killed\n"
        "with gone_if_killed() as watch:\n"
        "    path = Path(sys.argv[1]); path.write_bytes(b'x'); watch(path); print('ready', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(plain)], stdout=subprocess.PIPE) as child:
        assert child.stdout
        child.stdout.readline()
        assert plain.exists()
        child.kill()
    for _ in range(200):
        if not plain.exists():
            break
        time.sleep(0.05)
    assert not plain.exists()


def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    """Root may write anywhere, so a child writes as nobody; the exit code says what happened in it."""
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            for folder in (tmp_path, *tmp_path.parents[:2]):
                folder.chmod(0o755)
            os.seteuid(NOBODY)
        try:
            write_atomic(locked / "a.docx", b"x")
        except FileFault as error:
            os._exit(0 if "没有权限" in str(error) and "locked" in str(error) else 1)
        os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert list(locked.iterdir()) == []


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "找不到文件"),
        (lambda path: path.mkdir(), "这是文件夹"),
        (lambda path: path.write_bytes(b"12345"), "文件过大"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(tmp_path: Path, make: object, words: str) -> None:
    make(tmp_path / "x")  # type: ignore[operator]
    with pytest.raises(FileFault, match=words):
        read_bytes(tmp_path / "x", limit=4)


def test_the_hash_is_sha256() -> None:
    assert sha256(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def broken_off(folder: Path, *, machine: str = "", process: int = 0) -> Path:
    """What a process leaves that was killed: a temporary file under a name of ours."""
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    name = f".{machine or files._machine()}-{process or int(ended.stdout)}-abcdefgh{TEMPORARY_SUFFIX}"
    (folder / name).write_bytes(b"half")
    return folder / name


def test_what_a_killed_run_left_goes_when_the_next_writes_there(tmp_path: Path) -> None:
    left = broken_off(tmp_path)
    journal = left.with_name(f"{left.name}-journal")
    journal.write_bytes(b"")
    aside = left.with_name(left.name.replace("abcdefgh", "ijklmnop"))
    aside.mkdir()
    (aside / "a").write_bytes(b"x")
    write_atomic(tmp_path / "a", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("whose", ["of a process at work", "of another machine", "not of ours"])
def test_what_somebody_may_be_writing_stays(tmp_path: Path, whose: str) -> None:
    if whose == "not of ours":
        left = tmp_path / ".download.part"
        left.write_bytes(b"half")
    else:
        there = {"machine": "01234567"} if whose == "of another machine" else {"process": os.getppid()}
        left = broken_off(tmp_path, **there)  # type: ignore[arg-type]
        assert under_way(left)
    write_atomic(tmp_path / "a", b"x")
    assert left.exists()


def test_what_another_machine_left_goes_after_a_day(tmp_path: Path) -> None:
    left = broken_off(tmp_path, machine="01234567")
    yesterday = left.stat().st_mtime - 25 * 3600
    os.utime(left, (yesterday, yesterday))
    write_atomic(tmp_path / "a", b"x")
    assert not left.exists()


def test_a_scratch_folder_is_gone_afterwards_also_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), scratch(tmp_path) as folder:
        (folder / "a").write_bytes(b"x")
        assert under_way(folder)
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_name_is_read_as_the_system_or_an_old_zip_wrote_it() -> None:
    assert file_name(Path("某处/名册.xlsx")) == "名册.xlsx"
    assert file_name(Path(os.fsdecode("名册.xlsx".encode("gb18030")))) == "名册.xlsx"
