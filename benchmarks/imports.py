"""A roster in, as whole commands: first import, the same file again, and again with 1 % of its rows changed
(preview); and ``check`` on what came in, which follows the chain and rebuilds every institution from its events.

Processor seconds (user and system, children included: the workbook is read in a process of its own) and peak memory of
the largest process, beside ``yiyu --version``, which is start-up.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter
from stdnum.cn import uscc

HEADS = ("旗区", "机构名称", "统一社会信用代码", "是否备案", "备案时间", "托位数", "法定代表人", "联系电话", "地址")
PLACES = ("东胜区", "康巴什区", "达拉特旗", "准格尔旗", "杭锦旗")


def rows(count: int, changed: int) -> Iterator[tuple[object, ...]]:
    """Rows of childcare institutions; every hundredth has another address and number of places where ``changed``."""
    for number in range(count):
        place = PLACES[number % len(PLACES)]
        body = f"52150602{number:09}".replace("0" * 9, "MA0000000")
        other = changed and number % 100 == 0
        yield (
            place,
            f"{place}示范{number}托育中心",
            body + str(uscc.calc_check_digit(body)),
            "是",
            f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}",
            30 + number % 60 + bool(other),
            "王某某",
            f"0477-8{number % 1_000_000:06}",
            f"示范路{number}号{'新' if other else ''}",
        )


def roster(path: Path, count: int, changed: int = 0) -> Path:
    """A workbook of ``count`` rows below a title."""
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("托育机构")
        sheet.write_row(0, 0, ("托育机构名册",))
        for at, row in enumerate((HEADS, *rows(count, changed)), start=1):
            sheet.write_row(at, 0, row)
    return path


def measured(*command: object, codes: tuple[int, ...] = (0,)) -> tuple[float, float]:
    """Processor seconds of the command and all it started, and wall seconds."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run([str(one) for one in command], check=False, capture_output=True)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in codes:
        raise SystemExit(done.stderr.decode()[-2000:])
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main(count: int, folder: Path) -> None:
    yiyu = str(Path(sys.executable).with_name("yiyu"))
    office = folder / "office"
    subprocess.run([yiyu, "init", str(office)], check=True, capture_output=True)
    first, second = roster(folder / "名册.xlsx", count), roster(folder / "改过.xlsx", count, 1)
    bring = (yiyu, "--workspace", office, "institution", "import")
    start, _ = measured(yiyu, "--version")
    print(f"start-up: {start:.2f} s CPU")
    for told, words, codes in (
        ("first", (*bring, first), (0,)),
        ("again", (*bring, first), (0,)),
        ("1 % changed", (*bring, second), (10,)),
        ("check", (yiyu, "--workspace", office, "check"), (0,)),
    ):
        used, wall = measured(*words, codes=codes)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"{count} rows, {told}: {used - start:.2f} s CPU over start-up, {wall:.2f} s wall, peak so far {peak:.0f} MB"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("counts", type=int, nargs="*", default=[2_000, 100_000])
    for wanted in parser.parse_args().counts:
        with tempfile.TemporaryDirectory() as place:
            main(wanted, Path(place))
