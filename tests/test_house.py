"""The rules of the house (docs/decisions), kept over the source itself.

Each rule is a function from a module to what breaks it, tried first on planted source so that it can fail. What is
knowingly let through stands in ``DEPARTURES`` with its reason, and must still be needed.
"""

import ast
import functools
import re
import statistics
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]

LONGEST_MODULE, MEDIAN_MODULE, LONGEST_COMMAND = 300, 150, 10

ROOMS = (
    "registry.errors",
    "registry.rights",
    "registry.files",
    "registry.toml",
    "registry.model",
    "registry.lifecycle",
    "registry.package_check",
    "registry.rules",
    "registry.config",
    "registry.plugins",
    "registry.packs",
    "registry.session",
    "registry.store",
    "registry.workbooks",
    "registry.office",
    "registry.institutions",
    "registry.duties",
    "registry.agreements",
    "registry.activities",
    "registry.imports",
    "registry.reports",
    "registry.archive",
    "registry.offices",
    "docgen.naming",
    "docgen.page_code",
    "docgen.wording",
    "docgen.context",
    "docgen.board",
    "docgen.fill",
    "docgen.pdf",
    "docgen.scans",
    "docgen.cluster",
    "docgen.documents",
    "docgen.archive",
    "docgen.reports",
    "docgen.demonstration",
)
"""Every room from the ground up: each imports only from those before it, so that no circle can come to be."""
USE_CASES = ("docgen.documents", "docgen.archive", "docgen.reports", "docgen.demonstration")
"""The rooms of docgen that know an office; the others fill, convert and read without one."""
GROUND = (
    "registry.errors", "registry.rights", "registry.files", "registry.model", "registry.package_check", "registry.rules", "registry.packs",
)  # fmt: skip
"""What the rooms of docgen that know no office see of registry."""
PURE = (
    "registry.model", "registry.lifecycle", "registry.errors", "registry.rules",
    "docgen.board", "docgen.context", "docgen.wording", "docgen.naming", "docgen.page_code",
)  # fmt: skip
PURE_STDLIB = frozenset({
    "abc", "base64", "binascii", "bisect", "calendar", "collections", "contextlib", "contextvars", "copy", "dataclasses",
    "datetime", "decimal", "enum", "fractions", "functools", "hashlib", "html", "itertools", "json", "math", "operator",
    "re", "string", "struct", "textwrap", "types", "typing", "unicodedata", "zlib",
})  # fmt: skip
TEMPLATING = frozenset({"jinja2.DictLoader", "jinja2.Environment", "jinja2.StrictUndefined"})
"""What a pure module may take of Jinja2: templates come to it as texts, none of the loaders that read files."""
COMPUTING = frozenset({"icalendar", "stdnum", "dateutil", "cn2an", "rapidfuzz", "pypinyin", "chinese_calendar"})
KIT = "registry.commands"
LIBRARY = "docgen.library"
"""The door for other programs, beside ``cli`` and the desk."""
FILL, PAPER = ("docgen.fill",), ("docgen.pdf", "docgen.scans", "docgen.archive.fixity")
SQL, SHEETS = ("registry.store",), ("registry.workbooks",)
OWNERS = {
    "docxtpl": FILL,
    "jinja2": (*FILL, "docgen.board", "desk.rendering"),
    "docx": FILL,
    "lxml": FILL,
    "markupsafe": FILL,
    "isal": FILL,
    "pikepdf": PAPER,
    "fontTools": ("docgen.pdf.fonts", "docgen.pdf.glyphs", "docgen.pdf.drawing"),
    "fpdf": ("docgen.pdf.drawing",),
    "pypdf": PAPER,
    "pypdfium2": PAPER,
    "img2pdf": PAPER,
    "dxpdf": PAPER,
    "pyhanko": PAPER,
    "pyhanko_certvalidator": PAPER,
    "segno": ("docgen.pdf.qr_code",),
    "pylopdf_fonts_zh_cn": ("docgen.pdf.fonts",),
    "zxingcpp": PAPER,
    "rapidocr": ("docgen.scans.ocr_text",),
    "onnxruntime": ("docgen.scans.ocr_text",),
    "cv2": ("docgen.scans",),
    "numpy": ("docgen.scans",),
    "pillow_heif": PAPER,
    "PIL": PAPER,
    "sqlite_utils": SQL,
    "sqlite3": SQL,
    "sqlcipher3": SQL,
    "openpyxl": SHEETS,
    "xlsxwriter": (*SHEETS, "registry.archive.catalog", "registry.institutions.sample"),
    "python_calamine": SHEETS,
    "dask": ("docgen.cluster.scheduler",),
    "distributed": ("docgen.cluster.scheduler",),
    "msgspec": ("registry", "docgen", "desk"),
    "starlette": ("desk",),
    "uvicorn": ("desk.serving",),
    "itsdangerous": ("desk.sessions",),
    "argon2": ("desk.passwords",),
    "cryptography": ("registry.offices.keys",),
}
"""The rooms that may import a library."""
WORLD = frozenset({
    "print", "input", "exit", "quit", "breakpoint", "sys.exit", "os._exit", "sys.argv", "sys.stdin",
    "sys.stdout", "sys.stderr", "click.echo", "os.environ", "os.environb", "os.getenv", "os.putenv",
    "os.getcwd", "os.getlogin", "getpass.getuser", "pathlib.Path.cwd", "pathlib.Path.home",
    "os.path.expanduser", "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today",
    "datetime.datetime.utcnow", "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime",
    "time.strftime",
})  # fmt: skip
STATEMENT = re.compile(
    r"\s*(SELECT\s|INSERT\s|REPLACE\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s|ALTER\s|DROP\s|PRAGMA\s"
    r"|WITH\s+\w+\s+AS\s|BEGIN\b|COMMIT\b|ROLLBACK\b|VACUUM\b)"
)
VAGUE_NAMES = frozenset({"util", "utils", "helper", "helpers", "common", "manager", "service"})
WRITES = frozenset({"write_bytes", "write_text", "save", "touch", "rename", "symlink_to", "hardlink_to"})
WRITE_CALLS = frozenset({
    "os.replace", "os.rename", "os.link", "os.symlink", "os.open", "shutil.copy", "shutil.copy2",
    "shutil.copyfile", "shutil.copytree", "shutil.move", "xlsxwriter.Workbook",
})  # fmt: skip


