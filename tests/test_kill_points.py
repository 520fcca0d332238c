"""Claims about a command that is killed: nothing is lost, whichever call of the system was its last.

A hundred and twenty points of those that ``make kill`` tries: see tests/kill and docs/robustness.md.
"""

import fcntl
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from kill.offices import OFFICES, by_file_and_document, prepared
from kill.points import Bench, Point, spread
from kill.tracing import Call, Desk, unsynced
from kill.witness import judge, judge_again, look

POINTS, GROUPS = 120, 2
MEMORY = Path("/dev/shm")  # noqa: S108 - a kill does not touch what the disk holds; waiting for it would
BenchOf = Callable[[str], Bench]

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace kills at an exact call")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all processes of this run."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="module")
def bench_of(shared: Path) -> Iterator[BenchOf]:
    """The bench of a command; its office is made once for all processes."""
    benches: dict[str, Bench] = {}
    folder = Path(tempfile.mkdtemp(prefix="yiyu-kill-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    with Desk(folder / "desk") as desk:

        def bench(name: str) -> Bench:
            if name not in benches:
                pristine = shared / "offices" / name
                pristine.parent.mkdir(exist_ok=True)
                with pristine.with_suffix(".lock").open("w") as lock:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                    if not pristine.exists():
                        prepared(desk, name, folder / "made")
                        shutil.move(folder / "made", pristine)
                benches[name] = Bench(desk, name, folder, pristine)
            return benches[name]

        yield bench
    shutil.rmtree(folder)


def chosen(bench: Bench) -> list[Point]:
    return spread(bench.points, POINTS // len(OFFICES))


@pytest.mark.parametrize("group", range(GROUPS))
@pytest.mark.parametrize("name", OFFICES)
def test_nothing_is_lost_wherever_a_command_is_killed(bench_of: BenchOf, name: str, group: int) -> None:
    bench = bench_of(name)
    points = chosen(bench)
    assert len(points) == POINTS // len(OFFICES)
    assert {point.call for point in points} == {point.call for point in bench.points}
    assert [fault for point in points[group::GROUPS] for fault in bench.kill(point)] == []


@pytest.mark.parametrize(
    "name", ["init", "import", "generate", "intake", "volume", "backup", "backup-with-files", "migrate"]
)
def test_every_final_name_comes_after_the_sync_of_its_file_and_before_that_of_its_folder(
    bench_of: BenchOf, name: str
) -> None:
    bench = bench_of(name)
    assert any(call.name == "rename" and call.paths[-1].startswith(f"{bench.place}/") for call in bench.calls)
    assert unsynced(bench.calls, bench.place) == []


@pytest.mark.parametrize("name", OFFICES)
def test_only_the_command_itself_writes_into_the_office(bench_of: BenchOf, name: str) -> None:
    """Points are those of its own process; one that a helper process wrote would be missed."""
    assert bench_of(name).by_others == []


SYNCED = ("write /a/.x.part", "fsync /a/.x.part", "rename /a/.x.part /a/x", "fsync /a")


@pytest.mark.parametrize("order", [(0, 2, 3), (1, 0, 2, 3), (0, 1, 2), (0, 1, 3, 2)])
def test_a_name_given_out_of_order_is_seen(order: tuple[int, ...]) -> None:
    def calls(numbers: tuple[int, ...]) -> list[Call]:
        words = [SYNCED[at].split() for at in numbers]
        return [Call(1, name, nth, tuple(paths)) for nth, (name, *paths) in enumerate(words, start=1)]

    assert unsynced(calls((0, 1, 2, 3)), Path("/a")) == []
    assert unsynced(calls(order), Path("/a")) == ["/a/x"]


# The witness itself: what it is there to see, planted.


def registry(place: Path, *statements: str) -> None:
    with closing(sqlite3.connect(place / "office" / "registry.db")) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def a_document(place: Path) -> Path:
    return next((place / "office" / "output").rglob("*.docx"))


def another(place: Path) -> None:
    with zipfile.ZipFile(place / "office" / "output" / "多.docx", "w") as pack:
        pack.writestr("a", "b")


PLANTED: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a row that is gone": ("2", lambda place: registry(place, "DELETE FROM documents WHERE id = 1")),
    "a row too many": ("2", lambda place: registry(place, "UPDATE institutions SET address = '甲路' WHERE id = 1")),
    "half of a file": ("3", lambda place: shorten(a_document(place))),
    "a file that is gone": ("3", lambda place: a_document(place).unlink()),
    "a file of nobody": ("3", another),
    "an original that changed": ("3", lambda place: (place / "扫描" / "一.pdf").write_bytes(b"%PDF-1.4")),
    "a chain that was cut": (
        "1",
        lambda place: registry(place, "DROP TRIGGER events_no_update", "UPDATE events SET note = '改' WHERE id = 2"),
    ),
    "a reference to nothing": (
        "1",
        lambda place: registry(place, "UPDATE documents SET agreement_id = 99 WHERE id = 1"),
    ),
    "half an intake": (
        "2",
        lambda place: registry(
            place,
            "INSERT INTO incoming (id, sha256, path, pages, size, received_at, actor)"
            " SELECT 9, sha256, path, 3, size, made_at, '王某某' FROM documents WHERE id = 1",
        ),
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_the_witness_sees(bench_of: BenchOf, tmp_path: Path, planted: str) -> None:
    bench_of("intake")
    place = Path(shutil.copytree(bench_of("intake")._pristine, tmp_path / "place"))
    point, plant = PLANTED[planted]
    before = look(place, by_file_and_document)
    assert judge(before, before, before) == judge_again(before, before) == []
    plant(place)
    now = look(place, by_file_and_document)
    assert any(fault.startswith(f"{point}:") for fault in judge(now, before, before))
    assert judge_again(now, before)


def test_the_witness_sees_what_is_left_lying_about(bench_of: BenchOf, tmp_path: Path) -> None:
    place = Path(shutil.copytree(bench_of("backup")._pristine, tmp_path / "place"))
    before = look(place)
    (place / "office" / "output" / ".a.part").write_bytes(b"")
    (place / "office" / "registry-20260101-000000.json").write_text(json.dumps({"sha256": ""}))
    assert judge(look(place), before, before) == []
    assert len([fault for fault in judge_again(look(place), before) if fault.startswith("6:")]) == 2
