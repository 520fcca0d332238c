"""Word documents to PDF: by LibreOffice where it is installed, else by dxpdf."""

import importlib.util
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol
from xml.sax.saxutils import escape

from yiyu.docgen.pdf.adapting import for_dxpdf, for_libreoffice
from yiyu.docgen.pdf.fonts import Face, available, chinese_font, fontconfig, stand_ins
from yiyu.docgen.pdf.glyphs import marks_font
from yiyu.docgen.pdf.source import display_name, sound_pdf
from yiyu.docgen.wording import BEGINS_NO_LINE, ENDS_NO_LINE
from yiyu.registry.errors import FileFault, ProgramFault, UserError
from yiyu.registry.files import read_bytes, scratch, write_atomic
from yiyu.registry.package_check import PRINTED, package_check

_AT_ONCE = 2
"""Processes; two gained a factor of two, each needs about 200 MB."""
_AT_A_TIME = 160
"""Documents held in memory."""

_LIBREOFFICE_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
</item>
<item oor:path="/org.openoffice.Office.Common/AsianLayout/StartEndCharacters"><node oor:name="zh-CN" oor:op="replace">
<prop oor:name="StartCharacters" oor:op="fuse"><value>%s</value></prop>
<prop oor:name="EndCharacters" oor:op="fuse"><value>%s</value></prop>
</node></item>
</oor:items>
"""
"""A picture named by its address was fetched without the first; macros are never needed. The last stands for what a
document says itself of characters that begin and end no line: LibreOffice 7.4 does not read it from a .docx."""

_PDF = 'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'


@dataclass(frozen=True, slots=True)
class Engine:
    """A program that turns Word files into PDFs of the same stem in a folder, bookmarks into named destinations.

    ``command`` builds its command line from the files, that folder, and a new folder of its own.
    """

    name: str
    batch: int
    """How many files a call takes."""
    command: Callable[[Sequence[Path], Path, Path], list[str]]
    adapt: Callable[[bytes, dict[str, Face]], bytes] = lambda data, _: data
    first_seconds: float = 60
    more_seconds: float = 5
    """A call may last the first, and the second for each file."""
    build: str = ""
    """What tells versions apart; "" where that of the distribution does."""


def libreoffice(program: str) -> Engine:
    """Many files a call, each call with a profile of its own: two calls on one profile fail."""

    def command(sources: Sequence[Path], out: Path, own: Path) -> list[str]:
        settings = _SETTINGS % (escape(BEGINS_NO_LINE), escape(ENDS_NO_LINE))
        write_atomic(own / "user" / "registrymodifications.xcu", settings.encode())
        write_atomic(own / "user" / "extensions" / "buildid", _build(program))
        start = [program, "--headless", "--norestore", f"-env:UserInstallation={own.as_uri()}"]
        return [*start, "--convert-to", _PDF, "--outdir", str(out), *map(str, sources)]

    build = _build(program).decode("utf-8", "replace") or program
    return Engine("LibreOffice", 80, command, lambda data, _: for_libreoffice(data), build=build)


@cache
def _build(program: str) -> bytes:
    """What a LibreOffice calls its build, or nothing: it starts a second time where its profile does not name it."""
    home = Path(program).resolve().parent
    files = (home / "versionrc", home / "version.ini", home.parent / "Resources" / "versionrc")
    told = b"".join(file.read_bytes() for file in files if file.is_file())
    found = re.search(rb"^buildid=([^\r\n]+)", told, re.MULTILINE)
    return found[1] if found else b""


def dxpdf() -> Engine:
    """One file a process, so that a document it cannot bear takes nobody with it."""
    script = "import sys, dxpdf; dxpdf.convert_file(*sys.argv[1:])"

    def command(sources: Sequence[Path], out: Path, _own: Path) -> list[str]:
        return [sys.executable, "-P", "-c", script, str(sources[0]), str(out / f"{sources[0].stem}.pdf")]

    return Engine("dxpdf", 1, command, for_dxpdf)


def installed_engine() -> Engine:
    """The engine this machine has. Raises ProgramFault saying what to install where there is none."""
    places = (shutil.which("soffice"), shutil.which("libreoffice"), *map(shutil.which, _LIBREOFFICE_PLACES))
    if program := next(filter(None, places), None):
        return libreoffice(program)
    if importlib.util.find_spec("dxpdf"):
        return dxpdf()
    raise ProgramFault(
        "没有可以把 Word 转成 PDF 的程序", remedy="请安装 LibreOffice，或运行 pip install dxpdf，然后再试"
    )


def require_engine() -> None:
    """Raise ProgramFault saying what to install where this machine has no engine or no Chinese font."""
    installed_engine()
    chinese_font()


class Converter(Protocol):
    """Makes PDFs in a folder of Word files, as :func:`convert` does, here or elsewhere."""

    def __call__(
        self, sources: Sequence[Path], folder: Path, *, prepare: Callable[[bytes], bytes] = bytes
    ) -> dict[Path, Path | UserError]: ...


def convert(
    sources: Sequence[Path],
    folder: Path,
    *,
    engine: Engine | None = None,
    prepare: Callable[[bytes], bytes] = bytes,
    at_once: int = _AT_ONCE,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> dict[Path, Path | UserError]:
    """Make a PDF in ``folder`` of each .docx, under its own name; two of one name become ``名`` and ``名_2``.

    ``prepare`` is done to the bytes of each sound .docx first; ``at_once``: processes.
    One that cannot be converted gets its error, FileFault (the .docx) or ProgramFault (the engine), and stops no other.
    Raises ProgramFault where this machine has no engine or no Chinese font, FileFault where ``folder`` is not writable.
    """
    engine = engine or installed_engine()
    chinese_font()
    wanted = list(dict.fromkeys(sources))
    results: dict[Path, Path | UserError] = {}
    taken: set[str] = set()
    for at in range(0, len(wanted), _AT_A_TIME):
        for source, made in _convert_some(engine, wanted[at : at + _AT_A_TIME], prepare, at_once).items():
            if isinstance(made, UserError):
                results[source] = made
            else:
                results[source] = target = folder / _free_name(source.stem, taken)
                write_atomic(target, made)
        progress(len(results), len(wanted))
    return results


def _convert_some(
    engine: Engine, sources: Sequence[Path], prepare: Callable[[bytes], bytes], at_once: int
) -> dict[Path, bytes | UserError]:
    """The PDF or the error of each, in the order given."""
    chosen = stand_ins(file.face for file in available())
    results: dict[Path, bytes | UserError] = {}
    with scratch() as folder:
        _write_fonts(folder, chosen)
        staged: dict[Path, Path] = {}
        for number, source in enumerate(sources):
            results[source] = ProgramFault(
                f"{engine.name} 没能把这份文书转成 PDF",
                where=display_name(source),
                remedy="请用 Word 或 WPS 打开看是否完好，另存后再试",
            )
            try:
                # Under a name of ours: a source may be called "-x.docx", or be no UTF-8.
                plain = folder / f"{number:06}.docx"
                write_atomic(plain, engine.adapt(prepare(sound_docx(source)), chosen))
                staged[plain] = source
            except UserError as error:
                results[source] = error
        made = _run_all(engine, list(staged), folder, at_once)
        return results | {staged[plain]: pdf for plain, pdf in made.items()}


def _write_fonts(folder: Path, chosen: dict[str, Face]) -> None:
    """Lay out what an engine is to know of fonts: ``fonts.conf``, and in ``marks`` the font of our own that it names."""
    write_atomic(folder / "marks" / "marks.ttf", marks_font())
    write_atomic(folder / "fonts.conf", fontconfig(chosen, folder / "marks"))


def sound_docx(source: Path) -> bytes:
    """The bytes of a .docx that unpacks; an engine makes a page of almost anything. Raises FileFault."""
    data = read_bytes(source)
    try:
        package_check(data, PRINTED)
    except FileFault as fault:
        raise FileFault(fault.what, where=display_name(source), remedy="请重新生成这份文书") from fault
    return data


def _free_name(stem: str, taken: set[str]) -> str:
    names = itertools.chain([f"{stem}.pdf"], (f"{stem}_{more}.pdf" for more in itertools.count(2)))
    name = next(name for name in names if name.casefold() not in taken)
    taken.add(name.casefold())
    return name


def _run_all(engine: Engine, files: list[Path], folder: Path, at_once: int) -> dict[Path, bytes]:
    size = min(engine.batch, max(1, -(-len(files) // at_once)))
    batches = [files[at : at + size] for at in range(0, len(files), size)]
    with ThreadPoolExecutor(at_once) as pool:
        pairs = pool.map(lambda batch: list(_run_batch(engine, batch, folder)), batches)
        return dict(itertools.chain.from_iterable(pairs))


def _run_batch(engine: Engine, batch: list[Path], folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Convert a batch. After a call that left some undone the first of them, the likely culprit, goes alone."""
    while batch:
        made = dict(_run(engine, batch, folder))
        yield from made.items()
        undone = [file for file in batch if file not in made]
        if undone and len(batch) > 1:
            yield from _run(engine, undone[:1], folder)
        batch = undone[1:]