SAFE_SOURCES = ("yiyu.registry.files.replacing", "io.BytesIO", "io.StringIO")


class Broken(NamedTuple):
    line: int
    what: str


class Departure(NamedTuple):
    rule: str
    module: str
    what: str
    reason: str


DEPARTURES = (
    Departure("writes", "registry.files", "", "the one writer itself"),
    Departure("writes", "desk.bundle.start", "", "runs before anything of ours is installed"),
    Departure(
        "writes", "desk.bundle.gather", "", "a developer's tool: fills a new folder, which a second run makes anew"
    ),
    Departure(
        "writes", "registry.commands.console", "open", "only the null device, where a stream of the process is shut"
    ),
    Departure(
        "writes", "registry.offices.container", "open", "a member of the zip under the name that ``replacing`` gave"
    ),
    Departure(
        "world", "registry.workbooks.worker", "sys.stdin", "a child process: the workbook comes through its pipe"
    ),
    Departure("world", "registry.workbooks.worker", "sys.stdout", "and the answer goes back through the other"),
    Departure("world", "docgen.cluster.bench", "sys.stdin", "a child process of a worker: the parcel comes in"),
    Departure("world", "docgen.cluster.bench", "sys.stdout", "and the answer goes out"),
    Departure(
        "world", "docgen.reports.counting_bench", "sys.stdin", "a child process of a worker: the parcel comes in"
    ),
    Departure("world", "docgen.reports.counting_bench", "sys.stdout", "and the answer goes out"),
    Departure(
        "world", "docgen.pdf.fonts", "os.environ", "who names a FONTCONFIG_FILE means the programs we start, too"
    ),
    Departure("ownership", "registry.session", "sqlite_utils", "names the type of the open registry it carries"),
)


