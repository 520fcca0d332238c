"""Claims about an intake that is killed: run again it ends as one never broken off, with nothing doubled."""

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import img2pdf
import pypdfium2
import pytest
from click.testing import Result

from yiyu.registry.files import TEMPORARY_SUFFIX
from yiyu.registry.store.opening import open_registry

Run = Callable[..., Result]
Outcome = tuple[dict[str, bytes], list[list[tuple[object, ...]]]]
STRACE = shutil.which("strace")
TIMES = ("received_at", "placed_at", "made_at", "recorded_at", "previous_hash", "hash")


@pytest.fixture(scope="module")
def batch(season: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An agreement that all have sealed, in two files: its first three pages, and the rest."""
    folder = tmp_path_factory.mktemp("batch")
    command = [sys.executable, "-m", "yiyu.cli", "--workspace", str(season)]
    number = "150602-2025-JC-0001"
    subprocess.run([*command, "print", number, "--kind", "agreement", "-o", folder / "打印.pdf"], check=True)
    pages = []
    with (folder / "打印.pdf").open("rb") as stream:
        for page in pypdfium2.PdfDocument(stream):
            made = io.BytesIO()
            page.render(scale=100 / 72, grayscale=True).to_pil().save(made, "JPEG", dpi=(100, 100))
            pages.append(made.getvalue())
    scans = folder / "扫描"
    scans.mkdir()
    (scans / "一.pdf").write_bytes(img2pdf.convert(pages[:3]))
    (scans / "二.pdf").write_bytes(img2pdf.convert(pages[3:]))
    return scans


def outcome(office: Path) -> Outcome:
    """All files of the archive, and all rows but for the time of day and what is chained to it."""
    folder = office / "archive"
    files = {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    rows = []
    with open_registry(office / "registry.db") as db:
        for table in ("incoming", "scans", "bound_scans", "events"):
            columns = ", ".join(one for one in db[table].columns_dict if one not in TIMES)
            rows.append([tuple(row) for row in db.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2")])  # noqa: S608
    return {name: data for name, data in files.items() if not name.endswith(TEMPORARY_SUFFIX)}, rows


def command(office: Path, batch: Path) -> list[str]:
    return [sys.executable, "-m", "yiyu.cli", "--workspace", str(office), "archive", "intake", str(batch)]


@pytest.fixture(scope="module")
def never_killed(season: Path, batch: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    office = Path(shutil.copytree(season, tmp_path_factory.mktemp("whole") / "office"))
    subprocess.run(command(office, batch), check=True, capture_output=True)
    return outcome(office)


@pytest.mark.skipif(STRACE is None, reason="strace kills at an exact call")
@pytest.mark.parametrize(("call", "when"), [("fdatasync", 3), ("rename", 2), ("fsync", 6), ("fdatasync", 12)])
def test_an_intake_killed_anywhere_is_completed_by_the_next(
    office: Path, batch: Path, run: Run, tmp_path: Path, never_killed: Outcome, call: str, when: int
) -> None:
    killing = [str(STRACE), "-qq", "-o", str(tmp_path / "trace"), "-e", f"inject={call}:signal=KILL:when={when}"]
    killed = subprocess.run([*killing, *command(office, batch)], check=False, capture_output=True)
    assert killed.returncode in (-9, 137)
    assert outcome(office) != never_killed
    for _ in ("completed", "nothing doubled"):
        subprocess.run(command(office, batch), check=True, capture_output=True)
        assert outcome(office) == never_killed
    for leftover in (office / "archive").rglob(f".*{TEMPORARY_SUFFIX}"):
        leftover.unlink()  # as `check` tells the person to
    run("check")
