"""Eight people at once at the desk of a large office: 20,000 agreements, every page a person turns to, some writes between.

A real server process; each person a thread with a connection of its own, with a moment of thought between two pages.
Seconds are from the request to the last byte, of the time since all began; what is opened for the first time counts too.
``--folder`` keeps the office for the next time, ``--serve PREFIX`` says how the server is started (``nice``, a profiler).
"""

import argparse
import http.client
import json
import multiprocessing
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from large_office import TODAY, office

THOUGHT = 0.5
"""Seconds on the average between two pages."""
LISTS = (
    "/agreements", "/agreements?state=expiring&days=90", "/agreements?state=unsigned", "/agreements?district=150602",
    "/agreements?sort=ends_on", "/agreements?sort=childcare&down=1", "/agreements?page=200", "/agreements?state=expired&page=3",
)  # fmt: skip
SEARCHES = ("dongsheng", "东胜区", "妇幼", "dsq", "1001号", "etuoke")


class Person:
    """One browser with its login."""

    def __init__(self, address: str, cookie: str) -> None:
        self.host = urlsplit(address).netloc
        self.cookie = cookie
        self.connection = http.client.HTTPConnection(self.host, timeout=120)

    def ask(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Status, text and where it leads."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form) if form is not None else None
        self.connection.request("GET" if body is None else "POST", path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        self.cookie = answer.headers.get("Set-Cookie", self.cookie).split(";")[0]
        return answer.status, text, answer.headers.get("Location", "")


def served(folder: Path, prefix: list[str]) -> tuple[subprocess.Popen[str], str]:
    """The server, and the one-time address of who opened it."""
    words = [*prefix, sys.executable, "-m", "yiyu.cli", "--workspace", str(folder), "desk", "--no-browser", "--json"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    told = ""
    while process.stdout and "}" not in told:
        told += process.stdout.readline()
    return process, json.loads(told)["first"]


def one_person(person: Person, numbers: list[str], seed: int, until: float, times: dict[str, list[float]]) -> None:
    """Turn to one page after the other; now and then record something."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    token = re.findall(r'name="token" value="(\w+)"', person.ask("/keeper")[1])[0]
    while time.perf_counter() < until:
        kind = dice.choice(["list"] * 4 + ["search"] * 2 + ["agreement"] * 4 + ["today", "institutions", "write"])
        number, form = dice.choice(numbers), None
        match kind:
            case "list":
                path = dice.choice(LISTS)
            case "search":
                path = f"/agreements?search={quote(dice.choice(SEARCHES))}"
            case "agreement":
                path = f"/agreements/one/{quote(number)}"
            case "today":
                path = "/"
            case "institutions":
                path = f"/institutions?page={dice.randrange(1, 90)}"
            case _:
                path, form = "/visits/new", {
                    "token": token, "number": number, "on": str(TODAY), "form": "上门指导", "content": "测速",
                    "more_people": "王某某/儿保科/医师", "again": "1",
                }  # fmt: skip
        began = time.perf_counter()
        status = person.ask(path, form)[0]
        spent = time.perf_counter() - began
        name = kind if status < 400 else f"{kind} {status}"
        times[name].append(spent)
        time.sleep(dice.expovariate(1 / THOUGHT))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--agreements", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--serve", default="", metavar="PREFIX")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as base:
        folder = options.folder or Path(base) / "office"
        if not folder.exists():
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                pool.apply(office, (folder, options.agreements // 2, options.agreements, 2 * options.agreements))
        process, first = served(folder, options.serve.split())
        try:
            measure(first, options.people, options.seconds, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            print(f"the server ended with {process.wait(30)}")


def worked(pid: int) -> float:
    """Seconds of processor time of a process, on Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(first: str, people: int, seconds: float, pid: int) -> None:
    opened = Person(first, "")
    opened.ask(urlsplit(first).path)
    began = time.perf_counter()
    page = opened.ask("/agreements?state=in_force&page=3")[1]
    print(f"the first list after the start: {time.perf_counter() - began:.2f} s")
    began = time.perf_counter()
    opened.ask("/")
    print(f"the first 今天 after the start: {time.perf_counter() - began:.2f} s")
    numbers = sorted(set(re.findall(r"/agreements/one/([\w-]+)", page)))
    times: dict[str, list[float]] = defaultdict(list)
    until, before = time.perf_counter() + seconds, worked(pid)
    threads = [
        threading.Thread(target=one_person, args=(Person(first, opened.cookie), numbers, seed, until, times))
        for seed in range(people)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    every = sorted(one for found in times.values() for one in found)
    for name, unsorted in [*sorted(times.items()), ("all", every)]:
        found = sorted(unsorted)
        median, slow = found[len(found) // 2], found[int(len(found) * 0.99)]
        print(
            f"  {name:16}{len(found):6}   median {median:6.3f} s   99 of 100 {slow:6.3f} s   longest {found[-1]:6.3f} s"
        )
    each = (worked(pid) - before) / len(every) * 1000
    print(f"processor time of the server, what it counts beside the pages included: {each:.0f} ms a page")
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
