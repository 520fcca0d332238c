"""Claims about what the program stands on: every import is declared, and the locks hold what is declared."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
FOR_USERS = ("fast", "fonts", "scan", "sign", "cluster", "encrypt")
"""Extras that the program itself imports from; the others are for who works on it."""
LOCKS = {"requirements.lock": ("fast", "scan", "fonts"), "requirements-dev.lock": ("test",)}


def names(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(line).name) for line in requirements}


CORE = names(PROJECT["dependencies"])
OPTIONAL = {name: extra for extra in FOR_USERS for name in names(EXTRAS[extra])}
BROUGHT_ALONG = {"pyhanko-certvalidator": "pyhanko"}
"""Imported beside what is declared, which requires it with bounds of its own."""


def distributions() -> Mapping[str, list[str]]:
    """Name of an import to the distributions that install it."""
    return importlib.metadata.packages_distributions()


def sources() -> Iterator[Path]:
    yield ROOT / "cli.py"
    for folder in ("registry", "docgen"):
        yield from sorted((ROOT / folder).rglob("*.py"))


def imports(source: str) -> Iterator[tuple[int, str, bool]]:
    """Line, first name and whether it waits until it is needed (within a function, or for the type checker only)."""
    tree = ast.parse(source)
    later = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0], node in later) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.lineno, node.module.split(".")[0], node in later


def undeclared(source: str, known: Mapping[str, list[str]]) -> list[str]:
    """What the source imports and its distribution does not declare, or declares for an extra and imports at once."""
    found = []
    guarded = {
        node.lineno for block in ast.walk(ast.parse(source)) if isinstance(block, ast.Try) for node in block.body
    }
    for line, name, waits in imports(source):
        if name in sys.stdlib_module_names or name == "yiyu":
            continue
        owners = {canonicalize_name(owner) for owner in known.get(name, [name])}
        owners |= {BROUGHT_ALONG[owner] for owner in owners & BROUGHT_ALONG.keys()}
        if owners & CORE:
            continue
        if not owners & OPTIONAL.keys():
            found.append(f"{line}: {name} is declared nowhere")
        elif not waits and line not in guarded:
            found.append(f"{line}: {name} belongs to an extra and is imported at once")
    return found


def test_every_import_is_declared() -> None:
    known = distributions()
    broken = {path.relative_to(ROOT).as_posix(): undeclared(path.read_text("utf-8"), known) for path in sources()}
    assert {path: lines for path, lines in broken.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pytest",
        "def f():\n    import hypothesis",
        "def f():\n    from numpy import array",
        "import zxingcpp",
        "from sqlcipher3 import dbapi2",
        "import not_a_distribution",
    ],
)
def test_a_planted_import_is_caught(source: str) -> None:
    assert undeclared(source, distributions())


@pytest.mark.parametrize(
    "source", ["import click", "def f():\n    import cn2an", "def f():\n    import zxingcpp", "import json"]
)
def test_what_is_declared_passes(source: str) -> None:
    assert undeclared(source, distributions()) == []


def test_every_declared_requirement_has_a_lower_bound() -> None:
    lines = [*PROJECT["dependencies"], *(line for extra in FOR_USERS for line in EXTRAS[extra])]
    assert [
        line for line in lines if not any(one.operator in (">=", "==", "~=") for one in Requirement(line).specifier)
    ] == []


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
    pinned = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))
    locked = {canonicalize_name(name): version for name, version in pinned.items()}
    declared = [*map(Requirement, PROJECT["dependencies"]), *(one for extra in LOCKS[lock] for one in wanted(extra))]
    loose = [str(one) for one in declared if not one.specifier.contains(locked.get(canonicalize_name(one.name), "0"))]
    assert loose == [], "请运行 make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_version_has_its_hash_and_nothing_names_a_registry(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line]
    assert len(lines) > 30
    assert [line[:60] for line in lines if "--hash=sha256:" not in line] == []
    assert "://" not in text
    assert "index" not in text


def test_both_locks_agree() -> None:
    users, developers = (
        set(re.findall(r"^[\w.-]+==[^\s;]+", (ROOT / lock).read_text("utf-8"), re.M)) for lock in LOCKS
    )
    assert users <= developers
