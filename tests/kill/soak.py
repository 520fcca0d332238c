"""``make soak``: two clerks at one registry, killed at random; backups made, killed and restored; prints what was found.

    PYTHONPATH=tests python -P -m kill.soak [--seconds N] [--seed N]

Every quarter of a minute the clerks pause and the office is looked at: the six points of "nothing lost", every field
as its clerk said it last or, where that was killed, before; a backup restored elsewhere holds what the office holds.
"""

import argparse
import json
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from kill.clerks import OWN, SHARED, Clerk, doubled_papers, open_office, value_of
from kill.offices import within
from kill.tracing import KILLED, Desk
from kill.witness import Seen, look

CLERKS, ROUND = 2, 15.0
KILLS, LONGEST_LIFE = 0.4, 0.2
"""How many of the works are killed, and the longest a work to be killed may live, in seconds."""


class Soak:
    """The office, its clerks, and what has been counted so far."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.place = folder, folder / "place"
        self.place.mkdir(parents=True)
        open_office(self.place)
        self.seed, self.dice = seed, random.Random(seed)  # noqa: S311 - no secret
        self.count: Counter[str] = Counter()
        self.faults: list[str] = []
        # Blank until somebody says something: the first work may be killed before it does.
        self.allowed: dict[tuple[int, str], set[str]] = defaultdict(lambda: {""})
        self.open = threading.Event()
        self.over = threading.Event()
        self.busy = [threading.Lock() for _ in range(CLERKS)]

    def clerk(self, number: int) -> None:
        """Work until it is over; between two works there may be a pause."""
        dice = random.Random(self.seed + number)  # noqa: S311 - no secret
        me, serial = Clerk(self.place, number), 0
        with Desk(self.folder / f"desk{number}") as desk:
            while not self.over.is_set():
                self.open.wait()
                with self.busy[number]:
                    self._work(desk, me, serial, dice)
                serial += 1

    def _work(self, desk: Desk, me: Clerk, serial: int, dice: random.Random) -> None:
        kind, said, words = me.choose(serial)
        killed = dice.random() < KILLS
        code = desk.run_for(words, dice.uniform(0, LONGEST_LIFE) if killed else 300)
        self.count[f"{kind} {'killed' if code == KILLED else 'done'}"] += 1
        if said:
            values = self.allowed[me.number, said[0]]
            if code != KILLED:
                values.clear()
            values.add(said[1])
        if kind == "draft" and code == 0:
            me.drafted.append(json.loads((desk.folder / "out").read_text("utf-8"))["made"][0]["number"])
        if code not in (0, KILLED):
            # A roster cut short by the last kill is drafted for before it came in.
            self.faults += [] if (kind, code) == ("draft", 3) else [f"{kind}: exit code {code}: {desk.told()}"]

    def round(self, desk: Desk) -> None:
        """A backup while the clerks work, perhaps killed; then a pause in which everything is looked at."""
        words = within(self.place, "backup", *(["--with-files"] if self.dice.random() < 0.5 else []))
        if self.dice.random() < KILLS:
            code = desk.run_for(words, self.dice.uniform(0, LONGEST_LIFE))
            self.count[f"backup {'killed' if code == KILLED else 'done'}"] += 1
        self.open.clear()
        for busy in self.busy:
            busy.acquire()
        try:
            self._look(desk, words)
        finally:
            for busy in self.busy:
                busy.release()
            self.open.set()

    def _look(self, desk: Desk, words: list[object]) -> None:
        now = look(self.place)
        self.faults += now.faults
        self.faults += self._said_otherwise()
        self.count["looks"] += 1
        if code := desk.run([*words, "--json"]):
            self.faults.append(f"backup: exit code {code}: {desk.told()}")
            return
        self.count["backup done"] += 1
        backup = self.place / "office" / json.loads((desk.folder / "out").read_text("utf-8"))["path"]
        other = self.folder / "restored"
        if code := desk.run(["restore", backup, other / "office"]):
            self.faults.append(f"restore: exit code {code}: {desk.told()}")
        else:
            self.faults += _differ(look(other), now, files=backup.suffix == ".zip")
            self.count["restored"] += 1
        shutil.rmtree(other, ignore_errors=True)

    def _said_otherwise(self) -> list[str]:
        found = []
        with closing(sqlite3.connect(self.place / "office" / "registry.db")) as db:
            found += doubled_papers(db)
            for (clerk, one), values in self.allowed.items():
                now = value_of(db, one, OWN[clerk])
                if now not in values:
                    found.append(f"{OWN[clerk]} of {one} is {now}, none of {values}")
                values.clear()
                values.add(now)
        return found

    def end(self, desk: Desk) -> None:
        """What was begun is ended: nothing is left over, and the program's own check finds nothing."""
        for words in (["generate"], ["generate", "--missing"], ["backup"], ["backup", "--with-files"], ["check"]):
            if code := desk.run(within(self.place, *words)):
                self.faults.append(
                    f"{words}: exit code {code}: {desk.told()}{(desk.folder / 'out').read_text('utf-8')}"
                )
        self.faults += [f"left over: {name}" for name in look(self.place).leftovers]


def _differ(one: Seen, other: Seen, *, files: bool) -> list[str]:
    """What a restored office holds otherwise; in one from the registry alone the papers are not there."""
    faults = [f"restored: {row}" for row in one.rows ^ other.rows]
    if files:
        kept = {
            name: digest for name, digest in other.files.items() if name.startswith(("office/output", "office/archive"))
        }
        faults += [f"restored: {name}" for name, digest in kept.items() if one.files.get(name) != digest]
    return faults


def main() -> int:
    asked = argparse.ArgumentParser(prog="kill.soak")
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--seed", type=int, default=0)
    given: Any = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="yiyu-soak-"))
    begun = time.monotonic()
    soak = Soak(folder, given.seed)
    clerks = [threading.Thread(target=soak.clerk, args=(number,)) for number in range(CLERKS)]
    try:
        with Desk(folder / "desk") as desk:
            soak.open.set()
            for clerk in clerks:
                clerk.start()
            while time.monotonic() - begun < given.seconds:
                time.sleep(min(ROUND, given.seconds))
                soak.round(desk)
            soak.over.set()
            for clerk in clerks:
                clerk.join()
            soak.end(desk)
    finally:
        soak.over.set()
        soak.open.set()
        shutil.rmtree(folder, ignore_errors=True)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(soak.count.items()))
    sys.stdout.write(
        f"{time.monotonic() - begun:.0f} s, {len(SHARED)} shared institutions, {CLERKS} clerks: {counts}\n"
    )
    sys.stdout.write(f"{len(soak.faults)} faults\n")
    sys.stdout.writelines(f"  {fault}\n" for fault in soak.faults[:20])
    return int(bool(soak.faults))


if __name__ == "__main__":
    sys.exit(main())
