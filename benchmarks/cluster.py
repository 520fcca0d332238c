"""``yiyu print`` and ``archive intake`` as whole processes: here, and on a cluster of 1, 2 and 4 worker processes.

Scheduler and workers run on this machine, on loopback. The machine has as many processors as is printed: more workers than
that can win nothing here. Seconds by the clock, rounds interleaved.
"""

import argparse
import contextlib
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import img2pdf
import pypdfium2
from print import YIYU, made

COUNTS = (0, 1, 2, 4)


@contextlib.contextmanager
def cluster(folder: Path, workers: int) -> Iterator[list[str]]:
    """The switches for a command, with as many workers ready; none for this machine alone."""
    if not workers:
        yield []
        return
    from distributed import Client

    address = "tcp://127.0.0.1:18786"
    common = ["--no-dashboard", "--host", "127.0.0.1"]
    dask = [sys.executable, "-P", "-m"]
    commands = [[*dask, "distributed.cli.dask_scheduler", "--port", "18786", *common]]
    one = [*dask, "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny", *common]
    commands += [[*one, "--name", str(at)] for at in range(workers)]
    quiet = subprocess.DEVNULL
    running = [subprocess.Popen(command, stdout=quiet, stderr=quiet, cwd=folder) for command in commands]
    try:
        with Client(address, timeout=60) as client:
            client.wait_for_workers(workers, timeout=60)
        yield ["--cluster", address]
    finally:
        for process in reversed(running):
            process.kill()
            process.wait()


def yiyu(*arguments: object) -> float:
    """Seconds of a command that does all it is asked, or lacks pages of what it takes in."""
    started = time.perf_counter()
    done = subprocess.run([YIYU, *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 10):
        raise SystemExit(done.stderr)
    return time.perf_counter() - started


def scanned(printed: Path, folder: Path, copies: int) -> int:
    """The printed pages at 200 dpi, three a file, as many times over; the number of pages."""
    folder.mkdir()
    pictures = []
    with pypdfium2.PdfDocument(printed) as pdf:
        for page in pdf:
            stream = io.BytesIO()
            page.render(scale=200 / 72, grayscale=True).to_pil().save(stream, "JPEG", quality=70, dpi=(200, 200))
            pictures.append(stream.getvalue())
    for copy in range(copies):
        for at in range(0, len(pictures), 3):
            # Other bytes each time: a file that came before is known.
            data = img2pdf.convert(pictures[at : at + 3], title=f"{copy}-{at}")
            (folder / f"{copy}-{at:04}.pdf").write_bytes(data)
    return copies * len(pictures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=30, help="three documents each")
    parser.add_argument("--copies", type=int, default=2, help="times that the scans come")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        base = Path(scratch)
        folder = base / "office"
        numbers = made(folder, options.agreements)
        out = base / "打印.pdf"
        yiyu("--workspace", folder, "print", *numbers, "-o", out)
        pages = scanned(out, base / "扫描", options.copies)
        works: dict[str, Callable[[list[str]], float]] = {
            "print": lambda more: yiyu("--workspace", folder, "print", *numbers, "-o", out, *more),
            "intake": lambda more: yiyu("--workspace", folder, "archive", "intake", base / "扫描", "--dry-run", *more),
        }
        found: dict[tuple[str, int], list[float]] = {(work, count): [] for work in works for count in COUNTS}
        for _ in range(options.rounds):
            for count in COUNTS:
                with cluster(base, count) as more:
                    for name, work in works.items():
                        found[name, count].append(work(more))
    print(f"{os.cpu_count()} processors; load {os.getloadavg()[0]:.0f}; median of {options.rounds} interleaved rounds")
    print(f"print: {3 * len(numbers)} documents; intake: {pages} pages of 200 dpi, three a file, --dry-run")
    for (name, count), seconds in found.items():
        where = f"{count} workers" if count else "no cluster"
        print(f"  {name:8} {where:12} {statistics.median(seconds):7.2f} s")


if __name__ == "__main__":
    main()
