"""``make desk-kills``: the server of an office killed while two browsers write; every accepted write must be there.

    PYTHONPATH=tests python -P -m kill.desk_kills [--points N] [--seed N] [--seconds N]

One office through all kills. In each round the server starts, the browsers go on with the cookies they have, one begins a
backup as a long work, both write until no answer comes; the server is killed when one of its threads asks the system for
a call the N-th time. Then: the six points of "nothing lost", what was accepted and what was not, the program's own check.
"""

import argparse
import contextlib
import json
import random
import re
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from kill.clerks import OWN, open_office, value_of
from kill.desk_clerks import come_in
from kill.desk_writers import Writer, lost
from kill.offices import within
from kill.served import GONE, answers, desk_words, free_port, served
from kill.tracing import Desk
from kill.witness import look

MOST = {
    "pwrite64": 90, "fdatasync": 30, "unlink": 20, "fsync": 24, "rename": 16, "write": 20, "chmod": 16, "sendto": 120,
    "openat": 400, "mkdir": 3,
}  # fmt: skip
"""Calls at which the server is killed, and up to which of a thread; sending an answer is one of them."""
LOADED = ("yiyu.desk.app", "yiyu.desk.opening", *(
    f"yiyu.desk.pages.{name}"
    for name in ("institution", "visit_form", "visit", "steps", "keeper", "login", "works", "people", "today")
))  # fmt: skip
_WRITES, _PATIENCE = 15, 30.0
_CHECKED = 5
"""After one kill in so many the program checks itself too; the witness looks after each."""


