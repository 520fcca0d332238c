"""Parcels handed out to the workers that may do them; each comes back once, or is left to this machine."""

import contextlib
import itertools
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from yiyu.docgen.cluster.address import Certificates, ClusterAddress
from yiyu.docgen.cluster.identity import Duty, difference, own_identity
from yiyu.docgen.cluster.parcels import Identity, ParcelFault, unseal
from yiyu.docgen.cluster.scheduler import Scheduler, Seat, Task, connected
from yiyu.docgen.cluster.worker import do_parcel, introduce
from yiyu.registry.errors import ProgramFault

Tell = Callable[[str], None]
"""Takes a sentence for the person who waits."""

_PATIENCE = 300.0
"""Seconds without any parcel done after which the rest is done here."""
_LOOK_ROUND = 1.0
"""Seconds between two looks at who is there."""
_AHEAD = 2
"""Parcels for each hand of a worker: one in work and one waiting."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came back for parcel number ``at``; None where nothing did. ``worker``: the name of who had it, if known."""

    at: int
    answer: object
    worker: str = ""


@dataclass(frozen=True, slots=True)
class _Sent:
    at: int
    parcel: bytes
    workers: frozenset[str]
    """Addresses of those who may do it."""


@contextlib.contextmanager
def connect(address: ClusterAddress, certificates: Certificates | None, duty: Duty, tell: Tell) -> Iterator["Cluster"]:
    """Connect and look at every worker, before any work; who cannot do it is named to ``tell``.

    Raises ProgramFault where Dask is not installed, the scheduler not reached or no worker left, FileFault for
    certificates that cannot be read.
    """
    with connected(address, certificates) as scheduler:
        yield Cluster(scheduler, address, duty, tell)


class Cluster:
    """The workers of a scheduler that give what this machine would give."""

    def __init__(self, scheduler: Scheduler, address: ClusterAddress, duty: Duty, tell: Tell) -> None:
        self.tell = tell
        self._scheduler, self._address, self._duty = scheduler, address, duty
        self._met: dict[str, Seat] = {}
        self._admitted: set[str] = set()
        self._looked = 0.0
        self._meet()
        if not self._admitted:
            raise ProgramFault(
                f"集群“{address}”里没有一台能用的工作机", remedy="请先启动同一版 yiyu 的工作机，或不用 --cluster"
            )

    @property
    def hands(self) -> int:
        """How many parcels are in work at once."""
        return sum(self._met[one].threads for one in self._admitted)

    def deliveries(self, parcels: Iterable[bytes]) -> Iterator[Delivery]:
        """What comes back for each parcel, once each, in the order it comes.

        A parcel whose worker is lost goes to another. Where no worker is left, or none has done anything for five
        minutes, nothing comes back for the rest.
        """
        source = enumerate(parcels)
        waiting: dict[Task, _Sent] = {}
        heard = time.monotonic()
        while self._admitted:
            for at, parcel in itertools.islice(source, max(0, _AHEAD * self.hands - len(waiting))):
                waiting |= self._sent(at, parcel)
            if not waiting:
                return
            done = self._scheduler.finished(waiting, _LOOK_ROUND)
            heard = time.monotonic() if done else heard
            for task in done:
                answer, where = self._scheduler.result(task)
                yield Delivery(waiting.pop(task).at, answer, self._met[where].name if where in self._met else "")
            if time.monotonic() - heard > _PATIENCE:
                self._admitted.clear()
            elif time.monotonic() - self._looked > _LOOK_ROUND:
                waiting = self._look_round(waiting)
        left = [*(one.at for one in waiting.values()), *(at for at, _ in source)]
        if left:
            self.tell(f"集群“{self._address}”不再有工作机应答，余下的在本机做")
            self._scheduler.drop(waiting)
        yield from (Delivery(at, None) for at in left)

    def _sent(self, at: int, parcel: bytes) -> dict[Task, _Sent]:
        workers = frozenset(self._admitted)
        return {self._scheduler.submit(do_parcel, parcel, workers): _Sent(at, parcel, workers)}

    def _look_round(self, waiting: dict[Task, _Sent]) -> dict[Task, _Sent]:
        """The same tasks; asked for anew where all who might have done one are gone and others have come."""
        if not self._scheduler.alive:
            self._admitted.clear()
            return waiting
        self._meet()
        if not self._admitted:
            return waiting
        lost = {task: one for task, one in waiting.items() if not one.workers & self._admitted}
        self._scheduler.drop(lost)
        kept = {task: one for task, one in waiting.items() if task not in lost}
        return kept | {task: one for old in lost.values() for task, one in self._sent(old.at, old.parcel).items()}

    def _meet(self) -> None:
        """Look who is there: who has gone is named, who has come is asked what it would work with."""
        self._looked = time.monotonic()
        seats = self._scheduler.seats()
        if seats is None:
            return
        there = {seat.address: seat for seat in seats}
        for gone in self._admitted - there.keys():
            self._admitted.discard(gone)
            self.tell(f"工作机“{self._met[gone].name}”中途断开了，它手上的重做")
        come = {at: seat for at, seat in there.items() if at not in self._met}
        self._met |= come
        near = [at for at in come if self._address.admits(at)]
        told = self._scheduler.asked(introduce, near)
        for at, seat in come.items():
            why = self._why_not(told.get(at)) if at in near else "它不在本机，路上没有加密"
            if why:
                self.tell(f"没有用工作机“{seat.name}”：{why}")
            else:
                self._admitted.add(at)

    def _why_not(self, told: object) -> str:
        if told is None:
            return "它没有装能用的 yiyu，或没有应答"
        try:
            return difference(own_identity(), unseal(told, Identity), self._duty)
        except ParcelFault as fault:
            return f"它自报的{fault}"
