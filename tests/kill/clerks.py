"""``make clerks``: several clerks at one registry at once, each a process; prints how long they waited for each other.

    PYTHONPATH=tests python -P -m kill.clerks [--clerks N] [--works N]

Each clerk has a field of its own in institutions that all of them edit, brings in institutions of its own by roster,
drafts and prints agreements for them, and prints agreements that others print at the same moment. At the end every
field must say what its clerk said last, and every number, document and event be there once.
"""

import argparse
import contextlib
import csv
import io
import json
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from kill.offices import START, code
from kill.witness import look

MOST_WAIT = 5.0
"""Seconds."""
_TAKEN = ("--apply", "--undo-edits")
"""What a clerk's roster says goes in, whoever said otherwise before."""
SHARED = tuple(code(at) for at in range(6))
FIELDS = {
    "address": "地址", "town": "苏木乡镇/街道", "contact": "联系人", "remark": "备注", "legal_person": "法定代表人",
    "filing_no": "备案编号", "nature": "机构性质", "phone": "联系电话",
}  # fmt: skip
OWN = tuple(FIELDS)
"""One for each clerk; two of them are facts with a history, the others overwrite the row."""
MEDICAL = "东胜区示范社区卫生服务中心"


@dataclass(frozen=True)
class Work:
    """One thing a clerk asked for. ``said``: institution and value where it set the clerk's field."""

    clerk: int
    kind: str
    seconds: float
    code: int
    told: str
    said: tuple[str, str] | None = None


