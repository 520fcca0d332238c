"""An encrypted registry is worked with like any other, and to nobody without its key does a byte of it say anything."""

import contextlib
import os
import pty
import random
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import time_machine
from build import CLOCK
from click.testing import CliRunner, Result
from kill.tracing import Desk, unsynced

from yiyu.cli import main
from yiyu.registry.commands.invocation import set_passphrase_source
from yiyu.registry.errors import RegistryFault
from yiyu.registry.store.copying import look_into
from yiyu.registry.store.driver import is_encrypted, passphrase_source
from yiyu.registry.store.opening import changing, open_registry
from yiyu.registry.store.rekey import rewrite

KEY = "托育'2026'\"密"
OLD = Path(__file__).parents[1] / "data" / "registry-0002.sql"
MEDICAL, CHILDCARE = "东胜区示范社区卫生服务中心", "东胜区青苗托育中心"
ROSTER = f"机构名称,旗区,是否备案,联系人,联系电话\n{CHILDCARE},东胜区,是,王某某,13904771234\n"
WITHOUT = "import sys; sys.modules['sqlcipher3'] = None; from yiyu.cli import main; main()"
"""The program where the extra is not installed."""


def ask(office: Path, *words: object, key: str = KEY, code: int = 0) -> Result:
    """A command with the key in the environment; the key is in nothing it says."""
    result = CliRunner().invoke(main, ["--workspace", str(office), *map(str, words)], env={"YIYU_KEY": key or None})
    assert result.exit_code == code, (result.stdout, result.stderr)
    assert KEY not in result.stdout + result.stderr
    return result


def dump(path: Path) -> list[str]:
    """Every statement and number; the order in which tables and indexes were made is nothing that is kept."""
    with closing(sqlite3.connect(path)) as db:
        numbers = [str(db.execute(f"PRAGMA {one}").fetchone()) for one in ("application_id", "user_version")]
        return numbers + sorted(db.iterdump())


