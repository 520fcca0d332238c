"""``yiyu print`` as a whole process: documents to one stamped PDF, beside bare LibreOffice and with dxpdf.

Bare LibreOffice converts the same Word files one by one in two processes and does nothing else: no codes, no binding.
Seconds, and processor time with that of the children; rounds are interleaved.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from generate import DAY, NOW, office

from yiyu.docgen.documents.generating import generate
from yiyu.registry.config import load_workspace
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.opening import open_registry

YIYU = Path(sys.executable).with_name("yiyu")


def made(folder: Path, agreements: int) -> list[str]:
    """An office with its documents; the numbers of its agreements."""
    office(folder, agreements)
    with open_registry(folder / "registry.db") as db:
        session = OfficeSession(load_workspace(folder), db, DAY, NOW, "bench")
        return sorted({number for number, _ in generate(session).made})


def printed(folder: Path, numbers: list[str], *, libreoffice: bool) -> None:
    path = os.environ["PATH"] if libreoffice else str(YIYU.parent)
    command = [YIYU, "--workspace", folder, "print", *numbers, "-o", folder / "打印.pdf"]
    subprocess.run(command, check=True, env=os.environ | {"PATH": path}, capture_output=True)
    (folder / "打印.pdf").unlink()


def bare(files: list[Path], base: Path) -> None:
    half = (len(files) + 1) // 2
    running = []
    for at, some in enumerate((files[:half], files[half:])):
        out = base / f"bare{at}"
        profile = f"-env:UserInstallation={(base / f'profile{at}').as_uri()}"
        command = ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", out, *some]
        running.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
    for process in running:
        process.wait()


def timed(work: Callable[[], None]) -> tuple[float, float]:
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=30, help="three documents each")
    parser.add_argument("--with-dxpdf", type=int, default=4, help="agreements printed with dxpdf; 0: none")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        folder = base / "office"
        numbers = made(folder, options.agreements)
        files = sorted((folder / "output").rglob("*.docx"))
        few = numbers[: options.with_dxpdf]
        works: dict[str, tuple[int, Callable[[], None]]] = {}
        if shutil.which("soffice"):
            works["yiyu print, LibreOffice"] = len(files), lambda: printed(folder, numbers, libreoffice=True)
            works["bare LibreOffice, one by one"] = len(files), lambda: bare(files, base)
        if few:
            works["yiyu print, dxpdf"] = 3 * len(few), lambda: printed(folder, few, libreoffice=False)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
        for _ in range(options.rounds):
            for name, (_, work) in works.items():
                found[name].append(timed(work))
    print(f"median of {options.rounds} interleaved rounds")
    for name, (documents, _) in works.items():
        seconds, cpu = (statistics.median(column) for column in zip(*found[name], strict=True))
        print(
            f"  {name:30} {documents:4} documents {seconds:7.2f} s {documents / seconds:6.1f}/s {cpu:7.2f} s processor"
        )


if __name__ == "__main__":
    main()
