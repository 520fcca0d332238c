"""What an office took over of what the one above handed down, as its chain tells it, and what may be taken over next."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from yiyu.registry.errors import BadInput, StepNotAllowed
from yiyu.registry.lifecycle import DRAFTS_ADOPTED
from yiyu.registry.offices.container import Package, read_package, verified
from yiyu.registry.offices.drafts import CALLED, DraftPart, part_named, refuse_other_kind
from yiyu.registry.offices.keys import fingerprint
from yiyu.registry.session import OfficeSession
from yiyu.registry.store.events import events_of_kind


class AdoptedPackage(msgspec.Struct, frozen=True):
    """The data of an event. ``package``: its SHA-256. ``made_at``: ISO with offset. ``former``: folder of what was replaced.

    ``files``: the part's name to the SHA-256 of what was taken over. ``results``: path below ``templates/`` to the SHA-256
    of the file that came of it, where all of that was handed down.
    """

    package: str
    name: str
    made_at: str
    files: dict[str, str]
    results: dict[str, str]
    former: str = ""
    reason: str = ""
    on: str = ""

    @property
    def parts(self) -> dict[DraftPart, str]:
        return {part_named(name): sha256 for name, sha256 in self.files.items()}


def adopted_packages(office: OfficeSession) -> list[AdoptedPackage]:
    """In the order they were taken over."""
    events = events_of_kind(office.db, DRAFTS_ADOPTED)
    return [msgspec.convert({**one.data, "on": str(one.on)}, AdoptedPackage) for one in events]


def package_from_above(office: OfficeSession, path: Path) -> Package:
    """Open and verify what the office above handed down. Raises BadInput where it is not known, or not its key; FileFault."""
    package = read_package(path, called=CALLED)
    refuse_other_kind(package)  # of the wrong file nobody should conclude that a key changed
    signer, above = package.manifest.office, office.workspace.config.above
    if above is not None and above.key:
        return verified(package, above.key)
    verified(package, signer.key)  # a fingerprint is only asked for of what is whole
    if signer.region == office.workspace.config.region:
        raise BadInput("这是本级自己下发的包", where=package.place, remedy="采用的是上级下发的包，请检查文件是否选对")
    lines = f'[above]、name = "{signer.name}"、key = "{signer.key}" 三行'
    raise BadInput(
        f"还没有登记上级的公钥；包来自 {signer.region} {signer.name}，公钥的指纹 {fingerprint(signer.key)}",
        where=package.place,
        remedy=f"请先打电话与上级核对指纹，再在 yiyu.toml 写上 {lines}",
    )


def refuse_older(package: Package, parts: Iterable[DraftPart], adopted: Sequence[AdoptedPackage]) -> None:
    """Raise StepNotAllowed for a package made before one of which something of the same was taken over."""
    made = _moment(package.manifest.made_at)
    for part in parts:
        for one in adopted:
            if made < _moment(one.made_at) and any(part.meets(other) for other in one.parts):
                what = f"这份下发包比采用过的旧：“{part.name}”采用过 {_day(one.made_at)} 下发的，这份是 {_day(package.manifest.made_at)} 下发的"
                remedy = "采用过的没有动；确实要改回去，请上级重新下发"
                raise StepNotAllowed(what, where=package.place, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in ``templates/``: SHA-256 of a part there, None where it is not; and what was taken over before."""

    sha256: Callable[[DraftPart], str | None]
    adopted: Sequence[AdoptedPackage]

    def own(self, part: DraftPart) -> bool:
        """Whether what stands there is the office's own work, or was changed here since it was taken over."""
        here = self.sha256(part)
        return here is not None and not self._whole(part.path) and here != _last(part.name, self._files)

    def results(self, written: Mapping[str, str], parts: Iterable[DraftPart]) -> dict[str, str]:
        """Of the files ``written`` (path to SHA-256) those that hold nothing but what was handed down."""
        whole = {part.path for part in parts if not part.clause}
        return {
            path: sha256
            for path, sha256 in written.items()
            if path in whole or self._whole(path) or self.sha256(DraftPart(path)) is None
        }

    def _whole(self, path: str) -> bool:
        here = self.sha256(DraftPart(path))
        return here is not None and here == _last(path, self._results)

    @property
    def _files(self) -> list[dict[str, str]]:
        return [one.files for one in self.adopted]

    @property
    def _results(self) -> list[dict[str, str]]:
        return [one.results for one in self.adopted]


def _last(name: str, told: Sequence[Mapping[str, str]]) -> str | None:
    return next((one[name] for one in reversed(told) if name in one), None)


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _day(moment: str) -> str:
    return moment[:16].replace("T", " ")
