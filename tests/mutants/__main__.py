"""``make mutants``: guards and rules broken at places drawn by lot, each to be found by a test; lists what none found.

PYTHONPATH=tests python -P -m mutants [N] [SEED] [--seconds S] [--share I/N] [--only MODULE:LINE] [--log FILE]
"""

import argparse
import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutants.breaking import Break, breaks
from mutants.targets import ROOT, modules, tried_by

FOUND, SURVIVED, LATE = "found", "survived", "not found in time"
_IGNORED = shutil.ignore_patterns(".*", "build", "*.egg-info")
_FAILS, _BREAKS_OFF = 1, 2
"""What pytest ends with: a test failed, or a module of tests could not be read. Anything else is our own fault."""
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


def drawn(count: int, seed: int) -> Iterator[tuple[str, Break]]:
    """As many modules as places, each module as likely as it is long, no place twice."""
    every = [(name, one) for name in modules() for one in breaks((ROOT / name).read_text("utf-8"))]
    yield from random.Random(seed).sample(every, count)  # noqa: S311 - the same seed, the same places


def outcome(copy: Path, module: str, broken: Break, seconds: float) -> tuple[str, str]:
    """What became of a break in the copy of the tree, and the test that found it."""
    path = copy / module
    source = path.read_text("utf-8")
    path.write_text(broken.applied(source), "utf-8")
    # Python takes compiled code for the newest by its whole second and its size.
    os.utime(path, (time.time() + 5, time.time() + 5))
    until = time.monotonic() + seconds
    try:
        for tests in filter(None, tried_by(module, copy)):
            if by := _failed(copy, tests, until - time.monotonic()):
                return FOUND, by
    except subprocess.TimeoutExpired:
        return LATE, ""
    finally:
        path.write_text(source, "utf-8")
        os.utime(path, (time.time() + 9, time.time() + 9))
    return SURVIVED, ""


def _failed(copy: Path, tests: list[str], seconds: float) -> str:
    """The first test that fails, "" where none does. Raises SystemExit where they could not be begun."""
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "-rfE", *tests]
    done = subprocess.run(
        command,
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy.parent)},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=max(1, seconds),
        check=False,
    )
    if done.returncode == 0:
        return ""
    if done.returncode not in (_FAILS, _BREAKS_OFF):
        raise SystemExit(done.stdout + done.stderr)
    by = _FAILED.search(done.stdout)
    return by[1] if by else done.stdout.strip().splitlines()[-1][:200]


def main() -> int:
    asked = argparse.ArgumentParser(prog="mutants")
    asked.add_argument("count", type=int, nargs="?", default=50)
    asked.add_argument("seed", type=int, nargs="?", default=1)
    asked.add_argument("--seconds", type=float, default=600)
    asked.add_argument("--only", action="append", default=[], metavar="MODULE:LINE", help="of those drawn, these")
    asked.add_argument("--share", default="1/1", metavar="I/N", help="every N-th of them, for several at once")
    asked.add_argument("--log", type=Path, help="a line of JSON for each; what is in it is not done again")
    given = asked.parse_args()
    counted: Counter[str] = Counter()
    done = given.log.read_text("utf-8").splitlines() if given.log and given.log.exists() else []
    known = [json.loads(line)[:4] for line in done]
    share, shares = map(int, given.share.split("/"))
    with tempfile.TemporaryDirectory(prefix="yiyu-mutants-") as folder:
        copy = Path(folder, "yiyu")
        shutil.copytree(ROOT, copy, ignore=_IGNORED)
        for module, broken in itertools.islice(drawn(given.count, given.seed), share - 1, None, shares):
            place = [module, broken.line, broken.kind, broken.after]
            if place in known or (given.only and f"{module}:{broken.line}" not in given.only):
                continue
            started = time.monotonic()
            became, by = outcome(copy, module, broken, given.seconds)
            counted[became] += 1
            told = f"{became:18}{module}:{broken.line} {broken.kind}: {broken.before!r} -> {broken.after!r}  {by}"
            sys.stdout.write(f"{told} ({time.monotonic() - started:.0f} s)\n")
            sys.stdout.flush()
            if given.log:
                with given.log.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps([*place, became, by]) + "\n")
    sys.stdout.write(f"{counted.total()} broken (seed {given.seed}): {dict(counted)}\n")
    return 0 if counted[FOUND] == counted.total() else 1


if __name__ == "__main__":
    sys.exit(main())
