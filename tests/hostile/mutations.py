"""Byte mutations over seed files through the same entry points, and what came of them.

Run from the root: ``PYTHONPATH=tests python -m hostile.mutations [HOW_MANY] [SEED]``; ``make fuzz`` does 10,000.
"""

import random
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from hostile import papers, scans, texts, workbooks
from hostile.case import Command, Forge, Outcome, copied, harm, unchanged
from hostile.offices import NUMBER, make_office

TOML = (
    'pack = "ordos"\nregion = "150600"\nmonths = 24\nnumber_pattern = "{district}-{year}-{variant}-{serial:04}"\n'
    'aliases = {name = ["单位"]}\n'
)


@dataclass(frozen=True)
class Seed:
    """``place`` in the folder of a run; with ``{file}`` in the command. ``share`` of all mutations."""

    kind: str
    place: str
    make: Callable[[Path], bytes]
    command: Command
    share: int


SEEDS = (
    Seed(
        "xlsx", "a.xlsx", lambda _: workbooks.roster()(), ("institution", "import", "{file}", "--kind", "childcare"), 10
    ),
    Seed("csv", "a.csv", lambda _: workbooks.csv()(), ("institution", "import", "{file}", "--kind", "childcare"), 18),
    Seed("docx", "a.docx", lambda _: papers.paper(), ("template", "check", "{file}"), 10),
    Seed("docx", "a.docx", lambda _: papers.paper(), ("template", "fill", "{file}", "data.json", "-o", "out.docx"), 10),
    Seed(
        "json",
        "a.json",
        lambda _: texts.data()(),
        ("template", "fill", "template.docx", "{file}", "-o", "out.docx"),
        18,
    ),
    Seed("pdf", "a.pdf", lambda _: scans.paper(), ("archive", "merge", "{file}", "-o", "out.pdf"), 15),
    Seed("pdf", "a.jpg", lambda _: scans.picture()(), ("archive", "intake", "{file}"), 1),
    Seed("toml", "office/yiyu.toml", lambda _: TOML.encode(), ("agreement", "list"), 8),
    Seed(
        "toml",
        "office/templates/ordos/pack.toml",
        lambda _: b'extends = "ordos"\ntitle = "x"\n[duties.a]\ntitle = "y"\n',
        ("pack", "check", "ordos"),
        4,
    ),
    Seed(
        "db",
        "office/registry.db",
        lambda office: (office / "registry.db").read_bytes(),
        ("agreement", "sign", NUMBER, "--party", "甲", "--on", "2026-01-02"),
        6,
    ),
    Seed("db", "office/registry.db", lambda office: (office / "registry.db").read_bytes(), ("check",), 6),
)


@dataclass
class Figures:
    """``slowest`` in seconds of processor time, ``largest`` in MB of all processes of a run."""

    refused: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    harmed: list[str] = field(default_factory=list)
    slowest: float = 0.0
    largest: int = 0

    def add(self, seed: Seed, outcome: Outcome, what: str) -> None:
        self.slowest, self.largest = max(self.slowest, outcome.seconds), max(self.largest, outcome.megabytes)
        (self.refused if outcome.code else self.accepted)[seed.kind] += 1
        if what:
            self.harmed.append(what)


def mutated(data: bytes, dice: random.Random) -> bytes:
    """One to four changes: a bit, a byte, a number of bytes left out, doubled, or put somewhere else, or a cut."""
    content = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 4))):
        at = dice.randrange(len(content)) if content else 0
        length = dice.choice((1, 2, 8, 64, 512))
        match dice.randrange(7):
            case 0 if content:
                content[at] ^= 1 << dice.randrange(8)
            case 1 if content:
                content[at] = dice.choice((0, 0xFF, 0x7F, 0x80, *b'<>"&{}[]%\n-9'))
            case 2:
                del content[at : at + length]
            case 3:
                content[at:at] = content[at : at + length]
            case 4:
                content[at:at] = dice.randbytes(length)
            case 5:
                source = dice.randrange(len(content) or 1)
                content[at : at + length] = content[source : source + length]
            case 6 if dice.random() < 0.3:
                del content[at:]
    return bytes(content)


