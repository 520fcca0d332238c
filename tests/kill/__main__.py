"""``make kill``: every command killed at every point there is; prints how many, and what went wrong at which.

PYTHONPATH=tests python -P -m kill [--jobs N] [--points N] [COMMAND…]
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from kill.offices import ALL, prepared
from kill.points import Bench, Point, spread
from kill.tracing import Desk

MEMORY = Path("/dev/shm")  # noqa: S108 - a kill does not touch what the disk holds; waiting for it would
FIRST = 20


def kill_share(name: str, share: int, shares: int, most: int) -> tuple[Counter[tuple[str, str]], list[str]]:
    """Every ``shares``-th point of a command; points by command and call, and violations."""
    done: Counter[tuple[str, str]] = Counter()
    faults: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="yiyu-kill-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
    try:
        with Desk(folder / "desk") as desk:
            bench = Bench(desk, name, folder, prepared(desk, name, folder / "pristine"))
            points: list[Point] = spread(bench.points, most) if most else bench.points
            for point in points[share::shares]:
                done[name, point.call] += 1
                faults += bench.kill(point)
    finally:
        shutil.rmtree(folder)
    return done, faults


def main() -> int:
    asked = argparse.ArgumentParser(prog="kill")
    asked.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--points", type=int, default=0, help="at most so many of each command")
    asked.add_argument("commands", nargs="*", default=list(ALL))
    given = asked.parse_args()
    started = time.monotonic()
    done: Counter[tuple[str, str]] = Counter()
    faults: list[str] = []
    with ProcessPoolExecutor(given.jobs) as pool:
        for name in given.commands:
            shares = [pool.submit(kill_share, name, share, given.jobs, given.points) for share in range(given.jobs)]
            for share in shares:
                points, found = share.result()
                done += points
                faults += found
            calls = {call: count for (command, call), count in done.items() if command == name}
            told = " ".join(f"{call}:{count}" for call, count in sorted(calls.items()))
            wrong = sum(fault.startswith(f"{name} ") for fault in faults)
            sys.stdout.write(f"{name:18}{sum(calls.values()):6} points, {wrong} violations   {told}\n")
            sys.stdout.flush()
    seconds = time.monotonic() - started
    sys.stdout.write(f"{'all':18}{done.total():6} points, {len(faults)} violations, {seconds:.0f} s\n")
    sys.stdout.writelines(f"  {fault}\n" for fault in faults[:FIRST])
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
