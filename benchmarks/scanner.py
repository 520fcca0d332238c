"""A scanner, its glass and its operator: printed pages askew, turned, noisy and compressed, in files of every kind.

Some pages are lost, some scanned twice, some are not ours; :class:`Batch` says which, for what is read off them is held
against it.
"""

import contextlib
import functools
import io
import itertools
import multiprocessing
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import img2pdf
import numpy as np
import pypdfium2
import segno
import strokes
from PIL import Image, ImageChops, ImageDraw

from yiyu.docgen.page_code import PageCode, document_id, encode
from yiyu.registry.model import DOC_KIND_LABEL

LOST, DOUBLED, FOREIGN, BLANK = 0.05, 0.03, 0.03, 0.02
TURNS = (0, 0, 90, 180, 270)
_TURNED = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
_PAPER = (252, 250, 244)


@dataclass(frozen=True)
class Sheet:
    """What lies on the glass: a page of ``printed``, or where ``page`` is below 0 a paper that is none of ours.

    ``marks``: what a hand did to it.
    """

    printed: Path
    page: int
    seed: int
    dpi: int
    marks: tuple[strokes.Mark, ...] = ()


@dataclass
class Batch:
    """A folder of scans and what is in it: file name and page to what the page is, None for what is none of ours."""

    folder: Path
    truth: dict[tuple[str, int], PageCode | None] = field(default_factory=dict)
    turns: dict[tuple[str, int], int] = field(default_factory=dict)
    lost: list[PageCode] = field(default_factory=list)
    doubled: list[PageCode] = field(default_factory=list)


@functools.cache
def _grain(level: int) -> Image.Image:
    rough = np.random.default_rng(level).normal(128, level, (1000, 1000))
    return Image.fromarray(np.tile(rough.clip(0, 255).astype(np.uint8), (4, 4)))


@functools.cache
def _opened(printed: Path) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(printed)


def scan(sheet: Sheet) -> tuple[bytes, int]:
    """The JPEG a scanner makes of it, and how far clockwise the paper lay turned."""
    chance = random.Random(sheet.seed)  # noqa: S311 - conditions, not secrets
    colour, turn = chance.random() < 0.25, chance.choice(TURNS)
    if sheet.page < 0:
        picture = _not_ours(sheet, chance).convert("RGB" if colour else "L")
    else:
        picture = _opened(sheet.printed)[sheet.page].render(scale=sheet.dpi / 72, grayscale=not colour).to_pil()
        picture = strokes.draw(picture, sheet.marks, sheet.dpi / 72)
    paper = _PAPER if colour else 250
    picture = picture.rotate(chance.uniform(-4, 4), Image.Resampling.BILINEAR, fillcolor=paper)
    if turn:
        picture = picture.transpose(_TURNED[turn])
    left, top = chance.randrange(200), chance.randrange(200)
    grain = _grain(chance.choice((4, 10, 20, 30))).crop((left, top, left + picture.width, top + picture.height))
    toned = picture.point([round(level * 0.92) for level in range(256)] * len(picture.getbands()))
    noise = Image.merge("RGB", [grain] * 3) if colour else grain
    stream = io.BytesIO()
    ImageChops.add(toned, noise, 1, -128).save(
        stream, "JPEG", quality=chance.randint(30, 75), dpi=(sheet.dpi, sheet.dpi)
    )
    return stream.getvalue(), turn


def _not_ours(sheet: Sheet, chance: random.Random) -> Image.Image:
    """-1 an empty back, -2 a letter, -3 a letter with somebody's QR, -4 a page of another office's agreement."""
    unit = sheet.dpi / 25.4
    picture = Image.new("L", (round(210 * unit), round(297 * unit)), 255)
    draw = ImageDraw.Draw(picture)
    for line in range(30 if sheet.page < -1 else 0):
        for word in range(chance.randint(5, 12)):
            x, y = (28 + 12 * word) * unit, (60 + 7 * line) * unit
            draw.rectangle((x, y, x + 10 * unit, y + 3 * unit), fill=20)
    elsewhere = encode(document_id(f"150602-2031-JC-{sheet.seed % 9999:04}", "agreement", 1), 2, 5)
    text = {-3: f"https://weixin.qq.example/r/{sheet.seed}", -4: elsewhere}.get(sheet.page)
    if text:
        symbol = segno.make_qr(text, error="m")
        stream = io.BytesIO()
        symbol.save(stream, kind="png", scale=max(2, round(0.72 * unit)), border=4)
        picture.paste(Image.open(stream).convert("L"), (round(20 * unit), round(12 * unit)))
    return picture