def mutated_inside(data: bytes, dice: random.Random) -> bytes:
    """A member of a package mutated, packed again soundly: what lies behind the guard."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = dice.choice(names)
        for name in names:
            new.writestr(name, mutated(old.read(name), dice) if name == chosen else old.read(name))
    return stream.getvalue()


def plan(count: int, seed: int, kinds: tuple[str, ...] = ()) -> Iterator[tuple[int, Seed]]:
    """Which seed each mutation is of; the same for the same number."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, no secret
    chosen = [one for one in SEEDS if not kinds or one.kind in kinds]
    for number, one in enumerate(dice.choices(chosen, [one.share for one in chosen], k=count)):
        yield seed * 1_000_000 + number, one


def tried(number: int, seed: Seed, base: Path, folder: Path, forge: Forge) -> tuple[Outcome, str]:
    """Run one mutation; the second is what it did that no file may do, or ""."""
    dice = random.Random(number)  # noqa: S311
    office = copied(base, folder)
    (folder / "template.docx").write_bytes(papers.paper())
    (folder / "data.json").write_bytes(texts.data()())
    data = seed.make(office)
    packed = seed.kind in ("xlsx", "docx") and dice.random() < 0.7
    file = folder / seed.place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(mutated_inside(data, dice) if packed else mutated(data, dice))
    words = [word.replace("{file}", str(file)) for word in seed.command]
    outcome = forge.run(folder, ["--workspace", str(office), *words])
    what = harm(outcome)
    refused = outcome.code not in (0, 10) and seed.kind != "db"
    if not what and refused and not unchanged(base / "registry.db", office / "registry.db"):
        what = "refused, and the registry is another"
    log = folder / ".yiyu" / "error.log"
    trace = "".join(log.read_text("utf-8").splitlines(keepends=True)[-7:]) if log.exists() else ""
    return outcome, what and f"{seed.kind} {number}: {what}{trace}"


def mutate(count: int, seed: int, base: Path, top: Path, forge: Forge, kinds: tuple[str, ...] = ()) -> Figures:
    figures = Figures()
    for number, one in plan(count, seed, kinds):
        folder = top / str(number)
        folder.mkdir()
        figures.add(one, *tried(number, one, base, folder, forge))
        shutil.rmtree(folder)
    return figures


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main(count: int, seed: int) -> int:
    figures, local, forges, started = Figures(), threading.local(), [], time.monotonic()
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        top = Path(name)
        forge = Forge()
        base = make_office(forge, top)
        forge.close()

        def run(job: tuple[int, Seed]) -> tuple[Seed, Outcome, str]:
            if not hasattr(local, "forge"):
                local.forge = Forge()
                forges.append(local.forge)
            folder = top / str(job[0])
            folder.mkdir()
            outcome, what = tried(*job, base, folder, local.forge)
            shutil.rmtree(folder, ignore_errors=True)
            return job[1], outcome, what

        for done, (one, outcome, what) in enumerate(pool.map(run, plan(count, seed)), start=1):
            figures.add(one, outcome, what)
            if what:
                _tell(what)
            if done % 500 == 0:
                _tell(f"{done}/{count}, {time.monotonic() - started:.0f} s")
        for each in forges:
            each.close()
    for kind in sorted({one.kind for one in SEEDS}):
        _tell(f"{kind:5} refused {figures.refused[kind]:5}  accepted {figures.accepted[kind]:5}")
    _tell(
        f"all   refused {figures.refused.total():5}  accepted {figures.accepted.total():5}  harmed {len(figures.harmed)}"
    )
    _tell(f"slowest {figures.slowest:.2f} s of processor time, largest {figures.largest} MB")
    return bool(figures.harmed)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    sys.exit(main(*(given + [10_000, 1][len(given) :])))