@dataclass(frozen=True)
class Module:
    """``name`` is dotted and without ``yiyu.``; a package is named as itself."""

    name: str
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    @cached_property
    def imports(self) -> list[tuple[int, str]]:
        """Line and absolute dotted name of everything imported, also inside functions."""
        found = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
        return found

    @cached_property
    def aliases(self) -> dict[str, str]:
        """What a bare name in this module stands for."""
        found = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                found |= {
                    a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names
                }
            elif isinstance(node, ast.ImportFrom):
                found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        return found

    def dotted(self, node: ast.AST) -> str:
        """The full name of ``dt.date.today`` and the like; "" for anything that is not a chain of names."""
        if isinstance(node, ast.Name):
            return self.aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute) and (owner := self.dotted(node.value)):
            return f"{owner}.{node.attr}"
        return ""

    @property
    def is_door(self) -> bool:
        """Whether it is a front door: it reads the clock and the environment, prints and exits."""
        last = self.name.rsplit(".", 1)[-1]
        return (
            self.name == "cli"
            or self.within(KIT, "desk", LIBRARY)
            or last in ("commands", "options")
            or last.endswith("_commands")
        )

    @property
    def room(self) -> str:
        return next((room for room in ROOMS if self.within(room)), "")

    def within(self, *places: str) -> bool:
        return any(self.name == place or self.name.startswith(f"{place}.") for place in places)


def sources() -> list[Module]:
    files = [
        ROOT / "cli.py",
        *(path for room in ("registry", "docgen", "desk") for path in (ROOT / room).rglob("*.py")),
    ]
    return [
        Module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path.read_text("utf-8")
        )
        for path in sorted(files)
        if path.exists()
    ]


def under(name: str, *places: str) -> bool:
    return Module(name, "").within(*places)


def dependencies(module: Module) -> Iterator[Broken]:
    """Rule 1: a room imports only from rooms below it; registry nothing of docgen; doors are opened by doors alone."""
    if module.is_door:
        for line, imported in module.imports:
            if module.within("registry") and under(imported.removeprefix("yiyu."), "docgen"):
                yield Broken(line, f"imports {imported}")
        return
    for line, imported in module.imports:
        if not imported.startswith("yiyu."):
            continue
        name = imported.removeprefix("yiyu.")
        source = Module(name, "")
        if source.is_door or Module(name.rpartition(".")[0], "").is_door:
            yield Broken(line, f"imports {name}; only doors may")
        elif not source.room or ROOMS.index(source.room) > ROOMS.index(module.room):
            yield Broken(line, f"imports {name}, which does not lie below")
        elif module.within("docgen") and module.room not in USE_CASES and not under(name, "docgen", *GROUND):
            yield Broken(line, f"imports {name}, and knows no office")


def purity(module: Module) -> Iterator[Broken]:
    """Rule 2: pure modules compute; no clock, no files, no SQL."""
    if not module.within(*PURE):
        return
    for line, imported in module.imports:
        top = imported.split(".")[0]
        own = top == "yiyu" and under(imported.removeprefix("yiyu."), *PURE)
        if not own and top not in PURE_STDLIB | COMPUTING and imported not in TEMPLATING:
            yield Broken(line, f"imports {imported}")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name) and node.id == "open":
            yield Broken(node.lineno, "opens a file")


