"""Rule: a parser of foreign files is called only in the modules named here, each behind the guard it names.

Kept over the source; a rule tried on planted source first, as in test_house.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PARSERS = (
    "python_calamine.CalamineWorkbook.from_filelike",
    "python_calamine.CalamineWorkbook.from_path",
    "python_calamine.load_workbook",
    "openpyxl.load_workbook",
    "zipfile.ZipFile",
    "zipfile.PyZipFile",
    "tarfile.open",
    "shutil.unpack_archive",
    "docx.Document",
    "docxtpl.DocxTemplate",
    "pikepdf.open",
    "pikepdf.Pdf.open",
    "pypdf.PdfReader",
    "pypdf.PdfWriter",
    "pypdfium2.PdfDocument",
    "PIL.Image.open",
    "sqlite3.connect",
    "sqlcipher3.dbapi2.connect",
    "sqlite_utils.Database",
    "tomllib.load",
    "tomllib.loads",
    "msgspec.toml.decode",
    "json.load",
    "json.loads",
    "xml.etree.ElementTree.parse",
    "xml.etree.ElementTree.fromstring",
    "lxml.etree.parse",
    "lxml.etree.fromstring",
    "xml.parsers.expat.ParserCreate",
    "csv.reader",
    "csv.DictReader",
    "pickle.load",
    "pickle.loads",
    "marshal.loads",
)

BEHIND: dict[str, tuple[tuple[str, ...], str]] = {
    "registry.package_check": (("zipfile.ZipFile", "xml.parsers.expat.ParserCreate"), "the guard itself"),
    "registry.workbooks.precheck": (("zipfile.ZipFile",), "after package_check(data, XLSX), in the child process"),
    "registry.workbooks.opendocument": (("zipfile.ZipFile",), "after package_check(data, ODS), in the child process"),
    "registry.workbooks.part_scan": (("xml.parsers.expat.ParserCreate",), "parts of a package that passed the guard"),
    "registry.workbooks.worker": (
        ("python_calamine.CalamineWorkbook.from_filelike",),
        "after workbook_precheck(data), in the child process",
    ),
    "registry.workbooks.csvtext": (("csv.reader",), "bytes that read_bytes held to a size and load_grids to text"),
    "registry.toml": (("tomllib.loads",), "bytes that read_bytes held to a megabyte"),
    "registry.office.backing_up": (("zipfile.ZipFile",), "reads back what it wrote a moment ago"),
    "registry.office.restoring": (("zipfile.ZipFile",), "a backup proven by its note, each member by size and SHA-256"),
    "registry.offices.container": (("zipfile.ZipFile",), "after archive_check(stream, replace(SIGNED, name=called))"),
    "registry.commands.output_gate": (("json.loads",), "lines of our own notes, each let go where it is none"),
    "registry.office.restore_advice": (("zipfile.ZipFile",), "a backup proven by its note"),
    "registry.store.driver": (("sqlite3.connect",), "the one place that connects to a registry"),
    "registry.store.cipher": (("sqlcipher3.dbapi2.connect",), "an encrypted one, and what encrypts it"),
    "registry.store.opening": (("sqlite_utils.Database",), "the one place that opens the registry"),
    "registry.store.read_models": (
        ("sqlite_utils.Database",),
        "a registry of our own schema, made of values we checked",
    ),
    "registry.store.copying": (("sqlite_utils.Database",), "a file at rest, looked into without touching it"),
    "registry.store.rekey": (("sqlite_utils.Database",), "the registry while it is encrypted, nobody else in it"),
    "registry.store.integrity": (("sqlite_utils.Database",), "a schema made in memory"),
    "registry.store.sides_noted": (("sqlite_utils.Database",), "a new and empty one of our own, gone afterwards"),
    "docgen.fill.template_precheck": (("zipfile.ZipFile",), "after package_check(data, DOCX)"),
    "docgen.fill.clauses": (("docx.Document",), "after template_precheck(data, name) in expanded"),
    "docgen.fill.gate": (("docxtpl.DocxTemplate",), "opens no file; a part we rendered"),
    "docgen.fill.package": (("zipfile.ZipFile",), "members of a package that passed the guard"),
    "docgen.fill.source": (("docxtpl.DocxTemplate",), "after template_precheck(data, name) in compile_template"),
    "docgen.fill.files": (("json.loads",), "bytes that read_bytes held to 16 MB"),
    "docgen.fill.part": (
        ("docxtpl.DocxTemplate", "xml.parsers.expat.ParserCreate"),
        "opens no file; a part we rendered",
    ),
    "docgen.fill.lint.paragraphs": (
        ("docx.Document", "docxtpl.DocxTemplate"),
        "after template_precheck(data, name) in check_template",
    ),
    "docgen.fill.author.package": (("zipfile.ZipFile", "docx.Document"), "templates of our own, when they are made"),
    "docgen.scans.page_ink": (("pypdfium2.PdfDocument",), "our own print, made a moment ago, in the child process"),
    "docgen.pdf.printed_text": (("pypdfium2.PdfDocument",), "our own print, made a moment ago, in the child process"),
    "docgen.pdf.adapting": (("zipfile.ZipFile",), "after package_check(data, PRINTED) in convert"),
    "docgen.pdf.source": (("pikepdf.open", "pypdfium2.PdfDocument"), "after a look at kind and head"),
    "docgen.pdf.second_reader": (("pypdf.PdfReader",), "what we wrote"),
    "docgen.pdf.drawing": (("pikepdf.open",), "what fpdf2 drew a moment ago"),
    "docgen.pdf.readback": (("pikepdf.open", "pypdfium2.PdfDocument"), "what we wrote"),
    "docgen.pdf.stamp": (("pypdfium2.PdfDocument",), "inside sound_pdf"),
    "docgen.pdf.archive_stamp": (("pypdfium2.PdfDocument",), "inside sound_pdf"),
    "docgen.pdf.signatures": (("pikepdf.open",), "looks at what sound_pdf refuses: signed and damaged files"),
    "docgen.pdf.volume.binding": (("pypdf.PdfReader",), "reads back what it wrote"),
    "docgen.scans.pictures": (
        ("pypdfium2.PdfDocument", "PIL.Image.open"),
        "inside sound_pdf; formats named, pixels counted",
    ),
    "docgen.scans.tiff_strips": (
        ("PIL.Image.open",),
        "what the child process read before; formats named, pixels counted",
    ),
    "docgen.scans.binding": (("pikepdf.open", "pypdf.PdfReader"), "what img2pdf made; reads back what it wrote"),
    "docgen.archive.bag": (
        ("csv.DictReader",),
        "bytes that read_bytes held to a size; only adds to what a manifest says",
    ),
    "docgen.archive.fixity": (("pikepdf.open",), "counts pages of files whose SHA-256 is as recorded"),
}
"""Module, what it may call, and what stands before it."""

GUARDED = {
    "docgen.fill.compiled": "template_precheck(",
    "docgen.fill.clauses": "template_precheck(data, name)",
    "docgen.fill.lint.check": "template_precheck(data, name)",
    "docgen.fill.lint.clauses": "template_precheck(data, name)",
    "docgen.fill.lint.annotating": "template_precheck(",
    "docgen.fill.draft": "template_precheck(data, name)",
    "docgen.fill.lint.comparing": "template_precheck(data, name)",
    "docgen.pdf.convert": "package_check(data, PRINTED)",
    "registry.workbooks.worker": "opendocument_precheck if is_opendocument(data) else workbook_precheck",
    "registry.workbooks.precheck": "package_check(data, XLSX)",
    "registry.offices.container": "archive_check(stream, replace(SIGNED, name=called))",
    "docgen.fill.template_precheck": "package_check(data, DOCX)",
}
"""Modules through which foreign packages come in, and the call each must make."""


def names(tree: ast.Module) -> dict[str, str]:
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {
                one.asname or one.name.split(".")[0]: one.name if one.asname else one.name.split(".")[0]
                for one in node.names
            }
        elif isinstance(node, ast.ImportFrom):
            found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
    return found


def calls(source: str) -> Iterator[tuple[int, str]]:
    """Every use of a parser by its full name, whatever it is called in the module; a zip opened to write is none."""
    tree = ast.parse(source)
    known = names(tree)

    def dotted(node: ast.AST) -> str:
        if isinstance(node, ast.Name):
            return known.get(node.id, node.id)
        return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else ""

    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or dotted(node.func) not in PARSERS:
            continue
        modes = [arg.value for arg in node.args[1:2] if isinstance(arg, ast.Constant)]
        if not (dotted(node.func).endswith("ZipFile") and modes == ["w"]):
            yield node.lineno, dotted(node.func)


@cache
def sources() -> dict[str, str]:
    files = [ROOT / "cli.py", *(ROOT / "registry").rglob("*.py"), *(ROOT / "docgen").rglob("*.py")]
    named = {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in files}
    return {name: path.read_text("utf-8") for name, path in named.items()}


def test_no_parser_is_called_where_nothing_guards_it() -> None:
    broken = [
        f"{module}:{line} calls {call}"
        for module, source in sources().items()
        for line, call in calls(source)
        if call not in BEHIND.get(module, ((), ""))[0]
    ]
    assert broken == []


@pytest.mark.parametrize("module", BEHIND)
def test_what_is_let_through_is_still_needed(module: str) -> None:
    allowed, reason = BEHIND[module]
    assert {call for _, call in calls(sources()[module])} == set(allowed)
    assert reason


@pytest.mark.parametrize("module", GUARDED)
def test_who_lets_a_package_in_calls_the_guard(module: str) -> None:
    assert GUARDED[module] in sources()[module]


ASKED_TO_CONNECT = [("docgen.cluster.scheduler", "socket")]
"""Only where a person gave ``--cluster``, and to the address that docgen.cluster.address let through."""


def test_nothing_opens_a_connection() -> None:
    network = (
        "socket",
        "urllib.request",
        "http.client",
        "ftplib",
        "smtplib",
        "requests",
        "httpx",
        "aiohttp",
        "urllib3",
    )
    imported = {module: set(names(ast.parse(source)).values()) for module, source in sources().items()}
    assert [
        (module, name)
        for module, every in imported.items()
        for name in every
        if any(name == one or name.startswith(f"{one}.") for one in network)
    ] == ASKED_TO_CONNECT


@pytest.mark.parametrize(
    "source",
    [
        "import zipfile\nzipfile.ZipFile(path)",
        "from zipfile import ZipFile as Z\nZ(path, 'r')",
        "import openpyxl as x\nx.load_workbook(path)",
        "import tomllib\ndef f():\n    return tomllib.loads(text)",
        "from pikepdf import Pdf\nPdf.open(path)",
        "from docx import Document\nDocument(path)",
        "import sqlite3 as s\ns.connect(path)",
        "import msgspec\nmsgspec.toml.decode(data)",
        "import pickle\npickle.loads(data)",
    ],
)
def test_a_planted_call_is_caught(source: str) -> None:
    assert list(calls(source))


def test_a_zip_that_is_written_is_none() -> None:
    assert not list(calls("import zipfile\nzipfile.ZipFile(t, 'w', zipfile.ZIP_DEFLATED)"))
