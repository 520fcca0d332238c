"""Word files to PDF on a cluster: what comes back is looked at as a stranger's, and what is no good is made here."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from yiyu.docgen.cluster.dispatch import Cluster
from yiyu.docgen.cluster.identity import own_identity
from yiyu.docgen.cluster.parcels import Conversion, Converted, ParcelFault, answer_to, seal
from yiyu.docgen.pdf.convert import Converter, convert, sound_docx
from yiyu.docgen.pdf.plain_pdf import require_plain
from yiyu.registry.errors import FileFault, UserError
from yiyu.registry.files import write_atomic

_MOST = 20
"""Documents in a parcel: LibreOffice takes a second to start, and what a lost worker had is done again."""
_ROUNDS = 2
"""Parcels each hand gets at least, where there are enough documents: the last to finish keeps the others waiting less."""


def converting_on(cluster: Cluster) -> Converter:
    """:func:`yiyu.docgen.pdf.convert.convert`, done by a cluster. Only the bytes of the documents are sent."""

    def converted(
        sources: Sequence[Path], folder: Path, *, prepare: Callable[[bytes], bytes] = bytes
    ) -> dict[Path, Path | UserError]:
        wanted = list(dict.fromkeys(sources))
        run = _Run(cluster, folder, prepare)
        size = max(1, min(_MOST, -(-len(wanted) // (_ROUNDS * max(1, cluster.hands)))))
        batches = [wanted[at : at + size] for at in range(0, len(wanted), size)]
        for delivery in cluster.deliveries(run.parcels(batches)):
            run.take(delivery.at, delivery.answer, delivery.worker)
        here = [one for one in wanted if one not in run.made]
        rest = convert(here, folder, prepare=prepare) if here else {}
        return {one: run.made.get(one) or rest[one] for one in wanted}

    return converted


class _Run:
    def __init__(self, cluster: Cluster, folder: Path, prepare: Callable[[bytes], bytes]) -> None:
        self.made: dict[Path, Path] = {}
        self._cluster, self._folder, self._prepare = cluster, folder, prepare
        self._sent: dict[int, tuple[bytes, list[Path]]] = {}

    def parcels(self, batches: Sequence[Sequence[Path]]) -> Iterator[bytes]:
        """The parcels, each made when there is a hand for it; a file that is not sound is left for who says so."""
        for at, batch in enumerate(batches):
            inside: dict[Path, bytes] = {}
            for source in batch:
                try:
                    inside[source] = self._prepare(sound_docx(source))
                except UserError:
                    continue
            parcel = seal(Conversion(own_identity(), tuple(inside.values())))
            self._sent[at] = parcel, list(inside)
            yield parcel

    def take(self, at: int, answer: object, worker: str) -> None:
        """Keep what is good of an answer. It is told where any of it is not."""
        parcel, sources = self._sent.pop(at)
        try:
            if answer is None:
                raise ParcelFault("没有送回结果")
            found = answer_to(parcel, answer, Converted).documents
            if len(found) != len(sources):
                raise ParcelFault("份数不对")
            for source, data in zip(sources, found, strict=True):
                if data:  # else this machine says what is wrong with it
                    self.made[source] = self._kept(source, data)
        except ParcelFault as fault:
            if answer is not None:
                self._cluster.tell(f"工作机“{worker}”送回的 PDF 没有用：{fault}，改在本机做")

    def _kept(self, source: Path, data: bytes) -> Path:
        """Under a name that no other has, so that a converter on this machine meets none."""
        name = hashlib.sha256(str(source).encode("utf-8", "surrogateescape")).hexdigest()
        path = self._folder / "cluster" / f"{name}.pdf"
        write_atomic(path, data)
        try:
            require_plain(path)
        except FileFault as fault:
            path.unlink()
            raise ParcelFault(fault.what) from fault
        return path