def ownership(module: Module) -> Iterator[Broken]:
    """Rule 3: a library, and SQL, is used only by its owners."""
    for line, imported in module.imports:
        top = imported.split(".")[0]
        if top == "click":
            if not module.is_door:
                yield Broken(line, "imports click")
        elif top in OWNERS:
            if not module.within(*OWNERS[top]):
                yield Broken(line, f"imports {top}")
        elif top not in sys.stdlib_module_names | COMPUTING | {"yiyu"}:
            yield Broken(line, f"imports {top}, which has no owner")
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.match(node.value):
            if not module.within(*SQL):
                yield Broken(node.lineno, f"speaks SQL: {node.value.strip()[:20]}")
        elif module.dotted(node) == "sqlite3.connect" and not module.within("registry.store"):
            yield Broken(node.lineno, "opens a database")


def world(module: Module) -> Iterator[Broken]:
    """Rule 4: only the front reads the clock and the environment, prints and exits."""
    if module.is_door:
        return
    for node in ast.walk(module.tree):
        name = module.dotted(node)
        if name in WORLD:
            yield Broken(node.lineno, f"uses {name}")
        elif isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if module.dotted(raised) == "SystemExit":
                yield Broken(node.lineno, "uses SystemExit")


def command_length(module: Module) -> Iterator[Broken]:
    """Rule 4: the body of a command has at most ten lines; blank lines, comments and the help text do not count."""
    lines = module.source.splitlines()
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.FunctionDef) or not any(map(_makes_command, node.decorator_list)):
            continue
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        counted = [
            line
            for statement in body
            for line in lines[statement.lineno - 1 : statement.end_lineno]
            if line.strip() and not line.lstrip().startswith("#")
        ]
        if len(counted) > LONGEST_COMMAND:
            yield Broken(node.lineno, f"{node.name} has {len(counted)} lines")


def _makes_command(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in ("command", "group")


def size_and_name(module: Module) -> Iterator[Broken]:
    """Rule 5: modules stay small and say what they hold."""
    length = len(module.source.splitlines())
    if length > LONGEST_MODULE:
        yield Broken(1, f"has {length} lines")
    for part in module.name.split("."):
        if part in VAGUE_NAMES or part.rsplit("_", 1)[-1] in VAGUE_NAMES:
            yield Broken(1, f"is called {part}")


def spelling(module: Module) -> Iterator[Broken]:
    """Rule 6: absolute imports by the installed name, ``import datetime as dt``, English identifiers."""
    for node in ast.walk(module.tree):
        match node:
            case ast.ImportFrom(level=level) if level:
                yield Broken(node.lineno, "imports relatively")
            case ast.ImportFrom(module="datetime"):
                yield Broken(node.lineno, "does not import datetime as dt")
            case ast.Import(names=names):
                if any(alias.name == "datetime" and alias.asname != "dt" for alias in names):
                    yield Broken(node.lineno, "does not import datetime as dt")
                if any(alias.name.split(".")[0] in ("docgen", "registry") for alias in names):
                    yield Broken(node.lineno, "imports without yiyu")
            case ast.ImportFrom(module=source) if source and source.split(".")[0] in ("docgen", "registry"):
                yield Broken(node.lineno, "imports without yiyu")
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                if not name.isascii():
                    yield Broken(node.lineno, f"names {name}")
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) if not name.isascii():
                yield Broken(node.lineno, f"names {name}")


def writes(module: Module) -> Iterator[Broken]:
    """Files come to be only under the temporary name ``registry.files.replacing`` gives, or in memory."""
    for scope in module.tree.body:
        safe = _safe_targets(module, scope)
        for node in ast.walk(scope):
            if not isinstance(node, ast.Call):
                continue
            name = module.dotted(node.func)
            method = isinstance(node.func, ast.Attribute)
            last = node.func.attr if isinstance(node.func, ast.Attribute) else name.rsplit(".", 1)[-1]
            opening = last in ("open", "fdopen", "ZipFile") and _mode(node, method=method) & set("wax+")
            if (opening or (method and last in WRITES) or name in WRITE_CALLS) and not _target(module, node) & safe:
                yield Broken(node.lineno, f"writes with {last}")


