"""Every point at which a command can be killed, and what is found after each."""

import contextlib
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kill.offices import ALL
from kill.tracing import Desk
from kill.witness import Seen, judge, judge_again, look


@dataclass(frozen=True)
class Point:
    """The N-th ``call`` of a command."""

    command: str
    call: str
    nth: int

    def __str__(self) -> str:
        return f"{self.command} {self.call} {self.nth}"


class Bench:
    """One command: its office before, what it looks like before and after, and every point to kill it at."""

    def __init__(self, desk: Desk, name: str, folder: Path, pristine: Path) -> None:
        """``pristine``: the office as :func:`kill.offices.prepared` made it; ``folder``: where copies of it are killed."""
        self.desk, self.name, self.office = desk, name, ALL[name]
        self.place, self._pristine = folder / "place", pristine
        self.before = self._look(pristine)
        with self._copy() as place:
            self.calls, pid = desk.trace(self.office.command(place))
            self.after = self._look(place)
        self.points = [Point(name, one.name, one.nth) for one in self.calls if one.pid == pid]
        self.by_others = [one for one in self.calls if one.pid != pid and any(_in(path, place) for path in one.paths)]

    def kill(self, point: Point) -> list[str]:
        """Kill the command there; every violation of the six points found, then and after it was run again."""
        with self._copy() as place:
            words = self.office.command(place)
            if not self.desk.kill(words, point.call, point.nth):
                return [f"{point}: not reached"]
            now = self._look(place)
            faults = judge(now, self.before, self.after)
            done = now.rows == self.after.rows and now.files == self.after.files
            code = self.desk.run(words)
            if code not in (self.office.codes if not done else (*self.office.codes, *self.office.again)):
                faults.append(f"5: the next run ended with {code}: {self.desk.told()[-300:]}")
            faults += judge_again(self._look(place), self.after)
        return [f"{point}: {fault}" for fault in faults]

    def _look(self, place: Path) -> Seen:
        return look(place, self.office.unit)

    @contextlib.contextmanager
    def _copy(self) -> Iterator[Path]:
        """A fresh copy; always under the same name, for paths are part of what is seen."""
        shutil.copytree(self._pristine, self.place)
        try:
            yield self.place
        finally:
            shutil.rmtree(self.place)


def _in(path: str, place: Path) -> bool:
    return path.startswith(f"{place}/")


def spread(points: Sequence[Point], count: int) -> list[Point]:
    """``count`` of them: the first of each kind of call, and others evenly over the rest."""
    first = list({point.call: point for point in reversed(points)}.values())[:count]
    rest = sorted((point for point in points if point not in first), key=lambda point: (point.call, point.nth))
    wanted = min(count - len(first), len(rest))
    return first + [rest[at * len(rest) // wanted] for at in range(wanted)]
