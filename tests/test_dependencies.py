"""Claims about what the program stands on: every import is declared, and the locks hold what is declared."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
BUILD: list[str] = PYPROJECT["build-system"]["requires"]
"""In both locks: the package is built by what they brought, not by what a build would fetch for itself."""
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
FOR_USERS = ("fast", "fonts", "scan", "ocr", "sign", "cluster", "encrypt", "office")
"""Extras that the program itself imports from; the others are for who works on it."""
FALLING_BACK = ("fast", "fonts")
"""Extras without which the program goes on by other means; without another it names the extra and stops."""
LOCKS = {"requirements.lock": ("fast", "scan", "fonts", "office"), "requirements-dev.lock": ("test",)}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


CORE = names(PROJECT["dependencies"])
OPTIONAL = {name: extra for extra in FOR_USERS for name in names(EXTRAS[extra])}
DEVELOPING = CORE | names([line for lines in EXTRAS.values() for line in lines])
BROUGHT_ALONG = {"pyhanko-certvalidator": "pyhanko"}
"""Imported beside what is declared, which requires it with bounds of its own."""


@cache
def distributions() -> Mapping[str, list[str]]:
    """Name of an import to the distributions that install it."""
    return importlib.metadata.packages_distributions()


def sources() -> Iterator[Path]:
    yield ROOT / "cli.py"
    for folder in ("registry", "docgen"):
        yield from sorted((ROOT / folder).rglob("*.py"))


@cache
def imports(source: str) -> list[tuple[int, str, bool]]:
    """Line, first name and whether it waits until it is needed (within a function, or for the type checker only)."""
    tree = ast.parse(source)
    later = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        for inner in ast.walk(node)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name.split(".")[0], node in later) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.append((node.lineno, node.module.split(".")[0], node in later))
    return found


@cache
def guarded(source: str) -> set[int]:
    """Lines within a ``try`` that catches the ImportError."""
    return {
        node.lineno
        for block in ast.walk(ast.parse(source))
        if isinstance(block, ast.Try) and any("ImportError" in ast.dump(one.type) for one in block.handlers if one.type)
        for node in block.body
    }


def owners(name: str) -> set[str]:
    """The distributions that a name is imported from; the name itself where nothing installed has it."""
    found = {canonicalize_name(owner) for owner in distributions().get(name, [name])}
    return found | {BROUGHT_ALONG[owner] for owner in found & BROUGHT_ALONG.keys()}


def undeclared(source: str) -> list[str]:
    """What the source imports and its distribution does not declare, or declares for an extra and imports at once."""
    found = []
    safe = guarded(source)
    for line, name, waits in imports(source):
        if name in sys.stdlib_module_names or name == "yiyu" or owners(name) & CORE:
            continue
        if not owners(name) & OPTIONAL.keys():
            found.append(f"{line}: {name} is declared nowhere")
        elif not waits and line not in safe:
            found.append(f"{line}: {name} belongs to an extra and is imported at once")
    return found


def test_every_import_is_declared() -> None:
    broken = {path.relative_to(ROOT).as_posix(): undeclared(path.read_text("utf-8")) for path in sources()}
    assert {path: lines for path, lines in broken.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pytest",
        "def f():\n    import hypothesis",
        "import numpy",
        "import zxingcpp",
        "from sqlcipher3 import dbapi2",
        "try:\n    import isal\nexcept ValueError:\n    pass",
        "import not_a_distribution",
    ],
)
def test_a_planted_import_is_caught(source: str) -> None:
    assert undeclared(source)


@pytest.mark.parametrize(
    "source",
    [
        "import click",
        "def f():\n    import cn2an",
        "def f():\n    import zxingcpp",
        "try:\n    import isal\nexcept ImportError:\n    pass",
        "import json",
    ],
)
def test_what_is_declared_passes(source: str) -> None:
    assert undeclared(source) == []


@cache
def asks_first(source: str) -> set[str]:
    """The distributions whose absence the source expects: imported within a guard, or looked for by name."""
    safe = guarded(source)
    looked_for = set(re.findall(r"""find_spec\(["'](\w+)["']\)""", source))
    return {
        owner
        for name in looked_for | {name for line, name, _ in imports(source) if line in safe}
        for owner in owners(name)
    }


@pytest.mark.parametrize("distribution", sorted(OPTIONAL))
def test_where_an_extra_is_missing_the_program_says_which(distribution: str) -> None:
    extra = OPTIONAL[distribution]
    expecting = [source for path in sources() if distribution in asks_first(source := path.read_text("utf-8"))]
    assert expecting, f"nothing asks whether {distribution} is there"
    assert extra in FALLING_BACK or any(f"'yiyu[{extra}]'" in source for source in expecting)


PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md"))


def test_every_installation_that_is_told_names_extras_there_are_and_is_quoted() -> None:
    """Without the quotes zsh and PowerShell take the brackets for themselves."""
    told = [
        (path.name, line)
        for path in (*PAGES, *sources())
        for line in path.read_text("utf-8").splitlines()
        if "pip install" in line and re.search(r"[.u]\[[a-z,]+\]", line)
    ]
    assert len(told) > 10
    for place, line in told:
        quoted = re.findall(r"""(["'])(?:\.|yiyu)\[([a-z,]+)\]\1""", line)
        assert len(quoted) == len(re.findall(r"[.u]\[[a-z,]+\]", line)), (place, line)
        assert {extra for _, inside in quoted for extra in inside.split(",")} <= EXTRAS.keys(), (place, line)


def test_what_tests_and_benchmarks_import_is_declared() -> None:
    files = [path for folder in ("tests", "benchmarks", "docs") for path in (ROOT / folder).rglob("*.py")]
    own = {"yiyu", *(path.stem for path in files), *(path.parent.name for path in files)}
    wild = {
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in files
        for line, name, _ in imports(path.read_text("utf-8"))
        if name not in sys.stdlib_module_names and name not in own and not owners(name) & DEVELOPING
    }
    assert wild == set()


def test_every_declared_requirement_has_a_lower_bound() -> None:
    lines = [*PROJECT["dependencies"], *(line for extra in EXTRAS.values() for line in extra)]
    bounded = [line for line in lines if re.search("[>=~]=", str(Requirement(line).specifier))]
    assert [line for line in lines if line not in bounded and Requirement(line).name != "yiyu"] == []


def wanted(extra: str) -> Iterator[Requirement]:
    """The requirements of an extra; those it takes over from others of ours are followed."""
    for line in EXTRAS[extra]:
        requirement = Requirement(line)
        if requirement.name == "yiyu":
            for inner in requirement.extras:
                yield from wanted(inner)
        else:
            yield requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_what_is_declared(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    locked = defaultdict(set)  # one version, or several for several versions of Python
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE):
        locked[canonicalize_name(name)].add(version)
    declared = [Requirement(line) for line in (*BUILD, *PROJECT["dependencies"])]
    declared += (one for extra in LOCKS[lock] for one in wanted(extra))
    missing = [one.name for one in declared if canonicalize_name(one.name) not in locked]
    outside = [
        f"{one} but {version}"
        for one in declared
        for version in locked[canonicalize_name(one.name)]
        if not one.specifier.contains(version)
    ]
    assert missing + outside == [], "run make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_its_hash_and_nothing_names_a_registry(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line]
    assert len(lines) > 30
    assert [line[:60] for line in lines if "--hash=sha256:" not in line] == []
    assert "://" not in text
    assert "index-url" not in text
    assert "# via" not in text


def test_what_builds_the_package_is_locked_as_the_build_asks_for_it() -> None:
    assert PYPROJECT["dependency-groups"]["build"] == BUILD


def test_both_locks_agree() -> None:
    users, developers = (
        set(re.findall(r"^[\w.-]+==[^\s;]+", (ROOT / lock).read_text("utf-8"), re.M)) for lock in LOCKS
    )
    assert users <= developers
