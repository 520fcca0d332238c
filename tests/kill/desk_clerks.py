"""``make desk-clerks``: two browsers and one command line at one office, mixed writes; prints what they waited and what was lost.

    PYTHONPATH=tests python -P -m kill.desk_clerks [--writes N]

The desk is a process of its own, the browsers speak HTTP to it with a login and a token each, the command line is another
process. All three edit the same institutions, each a field of its own; the browsers record visits with and without
photos and send agreements to and from review, the command line imports rosters, drafts and prints.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from subprocess import PIPE, Popen

from kill.clerks import Figures, Work, in_office, open_office, run_words, wrong
from kill.desk_writers import Writer, lost, prepare
from kill.served import Browser, free_port, served

BROWSERS, LINE = 2, 2
"""How many browsers; the number of the clerk at the command line."""


def work_together(place: Path, writes: int) -> tuple[Figures, int]:
    """Let all begin at once, look at what they leave, end the desk; figures, and how often one was told of another."""
    port, of_line = free_port(), writes // 4
    found = Figures()
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    }
    words = [sys.executable, "-P", "-m", "kill.clerks", "--place", str(place), "--works", str(of_line), "--clerk"]
    with Popen([*words, str(LINE)], stdin=PIPE, stdout=PIPE, text=True, env=environment) as line:
        line.stdout.readline()  # type: ignore[union-attr]  # it is ready, and knows what all print
        with served(place, port) as (server, first):
            writers, made = come_in(place, port, first)
            found.works += made
            begun = time.monotonic()
            line.stdin.write("\n")  # type: ignore[union-attr]
            line.stdin.flush()  # type: ignore[union-attr]
            each = (writes - of_line) // BROWSERS
            threads = [threading.Thread(target=_all, args=(writer, each, found.faults)) for writer in writers]
            for thread in threads:
                thread.start()
            out, _ = line.communicate()
            for thread in threads:
                thread.join()
            for writer in writers:
                writer.browser.close()
            found.seconds = time.monotonic() - begun
            server.terminate()
            if server.wait(30) or "工作台已关闭" not in server.stdout.read():  # type: ignore[union-attr]  # a pipe
                found.faults.append(f"the desk ended with {server.returncode}")
    told = json.loads(out or "[]")
    by_line = [Work(**{**one, "said": tuple(one["said"]) if one["said"] else None}) for one in told]
    found.works += by_line + [work for writer in writers for work in writer.works]
    found.faults += [*wrong(place, found.works), *lost(place, writers)]
    code, said = run_words(*in_office(place), "check")
    found.faults += [f"check: {said}"] if code else []
    return found, sum(writer.told for writer in writers)


def come_in(place: Path, port: int, first: str) -> tuple[list[Writer], list[Work]]:
    """The keeper by the address that was printed, a clerk by the keeper's invitation, each with something of their own."""
    browsers = [Browser(port) for _ in range(BROWSERS)]
    browsers[0].first(first, "王某甲")
    for at, browser in enumerate(browsers[1:]):
        browser.accept(browsers[0].invite(f"王某{'乙丙丁'[at]}", "clerk", "manager", "archivist"))
    writers, made = [], []
    for number, browser in enumerate(browsers):
        works, reviewed, visited = prepare(place, number)
        made += works
        writers.append(Writer(place, number, browser, reviewed, visited))
    return writers, made


def _all(writer: Writer, writes: int, faults: list[str]) -> None:
    try:
        for serial in range(writes):
            writer.work(serial)
    except Exception as fault:  # noqa: BLE001 - told with the rest
        faults.append(f"browser {writer.number}: {fault!r}")


def main(given: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(prog="kill.desk_clerks")
    asked.add_argument("--writes", type=int, default=2000)
    writes = asked.parse_args(given).writes
    place = Path(tempfile.mkdtemp(prefix="yiyu-desk-"))
    try:
        open_office(place)
        figures, told = work_together(place, writes)
    finally:
        shutil.rmtree(place)
    waits = [one for one in figures.faults if ": waited " in one]
    faults = [one for one in figures.faults if one not in waits]
    sys.stdout.writelines(f"{line}\n" for line in figures.lines())
    sys.stdout.write(f"{told} times told of another's change, {len(waits)} waited over 5 s, {len(faults)} faults\n")
    sys.stdout.writelines(f"  {one}\n" for one in faults[:20])
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
