"""The site: what it prints is run, as it stands, and it is built and read without a network."""

import datetime as dt
import fnmatch
import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docx
import pytest
import time_machine
from changed_paper import scanned
from click.testing import CliRunner
from playwright.sync_api import sync_playwright

from yiyu.cli import main

ROOT = Path(__file__).parents[1]
SITE = ROOT / "docs" / "site"
NOW = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))
"""The day the pages are written on: numbers of agreements bear the year."""
ROSTERS = ROOT / "tests" / "data" / "rosters"
FIRST = "index"


@dataclass
class Step:
    """One line after ``$``; ``# 退出码 N`` behind it says how it ends, and ``…`` stands for what differs or is left out."""

    command: str
    quoted: list[str] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        return shlex.split(self.command, comments=True)

    @property
    def code(self) -> int:
        named = re.search(r"# 退出码 (\d+)", self.command)
        return int(named[1]) if named else 0


def steps(page: str) -> list[Step]:
    found: list[Step] = []
    for block in re.findall(
        r"^ *```console\n(.*?)```", (SITE / f"{page}.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
    ):
        for line in block.splitlines():
            if line.strip().startswith("$ "):
                found.append(Step(line.strip().removeprefix("$ ")))
            elif line.strip():
                found[-1].quoted.append(line.strip())
    return found


def follow(page: str, folder: Path) -> None:
    """Do what the page says, from ``folder`` on, and compare what it quotes, line by line and in its order."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for step in steps(page):
            match step.words:
                case ["cd", where]:
                    patch.chdir(where)
                case ["yiyu", *words]:
                    words, out = (words[:-2], words[-1]) if ">" in words else (words, "")
                    if words == ["archive", "intake", "扫描.pdf"]:  # what was printed is signed, sealed and scanned
                        scanned(Path("打印.pdf"), Path("扫描.pdf"))
                    if words[2:] == ["office", "list"]:  # the city has called, and written who it is
                        with Path(words[1], "yiyu.toml").open("a", encoding="utf-8") as settings:
                            settings.write(Path("东胜公钥.txt").read_text("utf-8"))
                    done = CliRunner().invoke(main, words)
                    if out:
                        Path(out).write_text(done.stdout, "utf-8")
                    assert done.exit_code == step.code, (step.command, done.output, done.exception)
                    lines = iter(" ".join(line.split()) for line in done.output.splitlines())
                    for quoted in step.quoted:
                        wanted = " ".join(quoted.replace("[", "[[]").replace("…", "*").split())
                        assert any(fnmatch.fnmatchcase(line, wanted) for line in lines), (
                            step.command,
                            quoted,
                            done.output,
                        )
                case _:
                    pytest.fail(f"neither yiyu nor cd: {step.command}")


PAGES = sorted(path.stem for path in SITE.glob("*.md") if steps(path.stem))


@pytest.fixture(scope="module")
def desktop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What a reader has after the first page."""
    folder = tmp_path_factory.mktemp("desktop")
    with time_machine.travel(NOW):
        follow(FIRST, folder)
        write_form(folder / "范本.docx", "甲方：{{ 甲方.名字 }}")
        write_form(folder / "改好.docx", "甲方：{{ 甲方.名称 }}")
        write_form(folder / "空白协议.docx", "甲方（盖章）：____________")
        (folder / "照片").mkdir()
        for name in ("20260210_F01_通风.jpg", "合影.jpg"):
            (folder / "照片" / name).write_bytes(name.encode())
        yield folder


def write_form(path: Path, text: str) -> None:
    """A form as its author has it."""
    form = docx.Document()
    form.add_paragraph(text)
    form.save(str(path))


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_runs_as_printed(page: str, desktop: Path, tmp_path: Path) -> None:
    if page != FIRST:
        follow(page, Path(shutil.copytree(desktop, tmp_path / "桌面")))
    assert len(steps(page)) > 1


GENERATED = {"commands": "commands", "json_keys": "json", "indicators": "indicators", "library": "library"}
"""The scripts in docs/ and the pages they write."""


@pytest.mark.parametrize(("script", "page"), GENERATED.items())
def test_a_generated_page_is_what_its_source_says(script: str, page: str) -> None:
    spec = importlib.util.spec_from_file_location(script, ROOT / "docs" / f"{script}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (SITE / f"{page}.md").read_text("utf-8") == module.page(), f"请运行 python docs/{script}.py"


def test_the_page_of_plugins_shows_the_sample_as_it_is_installed() -> None:
    sample = ROOT / "tests" / "data" / "sample_plugin"
    page = (SITE / "plugins.md").read_text("utf-8")
    shown = dict(re.findall(r"^```(?:toml|python)\n# (\S+)\n(.*?)^```", page, re.DOTALL | re.MULTILINE))
    files = {
        path.relative_to(sample).as_posix(): path.read_text("utf-8") for path in sample.rglob("*.*") if path.is_file()
    }
    assert shown == {name: files[name] for name in shown}
    listed = re.search(r"^```text\n(pyproject.toml\n.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert listed
    assert sorted(listed[1].split()) == sorted(files)
    assert {name for name, text in files.items() if text.count("\n") > 1} == {*shown}


def test_the_programs_of_the_page_of_the_library_run_from_the_top_in_a_folder_with_two_rosters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for roster in ROSTERS.iterdir():
        shutil.copy(roster, tmp_path)
    monkeypatch.chdir(tmp_path)
    programs = re.findall(r"^```python\n(.*?)^```", (SITE / "library.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(programs[0].split("\n\n")) == 3
    assert len([line for line in programs[0].splitlines() if line]) <= 10
    with time_machine.travel(NOW):
        scope: dict[str, object] = {}
        for program in programs:
            exec(program, scope)  # noqa: S102 - our own manual
    assert len(programs) > 5
    assert len(list((tmp_path / "办公室" / "output").rglob("*.docx"))) == 3
    printed = capsys.readouterr().out
    assert re.search(r"150602-2026-[A-Z]{2}-0001 agreement .*合作协议书.*\.docx\n", printed)
    assert "已" in printed


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built strictly by a process that cannot connect to anything."""
    out = tmp_path_factory.mktemp("site")
    offline = "import socket\nsocket.socket.connect = None\nfrom mkdocs.__main__ import cli\ncli()"
    command = ["build", "--strict", "--config-file", ROOT / "docs" / "mkdocs.yml", "--site-dir", out]
    done = subprocess.run([sys.executable, "-c", offline, *command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return out


def test_the_site_is_built_offline_and_asks_for_nothing_from_elsewhere(built: Path) -> None:
    pages = [path.read_text("utf-8") for path in built.glob("*.html")]
    assert len(pages) > len(list(SITE.glob("*.md")))  # and one for what is not found
    loads = [
        found
        for page in pages
        for found in re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=.?([^ >]+)", page)
    ]
    assert loads
    assert [found for found in loads if re.match(r"\W?(https?:)?//", found)] == []


def test_each_picture_is_shown_and_small() -> None:
    shown = {
        name
        for path in SITE.glob("*.md")
        for name in re.findall(r"!\[[^\]]+\]\(images/([^)]+)\)", path.read_text("utf-8"))
    }
    found = {path.name: path.stat().st_size for path in (SITE / "images").iterdir()}
    assert shown == set(found)
    assert max(found.values()) <= 60_000


def test_every_page_opens_from_the_folder_fits_a_telephone_and_the_search_finds_chinese(built: Path) -> None:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed")
    said: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.on("console", lambda one: said.append(one.text))
        page.on("pageerror", lambda one: said.append(str(one)))
        page.on("request", lambda one: said.append(one.url) if not one.url.startswith("file:") else None)
        for path in sorted(built / f"{one.stem}.html" for one in SITE.glob("*.md")):
            page.goto(path.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") == 390, path.name
        page.goto((built / "index.html").as_uri())
        page.locator("label.md-header__button[for=__search]").click()
        page.locator("input.md-search__input").fill("骑缝章")
        page.locator("input.md-search__input").press("Shift")  # it listens for keys that are let go
        page.locator(".md-search-result__item").first.wait_for()
        browser.close()
    assert said == []
