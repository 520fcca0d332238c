"""Tab in the shell: what is offered, and that bash, zsh and fish put it on the line."""

import datetime as dt
import os
import pty
import select
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from yiyu.cli import main
from yiyu.registry.commands.zsh import Zsh
from yiyu.registry.model import Institution, Kind
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.opening import changing, open_registry

Ask = Callable[..., subprocess.CompletedProcess[str]]
Tab = Callable[..., list[str]]


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with yiyu in it, as an installation makes one."""
    path = tmp_path_factory.mktemp("bin") / "yiyu"
    path.write_text(f"#!{sys.executable}\nfrom yiyu.cli import main\nmain()\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def ask(program: Path, tmp_path: Path) -> Ask:
    """Run a command where yiyu is found, in an empty folder that is also the home."""

    def call(*command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": f"{program.parent}:{os.environ['PATH']}", "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            command, cwd=tmp_path, env=environment | settings, capture_output=True, text=True, check=True
        )

    return call


@pytest.fixture
def tab(season: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tab:
    """What is offered for the words of a command line, the last of them unfinished."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))

    def call(*words: str, office: Path = season) -> list[str]:
        monkeypatch.setenv("YIYU_WORKSPACE", str(office))
        offered = ShellComplete(main, {}, "yiyu", "_YIYU_COMPLETE").get_completions(list(words[:-1]), words[-1])
        return [one.value for one in offered]

    return call


def all_numbers(office: Path) -> list[str]:
    with open_registry(office / "registry.db") as db:
        return [row[0] for row in db.execute("SELECT number FROM agreements ORDER BY number")]


def test_numbers_are_offered_by_their_beginning(tab: Tab, season: Path) -> None:
    numbers = all_numbers(season)
    assert tab("agreement", "show", "") == numbers
    assert tab("agreement", "history", "150626-2026-j") == [n for n in numbers if n.startswith("150626-2026-J")]
    assert tab("agreement", "show", "９９９") == []


def test_numbers_are_offered_by_a_later_part(tab: Tab, season: Path) -> None:
    part = all_numbers(season)[0].split("-", 1)[1]
    assert [n for n in all_numbers(season) if part in n] == [
        one for one in tab("agreement", "show", part) if one != part
    ]


@pytest.mark.parametrize("command", ["sign", "seal", "terminate", "void"])
def test_a_number_given_already_is_not_offered_again(tab: Tab, season: Path, command: str) -> None:
    first, *others = all_numbers(season)
    assert tab("agreement", command, first, "") == others


@pytest.mark.parametrize("text", ["乌审旗小", "小鹿婴幼儿照护", "wushenqixiaolu", "wsqxl", "乌审旗xiaolu"])
def test_institutions_are_offered_by_part_and_sound(tab: Tab, text: str) -> None:
    offered = tab("institution", "show", text)
    assert "乌审旗小鹿婴幼儿照护服务中心" in offered
    assert all("小鹿" in name for name in offered if name != text)


def test_codes_are_offered_where_no_name_fits(tab: Tab) -> None:
    assert tab("institution", "edit", "12150602MA0010000") == ["12150602MA0010000T"]


def add(office: Path, *names: str) -> None:
    with open_registry(office / "registry.db") as db, changing(db):
        for name in names:
            one = Institution(Kind.CHILDCARE, name, district="150602")
            add_institution(db, one, recorded_at="2026-01-01T00:00:00+08:00", source="")


def test_what_was_typed_stays_where_the_common_beginning_says_less(tab: Tab, office: Path) -> None:
    names = ["东胜区东街重阳园", "东胜区西街重阳园"]
    add(office, *names)
    assert tab("institution", "show", "chongyang", office=office) == ["chongyang", *names]
    assert tab("institution", "show", "dongjie", office=office) == names[:1]
    assert "jinhuoluo" not in tab("institution", "show", "jinhuoluo", office=office)


@pytest.mark.skipif(shutil.which("bash") is None, reason="没有安装 bash")
def test_a_name_is_offered_without_signs_a_shell_takes_for_its_own(tab: Tab, ask: Ask, office: Path) -> None:
    add(office, "东胜区 A&B's(新,月*)[托育]:#1;$HOME")
    (offered,) = tab("institution", "show", "新", office=office)
    assert not set(offered) & set(" &'(),*[]:#;$")
    assert "东胜区" in ask("bash", "-c", f"yiyu institution show {offered}", YIYU_WORKSPACE=str(office)).stdout


def test_of_many_names_few_are_offered_and_the_last_of_them(tab: Tab, office: Path) -> None:
    add(office, *(f"园{number:03}" for number in range(400)))
    offered = tab("institution", "show", "园", office=office)
    assert offered == [*(f"园{number:03}" for number in range(199)), "园399"]


WORDS = pytest.mark.parametrize("words", [("agreement", "show", "1"), ("institution", "show", "x")])


