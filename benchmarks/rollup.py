"""The figures of a region over its offices: 9, 100 and 2,800 of them, on one machine and on a cluster.

A made-up nation: 2,800 offices of about 36 institutions, 357 agreements and 1,786 activities, in all 100,000, 1,000,000 and
5,000,000. So many different offices as ``--distinct`` says are made, handed up and received as an office would; the others
are copies of their read models under codes of their own, for counting one costs the same. Each measurement is a process
of its own: seconds by the clock and of processor time, and the peak of its memory. ``--folder`` keeps the nation.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
from large_office import NOW, TODAY, office

from yiyu.docgen.reports.board import board_of
from yiyu.registry.config import Workspace, load_workspace
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.offices.below import with_offices_below
from yiyu.registry.offices.exporting import hand_up
from yiyu.registry.offices.importing import receive
from yiyu.registry.offices.keys import office_key
from yiyu.registry.offices.models import model_folder
from yiyu.registry.packs.places import shipped_table
from yiyu.registry.reports.reporting import report_rates
from yiyu.registry.rules.places import Places
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.office_packages import add_package, held_packages
from yiyu.registry.store.opening import changing, open_registry

SIZES = (36, 357, 1786)
"""Institutions, agreements and activities of a middling office; some are half as large, some half as large again."""


def codes() -> list[str]:
    """Codes of counties, over the whole country."""
    places = Places(shipped_table, "150600")
    return sorted(code for code in places.names if not code.endswith("00"))


@contextlib.contextmanager
def session(folder: Path) -> Iterator[OfficeSession]:
    workspace = load_workspace(folder)
    with open_registry(workspace.registry_path) as db:
        yield with_offices_below(OfficeSession(workspace, db, TODAY, NOW, "王某某"))


def nation(folder: Path, count: int, distinct: int) -> None:
    """A region above ``count`` offices; the first ``distinct`` came as packages."""
    regions = codes()[:count]
    folder.mkdir(parents=True)
    keys, packages = {}, []
    took: dict[str, list[float]] = {"export": [], "import": []}
    for at, region in enumerate(regions[:distinct]):
        own, scale = folder / "below" / region, (0.5, 1, 1, 1, 1.5)[at % 5]
        own.parent.mkdir(exist_ok=True)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            pool.apply(office, (own, *(round(size * scale) for size in SIZES)))
        settings = own / "yiyu.toml"
        settings.write_text(settings.read_text("utf-8").replace('region = "150600"', f'region = "{region}"'), "utf-8")
        began = time.process_time()
        with session(own) as one:
            packages.append(own / "package.yiyu")
            hand_up(one, packages[-1])
            keys[region] = office_key(one).public
        took["export"].append(time.process_time() - began)
    make_workspace(folder / "region", pack="national", region="150000")
    with (folder / "region" / "yiyu.toml").open("a", encoding="utf-8") as file:
        for at, region in enumerate(regions):
            file.write(f'\n[offices.{region}]\nname = "{region}"\nkey = "{keys[regions[at % distinct]]}"\n')
    with session(folder / "region") as above:
        for path in packages:
            began = time.process_time()
            receive(above, [path])
            took["import"].append(time.process_time() - began)
        _copied(above, regions, distinct)
    shutil.rmtree(folder / "below")
    medians = {name: round(statistics.median(found), 2) for name, found in took.items()}
    print(f"  one office, seconds of processor time: {medians}")


def _copied(above: OfficeSession, regions: list[str], distinct: int) -> None:
    held = held_packages(above.db)
    with changing(above.db):
        for at, region in enumerate(regions[distinct:], start=distinct):
            like = held[regions[at % distinct]]
            source = model_folder(above.workspace, like.region, like.sha256)
            target = model_folder(above.workspace, region, like.sha256)
            shutil.copytree(source, target)
            told = json.loads((target / "settings.json").read_bytes()) | {"region": region}
            (target / "settings.json").write_bytes(msgspec.json.encode(told))
            add_package(above.db, replace(like, region=region, id=0))


def limited(workspace: Workspace, count: int) -> Workspace:
    """The region as if it had only the first so many offices."""
    chosen = dict(sorted(workspace.config.offices.items())[:count])
    return Workspace(workspace.root, msgspec.structs.replace(workspace.config, offices=chosen))


def measure(folder: Path, count: int, case: str) -> dict[str, float]:
    workspace = limited(load_workspace(folder / "region"), count)
    with open_registry(workspace.registry_path) as db:
        above = with_offices_below(OfficeSession(workspace, db, TODAY, NOW, "王某某"))
        start, worked = time.perf_counter(), time.process_time()
        match case:
            case "rates":
                rows = len(report_rates(above)[0])
            case "total only":
                rows = len(report_rates(above, by="district")[0])
            case _:
                rows = sum(len(one.rows) for one in board_of(above).units)
        seconds, cpu = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "cpu": cpu, "rows": rows, "mb": peak}


def on_cluster(folder: Path, count: int, workers: int) -> float:
    """Seconds of ``report rates --cluster`` over the offices, with so many workers on this machine."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from cluster_machines import machines

    with tempfile.TemporaryDirectory() as base, machines(Path(base) / "machines") as farm:
        for at in range(workers):
            farm.worker(f"甲{at}")
        farm.joined(workers)
        command = [sys.executable, sys.argv[0], "--folder", str(folder), "--offices", str(count), "--on", farm.address]
        return float(subprocess.run(command, check=True, capture_output=True).stdout)


