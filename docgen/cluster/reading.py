"""Scans read on a cluster: opened here first, and what comes back is held to what a reading of ours can be."""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from yiyu.docgen.cluster.dispatch import Cluster
from yiyu.docgen.cluster.identity import own_identity
from yiyu.docgen.cluster.parcels import ParcelFault, Recognised, Recognition, Scan, answer_to, seal
from yiyu.docgen.page_code import decode
from yiyu.docgen.scans.page import OTHER_HALF, Half, PageReading
from yiyu.docgen.scans.reading import ReadFiles, Reading, count_pages, read_files
from yiyu.registry.errors import FileFault
from yiyu.registry.files import read_bytes

_MOST_FILES, _MOST_BYTES = 16, 8 * 1024 * 1024
"""In a parcel: it takes half a second to begin one, and what a lost worker had is done again."""
_ROUNDS = 2
"""Parcels each hand gets at least, where there are enough files."""
_LARGEST = 64 * 1024 * 1024
"""Bytes of a file that is sent; a larger one is read here."""
_MOST_CODES, _MOST_FOREIGN, _MOST_SEALS = 40, 1000, 200
"""More are on no page: one has four codes of ours, a wall of advertisements a dozen others."""


def reading_on(cluster: Cluster) -> ReadFiles:
    """:func:`yiyu.docgen.scans.reading.read_files`, done by a cluster; the results in the order given."""

    def read(paths: Iterable[Path]) -> Iterator[tuple[Path, Reading]]:
        listed = list(paths)
        size = max(1, min(_MOST_FILES, -(-len(listed) // (_ROUNDS * max(1, cluster.hands)))))
        run = _Run(cluster, size)
        ready: dict[int, list[tuple[Path, Reading]]] = {}
        turn = itertools.count()
        awaited = next(turn)
        for delivery in cluster.deliveries(run.parcels(listed)):
            ready[delivery.at] = run.taken(delivery.at, delivery.answer, delivery.worker)
            while awaited in ready:
                yield from ready.pop(awaited)
                awaited = next(turn)
        yield from run.left

    return read


class _Run:
    def __init__(self, cluster: Cluster, size: int) -> None:
        self.left: list[tuple[Path, Reading]] = []
        """What came after the last parcel."""
        self._cluster, self._size = cluster, size
        self._sent: dict[int, tuple[bytes, list[tuple[Path, int]]]] = {}
        self._known: dict[int, list[tuple[Path, Reading | None]]] = {}

    def parcels(self, paths: Iterable[Path]) -> Iterator[bytes]:
        """The parcels, each made when there is a hand for it. A file that cannot be opened, or is too large, stays here."""
        inside: list[tuple[Path, int, bytes]] = []
        known: list[tuple[Path, Reading | None]] = []
        at = 0
        for path, pages in count_pages(paths):
            data = b"" if isinstance(pages, FileFault) or path.stat().st_size > _LARGEST else read_bytes(path)
            full = len(inside) >= self._size or sum(len(one) for _, _, one in inside) + len(data) > _MOST_BYTES
            if inside and data and full:
                yield self._parcel(at, inside, known)
                inside, known, at = [], [], at + 1
            if isinstance(pages, FileFault):
                known.append((path, pages))
            elif data:
                inside.append((path, pages, data))
                known.append((path, None))
            else:
                known += read_files([path], at_once=1)
        if inside:
            yield self._parcel(at, inside, known)
        else:
            self.left = [(path, reading) for path, reading in known if reading is not None]

    def _parcel(
        self, at: int, inside: Sequence[tuple[Path, int, bytes]], known: list[tuple[Path, Reading | None]]
    ) -> bytes:
        scans = tuple(Scan(_suffix(path), data) for path, _, data in inside)
        parcel = seal(Recognition(own_identity(), scans))
        self._sent[at] = parcel, [(path, pages) for path, pages, _ in inside]
        self._known[at] = known
        return parcel

    def taken(self, at: int, answer: object, worker: str) -> list[tuple[Path, Reading]]:
        """The readings of all files of a parcel, those read here where the answer is no good. It is told where it is not."""
        parcel, sent = self._sent.pop(at)
        found: dict[Path, Reading] = {}
        try:
            if answer is not None:
                scans = answer_to(parcel, answer, Recognised).scans
                if len(scans) != len(sent):
                    raise ParcelFault("份数不对")
                for (path, pages), readings in zip(sent, scans, strict=True):
                    if readings:  # else this machine says what is wrong with it
                        require_sound(readings, pages)
                        found[path] = list(readings)
        except ParcelFault as fault:
            self._cluster.tell(f"工作机“{worker}”读出的页没有用：{fault}，改在本机读")
            found.clear()
        here = dict(read_files(path for path, _ in sent if path not in found)) if len(found) < len(sent) else {}
        return [(path, reading or found.get(path) or here[path]) for path, reading in self._known.pop(at)]


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    return suffix if suffix[1:].isascii() and suffix[1:].isalpha() and len(suffix) in (4, 5) else ""


def require_sound(readings: Sequence[PageReading], pages: int) -> None:
    """Raise ParcelFault for readings of a file of so many pages that no reading of ours could be."""
    by_page = {page: list(those) for page, those in itertools.groupby(readings, key=lambda one: one.page)}
    if list(by_page) != list(range(1, pages + 1)):
        raise ParcelFault(f"不是 {pages} 页")
    for those in by_page.values():
        halves = [one.half for one in those]
        if halves != [Half.WHOLE] and (len(halves) != 2 or Half.WHOLE in halves or OTHER_HALF[halves[0]] != halves[1]):
            raise ParcelFault("半页不成对")
    for one in readings:
        _require_sound_page(one)


def _require_sound_page(one: PageReading) -> None:
    if one.turn not in (None, 0, 90, 180, 270) or one.unread:
        raise ParcelFault("有一页没有读成")
    counts = (len(one.codes) <= _MOST_CODES, 0 <= one.foreign <= _MOST_FOREIGN, len(one.ink.seals) <= _MOST_SEALS)
    shares = itertools.chain.from_iterable(one.ink.seals)
    if not all(counts) or not all(math.isfinite(share) and 0 <= share <= 1 for share in shares):
        raise ParcelFault("数目超出一页能有的")
    if len(set(one.codes)) != len(one.codes):
        raise ParcelFault("同一个码写了两遍")
    for text in one.codes:
        try:
            decode(text)
        except ValueError as error:
            raise ParcelFault("页面码不对") from error
