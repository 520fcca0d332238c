"""Every kind of paper an office hands in, many pages of each: how many find their place, and is one placed wrongly?

Each page is printed, then made into what a scanner, a fax or a telephone makes of it, and read back as ``archive intake`` does. Placing is by the code alone, so what is held against the truth is what was read.
"""

import argparse
import contextlib
import functools
import itertools
import json
import math
import multiprocessing
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pypdfium2
from paper_simulator import KINDS, Chance, Kind
from PIL import Image
from scanner import what_pages_say

from yiyu.docgen.page_code import PageCode, decode
from yiyu.docgen.scans.page import Blankness, PageReading
from yiyu.docgen.scans.pictures import opened
from yiyu.docgen.scans.sheet import read_sheet
from yiyu.registry.errors import FileFault

TRUTH = "truth.json"


@dataclass
class Found:
    kind: str
    pages: int = 0
    placed: int = 0
    wrong: int = 0
    blank: int = 0
    doubtful: int = 0
    failed: int = 0
    processor_seconds: float = 0.0


def batches(kind: Kind, count: int, total: int, chance: Chance) -> Iterator[list[int]]:
    """Pages of the printed file for each sheet."""
    order = itertools.cycle(chance.sample(range(total), total))
    for _ in range(0, count, kind.pages):
        yield list(itertools.islice(order, kind.pages))


def try_kind(job: tuple[str, Path, int, int, Path | None]) -> Found:
    """Make and read ``count`` pages of a kind; where they are kept, those that were made before are read again."""
    name, printed, count, seed, keep = job
    Image.MAX_IMAGE_PIXELS = None
    found = Found(name)
    with contextlib.ExitStack() as stack:
        folder = keep / name / str(seed) if keep else Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if not (folder / TRUTH).is_file():
            folder.mkdir(parents=True, exist_ok=True)
            make(name, printed, count, seed, folder)
        truth = json.loads((folder / TRUTH).read_text())
        for sheet, wanted in truth.items():
            before = time.process_time()
            readings = read(folder / sheet)
            found.processor_seconds += time.process_time() - before
            judge(found, KINDS[name], [PageCode(*one) for one in wanted], readings)
    return found


def make(name: str, printed: Path, count: int, seed: int, folder: Path) -> None:
    """Write the sheets of a kind, and at last what their pages are."""
    kind, chance = KINDS[name], random.Random(f"{name}{seed}")  # noqa: S311 - conditions, not secrets
    codes = what_pages_say(printed)
    upright = [at for at, (width, height) in enumerate(sizes(printed)) if width < height or kind.pages == 1]
    truth: dict[str, list[list[str | int]]] = {}
    for at, chosen in enumerate(batches(kind, count, len(upright), chance)):
        numbers = [upright[one] for one in chosen]
        pages = [drawn(printed, one, kind.dpi) for one in numbers]
        path = kind.make(pages, chance, folder / f"{at:04}")
        truth[path.name] = [[codes[one].document_id, codes[one].page, codes[one].pages] for one in numbers]
    (folder / TRUTH).write_text(json.dumps(truth))


@functools.lru_cache(maxsize=500)
def drawn(printed: Path, number: int, dpi: int) -> Image.Image:
    """A page as it left the printer; the makers copy what they change."""
    with contextlib.closing(pypdfium2.PdfDocument(printed)) as document:
        picture: Image.Image = document[number].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    return picture


def read(path: Path) -> list[PageReading] | FileFault:
    """As the reading process does, which a process of a pool may not start."""
    try:
        with opened(path) as scan:
            return [one for number in range(1, scan.pages + 1) for one in read_sheet(number, scan.page(number))]
    except FileFault as fault:
        return fault


def sizes(printed: Path) -> list[tuple[float, float]]:
    document = pypdfium2.PdfDocument(printed)
    return [page.get_size() for page in document]


def judge(found: Found, kind: Kind, truth: list[PageCode], readings: list[PageReading] | FileFault) -> None:
    found.pages += len(truth)
    if isinstance(readings, FileFault):
        found.failed += len(truth)
        return
    seen = Counter(replace(decode(text), copy="") for one in readings if len(one.codes) == 1 for text in one.codes)
    right = sum((seen & Counter(truth if kind.coded else [])).values())
    found.placed += right
    found.wrong += sum(seen.values()) - right
    found.blank += sum(one.blankness is Blankness.BLANK and not one.codes for one in readings)
    found.doubtful += sum(one.blankness is not Blankness.BLANK and len(one.codes) != 1 for one in readings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("printed", type=Path, help="what `yiyu print` made")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--kind", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="a folder for the pages made; those in it are read, not made again")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    part = max(20, min(100, options.pages))
    jobs = [
        (name, options.printed, part, options.seed + at, options.keep)
        for at in range(math.ceil(options.pages / part))
        for name in options.kind
    ]
    total: dict[str, Found] = {name: Found(name) for name in options.kind}
    with multiprocessing.get_context("spawn").Pool(options.jobs) as pool:
        for one in pool.imap_unordered(try_kind, jobs):
            whole = total[one.kind]
            for key, value in asdict(one).items():
                if key != "kind":
                    setattr(whole, key, getattr(whole, key) + value)
            print(json.dumps(asdict(whole)), flush=True)
    for one in total.values():
        print(
            f"| {one.kind} | {one.pages} | {one.placed} | {one.wrong} | {one.blank} | {one.doubtful} | {one.failed} |"
        )
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in total.values()], indent=2))


if __name__ == "__main__":
    main()
