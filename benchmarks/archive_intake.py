"""Forty agreements printed, scanned badly, shuffled, and taken in by ``yiyu archive intake``: does every page come home?

Pages go through the scanner of ``scanner.py``. Measured: pages placed, placed wrongly, lost and doubled pages named,
pages a second, and the peak memory of the whole process tree.
"""

import argparse
import contextlib
import json
import multiprocessing
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pypdfium2
from scanner import Batch, scans

from yiyu.docgen.page_code import PageCode, decode, document_id
from yiyu.registry.store.opening import open_registry
from yiyu.registry.store.scans import incoming_files, printed_documents, scans_of_agreements, scans_of_file

DPIS = (150, 200, 300)


@dataclass(frozen=True)
class Figures:
    dpi: int
    ours: int
    placed: int
    wrong: int
    wrongly_turned: int
    lost: int
    lost_named: int
    doubled: int
    doubled_named: int
    foreign: int
    seconds: float
    pages_a_second: float
    pages_a_cpu_second: float
    megabytes: float


def yiyu(office: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "yiyu.cli", "--workspace", str(office), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def numbers(office: Path) -> list[str]:
    """The agreements of which nothing was scanned yet; the demonstration has taken in some."""
    with open_registry(office / "registry.db") as db:
        made = {row.agreement_id: row.number for row in printed_documents(db)}
        scanned = {row.agreement_id for row in scans_of_agreements(db, list(made))}
    return sorted(number for key, number in made.items() if key not in scanned)


def take_in(office: Path, batch: Batch, dpi: int) -> Figures:
    """Run the command as an archivist does, and compare what it says with the truth."""
    started, before = time.perf_counter(), _cpu()
    with peak_memory() as peak:
        done = yiyu(office, "archive", "intake", batch.folder, "--json")
    seconds = time.perf_counter() - started
    if done.returncode not in (0, 10):
        raise SystemExit(done.stderr)
    said = json.loads(done.stdout)
    for one in said["failed"]:
        print(f"  {one['file']}: {one['message']}")
    placed, wrong, wrongly_turned = compare(office, batch)
    missing, duplicate = named(office, said, batch.lost)
    ours = sum(one is not None for one in batch.truth.values())
    return Figures(
        dpi=dpi,
        ours=ours,
        placed=placed,
        wrong=wrong,
        wrongly_turned=wrongly_turned,
        lost=len(batch.lost),
        lost_named=sum(one in missing for one in batch.lost),
        doubled=len(batch.doubled),
        doubled_named=sum(one in duplicate for one in batch.doubled),
        foreign=len(batch.truth) - ours,
        seconds=seconds,
        pages_a_second=said["pages"] / seconds,
        pages_a_cpu_second=said["pages"] / (_cpu() - before),
        megabytes=peak[0] / 2**20,
    )


def _cpu() -> float:
    """Seconds of processor that ended children and theirs have taken; a busy machine does not change them much."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def compare(office: Path, batch: Batch) -> tuple[int, int, int]:
    """Pages placed rightly, placed wrongly, and placed rightly but turned wrongly."""
    rightly = wrongly = turned = 0
    with open_registry(office / "registry.db") as db:
        for row in incoming_files(db):
            name = row.path.rsplit("-", 1)[-1]
            for (page, _), one in scans_of_file(db, row.id).items():
                if (name, page) not in batch.truth:
                    continue
                right = batch.truth[name, page] == replace(decode(one.code), copy="")
                rightly, wrongly = rightly + right, wrongly + (not right)
                turned += right and one.turn != batch.turns[name, page]
    return rightly, wrongly, turned


def named(office: Path, said: dict[str, Any], lost: Iterable[PageCode]) -> tuple[set[PageCode], set[PageCode]]:
    """The pages the answer names as missing, or as belonging to a document of which nothing came, and as duplicate."""
    with open_registry(office / "registry.db") as db:
        ids = {(row.number, row.kind): document_id(row.number, row.kind, row.version) for row in printed_documents(db)}
    found: dict[str, set[PageCode]] = {"missing": set(), "duplicate": set()}
    for one in said["documents"]:
        for key, pages in found.items():
            pages |= {PageCode(ids[one["number"], one["kind"]], page, one["expected"]) for page in one[key]}
    absent = {ids[one["number"], one["kind"]] for one in said["absent"]}
    return found["missing"] | {one for one in lost if one.document_id in absent}, found["duplicate"]


@contextlib.contextmanager
def peak_memory() -> Iterator[list[int]]:
    """The most that our child and all its children held resident at one time, in bytes."""
    peak, stop = [0], threading.Event()
    parent = multiprocessing.current_process().pid

    def watch() -> None:
        while not stop.wait(0.05):
            peak[0] = max(peak[0], sum(_resident(one) for one in descendants(parent or 0)))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()


def descendants(pid: int) -> list[int]:
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            text = stat.read_text()
            children.setdefault(int(text.rpartition(")")[2].split()[1]), []).append(int(text.split()[0]))
    found, pending = [], [pid]
    while pending:
        below = children.get(pending.pop(), [])
        found += below
        pending += below
    return found


def _resident(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=40)
    parser.add_argument("--dpi", type=int, nargs="*", default=list(DPIS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as base:
        printing, printed = Path(base) / "office", Path(base) / "print.pdf"
        yiyu(printing, "demo", printing)
        chosen = random.Random(options.seed).sample(numbers(printing), options.agreements)  # noqa: S311
        print(yiyu(printing, "print", *sorted(chosen), "-o", printed).stderr.strip())
        with contextlib.closing(pypdfium2.PdfDocument(printed)) as pdf:
            pages = list(range(len(pdf)))
        for dpi in options.dpi:
            office = Path(base) / str(dpi)
            subprocess.run(["cp", "-r", printing, office], check=True)
            batch = scans(printed, pages, dpi, Path(base) / f"scans-{dpi}", seed=options.seed)
            kinds = Counter(path.suffix for path in batch.folder.iterdir())
            one = take_in(office, batch, dpi)
            found.append(one)
            print(
                f"{dpi} dpi, {dict(kinds)}: placed {one.placed}/{one.ours} ({one.placed / one.ours:.2%}),"
                f" wrong {one.wrong}, wrongly turned {one.wrongly_turned}, lost named {one.lost_named}/{one.lost},"
                f" doubled named {one.doubled_named}/{one.doubled}, not ours {one.foreign},"
                f" {one.pages_a_second:.1f} pages/s ({one.pages_a_cpu_second:.1f} a second of processor), {one.megabytes:.0f} MB"
            )
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in found], indent=2))


if __name__ == "__main__":
    main()