def private(path: Path) -> list[bytes]:
    """Names of institutions and people, and telephone numbers, in a plain registry."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute(
            "SELECT DISTINCT value FROM institution_facts WHERE fact IN ('name', 'contact', 'phone', 'legal_person')"
        )
        return [str(value).encode() for (value,) in rows if value]


@contextlib.contextmanager
def holding(key: str) -> Iterator[None]:
    token = passphrase_source.set(lambda **_: key)
    try:
        yield
    finally:
        passphrase_source.reset(token)


@pytest.fixture(scope="module")
def pristine(season: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("locked") / "office"
    shutil.copytree(season, folder)
    ask(folder, "encrypt")
    return folder


@pytest.fixture
def locked(pristine: Path, tmp_path: Path) -> Path:
    """An office whose registry is encrypted."""
    return Path(shutil.copytree(pristine, tmp_path / "locked"))


def work(office: Path, key: str) -> None:
    """An institution comes in, gets its agreement on paper, signs; then a backup and a check."""
    (office.parent / "名册.csv").write_text(ROSTER, "utf-8")
    ask(office, "institution", "import", office.parent / "名册.csv", "--kind", "childcare", key=key)
    sides = ("--medical", MEDICAL, "--childcare", CHILDCARE)
    drafted = ask(office, "agreement", "draft", *sides, "--variant", "JC", "--start", CLOCK.date(), "--json", key=key)
    [number] = re.findall(r"\d{6}-\d{4}-JC-\d{4}", drafted.stdout)
    ask(office, "generate", number, key=key)
    ask(office, "agreement", "sign", number, "--party", "all", "--on", CLOCK.date(), key=key)
    ask(office, "backup", key=key)
    ask(office, "check", key=key)


def test_a_season_of_work_under_a_key_ends_with_the_same_rows(office: Path, locked: Path, tmp_path: Path) -> None:
    with time_machine.travel(CLOCK, tick=False):
        work(office, "")
        work(locked, KEY)
        ask(locked, "backup", "--with-files")
        [backup] = (locked / "backups").glob("*.zip")
        ask(locked, "restore", backup, tmp_path / "back")
        ask(tmp_path / "back", "check")
    for folder in (locked, tmp_path / "back"):
        assert is_encrypted(folder / "registry.db")
        ask(folder, "decrypt")
        assert dump(folder / "registry.db") == dump(office / "registry.db")


def test_not_a_byte_tells_a_name_or_a_number(season: Path, locked: Path) -> None:
    """Not of the registry, of a backup, or of the journal SQLite keeps while it writes."""
    work(locked, KEY)
    tokens = [*private(season / "registry.db"), CHILDCARE.encode(), b"13904771234"]
    assert len(tokens) > 50
    seen = [path.read_bytes() for path in (*locked.glob("registry.db*"), *(locked / "backups").iterdir())]
    with (
        holding(KEY),
        open_registry(locked / "registry.db") as db,
        contextlib.suppress(ZeroDivisionError),
        changing(db),
    ):
        db.execute("PRAGMA cache_size = 2")
        db.execute("UPDATE institutions SET remark = '13904771234' || hex(randomblob(3000))")
        seen += [path.read_bytes() for path in locked.glob("registry.db*")]
        assert (locked / "registry.db-journal").stat().st_size > 4096
        raise ZeroDivisionError
    assert len(seen) == 5
    assert [token for token in tokens for data in seen if token in data] == []
    assert any(token in (season / "registry.db").read_bytes() for token in tokens)


@pytest.mark.parametrize(("key", "said"), [("", "没有口令打不开"), ("不是这个口令", "口令不对")])
def test_without_the_right_key_nothing_opens_and_nothing_changes(locked: Path, key: str, said: str) -> None:
    ask(locked, "backup")
    [backup] = (locked / "backups").glob("*.db")
    before = (locked / "registry.db").read_bytes()
    for words in (["agreement", "list"], ["check"], ["backup"], ["decrypt"], ["restore", backup, locked / "新"]):
        told = ask(locked, *words, key=key, code=8).stderr
        assert told.count("错误：") == 1
        assert said in told
        assert "YIYU_KEY" in told
    assert said in ask(locked, "doctor", key=key, code=1).stdout
    assert (locked / "registry.db").read_bytes() == before
    assert not (locked / "新").exists()


def test_a_key_in_full_width_letters_is_the_same_key(locked: Path) -> None:
    ask(locked, "check", key=f" {KEY.replace('2026', '２０２６')}\n")


def test_encrypting_warns_says_what_stays_readable_and_what_comes_next(office: Path) -> None:
    ask(office, "backup", key="")
    (office / "registry.db").chmod(0o660)
    before = (office / "registry.db").read_bytes()
    for words in (["encrypt", "--dry-run"], ["encrypt"]):
        assert (office / "registry.db").read_bytes() == before
        told = ask(office, *words).stderr
        assert told.index("口令忘了") < told.index("加密登记库")
        assert "有 1 份谁都能读：backups/registry-" in told
    assert "下一步：yiyu backup" in told
    assert stat.S_IMODE((office / "registry.db").stat().st_mode) == 0o660
    assert "已经是加密的" in ask(office, "encrypt", code=5).stderr


def test_a_short_key_or_none_encrypts_nothing(office: Path) -> None:
    before = (office / "registry.db").read_bytes()
    for key in ("", "七个字的口令啊"):
        assert "至少 8 个字符的口令" in ask(office, "encrypt", key=key, code=4).stderr
    assert "没有加密" in ask(office, "decrypt", code=5).stderr
    assert (office / "registry.db").read_bytes() == before


def test_at_a_terminal_the_key_is_typed_unseen_and_the_first_time_twice(office: Path) -> None:
    for words, asked in ((["encrypt"], 2), (["check"], 1)):
        code, shown = typed(["--workspace", str(office), *words], ["密码-密码-密码"] * asked)
        assert (code, shown.count("口令:") + shown.count("再输入一次:"), "密码-密码" in shown) == (0, asked, False), (
            shown
        )
    assert is_encrypted(office / "registry.db")


def typed(words: list[str], answers: list[str]) -> tuple[int, str]:
    """The exit code and all that a terminal showed."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "yiyu.cli", *words]
    shown = b""
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True) as running:
        os.close(theirs)
        with contextlib.suppress(OSError):  # the other end is closed when it is done
            while part := os.read(ours, 4096):
                shown += part
                if answers and part.rstrip().endswith(b":"):
                    os.write(ours, answers.pop(0).encode() + b"\n")
    os.close(ours)
    return running.returncode, shown.decode()