@WORDS
def test_where_no_registry_can_be_read_nothing_is_offered_and_nothing_made(
    tab: Tab, tmp_path: Path, words: tuple[str, ...]
) -> None:
    broken = tmp_path / "broken"
    assert tab(*words, office=broken) == []
    broken.mkdir()
    for settings in ("months = 'twelve'", ""):
        (broken / "yiyu.toml").write_text(settings)
        assert tab(*words, office=broken) == []
    (broken / "registry.db").write_bytes(b"no database" * 100)
    assert tab(*words, office=broken) == []
    assert sorted(path.name for path in broken.iterdir()) == ["registry.db", "yiyu.toml"]


@WORDS
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_outside_a_workspace_no_shell_is_told_anything(ask: Ask, shell: str, words: tuple[str, ...]) -> None:
    line = " ".join(("yiyu", *words))
    last = words[-1] if shell == "fish" else "3"
    done = ask("yiyu", _YIYU_COMPLETE=f"{shell}_complete", COMP_WORDS=line, COMP_CWORD=last)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_the_workspace_named_on_the_line_is_asked(tab: Tab, season: Path, tmp_path: Path) -> None:
    (tmp_path / "desk").symlink_to(season)
    for folder in (str(season), "~/desk", "desk"):
        assert tab("--workspace", folder, "agreement", "show", "", office=tmp_path) == all_numbers(season)


def test_the_registry_is_only_read_and_a_writer_is_not_waited_for(tab: Tab, office: Path) -> None:
    before = (office / "registry.db").read_bytes()
    writer = sqlite3.connect(office / "registry.db", isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    start = dt.datetime.now(dt.UTC)
    assert tab("agreement", "show", "", office=office) == []
    assert dt.datetime.now(dt.UTC) - start < dt.timedelta(seconds=9)
    writer.close()
    (office / "registry.db").chmod(0o444)
    assert tab("agreement", "show", "", office=office) == all_numbers(office)
    assert (office / "registry.db").read_bytes() == before


def typing(folder: Path, settings: dict[str, str], command: list[str], *steps: tuple[str, str]) -> None:
    """Type into an interactive shell; each step is the keys, and what must appear before the next."""
    ours, theirs = pty.openpty()
    shell = subprocess.Popen(
        command, cwd=folder, env=settings, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    try:
        for keys, awaited in steps:
            os.write(ours, keys.encode())
            seen = b""
            while awaited.encode() not in seen:
                assert select.select([ours], [], [], 30)[0], seen.decode(errors="replace")
                seen += os.read(ours, 65536)
    finally:
        shell.kill()
        shell.wait()
        os.close(ours)
        os.close(theirs)


@pytest.fixture
def prompt(program: Path, season: Path) -> dict[str, str]:
    path = f"{program.parent}:{os.environ['PATH']}"
    return {"PATH": path, "LC_ALL": "C.UTF-8", "PS1": "$ ", "TERM": "dumb", "YIYU_WORKSPACE": str(season)}


BASH = 'eval "$(_YIYU_COMPLETE=bash_source yiyu)"'
ZSH = "autoload -Uz compinit && compinit -u -D && source ./yiyu.zsh"
TO_A_NAME = ("yiyu institution show 乌审旗xiaolu\t", "服务中心"), ("\n", "52150626MA")


@pytest.mark.skipif(shutil.which("bash") is None, reason="没有安装 bash")
def test_bash_puts_the_name_and_the_command_finds_it(tmp_path: Path, prompt: dict[str, str]) -> None:
    typing(tmp_path, prompt, ["bash", "--norc", "-i"], (f"{BASH}; echo rea''dy\n", "ready"), *TO_A_NAME)


@pytest.mark.skipif(shutil.which("zsh") is None, reason="没有安装 zsh")
def test_zsh_puts_the_name_and_makes_a_menu_of_many(tmp_path: Path, prompt: dict[str, str]) -> None:
    (tmp_path / "yiyu.zsh").write_text(Zsh(main, {}, "yiyu", "_YIYU_COMPLETE").source())
    many = "yiyu institution show jinhuoluo\t", "$ yiyu institution show 伊金霍洛旗"
    typing(tmp_path, prompt, ["zsh", "-f", "-i"], (f"{ZSH}; echo rea''dy\n", "ready"), *TO_A_NAME, many)


@pytest.mark.skipif(shutil.which("fish") is None, reason="没有安装 fish")
def test_fish_is_offered_numbers_and_names(ask: Ask, season: Path) -> None:
    asked = "complete -C 'yiyu institution show 小鹿'; complete -C 'yiyu agreement show '"
    script = f"_YIYU_COMPLETE=fish_source yiyu | source; {asked}"
    lines = ask("fish", "-N", "-c", script, YIYU_WORKSPACE=str(season)).stdout.split()
    assert "乌审旗小鹿婴幼儿照护服务中心" in lines
    assert set(all_numbers(season)) <= set(lines)


def test_the_menu_is_still_in_the_script_for_zsh() -> None:
    assert "compstate[insert]=menu" in Zsh(main, {}, "yiyu", "_YIYU_COMPLETE").source()