def counted_on(folder: Path, count: int, address: str) -> float:
    from yiyu.docgen.cluster.address import cluster_address
    from yiyu.docgen.cluster.dispatch import connect
    from yiyu.docgen.cluster.identity import Duty
    from yiyu.docgen.reports.cluster_counting import ClusterOffices
    from yiyu.registry.offices.below import HeldOffices

    workspace = limited(load_workspace(folder / "region"), count)
    with open_registry(workspace.registry_path) as db:
        above = with_offices_below(OfficeSession(workspace, db, TODAY, NOW, "王某某"))
        start = time.perf_counter()
        assert isinstance(above.below, HeldOffices)  # noqa: S101 - narrows the type
        with connect(cluster_address(address), None, Duty.COUNT, lambda text: print(text, file=sys.stderr)) as found:
            rows = report_rates(replace(above, below=ClusterOffices(found, above.below)))[0]
        assert len(rows) == count + 1  # noqa: S101 - that nobody was left out
        return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", default="9,100,2800", help="numbers of offices, by comma")
    parser.add_argument("--distinct", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", default="1,2", help="workers of the cluster, by comma; none: without")
    parser.add_argument("--folder", type=Path, help="keep the nation here, and take it from here if it is there")
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--on", help=argparse.SUPPRESS)
    options = parser.parse_args()
    counts = [int(one) for one in options.offices.split(",")]
    if options.case:
        print(json.dumps(measure(options.folder, counts[0], options.case)))
        return
    if options.on:
        print(counted_on(options.folder, counts[0], options.on))
        return
    with tempfile.TemporaryDirectory() as base:
        folder = options.folder or Path(base) / "nation"
        if not folder.exists():
            nation(folder, max(counts), min(options.distinct, *counts))
        print(f"median of {options.rounds} rounds, {os.cpu_count()} processors")
        for count in counts:
            for case in ("rates", "total only", *(("board",) if count <= 100 else ())):
                rounds = 1 if count > 1000 else options.rounds
                command = [
                    sys.executable,
                    sys.argv[0],
                    "--folder",
                    str(folder),
                    "--offices",
                    str(count),
                    "--case",
                    case,
                ]
                found = [
                    json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(rounds)
                ]
                median = {name: statistics.median(one[name] for one in found) for name in found[0]}
                print(f"  {count:5} offices  {case:10} {median['seconds']:8.2f} s {median['cpu']:8.2f} s CPU"
                      f" {median['mb']:6.0f} MB {median['rows']:9.0f} rows")  # fmt: skip
            for workers in filter(None, options.workers.split(",")):
                seconds = on_cluster(folder, count, int(workers))
                print(f"  {count:5} offices  cluster of {workers:2} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
