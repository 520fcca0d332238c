"""Claims about what is shipped: all of it, nothing else, and it runs where only declared requirements are installed."""

import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

from yiyu.cli import COMMANDS

ROOT = Path(__file__).parents[1]
SHIPPED = ("desk", "docgen", "registry", "templates")
NOT_SOURCE = shutil.ignore_patterns(".*", "build", "dist", "demo", "*.egg-info", "__pycache__")


def shipped_files(pattern: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for folder in SHIPPED for path in (ROOT / folder).rglob(pattern)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from a copy: a build leaves folders behind."""
    folder = tmp_path_factory.mktemp("wheel")
    shutil.copytree(ROOT, folder / "source", ignore=NOT_SOURCE)
    options = ["--no-deps", "--no-index", "--no-build-isolation", "--quiet", "--wheel-dir", folder]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, folder / "source"], check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of an environment with the wheel and links to what it says it requires; no test tool, no extra."""
    home = tmp_path_factory.mktemp("bare")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--symlinks", home], check=True)
    site = Path(sysconfig.get_path("purelib", "venv", {"base": str(home)}))
    for name in required():
        link_distribution(importlib.metadata.distribution(name), site)
    pip = [sys.executable, "-m", "pip", "--python", home / "bin" / "python"]
    subprocess.run([*pip, "install", "--no-index", "--no-deps", "--quiet", wheel], check=True)
    return home / "bin"


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def required() -> set[str]:
    """The names of everything the project needs, and what that needs, without extras."""
    found: set[str] = set()
    pending = list(project()["project"]["dependencies"])
    while pending:
        one = Requirement(pending.pop())
        if one.name not in found and (one.marker is None or one.marker.evaluate({"extra": ""})):
            found.add(one.name)
            pending += importlib.metadata.requires(one.name) or ()
    return found


def link_distribution(distribution: importlib.metadata.Distribution, site: Path) -> None:
    for top in {file.parts[0] for file in distribution.files or ()} - {"..", "__pycache__"}:
        link = site / top
        if not link.exists():
            link.symlink_to(Path(str(distribution.locate_file(top))))


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV", "YIYU"))}
    return subprocess.run(command, cwd=folder, env=clean, capture_output=True, encoding="utf-8", check=False)


def test_the_declared_packages_are_the_folders_with_python_in_them() -> None:
    declared = project()["tool"]["setuptools"]["packages"]
    folders = {Path(file).parent for file in shipped_files("*.py")}
    assert sorted(declared) == sorted(["yiyu", *(".".join(("yiyu", *folder.parts)) for folder in folders)])


def test_the_wheel_holds_every_source_and_template_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        licence = [name for name in archive.namelist() if name.endswith("/LICENSE")]
    templates = set().union(
        *(shipped_files(f"*.{kind}") for kind in ("docx", "toml", "csv", "j2", "css", "js", "html", "svg", "cmd"))
    )
    assert any(name.endswith("pack.toml") for name in templates)
    assert names == {
        f"yiyu/{name}" for name in {"__init__.py", "cli.py", "py.typed"} | shipped_files("*.py") | templates
    }
    assert len(licence) == 1


def test_the_wheel_runs_with_nothing_but_what_it_declares(bare: Path, tmp_path: Path) -> None:
    done = run(bare / "yiyu", "--help", folder=tmp_path)
    assert done.stderr == ""
    assert done.returncode == 0
    assert "用法" in done.stdout
    assert "institution" in done.stdout


def test_every_module_of_the_wheel_can_be_imported_there(bare: Path, tmp_path: Path) -> None:
    names = [
        ".".join(("yiyu", *Path(file).with_suffix("").parts)).removesuffix(".__init__")
        for file in sorted(shipped_files("*.py") | {"cli.py"})
        if not file.endswith("__main__.py") and (not file.startswith("desk/") or file == "desk/commands.py")
    ]
    code = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    done = run(bare / "python", "-c", code, *names, folder=tmp_path)
    assert done.stderr == ""
    assert done.returncode == 0


def test_no_test_tool_is_within_reach_there(bare: Path, tmp_path: Path) -> None:
    for tool in ("pytest", "hypothesis", "mypy", "ruff", "xdist"):
        assert "ModuleNotFoundError" in run(bare / "python", "-c", f"import {tool}", folder=tmp_path).stderr


def test_the_packs_come_with_the_wheel(bare: Path, tmp_path: Path) -> None:
    done = run(bare / "yiyu", "pack", "list", "--json", folder=tmp_path)
    assert done.stderr == ""
    assert done.returncode == 0
    assert "ordos" in done.stdout


DATA = ROOT / "tests" / "data"
BROUGHT = (
    *(DATA / "rosters" / name for name in ("医疗卫生机构名册.xlsx", "托育机构名册.xlsx")),
    *(DATA / "cases" / "roster" / name for name in ("m.csv", "c.csv", "ledger-with-copies.csv")),
)
PAIR = "150602-2026-JC-0001"
SEASON = (
    "init office",
    "institution import 医疗卫生机构名册.xlsx",
    "institution import 托育机构名册.xlsx",
    "import list",
    "institution import m.csv --kind medical",
    "institution import c.csv --kind childcare",
    "agreement import ledger-with-copies.csv",
    "agreement pair --district 东胜区",
    "agreement draft --paired --district 东胜区 --start 2026-01-01",
    "generate",
    f"agreement items {PAIR} --tick A04",
    f"agreement sign {PAIR} --party all --on 2026-01-05",
    f"agreement seal {PAIR} --party all --on 2026-01-06",
    f"activity add {PAIR} --on 2026-02-10 --form 上门指导 --from 09:00 --to 11:30 --person 王某某 --count 婴幼儿=20",
    "duty list --state done --as-of 2026-03-31",
    "report rates --as-of 2026-03-31",
    "report board --html board.html",
    "remind --ics remind.ics",
    "person 王某某",
    f"template context {PAIR} --kind agreement",
    "pack check",
    "archive verify",
    "office list",
    "backup",
    "check",
    "log",
)
"""One command of every group and every command beside them, in the order in which an office comes to them."""
WITH_PROBLEMS = "institution import 托育机构名册.xlsx"
"""Leaves with 10: the sample has rows with planted errors."""
ELSEWHERE = ("doctor", "print", "demo", "restore", "encrypt", "decrypt", "desk")
"""What the tests below ask: of the machine, of a backup, of an extra."""
NEEDING = {
    "archive intake scan.pdf": "scan",
    "archive intake --compare scan.pdf": "ocr",
    "archive signatures scan.pdf": "sign",
    f"generate {PAIR} --cluster tcp://127.0.0.1:1": "cluster",
    "encrypt": "encrypt",
    "desk --no-browser": "desk",
    "office key": "office",
}
"""A command of every extra without which it cannot do its work. Without ``fast`` filling only takes longer, and
without ``fonts`` the faces of the machine are used."""


@pytest.fixture(scope="module")
def season(bare: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which an office went through its season with the bare installation."""
    folder = tmp_path_factory.mktemp("season")
    for path in BROUGHT:
        shutil.copy(path, folder)
    ledger = folder / "ledger-with-copies.csv"
    ledger.write_text(ledger.read_text("utf-8").replace("2026-01-04,4", "2026-01-04,肆"), "utf-8")
    for words in SEASON:
        done = within(bare, folder, words)
        said = f"{words}\n{done.stdout}{done.stderr}"
        assert done.returncode == (10 if words == WITH_PROBLEMS else 0), said
        assert not re.search("Traceback|程序内部出错", said), said
    return folder


def within(bare: Path, folder: Path, words: str) -> subprocess.CompletedProcess[str]:
    office = [] if words.startswith("init") else ["--workspace", "office"]
    return run(bare / "yiyu", *office, *words.split(), folder=folder)


def test_the_ten_lines_of_the_manual_make_three_documents_there(bare: Path, tmp_path: Path) -> None:
    for roster in BROUGHT[:2]:
        shutil.copy(roster, tmp_path)
    page = (ROOT / "docs" / "site" / "library.md").read_text("utf-8")
    (tmp_path / "ten.py").write_text(re.findall(r"^```python\n(.*?)^```", page, re.DOTALL | re.MULTILINE)[0], "utf-8")
    done = run(bare / "python", "ten.py", folder=tmp_path)
    assert done.stderr == ""
    assert [(tmp_path / line.rsplit(" ", 1)[-1]).is_file() for line in done.stdout.splitlines()] == [True] * 3


RIGHT = """
import datetime as dt
import yiyu

def signed(office: yiyu.Office, on: dt.date) -> list[str]:
    every = office.view(district="东胜区").agreements.list(unsigned=True, variant=yiyu.Variant.JC)
    office.agreements.sign([one.agreement.number for one in every], party="all", on=on)
    rates, left_out = office.reports.rates(by="town")
    office.activities.add(["x"], on=on, form="上门指导", people=[yiyu.Person("王某某")], place="活动室")
    try:
        return [number for number, document in office.generate(kinds=[yiyu.DocKind.AGREEMENT]).made]
    except yiyu.UserError as error:
        return [error.remedy, str(rates[-1].rates["signed"].numerator), *left_out]
"""
WRONG = {
    'office.agreements.sign(["x"], party="丁", on=on)': "arg-type",
    'office.agreements.sign(["x"], party="all", on="2026-01-05")': "arg-type",
    'office.agreements.sign(["x"], party="all")': "call-arg",
    'office.activities.add(["x"], on=on, form="上门指导", palce="活动室")': "call-arg",
    "office.agreements.sing([])": "attr-defined",
    "yiyu.opne('x')": "attr-defined",
    "number: int = office.agreements.list()[0].agreement.number": "assignment",
}
"""What a program may get wrong, and how the checker calls it."""


def test_a_checker_sees_the_types_of_what_is_installed_and_each_mistake(bare: Path, tmp_path: Path) -> None:
    lines = "".join(f"    {line}\n" for line in WRONG)
    (tmp_path / "right.py").write_text(RIGHT, "utf-8")
    (tmp_path / "wrong.py").write_text(
        f"{RIGHT}\ndef wrong(office: yiyu.Office, on: dt.date) -> None:\n{lines}", "utf-8"
    )
    python = ["--python-executable", bare / "python", "--cache-dir", tmp_path / "cache", "--no-error-summary"]
    done = run(sys.executable, "-m", "mypy", "--strict", *python, "right.py", "wrong.py", folder=tmp_path)
    first = RIGHT.count("\n") + 3
    found = re.findall(r"^wrong\.py:(\d+): error: .*\[([a-z-]+)\]$", done.stdout, re.MULTILINE)
    assert [(int(line), code) for line, code in found] == [*enumerate(WRONG.values(), first)], done.stdout
    assert "right.py" not in done.stdout


def test_every_group_is_tried_there() -> None:
    assert {words.split()[0] for words in SEASON} | {*ELSEWHERE} == COMMANDS.keys()


def test_a_year_of_work_is_done_there(bare: Path, season: Path) -> None:
    listed = json.loads(within(bare, season, "agreement list --district 东胜区 --json").stdout)
    assert {row["signing"] for row in listed if row["number"] == PAIR} == {"signed"}
    assert len(list((season / "office" / "output").rglob("*.docx"))) == 3 * len(listed)
    done = json.loads(within(bare, season, "duty list --state done --as-of 2026-03-31 --json").stdout)
    assert PAIR in {row["number"] for row in done}
    assert (season / "board.html").stat().st_size > 10_000
    assert (season / "remind.ics").read_text("utf-8").startswith("BEGIN:VCALENDAR")


def test_a_ledger_with_copies_in_words_is_read_there(bare: Path, season: Path) -> None:
    assert json.loads(within(bare, season, "agreement show 旧-001 --json").stdout)["copies"] == 4


def test_a_backup_is_restored_there(bare: Path, season: Path, tmp_path: Path) -> None:
    [copy] = (season / "office" / "backups").glob("*.db")
    done = run(bare / "yiyu", "restore", copy, "back", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    listed = run(bare / "yiyu", "--workspace", "back", "agreement", "list", "--json", folder=tmp_path).stdout
    assert listed == within(bare, season, "agreement list --json").stdout
    assert len(json.loads(listed)) > 10


@pytest.mark.parametrize("words", NEEDING)
def test_what_needs_an_extra_names_it_there(bare: Path, season: Path, words: str) -> None:
    (season / "scan.pdf").write_bytes(b"%PDF-1.4\n")
    done = within(bare, season, words)
    assert f"pip install 'yiyu[{NEEDING[words]}]'" in done.stderr
    assert done.returncode in (8, 9)
    assert "Traceback" not in done.stderr


def test_doctor_names_the_extras_that_are_missing_there(bare: Path, season: Path) -> None:
    findings = json.loads(within(bare, season, "doctor --json").stdout)
    remedies = {one["remedy"] for one in findings}
    assert {"pip install 'yiyu[scan]'", "pip install 'yiyu[sign]'"} <= remedies


def test_the_demonstration_runs_there_and_says_what_it_left_out(bare: Path, tmp_path: Path) -> None:
    done = run(bare / "yiyu", "demo", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert re.search(r"没有演示：.*'yiyu\[(scan|fonts)\]'", done.stdout + done.stderr)
