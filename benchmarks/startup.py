"""Start-up: whole commands beside what they cannot do without, in interleaved rounds; median milliseconds.

``agreement list`` is asked of an empty office, so that what remains is start-up.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from yiyu.registry.office.workspaces import make_workspace

YIYU = ("-m", "yiyu.cli")


def commands(office: Path) -> dict[str, tuple[str, ...]]:
    return {
        "python -c pass": ("-c", "pass"),
        'python -c "import click"': ("-c", "import click"),
        "yiyu --help": (*YIYU, "--help"),
        'python -c "import sqlite_utils"': ("-c", "import sqlite_utils"),
        "yiyu agreement list --help": (*YIYU, "agreement", "list", "--help"),
        "yiyu agreement list": (*YIYU, "--workspace", str(office), "agreement", "list"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        office = Path(folder) / "office"
        make_workspace(office, pack="ordos", region="150600")
        wanted = commands(office)
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in wanted}
        for each in range(rounds + 1):
            for name, arguments in wanted.items():
                seconds = run(arguments, folder)
                if each:  # the first round fills the caches
                    taken[name].append(seconds)
    print(f"medians of {rounds} interleaved rounds, an empty office\n")
    print("| command | ms | CPU ms | beside `import click` |")
    print("|---|---|---|---|")
    base = statistics.median(wall for wall, _ in taken['python -c "import click"'])
    for name, found in taken.items():
        wall, cpu = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"| `{name}` | {wall * 1000:.0f} | {cpu * 1000:.0f} | {wall / base:.1f}x |")


def run(arguments: tuple[str, ...], home: str) -> tuple[float, float]:
    """Wall and processor seconds of one command."""
    env = {"HOME": home, "PATH": os.environ["PATH"]}
    before, start = os.times(), time.perf_counter()
    subprocess.run([sys.executable, *arguments], env=env, capture_output=True, check=True)
    wall, after = time.perf_counter() - start, os.times()
    return wall, after[2] + after[3] - before[2] - before[3]


if __name__ == "__main__":
    main()