@dataclass
class Figures:
    """What the clerks did, and everything that was not as it should be."""

    works: list[Work] = field(default_factory=list)
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    @property
    def longest(self) -> float:
        return max(work.seconds for work in self.works)

    def lines(self) -> Iterator[str]:
        for kind in sorted({work.kind for work in self.works}):
            times = sorted(work.seconds for work in self.works if work.kind == kind)
            median, slow = times[len(times) // 2], times[int(len(times) * 0.99)]
            spread = f"median {median:.2f} s, 99 of 100 within {slow:.2f} s, longest {times[-1]:.2f} s"
            yield f"{kind:16}{len(times):6}   {spread}"
        spread = f"in {self.seconds:.0f} s, longest {self.longest:.2f} s, {len(self.faults)} faults"
        yield f"{'all':16}{len(self.works):6}   {spread}"


def open_office(place: Path) -> None:
    """Six institutions that all clerks edit, each with an agreement that all of them print."""
    ask("init", place / "office")
    given = ("--name", MEDICAL, "--category", "社区卫生服务中心", "--district", "东胜区")
    ask(*in_office(place), "institution", "add", "--kind", "medical", *given)
    for at, one in enumerate(SHARED):
        given = ("--name", f"东胜区第{at + 1}托育中心", "--code", one, "--district", "东胜区", "--filed")
        ask(*in_office(place), "institution", "add", "--kind", "childcare", *given)
        ask(*in_office(place), *draft_words(one))


def work_together(place: Path, clerks: int, works: int) -> Figures:
    """Let them all begin at once, and look at what they leave."""
    words = [sys.executable, "-P", "-m", "kill.clerks", "--place", str(place), "--works", str(works), "--clerk"]
    environment = os.environ | {
        "PYTHONPATH": str(Path(__file__).parents[1]) + os.pathsep + os.environ.get("PYTHONPATH", "")
    }
    running = [
        Popen([*words, str(clerk)], stdin=PIPE, stdout=PIPE, text=True, env=environment) for clerk in range(clerks)
    ]
    found = Figures()
    for process in running:
        process.stdout.readline()  # type: ignore[union-attr]  # it is ready
    begun = time.monotonic()
    for process in running:
        process.stdin.write("\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    for process in running:
        out, _ = process.communicate()
        if process.returncode:
            found.faults.append(f"a clerk ended with {process.returncode}")
        told = json.loads(out or "[]")
        found.works += [Work(**{**one, "said": tuple(one["said"]) if one["said"] else None}) for one in told]
    found.seconds = time.monotonic() - begun
    found.faults += wrong(place, found.works)
    return found


def wrong(place: Path, works: Sequence[Work]) -> list[str]:
    """Everything in the office that is not as these works must have left it."""
    faults = [f"{work.kind}: exit code {work.code}: {work.told}" for work in works if work.code]
    faults += [f"{work.kind}: waited {work.seconds:.1f} s" for work in works if work.seconds > MOST_WAIT]
    faults += look(place).faults
    with closing(sqlite3.connect(place / "office" / "registry.db")) as db:
        return [*faults, *_lost(db, works), *_doubled(db, [work.kind for work in works])]


def _lost(db: sqlite3.Connection, works: Sequence[Work]) -> Iterator[str]:
    """Fields that do not say what their clerk said last; edits that left no trace in the version."""
    said = [(work.clerk, *work.said) for work in works if work.said]
    for (clerk, one), value in {(clerk, one): value for clerk, one, value in said}.items():
        if (now := value_of(db, one, OWN[clerk])) != value:
            yield f"lost: {OWN[clerk]} of {one} is {now}, not {value}"
    for one in SHARED:
        edits = sum(edited == one for _, edited, _ in said)
        [version] = db.execute("SELECT version FROM institutions WHERE code = ?", [one]).fetchone()
        if version != edits + 1:
            yield f"lost: {one} was edited {edits} times and has version {version}"


def value_of(db: sqlite3.Connection, one: str, name: str) -> str:
    """What the registry says now of a field of an institution."""
    [key] = db.execute("SELECT id FROM institutions WHERE code = ?", [one]).fetchone()
    fact = "SELECT value FROM institution_facts WHERE institution_id = ? AND fact = ? ORDER BY id DESC LIMIT 1"
    if row := db.execute(fact, [key, name]).fetchone():
        return str(row[0])
    if name not in {column[1] for column in db.execute("PRAGMA table_info(institutions)")}:
        return ""  # a fact that nobody told yet
    return str(db.execute(f"SELECT {name} FROM institutions WHERE id = ?", [key]).fetchone()[0])  # noqa: S608 - our own names


def _doubled(db: sqlite3.Connection, kinds: Sequence[str]) -> Iterator[str]:
    def count(query: str) -> int:
        return int(db.execute(query).fetchone()[0])

    if (there := count("SELECT count(*) FROM institutions")) != 1 + len(SHARED) + kinds.count("import"):
        yield f"{there} institutions"
    drafted = len(SHARED) + kinds.count("draft")
    if (count("SELECT count(*) FROM agreements"), count("SELECT max(serial) FROM agreements")) != (drafted, drafted):
        yield "numbers are not one after the other"
    yield from doubled_papers(db)


def doubled_papers(db: sqlite3.Connection) -> Iterator[str]:
    """Documents and their events are there once, those of an agreement all or none; a draft has a version for each change."""
    for query in (
        "SELECT count(*) FROM (SELECT 1 FROM documents GROUP BY agreement_id, kind HAVING max(version) <> count(*))",
        """SELECT count(*) FROM (SELECT agreement_id AS one, max(version) - 1 AS more FROM documents GROUP BY 1)
           WHERE more > (SELECT count(*) FROM events WHERE kind = 'followed' AND agreement_id = one)""",
        "SELECT count(*) FROM (SELECT 1 FROM events WHERE kind = 'issued' GROUP BY agreement_id HAVING count(*) > 1)",
        "SELECT count(*) FROM (SELECT 1 FROM documents GROUP BY agreement_id HAVING count(DISTINCT kind) <> 3)",
    ):
        if number := int(db.execute(query).fetchone()[0]):
            yield f"{number} of: {query}"


class Clerk:
    """One of them, at work in this process."""

    def __init__(self, place: Path, number: int) -> None:
        self.place, self.number, self.field = place, number, OWN[number]
        self.dice = random.Random(number)  # noqa: S311 - no secret
        self.brought: list[str] = []
        self.drafted: list[str] = []
        with closing(sqlite3.connect(place / "office" / "registry.db")) as db:
            self.printed_by_all = [row[0] for row in db.execute("SELECT number FROM agreements ORDER BY id")]

    def load(self) -> None:
        """Do one of each without writing: loading the libraries takes seconds, and is not what is measured."""
        for kind in ("edit", "import", "draft", "generate-shared"):
            self.brought, said = [SHARED[0]], (SHARED[0], "13900000000")
            run_words(*in_office(self.place), *self._words(kind, 0, said), "--dry-run")
        self.brought = []

    def choose(self, serial: int) -> tuple[str, tuple[str, str] | None, list[object]]:
        """What to do next: its kind, what is said of which institution, and the command."""
        kind = self.dice.choice(["edit"] * 5 + ["import"] * 2 + ["draft", "generate", "generate-shared"])
        if (kind == "draft" and not self.brought) or (kind == "generate" and not self.drafted):
            kind = "edit"
        said = None
        if kind in ("edit", "import"):
            digits = f"{self.number}{serial:05}"
            said = self.dice.choice(SHARED), f"139{digits:0>8}" if self.field == "phone" else f"第{digits}次"
        return kind, said, [*in_office(self.place), *self._words(kind, serial, said)]

    def work(self, serial: int) -> Work:
        kind, said, words = self.choose(serial)
        begun = time.monotonic()
        ended, told = run_words(*words)
        if kind == "draft" and not ended:
            self.drafted.append(json.loads(told)["made"][0]["number"])
        return Work(self.number, kind, time.monotonic() - begun, ended, told if ended else "", said)

    def _words(self, kind: str, serial: int, said: tuple[str, str] | None) -> list[object]:
        match kind, said:
            case "edit", (one, value):
                return ["institution", "edit", one, f"--{self.field.replace('_', '-')}", value]
            case "import", (one, value):
                return ["institution", "import", self._roster(serial, one, value), "--kind", "childcare", *_TAKEN]
            case "draft", _:
                return [*draft_words(self.brought.pop()), "--json"]
            case "generate", _:
                return ["generate", self.drafted.pop()]
        return ["generate", self.dice.choice(self.printed_by_all)]

    def _roster(self, serial: int, one: str, value: str) -> Path:
        own = code(100_000 * (self.number + 1) + serial)
        self.brought.append(own)
        path = self.place / f"{self.number}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(["机构名称", "统一社会信用代码", "旗区", "是否备案", FIELDS[self.field]])
            rows.writerow([f"东胜区第{SHARED.index(one) + 1}托育中心", one, "东胜区", "是", value])
            rows.writerow([f"东胜区{self.number}号第{serial}托育点", own, "东胜区", "是", ""])
        return path


def draft_words(childcare: str) -> list[object]:
    pair = ["--medical", MEDICAL, "--childcare", childcare, "--variant", "JC"]
    return ["agreement", "draft", *pair, "--start", START]


def in_office(place: Path) -> list[object]:
    return ["--workspace", place / "office"]


def ask(*words: object) -> None:
    ended, told = run_words(*words)
    assert ended == 0, told


def run_words(*words: object) -> tuple[int, str]:
    """Exit code and what was printed."""
    from yiyu.cli import main

    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            main(args=[str(word) for word in words], prog_name="yiyu")
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def main() -> int:
    asked = argparse.ArgumentParser(prog="kill.clerks")
    asked.add_argument("--clerks", type=int, default=8)
    asked.add_argument("--works", type=int, default=500)
    asked.add_argument("--place", type=Path)
    asked.add_argument("--clerk", type=int)
    given: Any = asked.parse_args()
    if given.clerk is not None:
        clerk = Clerk(given.place, given.clerk)
        clerk.load()
        sys.stdout.write("\n")
        sys.stdout.flush()
        sys.stdin.readline()
        works = [vars(clerk.work(serial)) for serial in range(given.works)]
        sys.stdout.write(json.dumps(works))
        return 0
    place = Path(tempfile.mkdtemp(prefix="yiyu-clerks-"))
    try:
        open_office(place)
        figures = work_together(place, given.clerks, given.works)
    finally:
        shutil.rmtree(place)
    waits = [one for one in figures.faults if ": waited " in one]
    told = [one for one in figures.faults if one not in waits][:20]
    sys.stdout.writelines(f"{line}\n" for line in (*figures.lines(), f"{len(waits)} waited over {MOST_WAIT} s", *told))
    return int(bool(figures.faults))


if __name__ == "__main__":
    sys.exit(main())