class Kills:
    """The office, its two writers, and what was found so far."""

    def __init__(self, folder: Path) -> None:
        self.place, self.dice = folder / "place", random.Random(0)  # noqa: S311 - no secret
        self.place.mkdir(parents=True)
        open_office(self.place)
        self.port = free_port()
        with served(self.place, self.port) as (_, first):
            self.writers, _ = come_in(self.place, self.port, first)
        self.count: Counter[str] = Counter()
        self.accepted = 0
        self.strays = 0
        """Photos of visits that were never accepted, kept under their names: found by ``check``, harming nothing."""
        self.faults: list[str] = []
        self.begun: list[str] = []
        """Addresses of the long works of the last round."""
        self.ended: Counter[str] = Counter()
        self.serial = 0
        self.allowed: dict[tuple[int, str], set[str]] = {}

    def kill(self, desk: Desk, call: str, nth: int) -> None:
        """One round: start, write, killed at the N-th ``call`` of a thread, look."""
        with desk.serving(desk_words(self.place, self.port), call, nth) as pid:
            if answers(self.writers[0].browser, _PATIENCE if call != "openat" else 3):
                self._write()
            reached = not Path(f"/proc/{pid}/stat").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text("utf-8")
        self.count[call if reached else "after its writes"] += 1
        self._look(f"{call} {nth}")
        if self.count.total() % _CHECKED == 0:
            self._check(desk, f"{call} {nth}")

    def _check(self, desk: Desk, point: str) -> None:
        """The program's own; what a kill leaves half made has its own name and goes with the next work of its kind."""
        desk.run(within(self.place, "check", "--json"))
        told = (desk.folder / "out").read_text("utf-8")
        if not told.startswith("{"):
            self.faults.append(f"{point}: check: {desk.told()}")
            return
        found = json.loads(told)["faults"]
        self.strays = max(self.strays, sum(one["fault"] == "stray" for one in found))
        faults = [one for one in found if one["fault"] not in ("leftover", "stray")]
        self.faults += [f"{point}: check: {one}" for one in faults]

    def _write(self) -> None:
        self._works_are_told()
        with contextlib.suppress(*GONE):
            work = self.dice.choice(["backup", "check", "check", "check"])
            answer = self.writers[0].browser.post(f"/keeper/{work}", [])
            if answer.leads.startswith("/works/"):
                self.begun.append(answer.leads)
            else:
                self.faults.append(f"a login was lost: {answer.status} {answer.leads} {answer.fault}")
        threads = [threading.Thread(target=self._until_gone, args=(writer,)) for writer in self.writers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _until_gone(self, writer: Writer) -> None:
        start = self.serial + writer.number
        try:
            for at in range(_WRITES):
                writer.work(start + at * 2)
        except GONE:
            pass
        except Exception as fault:  # noqa: BLE001 - told with the rest
            self.faults.append(f"browser {writer.number}: {fault!r}")

    def _works_are_told(self) -> None:
        """Every long work of the round before is told as done or broken off, to who began it and is still logged in."""
        while self.begun:
            try:
                page = self.writers[0].browser.get(self.begun[-1]).text
            except GONE:
                return
            found = re.search(r'<b class="state (\w+)"', page)
            state = found[1] if found else "not told"
            self.ended[state] += 1
            if state not in ("done", "broken"):
                self.faults.append(f"a work of the killed server is {state}")
            self.begun.pop()

    def _look(self, point: str) -> None:
        """Nothing but what was accepted, all of it, and no half file under a final name."""
        self.serial += 2 * _WRITES
        faults = [*look(self.place).faults, *lost(self.place, self.writers)]
        with contextlib.closing(sqlite3.connect(self.place / "office" / "registry.db")) as db:
            for writer in self.writers:
                faults += [f"refused: {work.kind}: {work.told}" for work in writer.works if work.code]
                said = {work.said[0]: work.said[1] for work in writer.works if work.said}
                for one, value in said.items():
                    self.allowed[writer.number, one] = {value}
                if writer.unanswered and writer.unanswered[0] == "edit":
                    self.allowed.setdefault((writer.number, writer.unanswered[1]), {""}).add(writer.unanswered[2])
                for one in {one for number, one in self.allowed if number == writer.number}:
                    now = value_of(db, one, OWN[writer.number])
                    if now not in self.allowed[writer.number, one]:
                        faults.append(
                            f"lost: {OWN[writer.number]} of {one} is {now}, none of {self.allowed[writer.number, one]}"
                        )
                    self.allowed[writer.number, one] = {now}
                query = """
                    SELECT count(*) FROM events WHERE kind IN ('submitted', 'returned')
                    AND agreement_id = (SELECT id FROM agreements WHERE number = ?)
                """
                [writer.reviews] = db.execute(query, [writer.reviewed]).fetchone()
                self.accepted += sum(not work.code for work in writer.works)
                writer.works.clear()
                writer.unanswered = None
        self.faults += [f"{point}: {one}" for one in faults]

    def end(self, desk: Desk) -> None:
        """A server that nobody kills finds its works, keeps the logins and leaves nothing over."""
        with served(self.place, self.port) as (server, _):
            self._works_are_told()
            for writer in self.writers:
                writer.work(self.serial + writer.number)
                writer.browser.close()
            server.terminate()
            self.faults += [f"the desk ended with {server.returncode}"] if server.wait(30) else []
        self._look("the last")
        for words in (["backup", "--with-files"], ["check"]):
            if words == ["check"]:
                self._check(desk, "the last")
            elif desk.run(within(self.place, *words)):
                self.faults.append(f"{words}: {desk.told()}{(desk.folder / 'out').read_text('utf-8')}")
        self.faults += [f"left over: {one}" for one in look(self.place).leftovers if not one.startswith("office/.desk")]


def drawn(points: int, seed: int) -> Iterator[tuple[str, int]]:
    """So many points by lot."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    for _ in range(points):
        call = dice.choice(list(MOST))
        yield call, dice.randint(1, MOST[call])


def run(folder: Path, points: Iterable[tuple[str, int]], seconds: float = 3600) -> Kills:
    """One office killed at all these points, or at as many as there is time for."""
    kills, until = Kills(folder), time.monotonic() + seconds
    with Desk(folder / "desk", *LOADED) as desk:
        for call, nth in points:
            if time.monotonic() < until:
                kills.kill(desk, call, nth)
        kills.end(desk)
    return kills


def main(given: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(prog="kill.desk_kills")
    asked.add_argument("--points", type=int, default=200)
    asked.add_argument("--seed", type=int, default=0)
    asked.add_argument("--seconds", type=float, default=3600, help="no more kills after so many")
    told = asked.parse_args(given)
    folder, begun = Path(tempfile.mkdtemp(prefix="yiyu-desk-kills-")), time.monotonic()
    try:
        kills = run(folder, drawn(told.points, told.seed), told.seconds)
    finally:
        shutil.rmtree(folder)
    counted = ", ".join(f"{name} {number}" for name, number in sorted(kills.count.items()))
    works = ", ".join(f"{name} {number}" for name, number in sorted(kills.ended.items()))
    seconds = time.monotonic() - begun
    sys.stdout.write(f"{kills.count.total()} kills in {seconds:.0f} s at: {counted}\n")
    sys.stdout.write(
        f"{kills.accepted} writes accepted, {kills.strays} stray photos of others; long works told as {works}\n"
    )
    sys.stdout.write(f"{len(kills.faults)} faults\n")
    sys.stdout.writelines(f"  {one}\n" for one in kills.faults[:20])
    return int(bool(kills.faults))


if __name__ == "__main__":
    sys.exit(main())