def _target(module: Module, node: ast.Call) -> set[str]:
    """The names in what a call writes to: the copy, the path whose method it is, or the first argument."""
    name = module.dotted(node.func)
    if name in WRITE_CALLS and name.split(".")[0] in ("os", "shutil"):
        written = node.args[1:2]
    elif isinstance(node.func, ast.Attribute) and node.func.attr not in ("save", "ZipFile", "Workbook"):
        written = [node.func.value]
    else:
        written = node.args[:1]
    return {inner.id for one in written for inner in ast.walk(one) if isinstance(inner, ast.Name)}


def _mode(node: ast.Call, *, method: bool) -> set[str]:
    """The letters of the mode: the second argument, of a method also the first, or the one called so."""
    given = [*node.args[0 if method else 1 : 2], *(one.value for one in node.keywords if one.arg == "mode")]
    texts = [arg.value for arg in given if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    return {letter for text in texts if re.fullmatch(r"[rwaxbt+]{1,4}", text) for letter in text}


def _safe_targets(module: Module, scope: ast.stmt) -> set[str]:
    """Names bound to what ``replacing`` gave, to what was opened from it, or to a buffer in memory."""
    safe: set[str] = set()
    for node in ast.walk(scope):
        if isinstance(node, ast.withitem) and node.optional_vars is not None:
            pairs = [(node.optional_vars, node.context_expr)]
        elif isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            together = isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple)
            pairs = list(zip(target.elts, value.elts, strict=True)) if together else [(target, value)]
        else:
            continue
        for name, made in pairs:
            if isinstance(name, ast.Name) and isinstance(made, ast.Call):
                opened_from = made.func.value if isinstance(made.func, ast.Attribute) else None
                if module.dotted(made.func) in SAFE_SOURCES or getattr(opened_from, "id", "") in safe:
                    safe.add(name.id)
    return safe


RULES: tuple[Callable[[Module], Iterator[Broken]], ...] = (
    dependencies, purity, ownership, world, command_length, size_and_name, spelling, writes,
)  # fmt: skip


@functools.cache
def broken_by_rule() -> dict[str, list[tuple[str, int, str]]]:
    """Module, line and what is broken there, by the name of the rule; each module is parsed once for all rules."""
    found: dict[str, list[tuple[str, int, str]]] = {rule.__name__: [] for rule in RULES}
    for module in sources():
        for rule in RULES:
            found[rule.__name__] += [(module.name, line, what) for line, what in rule(module)]
    return found


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_house_keeps_its_rule(rule: Callable[[Module], Iterator[Broken]]) -> None:
    let_through = [d for d in DEPARTURES if d.rule == rule.__name__]
    broken = [
        f"{name.replace('.', '/')}.py:{line}: {what}"
        for name, line, what in broken_by_rule()[rule.__name__]
        if not any(under(name, d.module) and d.what in what for d in let_through)
    ]
    assert not broken, f"{rule.__doc__}\n" + "\n".join(broken)


@pytest.mark.parametrize("departure", DEPARTURES, ids=lambda d: f"{d.rule} {d.module} {d.what}".strip())
def test_every_departure_is_still_needed(departure: Departure) -> None:
    broken = broken_by_rule()[departure.rule]
    assert any(name == departure.module and departure.what in what for name, _, what in broken)
    assert departure.reason


def test_the_median_module_is_short() -> None:
    lengths = [len(module.source.splitlines()) for module in sources() if module.source.count("\n") > 5]
    assert statistics.median(lengths) <= MEDIAN_MODULE


def test_at_the_root_only_the_front_door_is_python() -> None:
    """Rule 7: any other file there would be shipped; ``__init__.py`` names what is public and loads none of it."""
    assert {path.name for path in ROOT.glob("*.py")} == {"__init__.py", "cli.py"}


def test_templates_hold_only_data() -> None:
    assert [path.name for path in (ROOT / "templates").rglob("*.py")] == ["__init__.py"]


