"""The claim of the archive: forty agreements are printed, badly scanned and shuffled, and every page comes home."""

import importlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def benchmark() -> Iterator[ModuleType]:
    """Which does the same for every page at every resolution."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        yield importlib.import_module("archive_intake")


# Scanning all 320 pages takes minutes: some whole agreements at each resolution, others each time.
SHARES = {150: (range(16), 0.97), 200: (range(32, 64), 0.995), 300: (range(96, 104), 0.995)}


def test_of_badly_scanned_paper_every_page_is_placed_none_wrongly_and_what_is_lost_is_named(
    season: Path, tmp_path: Path, benchmark: ModuleType
) -> None:
    printed = tmp_path / "打印.pdf"
    done = benchmark.yiyu(season, "print", *benchmark.numbers(season)[:40], "--kind", "agreement", "-o", printed)
    assert done.returncode == 0, done.stderr
    for dpi, (pages, share) in SHARES.items():
        office = Path(shutil.copytree(season, tmp_path / f"office{dpi}"))
        batch = benchmark.scans(printed, pages, dpi, tmp_path / str(dpi), jobs=1)
        assert min(len(batch.lost), len(batch.doubled), sum(one is None for one in batch.truth.values())) > 0
        found = benchmark.take_in(office, batch, dpi)
        assert (found.wrong, found.wrongly_turned) == (0, 0)
        assert found.placed >= share * found.ours
        assert (found.lost_named, found.doubled_named) == (found.lost, found.doubled)
