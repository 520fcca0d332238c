"""Strokes and signatures on many pages, laid over the print by the two codes of each page and without reading any text.

``compare.py`` reads every page, which costs four seconds; here a page costs half a second, so that what is said of clean pages can be
counted by the hundred. Told besides: how far the place found by the codes lies from the one found after the pages were laid over
one another, which says whether codes alone would do.
"""

import argparse
import contextlib
import io
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import compare
import cv2
import numpy as np
import pypdfium2
import scanner
import strokes
import zxingcpp
from PIL import Image

from yiyu.docgen.pdf.printed_text import Box, PrintedPage, printed_pages
from yiyu.docgen.scans.ocr_text import pixels
from yiyu.docgen.scans.ocr_worker import upright
from yiyu.docgen.scans.page_fit import PageFit
from yiyu.docgen.scans.page_ink import ink_differences

Corners = dict[bool, list[tuple[float, float]]]
_ROOM = 4


def corners(picture: Image.Image) -> Corners:
    """The corners of the codes on an upright page, of the one above and the one below."""
    found: Corners = {}
    for one in zxingcpp.read_barcodes(picture.convert("L"), formats=zxingcpp.barcode_formats_from_str("QRCode")):
        at = one.position
        four = [(float(to.x), float(to.y)) for to in (at.top_left, at.top_right, at.bottom_right, at.bottom_left)]
        found[sum(y for _, y in four) / 4 < picture.height / 2] = four
    return found


def by_codes(printed: Corners, scanned: Corners) -> PageFit | None:
    both = [edge for edge in printed if edge in scanned]
    if len(both) < 2:
        return None
    points = [np.array([one for edge in both for one in of[edge]]) for of in (printed, scanned)]
    matrix, _ = cv2.estimateAffinePartial2D(*points, ransacReprojThreshold=8)
    return None if matrix is None else PageFit(matrix, cv2.invertAffineTransform(matrix), len(points[0]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=10)
    parser.add_argument("--dpi", type=int, nargs="*", default=[150, 200, 300])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        root = base / "office"
        subprocess.run([sys.executable, "-m", "yiyu.cli", "demo", root], check=True, capture_output=True)
        tallies = {dpi: compare.Tally() for dpi in options.dpi}
        for number, row in compare.documents(root, options.agreements):
            bare, coded = base / f"{number}.pdf", base / f"{number}-coded.pdf"
            compare.printed(root, number, row, bare)
            command = ["--workspace", root, "print", number, "--kind", "agreement", "-o", coded]
            words = [sys.executable, "-m", "yiyu.cli", *command]
            subprocess.run(list(map(str, words)), check=True, capture_output=True)
            for at, page in enumerate(printed_pages(bare)):
                for dpi, tally in tallies.items():
                    _page(tally, bare, coded, at, page, dpi, f"{dpi} {number} page {at + 1}")
            for dpi, tally in tallies.items():
                print(f"{dpi} dpi: {tally.told()}", flush=True)


def _page(tally: compare.Tally, bare: Path, coded: Path, at: int, page: PrintedPage, dpi: int, where: str) -> None:
    began, chance = time.process_time(), random.Random(where)  # noqa: S311 - conditions, not secrets
    made = strokes.marks(page, chance) if chance.random() < 0.4 else []
    data, turn = scanner.scan(scanner.Sheet(coded, at, chance.randrange(1 << 30), dpi, tuple(made)))
    picture = upright(Image.open(io.BytesIO(data)), -turn % 360)
    with contextlib.closing(pypdfium2.PdfDocument(coded)) as pdf:
        drawn = pdf[at].render(scale=_ROOM).to_pil()
    places = {edge: [(x / _ROOM, y / _ROOM) for x, y in four] for edge, four in corners(drawn).items()}
    lying = by_codes(places, corners(picture))
    if lying is None:
        tally.unfit += 1
        return
    said = ink_differences(pixels(picture), lying, page, bare, at + 1)
    tally.pages += 1
    tally.there.update(one.kind for one in made)
    tally.found.update(one.kind for one in made if any(_on(each.box, one) for each in said))
    for one in made:
        if not any(_on(each.box, one) for each in said):
            print(f"  missed {where}: {one.kind} {one.near} {one.wide / strokes.MM:.2f} mm", flush=True)
    alarms = [each for each in said if not any(_on(each.box, one) for one in made)]
    tally.alarms.update(Counter(each.kind for each in alarms))
    for each in alarms:
        print(f"  alarm {where}: {each.kind} {each.printed} {each.box}", flush=True)
    tally.seconds += time.process_time() - began


def _on(box: Box, mark: strokes.Mark) -> bool:
    """Whether a difference lies on the lines of a mark."""
    xs, ys = zip(*(point for line in mark.lines for point in line), strict=True)
    across = min(box.right, max(xs) + _ROOM) - max(box.left, min(xs) - _ROOM)
    return across > 0 and min(box.bottom, max(ys) + _ROOM) > max(box.top, min(ys) - _ROOM)


if __name__ == "__main__":
    main()