def _run(engine: Engine, files: Sequence[Path], folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Call the engine once. What it made is all that counts: exit codes said nothing in either direction."""
    with tempfile.TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as name:
        out, own = Path(name, "out"), Path(name, "own")
        out.mkdir()
        own.mkdir()
        command = [*_without_network(), *engine.command(files, out, own)]
        _call(command, own, folder / "fonts.conf", seconds=engine.first_seconds + engine.more_seconds * len(files))
        for file in files:
            pdf = out / f"{file.stem}.pdf"
            try:
                with sound_pdf(pdf):
                    pass
                yield file, read_bytes(pdf)
            except FileFault:
                continue


def _call(command: list[str], home: Path, fonts: Path, *, seconds: float) -> None:
    environment = None  # Windows: programs there need what the system sets
    if os.name != "nt":
        nowhere = "http://127.0.0.1:9"
        environment = {"PATH": os.defpath, "HOME": str(home), "LANG": "C.UTF-8", "FONTCONFIG_FILE": str(fonts)}
        environment |= {"SAL_USE_VCLPLUGIN": "svp", "http_proxy": nowhere, "https_proxy": nowhere}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(  # noqa: S603 - no shell; the files have names of ours
        command, env=environment, cwd=home, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        pass
    finally:
        # The program is a script that starts another: all of the group ends, also what a crash left behind.
        if os.name == "nt":
            process.kill()
        else:
            _end_group(process.pid)
        process.wait()


def _end_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


@cache
def _without_network() -> tuple[str, ...]:
    """What to put before a command so that it has no network; empty where the system does not let us."""
    program = shutil.which("unshare")
    if program is None:
        return ()
    prefix = (program, "--map-root-user", "--net", "--")
    allowed = subprocess.run([*prefix, "true"], capture_output=True, check=False)  # noqa: S603 - a fixed list
    return prefix if allowed.returncode == 0 else ()