def what_pages_say(printed: Path) -> list[PageCode]:
    """Which page each is by the line for the eye, whatever the copy: the truth that what is read off the symbols is held against."""
    kinds = {label: kind for kind, label in DOC_KIND_LABEL.items()}
    line = re.compile(rf"(\S+)\s+({'|'.join(kinds)})\s+第(\d+)页/共(\d+)页 v(\d+)\b")
    found = []
    with contextlib.closing(pypdfium2.PdfDocument(printed)) as pdf:
        for page in pdf:
            said = line.search(page.get_textpage().get_text_range())
            if said is None:
                raise ValueError("the line for the eye is not on the page")
            number, title, at, pages, version = said.groups()
            found.append(PageCode(document_id(number, kinds[title], int(version)), int(at), int(pages)))
    return found


def scans(printed: Path, pages: Sequence[int], dpi: int, folder: Path, *, jobs: int = 2, seed: int = 0) -> Batch:
    """Scan these pages of a print file into ``folder``: shuffled over files of every kind, some lost, some twice."""
    codes = what_pages_say(printed)
    chance = random.Random(dpi + seed)  # noqa: S311
    batch = Batch(folder)
    gone = set(chance.sample(pages, max(1, round(LOST * len(pages)))))
    here = [page for page in pages if page not in gone]
    twice = chance.sample(here, max(1, round(DOUBLED * len(pages))))
    batch.lost, batch.doubled = [codes[page] for page in sorted(gone)], [codes[page] for page in sorted(twice)]
    kinds = itertools.cycle((-2, -3, -4))
    others = [next(kinds) for _ in range(max(3, round(FOREIGN * len(pages))))]
    others += [-1] * max(1, round(BLANK * len(pages)))
    order = here + twice + others
    chance.shuffle(order)
    sheets = [Sheet(printed, page, chance.randrange(1 << 30), dpi) for page in order]
    with multiprocessing.get_context("spawn").Pool(jobs) if jobs > 1 else contextlib.nullcontext() as pool:
        made = pool.imap(scan, sheets, chunksize=4) if pool else map(scan, sheets)
        for name, group in _files(chance, zip(sheets, made, strict=True)):
            for number, (sheet, (_, turn)) in enumerate(group, start=1):
                batch.truth[name, number] = codes[sheet.page] if sheet.page >= 0 else None
                batch.turns[name, number] = -turn % 360
            _write(folder / name, [data for _, (data, _) in group])
    return batch


def _files(
    chance: random.Random, scanned: Iterable[tuple[Sheet, tuple[bytes, int]]]
) -> Iterator[tuple[str, list[tuple[Sheet, tuple[bytes, int]]]]]:
    rest = iter(scanned)
    for number in itertools.count(1):
        kind = chance.choice(("pdf", "pdf", "pdf", "tif", "jpg"))
        group = list(itertools.islice(rest, 1 if kind == "jpg" else chance.randint(3, 24)))
        if not group:
            return
        yield f"扫描{number:03}.{kind}", group


def _write(path: Path, pages: list[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".pdf":
        path.write_bytes(img2pdf.convert(pages))
    elif path.suffix == ".jpg":
        path.write_bytes(pages[0])
    else:
        # Every other one in black and white, as offices scan to save room.
        pictures = [Image.open(io.BytesIO(one)) for one in pages]
        bare = int(path.stem[-1]) % 2 == 1
        first, *rest = (
            [one.convert("L").point(lambda level: level > 150, "1") for one in pictures] if bare else pictures
        )
        options = {"dpi": pictures[0].info["dpi"], "compression": "group4" if bare else "jpeg"}
        first.save(path, save_all=True, append_images=rest, **options)
