"""Offices asked on a cluster: their read models are sent, and what comes back is held to what an answer of ours can be."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from yiyu.docgen.cluster.dispatch import Cluster
from yiyu.docgen.cluster.identity import own_identity
from yiyu.docgen.cluster.parcels import Counted, Counting, OfficeFiles, ParcelFault, answer_to, seal
from yiyu.docgen.reports.questions import packed, unpacked
from yiyu.registry.files import read_bytes
from yiyu.registry.offices.below import HeldOffices, PartOffice
from yiyu.registry.session import OfficeSession, PartOfRegion, Question

Answer = TypeVar("Answer")

_MOST_OFFICES, _MOST_BYTES = 25, 24 * 1024 * 1024
"""In a parcel: it takes half a second to begin one, and what a lost worker had is done again."""
_ROUNDS = 2
"""Parcels each hand gets at least, where there are enough offices."""


class ClusterOffices(HeldOffices):
    """The offices below, each asked by a worker; the first answer of each worker is counted here as well."""

    def __init__(self, cluster: Cluster, held: HeldOffices) -> None:
        super().__init__(held.parts)
        self.cluster = cluster
        self.trusted: set[str] = set()

    def answers(self, office: OfficeSession, question: Question[Answer]) -> Iterator[tuple[PartOfRegion, Answer]]:
        """As of any other, in the same order; what a worker could not answer, or answered badly, is asked here."""
        parts = self.asked(office)
        run = _Run(self, office, question)
        size = max(1, min(_MOST_OFFICES, -(-len(parts) // (_ROUNDS * max(1, self.cluster.hands)))))
        ready: dict[int, list[Answer | None]] = {}
        turn = itertools.count()
        awaited = next(turn)
        for delivery in self.cluster.deliveries(run.parcels(parts, size)):
            ready[delivery.at] = run.taken(delivery.at, delivery.answer, delivery.worker)
            while awaited in ready:
                batch = run.parts.pop(awaited)
                for part, found in zip(batch, ready.pop(awaited), strict=True):
                    yield part.part, self.answer(office, part, question) if found is None else found
                awaited = next(turn)


class _Run(Generic[Answer]):
    def __init__(self, held: ClusterOffices, office: OfficeSession, question: Question[Answer]) -> None:
        self.parts: dict[int, Sequence[PartOffice]] = {}
        self._held, self._office, self._question = held, office, question
        self._sent: dict[int, bytes] = {}

    def parcels(self, parts: Sequence[PartOffice], size: int) -> Iterator[bytes]:
        """The parcels, each made when there is a hand for it."""
        at, batch, files, held = 0, list[PartOffice](), list[OfficeFiles](), 0
        for part in parts:
            found = _files(part.folder)
            weight = sum(map(len, found.values()))
            if batch and (len(batch) >= size or held + weight > _MOST_BYTES):
                yield self._parcel(at, batch, files)
                at, batch, files, held = at + 1, [], [], 0
            batch.append(part)
            files.append(OfficeFiles(found))
            held += weight
        if batch:
            yield self._parcel(at, batch, files)

    def _parcel(self, at: int, batch: Sequence[PartOffice], files: Sequence[OfficeFiles]) -> bytes:
        office, scope = self._office, self._office.scope
        question, options = self._question.name, dict(self._question.options)
        day = office.today, office.known_on
        place = scope.district, scope.town, scope.provider
        parcel = seal(Counting(own_identity(), question, options, *day, *place, tuple(files)))
        self.parts[at], self._sent[at] = batch, parcel
        return parcel

    def taken(self, at: int, answer: object, worker: str) -> list[Answer | None]:
        """The answers of a parcel, None for what is to be asked here. It is told where what came back is no good."""
        parcel, batch = self._sent.pop(at), self.parts[at]
        if answer is None:
            return [None] * len(batch)
        try:
            found = answer_to(parcel, answer, Counted).answers
            if len(found) != len(batch):
                raise ParcelFault("个数不对")
            self._prove(batch[0], found[0], worker)
            return [unpacked(self._question.name, one) if one else None for one in found]
        except (ParcelFault, msgspec.MsgspecError) as fault:
            why = fault if isinstance(fault, ParcelFault) else "内容不合约定"
            self._held.cluster.tell(f"工作机“{worker}”算出的数没有用：{why}，改在本机算")
            return [None] * len(batch)

    def _prove(self, part: PartOffice, answer: bytes, worker: str) -> None:
        """Count one office here, too, once for each worker. Raises ParcelFault where the two differ."""
        if worker in self._held.trusted or not answer:
            return
        if packed(self._held.answer(self._office, part, self._question)) != answer:
            raise ParcelFault("和本机算的不同")
        self._held.trusted.add(worker)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): read_bytes(path) for path in sorted(folder.rglob("*")) if path.is_file()
    }