def test_every_library_the_project_requires_is_known_to_the_rules() -> None:
    required = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=!~\[ ]", line)[0].lower().replace("-", "_") for line in required}
    module_of = {"python_docx": "docx", "python_dateutil": "dateutil", "python_stdnum": "stdnum", "pillow": "PIL",
                 "chinesecalendar": "chinese_calendar", "zxing_cpp": "zxingcpp", "fonttools": "fontTools",
                     "fpdf2": "fpdf"}  # fmt: skip
    assert {module_of.get(name, name) for name in names} <= OWNERS.keys() | COMPUTING | {"click"}


LONG_COMMAND = "import click\n@click.command()\ndef f():\n    '''Help.'''\n" + "    a = 1\n" * 11
SHORT_COMMAND = "import click\n@group.command('x')\ndef f():\n    '''Help.'''\n" + "    # why\n\n    a = 1\n" * 10
REPLACING = "from yiyu.registry.files import replacing\nwith replacing(p) as t:\n    "


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (dependencies, "registry.store", "from yiyu.docgen.wording import x"),
        (dependencies, "registry.store", "def f():\n    import yiyu.docgen"),
        (dependencies, "registry.agreements.steps", "from yiyu.registry.commands.show import say"),
        (dependencies, "docgen.fill", "from yiyu.registry.store import opening"),
        (dependencies, "docgen.fill", "from yiyu.registry import store"),
        (dependencies, "docgen.fill", "import yiyu.registry.config"),
        (dependencies, "registry.store.x", "from yiyu.registry.agreements.steps import record"),
        (dependencies, "docgen.archive.x", "from yiyu.docgen.reports.board import make_board"),
        (dependencies, "registry.agreements.steps", "from yiyu.registry.agreements.step_commands import sign"),
        (purity, "registry.rules.copies", "import os"),
        (purity, "registry.rules.copies", "from pathlib import Path"),
        (purity, "docgen.context.making", "from yiyu.registry.files import read_bytes"),
        (purity, "docgen.naming", "import click"),
        (purity, "docgen.naming", "x = open('a').read()"),
        (purity, "docgen.board.page", "from jinja2 import PackageLoader"),
        (purity, "docgen.board.page", "import jinja2"),
        (ownership, "docgen.reports.board", "from jinja2 import Environment"),
        (ownership, "registry.agreements", "import click"),
        (ownership, "registry.agreements", "def f():\n    from docxtpl import DocxTemplate"),
        (ownership, "docgen.pdf.merge", "import docx"),
        (ownership, "registry.packs", "from openpyxl import load_workbook"),
        (ownership, "registry.agreements", "from sqlite_utils import Database"),
        (ownership, "registry.agreements", "import requests"),
        (ownership, "registry.agreements", "q = '''\n  SELECT id FROM agreements'''"),
        (ownership, "registry.agreements", "q = f'UPDATE agreements SET {x}'"),
        (ownership, "registry.packs", "import sqlite3 as s\ns.connect('x')"),
        (world, "registry.rules.copies", "import datetime as dt\ndt.date.today()"),
        (world, "registry.rules.copies", "from datetime import datetime\ndatetime.now()"),
        (world, "registry.rules.copies", "import time\ntime.time()"),
        (world, "registry.rules.copies", "from os import environ\nenviron['A']"),
        (world, "registry.rules.copies", "import os\nos.getenv('A')"),
        (world, "docgen.fill", "print('x')"),
        (world, "docgen.fill", "import sys\nsys.exit(1)"),
        (world, "docgen.fill", "raise SystemExit(2)"),
        (world, "docgen.fill", "import click as c\nc.echo('x')"),
        (world, "docgen.fill", "from pathlib import Path\nPath.cwd()"),
        (command_length, "registry.commands.x", LONG_COMMAND),
        (size_and_name, "registry.x", "a = 1\n" * 301),
        (size_and_name, "registry.utils", ""),
        (size_and_name, "docgen.helpers.x", ""),
        (size_and_name, "docgen.pdf_helpers", ""),
        (spelling, "registry.x", "from . import y"),
        (spelling, "registry.x", "from datetime import date"),
        (spelling, "registry.x", "import datetime"),
        (spelling, "registry.x", "from registry.model import Kind"),
        (spelling, "registry.x", "甲方 = 1"),
        (spelling, "registry.x", "def f(甲方): ..."),
        (spelling, "registry.x", "def 甲方(): ..."),
        (writes, "registry.x", "open('a', 'w')"),
        (writes, "registry.x", "p.open('wb')"),
        (writes, "registry.x", "p.open(mode='a')"),
        (writes, "registry.x", "p.write_text('x')"),
        (writes, "registry.x", "p.write_bytes(b'')"),
        (writes, "docgen.fill", "document.save(path)"),
        (writes, "registry.workbooks", "import xlsxwriter\nxlsxwriter.Workbook(path)"),
        (writes, "registry.x", "import zipfile\nzipfile.ZipFile(path, 'w')"),
        (writes, "registry.x", "import shutil\nshutil.copyfile(a, b)"),
        (writes, "registry.x", REPLACING + "other.write_bytes(b'')"),
        (writes, "registry.x", "import io\ndef f():\n    b = io.BytesIO()\n    path.write_bytes(b.getvalue())"),
        (writes, "registry.x", "import shutil\n" + REPLACING + "shutil.copyfile(t, other)"),
        (writes, "registry.x", "import io\ndef f():\n    b = io.BytesIO()\ndef g(b):\n    document.save(b)"),
    ],
)
def test_a_planted_violation_is_caught(rule: Callable[[Module], Iterator[Broken]], name: str, source: str) -> None:
    assert list(rule(Module(name, source)))


