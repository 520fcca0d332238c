"""Claims about what is shipped: all of it, nothing else, and it runs where only declared requirements are installed."""

import importlib.metadata
import json
import os
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
SHIPPED = ("docgen", "registry", "templates")
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
    templates = (
        shipped_files("*.docx")
        | shipped_files("*.toml")
        | shipped_files("*.css")
        | shipped_files("*.js")
        | shipped_files("*.j2")
    )
    assert any(name.endswith("pack.toml") for name in templates)
    assert names == {f"yiyu/{name}" for name in {"cli.py"} | shipped_files("*.py") | templates}
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
        if not file.endswith("__main__.py")
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


CASES = ROOT / "tests" / "data" / "cases" / "roster"
SEASON = (
    "init office",
    "institution import m.csv --kind medical",
    "institution import c.csv --kind childcare",
    "agreement import ledger-with-copies.csv",
    "agreement draft --paired",
    "generate",
    "agreement list",
    "activity list",
    "duty list",
    "report rates",
    "report board --html board.html",
    "remind",
    "institution edit 东胜区小马托育中心 --contact 王某某",
    "person 王某某",
    "archive verify",
    "pack list",
    "template fields",
    "backup",
    "check",
    "log",
    "doctor",
)
"""One command of every group and every command beside them, in the order in which an office comes to them."""
NEEDING = {"print": "150602-2026-JC-0001 -o print.pdf", "encrypt": "", "decrypt": "", "demo": "", "restore": ""}
"""Commands that need an extra, a person or a folder of their own; other tests run them."""


def test_one_command_of_every_group_works_there_on_real_input(bare: Path, tmp_path: Path) -> None:
    for name in ("m.csv", "c.csv", "ledger-with-copies.csv"):
        text = (CASES / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("2026-01-04,4", "2026-01-04,肆"), "utf-8")
    said = {}
    for words in SEASON:
        within = [] if words.startswith("init") else ["--workspace", "office"]
        done = run(bare / "yiyu", *within, *words.split(), folder=tmp_path)
        assert done.returncode in ((0, 1) if words == "doctor" else (0, 10)), f"{words}\n{done.stdout}{done.stderr}"
        assert "Traceback" not in done.stderr
        assert "程序内部出错" not in done.stderr
        said[words] = done.stdout + done.stderr
    shown = run(bare / "yiyu", "--workspace", "office", "agreement", "show", "旧-001", "--json", folder=tmp_path)
    assert json.loads(shown.stdout)["copies"] == 4
    assert len(list((tmp_path / "office" / "output").rglob("*.docx"))) >= 3
    groups = {words.split()[0] for words in SEASON} | NEEDING.keys()
    assert groups == COMMANDS.keys()


def test_what_needs_an_extra_names_it_there(bare: Path, tmp_path: Path) -> None:
    assert run(bare / "yiyu", "init", "office", folder=tmp_path).returncode == 0
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.4\n")
    done = run(bare / "yiyu", "--workspace", "office", "archive", "intake", "scan.pdf", folder=tmp_path)
    assert "pip install 'yiyu[scan]'" in done.stderr
    assert done.returncode == 9
