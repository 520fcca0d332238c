"""Sign pages signed and sealed by chance, scanned, and held against their print: are filled places told from empty ones?

The last page of an agreement that is printed from the demonstration. Each party signs (black or blue) and seals (red, faint or
strong, askew, over the text) or does not; the page goes through a scanner in colour or grey. Reads with extra ``ocr``.
"""

import argparse
import contextlib
import math
import random
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageChops, ImageDraw

from yiyu.docgen.pdf.printed_text import Box, printed_pages
from yiyu.docgen.scans.ocr_reading import TextProcess
from yiyu.docgen.scans.signing_places import SigningPlace, signing_places

NUMBER = "150602-2025-JC-0001"


def printed(folder: Path) -> Path:
    """The agreement of the demonstration as it is printed."""
    office, out = folder / "office", folder / "print.pdf"
    for command in (["demo", office], ["print", NUMBER, "--kind", "agreement", "-o", out]):
        words = [sys.executable, "-m", "yiyu.cli", "--workspace", office, *command]
        subprocess.run(list(map(str, words)), check=True, capture_output=True)
    return out


def sign(picture: Image.Image, box: Box, unit: float, chance: random.Random) -> None:
    """Three characters of some strokes each, with a pen of half a millimetre."""
    draw = ImageDraw.Draw(picture)
    colour = chance.choice(["#202020", "#203080", "#4050b0"])
    high = chance.uniform(14, 24)
    left = chance.uniform(box.left + 40, max(box.left + 41, box.right - 3.2 * high))
    top = chance.uniform(box.top + 4, max(box.top + 5, box.bottom - high - 2))
    for sign_at in range(3):
        for _ in range(chance.randint(4, 7)):
            points = [
                (
                    (left + sign_at * high + chance.uniform(0, 0.9) * high) * unit,
                    (top + chance.uniform(0, 1) * high) * unit,
                )
                for _ in range(3)
            ]
            draw.line(points, fill=colour, width=max(1, round(1.3 * unit)), joint="curve")


def seal(picture: Image.Image, box: Box, unit: float, chance: random.Random) -> Image.Image:
    """A ring of 38 to 42 mm with a star and strokes for its characters, over what is printed, as ink multiplies."""
    radius = chance.uniform(19, 21) * 72 / 25.4
    x = chance.uniform(box.left + radius, max(box.left + radius + 1, box.left + 190 - radius))
    y = chance.uniform(box.top + radius + 20, max(box.top + radius + 21, box.bottom - radius - 10))
    layer = Image.new("RGB", picture.size, "white")
    draw = ImageDraw.Draw(layer)
    red = chance.choice(["#d02020", "#e04040", "#e88080"])
    rim = [(x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit]
    draw.ellipse(rim, outline=red, width=round(3.4 * unit))
    tips = [(math.sin(at * math.tau / 5 * 2), -math.cos(at * math.tau / 5 * 2)) for at in range(5)]
    draw.polygon([((x + 14 * dx) * unit, (y + 14 * dy) * unit) for dx, dy in tips], fill=red)
    for at in range(14):
        angle = math.tau * (at / 18 - 0.36)
        cx, cy = x + 0.78 * radius * math.sin(angle), y - 0.78 * radius * math.cos(angle)
        for _ in range(4):
            line = [((cx + chance.uniform(-4, 4)) * unit, (cy + chance.uniform(-5, 5)) * unit) for _ in range(2)]
            draw.line(line, fill=red, width=round(1.2 * unit))
    return ImageChops.multiply(picture, layer)


def scanned(picture: Image.Image, chance: random.Random, path: Path, dpi: int) -> None:
    """Askew, toned, with grain, compressed."""
    askew = picture.rotate(chance.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=picture.getpixel((2, 2)))
    bands = (askew.height, askew.width) + ((3,) if askew.mode == "RGB" else ())
    grain = np.random.default_rng(chance.randrange(1 << 30)).normal(0, chance.choice([4, 10, 16]), bands)
    noisy = (np.asarray(askew) * 0.93 + grain).clip(0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(path, quality=chance.randint(40, 75), dpi=(dpi, dpi))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--dpi", type=int, nargs="*", default=[150, 200, 300])
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as base, TextProcess() as process:
        pdf = printed(Path(base))
        pages = printed_pages(pdf)
        number, places = next((at, found) for at, page in enumerate(pages, 1) if (found := signing_places(page)))
        for dpi in options.dpi:
            told: Counter[tuple[str, str, bool, str]] = Counter()
            for at in range(options.pages):
                chance = random.Random(options.seed * 1000 + dpi + at)  # noqa: S311 - conditions, not secrets
                _one(process, pdf, number, places, dpi, chance, Path(base) / "scan.jpg", told)
            for (mode, kind, there, said), count in sorted(told.items()):
                print(f"{dpi} dpi, {mode}, {kind} {'there' if there else 'absent'}: said {said}: {count}")


def _one(
    process: TextProcess,
    pdf: Path,
    number: int,
    places: list[SigningPlace],
    dpi: int,
    chance: random.Random,
    path: Path,
    told: Counter[tuple[str, str, bool, str]],
) -> None:
    with contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        picture = document[number - 1].render(scale=dpi / 72).to_pil().convert("RGB")
    truth = {}
    for place in places:
        signed, sealed = chance.random() < 0.5, chance.random() < 0.5
        truth[place.party] = signed, sealed
        if signed and place.signature:
            sign(picture, place.signature, dpi / 72, chance)
        if sealed:
            picture = seal(picture, place.seal, dpi / 72, chance)
    grey = chance.random() < 0.4
    scanned(picture.convert("L") if grey else picture, chance, path, dpi)
    compared = process.compare(path, 1, pdf, number)
    mode = "grey" if grey else "colour"
    for place in places:
        hints = [one for one in compared.signing if one.party == place.party] if compared else []
        signed, sealed = truth[place.party]
        told[mode, "signature", signed, str(hints[0].signature) if hints else "nothing"] += 1
        told[mode, "seal", sealed, str(hints[0].seal) if hints else "nothing"] += 1


if __name__ == "__main__":
    main()
