"""The claim of design.md#page-codes: printed pages come home, however they were scanned."""

import itertools
import random
from collections.abc import Callable
from pathlib import Path

import img2pdf
import pytest
from PIL import Image

from yiyu.docgen.scans.page import Blankness
from yiyu.docgen.scans.reading import read_files

KINDS = [(serial, wide) for serial in range(1, 7) for wide in (False, True)]
PAGES = 4


@pytest.mark.parametrize(("dpi", "count", "share"), [(150, 36, 0.97), (200, 48, 0.995), (300, 8, 0.995)])
def test_pages_askew_turned_noisy_and_compressed_are_recognised_and_never_taken_for_others(
    tmp_path: Path,
    printed: Callable[..., list[str]],
    scanned: Callable[..., Image.Image],
    jpeg: Callable[..., bytes],
    dpi: int,
    count: int,
    share: float,
) -> None:
    chance = random.Random(dpi)  # noqa: S311 - a fixed choice of conditions
    sources = {}
    for serial, wide in KINDS:
        path = tmp_path / f"{serial}{wide}.pdf"
        sources[path] = printed(path, PAGES, serial=serial * 10 + wide, wide=wide)
    truth: list[tuple[str, int]] = []
    pages: list[bytes] = []
    for path, page in itertools.islice(itertools.cycle(itertools.product(sources, range(PAGES))), count):
        turn, colour = chance.choice((0, 0, 90, 180, 270)), chance.random() < 0.2
        picture = scanned(
            path, page, dpi=dpi, skew=chance.uniform(-4, 4), turn=turn, noise=chance.choice((5, 15, 30)), colour=colour
        )
        pages.append(jpeg(picture, chance.randint(30, 75), dpi=(dpi, dpi)))
        truth.append((sources[path][page], -turn % 360))
    order = list(range(count))
    chance.shuffle(order)
    files = {}
    for at in range(0, count, 10):
        path = tmp_path / f"scan{at}.pdf"
        path.write_bytes(img2pdf.convert([pages[one] for one in order[at : at + 10]]))
        files[path] = order[at : at + 10]
    found = []
    for path, readings in read_files(files):
        assert not isinstance(readings, Exception), readings
        for one, reading in zip(files[path], readings, strict=True):
            code, turn = truth[one]
            assert set(reading.codes) <= {code}, "a wrong page"
            assert reading.blankness is Blankness.WRITTEN
            found.append(reading.codes == (code,) and reading.turn == turn)
    assert sum(found) >= share * count