def test_the_key_is_taken_out_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIYU_KEY", KEY)
    set_passphrase_source()
    held = passphrase_source.get()
    assert "YIYU_KEY" not in os.environ
    assert held() == KEY
    assert KEY not in repr(held)


def test_without_the_extra_the_command_names_it_and_a_plain_registry_never_misses_it(
    office: Path, locked: Path
) -> None:
    def without(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", WITHOUT, "--workspace", str(folder), *words]
        env = {**os.environ, "YIYU_KEY": KEY}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    for folder, word in ((office, "encrypt"), (locked, "check")):
        done = without(folder, word)
        assert (done.returncode, done.stdout) == (8, "")
        assert "pip install 'yiyu[encrypt]'" in done.stderr
    assert without(office, "check").returncode == 0


def test_a_plain_registry_is_opened_without_the_library(office: Path) -> None:
    code = "import sys; from yiyu.cli import main; main(standalone_mode=False); print('sqlcipher3' in sys.modules)"
    command = [sys.executable, "-c", code, "--workspace", str(office), "check"]
    done = subprocess.run(command, env={**os.environ, "YIYU_KEY": KEY}, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_completion_knows_names_with_the_key_and_is_silent_without(locked: Path) -> None:
    def offered(key: str) -> tuple[str, str]:
        words = {"_YIYU_COMPLETE": "bash_complete", "COMP_WORDS": "yiyu institution show 东胜区示范", "COMP_CWORD": "3"}
        command = [sys.executable, "-c", "from yiyu.cli import main; main(prog_name='yiyu')"]
        env = {**os.environ, **words, "YIYU_WORKSPACE": str(locked), "YIYU_KEY": key}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        return done.stdout, done.stderr

    assert MEDICAL in offered(KEY)[0]
    assert offered("") == ("\n", "")


def test_who_had_it_open_while_it_was_encrypted_writes_nothing(office: Path) -> None:
    """Not into the file that is gone, where it would be lost without a word."""
    path = office / "registry.db"
    with pytest.raises(RegistryFault, match="请再运行一次"), open_registry(path) as db:
        db.execute("SELECT count(*) FROM institutions").fetchone()
        command = [sys.executable, "-m", "yiyu.cli", "--workspace", str(office), "encrypt"]
        subprocess.run(command, env={**os.environ, "YIYU_KEY": KEY}, stderr=subprocess.DEVNULL, check=True)
        with changing(db):
            db.execute("UPDATE institutions SET remark = 'x'")
    ask(office, "check")


def test_a_colleague_who_is_writing_is_waited_for_and_then_named(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiyu.registry.store.rekey.BUSY_SECONDS", 0.1)
    writing = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "db.execute('BEGIN IMMEDIATE'); print('', flush=True); input()"
    )
    command = [sys.executable, "-c", writing, str(office / "registry.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as colleague:
        assert colleague.stdout is not None
        colleague.stdout.readline()
        told = ask(office, "encrypt", code=8).stderr
        colleague.communicate("\n")
    assert "另一位同事正在写入" in told
    assert not is_encrypted(office / "registry.db")


def test_what_a_killed_run_left_half_written_is_taken_back_under_a_key_too(locked: Path) -> None:
    dying = """if True:
        import os, pathlib, sys
        from yiyu.registry.store.driver import passphrase_source
        from yiyu.registry.store.opening import open_registry
        passphrase_source.set(lambda **_: sys.argv[2])
        with open_registry(pathlib.Path(sys.argv[1])) as db:
            db.execute("PRAGMA cache_size = 1")
            db.execute("BEGIN IMMEDIATE")
            db.execute("UPDATE institutions SET remark = hex(randomblob(900))")
            os._exit(0)"""
    before = ask(locked, "institution", "list", "--json").stdout
    subprocess.run([sys.executable, "-c", dying, str(locked / "registry.db"), KEY], check=True)
    assert (locked / "registry.db-journal").stat().st_size > 0
    assert "中断过" in ask(locked, "doctor").stdout
    assert ask(locked, "institution", "list", "--json").stdout == before
    ask(locked, "check")


def test_what_lay_in_a_write_ahead_log_is_in_the_encrypted_registry_and_the_log_is_gone(office: Path) -> None:
    path = office / "registry.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("UPDATE institutions SET remark = '在日志里' WHERE id = 1")
        for name in ("", "-wal"):
            shutil.copy(f"{path}{name}", f"{path}{name}.kept")
    for name in ("", "-wal"):
        Path(f"{path}{name}.kept").replace(f"{path}{name}")
    assert "在日志里".encode() not in path.read_bytes()
    ask(office, "encrypt")
    assert sorted(one.name for one in office.glob("registry.db*")) == ["registry.db"]
    ask(office, "decrypt")
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT remark FROM institutions WHERE id = 1").fetchone() == ("在日志里",)


def test_an_old_encrypted_registry_is_kept_encrypted_before_it_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "registry.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(OLD.read_text("utf-8"))
    before = look_into(path)
    with holding(KEY):
        assert rewrite(path, "", KEY) == before
        with open_registry(path):
            pass
        assert look_into(tmp_path / "registry.db.0002.bak") == before
        assert look_into(path).schema > before.schema
    assert is_encrypted(tmp_path / "registry.db.0002.bak")


def test_a_changed_byte_of_an_encrypted_registry_is_found(locked: Path) -> None:
    path, chance = locked / "registry.db", random.Random(7)  # noqa: S311 - the same in every run
    data = path.read_bytes()
    with holding(KEY):
        for place in [3, 5000, *(chance.randrange(len(data)) for _ in range(8))]:
            path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
            with pytest.raises(RegistryFault, match="已损坏"):
                look_into(path)
    ask(locked, "check", code=8)


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace kills at an exact call")
@pytest.mark.parametrize("word", ["encrypt", "decrypt"])
def test_killed_anywhere_it_leaves_the_old_or_the_new_whole(
    season: Path, pristine: Path, tmp_path: Path, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YIYU_KEY", KEY)
    before, office = {"encrypt": season, "decrypt": pristine}[word], tmp_path / "office"
    command = ["--workspace", office, word]
    with Desk(tmp_path / "desk") as desk, holding(KEY):
        held = look_into(before / "registry.db")
        shutil.copytree(before, office)
        calls, pid = desk.trace(command)
        ours = [one for one in calls if one.pid == pid and any(path.startswith(str(office)) for path in one.paths)]
        last = {one.name: one.nth for one in ours}
        assert {"fsync", "rename", "pwrite64"} <= last.keys()
        assert unsynced(calls, office) == []
        found = set()
        for name, nth in (
            ("pwrite64", 1),
            ("fsync", 1),
            *((name, last[name]) for name in ("rename", "fsync", "chmod")),
        ):
            shutil.rmtree(office)
            shutil.copytree(before, office)
            assert desk.kill(command, name, nth), (name, nth)
            assert look_into(office / "registry.db") == held, (name, nth)
            done = is_encrypted(office / "registry.db") == (word == "encrypt")
            found.add(done)
            assert desk.run(command) == (5 if done else 0), desk.told()
            assert look_into(office / "registry.db") == held, (name, nth)
    assert found == {True, False}


def test_the_passphrase_may_lie_in_a_file_that_nobody_else_can_read(locked: Path, tmp_path: Path) -> None:
    """As a scheduled task gives it: the environment of a program can be read by others of the same person."""
    file = tmp_path / "口令"
    file.write_text(f"{KEY}\n", "utf-8")
    command = [sys.executable, "-m", "yiyu.cli", "--workspace", str(locked), "institution", "list", "--json"]
    for mode, code in ((0o600, 0), (0o644, 7)):
        file.chmod(mode)
        environment = {**os.environ, "YIYU_KEY_FILE": str(file)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
    assert f"chmod 600 {file}" in done.stderr
