"""The manager's lists over a large office, as whole commands: 100,000 agreements with 600,000 events.

``--expiring 90``, ``--unsigned`` and ``--as-of`` in turn, median seconds and peak memory beside ``python -c pass``.
"""

import argparse
import datetime as dt
import json
import multiprocessing
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from yiyu.registry.model import Institution, Kind
from yiyu.registry.office.workspaces import make_workspace
from yiyu.registry.rules.chain import link
from yiyu.registry.store.institution_changes import add_institution
from yiyu.registry.store.opening import changing, open_registry

NOW = "2026-11-22T09:00:00+08:00"
TODAY = dt.date(2026, 11, 22)


def office(folder: Path, count: int) -> None:
    """Terms of a year that begin over the last three years; one in twenty unsigned, the rest signed and sealed."""
    make_workspace(folder, pack="ordos", region="150600")
    with open_registry(folder / "registry.db") as db, changing(db):
        medical = Institution(
            Kind.MEDICAL, "东胜区妇幼保健院", "121506021141432612", category="妇幼保健院", district="150602"
        )
        childcare = Institution(Kind.CHILDCARE, "东胜区甲托育中心", "521506027795605297", district="150602", filed=True)
        ids = [add_institution(db, one, recorded_at=NOW, source="bench") for one in (medical, childcare)]
        facts = [msgspec.json.encode(one).decode() for one in (medical, childcare)]
        previous, key = "", 0
        events = []
        for number in range(1, count + 1):
            starts = TODAY - dt.timedelta(days=(number * 37) % 1095)
            ends = starts + dt.timedelta(days=364)
            row = (
                number,
                f"150602-{starts.year}-FY-{number:06}",
                "s",
                number,
                "FY",
                "ordos",
                "150602",
                str(starts),
                str(ends),
            )
            db.execute(
                "INSERT INTO agreements (id, number, series, serial, variant, pack, district, starts_on, ends_on, months,"
                " mode, renewal, notice_days, copies) VALUES (?,?,?,?,?,?,?,?,?,12,'visit','negotiate',30,4)",
                row,
            )
            for role, one, snapshot in zip("甲乙", ids, facts, strict=True):
                db.execute("INSERT INTO parties VALUES (?,?,?,?)", [number, role, one, snapshot])
            steps = [("drafted", ""), ("issued", "")]
            steps += [] if number % 20 == 0 else [(k, p) for k in ("signed", "sealed") for p in "甲乙"]
            for kind, party in steps:
                key += 1
                facts_of = {
                    "agreement_id": number, "kind": kind, "party": party, "on_date": str(starts), "recorded_at": NOW,
                    "actor": "王某某", "note": "", "corrects": None, "data": "{}",
                }  # fmt: skip
                here = link(previous, facts_of)
                events.append((key, *facts_of.values(), previous, here))
                previous = here
        db.conn.executemany(f"INSERT INTO events VALUES ({','.join('?' * 12)}, NULL, NULL)", events)  # noqa: S608 - placeholders


def one_run(command: list[str]) -> tuple[float, float]:
    """Wall seconds and peak megabytes of a whole process."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agreements", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base) / "office"
        # In a process of its own: a child's peak counts what its parent held when it was forked.
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            pool.apply(office, (folder, options.agreements))
        yiyu = [sys.executable, "-m", "yiyu.cli", "--workspace", str(folder), "agreement", "list"]
        cases = {
            "python -c pass": [sys.executable, "-c", "pass"],
            "list --expiring 90": [*yiyu, "--expiring", "90"],
            "list --expiring 7": [*yiyu, "--expiring", "7"],
            "list --unsigned": [*yiyu, "--unsigned"],
            "list --as-of, --expiring 90": [*yiyu, "--as-of", "2025-06-30", "--expiring", "90"],
        }
        rounds: dict[str, list[float]] = {name: [] for name in cases}
        peak = 0.0
        for _ in range(options.rounds):
            for name, command in cases.items():
                seconds, peak = one_run(command)
                rounds[name].append(seconds)
    print(f"{options.agreements} agreements, median of {options.rounds} interleaved rounds; peak of all {peak:.0f} MB")
    for name, seconds in rounds.items():
        print(f"  {name:30} {statistics.median(seconds):7.3f} s")
    if options.json:
        report = {"seconds": {n: statistics.median(s) for n, s in rounds.items()}, "peak_mb": peak}
        options.json.write_text(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