@pytest.mark.parametrize(
    ("rule", "name", "source"),
    [
        (dependencies, "docgen.fill", "from yiyu.registry.packs.reading import load_pack"),
        (dependencies, "docgen.documents.x", "from yiyu.registry.store.opening import changing"),
        (dependencies, "docgen.documents.generate_commands", "from yiyu.registry.commands.show import say"),
        (dependencies, "cli", "from yiyu.docgen.documents.generate_commands import generate"),
        (purity, "registry.rules.copies", "import datetime as dt\nfrom dateutil import relativedelta"),
        (purity, "registry.packs", "import os"),
        (purity, "docgen.board.page", "from jinja2 import DictLoader, Environment"),
        (ownership, "registry.store.opening", "import sqlite3\nsqlite3.connect('x')\nq = 'SELECT 1'"),
        (ownership, "registry.agreements", "text = 'selected items'\nimport msgspec"),
        (world, "registry.commands.invocation", "import os\nos.environ['A']\nprint(1)"),
        (world, "registry.rules.copies", "import datetime as dt\nx = dt.date(2026, 1, 1)\ntoday = x"),
        (command_length, "registry.commands.x", SHORT_COMMAND),
        (command_length, "registry.commands.x", "def plain():\n" + "    a = 1\n" * 20),
        (size_and_name, "registry.x", "a = 1\n" * 300),
        (spelling, "registry.x", "import datetime as dt\nfrom yiyu.registry.model import Kind\nLABEL = '甲方'"),
        (writes, "registry.x", "open('a')\np.open('rb')\nbook.open(name)"),
        (writes, "registry.x", REPLACING + "t.write_bytes(b'')"),
        (writes, "registry.x", "import shutil\n" + REPLACING + "shutil.copyfile(other, t)"),
        (writes, "docgen.pdf.x", REPLACING + "with t.open('wb') as s:\n        pdf.save(s)"),
        (writes, "docgen.fill", "import io\ndef f():\n    b, c = io.BytesIO(), io.BytesIO()\n    document.save(c)"),
        (writes, "registry.workbooks", "import xlsxwriter\n" + REPLACING + "xlsxwriter.Workbook(str(t))"),
    ],
)
def test_what_the_rules_allow_passes(rule: Callable[[Module], Iterator[Broken]], name: str, source: str) -> None:
    assert not list(rule(Module(name, source)))
